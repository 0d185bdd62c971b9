//! The description declares the secrets of bodies.

use serde_json::json;

use super::*;

#[test]
fn every_body_with_a_password_is_declared() {
    let found = SecretBodies::of(crate::openapi::document());
    let has = |path: &str, method: Method| found.0.contains(&(path.to_owned(), method));

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

    let found = SecretBodies::of(&document);

    assert_eq!(found.0.iter().cloned().collect::<Vec<_>>(), [("/x".to_owned(), Method::POST)]);
}
