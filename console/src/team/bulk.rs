//! A change of many members at once: their role, department or teams, with a result for each.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::member::MemberChange;
use hallpass_app::member::access::AccessChange;
use hallpass_app::member::several::Results;
use hallpass_app::naming::{DepartmentRef, RoleRef, TeamRef};
use hallpass_app::team::Attendance;
use hallpass_domain::id::MemberId;
use hallpass_domain::text::sort_key;
use hallpass_web::error::Problem;

use super::list::{self, TeamPage, department_names, given_roles, member_id};
use super::over::{Bulk, BulkLine, Over};
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::{Frame, Person};
use crate::picker::{Blank, Choice, Noun, Picker, Place};
use crate::refusal;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The members that are changed at once at most: those of a page.
const MOST: usize = 50;

/// The input of the value that the members get: its name and its id.
const VALUE: &str = "value";
const VALUE_ID: &str = "bulk-value";

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

/// The choice of the value that the part gets.
async fn value(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    (part, again): (Part, &str),
    form: &Form,
) -> Result<Picker, Failure> {
    let chosen = form.text(VALUE);
    let choice = |(value, name): (String, String)| {
        let is_chosen = value == chosen;
        Choice { value, name, is_chosen }
    };
    let named: Vec<(String, String)> = match part {
        Part::Role => given_roles(ctx).await?,
        Part::Department => {
            let names = department_names(ctx).await?;
            let mut names: Vec<(String, String)> =
                names.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
            names.sort_by_cached_key(|(_, name)| sort_key(name));
            names
        }
        Part::Team => {
            let teams = ctx.teams().list().await?.into_iter();
            teams.map(|one| (one.team.id.to_string(), one.team.name.to_string())).collect()
        }
    };
    let options: Vec<Choice> = named.into_iter().map(choice).collect();
    let (noun, blank, label) = match part {
        Part::Role => {
            return Ok(Picker {
                id: VALUE_ID.to_owned(),
                name: VALUE.to_owned(),
                label: frame.t("team-role"),
                options,
                is_first: true,
                ..Picker::default()
            });
        }
        Part::Department => (Noun::Departments, Blank::Last, "team-department"),
        Part::Team => (Noun::Teams, Blank::Missing, "bulk-team"),
    };
    let place =
        Place::one(noun, blank, (VALUE_ID, VALUE), frame.t(label)).shown_again(again, "get");
    Ok(Picker { is_first: true, ..Picker::of(frame, place, &options, form) })
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
    let action = format!("{back}/bulk");
    Ok(Bulk {
        title,
        part: part.word(),
        value: value(ctx, frame, (part, &action), form).await?,
        is_team: part == Part::Team,
        leaves: form.text("what") == "leave",
        lines,
        action,
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
    let mut ctx = submission.write().await?;
    let results = save(&mut ctx, (part, &form), &ids).await.map_err(Problem::from);
    drop(ctx);
    let results = match results {
        Ok(results) => results,
        Err(problem) => return list::refuse(submission, problem).await,
    };
    let results = results.into_iter().map(|(id, result)| {
        let problem =
            result.err().map(|error| refusal::of_problem(submission.frame.text, &error.into()));
        (id, problem)
    });
    let results: Vec<_> = results.collect();
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

/// Changes the members in one transaction, each as far as the guards allow it.
async fn save(
    ctx: &mut WorkspaceContext,
    (part, form): (Part, &Form),
    ids: &[MemberId],
) -> Result<Results, hallpass_app::Error> {
    let value = form.text(VALUE);
    let access = match part {
        Part::Role => {
            AccessChange { role: Some(RoleRef::from(value)), ..AccessChange::default() }
        }
        Part::Department => AccessChange {
            department: Some((!value.is_empty()).then(|| DepartmentRef::from(value))),
            ..AccessChange::default()
        },
        Part::Team => {
            let leaves = form.text("what") == "leave";
            let attendance = if leaves { Attendance::Quit } else { Attendance::Join };
            let team = TeamRef::from(value);
            return ctx.teams().change_members(team, ids, attendance).await;
        }
    };
    let change = MemberChange::from(access);
    ctx.members().update_all(ids, &change).await
}
