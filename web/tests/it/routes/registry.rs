//! The list of registered routes against the router and against the description of the API.

use std::collections::BTreeSet;

use hallpass_testkit::TestServer;
use hallpass_web::Web;
use hallpass_web::state::HttpConfig;

use super::book;

/// The routes that are no part of the described API.
const UNDESCRIBED: [&str; 5] = [
    "GET /api/docs",
    "GET /assets/{hash}/{*name}",
    "GET /healthz",
    "GET /openapi.json",
    "GET /readyz",
];

#[test]
fn every_registered_route_is_described_or_a_known_exception() {
    let routes = book::every();
    let document = hallpass_web::openapi::document();
    let described = document["paths"].as_object().unwrap().values();
    let described: usize = described.map(|item| item.as_object().unwrap().len()).sum();

    let other = routes.iter().filter(|route| !route.is_described).map(book::Route::name);
    let mut other: Vec<String> = other.collect();
    other.sort_unstable();

    assert_eq!(other, UNDESCRIBED);
    assert_eq!(book::api().len(), described);
}

#[tokio::test]
async fn the_router_has_exactly_the_registered_paths() {
    let server = TestServer::in_memory().await;
    // Axum lists the paths of a router in its debug output only.
    let debug = format!("{:?}", server.router);

    let ids = debug.split("RouteId(").skip(1).filter_map(|part| part.split_once("): \""));
    let found: BTreeSet<&str> = ids
        .map(|(_, path)| path.split('"').next().unwrap())
        .filter(|path| path.starts_with('/') && !path.contains("__private__axum"))
        .collect();

    let web = Web::new(server.app.clone(), HttpConfig::default());
    let pages = hallpass_console::routes(&web).into_list();
    let registered = book::every();
    let registered: BTreeSet<&str> = registered
        .iter()
        .map(|route| route.path.as_str())
        .chain(pages.iter().map(|route| route.path.as_str()))
        .collect();
    assert_eq!(found, registered);
}
