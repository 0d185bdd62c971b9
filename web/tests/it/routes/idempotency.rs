//! `Idempotency-Key` on every route that accepts one: what the request writes, its key and its response
//! exist together or not at all, and a repetition gets the first response.

use hallpass_testkit::{Answer, TestDatabase, TestServer};
use serde_json::json;

use super::book::{self, Route};
use super::examples::{body, caller, copied, furnish, operator, prepare, send};
use super::preconditions::only_reads;
use super::scene::{Scene, census};

/// A response cannot be stored while it exists.
const BREAK: &str = "CREATE TRIGGER broken BEFORE INSERT ON stored_responses \
    BEGIN SELECT RAISE(ABORT, 'broken'); END";
const REPAIR: &str = "DROP TRIGGER broken";

async fn execute(server: &TestServer, sql: &str) {
    let mut tx = server.app.db().write().await.unwrap();
    tx.execute(sql, &[]).await.unwrap();
    tx.commit().await.unwrap();
}

/// What a client sees of a response.
fn seen(answer: &Answer) -> (u16, String, [String; 4]) {
    let headers = ["content-type", "etag", "location", "hallpass-revision"];
    (answer.status, answer.text.clone(), headers.map(|name| answer.header(name)))
}

async fn check(server: &TestServer, scene: &Scene, route: &Route) {
    let name = route.name();
    prepare(server, scene, route).await;
    if name == "POST /workspaces/{ws}/reassignments" {
        let path = format!("/records/contacts/{}", scene.here.of("record"));
        let given = json!({"owner": scene.here.of("member")});
        let _ = server.with_session_of(&scene.anna).patch(&path, given).await.expect(200);
    }
    let body = body(server, scene, route).await;
    let person = caller(scene, route);
    let key = Some(("idempotency-key", "one-and-only"));
    let ask = async || send(server, scene, (person, route), (body.as_ref(), key)).await;
    let before = census(server).await;

    execute(server, BREAK).await;
    let failed = ask().await;
    failed.refused(503, "unsettled");
    assert_eq!(failed.header("retry-after"), "1", "{name}");
    assert_eq!(census(server).await, before, "{name} has written without its key");
    execute(server, REPAIR).await;

    let first = ask().await;
    let after = census(server).await;
    assert!((200..300).contains(&first.status), "{name}: {}", first.text);
    assert_eq!(after == before, only_reads(route), "{name}");

    let again = ask().await;
    assert_eq!(census(server).await, after, "{name} ran twice");
    if name.starts_with("POST /workspaces/{ws}/api-keys") {
        again.refused(409, "shown_once");
        assert!(again.text.contains(&first.id()), "{}", again.text);
    } else if ["POST /me/totp", "POST /me/recovery-codes", "POST /me/passkeys/options"]
        .contains(&name.as_str())
    {
        again.refused(409, "shown_once");
    } else {
        assert_eq!(seen(&again), seen(&first), "{name}");
    }
}

#[tokio::test]
async fn every_route_with_a_key_writes_once_and_repeats_its_response() {
    let server = TestServer::seeded(TestDatabase::folder(), operator(), 1).await;
    let scene = Scene::on(&server).await;
    furnish(&server, &scene).await;
    // These go on with another token, without which there is no response.
    let ends_token = |route: &Route| {
        ["POST /me/totp/confirm", "POST /me/passkeys"].contains(&route.name().as_str())
    };
    let routes: Vec<Route> =
        book::api().into_iter().filter(|route| route.has_key && !ends_token(route)).collect();
    assert!(routes.len() > 20, "{} routes", routes.len());
    for route in routes {
        check(&copied(&server, &route.name()).await, &scene, &route).await;
    }
}
