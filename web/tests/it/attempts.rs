//! Passwords and links are limited by account and network, and no network locks another out.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::Request;
use hallpass_domain::time::Span;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::{Value, json};

const WRONG: &str = "wrong horse battery";

async fn sign_in(person: &Person, password: &str) -> Answer {
    let body = json!({"email": "anna@example.com", "password": password});
    person.same_session().post("/api/v1/sessions", body).await
}

async fn change(person: &Person, present: &str, new: &str) -> Answer {
    let body = json!({"present": present, "new": new});
    person.put("/api/v1/me/password", body).await
}

/// The routes that mail a link to an address, each with the kind of its mail.
const MAILED: [(&str, &str); 2] =
    [("password-resets", "password_reset"), ("confirmations", "confirm_address")];

async fn ask_for_link(person: &Person, folder: &str) {
    let body = json!({"email": "anna@example.com"});
    let _ = person.post(&format!("/api/v1/{folder}"), body).await.expect(204);
}

async fn links(server: &TestServer, kind: &str) -> Vec<String> {
    let mails = server.mails().await;
    let links = mails.iter().filter(|(_, mail)| mail["kind"] == kind);
    links.map(|(_, mail)| mail["token"].as_str().unwrap().to_owned()).collect()
}

async fn follow(server: &TestServer, folder: &str, link: &str) -> Answer {
    let method = if folder == "confirmations" { "POST" } else { "PUT" };
    let path = format!("/api/v1/{folder}/{link}");
    let body = json!({"password": "quite another horse"});
    server.anonymous().request(method, &path, Some(body)).await
}

#[tokio::test]
async fn failures_from_many_networks_do_not_lock_the_right_password_out() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up("anna").await;
    let stranger = server.anonymous();
    for last in 1..=59 {
        let refused = sign_in(&stranger.behind([192, 0, 2, last]), WRONG).await;
        refused.refused(401, "bad_credentials");
    }

    let again = sign_in(&stranger.behind([192, 0, 2, 7]), PASSWORD).await;
    again.refused(429, "too_many_attempts");
    let _ = sign_in(&stranger.behind([198, 51, 100, 1]), PASSWORD).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_guesses_at_once_few_are_verified() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up("anna").await;
    let stranger = Arc::new(server.anonymous().behind([192, 0, 2, 1]));
    let guesses: Vec<_> = (0..55)
        .map(|_| {
            let stranger = Arc::clone(&stranger);
            tokio::spawn(async move { sign_in(&stranger, WRONG).await.status })
        })
        .collect();

    let mut statuses: HashMap<u16, usize> = HashMap::new();
    for guess in guesses {
        *statuses.entry(guess.await.unwrap()).or_default() += 1;
    }

    assert_eq!((statuses.get(&401), statuses.get(&429)), (Some(&5), Some(&50)), "{statuses:?}");
}

/// Who waits as long as they are told is let in; who tries earlier is not.
#[tokio::test]
async fn a_refused_attempt_says_when_the_next_one_counts() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up("anna").await;
    let stranger = server.anonymous().behind([192, 0, 2, 1]);
    for _ in 0..5 {
        sign_in(&stranger, WRONG).await.refused(401, "bad_credentials");
    }
    // Not on a whole second.
    server.clock.advance(Span(300_000));
    let refused = sign_in(&stranger, PASSWORD).await;
    refused.refused(429, "too_many_attempts");
    let seconds: i64 = refused.header("retry-after").parse().unwrap();

    server.clock.advance(Span::seconds(seconds - 1));
    sign_in(&stranger, PASSWORD).await.refused(429, "too_many_attempts");
    server.clock.advance(Span::seconds(1));
    let _ = sign_in(&stranger, PASSWORD).await.expect(201);
}

#[tokio::test]
async fn an_attempt_counts_from_the_very_moment_on_which_the_wait_ends() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up("anna").await;
    let stranger = server.anonymous().behind([192, 0, 2, 1]);
    for _ in 0..5 {
        sign_in(&stranger, WRONG).await.refused(401, "bad_credentials");
    }
    server.clock.advance(Span(1));
    let refused = sign_in(&stranger, PASSWORD).await;
    refused.refused(429, "too_many_attempts");
    let seconds: i64 = refused.header("retry-after").parse().unwrap();

    // The last failure was a microsecond before.
    server.clock.advance(Span(Span::seconds(seconds).0 - 1));
    let _ = sign_in(&stranger, PASSWORD).await.expect(201);
}

/// The cookie of the device in a response.
fn device(answer: &Answer) -> String {
    let lines = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    let line = lines.into_iter().find(|line| line.contains("hallpass_device=")).unwrap();
    assert!(line.contains("HttpOnly") && line.contains("SameSite=Strict"), "{line}");
    line.split(';').next().unwrap().to_owned()
}

/// Signs in with the cookie of a device.
async fn sign_in_on(person: &Person, device: &str, password: &str) -> Answer {
    let body = json!({"email": "anna@example.com", "password": password}).to_string();
    let request = Request::post("/api/v1/sessions").header("cookie", device);
    let request = request.header("content-type", "application/json").body(body.into()).unwrap();
    person.send(request).await
}

#[tokio::test]
async fn an_attack_from_everywhere_does_not_keep_a_device_out() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up("anna").await;
    let stranger = server.anonymous();
    let network = [192, 0, 2, 1];
    let first = sign_in(&stranger.behind(network), PASSWORD).await.expect(201);
    let known = device(&first);
    for last in 1..=59 {
        for _ in 0..6 {
            let _ = sign_in(&stranger.behind([192, 0, 2, last]), WRONG).await;
        }
    }
    let here = stranger.behind(network);
    sign_in(&here, PASSWORD).await.refused(429, "too_many_attempts");
    let other = "hallpass_device=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    sign_in_on(&here, other, PASSWORD).await.refused(429, "too_many_attempts");

    let again = sign_in_on(&here, &known, PASSWORD).await.expect(201);
    assert_eq!(device(&again), known);
    // The device has a limit too, which is its own.
    for _ in 0..5 {
        sign_in_on(&stranger.behind(network), &known, WRONG)
            .await
            .refused(401, "bad_credentials");
    }
    let here = stranger.behind(network);
    sign_in_on(&here, &known, PASSWORD).await.refused(429, "too_many_attempts");
    server.clock.advance(Span::seconds(1));
    let _ = sign_in_on(&here, &known, PASSWORD).await.expect(201);
}

/// The device of an account that claims an address tries that account alone.
#[tokio::test]
async fn the_device_of_a_claim_gives_no_guesses_at_the_account() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up("anna").await;
    let mallory = server.anonymous().behind([192, 0, 2, 1]);
    let body = json!({"email": "anna@example.com", "password": "staple battery horse",
        "first_name": "Mallory"});
    let claim = mallory.same_session().post("/api/v1/accounts", body).await.expect(201);
    let device = device(&claim);
    for _ in 0..6 {
        let _ = sign_in(&mallory, WRONG).await;
    }

    sign_in_on(&mallory.same_session(), &device, PASSWORD)
        .await
        .refused(401, "bad_credentials");
    let own = sign_in_on(&mallory.same_session(), &device, "staple battery horse").await;
    assert_eq!(own.expect(201).body["first_name"], "Mallory");
}

/// Others in the network have used up its attempts: who has signed in on this device may still try.
#[tokio::test]
async fn the_present_password_is_accepted_on_a_known_device_of_a_network_that_waits() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up("anna").await;
    let network = [192, 0, 2, 1];
    let stranger = server.anonymous().behind(network);
    let signed_in = sign_in(&stranger, PASSWORD).await.expect(201);
    let cookies = signed_in.headers.get_all("set-cookie").iter();
    let cookies = cookies.map(|line| line.to_str().unwrap().split(';').next().unwrap());
    let cookies = cookies.collect::<Vec<_>>().join("; ");
    let change = async |present: &str| {
        let body = json!({"present": present, "new": "quite another horse"}).to_string();
        let request = Request::put("/api/v1/me/password").header("cookie", &cookies);
        let request = request.header("content-type", "application/json").body(body.into());
        stranger.same_session().send(request.unwrap()).await
    };
    for _ in 0..5 {
        sign_in(&stranger, WRONG).await.refused(401, "bad_credentials");
    }
    sign_in(&stranger, PASSWORD).await.refused(429, "too_many_attempts");

    change(WRONG).await.refused(422, "wrong_password");
    let changed = change(PASSWORD).await;
    assert!((200..300).contains(&changed.status), "{}", changed.text);
}

/// One count for every request that brings a password of an account.
#[tokio::test]
async fn wrong_current_passwords_count_like_failed_sign_ins() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await.behind([192, 0, 2, 1]);
    let new = "quite another horse";
    for _ in 0..3 {
        change(&anna, WRONG, new).await.refused(422, "wrong_password");
    }
    for _ in 0..2 {
        sign_in(&anna, WRONG).await.refused(401, "bad_credentials");
    }

    change(&anna, PASSWORD, new).await.refused(429, "too_many_attempts");
    sign_in(&anna, PASSWORD).await.refused(429, "too_many_attempts");
    let _ = change(&anna.behind([192, 0, 2, 2]), PASSWORD, new).await.expect(204);
}

#[tokio::test]
async fn a_request_for_a_link_takes_none_away_and_blocks_no_other() {
    for (folder, kind) in MAILED {
        let server = TestServer::in_memory().await;
        let _anna = server.sign_up_unconfirmed("anna").await;
        let first = links(&server, kind).await.len();
        let stranger = server.anonymous().behind([192, 0, 2, 1]);
        for _ in 0..9 {
            ask_for_link(&stranger, folder).await;
            server.clock.advance(Span::minutes(1));
        }
        assert_eq!(links(&server, kind).await.len(), first + 5, "{folder}");

        ask_for_link(&server.anonymous().behind([192, 0, 2, 2]), folder).await;
        let sent = links(&server, kind).await;
        assert_eq!(sent.len(), first + 6, "{folder}");
        // Requests that were refused have not prolonged the wait.
        server.clock.advance(Span::minutes(56));
        ask_for_link(&stranger, folder).await;
        assert_eq!(links(&server, kind).await.len(), first + 7, "{folder}");

        let _ = follow(&server, folder, &sent[first + 5]).await.expect(204);
        for link in links(&server, kind).await {
            follow(&server, folder, &link).await.refused(409, "dead_link");
        }
    }
}

/// Requests for one kind of link do not count for the other.
#[tokio::test]
async fn requests_for_links_are_counted_by_kind() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up_unconfirmed("anna").await;
    let stranger = server.anonymous().behind([192, 0, 2, 1]);
    for (folder, kind) in MAILED {
        let before = links(&server, kind).await.len();
        for _ in 0..9 {
            ask_for_link(&stranger, folder).await;
        }
        assert_eq!(links(&server, kind).await.len(), before + 5, "{folder}");
    }
}

#[tokio::test]
async fn a_workspace_sends_a_limited_number_of_mails_a_day() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "member"})).await.expect(201);
    let mut tx = server.app.db().write().await.unwrap();
    let more = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 998) \
                INSERT INTO mails (id, workspace_id, about, recipient, letter, state, attempts, \
                next_at, created_at) SELECT randomblob(16), workspace_id, about, recipient, NULL, \
                'sent', 1, next_at, created_at FROM mails JOIN n ON workspace_id IS NOT NULL";
    let none: [hallpass_store::Value; 0] = [];
    tx.execute(more, &none).await.unwrap();
    tx.commit().await.unwrap();

    let emails: Value =
        json!({"emails": ["dan@example.com", "eve@example.com"], "role": "member"});
    let refused = workspace.anna.post("/invitations", emails).await;
    refused.refused(429, "too_many_mails");
    let invite =
        |name: &'static str| workspace.invite(&workspace.anna, name, json!({"role": "member"}));
    let _ = invite("dan").await.expect(201);
    invite("eve").await.refused(429, "too_many_mails");

    server.advance_days(1);
    let _ = invite("eve").await.expect(201);
}
