//! `If-Match` on every route that changes something: a version that is not the current one is refused,
//! and nothing is changed.

use axum::body::Body;
use axum::http::Request;
use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::json;

use super::book::{self, Route};
use super::scene::{Scene, census};
use super::{problem, rules};

/// Routes that answer questions and change nothing.
pub(super) fn only_reads(route: &Route) -> bool {
    let compares = route.path.ends_with("/compare");
    route.method == "GET" || route.path.contains("/access/") || compares
}

async fn send(scene: &Scene, person: &Person, route: &Route, tags: &str) -> Answer {
    let address = route.address(&scene.here.values(route));
    let things = scene.here.for_caller(person);
    let body = route.has_body.then(|| rules::body(&route.name(), &things).to_string());
    let request = Request::builder()
        .method(route.method.as_str())
        .uri(person.uri(&address))
        .header("if-match", tags)
        .header("content-type", "application/json")
        .body(Body::from(body.unwrap_or_default()))
        .unwrap();
    person.same_session().send(request).await
}

#[tokio::test]
async fn no_route_ignores_an_unmet_precondition() {
    let server = TestServer::in_memory().await;
    let scene = Scene::on(&server).await;
    let routes: Vec<Route> =
        book::api().into_iter().filter(|route| !only_reads(route)).collect();
    assert!(routes.len() > 40, "{} routes", routes.len());
    for route in routes {
        // Without its secret, the route of the payment service is hidden.
        let is_hidden = route.name() == "POST /billing/stripe";
        let before = census(&server).await;
        for tags in ["\"never\"", "\"never\", W/\"1\"", "1"] {
            let answer = send(&scene, &scene.anna, &route, tags).await;
            let what = format!("{} with {tags}", route.name());
            if answer.status != 412 && !is_hidden {
                // Another reason to refuse comes first, and nothing is changed either.
                problem(&answer, &[404, 409, 422], &what);
            }
        }
        assert_eq!(census(&server).await, before, "{}", route.name());
    }
}

#[test]
fn every_route_that_holds_a_precondition_is_described_so() {
    for route in book::api() {
        let is_hidden = route.name() == "POST /billing/stripe";
        let holds = !only_reads(&route) && !is_hidden;
        assert_eq!(route.has_versions, holds, "{}", route.name());
    }
}

#[tokio::test]
async fn what_has_a_version_accepts_it_in_a_list() {
    let server = TestServer::in_memory().await;
    let scene = Scene::on(&server).await;
    let things = &scene.here;
    let anna = &scene.anna;
    let record = format!("/records/contacts/{}", things.of("record"));
    for (path, change, other) in [
        ("/api/v1/me".to_owned(), json!({"first_name": "Ann"}), json!({"last_name": "B"})),
        (String::new(), json!({"name": "Acme 2"}), json!({"name": "Acme 3"})),
        ("/settings/modules".to_owned(), json!({"tickets": false}), json!({"tickets": true})),
        (
            "/settings".to_owned(),
            json!({"switches": {"indirect_reports": true}}),
            json!({"switches": {"indirect_reports": false}}),
        ),
        (record, json!({"fields": {"name": "a"}}), json!({"fields": {"name": "b"}})),
    ] {
        let tag = anna.get(&path).await.expect(200).header("etag");
        let send = async |body: &serde_json::Value| {
            let request = Request::builder()
                .method("PATCH")
                .uri(anna.uri(&path))
                .header("if-match", format!("\"99999\", {tag}"))
                .header("content-type", "application/json")
                .body(Body::from(body.to_string()))
                .unwrap();
            anna.send(request).await
        };
        let first = send(&change).await.expect(200);
        assert_ne!(first.header("etag"), tag, "{path}");
        send(&other).await.refused(412, "stale");
    }
}

#[tokio::test]
async fn deletes_and_actions_hold_the_version() {
    let server = TestServer::in_memory().await;
    let scene = Scene::on(&server).await;
    let anna = &scene.anna;
    let member = format!("/members/{}", scene.here.of("member"));
    let tag = anna.get(&member).await.expect(200).header("etag");
    let send = async |method: &str, path: &str, tag: &str| {
        let request = Request::builder().method(method).uri(anna.uri(path));
        anna.send(request.header("if-match", tag).body(Body::empty()).unwrap()).await
    };
    let deactivate = format!("{member}/deactivate");
    send("POST", &deactivate, "\"77\"").await.refused(412, "stale");
    let inactive = send("POST", &deactivate, &tag).await.expect(200);
    send("DELETE", &member, &tag).await.refused(412, "stale");
    let _ = send("DELETE", &member, &inactive.header("etag")).await.expect(204);
    for (noun, path) in [("team", "/teams"), ("department", "/departments"), ("role", "/roles")]
    {
        let path = format!("{path}/{}", scene.here.of(noun));
        let tag = anna.get(&path).await.expect(200).header("etag");
        send("DELETE", &path, "\"77\"").await.refused(412, "stale");
        let _ = send("DELETE", &path, &tag).await.expect(204);
    }
}
