//! The page of a record that says why a change was refused.

use hallpass_web::error::Problem;

use super::change::words;
use super::page::RecordPage;
use super::subject::Subject;
use crate::failure::Failure;
use crate::reply::{self, Shown};
use crate::submission::Submission;

/// Shows the page of a record again, with the reason for which a change was refused.
pub(crate) async fn show(
    submission: &mut Submission,
    path: (&str, &str),
    problem: Problem,
) -> Shown {
    if problem.status == 404 || problem.status >= 500 {
        return Err(Failure(problem));
    }
    let mut ctx = submission.read().await?;
    let frame = submission.frame.clone();
    let subject = Subject::load(&mut ctx, &frame, path).await?;
    let mut page = RecordPage::load(&mut ctx, frame, subject, None).await?;
    page.refused = Some(words(&page.frame, &problem));
    reply::refused(problem.status, &page)
}
