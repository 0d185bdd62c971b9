//! The list of entries, with its filters; an entry unfolds in its place.

use askama::Template;
use hallpass_app::audit::AuditQuery;
use hallpass_app::context::WorkspaceContext;
use hallpass_domain::audit::{ACTIONS, Outcome};
use hallpass_domain::id::{AuditId, MemberId};
use hallpass_domain::time::{Span, Timestamp};
use hallpass_web::error::Problem;

use super::entry::Row;
#[cfg(test)]
use super::entry::{Change, Details};
use super::words::in_words;
#[cfg(test)]
use crate::candidate::Candidate;
use crate::candidate::Choice;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
#[cfg(test)]
use crate::format::Moment;
use crate::frame::Frame;
#[cfg(test)]
use crate::frame::Person;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The entries of a page.
const PAGE: usize = 30;

/// The filters, which every link of the page carries on.
const FILTERS: [&str; 6] = ["actor", "who", "action", "outcome", "days", "subject"];

/// The page of the audit log.
#[derive(Template)]
#[template(path = "audit/page.html")]
pub(crate) struct AuditPage {
    frame: Frame,
    rows: Vec<Row>,
    actors: Choice,
    actor: String,
    /// What the actors are searched by.
    who: String,
    /// The actions: key, words, whether it is chosen.
    actions: Vec<(String, String, bool)>,
    outcome: String,
    days: String,
    subject: String,
    is_filtered: bool,
    older: Option<String>,
    newest: Option<String>,
    faults: Faults,
}

impl AuditPage {
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        query: &Form,
    ) -> Result<AuditPage, Failure> {
        let below = query.filled("before").and_then(|id| id.parse::<AuditId>().ok());
        let asked = read(query, frame.now);
        let (entries, has_more, faults) = match ctx.audit().list(&asked, below, PAGE).await {
            Ok((entries, has_more)) => (entries, has_more, Faults::default()),
            Err(error) => {
                let problem = Problem::from(error);
                if problem.status != 422 {
                    return Err(problem.into());
                }
                (Vec::new(), false, Faults::of(&problem, &[]))
            }
        };
        let path = format!("{}/settings/audit", frame.base);
        let link = |more: &[(&str, &str)]| {
            let kept = FILTERS.iter().filter_map(|key| Some((*key, query.filled(key)?)));
            let mut pairs = form_urlencoded::Serializer::new(String::new());
            pairs.extend_pairs(kept).extend_pairs(more);
            let pairs = pairs.finish();
            if pairs.is_empty() { path.clone() } else { format!("{path}?{pairs}") }
        };
        let open = query.text("open");
        let before = query.filled("before").map(|before| ("before", before));
        let rows = entries.iter().map(|entry| {
            let id = entry.id.to_string();
            let is_open = id == open;
            let unfold = (!is_open).then_some(("open", id.as_str()));
            let more: Vec<_> = before.into_iter().chain(unfold).collect();
            Row::of(ctx, &frame, entry, format!("{}#{id}", link(&more)), is_open)
        });
        let rows = rows.collect();
        let last = entries.last().filter(|_| has_more).map(|last| last.id.to_string());
        let actor = query.filled("actor").and_then(|id| id.parse::<MemberId>().ok());
        let action = query.text("action").to_owned();
        let listed = ACTIONS.iter().map(|known| (*known).to_owned());
        let named = !action.is_empty() && !ACTIONS.contains(&action.as_str());
        let listed = listed.chain(named.then(|| action.clone()));
        let actions = listed.map(|key| {
            let is_chosen = key == action;
            (key.clone(), in_words(ctx, frame.text, &key), is_chosen)
        });
        Ok(AuditPage {
            actions: actions.collect(),
            actors: Choice::load(ctx, query.filled("who"), actor).await?,
            who: query.text("who").to_owned(),
            actor: query.text("actor").to_owned(),
            outcome: query.text("outcome").to_owned(),
            days: query.text("days").to_owned(),
            subject: query.text("subject").to_owned(),
            is_filtered: FILTERS.iter().any(|key| query.filled(key).is_some()),
            older: last.map(|last| link(&[("before", &last)])),
            newest: below.map(|_| link(&[])),
            rows,
            faults,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> AuditPage {
        let change =
            Change { field: "Role".into(), before: "<script>".into(), after: "Admin".into() };
        let row = |id: &str, reason: Option<String>| Row {
            id: id.to_owned(),
            at: Moment::default(),
            actor: Person::new(&"mbr_1", "<script>"),
            action: "Member changed".into(),
            subject: "<script>".into(),
            is_denied: reason.is_some(),
            times: Some(3),
            href: "#".into(),
            details: Some(Details {
                reason,
                changes: vec![change.clone()],
                hidden: vec!["visibility".into()],
                is_comparable: true,
                request: "req_1".into(),
            }),
        };
        AuditPage {
            frame: Frame::sample(),
            rows: vec![row("aud_1", None), row("aud_2", Some("<script>".into()))],
            actors: Choice {
                candidates: vec![Candidate { id: "mbr_1".into(), name: "<script>".into() }],
                has_more: true,
            },
            who: "<script>".into(),
            actor: "mbr_1".into(),
            actions: vec![("member.update".into(), "Member changed".into(), true)],
            outcome: "denied".into(),
            days: "7".into(),
            subject: "<script>".into(),
            is_filtered: true,
            older: Some("#".into()),
            newest: Some("#".into()),
            faults: Faults::whole("No member.".to_owned()),
        }
    }
}

fn read_days(days: &str) -> Option<i64> {
    days.parse().ok().filter(|days| (1..=10_000).contains(days))
}

fn read(query: &Form, now: Timestamp) -> AuditQuery {
    let days = query.filled("days").and_then(read_days);
    AuditQuery {
        actor: query.filled("actor").and_then(|id| id.parse().ok()),
        action: query.filled("action").map(str::to_owned),
        subject: query.filled("subject").map(str::to_owned),
        outcome: query.filled("outcome").and_then(Outcome::parse),
        from: days.map(|days| now - Span::days(days)),
        to: None,
    }
}

pub(super) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, mut frame, query } = viewer;
    frame.expect(&query, "before", |id| id.parse::<AuditId>().is_ok());
    frame.expect(&query, "open", |id| id.parse::<AuditId>().is_ok());
    frame.expect(&query, "actor", |id| id.parse::<MemberId>().is_ok());
    frame.expect(&query, "outcome", |word| Outcome::parse(word).is_some());
    frame.expect(&query, "days", |days| read_days(days).is_some());
    reply::page(&AuditPage::load(&mut ctx, frame, &query).await?)
}
