//! Reassigning records: of whom, to whom, which types, how many exactly (CRM-144 to CRM-150, CRM-164 to
//! CRM-167).

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::member::list::{MemberFilter, MemberOrder};
use hallpass_app::naming::OwnerRef;
use hallpass_app::record::reassignment::{Reassigned, Reassignment, ReassignmentCounts};
use hallpass_domain::id::{BulkJobId, MemberId};
use hallpass_domain::member::{Member, Status};
use hallpass_web::error::Problem;

use super::list::member_id;
use super::over::Found;
use super::row::noun;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::{Frame, Person};
use crate::refusal;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The members that a search shows at most.
const FOUND: usize = 8;

/// The value that stands for no owner.
const UNOWNED: &str = "unowned";

/// The page that reassigns records.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "team/reassign.html")]
pub(crate) struct ReassignPage {
    pub(crate) frame: Frame,
    pub(crate) title: String,
    pub(crate) team: String,
    pub(crate) path: String,
    pub(crate) from: Option<Side>,
    /// The former owner, as the search sends it.
    pub(crate) from_value: String,
    pub(crate) to: Option<Side>,
    pub(crate) types: Vec<TypeRow>,
    /// The button that reassigns: "Reassign 131 records".
    pub(crate) verb: String,
    pub(crate) total: i64,
    pub(crate) total_text: String,
    /// What stays with the former owner, out of reach.
    pub(crate) stays: Option<String>,
    pub(crate) search: String,
    pub(crate) found: Vec<Found>,
    pub(crate) has_more: bool,
    /// Where records can be left without an owner.
    pub(crate) unassign: Option<String>,
    pub(crate) problem: Option<String>,
}

/// The former or the new owner.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    pub(crate) value: String,
    pub(crate) person: Option<Person>,
    pub(crate) name: String,
    pub(crate) second: String,
}

/// A record type.
#[derive(Clone, Debug)]
pub(crate) struct TypeRow {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) moves: String,
    pub(crate) stays: String,
    pub(crate) is_chosen: bool,
    pub(crate) can_move: bool,
}

async fn side(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    value: Option<&str>,
) -> Result<Option<Side>, Failure> {
    let Some(value) = value else { return Ok(None) };
    if value == UNOWNED {
        let (value, name) = (value.to_owned(), frame.t("reassign-no-owner"));
        return Ok(Some(Side { value, name, ..Side::default() }));
    }
    let member = ctx.members().load(member_id(value)?).await?.member;
    let name = member.name();
    let second = format!(
        "{} · {}",
        ctx.snapshot().role_name(&member.access.role),
        frame.word(member.status.word())
    );
    let person = Some(Person::new(&member.id, &name));
    Ok(Some(Side { value: value.to_owned(), person, name, second }))
}

/// Finds members of every status, or active ones only.
async fn find(
    (ctx, frame): (&mut WorkspaceContext, &Frame),
    search: &str,
    status: Option<Status>,
    href: impl Fn(&Member) -> Option<String>,
) -> Result<(Vec<Found>, bool), Failure> {
    let text = (!search.is_empty()).then(|| search.to_owned());
    let filter = MemberFilter { text, status, ..MemberFilter::default() };
    let page = ctx.members().list(&filter, MemberOrder::Name, None, FOUND + 1).await?;
    let has_more = page.next.is_some() || page.members.len() > FOUND;
    let found = page.members.iter().filter_map(|(member, _)| {
        Some(Found {
            person: Person::new(&member.id, &member.name()),
            second: frame.contact(member),
            href: href(member)?,
        })
    });
    Ok((found.take(FOUND).collect(), has_more))
}

/// The reassignment that a form describes, of all record types or of those that it names.
fn asked(form: &Form, from: &str, to: &str) -> Result<Reassignment, Failure> {
    let owner = |text: &str| text.parse::<OwnerRef>().map_err(|_| Failure::missing("member"));
    let entities: Vec<String> = form.every("entity").map(str::to_owned).collect();
    let entities = (!entities.is_empty()).then_some(entities);
    Ok(Reassignment { from: owner(from)?, to: owner(to)?, entities, records: None })
}

fn types(
    ctx: &WorkspaceContext,
    frame: &Frame,
    counts: &ReassignmentCounts,
    form: &Form,
) -> Vec<TypeRow> {
    let is_first = form.find("typed").is_none();
    let resources = ctx.policy().resources().iter();
    let count = |list: &[(String, i64)], key: &str| {
        list.iter().find(|(known, _)| known == key).map_or(0, |(_, count)| *count)
    };
    let rows = resources.filter_map(|resource| {
        let moves = count(&counts.moved, &resource.key);
        let stays = count(&counts.out_of_reach, &resource.key);
        (moves + stays > 0).then(|| TypeRow {
            key: resource.key.clone(),
            name: resource.name.clone(),
            moves: frame.number(moves),
            stays: frame.number(stays),
            is_chosen: moves > 0
                && (is_first || form.every("entity").any(|key| key == resource.key)),
            can_move: moves > 0,
        })
    });
    rows.collect()
}

async fn load(
    ctx: &mut WorkspaceContext,
    frame: Frame,
    form: &Form,
    from: Option<&str>,
) -> Result<ReassignPage, Failure> {
    if !ctx.members().may_reassign() {
        return Err(Failure::missing("page"));
    }
    let path = format!("{}/settings/team/reassign", frame.base);
    let team = frame.word("team_page");
    let from = from.or_else(|| form.filled("from"));
    let search = form.text("q").to_owned();
    let from = side(ctx, &frame, from).await?;
    let to = side(ctx, &frame, form.filled("to")).await?;
    let mut page = ReassignPage { team, search, ..ReassignPage::default() };
    page.title = match &from {
        Some(side) => text!(frame.text, "reassign-title", name = &side.name),
        None => frame.word("bulk_reassign"),
    };
    match (&from, &to) {
        (None, _) => {
            let href = |member: &Member| Some(format!("{path}?from={}", member.id));
            (page.found, page.has_more) = find((ctx, &frame), &page.search, None, href).await?;
        }
        (Some(from), None) => {
            let href = |member: &Member| {
                let is_other = member.id.to_string() != from.value;
                is_other.then(|| format!("{path}?from={}&to={}", from.value, member.id))
            };
            let active = Some(Status::Active);
            (page.found, page.has_more) =
                find((ctx, &frame), &page.search, active, href).await?;
            page.unassign = Some(format!("{path}?from={}&to={UNOWNED}", from.value));
        }
        (Some(from), Some(to)) => {
            count(ctx, &frame, form, (from, to), &mut page).await?;
        }
    }
    let from_value = from.as_ref().map(|side| side.value.clone()).unwrap_or_default();
    Ok(ReassignPage { frame, path, from, from_value, to, ..page })
}

/// Counts what moves, exactly.
async fn count(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    form: &Form,
    (from, to): (&Side, &Side),
    page: &mut ReassignPage,
) -> Result<(), Failure> {
    let every = asked(&Form::default(), &from.value, &to.value)?;
    let counts = match ctx.records().preview_reassignment(&every).await {
        Ok(counts) => counts,
        Err(error) => {
            let problem = Problem::from(error);
            page.problem = Some(refusal::of_problem(frame.text, &problem));
            return Ok(());
        }
    };
    page.types = types(ctx, frame, &counts, form);
    let is_chosen = |key: &str| page.types.iter().any(|row| row.key == key && row.is_chosen);
    let chosen = counts.moved.iter().filter(|(key, _)| is_chosen(key));
    page.total = chosen.map(|(_, count)| count).sum();
    page.total_text = frame.number(page.total);
    page.verb = text!(frame.text, "reassign-verb", count = page.total);
    let beyond: i64 = counts.out_of_reach.iter().map(|(_, count)| count).sum();
    page.stays = (beyond > 0).then(|| text!(frame.text, "reassign-stays", count = beyond));
    Ok(())
}

pub(crate) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    reply::page(&load(&mut ctx, frame, &query, None).await?)
}

/// The same page for the records of one member.
pub(crate) async fn show_of(
    Path((_, member)): Path<(String, String)>,
    viewer: Viewer,
) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let member: MemberId = member_id(&member)?;
    reply::page(&load(&mut ctx, frame, &query, Some(&member.to_string())).await?)
}

/// What became of a reassignment.
enum Outcome {
    /// What moved, in words.
    Done(String),
    /// A bulk job moves the records.
    Started(BulkJobId),
}

pub(crate) async fn reassign(mut submission: Submission) -> Shown {
    let form = submission.form.clone();
    let (from, to) = (form.text("from").to_owned(), form.text("to").to_owned());
    let wanted = asked(&form, &from, &to)?;
    let frame = submission.frame.clone();
    if wanted.entities.is_none() {
        let mut ctx = submission.read().await?;
        let page = load(&mut ctx, frame.clone(), &form, None).await?;
        let problem = Some(frame.t("reassign-no-type"));
        return reply::refused(422, &ReassignPage { problem, ..page });
    }
    let done: Result<Outcome, Problem> = async {
        let mut ctx = submission.write().await?;
        Ok(match ctx.records().reassign(&wanted).await? {
            Reassigned::Done(counts) => Outcome::Done(summary(&ctx, &frame, &counts)),
            Reassigned::Started(job) => Outcome::Started(job.id),
        })
    }
    .await;
    match done {
        Ok(Outcome::Started(job)) => {
            let path = format!("{}/bulk-jobs/{job}", frame.base);
            reply::done(&path, &frame.t("bulk-job-now-running"))
        }
        Ok(Outcome::Done(list)) => {
            let mut ctx = submission.read().await?;
            let name = |side: Option<Side>| side.map(|side| side.name).unwrap_or_default();
            let from = name(side(&mut ctx, &frame, Some(&from)).await?);
            let to = name(side(&mut ctx, &frame, Some(&to)).await?);
            let message = text!(frame.text, "reassign-done", from = from, to = to, list = list);
            reply::done(&format!("{}/settings/team", frame.base), &message)
        }
        Err(problem) if matches!(problem.status, 403 | 409 | 422) => {
            let mut ctx = submission.read().await?;
            let page = load(&mut ctx, frame, &form, None).await?;
            let why = Some(refusal::of_problem(page.frame.text, &problem));
            reply::refused(problem.status, &ReassignPage { problem: why, ..page })
        }
        Err(problem) => Err(problem.into()),
    }
}

/// What moved: `58 deals, 47 contacts`.
fn summary(ctx: &WorkspaceContext, frame: &Frame, counts: &ReassignmentCounts) -> String {
    let moved = counts.moved.iter().filter(|(_, count)| *count > 0);
    let part = |(entity, count): &(String, i64)| {
        format!("{} {}", frame.number(*count), noun(ctx, entity))
    };
    let parts: Vec<String> = moved.map(part).collect();
    if parts.is_empty() { frame.number(0) } else { parts.join(", ") }
}

#[cfg(test)]
impl ReassignPage {
    pub(crate) fn sample() -> ReassignPage {
        let side = Side {
            value: "mbr_1".to_owned(),
            person: Some(Person::new(&"mbr_1", "<script>")),
            name: "<script>".to_owned(),
            second: "Member".to_owned(),
        };
        let row = TypeRow {
            key: "deals".to_owned(),
            name: "Deals".to_owned(),
            moves: "58".to_owned(),
            stays: "0".to_owned(),
            is_chosen: true,
            can_move: true,
        };
        ReassignPage {
            frame: Frame::sample(),
            title: "Reassign records of <script>".to_owned(),
            from: Some(side.clone()),
            to: Some(side),
            types: vec![row],
            verb: "Reassign 58 records".to_owned(),
            total: 58,
            stays: Some("9 stay.".to_owned()),
            problem: Some("Not allowed.".to_owned()),
            ..ReassignPage::default()
        }
    }
}
