//! The members of a team (HARI-104).

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::member::list::{MemberFilter, MemberOrder};
use hallpass_app::naming::TeamRef;
use hallpass_domain::id::{MemberId, TeamId};
use hallpass_domain::member::Member;
use hallpass_web::error::Problem;

use super::head::Head;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::{Frame, Person};
use crate::person_picture;
use crate::picker::{Blank, Noun, Picker, Place};
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The members of a page.
const PAGE: usize = 100;

/// The members of a team.
#[derive(Template)]
#[template(path = "teams/members.html")]
pub(crate) struct MembersPage {
    pub(crate) frame: Frame,
    pub(crate) head: Head,
    pub(crate) search: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) others: usize,
    /// The members who may be added.
    pub(crate) people: Picker,
    pub(crate) refused: Faults,
}

/// A member of the team.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) person: Person,
    pub(crate) role: String,
    /// The other teams of the member.
    pub(crate) also: String,
    pub(crate) open: i64,
}

impl MembersPage {
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        team: &str,
        form: &Form,
    ) -> Result<MembersPage, Failure> {
        let found = ctx.teams().load(TeamRef::from(team)).await?;
        let head = Head::of(ctx, &frame, "members", &found);
        let id = found.team.id;
        let filter = MemberFilter {
            text: form.filled("q").map(str::to_owned),
            team: Some(TeamRef::from(id)),
            ..MemberFilter::default()
        };
        let page = ctx.members().list(&filter, MemberOrder::Name, None, PAGE).await?;
        let row = |(member, open): &(Member, std::collections::BTreeMap<String, i64>)| Row {
            person: Person::new(&member.id, &member.name()),
            role: ctx.snapshot().role_name(&member.access.role),
            also: also(ctx, member, id),
            open: open.values().sum(),
        };
        let mut rows: Vec<Row> = page.members.iter().map(row).collect();
        person_picture::add(ctx, &frame, rows.iter_mut().map(|row| &mut row.person)).await?;
        let mut people = Picker::default();
        if head.may_edit {
            let is_outside = |id: &str| rows.iter().all(|row| row.person.id != id);
            let (input, label) = (("f-member", "member"), frame.t("teams-add"));
            let place = Place::one(Noun::Members, Blank::Member, input, label)
                .shown_again(format!("{}/members", head.path), "get");
            let chosen = (form.text("member"), is_outside);
            people = Picker::of_members(ctx, &frame, place, chosen, form).await?;
        }
        let total = usize::try_from(page.total).unwrap_or(0);
        Ok(MembersPage {
            search: form.text("q").to_owned(),
            others: total.saturating_sub(rows.len()),
            refused: Faults::default(),
            head,
            rows,
            people,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> MembersPage {
        let row = Row {
            person: Person::new(&1, "Ben <script>"),
            role: "Member <script>".to_owned(),
            also: "South <script>".to_owned(),
            open: 7,
        };
        MembersPage {
            frame: Frame::sample(),
            head: Head::sample("members"),
            search: "<script>".to_owned(),
            rows: vec![row],
            others: 3,
            people: Picker::sample(),
            refused: Faults::whole("<script>".to_owned()),
        }
    }
}

/// The names of the other teams of a member.
fn also(ctx: &WorkspaceContext, member: &Member, team: TeamId) -> String {
    let others = member.access.teams.iter().filter(|id| **id != team);
    let names = others.map(|id| ctx.snapshot().name(&id.to_string()));
    names.collect::<Vec<_>>().join(", ")
}

pub(crate) async fn show(Path((_, team)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    reply::page(&MembersPage::load(&mut ctx, frame, &team, &query).await?)
}

pub(crate) async fn add(
    Path((_, team)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let member = parse(submission.form.text("member"))?;
    let mut ctx = submission.write().await?;
    let name = ctx.members().load(member).await?.member.name();
    let added = ctx.teams().add_member(TeamRef::from(team.as_str()), member).await;
    drop(ctx);
    let message = text!(submission.frame.text, "teams-joined", name = name);
    answer(&mut submission, &team, added, &message).await
}

pub(crate) async fn remove(
    Path((_, team, member)): Path<(String, String, String)>,
    mut submission: Submission,
) -> Shown {
    let member = parse(&member)?;
    let mut ctx = submission.write().await?;
    let name = ctx.members().load(member).await?.member.name();
    let removed = ctx.teams().remove_member(TeamRef::from(team.as_str()), member).await;
    drop(ctx);
    let message = text!(submission.frame.text, "teams-left", name = name);
    answer(&mut submission, &team, removed, &message).await
}

fn parse(member: &str) -> Result<MemberId, Failure> {
    member.parse().map_err(|_| Failure::missing("member"))
}

/// Goes on to the list with a message, or shows why it stays as it is.
async fn answer(
    submission: &mut Submission,
    team: &str,
    result: Result<(), hallpass_app::Error>,
    message: &str,
) -> Shown {
    let Err(error) = result else {
        let path = format!("{}/settings/teams/{team}/members", submission.frame.base);
        return reply::done(&path, message);
    };
    let problem = Problem::from(error);
    let mut ctx = submission.read().await?;
    let frame = submission.frame.clone();
    let mut page = MembersPage::load(&mut ctx, frame, team, &Form::default()).await?;
    page.refused = Faults::of(page.frame.text, &problem, &[]);
    reply::refused(problem.status, &page)
}
