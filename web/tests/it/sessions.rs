//! The list of sessions, and what is deleted once it has expired.

use axum::http::Request;
use hallpass_domain::time::Span;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, TestServer};
use serde_json::json;

/// Signs Anna in with a client of some name.
async fn sign_in(server: &TestServer, client: &str) -> Answer {
    let body = json!({"email": "anna@example.com", "password": PASSWORD}).to_string();
    let request = Request::post("/api/v1/sessions")
        .header("content-type", "application/json")
        .header("user-agent", client)
        .body(body.into())
        .unwrap();
    server.anonymous().send(request).await
}

#[tokio::test]
async fn the_name_of_a_client_is_shown_without_control_characters_and_cut() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let long = "x".repeat(300);
    for (client, shown) in [
        ("Firefox/140 (Linux)", "Firefox/140 (Linux)"),
        ("Fire\tfox", "Firefox"),
        (long.as_str(), &long[..200]),
    ] {
        let _ = sign_in(&server, client).await.expect(201);
        let sessions = anna.get("/api/v1/me/sessions").await.expect(200);
        assert!(sessions.each("client").contains(&shown.into()), "{}", sessions.text);
    }
}

/// The rows of tables that hold what expires.
async fn counts(server: &TestServer, tables: &[&str]) -> Vec<i64> {
    let mut tx = server.app.db().read().await.unwrap();
    let none: [hallpass_store::Value; 0] = [];
    let mut counts = Vec::new();
    for table in tables {
        let row = tx.query_one(&format!("SELECT count(*) FROM {table}"), &none).await.unwrap();
        counts.push(row.int(0).unwrap());
    }
    counts
}

#[tokio::test]
async fn sessions_links_and_failures_are_deleted_once_they_have_expired() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let stranger = server.anonymous();
    let wrong = json!({"email": "anna@example.com", "password": "wrong horse battery"});
    stranger.post("/api/v1/sessions", wrong).await.refused(401, "bad_credentials");
    let reset = json!({"email": "anna@example.com"});
    let _ = stranger.post("/api/v1/password-resets", reset).await.expect(204);
    let tables = ["sessions", "links", "attempts", "devices"];
    let before = counts(&server, &tables).await;
    assert!(before.iter().all(|rows| *rows > 0), "{before:?}");

    server.app.sessions().delete_expired().await.unwrap();
    assert_eq!(counts(&server, &tables).await, before, "none has expired");
    assert_eq!(anna.get("/api/v1/me").await.status, 200);
    server.clock.advance(Span::days(401));
    server.app.sessions().delete_expired().await.unwrap();

    assert_eq!(counts(&server, &tables).await, [0; 4]);
}

/// A browser that was left open does not end the other sessions of its account.
#[tokio::test]
async fn another_session_is_ended_soon_after_a_sign_in_and_the_own_at_any_time() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let _ = sign_in(&server, "other").await.expect(201);
    let sessions = anna.get("/api/v1/me/sessions").await.expect(200);
    let id = |is_current: bool| {
        let mut items = sessions.items().iter();
        let found = items.find(|one| one["current"] == json!(is_current));
        let id = found.unwrap_or_else(|| panic!("{}", sessions.text))["id"].as_str().unwrap();
        format!("/api/v1/me/sessions/{id}")
    };
    server.clock.advance(Span::minutes(16));

    let refused = anna.delete(&id(false)).await;
    let missing = refused.body["missing"].clone();
    refused.refused(401, "step_up");
    assert_eq!(missing, json!(["recent_sign_in"]));
    assert_eq!(anna.get("/api/v1/me/sessions").await.items().len(), 2);

    let again = json!({"password": PASSWORD});
    let _ = anna.post("/api/v1/sessions/current/authentications", again).await.expect(200);
    let _ = anna.delete(&id(false)).await.expect(204);
    assert_eq!(anna.get("/api/v1/me/sessions").await.items().len(), 1);
    server.clock.advance(Span::minutes(16));
    let _ = anna.delete(&id(true)).await.expect(204);
    assert_eq!(anna.get("/api/v1/me/sessions").await.status, 401);
}
