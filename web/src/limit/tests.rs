//! Knocking too often.

use super::*;

#[test]
fn an_address_that_calls_too_often_has_to_wait_and_others_do_not() {
    let limits = Limits::default();
    for _ in 0..CALLS {
        assert!(limits.count("192.0.2.1").is_ok());
    }

    assert!(limits.count("192.0.2.1").is_err_and(|seconds| (1..=2).contains(&seconds)));
    assert!(limits.count("192.0.2.2").is_ok());
}

#[test]
fn what_strangers_may_call_is_limited_and_nothing_else() {
    let request = |method: &str, path: &str| {
        Request::builder().method(method).uri(path).body(axum::body::Body::empty()).unwrap()
    };
    for path in ["/api/v1/sessions", "/api/v1/invitations/x/accept", "/api/v1/password-resets"]
    {
        assert!(is_open(&request("POST", path)), "{path}");
    }
    for path in ["/api/v1/me", "/api/v1/sessionsx", "/api/v1/workspaces/sessions/records"] {
        assert!(!is_open(&request("POST", path)), "{path}");
    }
    assert!(!is_open(&request("DELETE", "/api/v1/sessions/current")));
}
