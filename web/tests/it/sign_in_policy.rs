//! The sign-in policy of a workspace: in force on every request, whatever the session was good for before.

use hallpass_domain::session::policy::RECENT;
use hallpass_domain::time::Span;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

const SECURITY: &str = "/settings/security";

async fn prove(person: &Person) -> Answer {
    person.post("/api/v1/sessions/current/authentications", json!({"password": PASSWORD})).await
}

/// Requests to read, to write, to decide, and for a page of the console.
async fn every_door(person: &Person) -> Vec<Answer> {
    let record = json!({"fields": {"name": "Initech"}});
    let check =
        json!({"member": person.id, "checks": [{"resource": "contacts", "action": "read"}]});
    vec![
        person.get("").await,
        person.get("/me").await,
        person.get("/records/contacts").await,
        person.get("/records/contacts/export").await,
        person.post("/records/contacts", record).await,
        person.post("/access/check", check).await,
        person.post("/leave", json!({})).await,
    ]
}

async fn is_missing(person: &Person, what: &str) {
    for answer in every_door(person).await {
        answer.refused(401, "step_up");
        assert_eq!(answer.body["missing"], json!([what]), "{}", answer.text);
    }
    let page = person.open("/workspace/acme").await;
    assert_eq!(page.status, 303, "{}", page.text);
    let place = page.header("location");
    assert!(place.starts_with(&format!("/step-up?missing={what}&next=")), "{place}");
    // The account itself and its other workspaces are not concerned.
    let _ = person.get("/api/v1/me").await.expect(200);
}

pub(crate) async fn an_unused_session_is_not_good(workspace: &TestWorkspace<'_>) {
    let server = workspace.server;
    let other = server.found_as("zoe", "standard", "other").await;
    let _ = other.invite(&other.anna, "anna", json!({"role": "member"})).await.expect(201);
    let _ = other.accept(&workspace.anna, "anna").await.expect(201);
    let _ = workspace.anna.patch(SECURITY, json!({"idle_minutes": 30})).await.expect(200);
    let before = workspace.anna.same_session();

    server.clock.advance(Span::minutes(29));
    let _ = workspace.anna.get("").await.expect(200);
    server.clock.advance(Span::minutes(31));
    // Use of another workspace in between changes nothing.
    let _ = workspace.anna.at("other").await.get("").await.expect(200);
    server.clock.advance(Span::minutes(5));
    is_missing(&workspace.anna, "sign_in").await;

    let _ = prove(&workspace.anna).await.expect(200);
    let _ = workspace.anna.get("").await.expect(200);
    before.get("").await.refused(401, "not_signed_in");
}

pub(crate) async fn an_old_sign_in_is_not_good(workspace: &TestWorkspace<'_>) {
    let _ = workspace.anna.patch(SECURITY, json!({"absolute_minutes": 60})).await.expect(200);
    for _ in 0..5 {
        workspace.server.clock.advance(Span::minutes(11));
        let _ = workspace.anna.get("").await.expect(200);
    }
    workspace.server.clock.advance(Span::minutes(5));
    is_missing(&workspace.anna, "sign_in").await;
    let _ = prove(&workspace.anna).await.expect(200);
    let _ = workspace.anna.get("").await.expect(200);
}

pub(crate) async fn a_recent_sign_in_is_as_young_as_set(workspace: &TestWorkspace<'_>) {
    let _ = workspace.anna.patch(SECURITY, json!({"step_up_minutes": 5})).await.expect(200);
    workspace.server.clock.advance(Span::minutes(5));
    let key = json!({"name": "Import"});
    let refused = workspace.anna.post("/api-keys", key.clone()).await;
    refused.refused(401, "step_up");
    assert_eq!(refused.body["missing"], json!(["recent_sign_in"]));
    let _ = prove(&workspace.anna).await.expect(200);
    let _ = workspace.anna.post("/api-keys", key).await.expect(201);
}

pub(crate) async fn only_those_networks_enter(workspace: &TestWorkspace<'_>) {
    let at_work = workspace.anna.behind([192, 0, 2, 7]);
    let key =
        at_work.post("/api-keys", json!({"name": "Import"})).await.expect(201).text("key");
    let only = |network: &str| json!({"allowed_networks": [network]});
    let refused = at_work.patch(SECURITY, only("198.51.100.0/24")).await;
    assert_eq!(refused.body["errors"][0]["code"], "excludes_you", "{}", refused.text);
    let _ = at_work.patch(SECURITY, only("192.0.2.0/24")).await.expect(200);

    let _ = at_work.get("").await.expect(200);
    let _ = at_work.with_api_key(&key).get("").await.expect(200);
    let at_home = workspace.anna.behind([198, 51, 100, 7]);
    for person in [&at_home, &at_home.with_api_key(&key), &workspace.anna] {
        for answer in every_door(person).await {
            answer.refused(403, "denied");
            assert!(answer.text("detail").contains("networks"), "{}", answer.text);
        }
    }
    let page = at_home.open("/workspace/acme").await;
    assert_eq!(page.status, 403, "{}", page.text);
    let _ = at_home.get("/api/v1/me").await.expect(200);
    let entries = at_work.get("/audit?action=workspace:enter").await.expect(200);
    assert!(!entries.items().is_empty(), "{}", entries.text);
}

pub(crate) async fn a_second_factor_is_asked_from_its_day(workspace: &TestWorkspace<'_>) {
    let path = "/settings/authentication";
    let from = |day: &str| json!({"require_second_factor": day});
    let refused = workspace.anna.patch(path, from("2020-01-01")).await;
    assert_eq!(refused.body["errors"][0]["code"], "excludes_you", "{}", refused.text);
    let now = workspace.server.app.now();
    let tomorrow = (now + Span::days(1)).to_string();
    let _ = workspace.anna.patch(path, from(&tomorrow[..10])).await.expect(200);
    let _ = workspace.anna.get("").await.expect(200);

    workspace.server.clock.advance(Span::days(1));
    is_missing(&workspace.anna, "second_factor").await;
    let _ = prove(&workspace.anna).await.expect(200);
    is_missing(&workspace.anna, "second_factor").await;
}

/// HARMONY-24: without a stricter policy, no workspace asks for a further proof.
#[tokio::test]
async fn without_a_policy_nothing_more_is_asked() {
    let server = TestServer::in_memory().await;
    let first = server.found("harmony").await;
    let second = server.found_as("zoe", "harmony", "other").await;
    let _ = second.invite(&second.anna, "anna", json!({"role": "member"})).await.expect(201);
    let _ = second.accept(&first.anna, "anna").await.expect(201);
    server.clock.advance(Span::days(13));
    let anna = first.anna.at("other").await;
    let _ = anna.get("").await.expect(200);
    let _ = first.anna.get("").await.expect(200);

    let _ = prove(&second.anna).await;
    let stricter = json!({"idle_minutes": 60});
    let _ = second.anna.patch(SECURITY, stricter).await.expect(200);
    anna.get("").await.refused(401, "step_up");
    let _ = first.anna.get("").await.expect(200);
    let _ = prove(&anna).await.expect(200);
    let _ = anna.get("").await.expect(200);
}

/// Every dangerous act, with a body that is good in the standard model.
fn dangerous(member: &str) -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("POST", "/ownership", json!({"to": member})),
        ("POST", "/billing/contact", json!({"to": member})),
        ("POST", "/billing/plan", json!({"plan": "starter"})),
        ("PATCH", "/billing", json!({"company": "Acme Ltd"})),
        ("DELETE", "", json!({"confirm": "acme"})),
        ("GET", "/export", Value::Null),
        ("POST", "/api-keys", json!({"name": "Import"})),
        ("PATCH", "/settings/security", json!({"idle_minutes": 60})),
        ("PATCH", "/settings/authentication", json!({"allowed_domains": ["example.com"]})),
        ("PUT", "/blueprint", json!({"blueprint": "standard", "comparison": "x"})),
    ]
}

#[tokio::test]
async fn dangerous_acts_take_a_recent_sign_in() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let anna = &workspace.anna;
    server.clock.advance(RECENT);
    for (method, path, body) in dangerous(&ben.id) {
        let body = Some(body).filter(|body| !body.is_null());
        let refused = anna.request(method, path, body).await;
        refused.refused(401, "step_up");
        assert_eq!(refused.body["missing"], json!(["recent_sign_in"]), "{method} {path}");
    }
    let of_account = anna.delete_with("/api/v1/me", json!({"confirm": "DELETE"})).await;
    of_account.refused(401, "step_up");
    // What is not dangerous goes on.
    let _ = anna
        .post("/records/contacts", json!({"fields": workspace.fields("contacts", "Initech")}))
        .await;
    let _ = anna.patch("", json!({"name": "Acme Europe"})).await.expect(200);

    let wrong = json!({"password": "quite another horse"});
    anna.post("/api/v1/sessions/current/authentications", wrong)
        .await
        .refused(422, "wrong_password");
    anna.post("/api-keys", json!({"name": "Import"})).await.refused(401, "step_up");
    let _ = prove(anna).await.expect(200);
    for (method, path, body) in dangerous(&ben.id) {
        let body = Some(body).filter(|body| !body.is_null());
        let answer = anna.request(method, path, body).await;
        assert_ne!(answer.status, 401, "{method} {path}: {}", answer.text);
        if path == "/ownership" {
            // Anna gets it back.
            let _ = prove(&ben).await.expect(200);
            let _ = ben.post("/ownership", json!({"to": anna.id})).await;
        }
        if method == "DELETE" {
            break;
        }
    }
}

#[tokio::test]
async fn a_role_of_the_top_is_given_and_taken_soon_after_a_sign_in() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let path = format!("/members/{}", ben.id);
    server.clock.advance(RECENT);
    for role in ["admin", "member"] {
        let change = json!({ "role": role });
        workspace.anna.patch(&path, change.clone()).await.refused(401, "step_up");
        let _ = prove(&workspace.anna).await.expect(200);
        let _ = workspace.anna.patch(&path, change).await.expect(200);
        server.clock.advance(RECENT);
    }
    let invitation = json!({"email": "cleo@example.com", "role": "admin"});
    workspace.anna.post("/invitations", invitation.clone()).await.refused(401, "step_up");
    let _ = prove(&workspace.anna).await.expect(200);
    let _ = workspace.anna.post("/invitations", invitation).await.expect(201);
}

#[tokio::test]
async fn a_session_gets_another_token_when_it_is_proved() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let before = anna.same_session();
    let sessions = |answer: Answer| answer.expect(200).items().len();
    assert_eq!(sessions(anna.get("/api/v1/me/sessions").await), 1);
    let _ = prove(&anna).await.expect(200);
    assert_ne!(before.cookie(), anna.cookie());
    before.get("/api/v1/me").await.refused(401, "not_signed_in");
    assert_eq!(sessions(anna.get("/api/v1/me/sessions").await), 1);
}
