//! The access review as a CSV file.

use axum::response::IntoResponse;
use hallpass_app::member::list::MemberFilter;
use hallpass_web::csv;

use super::row::{Grantors, Row};
use crate::reply::Shown;
use crate::submission::Submission;

/// Downloads every row. The use case of the export notes it in the audit log, which a reading context cannot.
pub(crate) async fn download(mut submission: Submission) -> Shown {
    let mut ctx = submission.write().await?;
    // Who may export but not read members must leave no entry of an export that they do not get.
    ctx.members().count(&MemberFilter::default()).await?;
    let found = ctx.role_assignments().export().await?;
    drop(ctx);
    let mut ctx = submission.read().await?;
    let frame = submission.frame.clone();
    let mut grantors = Grantors::default();
    let mut text = csv::start(true).to_owned();
    let columns = [
        "team-member",
        "email",
        "team-status",
        "role-role",
        "review-reach",
        "review-extras",
        "review-seen",
        "review-given-by",
        "review-given",
    ];
    let columns = columns.map(|key| frame.t(key));
    text.push_str(&csv::line(columns.iter().map(String::as_str)));
    for one in &found {
        let row = Row::load(&mut ctx, &frame, &one.member, &mut grantors).await?;
        text.push_str(&line(&row));
    }
    Ok((csv::headers("access-review"), text).into_response())
}

fn line(row: &Row) -> String {
    let seen = row.seen.as_ref().map(|seen| seen.iso.as_str()).unwrap_or_default();
    csv::line([
        row.person.name.as_str(),
        &row.email,
        &row.status,
        &row.role,
        &row.reach,
        &row.extras,
        seen,
        &row.given_by,
        &row.given.iso,
    ])
}
