//! Search: records of every type, members and pages, as a page and as the palette.

mod hit;

use askama::Template;
use axum::response::Response;
use hallpass_app::record::CountMode;
use hallpass_web::routes::Routes;

use crate::failure::Failure;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;
use hit::{Group, find};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/search", show)
        .get("/workspace/{ws}/palette", palette)
}

/// What was found, as a page.
#[derive(Template)]
#[template(path = "search/page.html")]
pub(crate) struct SearchPage {
    frame: Frame,
    text: String,
    path: String,
    groups: Vec<Group>,
}

/// What was found, in the palette.
#[derive(Template)]
#[template(path = "search/palette.html")]
struct Palette {
    frame: Frame,
    text: String,
    path: String,
    groups: Vec<Group>,
}

impl SearchPage {
    #[cfg(test)]
    pub(crate) fn sample() -> SearchPage {
        SearchPage {
            frame: Frame::sample(),
            text: "<script>".to_owned(),
            path: "#".to_owned(),
            groups: vec![Group::sample()],
        }
    }
}

async fn load(viewer: Viewer, page: &str, total: CountMode) -> Result<SearchPage, Failure> {
    let Viewer { mut ctx, frame, query } = viewer;
    let text: String = query.text("q").chars().filter(|c| *c != '\0').take(200).collect();
    let groups = find(&mut ctx, &frame, &text, total).await?;
    let path = format!("{}/{page}", frame.base);
    Ok(SearchPage { frame, text, path, groups })
}

async fn show(viewer: Viewer) -> Shown {
    reply::page(&load(viewer, "search", CountMode::Counted).await?)
}

/// The palette, as a part of the page that opens it, or as a page of its own.
async fn palette(viewer: Viewer) -> Result<Response, Failure> {
    let is_part = viewer.query.is_checked("part");
    let page = load(viewer, "palette", CountMode::Skipped).await?;
    if is_part {
        let SearchPage { frame, text, path, groups } = page;
        return reply::page(&Palette { frame, text, path, groups });
    }
    reply::page(&page)
}
