//! The list of entries, with its filters; an entry unfolds in its place.

use askama::Template;
use hallpass_app::audit::AuditPage as Found;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::ExportAudit;
use hallpass_domain::audit::{ACTIONS, Outcome};
use hallpass_domain::id::{AuditId, MemberId};
use hallpass_web::error::Problem;

use super::entry::Row;
#[cfg(test)]
use super::entry::{Change, Details};
use super::export::{self, FILTERS, FORMATS};
use super::words::in_words;
#[cfg(test)]
use crate::candidate::Candidate;
use crate::candidate::Choice;
use crate::export_file::is_prepared;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
#[cfg(test)]
use crate::format::Moment;
use crate::frame::Frame;
#[cfg(test)]
use crate::frame::Person;
use crate::person_picture;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The entries of a page.
const PAGE: usize = 30;

/// The page of the audit log.
#[derive(Template)]
#[template(path = "audit/page.html")]
pub(crate) struct AuditPage {
    frame: Frame,
    rows: Vec<Row>,
    /// What the entries are searched by.
    search: String,
    /// What a search says that has not looked at every entry.
    incomplete: Option<String>,
    actors: Choice,
    actor: String,
    /// What the actors are searched by.
    who: String,
    /// The actions: key, words, whether it is chosen.
    actions: Vec<(String, String, bool)>,
    outcome: String,
    /// The first and the last day, as inputs have them.
    from: String,
    to: String,
    subject: String,
    /// Whether the subject is one of the members to choose from.
    is_about_member: bool,
    is_filtered: bool,
    /// Where the same entries are exported, as CSV and as JSON Lines, by a reader who may do so.
    exports: Option<[String; 2]>,
    /// Whether a bulk job prepares these files.
    prepares: bool,
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
        let asked = export::read(query, &frame);
        let found = match &asked {
            Ok(asked) => ctx.audit().list(asked, below, PAGE).await,
            Err(refusal) => Err(refusal.clone().into()),
        };
        let (Found { entries, next, reached }, faults) = match found {
            Ok(found) => (found, Faults::default()),
            Err(error) => {
                let problem = Problem::from(error);
                if problem.status != 422 {
                    return Err(problem.into());
                }
                (Found::default(), Faults::of(frame.text, &problem, &[]))
            }
        };
        let path = format!("{}/settings/audit", frame.base);
        let link = |more: &[(&str, &str)]| export::link(&path, query, more);
        let open = query.text("open");
        let before = query.filled("before").map(|before| ("before", before));
        let rows = entries.iter().map(|entry| {
            let id = entry.id.to_string();
            let is_open = id == open;
            let unfold = (!is_open).then_some(("open", id.as_str()));
            let more: Vec<_> = before.into_iter().chain(unfold).collect();
            Row::of(ctx, &frame, entry, format!("{}#{id}", link(&more)), is_open)
        });
        let mut rows: Vec<Row> = rows.collect();
        person_picture::add(ctx, &frame, rows.iter_mut().map(|row| &mut row.actor)).await?;
        let exported = asked.ok().filter(|_| faults.is_empty() && ctx.opens(&ExportAudit));
        let prepares = match &exported {
            // What is on this page is all that there is.
            Some(_) if below.is_none() && next.is_none() => false,
            Some(asked) => is_prepared(ctx.audit().count(asked).await?),
            None => false,
        };
        let form_path = format!("{path}/export");
        let exports = exported.map(|asked| {
            FORMATS.map(|format| {
                if prepares {
                    let format = [("format", export::word(format))];
                    export::link(&form_path, query, &format)
                } else {
                    export::file_path(&frame, &asked, format)
                }
            })
        });
        let next = next.map(|next| next.to_string());
        let incomplete = reached.map(|at| {
            let moment = frame.stamp(at);
            text!(frame.text, "audit-incomplete", at = moment.text)
        });
        let actor = query.filled("actor").and_then(|id| id.parse::<MemberId>().ok());
        let subject = query.filled("subject").and_then(|id| id.parse::<MemberId>().ok());
        let mut actors = Choice::load(ctx, query.filled("who"), actor).await?;
        if let Some(subject) = subject {
            actors.include(ctx, subject).await?;
        }
        let is_about_member =
            actors.candidates.iter().any(|one| one.id == query.text("subject"));
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
            actors,
            who: query.text("who").to_owned(),
            actor: query.text("actor").to_owned(),
            outcome: query.text("outcome").to_owned(),
            from: query.text("from").to_owned(),
            to: query.text("to").to_owned(),
            subject: query.text("subject").to_owned(),
            is_about_member,
            exports,
            prepares,
            is_filtered: FILTERS.iter().any(|key| query.filled(key).is_some()),
            search: query.text("q").to_owned(),
            older: next.map(|next| link(&[("before", &next)])),
            incomplete,
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
            search: "<script>".into(),
            incomplete: Some("<script>".into()),
            who: "<script>".into(),
            actor: "mbr_1".into(),
            actions: vec![("member.update".into(), "Member changed".into(), true)],
            outcome: "denied".into(),
            from: "2026-03-14".into(),
            to: "2026-03-15".into(),
            subject: "<script>".into(),
            is_about_member: false,
            exports: Some(["#csv".into(), "#jsonl".into()]),
            prepares: false,
            is_filtered: true,
            older: Some("#".into()),
            newest: Some("#".into()),
            faults: Faults::whole("No member.".to_owned()),
        }
    }

    /// The page of a log that is exported in the background.
    #[cfg(test)]
    pub(crate) fn long_sample() -> AuditPage {
        AuditPage { prepares: true, ..AuditPage::sample() }
    }
}

pub(super) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, mut frame, query } = viewer;
    frame.expect(&query, "before", |id| id.parse::<AuditId>().is_ok());
    frame.expect(&query, "open", |id| id.parse::<AuditId>().is_ok());
    frame.expect(&query, "actor", |id| id.parse::<MemberId>().is_ok());
    frame.expect(&query, "outcome", |word| Outcome::parse(word).is_some());
    reply::page(&AuditPage::load(&mut ctx, frame, &query).await?)
}
