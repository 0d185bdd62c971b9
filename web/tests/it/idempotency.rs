//! Stored responses to requests with a key: bounded, without secrets, and only for whom they are.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use hallpass_domain::id::WorkspaceId;
use hallpass_domain::time::Span;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::{Value, json};

async fn keyed(person: &Person, path: &str, body: &Value) -> Answer {
    let request = Request::post(person.uri(path))
        .header("content-type", "application/json")
        .header("idempotency-key", "one-and-only");
    person.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn stored(server: &TestServer) -> i64 {
    let mut tx = server.app.db().read().await.unwrap();
    tx.query_one("SELECT COUNT(*) AS n FROM stored_responses", &[])
        .await
        .unwrap()
        .int(0)
        .unwrap()
}

#[tokio::test]
async fn a_response_is_not_repeated_to_who_is_no_member_any_more() {
    for (how, blueprint, path) in [
        ("remove", "standard", "/records/contacts"),
        ("deactivate", "team-management", "/records/deals"),
    ] {
        let server = TestServer::in_memory().await;
        let workspace = server.found(blueprint).await;
        let ben = workspace.join("ben", json!({"role": "admin"})).await;
        let body = json!({"fields": {"name": "Quartz"}});
        let first = keyed(&ben, path, &body).await.expect(201);
        assert_eq!(keyed(&ben, path, &body).await.expect(201).id(), first.id());

        let member = format!("/members/{}", ben.id);
        let _ = if how == "remove" {
            workspace.anna.delete(&member).await.expect(204)
        } else {
            workspace.anna.post(&format!("{member}/deactivate"), json!({})).await.expect(200)
        };

        let late = keyed(&ben, path, &body).await;
        assert!([401, 404].contains(&late.status), "{how}: {}", late.text);
        assert!(!late.text.contains("Quartz"), "{how}: {}", late.text);
    }
}

#[tokio::test]
async fn a_large_response_is_not_stored_and_its_request_not_run_again() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let text = "x".repeat(30_000);
    let body = json!({"fields": {"title": "Zoe", "text": text}});
    let first = keyed(&workspace.anna, "/records/articles", &body).await.expect(201);

    let again = keyed(&workspace.anna, "/records/articles", &body).await;
    again.refused(409, "response_not_stored");
    assert!(again.text("detail").contains(&first.id()), "{}", again.text);

    assert_eq!(workspace.anna.get("/records/articles").await.body["total"], 1);
    let mut tx = server.app.db().read().await.unwrap();
    let longest = "SELECT MAX(LENGTH(body)) AS n FROM stored_responses";
    assert!(tx.query_one(longest, &[]).await.unwrap().int(0).unwrap() < 20_000);
}

/// The refusal of the first request, although the second would succeed.
#[tokio::test]
async fn a_refusal_is_repeated() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let team = json!({"name": "Sales"});
    let id = workspace.anna.post("/teams", team.clone()).await.expect(201).id();
    keyed(&workspace.anna, "/teams", &team).await.refused(409, "name_taken");

    let _ = workspace.anna.delete(&format!("/teams/{id}")).await.expect(204);

    keyed(&workspace.anna, "/teams", &team).await.refused(409, "name_taken");
}

#[tokio::test]
async fn a_request_for_which_no_key_is_left_is_refused() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let body = json!({"fields": {"name": "Zoe"}});
    let _ = keyed(&workspace.anna, "/records/contacts", &body).await.expect(201);
    let mut tx = server.app.db().write().await.unwrap();
    let fill = "INSERT INTO stored_responses SELECT account_id, request_key || n, request_hash, \
                status, headers, body, at FROM stored_responses, \
                (WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers \
                WHERE n < 49999) SELECT n FROM numbers)";
    assert_eq!(tx.execute(fill, &[]).await.unwrap(), 49_999);
    tx.commit().await.unwrap();
    server.clock.advance(Span::hours(1));

    let again = keyed(&workspace.anna, "/records/contacts", &body).await;
    let other = Request::post(workspace.anna.uri("/teams"))
        .header("content-type", "application/json")
        .header("idempotency-key", "another");
    let other = other.body(Body::from(r#"{"name": "Sales"}"#)).unwrap();
    let other = workspace.anna.send(other).await;

    let _ = again.expect(201);
    other.refused(429, "too_many_keys");
    assert_eq!(other.header("retry-after"), (23 * 3600).to_string());
    assert_eq!(workspace.anna.get("/teams").await.body["total"], 0);
}

#[tokio::test]
async fn keys_are_not_counted_for_each_request() {
    let server = TestServer::on_file().await;
    let workspace = server.found("standard").await;
    let body = json!({"fields": {"name": "Zoe"}});
    let _ = keyed(&workspace.anna, "/records/contacts", &body).await.expect(201);
    let mut tx = server.app.db().write().await.unwrap();
    let fill = "INSERT INTO stored_responses SELECT account_id, request_key || n, request_hash, \
                status, headers, body, at FROM stored_responses, \
                (WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers \
                WHERE n < 20000) SELECT n FROM numbers)";
    assert_eq!(tx.execute(fill, &[]).await.unwrap(), 20_000);
    tx.commit().await.unwrap();
    // Later what was counted is not relied on.
    server.clock.advance(Span::hours(1));
    let before = server.app.db().load().heavy_total;

    for number in 0..10 {
        let request = Request::post(workspace.anna.uri("/teams"))
            .header("content-type", "application/json")
            .header("idempotency-key", format!("team-{number}"));
        let body = format!(r#"{{"name": "Sales {number}"}}"#);
        let _ = workspace.anna.send(request.body(Body::from(body)).unwrap()).await.expect(201);
    }

    let heavy = server.app.db().load().heavy_total - before;
    assert!(heavy <= 1, "{heavy} requests have counted");
}

#[tokio::test]
async fn nothing_of_a_request_with_a_password_is_stored() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let sign_in = json!({"email": "anna@example.com", "password": PASSWORD});
    let sign_up =
        json!({"email": "zoe@example.com", "password": PASSWORD, "first_name": "Zoe"});
    for (path, body) in [("sessions", sign_in), ("accounts", sign_up)] {
        let path = format!("/api/v1/{path}");
        let _ = keyed(&anna.same_session(), &path, &body).await.expect(201);
    }

    assert_eq!(stored(&server).await, 0);
    let body = json!({"fields": {"name": "Zoe"}});
    let _ = keyed(anna, "/records/contacts", &body).await.expect(201);
    assert_eq!(stored(&server).await, 1);
}

/// The client hangs up while its request waits for the workspace.
#[tokio::test(flavor = "multi_thread")]
async fn a_response_is_stored_although_the_client_has_hung_up() {
    let server = TestServer::on_postgres().await;
    let workspace = server.found("standard").await;
    let id: WorkspaceId = workspace.anna.get("").await.expect(200).id().parse().unwrap();
    let body = json!({"fields": {"name": "Zoe"}});
    let holder = server.app.db().write_in(id.0).await.unwrap();
    let request = keyed(&workspace.anna, "/records/contacts", &body);
    assert!(tokio::time::timeout(Duration::from_millis(500), request).await.is_err());
    assert_eq!(stored(&server).await, 0);
    drop(holder);

    let created = async { while stored(&server).await == 0 {} };
    tokio::time::timeout(Duration::from_secs(20), created).await.unwrap();

    let found = workspace.anna.get("/records/contacts").await.expect(200).each("id");
    let again = keyed(&workspace.anna, "/records/contacts", &body).await.expect(201);
    assert_eq!(found, [again.id()]);
}
