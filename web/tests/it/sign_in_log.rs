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
