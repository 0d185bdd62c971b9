//! The rate limit of routes without authentication, and the security headers of its responses.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hallpass_testkit::TestServer;

fn reset_request() -> Request<Body> {
    let peer = SocketAddr::from(([192, 0, 2, 1], 4_000));
    Request::builder()
        .method("POST")
        .uri("/api/v1/password-resets")
        .header("content-type", "application/json")
        .extension(ConnectInfo(peer))
        .body(Body::from("{}"))
        .unwrap()
}

#[tokio::test]
async fn rate_limit_returns_429_with_security_headers() {
    let server = TestServer::in_memory().await;
    let stranger = server.anonymous();
    for _ in 0..60 {
        assert_eq!(stranger.send(reset_request()).await.status, 422);
    }

    let refused = stranger.send(reset_request()).await;

    refused.refused(429, "too_many_requests");
    assert!(!refused.header("retry-after").is_empty());
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(refused.header(name), value, "{name}");
    }
    assert!(refused.header("content-security-policy").contains("default-src 'none'"));
}
