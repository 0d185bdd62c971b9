//! Second factors on pages: every way in of an account that has one, trusted devices, and the profile.

use hallpass_domain::time::Span;
use hallpass_domain::totp::{TotpSecret, step};
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::json;

/// A person with an authenticator app, added by the API.
struct WithApp {
    person: Person,
    secret: TotpSecret,
}

impl WithApp {
    async fn of(server: &TestServer, person: Person) -> WithApp {
        let enrollment = person.post("/api/v1/me/totp", json!({})).await.expect(201);
        let secret = enrollment.text("secret");
        let secret = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
        let secret = TotpSecret::new(secret);
        let body = json!({"code": secret.code(step(server.app.now()))});
        let _ = person.post("/api/v1/me/totp/confirm", body).await.expect(200);
        WithApp { person, secret }
    }

    fn next_code(&self, server: &TestServer) -> String {
        server.clock.advance(Span::seconds(30));
        self.secret.code(step(server.app.now()))
    }
}

async fn sign_in(person: &Person, name: &str) -> Answer {
    let email = format!("{name}@example.com");
    let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", "/workspaces")];
    person.submit("/sign-in", &fields).await
}

async fn send_code(person: &Person, code: &str, remember: bool) -> Answer {
    let mut fields = vec![("code", code), ("next", "/workspaces")];
    fields.extend(remember.then_some(("remember", "1")));
    person.submit("/sign-in/code", &fields).await
}

async fn is_signed_in(person: &Person) -> bool {
    person.get("/api/v1/me").await.status == 200
}

#[track_caller]
fn leads_to(answer: &Answer, path: &str) {
    assert_eq!((answer.status, answer.header("location").as_str()), (303, path));
}

const CODE: &str = "/sign-in/code?next=%2Fworkspaces";

#[tokio::test]
async fn the_password_leads_to_the_second_step_and_a_code_through_it() {
    let server = TestServer::in_memory().await;
    let anna = WithApp::of(&server, server.sign_up("anna").await).await;
    let browser = server.anonymous();

    leads_to(&sign_in(&browser, "anna").await, CODE);
    assert!(!is_signed_in(&browser).await);
    let page = browser.open(CODE).await.expect(200);
    assert!(page.text.contains("anna@example.com"), "{}", page.text);
    let wrong = send_code(&browser, "000000", true).await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.text.contains("The code is wrong"), "{}", wrong.text);
    assert!(!is_signed_in(&browser).await);

    leads_to(&send_code(&browser, &anna.next_code(&server), false).await, "/workspaces");

    assert!(is_signed_in(&browser).await);
    // What waited is over.
    leads_to(&browser.signed_out().open(CODE).await, "/sign-in?next=%2Fworkspaces");
}

#[tokio::test]
async fn the_second_step_is_of_one_browser_and_does_not_wait_for_long() {
    let server = TestServer::in_memory().await;
    let anna = WithApp::of(&server, server.sign_up("anna").await).await;
    let browser = server.anonymous();
    leads_to(&sign_in(&browser, "anna").await, CODE);

    let other = server.anonymous();
    let code = anna.next_code(&server);
    leads_to(&send_code(&other, &code, false).await, "/sign-in?next=%2Fworkspaces");
    assert!(!is_signed_in(&other).await);

    server.clock.advance(Span::minutes(10));
    let code = anna.next_code(&server);
    leads_to(&send_code(&browser, &code, false).await, "/sign-in?next=%2Fworkspaces");
    assert!(!is_signed_in(&browser).await);
}

#[tokio::test]
async fn a_trusted_device_needs_the_password_alone_for_thirty_days() {
    let server = TestServer::in_memory().await;
    let anna = WithApp::of(&server, server.sign_up("anna").await).await;
    let _ben = WithApp::of(&server, server.sign_up("ben").await).await;
    let browser = server.anonymous();
    leads_to(&sign_in(&browser, "anna").await, CODE);
    leads_to(&send_code(&browser, &anna.next_code(&server), true).await, "/workspaces");
    let devices = browser.get("/api/v1/me/devices").await.expect(200);
    assert_eq!(devices.items().len(), 1);

    let again = browser.signed_out();
    leads_to(&sign_in(&again, "anna").await, "/workspaces");
    assert!(is_signed_in(&again).await);
    // It is trusted for its account, and no other one.
    leads_to(&sign_in(&browser.signed_out(), "ben").await, CODE);
    leads_to(&sign_in(&server.anonymous(), "anna").await, CODE);

    server.advance_days(30);
    leads_to(&sign_in(&browser.signed_out(), "anna").await, CODE);
}

#[tokio::test]
async fn a_device_is_forgotten_by_its_owner_and_with_another_password() {
    let server = TestServer::in_memory().await;
    let anna = WithApp::of(&server, server.sign_up("anna").await).await;
    let remember = async || {
        let browser = server.anonymous();
        leads_to(&sign_in(&browser, "anna").await, CODE);
        leads_to(&send_code(&browser, &anna.next_code(&server), true).await, "/workspaces");
        browser
    };
    let browser = remember().await;
    let id = browser.get("/api/v1/me/devices").await.each("id").remove(0);
    let path = format!("/api/v1/me/devices/{id}");
    let zoe = server.sign_up("zoe").await;
    zoe.delete(&path).await.refused(404, "not_found");
    let _ = browser.delete(&path).await.expect(204);
    leads_to(&sign_in(&browser.signed_out(), "anna").await, CODE);

    let browser = remember().await;
    let body = json!({"present": PASSWORD, "new": "quite another horse"});
    let _ = browser.put("/api/v1/me/password", body).await.expect(204);
    let fields = [("email", "anna@example.com"), ("password", "quite another horse")];
    let again = browser.signed_out().submit("/sign-in", &fields).await;
    leads_to(&again, "/sign-in/code?next=%2F");
}

/// The link of an invitation of Ben, who has an account and an authenticator app.
async fn invited(server: &TestServer, workspace: &TestWorkspace<'_>) -> (WithApp, String) {
    let ben = WithApp::of(server, server.sign_up("ben").await).await;
    let anna = &workspace.anna;
    let _ = workspace.invite(anna, "ben", json!({"role": "member"})).await.expect(201);
    (ben, workspace.token("ben").await)
}

#[tokio::test]
async fn an_invitation_with_a_password_leads_to_the_second_step() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let (ben, link) = invited(&server, &workspace).await;
    let browser = server.anonymous();
    let fields = [("have", "account"), ("password", PASSWORD)];

    let accepted = browser.submit(&format!("/invitations/{link}"), &fields).await;

    leads_to(&accepted, "/sign-in/code?next=%2Fworkspace%2Facme");
    assert!(!is_signed_in(&browser).await);
    let code = ben.next_code(&server);
    let fields = [("code", code.as_str()), ("next", "/workspace/acme")];
    leads_to(&browser.submit("/sign-in/code", &fields).await, "/workspace/acme");
    assert!(is_signed_in(&browser).await);
}

/// No way in starts a session of an account with a second factor by its password, or by a link.
#[tokio::test]
async fn no_way_in_is_open_to_the_password_alone() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let (ben, link) = invited(&server, &workspace).await;
    let ask = json!({"email": "ben@example.com"});
    let _ = server.anonymous().post("/api/v1/password-resets", ask).await.expect(204);
    let reset = server.last_token("password_reset", "ben@example.com").await;
    let password = json!({"password": PASSWORD, "first_name": "Ben"});
    let signing_in = json!({"email": "ben@example.com", "password": PASSWORD});
    let sign_up =
        json!({"email": "ben@example.com", "password": PASSWORD, "first_name": "Ben"});
    let ways = [
        ("POST", "/api/v1/sessions".to_owned(), signing_in),
        ("POST", "/api/v1/accounts".to_owned(), sign_up),
        ("POST", format!("/api/v1/invitations/{link}/accept"), password.clone()),
        ("PUT", format!("/api/v1/password-resets/{reset}"), json!({"password": PASSWORD})),
    ];
    for (method, path, body) in ways {
        let browser = server.anonymous();
        let answer = browser.request(method, &path, Some(body)).await;
        let me = browser.get("/api/v1/me").await;
        let is_ben = me.body["id"] == ben.person.get("/api/v1/me").await.body["id"];
        assert!(me.status == 401 || !is_ben, "{method} {path}: {}", answer.text);
    }
}

#[tokio::test]
async fn an_administrator_resets_a_member_from_the_team_page() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    let (id, path) = (ben.id.clone(), format!("settings/team/{}/factors", ben.id));
    let ben = WithApp::of(&server, ben).await;
    let team = workspace.anna.open("settings/team").await.expect(200);
    assert_eq!(team.text.matches("Signs in with a second factor").count(), 2, "title and text");
    assert!(team.text.contains(&path) && !team.text.contains(&format!("{}/factors", cleo.id)));
    let page = workspace.anna.open(&format!("settings/team/{id}")).await.expect(200);
    assert!(page.text.contains("<dt>Second factor</dt><dd>Yes</dd>"), "{}", page.text);

    let asked = workspace.anna.open(&path).await.expect(200);
    assert!(asked.text.contains("Reset the second factor of Ben"), "{}", asked.text);
    assert_eq!(cleo.submit(&path, &[]).await.status, 403);
    let done = workspace.anna.submit(&path, &[]).await;

    leads_to(&done, "/workspace/acme/settings/team");
    assert!(!is_signed_in(&ben.person).await);
    let team = workspace.anna.open("settings/team").await.expect(200);
    assert!(!team.text.contains("Signs in with a second factor"));
}
