//! The list of access models: those that ship, and those that workspaces have brought.

use askama::Template;
use axum::extract::State;
use data_encoding::HEXLOWER;
use hallpass_app::blueprint::usage::{BlueprintOrigin, BlueprintUsage};
use hallpass_domain::blueprint::name;
use hallpass_web::Web;

use super::gate::OperatorViewer;
use super::workspace_list::href;
use crate::frame::Frame;
use crate::reply::{self, Shown};

/// The rows of a page.
const PAGE: usize = 25;

const PATH: &str = "/operator/blueprints";

/// The list of access models.
#[derive(Template)]
#[template(path = "operator/blueprints.html")]
pub(crate) struct BlueprintsPage {
    frame: Frame,
    own: Vec<BlueprintRow>,
    shipped: Vec<BlueprintRow>,
    first: Option<String>,
    next: Option<String>,
}

/// An access model in the list.
#[derive(Clone, Debug)]
pub(crate) struct BlueprintRow {
    pub(super) id: String,
    /// Its name; its id where it does not ship.
    pub(super) name: String,
    /// The hash of its text, in full.
    pub(super) hash: String,
    /// The beginning of the hash, which tells versions apart.
    pub(super) short: String,
    pub(super) origin: String,
    pub(super) workspaces: String,
}

impl BlueprintRow {
    pub(super) fn of(frame: &Frame, one: &BlueprintUsage) -> BlueprintRow {
        let hash = HEXLOWER.encode(&one.hash);
        let origin = match one.origin {
            BlueprintOrigin::Shipped => "operator-origin-shipped",
            BlueprintOrigin::OtherVersion => "operator-origin-other",
            BlueprintOrigin::Own => "operator-origin-own",
        };
        BlueprintRow {
            id: one.id.clone(),
            name: name(&one.id).map_or_else(|| one.id.clone(), str::to_owned),
            short: hash.chars().take(8).collect(),
            hash,
            origin: frame.t(origin),
            workspaces: frame.number(one.workspaces),
        }
    }

    #[cfg(test)]
    pub(super) fn sample() -> BlueprintRow {
        BlueprintRow {
            id: "<script>".into(),
            name: "<script>".into(),
            hash: "00ff00ff".into(),
            short: "00ff".into(),
            origin: "Own".into(),
            workspaces: "2".into(),
        }
    }
}

impl BlueprintsPage {
    #[cfg(test)]
    pub(crate) fn sample() -> BlueprintsPage {
        BlueprintsPage {
            frame: Frame::sample(),
            own: vec![BlueprintRow::sample()],
            shipped: vec![BlueprintRow::sample()],
            first: Some("#".into()),
            next: Some("#".into()),
        }
    }
}

pub(super) async fn show(State(web): State<Web>, viewer: OperatorViewer) -> Shown {
    let OperatorViewer { operator, frame, query, .. } = viewer;
    let after = query.filled("after").and_then(|hash| HEXLOWER.decode(hash.as_bytes()).ok());
    let blueprints = web.app.blueprints();
    let (own, has_more) = blueprints.list_own_as(&operator, after.as_deref(), PAGE).await?;
    let shipped = blueprints.list_shipped_as(&operator).await?;
    let rows = |found: &[BlueprintUsage]| -> Vec<BlueprintRow> {
        found.iter().map(|one| BlueprintRow::of(&frame, one)).collect()
    };
    let (own, shipped) = (rows(&own), rows(&shipped));
    let last = own.last().filter(|_| has_more);
    let next = last.map(|last| href(PATH, &[("after", last.hash.as_str())]));
    let first = after.is_some().then(|| PATH.to_owned());
    reply::page(&BlueprintsPage { frame, own, shipped, first, next })
}
