//! The export of the entries that a page lists: downloaded from the API, or prepared by a bulk job where there are many.

use hallpass_app::audit::{AuditFilter, AuditFormat, AuditQuery};
use hallpass_app::export_file::subject::{AuditExport, ExportSubject};
use hallpass_domain::audit::Outcome;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;

use crate::export_file;
use crate::form::Form;
use crate::format;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;

/// The formats of the page, in the order of its buttons.
pub(super) const FORMATS: [AuditFormat; 2] = [AuditFormat::Csv, AuditFormat::Jsonl];

/// The word of a format in a link.
pub(super) const fn word(format: AuditFormat) -> &'static str {
    match format {
        AuditFormat::Csv => "csv",
        AuditFormat::Jsonl => "jsonl",
    }
}

/// The filters, which every link of the page carries on.
pub(super) const FILTERS: [&str; 8] =
    ["q", "actor", "who", "action", "outcome", "from", "to", "subject"];

/// A link with the filters of a query, and more.
pub(super) fn link(path: &str, query: &Form, more: &[(&str, &str)]) -> String {
    let kept = FILTERS.iter().filter_map(|key| Some((*key, query.filled(key)?)));
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(kept).extend_pairs(more);
    let pairs = pairs.finish();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{pairs}") }
}

/// Reads the filters; a day begins and ends in the time zone of the workspace.
pub(super) fn read(query: &Form, frame: &Frame) -> Result<AuditFilter, Refusal> {
    let day = |key: &'static str| {
        let Some(text) = query.filled(key) else { return Ok(None) };
        let found = format::days(text, &frame.zone);
        let refusal = || Refusal::field(format!("/{key}"), "bad_day", frame.t("audit-bad-day"));
        found.map(Some).ok_or_else(refusal)
    };
    let (first, last) = (day("from")?, day("to")?);
    let entries = AuditQuery {
        actor: query.filled("actor").and_then(|id| id.parse().ok()),
        action: query.filled("action").map(str::to_owned),
        subject: query.filled("subject").map(str::to_owned),
        outcome: query.filled("outcome").and_then(Outcome::parse),
        from: first.map(|(start, _)| start),
        to: last.map(|(_, end)| Timestamp::from_micros(end.as_micros() + 1)),
    };
    Ok(AuditFilter { query: entries, text: query.filled("q").map(str::to_owned) })
}

/// The path of the file with the entries in the API.
pub(super) fn file_path(frame: &Frame, asked: &AuditFilter, format: AuditFormat) -> String {
    let AuditFilter { query: asked, text } = asked;
    let filters = [
        ("q", text.clone()),
        ("actor", asked.actor.map(|id| id.to_string())),
        ("action", asked.action.clone()),
        ("subject", asked.subject.clone()),
        ("outcome", asked.outcome.map(|outcome| outcome.word().to_owned())),
        ("from", asked.from.map(|at| at.to_string())),
        ("to", asked.to.map(|at| at.to_string())),
    ];
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(filters.into_iter().filter_map(|(key, value)| Some((key, value?))));
    let filters = pairs.finish();
    let and = if filters.is_empty() { "" } else { "&" };
    let format = match format {
        AuditFormat::Csv => "byte_order_mark=true",
        AuditFormat::Jsonl => "format=jsonl",
    };
    format!("/api/v1/workspaces/{}/audit/export?{filters}{and}{format}", frame.slug)
}

/// Starts the export of the entries that the query lists.
pub(super) async fn prepare(mut submission: Submission) -> Shown {
    let query = submission.query.clone();
    let Ok(filter) = read(&query, &submission.frame) else {
        // The list says what is wrong with it.
        let list = format!("{}/settings/audit", submission.frame.base);
        return reply::go(&link(&list, &query, &[]));
    };
    let format = AuditFormat::parse(query.text("format")).unwrap_or(AuditFormat::Csv);
    let has_mark = format == AuditFormat::Csv;
    let subject = ExportSubject::Audit(AuditExport { filter, format, has_mark });
    export_file::start(&mut submission, &subject).await
}
