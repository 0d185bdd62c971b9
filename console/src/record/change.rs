//! Changes to a record: the save that every form of it uses, and why one was refused.

use hallpass_app::record::change::RecordChange;
use hallpass_domain::id::RecordId;
use hallpass_web::error::Problem;

use super::kind::Kind;
use super::subject::Subject;
use crate::frame::Frame;
use crate::refusal;
use crate::submission::Submission;

/// The status of a change to something that another person has changed first.
pub(crate) const STALE: u16 = 412;

/// The id of a record in a path.
pub(crate) fn parse(record: &str) -> Result<RecordId, Problem> {
    record.parse().map_err(|_| Problem::missing("record"))
}

/// Saves a change to a record.
pub(crate) async fn save(
    submission: &mut Submission,
    (entity, record): (&str, &str),
    change: &RecordChange,
) -> Result<Subject, Problem> {
    let id = parse(record)?;
    let mut ctx = submission.write().await?;
    let details = ctx.records().update(entity, id, change).await?;
    let kind = Kind::find(&ctx, &submission.frame, entity).map_err(|failure| failure.0)?;
    Ok(Subject { kind, details })
}

/// A problem as a sentence of the page.
pub(crate) fn words(frame: &Frame, problem: &Problem) -> String {
    match problem.status {
        STALE => frame.t("record-stale"),
        _ => refusal::of_problem(frame.text, problem),
    }
}
