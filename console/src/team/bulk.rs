//! A change of many members at once: their role, department or teams, with a result for each.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::member::MemberChange;
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::{DepartmentRef, RoleRef, TeamRef};
use hallpass_domain::id::MemberId;
use hallpass_web::error::Problem;

use super::list::{TeamPage, department_names, given_roles, member_id};
use super::over::{Bulk, BulkLine, Over};
use super::row::Choice;
use crate::failure::{Failure, sentence};
use crate::form::Form;
use crate::frame::{Frame, Person};
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The members that are changed at once at most: those of a page.
const MOST: usize = 50;

/// What changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Role,
    Department,
    Team,
}

impl Part {
    fn of(form: &Form) -> Result<Part, Failure> {
        match form.text("part") {
            "role" => Ok(Part::Role),
            "department" => Ok(Part::Department),
            "team" => Ok(Part::Team),
            _ => Err(Failure::missing("page")),
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Part::Role => "role",
            Part::Department => "department",
            Part::Team => "team",
        }
    }
}

/// The members that a form names, each once.
fn chosen(form: &Form) -> Result<Vec<MemberId>, Failure> {
    let mut ids = Vec::new();
    for text in form.every("member").take(MOST) {
        let id = member_id(text)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The values that the part can get.
async fn values(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    part: Part,
    form: &Form,
) -> Result<Vec<Choice>, Failure> {
    let value = form.text("value");
    let choice = |(id, name): (String, String)| {
        let is_chosen = id == value;
        Choice { value: id, name, is_chosen }
    };
    let named: Vec<(String, String)> = match part {
        Part::Role => given_roles(ctx).await?,
        Part::Department => {
            let names = department_names(ctx).await?;
            let mut names: Vec<(String, String)> =
                names.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
            names.sort_by(|a, b| a.1.cmp(&b.1));
            names.push((String::new(), frame.t("access-no-department")));
            names
        }
        Part::Team => {
            let teams = ctx.teams().list().await?.into_iter();
            teams.map(|one| (one.team.id.to_string(), one.team.name.to_string())).collect()
        }
    };
    Ok(named.into_iter().map(choice).collect())
}

async fn dialog(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    form: &Form,
    results: &[(MemberId, Option<String>)],
) -> Result<Bulk, Failure> {
    let part = Part::of(form)?;
    let mut lines = Vec::new();
    for id in chosen(form)? {
        let member = ctx.members().load(id).await?.member;
        let problem = results.iter().find(|(known, _)| *known == id);
        lines.push(BulkLine {
            person: Person::new(&member.id, &member.name()),
            second: ctx.snapshot().role_name(&member.access.role),
            problem: problem.and_then(|(_, problem)| problem.clone()),
            is_done: problem.is_some_and(|(_, problem)| problem.is_none()),
        });
    }
    let count = lines.iter().filter(|line| !line.is_done).count();
    let back = format!("{}/settings/team", frame.base);
    let title = match part {
        Part::Role => text!(frame.text, "bulk-role-title", count = count),
        Part::Department => text!(frame.text, "bulk-department-title", count = count),
        Part::Team => text!(frame.text, "bulk-team-title", count = count),
    };
    let label = match part {
        Part::Role => frame.t("team-role"),
        Part::Department => frame.t("team-department"),
        Part::Team => frame.t("bulk-team"),
    };
    Ok(Bulk {
        title,
        part: part.word(),
        label,
        values: values(ctx, frame, part, form).await?,
        is_team: part == Part::Team,
        leaves: form.text("what") == "leave",
        lines,
        action: format!("{back}/bulk"),
        verb: text!(frame.text, "bulk-verb", count = count),
        back,
    })
}

pub(crate) async fn ask(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    if query.every("member").next().is_none() {
        return reply::go(&format!("{}/settings/team", frame.base));
    }
    let bulk = dialog(&mut ctx, &frame, &query, &[]).await?;
    reply::page(&TeamPage::behind(&mut ctx, frame, Over::Bulk(bulk)).await?)
}

pub(crate) async fn change(mut submission: Submission) -> Shown {
    let form = submission.form.clone();
    let (part, ids) = (Part::of(&form)?, chosen(&form)?);
    let mut results = Vec::with_capacity(ids.len());
    for id in ids {
        let done = change_one(&mut submission, part, id).await;
        let problem = match done {
            Ok(()) => None,
            Err(problem) if problem.status >= 500 || problem.status == 401 => {
                return Err(problem.into());
            }
            Err(problem) => Some(sentence(&problem.detail)),
        };
        results.push((id, problem));
    }
    let frame = submission.frame.clone();
    let changed = results.iter().filter(|(_, problem)| problem.is_none()).count();
    if changed == results.len() {
        let message = text!(frame.text, "bulk-done", count = changed);
        return reply::done(&format!("{}/settings/team", frame.base), &message);
    }
    let mut ctx = submission.read().await?;
    let bulk = dialog(&mut ctx, &frame, &form, &results).await?;
    reply::refused(422, &TeamPage::behind(&mut ctx, frame, Over::Bulk(bulk)).await?)
}

async fn change_one(
    submission: &mut Submission,
    part: Part,
    id: MemberId,
) -> Result<(), Problem> {
    let form = submission.form.clone();
    let value = form.text("value");
    let mut ctx = submission.write().await?;
    let access = match part {
        Part::Role => {
            AccessChange { role: Some(RoleRef::from(value)), ..AccessChange::default() }
        }
        Part::Department => AccessChange {
            department: Some((!value.is_empty()).then(|| DepartmentRef::from(value))),
            ..AccessChange::default()
        },
        Part::Team if form.text("what") == "leave" => {
            return Ok(ctx.teams().remove_member(TeamRef::from(value), id).await?);
        }
        Part::Team => return Ok(ctx.teams().add_member(TeamRef::from(value), id).await?),
    };
    let change = MemberChange { access, landing: None };
    ctx.members().update(id, &change).await?;
    Ok(())
}
