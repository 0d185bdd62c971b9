//! Routes that take no body: they run with none and with an object without fields, and refuse every other
//! body before they do anything.

use axum::body::Body;
use axum::http::Request;
use hallpass_testkit::{Answer, Person, TestDatabase, TestServer};
use serde_json::json;

use super::book::{self, Route};
use super::examples::{caller, copied, furnish, operator, prepare};
use super::scene::{Scene, census, send};
use super::{examples, problem};

const JSON: &str = "application/json";

/// The routes that change something and take no body.
fn bodiless() -> Vec<Route> {
    let routes = book::api().into_iter();
    let routes: Vec<Route> =
        routes.filter(|route| route.method != "GET" && !route.has_body).collect();
    assert!(routes.len() > 35, "{} routes", routes.len());
    routes
}

/// The status, the code and the places of a refusal.
type Refused = (u16, &'static str, Vec<&'static str>);

/// Bodies that none of them takes, each with its type and the answer.
fn bad_bodies() -> Vec<(&'static str, Vec<u8>, Refused)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        (JSON, text(r#"{"dry_run": true}"#), (422, "invalid", vec!["/dry_run"])),
        (
            JSON,
            text(r#"{"role": "admin", "a/b": 1}"#),
            (422, "invalid", vec!["/role", "/a~1b"]),
        ),
        (JSON, text("[]"), (422, "invalid", vec![""])),
        (JSON, text("7"), (422, "invalid", vec![""])),
        (JSON, text("{} {}"), (422, "not_json", vec![])),
        (JSON, text("{"), (422, "not_json", vec![])),
        (JSON, text(" "), (422, "not_json", vec![])),
        (JSON, b"{\"m\xfcller\": 1}".to_vec(), (422, "not_json", vec![])),
        (JSON, text(&format!("{{{}}}", " ".repeat(16 << 10))), (413, "too_large", vec![])),
        (
            JSON,
            text(&format!("{{\"a\": \"{}\"}}", "x".repeat(3 << 20))),
            (413, "too_large", vec![]),
        ),
        ("application/json; charset=utf-16", text("{}"), (415, "not_json", vec![])),
        ("text/plain", text("{}"), (415, "not_json", vec![])),
        ("application/x-www-form-urlencoded", text("dry_run=true"), (415, "not_json", vec![])),
    ]
}

fn pointers(answer: &Answer) -> Vec<String> {
    let errors = answer.body["errors"].as_array().into_iter().flatten();
    errors.map(|one| one["pointer"].as_str().unwrap().to_owned()).collect()
}

async fn refuse_bodies(server: TestServer) {
    let scene = Scene::on(&server).await;
    let document = hallpass_web::openapi::document();
    for route in bodiless() {
        let operation = &document["paths"][&route.path][route.method.to_lowercase()];
        let before = census(&server).await;
        for (kind, body, (status, code, places)) in bad_bodies() {
            let shown: String = String::from_utf8_lossy(&body).chars().take(40).collect();
            let what = format!("{} {kind} {shown}", route.name());
            let answer = send(&scene.anna, &route, &scene.here, kind, body.clone()).await;
            problem(&answer, &[status], &what);
            assert_eq!(answer.code(), code, "{what}: {}", answer.text);
            assert_eq!(pointers(&answer), places, "{what}: {}", answer.text);
            assert!(operation["responses"][status.to_string()].is_object(), "{what}");
            // Who has to sign in learns that first.
            let answer = send(&scene.anonymous, &route, &scene.here, kind, body).await;
            let is_public = operation["security"].is_array();
            problem(&answer, &[if is_public { status } else { 401 }], &what);
        }
        assert_eq!(census(&server).await, before, "{}", route.name());
    }
}

#[tokio::test]
async fn every_body_is_refused_where_none_is_taken_on_sqlite() {
    refuse_bodies(TestServer::in_memory().await).await;
}

#[tokio::test]
async fn every_body_is_refused_where_none_is_taken_on_postgres() {
    refuse_bodies(TestServer::on_postgres().await).await;
}

#[tokio::test]
async fn an_object_without_fields_is_no_body() {
    let server = TestServer::seeded(TestDatabase::folder(), operator(), 1).await;
    let scene = Scene::on(&server).await;
    furnish(&server, &scene).await;
    for route in bodiless() {
        let server = copied(&server, &route.name()).await;
        prepare(&server, &scene, &route).await;
        let asked = (caller(&scene, &route), &route);
        let answer = examples::send(&server, &scene, asked, (Some(&json!({})), None)).await;
        assert!((200..300).contains(&answer.status), "{}: {}", route.name(), answer.text);
    }
}

/// Sends a request with the bytes of a body and these headers.
async fn post(person: &Person, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let request = Request::builder().method("POST").uri(person.uri(path));
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    person.same_session().send(request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn take_no_body(server: TestServer) {
    let scene = Scene::on(&server).await;
    let member = format!("/members/{}", scene.here.of("member"));
    let (on, off) = (format!("{member}/reactivate"), format!("{member}/deactivate"));
    let json = [("content-type", JSON)];
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let quoted = [("content-type", "Application/JSON; Charset=\"UTF-8\"")];

    let _ = post(&scene.anna, &off, &[], "").await.expect(200);
    let _ = post(&scene.anna, &on, &form, "").await.expect(200);
    let _ = post(&scene.anna, &off, &[], "{}").await.expect(200);
    let _ = post(&scene.anna, &on, &json, " { }\n").await.expect(200);
    let _ = post(&scene.anna, &off, &quoted, "{}").await.expect(200);
    let _ = post(&scene.anna, &on, &json, "null").await.expect(200);
    let _ = post(&scene.anna, &off, &[], "").await.expect(200);
    post(&scene.anna, &on, &[], "dry_run").await.refused(422, "not_json");
    let refused = post(&scene.anna, &on, &[], r#"{"dry_run": true}"#).await;

    refused.refused(422, "invalid");
    assert!(
        refused.text.contains("unknown field `dry_run`; no fields are allowed here"),
        "{}",
        refused.text
    );
    assert_eq!(scene.anna.get(&member).await.expect(200).text("status"), "inactive");
}

#[tokio::test]
async fn an_empty_body_has_any_type_and_an_empty_object_needs_none_on_sqlite() {
    take_no_body(TestServer::in_memory().await).await;
}

#[tokio::test]
async fn an_empty_body_has_any_type_and_an_empty_object_needs_none_on_postgres() {
    take_no_body(TestServer::on_postgres().await).await;
}

#[tokio::test]
async fn a_preview_refuses_the_body_that_the_change_refuses() {
    let server = TestServer::in_memory().await;
    let scene = Scene::on(&server).await;
    let path = format!("/members/{}/deactivate", scene.here.of("member"));
    let ask = async |body| {
        let change = json!({"method": "POST", "path": path, "body": body});
        let preview = scene.anna.post("/access/preview", json!({"change": change})).await;
        preview.expect(200)
    };

    let refused = ask(json!({"dry_run": true})).await;

    assert_eq!(refused.body["refused"]["status"], 422, "{}", refused.text);
    assert_eq!(refused.body["refused"]["errors"][0]["pointer"], "/dry_run");
    assert_eq!(ask(json!({})).await.body["allowed"], true);
    assert_eq!(ask(json!(null)).await.body["allowed"], true);
}

#[tokio::test]
async fn a_refused_body_has_the_key_of_its_request() {
    let server = TestServer::in_memory().await;
    let scene = Scene::on(&server).await;
    let member = format!("/members/{}", scene.here.of("member"));
    let path = format!("{member}/deactivate");
    let headers = [("content-type", JSON), ("idempotency-key", "one")];

    post(&scene.anna, &path, &headers, r#"{"dry_run": true}"#).await.refused(422, "invalid");
    post(&scene.anna, &path, &headers, r#"{"dry_run": true}"#).await.refused(422, "invalid");
    post(&scene.anna, &path, &headers, "{}").await.refused(422, "key_used");

    assert_eq!(scene.anna.get(&member).await.expect(200).text("status"), "active");
}

/// What is in another character set would be read as something else than was sent.
#[tokio::test]
async fn no_route_reads_another_character_set_than_utf_8() {
    let server = TestServer::in_memory().await;
    let scene = Scene::on(&server).await;
    for route in book::api().into_iter().filter(|route| route.has_body) {
        // The payment service signs the bytes.
        if route.name() == "POST /billing/stripe" {
            continue;
        }
        let body = super::rules::body(&route.name(), &scene.here).to_string();
        for charset in ["utf-16", "\"iso-8859-1\"", "", "utf-8; charset=utf-16"] {
            let kind = format!("application/json; charset={charset}");
            let answer =
                send(&scene.anna, &route, &scene.here, &kind, body.clone().into_bytes()).await;
            assert_eq!(answer.status, 415, "{} {kind}: {}", route.name(), answer.text);
            assert_eq!(answer.code(), "not_json", "{} {kind}", route.name());
        }
    }
    for charset in ["utf-8", "\"UTF-8\"", "utf8"] {
        let kind = format!("application/json;charset={charset}");
        let name = json!({"name": format!("Team {charset}")}).to_string();
        let _ =
            post(&scene.anna, "/teams", &[("content-type", &kind)], &name).await.expect(201);
    }
}
