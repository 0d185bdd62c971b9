//! The page of an access model: its notes, the workspaces that have it, its text.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse as _;
use data_encoding::HEXLOWER;
use hallpass_app::blueprint::usage::BlueprintDetails;
use hallpass_app::workspace::operator::WorkspaceQuery;
use hallpass_web::Web;
use hallpass_web::download::headers;
use hallpass_web::extract::Path;

use super::blueprint_list::BlueprintRow;
use super::gate::OperatorViewer;
use super::workspace_list::href;
use crate::failure::Failure;
use crate::frame::Frame;
use crate::reply::{self, Shown};

/// How many workspaces are named.
const NAMED: usize = 20;

/// The page of an access model.
#[derive(Template)]
#[template(path = "operator/blueprint.html")]
pub(crate) struct BlueprintPage {
    frame: Frame,
    row: BlueprintRow,
    name: String,
    summary: String,
    text: String,
    notes: Vec<String>,
    /// The first workspaces that have it: slug, name.
    workspaces: Vec<(String, String)>,
    /// The list of all of them, if there are more.
    more: Option<String>,
}

impl BlueprintPage {
    #[cfg(test)]
    pub(crate) fn sample() -> BlueprintPage {
        BlueprintPage {
            frame: Frame::sample(),
            row: BlueprintRow::sample(),
            name: "<script>".into(),
            summary: "<script>".into(),
            text: "id = \"<script>\"".into(),
            notes: vec!["<script>".into()],
            workspaces: vec![("northwind".into(), "<script>".into())],
            more: Some("#".into()),
        }
    }
}

async fn load(
    web: &Web,
    viewer: &OperatorViewer,
    blueprint: &str,
) -> Result<BlueprintDetails, Failure> {
    let hash = HEXLOWER.decode(blueprint.as_bytes());
    let hash = hash.map_err(|_| Failure::missing("blueprint"))?;
    Ok(web.app.blueprints().load_as(&viewer.operator, &hash).await?)
}

pub(super) async fn show(
    State(web): State<Web>,
    Path(blueprint): Path<String>,
    viewer: OperatorViewer,
) -> Shown {
    let found = load(&web, &viewer, &blueprint).await?;
    let query = WorkspaceQuery {
        blueprint: Some(found.usage.hash.clone()),
        ..WorkspaceQuery::default()
    };
    let workspaces = web.app.workspaces();
    let (named, has_more) = workspaces.list_as(&viewer.operator, &query, None, NAMED).await?;
    let named = named.into_iter().map(|one| one.workspace);
    let list = href("/operator/workspaces", &[("blueprint", blueprint.as_str())]);
    let BlueprintDetails { usage, name, summary, text, notes } = found;
    let page = BlueprintPage {
        row: BlueprintRow::of(&viewer.frame, &usage),
        name,
        summary,
        text,
        notes,
        workspaces: named.map(|one| (one.slug.to_string(), one.name.to_string())).collect(),
        more: has_more.then_some(list),
        frame: viewer.frame,
    };
    reply::page(&page)
}

/// The text, as a file.
pub(super) async fn download(
    State(web): State<Web>,
    Path(blueprint): Path<String>,
    viewer: OperatorViewer,
) -> Shown {
    let found = load(&web, &viewer, &blueprint).await?;
    let safe = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let name: String = found.usage.id.chars().filter(safe).collect();
    let headers = headers("application/toml; charset=utf-8", &format!("{name}.toml"));
    Ok((headers, found.text).into_response())
}
