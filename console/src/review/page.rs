//! The page of the access review.

use askama::Template;
use hallpass_app::gate::permission::ExportAudit;
use hallpass_app::member::list::{ListPosition, MemberFilter, MemberOrder};

use super::row::{Grantors, Row};
use crate::frame::Frame;
use crate::person_picture;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The members of a page.
const PAGE: usize = 50;

/// The page of the access review.
#[derive(Template)]
#[template(path = "review/page.html")]
pub(crate) struct ReviewPage {
    pub(crate) frame: Frame,
    pub(crate) search: String,
    /// How many members there are, in words.
    pub(crate) total: String,
    pub(crate) rows: Vec<Row>,
    /// Whether the reader may export it.
    pub(crate) may_export: bool,
    /// The path of the next page.
    pub(crate) next: Option<String>,
}

impl ReviewPage {
    #[cfg(test)]
    pub(crate) fn sample() -> ReviewPage {
        ReviewPage {
            frame: Frame::sample(),
            search: "<script>".to_owned(),
            total: "70 members".to_owned(),
            rows: vec![Row::sample()],
            may_export: true,
            next: Some("#".to_owned()),
        }
    }
}

pub(crate) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let filter =
        MemberFilter { text: query.filled("q").map(str::to_owned), ..MemberFilter::default() };
    let after = query.filled("after").and_then(|after| serde_json::from_str(after).ok());
    let found = ctx.members().list(&filter, MemberOrder::Name, after, PAGE).await?;
    let mut grantors = Grantors::default();
    let mut rows = Vec::with_capacity(found.members.len());
    for (member, _) in &found.members {
        rows.push(Row::load(&mut ctx, &frame, member, &mut grantors).await?);
    }
    person_picture::add(&mut ctx, &frame, rows.iter_mut().map(|row| &mut row.person)).await?;
    let next = found.next.as_ref().map(|next| next_path(&frame, query.text("q"), next));
    let page = ReviewPage {
        search: query.text("q").to_owned(),
        total: frame.count("count-members", usize::try_from(found.total).unwrap_or(0)),
        rows,
        may_export: ctx.opens(&ExportAudit),
        next,
        frame,
    };
    reply::page(&page)
}

fn next_path(frame: &Frame, text: &str, next: &ListPosition) -> String {
    let after = serde_json::to_string(next).unwrap_or_default();
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", text).append_pair("after", &after);
    format!("{}/settings/review?{}", frame.base, query.finish())
}
