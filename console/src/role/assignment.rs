//! Assigning a role to several members, as a drawer over its page.

use axum::extract::Path;
use hallpass_app::Error;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::member::MemberChange;
use hallpass_app::member::access::AccessChange;
use hallpass_app::member::list::{MemberFilter, MemberOrder};
use hallpass_app::naming::RoleRef;
use hallpass_domain::id::MemberId;
use hallpass_domain::member::{Member, Status};
use hallpass_web::error::Problem;

use super::over::{Assignment, Candidate};
use super::page::RolePage;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::{Frame, Person};
use crate::person_picture;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The members that one search lists.
const LISTED: usize = 30;

/// The chosen members that a search keeps.
const KEPT: usize = 100;

/// The page of a role with the choice of members over it.
async fn load(
    ctx: &mut WorkspaceContext,
    frame: Frame,
    role: &str,
    form: &Form,
) -> Result<(RolePage, Assignment), Failure> {
    let page = RolePage::load(ctx, frame.covered(), Some(role), &Form::default()).await?;
    if !page.role.may_assign {
        return Err(Failure::missing("role"));
    }
    let filter = MemberFilter {
        text: form.filled("q").map(str::to_owned),
        status: Some(Status::Active),
        ..MemberFilter::default()
    };
    let found = ctx.members().list(&filter, MemberOrder::Name, None, LISTED).await?;
    let total = usize::try_from(found.total).unwrap_or(0);
    let others = total.saturating_sub(found.members.len());
    let mut members: Vec<(Member, bool)> = Vec::new();
    for id in form.every("member").take(KEPT).filter_map(|id| id.parse().ok()) {
        if members.iter().any(|(known, _)| known.id == id) {
            continue;
        }
        match ctx.members().load(id).await {
            Ok(details) => members.push((details.member, true)),
            Err(Error::Missing { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    for (member, _) in found.members {
        if members.iter().all(|(known, _)| known.id != member.id) {
            members.push((member, false));
        }
    }
    let without = members.iter().filter(|(one, _)| one.access.role != page.role.id);
    let people = without.map(|(one, is_chosen)| Candidate {
        person: Person::new(&one.id, &one.name()),
        role: ctx.snapshot().role_name(&one.access.role),
        is_chosen: *is_chosen,
    });
    let mut people: Vec<Candidate> = people.collect();
    let shown = people.iter_mut().map(|one| &mut one.person);
    person_picture::add(ctx, &page.frame, shown).await?;
    let assignment = Assignment {
        search: form.text("q").to_owned(),
        people,
        others,
        refused: Faults::default(),
    };
    Ok((page, assignment))
}

pub(crate) async fn ask(Path((_, role)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let (mut page, assignment) = load(&mut ctx, frame, &role, &query).await?;
    page.assignment = Some(assignment);
    reply::page(&page)
}

pub(crate) async fn assign(
    Path((_, role)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let chosen: Vec<MemberId> = submission
        .form
        .every("member")
        .map(|id| id.parse().map_err(|_| Failure::missing("member")))
        .collect::<Result<_, _>>()?;
    let access =
        AccessChange { role: Some(RoleRef::from(role.as_str())), ..AccessChange::default() };
    let change = MemberChange::from(access);
    let mut ctx = submission.write().await?;
    let results = ctx.members().update_all(&chosen, &change).await;
    drop(ctx);
    let results = match results {
        Ok(results) => results,
        Err(error) => return refused(&mut submission, &role, &error.into(), &[]).await,
    };
    let (done, failed): (Vec<_>, Vec<_>) =
        results.into_iter().partition(|(_, result)| result.is_ok());
    let done: Vec<MemberId> = done.into_iter().map(|(id, _)| id).collect();
    if let Some((_, Err(error))) = failed.into_iter().next() {
        return refused(&mut submission, &role, &error.into(), &done).await;
    }
    let frame = &submission.frame;
    let path = format!("{}/settings/roles/{role}", frame.base);
    let message = text!(frame.text, "role-assigned", n = done.len());
    reply::done(&path, &message)
}

/// Shows the choice again, and why a member could not get the role; others may have it.
async fn refused(
    submission: &mut Submission,
    role: &str,
    problem: &Problem,
    done: &[MemberId],
) -> Shown {
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame.clone(), &submission.form);
    let (mut page, mut assignment) = load(&mut ctx, frame, role, form).await?;
    assignment.refused = Faults::of(submission.frame.text, problem, &[]);
    if !done.is_empty() {
        let before = text!(page.frame.text, "role-assigned", n = done.len());
        assignment.refused.whole.insert(0, before);
    }
    page.assignment = Some(assignment);
    reply::refused(problem.status, &page)
}
