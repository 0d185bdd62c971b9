//! Every route of the server, pages too, with a path that can be requested.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use hallpass_testkit::{Answer, Person, TestServer};
use hallpass_web::Web;
use hallpass_web::routes::Route;
use hallpass_web::serve::HasTls;
use hallpass_web::state::HttpConfig;

/// Every route of the API and every page.
pub(super) fn every(server: &TestServer) -> Vec<Route> {
    let web = Web::new(server.app.clone(), HttpConfig::default());
    let pages = hallpass_console::routes(&web).into_list();
    let all: Vec<Route> = hallpass_web::router::routes().into_iter().chain(pages).collect();
    assert!(all.len() > 250, "{} routes", all.len());
    all
}

/// Those that change something.
pub(super) fn unsafe_ones(server: &TestServer) -> Vec<Route> {
    let mut routes = every(server);
    routes.retain(|route| !route.method.is_safe());
    assert!(routes.len() > 150, "{} routes", routes.len());
    routes
}

/// The path of a route in the workspace `acme`, with an id that nothing has for each other parameter.
pub(super) fn path(route: &Route) -> String {
    let part = |part: &str| match part {
        "{ws}" | "{workspace}" => "acme".to_owned(),
        part if part.starts_with('{') => "mbr_01a223a3d7f6736ca98b00ccae3ec666".to_owned(),
        part => part.to_owned(),
    };
    route.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The requests that were sent.
static SENT: AtomicU32 = AtomicU32::new(0);

/// A request, as a browser without scripts or a program sends it, with headers.
pub(super) async fn send(
    person: &Person,
    route: &Route,
    headers: &[(&str, &str)],
    has_tls: bool,
) -> Answer {
    let kind = match (route.path.starts_with("/api/"), route.method == Method::GET) {
        (true, _) => "application/json",
        (false, false) => "application/x-www-form-urlencoded",
        (false, true) => "text/plain",
    };
    let body = if route.path.starts_with("/api/") { "{}" } else { "" };
    let mut request = Request::builder()
        .method(route.method.clone())
        .uri(path(route))
        .header("content-type", kind)
        .header("host", "crm.example.com");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    // Every request is from another address, so that none is over its limit.
    let [_, b, c, d] = SENT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let peer = ConnectInfo(SocketAddr::from(([203, b, c, d], 4_000)));
    let request = request.extension(peer).extension(HasTls(has_tls));
    person.send(request.body(Body::from(body)).unwrap()).await
}

/// A server whose clients use TLS.
pub(super) async fn secure() -> TestServer {
    let server = TestServer::in_memory().await;
    let http = HttpConfig {
        is_secure: true,
        base_url: "https://crm.example.com".to_owned(),
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        ..HttpConfig::default()
    };
    let router = hallpass_console::router(Web::new(server.app.clone(), http));
    TestServer { router, ..server }
}
