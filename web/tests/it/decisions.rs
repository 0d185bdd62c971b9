//! Decisions by what is remembered: without a statement as long as nothing is committed, and right after
//! whatever changes them.

use hallpass_domain::time::Span;
use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::{Value, json};

const SECURITY: &str = "/settings/security";

async fn ask(person: &Person, about: Option<&Person>) -> Answer {
    let checks = json!([{"resource": "contacts", "action": "delete", "owner": "unowned"}]);
    let mut body = json!({ "checks": checks });
    if let Some(about) = about {
        body["member"] = json!(about.id);
    }
    person.post("/access/check", body).await
}

/// Asks until the answer is remembered, and returns how many statements it took then.
async fn remembered(server: &TestServer, person: &Person, about: Option<&Person>) -> u64 {
    for _ in 0..2 {
        let _ = ask(person, about).await.expect(200);
    }
    let before = server.app.db().load().statements_total;
    let _ = ask(person, about).await.expect(200);
    server.app.db().load().statements_total - before
}

async fn key(person: &Person, body: Value) -> Person {
    let made = person.post("/api-keys", body).await.expect(201);
    person.with_api_key(&made.text("key"))
}

#[tokio::test]
async fn a_decision_takes_no_statement_while_nothing_is_committed() {
    let server = TestServer::on_file().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let whole = key(&workspace.anna, json!({"name": "Whole"})).await;
    let scoped = json!({"name": "Part", "scopes": ["contacts:read", "contacts:delete"]});
    let scoped = key(&workspace.anna, scoped).await;

    for (person, about) in [
        (&workspace.anna, None),
        (&workspace.anna, Some(&ben)),
        (&ben, None),
        (&whole, None),
        (&scoped, None),
    ] {
        assert_eq!(remembered(&server, person, about).await, 0);
    }
    // The control: one commit, of whatever else.
    let other = server.sign_up("otto").await;
    let before = server.app.db().load().statements_total;
    let _ = ask(&workspace.anna, None).await.expect(200);
    assert!(server.app.db().load().statements_total > before);
    drop(other);
    // A question about a record reads it, whatever is remembered.
    let contact = workspace.record(&workspace.anna, "contacts", "Zoe").await;
    assert_eq!(remembered(&server, &workspace.anna, None).await, 0);
    let checks = json!([{"resource": "contacts", "action": "read", "record": contact}]);
    let body = json!({ "checks": checks });
    let found = workspace.anna.post("/access/check", body).await.expect(200);
    assert_eq!(found.body["results"], json!([true]));
}

#[tokio::test]
async fn each_change_is_in_the_next_decision() {
    let server = TestServer::on_file().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let path = format!("/members/{}", ben.id);
    let program = key(&ben, json!({"name": "Import"})).await;

    for round in 0..40 {
        let role = if round % 2 == 0 { "member" } else { "admin" };
        for person in [&ben, &program] {
            assert_eq!(remembered(&server, person, None).await, 0);
        }
        let _ = anna.patch(&path, json!({ "role": role })).await.expect(200);
        let is_admin = json!([role == "admin"]);
        for (person, about) in [(&ben, None), (&program, None), (anna, Some(&ben))] {
            let answer = ask(person, about).await.expect(200);
            assert_eq!(answer.body["results"], is_admin, "round {round}");
        }
    }
}

#[tokio::test]
async fn what_ends_access_ends_decisions() {
    let server = TestServer::on_file().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let people = ["ben", "cleo", "dora", "emil"];
    let mut joined = Vec::new();
    for name in people {
        joined.push(workspace.join(name, json!({"role": "admin"})).await);
    }
    let [ben, cleo, dora, emil] = joined.try_into().ok().unwrap();
    let made = anna.post("/api-keys", json!({"name": "Import"})).await.expect(201);
    let program = anna.with_api_key(&made.text("key"));
    let of_cleo = key(&cleo, json!({"name": "Import"})).await;
    for person in [&ben, &cleo, &dora, &emil, &program, &of_cleo] {
        assert_eq!(remembered(&server, person, None).await, 0);
    }

    let _ = anna.delete(&format!("/api-keys/{}", made.id())).await.expect(204);
    ask(&program, None).await.refused(401, "not_signed_in");
    let path = format!("/members/{}/deactivate", cleo.id);
    let _ = anna.post(&path, json!({})).await.expect(200);
    assert_eq!(ask(&cleo, None).await.status, 404);
    ask(&of_cleo, None).await.refused(401, "not_signed_in");
    let _ = anna.delete(&format!("/members/{}", dora.id)).await.expect(204);
    assert_eq!(ask(&dora, None).await.status, 404);

    // Another process deletes the session.
    assert_eq!(remembered(&server, &emil, None).await, 0);
    let another = server.another().await;
    let mut tx = another.db().write().await.unwrap();
    let _ = tx.execute("DELETE FROM sessions", &[]).await.unwrap();
    let before_commit = ask(&emil, None).await;
    assert_eq!(before_commit.status, 200);
    tx.commit().await.unwrap();
    for person in [&emil, &ben, anna] {
        ask(person, None).await.refused(401, "not_signed_in");
    }
}

#[tokio::test]
async fn what_time_and_place_end_is_not_remembered() {
    let server = TestServer::on_file().await;
    let workspace = server.found("standard").await;
    let at = (server.app.now() + Span::minutes(20)).to_string();
    let at_work = workspace.anna.behind([192, 0, 2, 7]);
    let expiring = key(&at_work, json!({"name": "Import", "expires_at": at})).await;
    let bound = json!({"name": "Office", "networks": ["192.0.2.0/24"]});
    let bound = key(&at_work, bound).await;
    let only = json!({"allowed_networks": ["192.0.2.0/24"], "absolute_minutes": 60});
    let _ = at_work.patch(SECURITY, only).await.expect(200);
    for person in [&at_work, &expiring, &bound] {
        assert_eq!(remembered(&server, person, None).await, 0);
    }

    // The same credentials from elsewhere.
    for person in [&at_work, &bound] {
        let elsewhere = person.behind([198, 51, 100, 7]);
        let denied = ask(&elsewhere, None).await;
        denied.refused(403, "denied");
        assert!(denied.text("detail").contains("networks"), "{}", denied.text);
    }
    let entries = at_work.get("/audit?action=workspace:enter").await.expect(200);
    assert_eq!(entries.items()[0]["times"], 2, "{}", entries.text);

    server.clock.advance(Span::minutes(21));
    ask(&expiring, None).await.refused(401, "not_signed_in");
    let _ = ask(&at_work, None).await.expect(200);
    server.clock.advance(Span::minutes(40));
    ask(&at_work, None).await.refused(401, "step_up");
}

#[tokio::test]
async fn a_question_about_another_is_denied_and_audited_once() {
    let server = TestServer::on_file().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let scopes = ["contacts:read", "contacts:delete"];
    let program = key(&workspace.anna, json!({"name": "Import", "scopes": scopes})).await;
    assert_eq!(remembered(&server, &program, None).await, 0);

    for _ in 0..2 {
        ask(&program, Some(&ben)).await.refused(403, "insufficient_scope");
    }
    let denials = workspace.anna.get("/audit?outcome=denied").await.expect(200);
    assert_eq!(denials.items().len(), 1, "{}", denials.text);
    assert_eq!(denials.items()[0]["times"], 2, "{}", denials.text);

    // A member of another workspace is none here.
    let elsewhere = server.found_as("otto", "standard", "other").await;
    assert_eq!(remembered(&server, &workspace.anna, Some(&ben)).await, 0);
    let unknown = ask(&workspace.anna, Some(&elsewhere.anna)).await;
    assert_eq!(unknown.status, 404, "{}", unknown.text);
}
