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
    // Each way in without a session: by the API, and by a form.
    for (api, form) in [
        ("/api/v1/accounts", "/sign-up"),
        ("/api/v1/address-changes/x", "/address-changes/x"),
        ("/api/v1/confirmations", "/confirmations"),
        ("/api/v1/confirmations/x", "/confirmations/x"),
        ("/api/v1/invitations/x/accept", "/invitations/x"),
        ("/api/v1/password-resets", "/password-resets"),
        ("/api/v1/password-resets/x", "/password-resets/x"),
        ("/api/v1/sessions", "/sign-in"),
        ("/api/v1/sessions", "/sign-in/code"),
        ("/api/v1/setup/x", "/setup/x"),
        ("/sso/x/start", "/sso/x/saml"),
    ] {
        assert!(is_public(&request("POST", api)), "{api}");
        assert!(is_public(&request("POST", form)), "{form}");
    }
    for path in ["/api/v1/me", "/api/v1/sessionsx", "/api/v1/workspaces/sessions/records"] {
        assert!(!is_public(&request("POST", path)), "{path}");
    }
    assert!(!is_public(&request("GET", "/invitations/x")));
    assert!(!is_public(&request("DELETE", "/api/v1/sessions/current")));
}
