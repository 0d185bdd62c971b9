//! One account in several workspaces, switching without another sign-in.

use hallpass_testkit::TestServer;
use serde_json::json;

use super::further;

fn slugs(me: &hallpass_testkit::Answer) -> Vec<String> {
    let places = me.body["workspaces"].as_array().unwrap();
    places.iter().map(|place| place["slug"].as_str().unwrap().to_owned()).collect()
}

/// HARMONY-02, HARMONY-03
#[tokio::test]
async fn one_account_switches_between_several_workspaces() {
    let server = TestServer::in_memory().await;
    let one = server.found("harmony").await;
    let other = server.found_as("eve", "harmony", "other").await;
    let ben = one.join("ben", json!({"role": "member"})).await;
    let _ = other.invite(&other.anna, "ben", json!({"role": "admin"})).await.expect(201);
    let _ = other.accept(&ben, "ben").await.expect(201);

    let account = ben.get("/api/v1/me").await.expect(200);
    let mut places = slugs(&account);
    places.sort_unstable();
    assert_eq!(places, ["acme", "other"]);
    let (here, there) = (ben.at("acme").await, ben.at("other").await);
    assert_ne!(here.id, there.id);
    for (person, role, name) in [(&here, "member", "Acme"), (&there, "admin", "Other")] {
        let me = person.get("/me").await.expect(200);
        assert_eq!((me.text("role"), me.text("account")), (role.to_owned(), account.id()));
        assert_eq!(person.get("").await.text("name"), name);
    }
    // The most recently used workspace comes first.
    server.clock.advance(hallpass_domain::time::Span::minutes(5));
    let _ = here.get("/me").await.expect(200);
    assert_eq!(slugs(&ben.get("/api/v1/me").await), ["acme", "other"]);
    server.clock.advance(hallpass_domain::time::Span::minutes(5));
    let _ = there.get("/me").await.expect(200);
    assert_eq!(slugs(&ben.get("/api/v1/me").await), ["other", "acme"]);
}

/// HARMONY-21, HARMONY-22
#[tokio::test]
async fn one_sign_in_covers_every_workspace() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let _other = further(&server, &workspace.anna, "anna", "other").await;
    let browser = server.anonymous();
    let right = json!({"email": "anna@example.com", "password": "correct horse battery"});
    let _ = browser.post("/api/v1/sessions", right).await.expect(201);
    let cookie = browser.cookie();
    let sessions = browser.get("/api/v1/me/sessions").await.expect(200).items().len();

    for slug in ["acme", "other", "acme"] {
        let there = browser.at(slug).await;
        for path in ["", "/me", "/members", "/records/conversations", "/settings/general"] {
            let answer = there.get(path).await.expect(200);
            assert!(answer.header("set-cookie").is_empty(), "{slug} {path}");
        }
        assert_eq!(there.cookie(), cookie);
    }

    assert_eq!(browser.get("/api/v1/me/sessions").await.items().len(), sessions);
}
