//! Requests that are counted, and the routes where they are.

use axum::body::Body;
use axum::extract::Request;

use super::layer::is_public;
use super::*;

#[test]
fn an_address_over_its_limit_has_to_wait_and_others_do_not() {
    let limits = Limits::default();
    for _ in 0..REQUESTS {
        assert!(limits.count("192.0.2.1").is_ok());
    }

    assert!(limits.count("192.0.2.1").is_err_and(|seconds| (1..=2).contains(&seconds)));
    assert!(limits.count("192.0.2.2").is_ok());
}

#[test]
fn only_routes_without_authentication_are_limited() {
    let request = |method: &str, path: &str| {
        Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
    };
    for path in [
        "/api/v1/sessions",
        "/api/v1/invitations/x/accept",
        "/api/v1/password-resets",
        "/sign-in",
        "/sign-up",
        "/invitations/x",
        "/confirmations",
        "/password-resets/x",
    ] {
        assert!(is_public(&request("POST", path)), "{path}");
    }
    for path in ["/api/v1/me", "/api/v1/sessionsx", "/api/v1/workspaces/sessions/records"] {
        assert!(!is_public(&request("POST", path)), "{path}");
    }
    assert!(!is_public(&request("GET", "/invitations/x")));
    assert!(!is_public(&request("DELETE", "/api/v1/sessions/current")));
}
