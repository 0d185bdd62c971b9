//! What a browser forgets when its session ends.

use axum::body::Body;
use axum::http::Request;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::json;

use super::routes::secure;

/// Checks that a browser forgets the session and what it has stored, and remains the same device.
#[track_caller]
fn forgets(answer: &Answer, what: &str) {
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"", "{what}");
    let lines = answer.headers.get_all("set-cookie").iter();
    let lines: Vec<&str> = lines.map(|line| line.to_str().unwrap()).collect();
    let gone = lines.iter().find(|line| line.starts_with("__Host-hallpass_session=;"));
    assert!(gone.is_some_and(|line| line.contains("Max-Age=0")), "{what}: {lines:?}");
    assert!(!lines.iter().any(|line| line.contains("_device=")), "{what}: {lines:?}");
}

/// A new account of its own, in a workspace.
async fn person(server: &TestServer, name: &str) -> Person {
    let person = server.sign_up(name).await;
    let workspace = json!({"name": name, "slug": name, "blueprint": "standard"});
    let _ = person.post("/api/v1/workspaces", workspace).await.expect(201);
    person.at(name).await
}

async fn current(person: &Person) -> String {
    let sessions = person.get("/api/v1/me/sessions").await.expect(200);
    let current = sessions.items().iter().find(|one| one["current"] == true).unwrap();
    current["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_browser_forgets_what_it_has_stored_with_its_session() {
    let server = secure().await;

    let anna = person(&server, "anna").await;
    forgets(&anna.delete("/api/v1/sessions/current").await.expect(204), "sign out");
    let ben = person(&server, "ben").await;
    forgets(&ben.submit("/sign-out", &[]).await.expect(303), "sign out on the page");
    let cleo = person(&server, "cleo").await;
    let path = format!("/api/v1/me/sessions/{}", current(&cleo).await);
    forgets(&cleo.delete(&path).await.expect(204), "revoke the own session");
    let dana = person(&server, "dana").await;
    let path = format!("profile/sessions/{}", current(&dana).await);
    forgets(&dana.submit(&path, &[]).await.expect(303), "revoke the own session on the page");
    let emil = server.sign_up("emil").await;
    let deleted = emil.delete_with("/api/v1/me", json!({"confirm": "DELETE"})).await;
    forgets(&deleted.expect(204), "delete the account");
    for person in [&anna, &ben, &cleo, &dana, &emil] {
        let _ = person.get("/api/v1/me").await.expect(401);
    }
}

#[tokio::test]
async fn a_browser_keeps_what_it_has_stored_with_its_session() {
    let server = secure().await;
    let anna = person(&server, "anna").await;
    let other = server.anonymous();
    let body = json!({"email": "anna@example.com", "password": PASSWORD});
    let signed_in = other.post("/api/v1/sessions", body).await.expect(201);
    let path = format!("/api/v1/me/sessions/{}", current(&other).await);

    let revoked = anna.delete(&path).await.expect(204);
    let wrong = Request::get("/api/v1/me").header("cookie", "__Host-hallpass_session=x");
    let wrong = server.anonymous().send(wrong.body(Body::empty()).unwrap()).await.expect(401);

    for answer in [signed_in, revoked, wrong, anna.get("/api/v1/me").await] {
        assert_eq!(answer.header("clear-site-data"), "");
    }
}
