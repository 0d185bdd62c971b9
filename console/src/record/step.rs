//! The change of a record to another stage.

use axum::extract::Path;
use hallpass_app::record::change::RecordChange;

use super::{back, change, refusal};
use crate::reply::{self, Shown};
use crate::submission::Submission;

pub(crate) async fn change(
    Path((_, entity, record)): Path<(String, String, String)>,
    mut submission: Submission,
) -> Shown {
    let stage = submission.form.text("stage").to_owned();
    let back = back::path(&submission.frame.base, (&entity, &record), &submission.form);
    if stage.is_empty() {
        return reply::go(&back);
    }
    let change = RecordChange { stage: Some(stage.clone()), ..RecordChange::default() };
    match change::save(&mut submission, (&entity, &record), &change).await {
        Ok(subject) => {
            let frame = &submission.frame;
            let stage = subject.kind.stage_name(&stage);
            let message =
                text!(frame.text, "record-moved", title = subject.title(frame), stage = stage);
            reply::done(&back, &message)
        }
        Err(problem) => refusal::show(&mut submission, (&entity, &record), problem).await,
    }
}
