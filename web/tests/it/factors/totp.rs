//! Authenticator apps and recovery codes.

use std::sync::Arc;

use hallpass_domain::time::Span;
use hallpass_testkit::TestServer;
use hallpass_testkit::test_server::PASSWORD;
use serde_json::json;

use super::{WithApp, code, decode, factors, sign_in, two_factor};

/// CRM-202, CRM-206: the profile shows the second factor, and its owner sets and removes it.
#[tokio::test]
async fn a_person_adds_an_app_and_removes_it() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    assert_eq!(two_factor(&anna).await["enabled"], false);
    let elsewhere = sign_in(&server, "anna", None).await.expect(201);
    drop(elsewhere);

    let anna = WithApp::of(&server, anna).await;

    let status = two_factor(&anna.person).await;
    assert_eq!((&status["enabled"], &status["recovery_codes"]), (&json!(true), &json!(10)));
    assert!(status["totp_since"].is_string());
    let sessions = anna.person.get("/api/v1/me/sessions").await.expect(200);
    assert_eq!(sessions.items().len(), 1, "the other session has ended");
    assert_eq!(factors(&sign_in(&server, "anna", None).await), ["totp", "recovery_code"]);

    let _ = anna.person.delete("/api/v1/me/totp").await.expect(204);

    let status = two_factor(&anna.person).await;
    assert_eq!((&status["enabled"], &status["recovery_codes"]), (&json!(false), &json!(0)));
    let _ = sign_in(&server, "anna", None).await.expect(201);
    let mails = server.mails().await;
    let changes: Vec<_> =
        mails.iter().filter_map(|(_, mail)| mail["change"].as_str()).collect();
    assert_eq!(changes, ["totp_added", "totp_removed"]);
}

#[tokio::test]
async fn an_app_counts_from_its_first_code_on() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let first = anna.post("/api/v1/me/totp", json!({})).await.expect(201);
    let second = anna.post("/api/v1/me/totp", json!({})).await.expect(201);
    let _ = sign_in(&server, "anna", None).await.expect(201);
    let confirm = async |secret: &str| {
        let body = json!({"code": code(&server, &decode(secret))});
        anna.post("/api/v1/me/totp/confirm", body).await
    };

    confirm(&first.text("secret")).await.refused(422, "invalid");
    let _ = confirm(&second.text("secret")).await.expect(200);

    confirm(&second.text("secret")).await.refused(404, "not_found");
    anna.post("/api/v1/me/totp", json!({})).await.refused(409, "already");
    let _ = factors(&sign_in(&server, "anna", None).await);
}

#[tokio::test]
async fn a_code_signs_in_once_and_a_wrong_one_never() {
    let server = TestServer::in_memory().await;
    let anna = WithApp::sign_up(&server, "anna").await;
    // The code that confirmed the app was used by that.
    let used = code(&server, &anna.secret);
    sign_in(&server, "anna", Some(&used)).await.refused(401, "wrong_code");

    let next = anna.next_code(&server);
    let _ = sign_in(&server, "anna", Some(&next)).await.expect(201);

    sign_in(&server, "anna", Some(&next)).await.refused(401, "wrong_code");
    for wrong in ["", "000000x", "12345", "0123-4567-89ab-cdef"] {
        sign_in(&server, "anna", Some(wrong)).await.refused(401, "wrong_code");
    }
}

#[tokio::test]
async fn the_codes_of_another_account_do_not_count() {
    let server = TestServer::in_memory().await;
    let _anna = WithApp::sign_up(&server, "anna").await;
    let ben = WithApp::sign_up(&server, "ben").await;
    let bens = ben.next_code(&server);

    sign_in(&server, "anna", Some(&bens)).await.refused(401, "wrong_code");
    let recovery = &ben.recovery_codes[0];
    sign_in(&server, "anna", Some(recovery)).await.refused(401, "wrong_code");

    let _ = sign_in(&server, "ben", Some(&bens)).await.expect(201);
}

#[tokio::test]
async fn a_recovery_code_signs_in_once_and_is_mailed() {
    let server = TestServer::in_memory().await;
    let anna = WithApp::sign_up(&server, "anna").await;
    assert_eq!(anna.recovery_codes.len(), 10);
    let first = anna.recovery_codes[0].to_uppercase().replace('-', " ");

    let _ = sign_in(&server, "anna", Some(&first)).await.expect(201);

    sign_in(&server, "anna", Some(&first)).await.refused(401, "wrong_code");
    assert_eq!(two_factor(&anna.person).await["recovery_codes"], 9);
    let mails = server.mails().await;
    assert_eq!(mails.last().unwrap().1["change"], "code_used");

    let made = anna.person.post("/api/v1/me/recovery-codes", json!({})).await.expect(201);
    sign_in(&server, "anna", Some(&anna.recovery_codes[1])).await.refused(401, "wrong_code");
    let again = made.body["recovery_codes"][0].as_str().unwrap();
    let _ = sign_in(&server, "anna", Some(again)).await.expect(201);
}

#[tokio::test]
async fn recovery_codes_need_a_second_factor() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;

    let made = anna.post("/api/v1/me/recovery-codes", json!({})).await;

    made.refused(409, "no_second_factor");
}

#[tokio::test]
async fn an_address_that_is_not_confirmed_gets_no_second_factor() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up_unconfirmed("anna").await;

    anna.post("/api/v1/me/totp", json!({})).await.refused(403, "address_not_confirmed");
    let options = anna.post("/api/v1/me/passkeys/options", json!({})).await;
    options.refused(403, "address_not_confirmed");
}

async fn of_many_with_one_code_one_signs_in(server: TestServer) {
    let anna = WithApp::sign_up(&server, "anna").await;
    let server = Arc::new(server);
    let codes = [anna.next_code(&server), anna.recovery_codes[0].clone()];
    for code in codes {
        let asked = (1..=8).map(|last| {
            let (server, code) = (Arc::clone(&server), code.clone());
            // Each from a network of its own, which has attempts of its own.
            tokio::spawn(async move {
                let body =
                    json!({"email": "anna@example.com", "password": PASSWORD, "code": code});
                let person = server.anonymous().behind([192, 0, 2, last]);
                person.post("/api/v1/sessions", body).await.status
            })
        });
        let mut signed_in = 0;
        for answer in asked.collect::<Vec<_>>() {
            let status = answer.await.unwrap();
            assert!([201, 401].contains(&status), "{status}");
            signed_in += u8::from(status == 201);
        }
        assert_eq!(signed_in, 1, "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_with_one_code_one_signs_in_on_sqlite() {
    of_many_with_one_code_one_signs_in(TestServer::on_file().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_with_one_code_one_signs_in_on_postgres() {
    of_many_with_one_code_one_signs_in(TestServer::on_postgres().await).await;
}

#[tokio::test]
async fn who_knows_the_password_has_no_more_attempts_at_the_code() {
    let server = TestServer::in_memory().await;
    let anna = WithApp::sign_up(&server, "anna").await;
    let mut refused = 0;
    for _ in 0..30 {
        // The right password in between resets nothing.
        let _ = sign_in(&server, "anna", None).await;
        let answer = sign_in(&server, "anna", Some("000000")).await;
        refused += u8::from(answer.status == 401);
    }
    assert!(refused <= 6, "{refused} codes were tried");

    server.clock.advance(Span::minutes(16));
    let code = anna.next_code(&server);
    let _ = sign_in(&server, "anna", Some(&code)).await.expect(201);
}

#[tokio::test]
async fn a_new_password_by_mail_does_not_replace_the_second_factor() {
    let server = TestServer::in_memory().await;
    let anna = WithApp::sign_up(&server, "anna").await;
    let ask = json!({"email": "anna@example.com"});
    let _ = server.anonymous().post("/api/v1/password-resets", ask).await.expect(204);
    let link = server.last_token("password_reset", "anna@example.com").await;
    let person = server.anonymous();
    let body = json!({"password": PASSWORD});
    let reset = person.put(&format!("/api/v1/password-resets/{link}"), body).await.expect(204);
    assert!(reset.header("set-cookie").is_empty());

    assert_eq!(factors(&sign_in(&server, "anna", None).await), ["totp", "recovery_code"]);
    let code = anna.next_code(&server);
    let _ = sign_in(&server, "anna", Some(&code)).await.expect(201);
}
