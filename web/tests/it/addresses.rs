//! The change of an address: both mailboxes agree, and nothing tells whether the new one has an account.

use hallpass_domain::time::Span;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::{Value, json};

const OLD: &str = "anna@example.com";
const NEW: &str = "anna@example.org";

async fn ask(person: &Person, email: &str) -> Answer {
    person.post("/api/v1/me/email", json!({"email": email})).await
}

/// The tokens for the present and the new mailbox.
async fn tokens(server: &TestServer, old: &str, new: &str) -> [String; 2] {
    [
        server.last_token("address_change", old).await,
        server.last_token("new_address", new).await,
    ]
}

async fn agree(person: &Person, token: &str) -> Answer {
    person.post(&format!("/api/v1/address-changes/{token}"), json!({})).await
}

async fn sign_in(server: &TestServer, email: &str) -> Answer {
    let body = json!({"email": email, "password": PASSWORD});
    server.anonymous().post("/api/v1/sessions", body).await
}

async fn address(person: &Person) -> Value {
    person.get("/api/v1/me").await.expect(200).body["email"].clone()
}

#[tokio::test]
async fn an_address_changes_once_both_mailboxes_agree() {
    for first in [0, 1] {
        let server = TestServer::in_memory().await;
        let workspace = server.found("standard").await;
        let anna = &workspace.anna;
        let elsewhere = server.anonymous();
        let body = json!({"email": OLD, "password": PASSWORD});
        let _ = elsewhere.post("/api/v1/sessions", body).await.expect(201);
        let _ = anna.post("/api/v1/password-resets", json!({"email": OLD})).await.expect(204);
        let reset = server.last_token("password_reset", OLD).await;

        let _ = ask(anna, NEW).await.expect(204);
        let links = tokens(&server, OLD, NEW).await;
        let waits = agree(&server.anonymous(), &links[first]).await.expect(200);
        assert_eq!(waits.body, json!({"changed": false}));
        assert_eq!(address(anna).await, json!(OLD));
        let done = agree(anna, &links[1 - first]).await.expect(200);
        assert_eq!(done.body, json!({"changed": true}));

        assert_eq!(address(anna).await, json!(NEW));
        elsewhere.get("/api/v1/me").await.refused(401, "not_signed_in");
        sign_in(&server, OLD).await.refused(401, "bad_credentials");
        let _ = sign_in(&server, NEW).await.expect(201);
        let path = format!("/api/v1/password-resets/{reset}");
        let set = json!({"password": "quite another horse"});
        server.anonymous().put(&path, set).await.refused(409, "dead_link");
        agree(anna, &links[first]).await.refused(409, "dead_link");
        let members = anna.get("/members").await.expect(200);
        assert_eq!(members.body["items"][0]["email"], json!(NEW));
        let audit = anna.get("/audit?action=member.update").await.expect(200);
        let entry = &audit.body["items"][0];
        assert_eq!(
            (&entry["before"]["email"], &entry["after"]["email"]),
            (&json!(OLD), &json!(NEW))
        );
        let (to, mail) = server.mails().await.pop().unwrap();
        assert_eq!((to.as_str(), &mail["kind"]), (OLD, &json!("address_changed")));
    }
}

#[tokio::test]
async fn the_present_mailbox_refuses_and_every_session_ends() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let _ = ask(&anna, NEW).await.expect(204);
    let [present, new] = tokens(&server, OLD, NEW).await;
    let stranger = server.anonymous();
    let _ = agree(&stranger, &new).await.expect(200);

    let path = format!("/api/v1/address-changes/{present}");
    let _ = stranger.delete(&path).await.expect(204);

    anna.get("/api/v1/me").await.refused(401, "not_signed_in");
    for link in [present, new] {
        agree(&stranger, &link).await.refused(409, "dead_link");
    }
    let _ = sign_in(&server, OLD).await.expect(201);
}

#[tokio::test]
async fn the_new_mailbox_alone_changes_nothing_and_ends_no_session() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let _ = ask(&anna, NEW).await.expect(204);
    let [_, new] = tokens(&server, OLD, NEW).await;
    for _ in 0..2 {
        let answer = agree(&server.anonymous(), &new).await.expect(200);
        assert_eq!(answer.body, json!({"changed": false}));
    }
    let path = format!("/api/v1/address-changes/{new}");
    let _ = server.anonymous().delete(&path).await.expect(204);
    assert_eq!(address(&anna).await, json!(OLD));
}

#[tokio::test]
async fn the_request_does_not_tell_whether_the_address_has_an_account() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let _ben = server.sign_up("ben").await;
    for email in ["ben@example.com", "free@example.com"] {
        let before = server.mails().await.len();
        let answer = ask(&anna, email).await.expect(204);
        assert_eq!(
            (answer.text.as_str(), server.mails().await.len() - before),
            ("", 2),
            "{email}"
        );
    }
    let to_ben: Vec<_> =
        server.mails().await.into_iter().filter(|(to, _)| to == "ben@example.com").collect();
    assert_eq!(to_ben.last().unwrap().1["kind"], json!("account_exists"));
}

#[tokio::test]
async fn an_address_that_another_account_has_confirmed_since_is_refused() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let _ = ask(&anna, "zoe@example.com").await.expect(204);
    let links = tokens(&server, OLD, "zoe@example.com").await;
    let _zoe = server.sign_up("zoe").await;
    let _ = agree(&anna, &links[0]).await.expect(200);
    agree(&anna, &links[1]).await.refused(409, "address_taken");
    assert_eq!(address(&anna).await, json!(OLD));
    assert_eq!(sign_in(&server, "zoe@example.com").await.expect(201).body["first_name"], "Zoe");
}

#[tokio::test]
async fn a_workspace_is_asked_for_the_domain_at_the_request_and_at_the_change() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let _ = ask(anna, NEW).await.expect(204);
    let links = tokens(&server, OLD, NEW).await;
    let only = json!({"allowed_domains": ["example.com"]});
    let _ = anna.patch("/settings/authentication", only).await.expect(200);

    let refused = ask(anna, "anna@example.net").await.expect(422);
    assert_eq!(refused.body["errors"][0]["code"], "domain_not_allowed");
    let _ = agree(anna, &links[0]).await.expect(200);
    let refused = agree(anna, &links[1]).await.expect(422);
    assert_eq!(refused.body["errors"][0]["code"], "domain_not_allowed");
    assert_eq!(address(anna).await, json!(OLD));
    let _ = ask(anna, "anna.keller@example.com").await.expect(204);
}

#[tokio::test]
async fn an_address_that_was_never_confirmed_is_not_asked() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up_unconfirmed("anna").await;
    let before = server.mails().await.len();
    let _ = ask(&anna, NEW).await.expect(204);
    assert_eq!(server.mails().await.len() - before, 1);
    let link = server.last_token("new_address", NEW).await;
    assert_eq!(agree(&anna, &link).await.expect(200).body, json!({"changed": true}));
    let me = anna.get("/api/v1/me").await.expect(200).body;
    assert_eq!((&me["email"], &me["email_confirmed"]), (&json!(NEW), &json!(true)));
}

#[tokio::test]
async fn links_end_after_a_day_with_the_next_request_and_with_a_reset() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let _ = ask(&anna, NEW).await.expect(204);
    let early = tokens(&server, OLD, NEW).await;
    let _ = ask(&anna, NEW).await.expect(204);
    let late = tokens(&server, OLD, NEW).await;
    for link in early {
        agree(&anna, &link).await.refused(409, "dead_link");
    }
    let _ = agree(&anna, &late[0]).await.expect(200);
    server.clock.advance(Span::days(1));
    agree(&anna, &late[1]).await.refused(409, "dead_link");

    ask(&anna, NEW).await.refused(401, "step_up");
    let body = json!({"email": OLD, "password": PASSWORD});
    let _ = anna.post("/api/v1/sessions", body).await.expect(201);
    let _ = ask(&anna, NEW).await.expect(204);
    let links = tokens(&server, OLD, NEW).await;
    let new = json!({"present": PASSWORD, "new": "quite another horse"});
    let _ = anna.put("/api/v1/me/password", new).await.expect(204);
    agree(&anna, &links[0]).await.refused(409, "dead_link");
}

#[tokio::test]
async fn what_is_no_other_address_is_refused() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    for (email, code) in [(OLD, "same_address"), ("nonsense", "bad_email")] {
        let refused = ask(&anna, email).await.expect(422);
        assert_eq!(refused.body["errors"][0]["code"], code);
    }
    server
        .anonymous()
        .post("/api/v1/me/email", json!({"email": NEW}))
        .await
        .refused(401, "not_signed_in");
}
