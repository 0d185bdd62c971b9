//! The examples of the description: a request and its responses for every operation, recorded from
//! the real router on a seeded server.
//!
//! `cargo xtask golden examples` rewrites them; read the difference before you commit.

use std::collections::BTreeSet;
use std::path::PathBuf;

use axum::body::Body;
use axum::http::Request;
use hallpass_app::Rules;
use hallpass_app::billing::stripe::signature::sign;
use hallpass_domain::time::Span;
use hallpass_testkit::{Answer, Person, TestDatabase, TestServer};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::book::{self, Route};
use super::factor;
use super::rules;
use super::scene::{Scene, Things};
use crate::stripe;

/// The headers that are recorded.
const HEADERS: [&str; 5] =
    ["Content-Disposition", "ETag", "Hallpass-Revision", "Location", "Set-Cookie"];

/// The most items of a list, and lines and characters of a text, that an example shows.
const ITEMS: usize = 2;
const LINES: usize = 4;
const CHARACTERS: usize = 400;

pub(super) fn operator() -> Rules {
    Rules { stripe_secret: Some(stripe::SECRET.to_owned()), ..Rules::default() }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/openapi/examples")
}

fn seed(name: &str) -> u64 {
    name.bytes().fold(7, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)))
}

/// A server on a copy of the database, some minutes later.
pub(super) async fn copied(from: &TestServer, name: &str) -> TestServer {
    from.app.db().checkpoint().await.unwrap();
    let database = TestDatabase::folder();
    std::fs::copy(from.database.location(), database.location()).unwrap();
    let server = TestServer::seeded(database, operator(), seed(name)).await;
    server.clock.advance(Span::minutes(14));
    server
}

/// Who sends the request.
pub(super) fn caller<'s>(scene: &'s Scene, route: &Route) -> &'s Person {
    match route.name().as_str() {
        "POST /accounts"
        | "POST /setup/{token}"
        | "POST /sessions"
        | "POST /sessions/passkey"
        | "POST /sessions/passkey/options"
        | "POST /password-resets"
        | "PUT /password-resets/{token}"
        | "POST /confirmations"
        | "POST /confirmations/{token}"
        | "POST /address-changes/{token}"
        | "DELETE /address-changes/{token}"
        | "POST /billing/stripe"
        | "GET /invitations/{token}"
        | "POST /invitations/{token}/accept" => &scene.anonymous,
        "DELETE /me" | "POST /workspaces/{ws}/leave" => &scene.admin,
        _ => &scene.anna,
    }
}

/// What has to happen before the request.
pub(super) async fn prepare(server: &TestServer, scene: &Scene, route: &Route) {
    let anna = server.with_session_of(&scene.anna);
    match route.name().as_str() {
        "POST /workspaces/{ws}/restore" => {
            let body = json!({"confirm": scene.here.slug});
            let path = format!("/api/v1/workspaces/{}", scene.here.slug);
            let _ = anna.request("DELETE", &path, Some(body)).await.expect(204);
        }
        "DELETE /workspaces/{ws}/view" => {
            let password = hallpass_testkit::test_server::PASSWORD;
            let body = json!({"member": scene.here.of("member"), "password": password});
            let path = format!("/api/v1/workspaces/{}/view", scene.here.slug);
            let _ = anna.put(&path, body).await.expect(200);
        }
        "DELETE /workspaces/{ws}/api-keys/{id}/former-secret" => {
            let path = format!("/api-keys/{}/rotate", scene.here.of("API key"));
            let _ = anna.post(&path, json!({})).await.expect(200);
        }
        "POST /workspaces/{ws}/members/{id}/reactivate" => {
            let path = format!("/members/{}/deactivate", scene.here.of("member"));
            let _ = anna.post(&path, json!({})).await.expect(200);
        }
        "POST /setup/{token}" => empty(server, &scene.here.of("set-up link")).await,
        "DELETE /me/totp" | "POST /me/recovery-codes" => {
            factor::insert_app(server, &anna.get("/api/v1/me").await.id()).await;
        }
        "PATCH /me/passkeys/{id}" | "DELETE /me/passkeys/{id}" | "GET /me/passkeys" => {
            factor::insert_passkey(server, &anna.get("/api/v1/me").await.id()).await;
        }
        "DELETE /me/devices/{id}" | "GET /me/devices" => {
            factor::insert_device(server, &anna.get("/api/v1/me").await.id()).await;
        }
        "DELETE /workspaces/{ws}/members/{id}/factors" => {
            let path = format!("/members/{}", scene.here.of("member"));
            factor::insert_app(server, &anna.get(&path).await.text("account")).await;
        }
        _ => {}
    }
}

/// Deletes every account, and lets a set-up link work.
async fn empty(server: &TestServer, link: &str) {
    let mut tx = server.app.db().write().await.unwrap();
    let none: [hallpass_store::Value; 0] = [];
    for table in
        ["sessions", "links", "address_changes", "devices", "account_workspaces", "accounts"]
    {
        tx.execute(&format!("DELETE FROM {table}"), &none).await.unwrap();
    }
    let until = server.app.now() + Span::hours(1);
    tx.setup_links().replace(&Sha256::digest(link), until).await.unwrap();
    tx.commit().await.unwrap();
}

fn things_of(scene: &Scene, person: &Person) -> Things {
    if person.id.is_empty() { scene.here.clone() } else { scene.here.for_caller(person) }
}

fn path(scene: &Scene, route: &Route) -> String {
    let path = route.address(&scene.here.values(route));
    format!("{path}{}", rules::needs(&route.name()))
}

/// The body of the request; an event of Stripe is about the workspace of the scene.
pub(super) async fn body(server: &TestServer, scene: &Scene, route: &Route) -> Option<Value> {
    if route.name() == "POST /billing/stripe" {
        let anna = server.with_session_of(&scene.anna);
        let path = format!("/api/v1/workspaces/{}", scene.here.slug);
        let workspace = anna.get(&path).await.expect(200).id();
        let object = stripe::invoice(&workspace, "in_2");
        let text = stripe::message(server, "evt_4", "invoice.paid", &object);
        return Some(serde_json::from_str(&text).unwrap());
    }
    let person = caller(scene, route);
    if let Some(body) = factor::body(server, scene, route).await {
        return Some(body);
    }
    route.has_body.then(|| rules::body(&route.name(), &things_of(scene, person)))
}

/// Sends the request of an operation, with more headers if they are given.
pub(super) async fn send(
    server: &TestServer,
    scene: &Scene,
    (person, route): (&Person, &Route),
    (body, header): (Option<&Value>, Option<(&str, &str)>),
) -> Answer {
    let text = body.map(Value::to_string).unwrap_or_default();
    let mut request = Request::builder().method(route.method.as_str()).uri(path(scene, route));
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    if route.name() == "POST /billing/stripe" {
        let signature = sign(stripe::SECRET, text.as_bytes(), server.app.now());
        request = request.header("stripe-signature", signature);
    }
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    server.with_session_of(person).send(request.body(Body::from(text)).unwrap()).await
}

/// A value as an example shows it: lists and texts are shortened.
fn shortened(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().take(ITEMS).map(shortened).collect(),
        Value::Object(map) => {
            let fields = map.iter().map(|(key, value)| (key.clone(), shortened(value)));
            Value::Object(fields.collect())
        }
        Value::String(text) => json!(short_text(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn short_text(text: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').take(LINES).collect();
    let short: String = lines.concat().chars().take(CHARACTERS).collect();
    if short.len() < text.len() { format!("{}…", short.trim_end()) } else { short }
}

/// The success of an operation as it is recorded.
fn recorded(answer: &Answer) -> Value {
    let mut headers = Map::new();
    for name in HEADERS {
        let value = answer.header(name);
        if !value.is_empty() {
            headers.insert(name.to_owned(), json!(value));
        }
    }
    let mut response = json!({"status": answer.status, "headers": headers});
    if answer.header("content-type").starts_with("application/json") {
        response["body"] = shortened(&answer.body);
    } else if !answer.text.is_empty() {
        // Each line of an export is whole.
        let lines: Vec<&str> = answer.text.split_inclusive('\n').take(LINES).collect();
        response["text"] = json!(lines.concat());
        let kind = answer.header("content-type");
        response["content_type"] = json!(kind.split(';').next().unwrap_or_default());
    }
    response
}

/// The example of an operation: the success, and one problem of each status that comes up when the
/// request is wrong, is sent by a member without permissions, or is sent twice.
async fn example(from: &TestServer, scene: &Scene, route: &Route) -> Value {
    let name = route.name();
    let mut server = copied(from, &name).await;
    let mut good = body(&server, scene, route).await;
    let by = caller(scene, route);
    let mut answers = Vec::new();
    let denied = send(&server, scene, (&scene.plain, route), (good.as_ref(), None)).await;
    if denied.status < 300 && route.method != "GET" {
        server = copied(from, &name).await;
        good = body(&server, scene, route).await;
    }
    answers.push(denied);
    if let Some(wrong) = unknown_field(good.as_ref()) {
        answers.push(send(&server, scene, (by, route), (Some(&wrong), None)).await);
    }
    if route.has_versions {
        let stale = ("if-match", "\"99\"");
        answers.push(send(&server, scene, (by, route), (good.as_ref(), Some(stale))).await);
    }
    prepare(&server, scene, route).await;
    let answer = send(&server, scene, (by, route), (good.as_ref(), None)).await;
    assert!(answer.status < 300, "{name}: {} {}", answer.status, answer.text);
    if route.method != "GET" {
        answers.push(send(&server, scene, (by, route), (good.as_ref(), None)).await);
    }
    let mut request = json!({"path": path(scene, route)});
    if let Some(body) = good {
        request["body"] = body;
    }
    let problems = problems(answers);
    let example =
        json!({"request": request, "response": recorded(&answer), "problems": problems});
    factor::without_secrets(&example)
}

fn unknown_field(body: Option<&Value>) -> Option<Value> {
    let mut wrong = body?.clone();
    wrong.as_object_mut()?.insert("colour".to_owned(), json!("red"));
    Some(wrong)
}

/// One problem of each status.
fn problems(answers: Vec<Answer>) -> Vec<Value> {
    let mut answers = answers;
    let mut seen = BTreeSet::new();
    answers.retain(|answer| answer.status >= 400 && seen.insert(answer.status));
    answers.sort_by_key(|answer| answer.status);
    let problem =
        |answer: &Answer| json!({"status": answer.status, "body": shortened(&answer.body)});
    answers.iter().map(problem).collect()
}

/// Tokens and keys are replaced, so that no example looks like a real secret.
fn without_secrets(example: &Value, secrets: &[(String, &str)]) -> String {
    let mut text = serde_json::to_string_pretty(example).unwrap();
    for (secret, shown) in secrets {
        text = text.replace(secret, shown);
    }
    text.push('\n');
    text
}

fn secrets(scene: &Scene, example: &Value) -> Vec<(String, &'static str)> {
    let links =
        ["invitation link", "reset link", "address link", "confirmation link", "set-up link"];
    let mut secrets: Vec<(String, &str)> =
        links.iter().map(|noun| (scene.here.of(noun), "example-token")).collect();
    secrets
        .push((hallpass_testkit::test_server::PASSWORD.to_owned(), "a long example password"));
    if let Some(key) =
        example["response"]["body"]["key"].as_str().filter(|key| key.starts_with("hpk_"))
    {
        secrets.push((key.to_owned(), "hpk_example"));
    }
    let cookie = example["response"]["headers"]["Set-Cookie"].as_str().unwrap_or_default();
    let token = cookie.split(['=', ';']).nth(1).unwrap_or_default();
    if !token.is_empty() {
        secrets.push((token.to_owned(), "example-token"));
    }
    secrets
}

/// Fills the workspace with what examples show: an invoice, a card, a plan.
pub(super) async fn furnish(server: &TestServer, scene: &Scene) {
    let path = format!("/api/v1/workspaces/{}", scene.here.slug);
    let workspace = scene.anna.get(&path).await.expect(200).id();
    let customer = format!("cus_{workspace}");
    let checkout = stripe::checkout(&customer, &workspace);
    let _ = stripe::deliver(server, "evt_2", "checkout.session.completed", &checkout).await;
    let subscription = json!({
        "id": "sub_1", "status": "active", "customer": customer, "metadata": {"plan": "agency"},
        "current_period_end": server.app.now().as_seconds() + 30 * 86_400,
    });
    let _ =
        stripe::deliver(server, "evt_3", "customer.subscription.created", &subscription).await;
    let invoice = stripe::invoice(&workspace, "in_1");
    let _ = stripe::deliver(server, "evt_1", "invoice.finalized", &invoice).await;
    let card = stripe::card(&workspace);
    let _ = stripe::deliver(server, "evt_0", "customer.source.created", &card).await;
}

#[tokio::test]
async fn every_operation_has_a_recorded_example() {
    let server = TestServer::seeded(TestDatabase::folder(), operator(), 1).await;
    let scene = Scene::on(&server).await;
    furnish(&server, &scene).await;
    let rewrites = std::env::var_os("HALLPASS_REWRITE").is_some();
    let document = hallpass_web::openapi::document();
    let mut files = BTreeSet::new();
    for route in book::api() {
        let operation = &document["paths"][&route.path][route.method.to_lowercase()];
        let name = format!("{}.json", operation["operationId"].as_str().unwrap());
        let example = example(&server, &scene, &route).await;
        let problems = example["problems"].as_array().unwrap();
        for status in problems.iter().chain([&example["response"]]).map(|one| &one["status"]) {
            let is_described = operation["responses"].get(status.to_string()).is_some();
            assert!(is_described, "{}: {status} is not described", route.name());
        }
        let found = without_secrets(&example, &secrets(&scene, &example));
        let path = folder().join(&name);
        if rewrites {
            std::fs::write(&path, &found).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(golden, found, "`cargo xtask golden examples` rewrites `{name}`");
        files.insert(name);
    }
    for file in std::fs::read_dir(folder()).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        if !files.contains(&name) && rewrites {
            std::fs::remove_file(folder().join(&name)).unwrap();
        } else {
            assert!(files.contains(&name), "`{name}` is an example of no operation");
        }
    }
}
