//! Passwords: one rule for every way to set one, and hashes at the configured cost.

use hallpass_app::environment::SystemRandom;
use hallpass_app::hasher::{HashCost, Hasher};
use hallpass_domain::id::AccountId;
use hallpass_domain::password::Password;
use hallpass_store::Value as Bound;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, TestServer};
use serde_json::json;

const EMAIL: &str = "ben@example.com";

/// Too short, too long, common, and made of names and the address.
fn refused() -> Vec<String> {
    let bad = [
        "k7#mQz!vR2tPw9",
        "password12345678",
        "ben@example.com",
        "ben@example.com ben@example.com",
        "hallpass-hallpass!",
    ];
    let bad = bad.map(str::to_owned);
    bad.into_iter().chain(["k7#mQz!vR2tPw9xy".repeat(17)]).collect()
}

fn check(answer: Answer, way: &str, password: &str) {
    let answer = answer.expect(422);
    let codes = answer.body["errors"].as_array().unwrap().iter().map(|one| one["code"].clone());
    assert!(
        codes.clone().any(|code| code == "bad_password"),
        "{way}: {password}: {}",
        answer.text
    );
}

#[tokio::test]
async fn every_way_to_set_a_password_has_one_rule() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let invited = workspace.invite(&workspace.anna, "cleo", json!({"role": "member"})).await;
    let _ = invited.expect(201);
    let invitation = server.last_token("invitation", "cleo@example.com").await;
    let ben = server.sign_up_unconfirmed("ben").await;
    let confirmation = server.last_token("confirm_address", EMAIL).await;
    let _ = ben.post("/api/v1/password-resets", json!({"email": EMAIL})).await.expect(204);
    let reset = server.last_token("password_reset", EMAIL).await;
    let stranger = server.anonymous();
    for password in refused() {
        let account = json!({"email": EMAIL, "password": password, "first_name": "Ben"});
        check(stranger.post("/api/v1/accounts", account).await, "sign up", &password);
        let path = format!("/api/v1/confirmations/{confirmation}");
        let body = json!({"password": password});
        check(stranger.post(&path, body.clone()).await, "confirm", &password);
        let path = format!("/api/v1/password-resets/{reset}");
        check(stranger.put(&path, body).await, "reset", &password);
        let body = json!({"present": PASSWORD, "new": password});
        check(ben.put("/api/v1/me/password", body).await, "change", &password);
    }
    for password in ["hallpass-hallpass!", "Acme 2026 Acme 2026", "k7#mQz!vR2tPw9"] {
        let path = format!("/api/v1/invitations/{invitation}/accept");
        let body = json!({"password": password, "first_name": "Cleo"});
        check(stranger.post(&path, body).await, "accept", password);
    }
    let body = json!({"present": PASSWORD, "new": "Acme 2026 Acme 2026"});
    check(workspace.anna.put("/api/v1/me/password", body).await, "change", "of the workspace");
}

#[tokio::test]
async fn the_set_up_link_has_the_same_rule() {
    let server = TestServer::in_memory().await;
    let link = server.app.accounts().create_setup_link().await.unwrap().unwrap();
    let path = format!("/api/v1/setup/{}", link.expose());
    for password in refused() {
        let account = json!({"email": EMAIL, "password": password, "first_name": "Ben"});
        check(server.anonymous().post(&path, account).await, "set up", &password);
    }
}

async fn stored_hash(server: &TestServer) -> String {
    let mut tx = server.app.db().read().await.unwrap();
    let email = "anna@example.com".parse().unwrap();
    tx.accounts()
        .find_confirmed(&email)
        .await
        .unwrap()
        .unwrap()
        .password
        .unwrap()
        .expose()
        .clone()
}

#[tokio::test]
async fn a_hash_of_another_cost_is_replaced_at_the_next_sign_in() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let me = anna.get("/api/v1/me").await.expect(200);
    let random = SystemRandom::default();
    let before = Hasher::new(1, HashCost::USUAL, &random).unwrap();
    let old = before.hash(&Password::typed(PASSWORD), &random).await.unwrap();
    let id: AccountId = me.text("id").parse().unwrap();
    let mut tx = server.app.db().write().await.unwrap();
    let values: [Bound; 2] = [id.into(), old.as_str().into()];
    tx.execute("UPDATE accounts SET password = ?2 WHERE id = ?1", &values).await.unwrap();
    tx.commit().await.unwrap();
    let sign_in = async |password: &str| {
        let body = json!({"email": "anna@example.com", "password": password});
        server.anonymous().post("/api/v1/sessions", body).await
    };

    sign_in("wrong horse battery").await.refused(401, "bad_credentials");
    assert_eq!(stored_hash(&server).await, old);
    let _ = sign_in(PASSWORD).await.expect(201);

    let new = stored_hash(&server).await;
    assert!(new.contains("$m=8,t=1,p=1$"), "{new}");
    let _ = sign_in(PASSWORD).await.expect(201);
    assert_eq!(stored_hash(&server).await, new);
    let _ = anna.get("/api/v1/me").await.expect(200);
}
