//! What relies on an address needs it confirmed, and confirming it ends what was there before.

use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::{Value, json};

const ANOTHER: &str = "staple battery horse";

async fn sign_in(server: &TestServer, password: &str) -> Answer {
    let body = json!({"email": "anna@example.com", "password": password});
    server.anonymous().post("/api/v1/sessions", body).await
}

async fn confirm(server: &TestServer, person: &Person, body: Value) -> Answer {
    let link = server.last_token("confirm_address", "anna@example.com").await;
    person.post(&format!("/api/v1/confirmations/{link}"), body).await
}

async fn is_confirmed(person: &Person) -> bool {
    person.get("/api/v1/me").await.expect(200).body["email_confirmed"] == true
}

/// The way in of a person who signed up with the address of another.
#[tokio::test]
async fn who_has_the_mailbox_gets_the_account_and_who_signed_up_loses_it() {
    let server = TestServer::in_memory().await;
    let mallory = server.sign_up_unconfirmed("anna").await;
    let stranger = server.anonymous();

    let refused = confirm(&server, &stranger, json!({})).await.expect(422);
    assert_eq!(refused.pointers(), ["/password"]);
    let _ = confirm(&server, &stranger, json!({"password": "short"})).await.expect(422);
    assert!(!is_confirmed(&mallory).await, "a refused confirmation changes nothing");
    let _ = confirm(&server, &stranger, json!({"password": ANOTHER})).await.expect(204);

    mallory.get("/api/v1/me").await.refused(401, "not_signed_in");
    sign_in(&server, PASSWORD).await.refused(401, "bad_credentials");
    let _ = sign_in(&server, ANOTHER).await.expect(201);
    confirm(&server, &stranger, json!({"password": ANOTHER})).await.refused(409, "dead_link");
}

#[tokio::test]
async fn the_session_that_confirms_stays_and_the_others_end() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up_unconfirmed("anna").await;
    let other = server.anonymous();
    let body = json!({"email": "anna@example.com", "password": PASSWORD});
    let _ = other.post("/api/v1/sessions", body).await.expect(201);

    let _ = confirm(&server, &anna, json!({})).await.expect(204);

    assert!(is_confirmed(&anna).await);
    other.get("/api/v1/me").await.refused(401, "not_signed_in");
    let _ = sign_in(&server, PASSWORD).await.expect(201);
}

#[tokio::test]
async fn the_session_of_another_account_does_not_confirm() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up_unconfirmed("anna").await;
    let ben = server.sign_up("ben").await;

    let _ = confirm(&server, &ben, json!({})).await.expect(422);
    let _ = confirm(&server, &ben, json!({"password": ANOTHER})).await.expect(204);

    let _ = ben.get("/api/v1/me").await.expect(200);
    let _ = sign_in(&server, ANOTHER).await.expect(201);
}

/// Every way that proves the mailbox confirms it, and leaves no way in to the one who signed up.
#[tokio::test]
async fn every_proof_of_the_mailbox_ends_earlier_sessions() {
    for way in ["confirmation", "reset", "invitation"] {
        let server = TestServer::in_memory().await;
        let workspace = server.found_as("ben", "standard", "acme").await;
        let mallory = server.sign_up_unconfirmed("anna").await;
        let body = json!({"email": "anna@example.com"});
        let _ = mallory.post("/api/v1/password-resets", body).await.expect(204);
        let early = server.last_token("password_reset", "anna@example.com").await;
        let _ = workspace.invite(&workspace.anna, "anna", json!({"role": "member"})).await;
        let stranger = server.anonymous();
        let set = json!({"password": ANOTHER});

        match way {
            "confirmation" => {
                let _ = confirm(&server, &stranger, set).await.expect(204);
            }
            "reset" => {
                let path = format!("/api/v1/password-resets/{early}");
                let _ = stranger.put(&path, set).await.expect(204);
            }
            _ => {
                let path =
                    format!("/api/v1/invitations/{}/accept", workspace.token("anna").await);
                let body = json!({"password": ANOTHER, "first_name": "Real"});
                let _ = stranger.post(&path, body).await.expect(201);
                let me = stranger.get("/api/v1/me").await.expect(200);
                assert_eq!(
                    (me.text("first_name"), me.body["email_confirmed"] == true),
                    ("Real".into(), true)
                );
            }
        }

        mallory.get("/api/v1/me").await.refused(401, "not_signed_in");
        sign_in(&server, PASSWORD).await.refused(401, "bad_credentials");
        let _ = sign_in(&server, ANOTHER).await.expect(201);
        confirm(&server, &stranger, json!({"password": PASSWORD}))
            .await
            .refused(409, "dead_link");
        let path = format!("/api/v1/password-resets/{early}");
        let late = stranger.put(&path, json!({"password": PASSWORD})).await;
        late.refused(409, "dead_link");
    }
}

#[tokio::test]
async fn accepting_an_invitation_with_a_session_confirms_and_ends_the_others() {
    let server = TestServer::in_memory().await;
    let workspace = server.found_as("ben", "standard", "acme").await;
    let anna = server.sign_up_unconfirmed("anna").await;
    let other = server.anonymous();
    let body = json!({"email": "anna@example.com", "password": PASSWORD});
    let _ = other.post("/api/v1/sessions", body).await.expect(201);
    let _ = workspace.invite(&workspace.anna, "anna", json!({"role": "member"})).await;

    let _ = workspace.accept(&anna, "anna").await.expect(201);

    assert!(is_confirmed(&anna).await);
    other.get("/api/v1/me").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn an_unconfirmed_account_looks_around_and_lets_no_one_in() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up_unconfirmed("anna").await;
    let workspace = server.found_by(&anna, "standard", "acme").await;
    let _ = workspace.record(&workspace.anna, "contacts", "Zoe").await;
    let _ = workspace.anna.get("/members").await.expect(200);
    let invite = || workspace.invite(&workspace.anna, "ben", json!({"role": "member"}));
    let key = || workspace.anna.post("/api-keys", json!({"name": "Nightly"}));

    invite().await.refused(403, "address_not_confirmed");
    key().await.refused(403, "address_not_confirmed");

    let _ = confirm(&server, &anna, json!({})).await.expect(204);
    let invited = invite().await.expect(201).id();
    let _ = key().await.expect(201);
    let resend = format!("/invitations/{invited}/resend");
    let _ = workspace.anna.post(&resend, json!({})).await.expect(200);
}

async fn ask_again(person: &Person, email: &str) -> Answer {
    person.post("/api/v1/confirmations", json!({"email": email})).await.expect(204)
}

/// The tokens of the confirmation mails, the first one first.
async fn links(server: &TestServer) -> Vec<String> {
    let mails = server.mails().await;
    let links = mails.iter().filter(|(_, mail)| mail["kind"] == "confirm_address");
    links.map(|(_, mail)| mail["token"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_confirmation_mail_is_sent_again_and_each_of_its_links_works_once() {
    for used in [0, 1] {
        let server = TestServer::in_memory().await;
        let anna = server.sign_up_unconfirmed("anna").await;

        let _ = ask_again(&server.anonymous(), "Anna@Example.com").await;

        let links = links(&server).await;
        assert_eq!(links.len(), 2);
        let path = |n: usize| format!("/api/v1/confirmations/{}", links[n]);
        let _ = anna.post(&path(used), json!({})).await.expect(204);
        assert!(is_confirmed(&anna).await);
        anna.post(&path(1 - used), json!({})).await.refused(409, "dead_link");
    }
}

#[tokio::test]
async fn each_confirmation_link_is_valid_for_seven_days_from_its_mail() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up_unconfirmed("anna").await;
    server.advance_days(6);
    let _ = ask_again(&server.anonymous(), "anna@example.com").await;
    server.advance_days(1);
    server.app.sessions().delete_expired().await.unwrap();

    let links = links(&server).await;
    let stranger = server.anonymous();
    let follow = |link: &String| {
        let path = format!("/api/v1/confirmations/{link}");
        let stranger = &stranger;
        async move { stranger.post(&path, json!({"password": ANOTHER})).await }
    };
    follow(&links[0]).await.refused(409, "dead_link");
    let _ = follow(&links[1]).await.expect(204);
    anna.get("/api/v1/me").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn the_response_does_not_tell_whether_an_address_waits_for_confirmation() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up_unconfirmed("anna").await;
    let _ben = server.sign_up("ben").await;
    let before = links(&server).await.len();

    let mut answers = Vec::new();
    for name in ["anna", "ben", "cleo"] {
        for _ in 0..8 {
            let stranger = server.anonymous().behind([192, 0, 2, 1]);
            let answer = ask_again(&stranger, &format!("{name}@example.com")).await;
            let shown = ["content-type", "retry-after", "set-cookie", "location"]
                .map(|name| answer.header(name));
            answers.push((answer.status, answer.text.clone(), shown));
        }
    }

    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(links(&server).await.len(), before + 5, "only Anna's, and not all of them");
}
