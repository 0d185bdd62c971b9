//! The mapping of a connection: which roles and teams the groups of its provider give.

use askama::Template;
use hallpass_app::connection::group::{RuleLapse, gives_roles};
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{ReadMembers, ReadRoles, ReadTeams, UpdateAuthentication};
use hallpass_app::group_mapping::{GroupMappingOverview, RuleNote};
use hallpass_domain::connection::group::{GroupRule, MOST_RULES};
use hallpass_domain::id::ConnectionId;
use hallpass_web::error::Problem;
use hallpass_web::extract::Path;

use super::form::parse;
use super::rule::{filled, made_from, read, stale, touches_rules};
use crate::effect::Effect;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::refusal::{self, of_permission};
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::text::Text;
use crate::viewer::{Authenticated, Viewer};

/// The empty rows that a form has for further rules.
const SPARE: usize = 2;

/// The page of a mapping.
#[derive(Template)]
#[template(path = "connection/groups.html")]
pub(crate) struct GroupsPage {
    frame: Frame,
    /// The name of the connection.
    name: String,
    path: String,
    back: String,
    may_update: bool,
    /// Why the reader may not change it.
    blocked: Option<String>,
    version: String,
    made_from: String,
    claim: String,
    rows: Vec<RuleRow>,
    /// Why roles cannot be chosen.
    reasons: Vec<String>,
    /// The groups that the last test has shown.
    tested: Vec<String>,
    changes: usize,
    effect: Option<Effect>,
    faults: Faults,
}

/// A rule, as the form shows it.
#[derive(Clone, Debug, Default)]
struct RuleRow {
    /// The number in the names of the fields.
    at: usize,
    /// The number that people count.
    number: usize,
    group: String,
    roles: Vec<Choice>,
    teams: Vec<Choice>,
    /// What the author is called, and why the rule gives nothing, in words.
    note: String,
    has_lapsed: bool,
    error: Option<String>,
}

/// A role or a team to choose.
#[derive(Clone, Debug, Default)]
struct Choice {
    value: String,
    name: String,
    is_chosen: bool,
    is_blocked: bool,
    /// Why it cannot be chosen.
    reason: Option<String>,
}

/// What the fields of the form can be.
struct Choices {
    roles: Vec<Choice>,
    teams: Vec<Choice>,
}

impl Choices {
    async fn load(ctx: &mut WorkspaceContext, text: Text) -> Result<Choices, Failure> {
        let roles = if ctx.opens(&ReadRoles) || ctx.opens(&ReadMembers) {
            ctx.roles().list().await?
        } else {
            Vec::new()
        };
        let roles = roles.into_iter().filter(|role| !role.is_top).map(|role| Choice {
            value: role.id,
            name: role.name,
            is_chosen: false,
            is_blocked: !role.may_give,
            reason: role.why_not.map(|refusal| refusal::of_refusal(text, &refusal)),
        });
        let teams = match ctx.model().blueprint().teams {
            Some(_) if ctx.opens(&ReadTeams) => ctx.teams().list().await?,
            _ => Vec::new(),
        };
        let teams = teams.into_iter().map(|details| Choice {
            value: details.team.id.to_string(),
            name: details.team.name.to_string(),
            ..Choice::default()
        });
        Ok(Choices { roles: roles.collect(), teams: teams.collect() })
    }

    /// The row of a rule.
    fn row(&self, at: usize, group: &str, role: Option<&str>, teams: &[String]) -> RuleRow {
        let choose = |choices: &[Choice], is_chosen: &dyn Fn(&str) -> bool| {
            let chosen = choices.iter().map(|one| {
                let is_chosen = is_chosen(&one.value);
                // What a rule gives already can stay.
                let is_blocked = one.is_blocked && !is_chosen;
                Choice { is_chosen, is_blocked, ..one.clone() }
            });
            chosen.collect::<Vec<_>>()
        };
        RuleRow {
            at,
            number: at + 1,
            group: group.to_owned(),
            roles: choose(&self.roles, &|value| role == Some(value)),
            teams: choose(&self.teams, &|value| teams.iter().any(|team| team == value)),
            ..RuleRow::default()
        }
    }
}

impl GroupsPage {
    /// The page as it is saved, or as a form was sent.
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        id: ConnectionId,
        sent: Option<&Form>,
    ) -> Result<GroupsPage, Failure> {
        let overview = ctx.group_mappings().load(id).await?;
        if !gives_roles(ctx) || !overview.connection.provider.sends_groups() {
            return Err(Failure::missing("mapping"));
        }
        let choices = Choices::load(ctx, frame.text).await?;
        let back = format!("{}/settings/authentication/{id}", frame.base);
        let made_from = made_from(&overview);
        // The rules are one list: who touched none of them leaves the list as it is.
        let mut rows = match sent.filter(|form| touches_rules(form)) {
            Some(form) => sent_rows(&choices, form),
            None => saved_rows(&frame, &choices, &overview),
        };
        let spare = sent.map_or(SPARE, |form| form.text("spare").parse().unwrap_or(SPARE));
        let most = MOST_RULES.saturating_sub(rows.len()).min(spare.clamp(SPARE, MOST_RULES));
        let first = rows.len();
        rows.extend((first..first + most).map(|at| choices.row(at, "", None, &[])));
        let connection = overview.connection;
        let tested = connection.test.iter().flat_map(|test| &test.claims);
        let claim = connection.groups.claim.clone();
        let tested = tested.filter(|(name, _)| *name == claim || name.ends_with("/groups"));
        let tested: Vec<String> = tested.flat_map(|(_, values)| values.clone()).collect();
        Ok(GroupsPage {
            path: format!("{back}/groups"),
            may_update: ctx.opens(&UpdateAuthentication),
            blocked: of_permission(ctx, frame.text, &UpdateAuthentication),
            version: connection.version.to_string(),
            made_from,
            claim: sent.map_or_else(|| claim.clone(), |form| form.text_or("claim", &claim)),
            tested,
            name: connection.name,
            changes: 0,
            effect: None,
            faults: Faults::default(),
            reasons: choices.roles.into_iter().filter_map(|role| role.reason).collect(),
            rows,
            back,
            frame,
        })
    }

    fn preview(&self) -> String {
        format!("{}/preview", self.path)
    }

    #[cfg(test)]
    pub(crate) fn sample() -> GroupsPage {
        let choice = |is_chosen, is_blocked| Choice {
            value: "manager".into(),
            name: "<script>".into(),
            is_chosen,
            is_blocked,
            reason: Some("<script>".to_owned()),
        };
        GroupsPage {
            frame: Frame::sample(),
            name: "<script>".into(),
            path: "/groups".into(),
            back: "/".into(),
            may_update: true,
            blocked: Some("<script>".to_owned()),
            version: "1".into(),
            made_from: String::new(),
            claim: "groups".into(),
            reasons: vec!["<script>".into()],
            rows: vec![RuleRow {
                at: 0,
                number: 1,
                group: "<script>".into(),
                roles: vec![choice(true, false), choice(false, true)],
                teams: vec![choice(true, false)],
                note: "<script>".into(),
                has_lapsed: true,
                error: Some("<script>".into()),
            }],
            tested: vec!["<script>".into()],
            changes: 1,
            effect: None,
            faults: Faults::default(),
        }
    }
}

/// The rows of the rules that are saved, with who wrote them.
fn saved_rows(
    frame: &Frame,
    choices: &Choices,
    overview: &GroupMappingOverview,
) -> Vec<RuleRow> {
    let rules = overview.connection.groups.rules.iter().zip(&overview.notes).enumerate();
    let row = |(at, (rule, note)): (usize, (&GroupRule, &RuleNote))| {
        let teams: Vec<String> = rule.teams.iter().map(ToString::to_string).collect();
        let author = note.author.clone().unwrap_or_else(|| frame.t("group-author-unknown"));
        let key = match note.lapse {
            None => "group-by",
            Some(RuleLapse::Author) => "group-lapsed-author",
            Some(RuleLapse::Contents) => "group-lapsed-contents",
        };
        RuleRow {
            note: frame.with(key, "name", &author),
            has_lapsed: note.lapse.is_some(),
            ..choices.row(at, &rule.group, rule.role.as_deref(), &teams)
        }
    };
    rules.map(row).collect()
}

/// The rows that a form has filled in.
fn sent_rows(choices: &Choices, form: &Form) -> Vec<RuleRow> {
    let form = &form.whole();
    let rows = filled(form).into_iter().enumerate();
    rows.map(|(at, sent)| {
        let teams: Vec<String> =
            form.every(&format!("team.{sent}")).map(str::to_owned).collect();
        let role = form.filled(&format!("role.{sent}"));
        choices.row(at, form.text(&format!("group.{sent}")), role, &teams)
    })
    .collect()
}

pub(super) async fn show(Path((_, id)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    reply::page(&GroupsPage::load(&mut ctx, frame, parse(&id)?, None).await?)
}

pub(super) async fn save(
    Authenticated(principal): Authenticated,
    Path((_, id)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&id)?;
    let mut ctx = submission.write().await?;
    let input = read(&mut ctx, id, &submission.form).await?;
    let saved = ctx.group_mappings().replace(&principal, id, &input).await;
    drop(ctx);
    match saved {
        Ok(_) => {
            let frame = &submission.frame;
            let path = format!("{}/settings/authentication/{id}/groups", frame.base);
            reply::done(&path, &frame.t("groups-saved"))
        }
        Err(error) => refused(&mut submission, id, &error.into()).await,
    }
}

pub(super) async fn preview(
    Authenticated(principal): Authenticated,
    Path((_, id)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&id)?;
    let mut rehearsal = submission.rehearse().await?;
    let input = read(&mut rehearsal.ctx, id, &submission.form).await?;
    let ran = rehearsal.ctx.group_mappings().replace(&principal, id, &input).await.map(drop);
    match Effect::of(&mut submission, ran, rehearsal).await {
        Ok(effect) => {
            let mut ctx = submission.read().await?;
            let (frame, form) = (submission.frame.clone(), &submission.form);
            let mut page = GroupsPage::load(&mut ctx, frame, id, Some(form)).await?;
            form.keep_base(&mut page.version, &mut page.made_from);
            reply::page(&GroupsPage { effect: Some(effect), ..page })
        }
        Err(problem) => {
            let mut page = again(&mut submission, id, &problem).await?;
            submission.form.keep_base(&mut page.version, &mut page.made_from);
            reply::refused(problem.status, &page)
        }
    }
}

/// Shows the form with more empty rows.
pub(super) async fn add_rows(
    Path((_, id)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&id)?;
    let form = submission.form.clone().put("spare", (SPARE + 8).to_string());
    let mut ctx = submission.read().await?;
    let frame = submission.frame.clone();
    let mut page = GroupsPage::load(&mut ctx, frame, id, Some(&form)).await?;
    form.keep_base(&mut page.version, &mut page.made_from);
    reply::page(&page)
}

/// Shows the form again, with what was typed.
async fn refused(submission: &mut Submission, id: ConnectionId, problem: &Problem) -> Shown {
    let page = again(submission, id, problem).await?;
    reply::refused(problem.status, &page)
}

/// The page with a form that was refused.
async fn again(
    submission: &mut Submission,
    id: ConnectionId,
    problem: &Problem,
) -> Result<GroupsPage, Failure> {
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame.clone(), &submission.form);
    let mut page = GroupsPage::load(&mut ctx, frame, id, Some(form)).await?;
    let fields: Vec<String> = (0..page.rows.len())
        .map(|at| format!("rules/{at}"))
        .chain(["claim".to_owned()])
        .collect();
    let known: Vec<&str> = fields.iter().map(String::as_str).collect();
    page.faults = Faults::of_form(&page.frame, problem, &known)?;
    if problem.status == 412 {
        page.faults = stale(&mut ctx, &page.frame, id, form).await?;
    } else {
        form.keep_base(&mut page.version, &mut page.made_from);
    }
    for row in &mut page.rows {
        row.error = page.faults.at(&format!("rules/{}", row.at));
    }
    Ok(page)
}
