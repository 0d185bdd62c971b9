//! The description declares the secrets of bodies, and which routes take a key.

use serde_json::json;

use super::*;

#[test]
fn every_body_with_a_password_is_declared() {
    let found = with_secrets(crate::openapi::document());
    let has = |path: &str, method: Method| found.contains(&(path.to_owned(), method));

    assert!(has("/api/v1/accounts", Method::POST));
    assert!(has("/api/v1/sessions", Method::POST));
    assert!(has("/api/v1/confirmations/{token}", Method::POST));
    assert!(has("/api/v1/invitations/{token}/accept", Method::POST));
    assert!(has("/api/v1/me/password", Method::PUT));
    assert!(has("/api/v1/password-resets/{token}", Method::PUT));
    assert!(!has("/api/v1/password-resets", Method::POST));
    assert!(!has("/api/v1/workspaces", Method::POST));
}

#[test]
fn a_secret_is_found_behind_references_and_circles_end() {
    let document = json!({
        "paths": {"/x": {
            "post": {"requestBody": {"schema": {"$ref": "#/components/schemas/A"}}},
            "put": {"requestBody": {"schema": {"$ref": "#/components/schemas/C"}}},
        }},
        "components": {"schemas": {
            "A": {"properties": {"b": {"$ref": "#/components/schemas/B"}, "a": {"$ref": "#/components/schemas/A"}}},
            "B": {"items": [{"writeOnly": true}]},
            "C": {"properties": {"c": {"$ref": "#/components/schemas/C"}}},
        }},
    });

    let found = with_secrets(&document);

    assert_eq!(found.iter().cloned().collect::<Vec<_>>(), [("/x".to_owned(), Method::POST)]);
}

#[test]
fn a_request_that_changes_nothing_runs_without_a_key() {
    let found = KeylessRoutes::of(crate::openapi::document());
    let has = |path: &str| found.0.contains(&(path.to_owned(), Method::POST));

    // The body of a preview may be one with secrets, which the description cannot know.
    assert!(has("/api/v1/workspaces/{ws}/access/preview"));
    assert!(has("/api/v1/workspaces/{ws}/access/check"));
    assert!(has("/api/v1/workspaces/{ws}/blueprint/compare"));
    assert!(has("/api/v1/sessions"));
    assert!(!has("/api/v1/workspaces/{ws}/members/{id}/deactivate"));
    assert!(!has("/api/v1/workspaces"));
}
