//! The start page: what runs here, and the first two steps.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use hallpass_domain::blueprint;
use hallpass_engine::Blueprint;

use crate::asset;
use crate::state::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/", get(start))
}

/// The start page.
#[derive(Template)]
#[template(path = "pages/start.html")]
struct StartPage<'p> {
    assets: &'p str,
    /// Where people reach the server.
    base: &'p str,
    blueprints: Vec<BlueprintRow>,
}

struct BlueprintRow {
    id: String,
    name: String,
    summary: String,
}

async fn start(State(web): State<Web>) -> Response {
    let shipped = blueprint::SHIPPED.iter().filter_map(|text| Blueprint::parse(text).ok());
    let row =
        |one: Blueprint| BlueprintRow { id: one.id, name: one.name, summary: one.summary };
    let blueprints = shipped.map(row).collect();
    let base = web.http.base_url.as_str();
    super::show(&StartPage { assets: asset::folder(), base, blueprints })
}
