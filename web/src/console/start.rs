//! The start page: what Hallpass is, and the first two steps with it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hallpass_domain::blueprint;
use hallpass_engine::Blueprint;

use super::page;
use crate::asset;
use crate::routes::Routes;
use crate::state::Web;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/", start)
}

/// The start page.
#[derive(Template)]
#[template(path = "pages/start.html")]
struct StartPage<'p> {
    assets: &'p str,
    /// The URL at which clients reach the server.
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
    page::render(&StartPage { assets: asset::folder(), base, blueprints })
}
