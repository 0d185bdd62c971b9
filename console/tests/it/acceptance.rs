//! Invitations, accepted by the page of their link.

use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::json;

const PASSWORD: &str = "correct horse battery";

async fn invited<'t>(server: &'t TestServer, name: &str) -> (TestWorkspace<'t>, String) {
    let workspace = server.found("harmonia").await;
    let _ =
        workspace.invite(&workspace.anna, name, json!({"role": "member"})).await.expect(201);
    let path = format!("/invitations/{}", workspace.token(name).await);
    (workspace, path)
}

fn lands_in_acme(answer: &Answer) {
    let to = answer.header("location");
    assert_eq!((answer.status, to.as_str()), (303, "/workspace/acme"), "{}", answer.text);
}

async fn is_member(person: &Person) {
    let landing = person.open("/workspace/acme").await;
    assert!([200, 303].contains(&landing.status), "{}: {}", landing.status, landing.text);
}

/// HARMONIA-46: the link leads to a register-or-sign-in flow.
#[tokio::test]
async fn the_link_offers_to_register_and_to_sign_in() {
    let server = TestServer::in_memory().await;
    let (_workspace, path) = invited(&server, "ben").await;
    let ben = server.anonymous();

    let page = ben.open(&path).await.expect(200);

    for text in ["Acme", "Anna invited you as Member", "ben@example.com", "valid until"] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    assert!(page.text.contains("name=\"first_name\""), "{}", page.text);
    assert!(page.text.contains(&format!("{path}?have=account")), "{}", page.text);
    assert!(page.text.contains("You will see "), "{}", page.text);
    let sign_in = ben.open(&format!("{path}?have=account")).await.expect(200);
    assert!(!sign_in.text.contains("name=\"first_name\""), "{}", sign_in.text);
    assert!(sign_in.text.contains("name=\"password\""), "{}", sign_in.text);
}

#[tokio::test]
async fn a_new_account_lands_in_the_workspace() {
    let server = TestServer::in_memory().await;
    let (_workspace, path) = invited(&server, "ben").await;
    let ben = server.anonymous();

    let short = [("first_name", "Ben <i>"), ("last_name", "Ngata"), ("password", "short")];
    let refused = ben.submit(&path, &short).await.expect(422);
    assert!(refused.text.contains("aria-describedby=\"h-password e-password\""));
    assert!(refused.text.contains("value=\"Ben &#60;i&#62;\""), "{}", refused.text);
    assert!(!refused.text.contains("value=\"short\""), "a password is not sent back");
    let right = [("first_name", "Ben"), ("last_name", "Ngata"), ("password", PASSWORD)];
    let joined = ben.submit(&path, &right).await;

    lands_in_acme(&joined);
    is_member(&ben).await;
    let me = ben.get("/api/v1/me").await.expect(200);
    assert_eq!((me.text("first_name"), me.text("last_name")), ("Ben".into(), "Ngata".into()));
}

#[tokio::test]
async fn an_account_of_the_address_joins_by_its_password() {
    let server = TestServer::in_memory().await;
    let _ben = server.sign_up("ben").await;
    let (_workspace, path) = invited(&server, "ben").await;
    let someone = server.anonymous();

    let new = [("first_name", "Ben"), ("last_name", ""), ("password", "another horse battery")];
    let told = someone.submit(&path, &new).await.expect(409);
    assert!(told.text.contains("ben@example.com has an account"), "{}", told.text);
    assert!(told.text.contains("value=\"account\""), "{}", told.text);
    let wrong = [("have", "account"), ("password", "another horse battery")];
    let refused = someone.submit(&path, &wrong).await.expect(409);
    assert!(refused.text.contains("The password is wrong."), "{}", refused.text);
    let joined = someone.submit(&path, &[("have", "account"), ("password", PASSWORD)]).await;

    lands_in_acme(&joined);
    is_member(&someone).await;
}

#[tokio::test]
async fn a_session_of_the_address_joins_with_one_button() {
    let server = TestServer::in_memory().await;
    let ben = server.sign_up("ben").await;
    let (_workspace, path) = invited(&server, "ben").await;

    let page = ben.open(&path).await.expect(200);
    assert!(page.text.contains("Join Acme") && !page.text.contains("name=\"password\""));
    let joined = ben.submit(&path, &[]).await;

    lands_in_acme(&joined);
    is_member(&ben).await;
    let used = ben.open(&path).await.expect(410);
    assert!(used.text.contains("This invitation was accepted"), "{}", used.text);
    assert!(used.text.contains("href=\"/workspace/acme\""), "{}", used.text);
}

#[tokio::test]
async fn another_account_can_switch_and_keeps_the_invitation() {
    let server = TestServer::in_memory().await;
    let cleo = server.sign_up("cleo").await;
    let (_workspace, path) = invited(&server, "ben").await;

    let page = cleo.open(&path).await.expect(200);
    assert!(page.text.contains("ben@example.com") && page.text.contains("cleo@example.com"));
    assert_eq!(page.text.matches("class=\"primary large\"").count(), 1, "{}", page.text);
    let refused = cleo.submit(&path, &[]).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    let switched = cleo.submit("/sign-out", &[("next", path.as_str())]).await;

    assert_eq!((switched.status, switched.header("location")), (303, path.clone()));
    let again = cleo.open(&path).await.expect(200);
    assert!(again.text.contains("name=\"first_name\""), "{}", again.text);
}

#[tokio::test]
async fn a_dead_invitation_says_how_to_get_another() {
    let server = TestServer::in_memory().await;
    let (workspace, path) = invited(&server, "ben").await;
    let anyone = server.anonymous();
    let fields = [("first_name", "Ben"), ("last_name", ""), ("password", PASSWORD)];

    let sent = workspace.anna.get("/invitations").await.expect(200).items()[0]["id"].clone();
    let revoke = format!("/invitations/{}", sent.as_str().unwrap());
    let _ = workspace.anna.delete(&revoke).await.expect(204);
    let revoked = anyone.open(&path).await.expect(410);
    assert!(revoked.text.contains("withdrawn") && revoked.text.contains("Ask Anna"));
    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "member"})).await.expect(201);
    let path = format!("/invitations/{}", workspace.token("ben").await);
    server.advance_days(15);
    for answer in [anyone.open(&path).await.expect(410), anyone.submit(&path, &fields).await] {
        assert!(answer.text.contains("has expired") && answer.text.contains("Ask Anna"));
    }
    for nothing in ["/invitations/x", &format!("{path}x")] {
        let unknown = anyone.open(nothing).await.expect(404);
        assert!(unknown.text.contains("no longer works") && !unknown.text.contains("Acme"));
        assert_eq!(anyone.submit(nothing, &fields).await.status, 404);
    }
}
