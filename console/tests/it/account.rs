//! Accounts: signing up, and the links in mails, whose tokens no cache and no other site learns.

use hallpass_testkit::TestServer;
use serde_json::json;

const PASSWORD: &str = "correct horse battery";
const OTHER: &str = "another horse battery";

#[tokio::test]
async fn signing_up_leads_to_the_first_workspace_and_mails_a_link() {
    let server = TestServer::in_memory().await;
    let dana = server.anonymous();
    let _ = dana.open("/sign-up").await.expect(200);

    let short = [("email", "dana@example.com"), ("first_name", "<b>"), ("password", "short")];
    let refused = dana.submit("/sign-up", &short).await.expect(422);
    assert!(refused.text.contains("value=\"dana@example.com\""), "{}", refused.text);
    assert!(refused.text.contains("id=\"e-password\""), "{}", refused.text);
    let right = [("email", "dana@example.com"), ("first_name", "Dana"), ("password", PASSWORD)];
    let done = dana.submit("/sign-up", &right).await;

    assert_eq!((done.status, done.header("location").as_str()), (303, "/workspaces/new"));
    let me = dana.get("/api/v1/me").await.expect(200);
    assert_eq!(me.text("email"), "dana@example.com");
    assert_eq!(server.mails().await.len(), 1);
    // The page tells no one else that she has an account.
    let link = server.last_token("confirm_address", "dana@example.com").await;
    let _ = dana.post(&format!("/api/v1/confirmations/{link}"), json!({})).await.expect(204);
    let again = server.anonymous().submit("/sign-up", &right).await;
    assert_eq!((again.status, again.header("location").as_str()), (303, "/workspaces/new"));
    assert_eq!(server.mails().await.last().unwrap().1["kind"], "account_exists");
}

#[tokio::test]
async fn an_address_is_confirmed_by_the_page_of_the_link() {
    let server = TestServer::in_memory().await;
    let dana = server.sign_up_unconfirmed("dana").await;
    let path = format!(
        "/confirmations/{}",
        server.last_token("confirm_address", "dana@example.com").await
    );

    let own = dana.open(&path).await.expect(200);
    assert!(!own.text.contains("name=\"password\""), "{}", own.text);
    let anyone = server.anonymous();
    let page = anyone.open(&path).await.expect(200);
    assert!(page.text.contains("name=\"password\""), "{}", page.text);
    assert_eq!(dana.get("/api/v1/me").await.body["email_confirmed"], json!(false));
    let without = anyone.submit(&path, &[]).await.expect(422);
    assert!(without.text.contains("id=\"e-password\""), "{}", without.text);
    let done = dana.submit(&path, &[]).await;

    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(dana.get("/api/v1/me").await.body["email_confirmed"], json!(true));
    let dead = dana.open(&path).await.expect(404);
    assert!(dead.text.contains("href=\"/confirmations\""), "{}", dead.text);
}

#[tokio::test]
async fn a_confirmation_is_sent_again_and_says_the_same_for_every_address() {
    let server = TestServer::in_memory().await;
    let _dana = server.sign_up_unconfirmed("dana").await;
    let before = server.mails().await.len();
    let anyone = server.anonymous();

    let mut pages = Vec::new();
    for name in ["dana", "zoe"] {
        let email = format!("{name}@example.com");
        for path in ["/confirmations", "/password-resets"] {
            // A page of its own says what was sent, so that a reload sends nothing.
            let sent = anyone.submit(path, &[("email", email.as_str())]).await.expect(303);
            let lines = [sent.header("location"), sent.header("set-cookie")];
            pages.push(lines.map(|line| line.replace(name, "")));
        }
    }

    assert_eq!((&pages[0], &pages[1]), (&pages[2], &pages[3]));
    assert_eq!(server.mails().await.len(), before + 2);
}

#[tokio::test]
async fn a_password_is_set_by_the_page_of_the_link() {
    let server = TestServer::in_memory().await;
    let _dana = server.sign_up("dana").await;
    let anyone = server.anonymous();
    let _ =
        anyone.submit("/password-resets", &[("email", "dana@example.com")]).await.expect(303);
    let token = server.last_token("password_reset", "dana@example.com").await;
    let path = format!("/password-resets/{token}");

    for _ in 0..2 {
        let page = anyone.open(&path).await.expect(200);
        assert!(page.text.contains("dana@example.com"), "opening the page changes nothing");
    }
    let refused = anyone.submit(&path, &[("password", "short")]).await.expect(422);
    assert!(refused.text.contains("id=\"e-password\""), "{}", refused.text);
    let done = anyone.submit(&path, &[("password", OTHER)]).await;

    assert_eq!((done.status, done.header("location").as_str()), (303, "/sign-in"));
    let fields = [("email", "dana@example.com"), ("password", OTHER)];
    assert_eq!(anyone.submit("/sign-in", &fields).await.status, 303);
    let dead = anyone.open(&path).await.expect(404);
    assert!(dead.text.contains("href=\"/forgot\""), "{}", dead.text);
    assert_eq!(anyone.submit(&path, &[("password", PASSWORD)]).await.status, 404);
}

#[tokio::test]
async fn the_token_of_a_link_stays_out_of_caches_and_referrers() {
    let server = TestServer::in_memory().await;
    for folder in ["confirmations", "invitations", "password-resets"] {
        let page = server.anonymous().open(&format!("/{folder}/secret")).await;
        assert_eq!(page.header("cache-control"), "no-store", "{folder}");
        assert_eq!(page.header("referrer-policy"), "no-referrer", "{folder}");
        assert!(!page.text.contains("secret"), "{folder}: {}", page.text);
    }
}
