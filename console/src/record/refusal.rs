//! The page that says why a change to a record was refused: the one where the form was sent.

use hallpass_web::error::Problem;

use super::back;
use super::board::BoardPage;
use super::change::words;
use super::filter::Filter;
use super::help;
use super::kind::Kind;
use super::list::ListPage;
use super::page::RecordPage;
use super::subject::Subject;
use crate::failure::Failure;
use crate::form::Form;
use crate::reply::{self, Shown};
use crate::submission::Submission;

/// Shows the page again where a change was made, with the reason for which it was refused.
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
    if let Some(query) = back::query(&submission.form) {
        let query = Form::parse(query.trim_start_matches('?').as_bytes());
        let kind = Kind::find(&ctx, &frame, path.0)?;
        let filter = Filter::of(&kind, &query);
        let mut why = words(&frame, &problem);
        if problem.status == 403 {
            why = format!("{why} {}", help::ask(&mut ctx, &frame).await?);
        }
        let refused = Some(why);
        if filter.is_board {
            let page = BoardPage::load(&mut ctx, frame, kind, (filter, &query)).await?;
            return reply::refused(problem.status, &BoardPage { refused, ..page });
        }
        let page = ListPage::load(&mut ctx, frame, kind, (filter, &query)).await?;
        return reply::refused(problem.status, &ListPage { refused, ..page });
    }
    let subject = Subject::load(&mut ctx, &frame, path).await?;
    let mut page = RecordPage::load(&mut ctx, frame, subject, None).await?;
    page.refused = Some(words(&page.frame, &problem));
    reply::refused(problem.status, &page)
}
