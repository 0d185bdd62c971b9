//! Accounts that claim an address without having confirmed it: nothing tells whether it has an account,
//! and the account that has it is not reached by them.

use std::collections::BTreeSet;

use hallpass_domain::time::Span;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::{Value, json};

const ANOTHER: &str = "staple battery horse";

const ANNA: &str = "anna@example.com";

/// Signs up with an address and [`ANOTHER`] password.
async fn claim(server: &TestServer, email: &str) -> (Person, Answer) {
    let person = server.anonymous();
    let body = json!({"email": email, "password": ANOTHER, "first_name": "Mallory"});
    let answer = person.post("/api/v1/accounts", body).await;
    (person, answer)
}

async fn sign_in(person: &Person, password: &str) -> Answer {
    let body = json!({"email": ANNA, "password": password});
    person.same_session().post("/api/v1/sessions", body).await
}

async fn me(person: &Person) -> Value {
    person.get("/api/v1/me").await.expect(200).body
}

/// What a body has, without the values that differ between any two accounts.
fn shape(body: &Value) -> Value {
    let mut body = body.clone();
    for key in ["id", "email", "created_at"] {
        body[key] = json!("…");
    }
    body
}

#[tokio::test]
async fn signing_up_answers_the_same_for_every_address() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up("anna").await;
    let _ben = server.sign_up_unconfirmed("ben").await;
    let mut answers = Vec::new();
    for email in [ANNA, "ben@example.com", "cleo@example.com"] {
        let (hashes, mails) = (server.app.hasher().hashes(), server.mails().await.len());
        let (person, answer) = claim(&server, email).await;
        let answer = answer.expect(201);
        let headers: BTreeSet<String> =
            answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
        let spent = server.app.hasher().hashes() - hashes;
        let sent = server.mails().await.len() - mails;
        answers.push((shape(&answer.body), headers, spent, sent, shape(&me(&person).await)));
    }

    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:#?}");
    assert_eq!((answers[0].2, answers[0].3), (1, 1));
    let kinds: Vec<_> = server.mails().await.iter().rev().take(3).cloned().collect();
    let kinds: Vec<_> = kinds.iter().map(|(to, mail)| (to.as_str(), &mail["kind"])).collect();
    assert_eq!(kinds[2], (ANNA, &json!("account_exists")));
    assert_eq!(kinds[1], ("ben@example.com", &json!("confirm_address")));
}

#[tokio::test]
async fn signing_in_and_links_cost_the_same_for_every_address() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up("anna").await;
    let _both = claim(&server, ANNA).await;
    let _ben = server.sign_up_unconfirmed("ben").await;
    let person = server.anonymous();
    for name in ["anna", "ben", "zoe"] {
        let email = format!("{name}@example.com");
        let before = server.app.hasher().hashes();
        let body = json!({"email": email, "password": "wrong horse battery"});
        person.post("/api/v1/sessions", body).await.refused(401, "bad_credentials");
        assert_eq!(server.app.hasher().hashes() - before, 2, "{name}");
        for folder in ["password-resets", "confirmations"] {
            let body = json!({"email": email});
            let answer = person.post(&format!("/api/v1/{folder}"), body).await.expect(204);
            assert_eq!(answer.text, "");
        }
    }
}

#[tokio::test]
async fn a_claim_cannot_confirm_the_address_of_an_account() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let workspace = server.found_by(&anna, "standard", "acme").await;
    let (mallory, _) = claim(&server, ANNA).await;

    let mails = server.mails().await.len();
    let body = json!({"email": ANNA});
    let _ = mallory.post("/api/v1/confirmations", body).await.expect(204);
    assert_eq!(server.mails().await.len(), mails, "no link for a claim");
    // The way in by the mailbox leads to the account.
    let body = json!({"email": ANNA});
    let _ = mallory.post("/api/v1/password-resets", body).await.expect(204);
    let token = server.last_token("password_reset", ANNA).await;
    let reset = json!({"password": "quite another horse"});
    let path = format!("/api/v1/password-resets/{token}");
    let _ = server.anonymous().put(&path, reset).await.expect(204);

    let _ = sign_in(&server.anonymous(), "quite another horse").await.expect(201);
    let hers = server.anonymous();
    let body = json!({"email": ANNA, "password": "quite another horse"});
    let _ = hers.post("/api/v1/sessions", body).await.expect(201);
    assert_eq!(me(&hers).await["workspaces"][0]["slug"], json!(workspace.slug));
    assert_eq!(me(&mallory).await["workspaces"], json!([]));
    assert_eq!(me(&mallory).await["email_confirmed"], json!(false));
}

#[tokio::test]
async fn an_invitation_reaches_the_account_and_no_claim() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up("anna").await;
    let (mallory, _) = claim(&server, ANNA).await;
    let workspace = server.found_by(&server.sign_up("ben").await, "standard", "acme").await;
    let body = json!({"role": "member"});
    let _ = workspace.invite(&workspace.anna, "anna", body).await.expect(201);
    let token = server.last_token("invitation", ANNA).await;
    let path = format!("/api/v1/invitations/{token}/accept");

    mallory.post(&path, json!({})).await.refused(409, "address_taken");
    let stranger = server.anonymous();
    let body = json!({"password": ANOTHER, "first_name": "Mallory"});
    stranger.post(&path, body).await.refused(409, "address_taken");

    let _ = stranger.post(&path, json!({"password": PASSWORD})).await.expect(201);
}

/// Who has the mailbox takes the account over that claims the address, with nothing of who claimed it.
#[tokio::test]
async fn a_claim_that_accepts_an_invitation_has_the_names_of_its_holder() {
    let server = TestServer::in_memory().await;
    let claimed = server.anonymous();
    let body = json!({"email": ANNA, "password": ANOTHER, "first_name": "Mallory", "last_name": "Malone"});
    let _ = claimed.post("/api/v1/accounts", body).await.expect(201);
    let workspace = server.found_by(&server.sign_up("ben").await, "standard", "acme").await;
    let body = json!({"role": "member"});
    let _ = workspace.invite(&workspace.anna, "anna", body).await.expect(201);
    let token = server.last_token("invitation", ANNA).await;

    let holder = server.anonymous();
    let body = json!({"password": PASSWORD, "first_name": "Anna", "last_name": "Berg"});
    let _ = holder.post(&format!("/api/v1/invitations/{token}/accept"), body).await.expect(201);

    let account = me(&holder).await;
    assert_eq!(
        (&account["first_name"], &account["last_name"]),
        (&json!("Anna"), &json!("Berg"))
    );
    claimed.get("/api/v1/me").await.refused(401, "not_signed_in");
}

/// The claims end with the confirmation, and what was made with them stays with who has the mailbox.
#[tokio::test]
async fn confirming_an_address_leaves_one_account() {
    let server = TestServer::in_memory().await;
    let (mallory, _) = claim(&server, ANNA).await;
    let body = json!({"name": "Early", "slug": "early", "blueprint": "standard"});
    let _ = mallory.post("/api/v1/workspaces", body).await.expect(201);
    let stale = server.last_token("confirm_address", ANNA).await;
    let anna = server.sign_up("anna").await;

    mallory.get("/api/v1/me").await.refused(401, "not_signed_in");
    sign_in(&mallory, ANOTHER).await.refused(401, "bad_credentials");
    let path = format!("/api/v1/confirmations/{stale}");
    let password = json!({"password": ANOTHER});
    server.anonymous().post(&path, password).await.refused(409, "dead_link");
    assert_eq!(me(&anna).await["workspaces"][0]["slug"], json!("early"));
    let member = anna.get("/api/v1/workspaces/early/me").await.expect(200);
    assert_eq!(member.body["role"], json!("owner"));
}

#[tokio::test]
async fn each_claim_signs_in_by_its_password_and_the_account_first() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let (mallory, _) = claim(&server, ANNA).await;
    let ids = [me(&anna).await["id"].clone(), me(&mallory).await["id"].clone()];
    for (password, id) in [PASSWORD, ANOTHER].iter().zip(ids) {
        let answer = sign_in(&server.anonymous(), password).await.expect(201);
        assert_eq!(answer.body["id"], id);
    }
}

/// Signing in to a claim gives no further guesses at the password of the account, and the count does not
/// tell whether there is one.
#[tokio::test]
async fn a_claim_does_not_reset_the_count_of_its_address() {
    for has_account in [false, true] {
        let server = TestServer::in_memory().await;
        if has_account {
            let _anna = server.sign_up("anna").await;
        }
        let _mallory = claim(&server, ANNA).await;
        let stranger = server.anonymous().behind([192, 0, 2, 1]);
        for _ in 0..5 {
            sign_in(&stranger, "wrong horse battery").await.refused(401, "bad_credentials");
            server.clock.advance(Span::minutes(15));
            let _ = sign_in(&stranger, ANOTHER).await.expect(201);
        }
        sign_in(&stranger, ANOTHER).await.refused(429, "too_many_attempts");
    }
}

#[tokio::test]
async fn who_signs_up_fills_no_mailbox() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up("anna").await;
    let before = server.mails().await.len();
    for _ in 0..9 {
        let (_, answer) = claim(&server, ANNA).await;
        let _ = answer.expect(201);
    }
    assert_eq!(server.mails().await.len() - before, 4, "one of five was her own");
}

#[tokio::test]
async fn a_claim_mails_nothing_by_what_it_does() {
    let server = TestServer::in_memory().await;
    let (mallory, _) = claim(&server, ANNA).await;
    let before = server.mails().await.len();
    let body = json!({"present": ANOTHER, "new": "quite another horse"});
    let _ = mallory.put("/api/v1/me/password", body).await.expect(204);
    assert_eq!(server.mails().await.len(), before);
}
