//! The list of members and open invitations.

use std::collections::HashMap;

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{
    Invite, ReadDepartments, RemoveMembers, TransferBilling, UpdateMembers, UpdateTeams,
};
use hallpass_app::member::list::{LONG_UNSEEN, MemberFilter, MemberOrder};
use hallpass_app::naming::RoleRef;
use hallpass_domain::id::{DepartmentId, InvitationId, MemberId};
use hallpass_domain::member::Status;
use hallpass_engine::Holders;
use hallpass_web::error::Problem;

use super::filter::{Position, StatusFilter, TeamFilter, department_filter};
use super::over::Over;
use super::row::{Choice, Row, Rows};
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::person_picture;
use crate::picker::Picker;
use crate::refusal;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The rows of a page.
const PAGE: usize = 50;

/// The team page.
#[derive(Template)]
#[template(path = "team/page.html")]
pub(crate) struct TeamPage {
    pub(crate) frame: Frame,
    pub(crate) title: String,
    pub(crate) intro: String,
    pub(crate) path: String,
    pub(crate) advice: Vec<Advice>,
    pub(crate) filter: TeamFilter,
    pub(crate) chips: Vec<Chip>,
    pub(crate) roles: Vec<Choice>,
    pub(crate) departments: Picker,
    pub(crate) sort: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) range: String,
    pub(crate) first: Option<String>,
    pub(crate) next: Option<String>,
    pub(crate) has_departments: bool,
    pub(crate) may: May,
    /// Why the last change was refused.
    pub(crate) problem: Option<String>,
    /// What is over the list.
    pub(crate) over: Over,
}

/// What the viewer may do, beside what the rows offer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct May {
    pub(crate) invite: bool,
    pub(crate) reassign: bool,
    pub(crate) transfer_billing: bool,
    /// Whether any row can be chosen for a change of many.
    pub(crate) choose: bool,
    /// Whether a change of many can be the department.
    pub(crate) set_department: bool,
    /// Whether a change of many can be the team.
    pub(crate) set_team: bool,
}

/// A filter of the list, as a chip.
#[derive(Clone, Debug)]
pub(crate) struct Chip {
    pub(crate) label: String,
    pub(crate) count: String,
    pub(crate) href: String,
    pub(crate) is_on: bool,
}

/// Something that the page advises.
#[derive(Clone, Debug)]
pub(crate) struct Advice {
    pub(crate) fact: String,
    pub(crate) advice: String,
    /// Where the viewer acts on it, if they may, and the label of the link.
    pub(crate) act: Option<(String, String)>,
}

/// The numbers of the chips.
struct Counts {
    active: i64,
    inactive: i64,
    open: i64,
    alias: i64,
    unseen: i64,
}

impl TeamPage {
    /// Loads the page. `query` has the search text and the filters.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        query: &Form,
    ) -> Result<TeamPage, Failure> {
        let filter = TeamFilter::of(query);
        let every = ctx.roles().list().await?;
        let top = ctx.model().blueprint().top_role().map(|role| role.key.clone());
        let gives_top = every.iter().any(|one| one.may_give && Some(&one.id) == top.as_ref());
        let choice = |value: String, name: String, chosen: &str| {
            let is_chosen = value == chosen;
            Choice { value, name, is_chosen }
        };
        let roles: Vec<Choice> = every
            .iter()
            .map(|role| choice(role.id.clone(), role.name.clone(), &filter.role))
            .collect();
        let given: Vec<(String, String)> = every
            .into_iter()
            .filter(|role| role.may_give)
            .map(|role| (role.id, role.name))
            .collect();
        let names = department_names(ctx).await?;
        let departments = department_filter(&frame, &names, (&filter.department, query));
        let counts = counts(ctx, &filter).await?;
        let (rows, next) = rows(ctx, &frame, &filter, (&given, &names)).await?;
        let path = format!("{}/settings/team", frame.base);
        let total = counts.of(filter.status);
        let before = filter.at.as_ref().map_or(0, |at| at.before);
        let shown = i64::try_from(rows.len()).unwrap_or_default();
        let range = text!(
            frame.text,
            "team-range",
            from = frame.number(before + 1),
            to = frame.number(before + shown),
            total = frame.number(total)
        );
        let may = May {
            invite: ctx.opens(&Invite),
            reassign: ctx.members().may_reassign(),
            transfer_billing: ctx.model().blueprint().billing_contact.is_some()
                && ctx.opens(&TransferBilling),
            choose: rows.iter().any(|row| row.can_choose),
            set_department: !names.is_empty(),
            set_team: ctx.model().blueprint().teams.is_some() && ctx.opens(&UpdateTeams),
        };
        let advice = advice_on_top_role(ctx, &frame, gives_top).await?.into_iter();
        let advice = advice.chain(advice_on_unseen(ctx, &frame, &counts, &filter)).collect();
        Ok(TeamPage {
            title: frame.word("team_page"),
            intro: text!(
                frame.text,
                "team-intro",
                team = ctx.snapshot().workspace.name.to_string(),
                members = counts.active + counts.inactive,
                open = counts.open
            ),
            advice,
            chips: chips(&frame, &filter, &counts, &path),
            sort: filter.in_other_order().href(&path),
            next: next.map(|at| filter.from(Some(at)).href(&path)),
            first: filter.at.is_some().then(|| filter.from(None).href(&path)),
            has_departments: ctx.model().blueprint().departments.is_some(),
            problem: None,
            over: Over::Nothing,
            path,
            filter,
            roles,
            departments,
            rows,
            range,
            may,
            frame,
        })
    }

    /// Loads the page behind a dialog or drawer.
    pub(crate) async fn behind(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        over: Over,
    ) -> Result<TeamPage, Failure> {
        let page = TeamPage::load(ctx, frame.covered(), &Form::default()).await?;
        Ok(TeamPage { over, ..page })
    }
}

impl Counts {
    fn of(&self, status: StatusFilter) -> i64 {
        match status {
            StatusFilter::Everyone => self.active + self.inactive + self.open,
            StatusFilter::Active => self.active,
            StatusFilter::Pending => self.open,
            StatusFilter::Inactive => self.inactive,
            StatusFilter::Alias => self.alias,
            StatusFilter::Unseen => self.unseen,
        }
    }
}

async fn counts(ctx: &mut WorkspaceContext, filter: &TeamFilter) -> Result<Counts, Failure> {
    let mut counted = [0; 4];
    let each = [
        StatusFilter::Active,
        StatusFilter::Inactive,
        StatusFilter::Alias,
        StatusFilter::Unseen,
    ];
    for (count, status) in counted.iter_mut().zip(each) {
        if let Some(members) = filter.members_with(status) {
            *count = ctx.members().count(&members).await?;
        }
    }
    let open = ctx.invitations().list(&filter.invitations(), None, 0).await?.total;
    let [active, inactive, alias, unseen] = counted;
    Ok(Counts { active, inactive, open, alias, unseen })
}

fn chips(frame: &Frame, filter: &TeamFilter, counts: &Counts, path: &str) -> Vec<Chip> {
    let shown = StatusFilter::EVERY.into_iter().filter(|status| {
        *status == StatusFilter::Everyone || *status == filter.status || counts.of(*status) > 0
    });
    let chip = |status: StatusFilter| Chip {
        label: match status {
            StatusFilter::Everyone => frame.t("team-everyone"),
            StatusFilter::Alias => frame.t("team-alias"),
            StatusFilter::Unseen => frame.t("team-unseen"),
            StatusFilter::Active | StatusFilter::Pending | StatusFilter::Inactive => {
                frame.word(status.word())
            }
        },
        count: frame.number(counts.of(status)),
        href: filter.with_status(status).href(path),
        is_on: status == filter.status,
    };
    shown.map(chip).collect()
}

/// The rows of the page and where the next one begins: members first, then open invitations.
async fn rows(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    filter: &TeamFilter,
    (roles, departments): (&[(String, String)], &HashMap<DepartmentId, String>),
) -> Result<(Vec<Row>, Option<Position>), Failure> {
    let mut rows = Vec::new();
    let at = filter.at.as_ref();
    let before = at.map_or(0, |at| at.before);
    let position = |rows: &[Row], member, invitation| {
        let before = before + i64::try_from(rows.len()).unwrap_or_default();
        Some(Position { member, invitation, before })
    };
    let begins_with_members = at.is_none_or(|at| at.member.is_some());
    let members = filter.members_with(filter.status).filter(|_| begins_with_members);
    if let Some(members) = members {
        let after = at.and_then(|at| at.member.clone());
        let found = ctx.members().list(&members, filter.order(), after, PAGE).await?;
        rows = Rows { ctx, frame, roles, departments }.members(&found);
        person_picture::add(ctx, frame, rows.iter_mut().map(|row| &mut row.person)).await?;
        if let Some(next) = found.next {
            let next = position(&rows, Some(next), None);
            return Ok((rows, next));
        }
    }
    let left = PAGE.saturating_sub(rows.len());
    let has_invitations =
        matches!(filter.status, StatusFilter::Everyone | StatusFilter::Pending);
    if !has_invitations {
        return Ok((rows, None));
    }
    let below = at.and_then(|at| at.invitation.as_deref());
    let below: Option<InvitationId> = below.and_then(|id| id.parse().ok());
    let page = ctx.invitations().list(&filter.invitations(), below, left).await?;
    rows.extend(Rows { ctx, frame, roles, departments }.invitations(&page));
    if !page.has_more {
        return Ok((rows, None));
    }
    let last = page.invitations.last().map(|one| one.id.to_string());
    let next = position(&rows, None, last);
    Ok((rows, next))
}

/// The advice of the access model while the top role has only one active holder (HALO-015, HARMONY-68).
async fn advice_on_top_role(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    gives_top: bool,
) -> Result<Option<Advice>, Failure> {
    let advice = frame.word("top_role_advice");
    let Some(top) = ctx.model().blueprint().top_role().cloned() else { return Ok(None) };
    let holders = ctx.model().count_active_holders(&top.key);
    if advice.is_empty() || top.holders == Holders::One || holders != 1 {
        return Ok(None);
    }
    let filter = MemberFilter {
        role: Some(RoleRef::from(top.key.as_str())),
        status: Some(Status::Active),
        ..MemberFilter::default()
    };
    let found = ctx.members().list(&filter, MemberOrder::Name, None, 1).await?;
    let Some((holder, _)) = found.members.first() else { return Ok(None) };
    let role = ctx.snapshot().role_name(&top.key);
    let href = format!("{}/settings/team/choose-top-role", frame.base);
    let fact = text!(frame.text, "team-only-one", name = holder.name(), role = role);
    let act = gives_top.then(|| (href, frame.t("team-choose-one")));
    Ok(Some(Advice { fact, advice, act }))
}

/// The advice to take the access of those who may have left, to viewers who can (CRM-217).
fn advice_on_unseen(
    ctx: &WorkspaceContext,
    frame: &Frame,
    counts: &Counts,
    filter: &TeamFilter,
) -> Option<Advice> {
    let may_end = ctx.opens(&UpdateMembers) || ctx.opens(&RemoveMembers);
    if counts.unseen == 0 || !may_end || filter.is_narrow() {
        return None;
    }
    let (count, days) = (counts.unseen, LONG_UNSEEN);
    let fact = text!(frame.text, "team-unseen-fact", count = count, days = days);
    let href = filter.with_status(StatusFilter::Unseen);
    let href = href.href(&format!("{}/settings/team", frame.base));
    let advice = frame.t("team-unseen-advice");
    Some(Advice { fact, advice, act: Some((href, frame.t("team-unseen-show"))) })
}

/// The names of departments, as far as the viewer may read them.
pub(crate) async fn department_names(
    ctx: &mut WorkspaceContext,
) -> Result<HashMap<DepartmentId, String>, Failure> {
    if ctx.model().blueprint().departments.is_none() || !ctx.opens(&ReadDepartments) {
        return Ok(HashMap::new());
    }
    let found = ctx.departments().list().await?.into_iter();
    Ok(found.map(|one| (one.department.id, one.department.name.to_string())).collect())
}

/// The roles that the viewer may assign, by key or id, with their names.
pub(super) async fn given_roles(
    ctx: &mut WorkspaceContext,
) -> Result<Vec<(String, String)>, Failure> {
    let roles = ctx.roles().list().await?.into_iter().filter(|role| role.may_give);
    Ok(roles.map(|role| (role.id, role.name)).collect())
}

/// The member of a path.
pub(super) fn member_id(text: &str) -> Result<MemberId, Failure> {
    text.parse().map_err(|_| Failure::missing("member"))
}

/// Where a form came from, if that is the list, or else the list.
pub(super) fn back(submission: &Submission) -> String {
    let path = format!("{}/settings/team", submission.frame.base);
    let back = submission.form.text("back");
    let is_list = back.strip_prefix(&path).is_some_and(|rest| rest.starts_with('?'));
    if is_list { back.to_owned() } else { path }
}

/// Shows the list again with the reason why a change was refused.
pub(super) async fn refuse(mut submission: Submission, problem: impl Into<Problem>) -> Shown {
    let problem = problem.into();
    if !matches!(problem.status, 403 | 409 | 412 | 422 | 429) {
        return Err(problem.into());
    }
    let mut ctx = submission.read().await?;
    let page = TeamPage::load(&mut ctx, submission.frame.clone(), &Form::default()).await?;
    let why = Some(refusal::of_problem(page.frame.text, &problem));
    reply::refused(problem.status, &TeamPage { problem: why, ..page })
}

pub(crate) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, mut frame, query } = viewer;
    TeamFilter::check(&mut frame, &query);
    reply::page(&TeamPage::load(&mut ctx, frame, &query).await?)
}
