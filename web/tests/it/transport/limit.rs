//! The headers of the rate limit: on every answer of every limited route, and true.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hallpass_testkit::{Answer, TestServer};
use hallpass_web::routes::Route;

use super::routes::{every, send};

/// What is left, and the seconds until all of it is there again.
fn left(answer: &Answer) -> Option<(u32, u32)> {
    let header = answer.header("ratelimit");
    let rest = header.strip_prefix("\"address\";r=")?;
    let (left, seconds) = rest.split_once(";t=")?;
    assert_eq!(answer.header("ratelimit-policy"), "\"address\";q=60;w=60");
    Some((left.parse().unwrap(), seconds.parse().unwrap()))
}

/// Whether the description of the API lets a route be called without authentication.
fn is_public(route: &Route) -> bool {
    let document = hallpass_web::openapi::document();
    let method = route.method.as_str().to_lowercase();
    let ways = document["paths"][&route.path][&method]["security"].as_array();
    ways.is_some_and(|ways| ways.iter().any(|way| way.as_object().unwrap().is_empty()))
}

/// Routes for messages that are signed, of programs that send many.
const SIGNED: [&str; 2] =
    ["/api/v1/billing/stripe", "/sso/{workspace}/{connection}/back-channel-logout"];

#[tokio::test]
async fn every_unsafe_route_without_authentication_is_limited() {
    let server = TestServer::in_memory().await;
    let mut limited = 0;
    for route in every(&server) {
        let answer = send(&server.anonymous(), &route, &[], false).await;
        let what =
            format!("{} {}: {} {}", route.method, route.path, answer.status, answer.text);
        let found = left(&answer);
        assert!(found.is_none_or(|found| found == (59, 1)), "{what}");
        limited += usize::from(found.is_some());
        // A page for members answers strangers with the way to the sign-in.
        let leads_to_sign_in = answer.header("location").starts_with("/sign-in?next=");
        // For everyone but operators, their console does not exist.
        let is_hidden = route.path.starts_with("/operator") && answer.status == 404;
        let is_open = if route.path.starts_with("/api/") {
            is_public(&route)
        } else {
            !leads_to_sign_in && !is_hidden && answer.status != 401
        };
        if is_open && !route.method.is_safe() && !SIGNED.contains(&route.path.as_str()) {
            assert!(found.is_some(), "{what}: open to everyone and not limited");
        }
    }
    assert!(limited > 20, "{limited}");
}

#[tokio::test]
async fn the_headers_say_what_is_left_and_when_all_of_it_is_back() {
    let server = TestServer::in_memory().await;
    let ask = async |n: u8, path: &str| {
        let peer = SocketAddr::from(([192, 0, 2, n], 4_000));
        let request = Request::post(path).header("content-type", "application/json");
        let request = request.extension(ConnectInfo(peer)).body(Body::from("{}"));
        server.anonymous().send(request.unwrap()).await
    };
    let mut least = 60;
    for n in 1..=60 {
        let answer = ask(1, "/api/v1/password-resets").await;
        let (left, seconds) = left(&answer).unwrap();
        // One comes back with each second that the test itself takes.
        assert!((60 - n..60).contains(&left), "{n}: {left}");
        assert_eq!(seconds, 60 - left, "{n}");
        least = least.min(left);
    }
    assert!(least < 30, "{least}");

    let other = ask(2, "/api/v1/sessions").await;
    assert_eq!(left(&other), Some((59, 1)));
    let unlimited = ask(2, "/api/v1/workspaces").await;
    assert_eq!(left(&unlimited), None);
    let missing = ask(2, "/api/v1/sessions/nowhere").await.expect(404);
    assert_eq!(left(&missing).map(|found| found.0), Some(58));
}
