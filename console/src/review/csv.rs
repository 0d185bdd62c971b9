//! The access review as a CSV file.

use axum::response::IntoResponse;
use hallpass_app::member::list::{MemberFilter, MemberOrder};
use hallpass_web::csv;

use super::row::{Grantors, Row};
use crate::reply::Shown;
use crate::viewer::Viewer;

pub(crate) async fn download(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let every = MemberFilter::default();
    // `usize::MAX` would overflow where the list asks for one more.
    let most = usize::MAX / 2;
    let found = ctx.members().list(&every, MemberOrder::Name, None, most).await?;
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
    for (member, _) in &found.members {
        let row = Row::load(&mut ctx, &frame, member, &mut grantors).await?;
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
