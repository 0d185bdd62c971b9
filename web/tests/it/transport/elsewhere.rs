//! Requests that pages of other sites send with the cookies of a person: no route accepts one.

use hallpass_testkit::TestServer;
use hallpass_web::routes::Route;

use super::routes::{secure, send, unsafe_ones};

/// The messages of identity providers come from their pages. They are signed, and no session is read.
const SIGNED: [&str; 3] = [
    "/sso/{workspace}/{connection}/acs",
    "/sso/{workspace}/{connection}/back-channel-logout",
    "/sso/{workspace}/{connection}/logout",
];

/// What browsers send with a request of another site, of another host of the site, of a frame without an
/// origin; of one that knows `Origin` only, and of the same host without TLS.
const ELSEWHERE: [&[(&str, &str)]; 12] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "Same-Origin")],
    &[("sec-fetch-site", "cross-site"), ("origin", "https://crm.example.com")],
    &[("sec-fetch-site", "same-site"), ("origin", "https://www.example.com")],
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[("origin", "https://crm.example.com.evil.example")],
    &[("origin", "https://crm.example.com:8443")],
    &[("origin", "https://www.crm.example.com")],
    &[("origin", "https://crm.example.com@evil.example")],
    &[("origin", "http://crm.example.com")],
];

/// What browsers send with a request of a page of ours, and programs with theirs.
const HERE: [&[(&str, &str)]; 4] = [
    &[],
    &[("sec-fetch-site", "same-origin"), ("origin", "https://crm.example.com")],
    &[("sec-fetch-site", "none")],
    &[("origin", "https://crm.example.com")],
];

fn is_signed(route: &Route) -> bool {
    SIGNED.contains(&route.path.as_str())
}

#[tokio::test]
async fn no_unsafe_route_accepts_a_request_of_another_site() {
    let server = secure().await;
    let workspace = server.found("standard").await;
    for route in unsafe_ones(&server) {
        for headers in ELSEWHERE {
            let person = workspace.anna.same_session();
            let answer = send(&person, &route, headers, true).await;
            let what = format!("{} {} {headers:?}: {}", route.method, route.path, answer.text);
            let is_refused = answer.status == 403 && answer.code() == "cross_site";
            assert_eq!(is_refused, !is_signed(&route), "{what}");
            assert!(answer.headers.get("set-cookie").is_none() || is_signed(&route), "{what}");
        }
    }
    let _ = workspace.anna.get("/me").await.expect(200);
}

#[tokio::test]
async fn every_unsafe_route_accepts_a_request_of_a_page_of_ours() {
    let server = secure().await;
    for route in unsafe_ones(&server) {
        for headers in HERE {
            let answer = send(&server.anonymous(), &route, headers, true).await;
            assert_ne!(answer.code(), "cross_site", "{} {headers:?}", route.path);
        }
    }
}

/// A form of another site cannot send JSON without a question of the browser before it.
#[tokio::test]
async fn no_route_of_the_api_reads_a_form() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let document = hallpass_web::openapi::document();
    let mut read = 0;
    for route in unsafe_ones(&server) {
        let operation = &document["paths"][&route.path][route.method.as_str().to_lowercase()];
        // Pages have rules of their own.
        if operation.is_null() {
            continue;
        }
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain; application/json",
            "",
        ] {
            let person = workspace.anna.same_session();
            let path = super::routes::path(&route);
            let request = axum::http::Request::builder()
                .method(route.method.clone())
                .uri(path)
                .header("content-type", kind)
                .body(axum::body::Body::from("{}"));
            let answer = person.send(request.unwrap()).await;
            let what = format!("{} {} {kind}: {}", route.method, route.path, answer.text);
            assert!([404, 415].contains(&answer.status), "{what}");
            read += usize::from(answer.code() == "not_json");
        }
    }
    assert!(read > 200, "{read}");
}
