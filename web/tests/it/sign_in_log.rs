//! The log has every authentication, right or wrong, with the client and without what was sent.

use axum::http::Request;
use hallpass_testkit::TestServer;
use hallpass_testkit::test_server::PASSWORD;
use serde_json::json;

use crate::secrets::Log;

#[tokio::test]
async fn the_log_has_each_authentication_right_or_wrong() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let log = Log::default();
    let guard = log.capture();
    let email = "anna@example.com";
    let wrong = json!({"email": email, "password": "of another person"});
    let unknown = json!({"email": "unknown@example.com", "password": PASSWORD});
    let right = json!({"email": email, "password": PASSWORD});
    let person = server.anonymous().behind([203, 0, 113, 7]);

    person.post("/api/v1/sessions", wrong).await.refused(401, "bad_credentials");
    person.post("/api/v1/sessions", unknown).await.refused(401, "bad_credentials");
    let _ = person.post("/api/v1/sessions", right.clone()).await.expect(201);
    let again = json!({"password": PASSWORD});
    let _ = anna.post("/api/v1/sessions/current/authentications", again).await.expect(200);
    let foreign = Request::post("/api/v1/sessions")
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/json")
        .body(right.to_string().into())
        .unwrap();
    person.send(foreign).await.refused(403, "cross_site");
    drop(guard);

    let text = log.text();
    let lines = |what: &str| text.lines().filter(|line| line.contains(what)).count();
    assert_eq!(lines("refused an authentication: bad_credentials"), 2, "{text}");
    assert_eq!(lines("signed in by password"), 1, "{text}");
    assert_eq!(lines("signed in further by password"), 1, "{text}");
    assert_eq!(lines("refused a cross-site request"), 1, "{text}");
    // Each says from where, and none what was sent.
    assert!(lines("client.address=\"203.0.113.7\"") >= 3, "{text}");
    for sent in [email, "unknown@", PASSWORD, "another person"] {
        assert!(!text.contains(sent), "{sent}: {text}");
    }
}

#[tokio::test]
async fn the_log_has_what_was_refused_of_requests_and_who_sends_too_many() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let log = Log::default();
    let guard = log.capture();
    let person = workspace.anna.behind([203, 0, 113, 7]);
    let raw = |kind: &str, body: String| {
        let request = Request::post(person.uri("/teams")).header("content-type", kind);
        request.body(body.into()).unwrap()
    };

    let _ = person.get("/teams").await.expect(200);
    person.get("/teams/tea_nowhere").await.refused(404, "not_found");
    let sent = json!({"name": "", "hostile": "<script>"});
    let _ = person.post("/teams", sent).await.expect(422);
    let _ = person.get("/teams?hostile=1").await;
    let kind = person.send(raw("text/plain", "hostile".to_owned())).await.status;
    let huge =
        person.send(raw("application/json", "\"hostile\"".repeat(2_000_000))).await.status;
    let stranger = server.anonymous().behind([203, 0, 113, 9]);
    let wrong = json!({"email": "anna@example.com", "password": "of another person"});
    let mut refused = 0;
    for _ in 0..70 {
        let answer = stranger.post("/api/v1/sessions", wrong.clone()).await;
        refused += usize::from(answer.text("code") == "too_many_requests");
    }
    drop(guard);

    let text = log.text();
    let lines = |what: &str| text.lines().filter(|line| line.contains(what)).count();
    let inputs = lines("refused what a request has sent");
    assert_eq!((kind, huge, inputs), (415, 413, 4), "{text}");
    assert!(lines("client.address=\"203.0.113.7\"") >= 4, "{text}");
    // A request that is refused comes back in a second, so that another one may be the last of its address.
    let used_up = lines("an address has used up its requests");
    assert!(refused > 0 && (1..=70 - refused).contains(&used_up), "{refused} {text}");
    assert!(!text.contains("hostile"), "{text}");
}
