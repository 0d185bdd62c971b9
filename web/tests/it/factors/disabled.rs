//! A disabled account has no way in: each way lets its person in before, none while it is disabled, and each
//! again after.

use hallpass_app::account::operator::OperatorStatus::{Operator as On, Ordinary};
use hallpass_app::operation::Operator;
use hallpass_domain::id::AccountId;
use hallpass_domain::time::Span;
use hallpass_testkit::authenticator::Authenticator;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::json;

use super::passkeys::{register_with, use_passkey};
use super::{WithApp, sign_in};

const HERE: &str = "https://crm.example.com";

/// People whose accounts have every way in between them.
struct Scene<'s> {
    server: &'s TestServer,
    home: TestWorkspace<'s>,
    other: TestWorkspace<'s>,
    /// With an authenticator app and a passkey.
    ben: WithApp,
    device: Authenticator,
    ids: Vec<AccountId>,
}

/// What is begun while an account is enabled, and used later.
struct Begun {
    session: Person,
    key: Person,
    /// A browser in which the password was right and the code is still to come.
    pending: Person,
    /// A browser that needs no code.
    trusted: Person,
    reset: String,
    invitation: String,
}

impl<'s> Scene<'s> {
    async fn new(server: &'s TestServer) -> Scene<'s> {
        let home = server.found("standard").await;
        let other = server.found_as("olga", "standard", "other").await;
        let mut ids = Vec::new();
        let mut people = Vec::new();
        for name in ["ben", "dora", "eve"] {
            let person = home.join(name, json!({"role": "admin"})).await;
            ids.push(person.get("/api/v1/me").await.id().parse().unwrap());
            people.push(person);
        }
        let ben = WithApp::of(server, people.remove(0)).await;
        let mut device = Authenticator::at(HERE);
        let _ = register_with(&ben.person, &mut device).await.expect(201);
        Scene { server, home, other, ben, device, ids }
    }

    async fn begin(&self) -> Begun {
        let server = self.server;
        let session = server.anonymous();
        let body = json!({"email": "dora@example.com", "password": PASSWORD});
        let _ = session.post("/api/v1/sessions", body).await.expect(201);
        let session = session.at(&self.home.slug).await;
        let made = session.post("/api-keys", json!({"name": "Nightly"})).await.expect(201);
        let key = session.with_api_key(&made.text("key"));
        let trusted = self.enter_password("ben").await;
        let code = self.ben.next_code(server);
        let fields = [("code", code.as_str()), ("next", "/"), ("remember", "1")];
        assert_eq!(trusted.submit("/sign-in/code", &fields).await.status, 303);
        let pending = self.enter_password("ben").await;
        let asked = json!({"email": "eve@example.com"});
        let _ = server.anonymous().post("/api/v1/password-resets", asked).await.expect(204);
        let reset = server.last_token("password_reset", "eve@example.com").await;
        // Each time an invitation of another person, whose account is disabled with the others.
        let invited =
            self.other.invite(&self.other.anna, "eve", json!({"role": "member"})).await;
        let _ = invited.expect(201);
        let invitation = self.other.token("eve").await;
        Begun { session, key, pending, trusted: trusted.signed_out(), reset, invitation }
    }

    /// Types address and password on the page.
    async fn enter_password(&self, name: &str) -> Person {
        let (browser, email) = (self.server.anonymous(), format!("{name}@example.com"));
        let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", "/")];
        let _ = browser.submit("/sign-in", &fields).await;
        browser
    }

    /// Tries every way in, and returns which let in.
    async fn try_each(&mut self, begun: &Begun) -> Vec<(&'static str, bool)> {
        let server = self.server;
        let is = |answer: &Answer, status: u16| answer.status == status;
        // Attempts that were refused make no one wait.
        let pause = || server.clock.advance(Span::minutes(2));
        let mut let_in = Vec::new();
        let me = begun.session.get("/api/v1/me").await;
        let_in.push(("session, for the account", is(&me, 200)));
        let_in.push(("session, in a workspace", is(&begun.session.get("/me").await, 200)));
        let write = begun.session.post("/teams", json!({"name": "Team"})).await;
        let_in.push(("session, to write", !is(&write, 401)));
        let_in.push(("API key", is(&begun.key.get("/members").await, 200)));
        let write = begun.key.post("/teams", json!({"name": "By key"})).await;
        let_in.push(("API key, to write", !is(&write, 401)));
        let code = self.ben.next_code(server);
        let fields = [("code", code.as_str()), ("next", "/")];
        let _ = begun.pending.submit("/sign-in/code", &fields).await;
        let_in.push(("second step that was begun", begun.pending.cookie().is_some()));
        pause();
        let fields = [("email", "ben@example.com"), ("password", PASSWORD), ("next", "/")];
        let _ = begun.trusted.submit("/sign-in", &fields).await;
        let_in.push(("trusted device", begun.trusted.cookie().is_some()));
        pause();
        let_in.push(("password", is(&sign_in(server, "dora", None).await, 201)));
        pause();
        let page = self.enter_password("dora").await;
        let_in.push(("password, on the page", page.cookie().is_some()));
        pause();
        let code = self.ben.next_code(server);
        let_in.push(("code", is(&sign_in(server, "ben", Some(&code)).await, 201)));
        pause();
        let code = self.ben.recovery_codes.pop().unwrap();
        let_in.push(("recovery code", is(&sign_in(server, "ben", Some(&code)).await, 201)));
        pause();
        let_in.push(("passkey", is(&use_passkey(server, &mut self.device).await, 201)));
        pause();
        let accept = format!("/api/v1/invitations/{}/accept", begun.invitation);
        let body = json!({"password": PASSWORD, "first_name": "Eve", "last_name": ""});
        let accepted = server.anonymous().post(&accept, body).await;
        let_in.push(("invitation", is(&accepted, 201)));
        pause();
        let path = format!("/api/v1/password-resets/{}", begun.reset);
        let reset = server.anonymous().put(&path, json!({"password": PASSWORD})).await;
        let_in.push(("link that was mailed before", is(&reset, 204)));
        server.clock.advance(Span::hours(2));
        let before = server.mails().await.len();
        let asked = json!({"email": "dora@example.com"});
        let _ = server.anonymous().post("/api/v1/password-resets", asked).await.expect(204);
        let_in.push(("link that is mailed now", server.mails().await.len() > before));
        let operator = Operator::new("root");
        let link = server.app.accounts().create_link_as(&operator, self.ids[0]).await;
        let_in.push(("link of the operator", link.is_ok()));
        let_in
    }
}

#[tokio::test]
async fn a_disabled_account_signs_in_by_no_way() {
    let server = TestServer::in_memory().await;
    let mut scene = Scene::new(&server).await;
    let operator = Operator::new("root");
    let accounts = server.app.accounts();
    let begun = scene.begin().await;
    let first = scene.try_each(&begun).await;
    assert!(first.iter().all(|(_, is_in)| *is_in), "the control: {first:?}");
    // Eve is a member of the other workspace now, and is invited to it again.
    let removed = scene.other.anna.get("/members?q=eve").await.expect(200);
    let path = format!("/members/{}", removed.items()[0]["id"].as_str().unwrap());
    let _ = scene.other.anna.delete(&path).await.expect(204);

    server.clock.advance(Span::hours(1));
    let begun = scene.begin().await;
    for id in scene.ids.clone() {
        assert!(accounts.disable_as(&operator, id).await.unwrap());
        assert!(!accounts.disable_as(&operator, id).await.unwrap());
    }
    let disabled = scene.try_each(&begun).await;
    assert!(disabled.iter().all(|(_, is_in)| !*is_in), "{disabled:?}");

    for id in scene.ids.clone() {
        assert!(accounts.enable_as(&operator, id).await.unwrap());
    }
    // What was not accepted is in the way of another invitation.
    let anna = &scene.other.anna;
    let pending = anna.get("/invitations").await.expect(200);
    for invitation in pending.items().iter().filter(|one| one["status"] == "pending") {
        let path = format!("/invitations/{}", invitation["id"].as_str().unwrap());
        let _ = anna.delete(&path).await.expect(204);
    }
    server.clock.advance(Span::hours(1));
    let begun = scene.begin().await;
    let enabled = scene.try_each(&begun).await;
    assert!(enabled.iter().all(|(_, is_in)| *is_in), "{enabled:?}");
}

/// What the person of a disabled account does with the same address leads into nothing that the account has.
#[tokio::test]
async fn the_workspaces_of_a_disabled_account_are_not_taken_out_of_it() {
    let server = TestServer::in_memory().await;
    let home = server.found("standard").await;
    let dora = server.sign_up_unconfirmed("dora").await;
    let id = dora.get("/api/v1/me").await.id().parse().unwrap();
    let founded = json!({"name": "Doras", "slug": "doras"});
    let _ = dora.post("/api/v1/workspaces", founded).await.expect(201);
    let operator = Operator::new("root");
    assert!(server.app.accounts().disable_as(&operator, id).await.unwrap());

    let _ = home.invite(&home.anna, "dora", json!({"role": "member"})).await.expect(201);
    let accept = format!("/api/v1/invitations/{}/accept", home.token("dora").await);
    let body = json!({"password": PASSWORD, "first_name": "Dora", "last_name": ""});
    server.anonymous().post(&accept, body).await.refused(401, "bad_credentials");
    let again = server.sign_up("dora").await;

    assert_eq!(again.get("/api/v1/workspaces/doras/me").await.status, 404);
    dora.get("/api/v1/me").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn an_act_of_the_operator_is_in_the_audit_log_of_each_workspace_of_the_account() {
    let server = TestServer::in_memory().await;
    let home = server.found("standard").await;
    let other = server.found_as("olga", "standard", "other").await;
    let ben = home.join("ben", json!({"role": "member"})).await;
    let _ = other.invite(&other.anna, "ben", json!({"role": "member"})).await.expect(201);
    let _ = other.accept(&ben, "ben").await.expect(201);
    let ben = WithApp::of(&server, ben).await;
    let id = ben.person.get("/api/v1/me").await.id().parse().unwrap();
    let operator = Operator::new("root");
    let accounts = server.app.accounts();

    let session = accounts.list_sessions_as(&operator, id).await.unwrap()[0].id;
    accounts.end_session_as(&operator, id, session).await.unwrap();
    accounts.end_sessions_as(&operator, id).await.unwrap();
    let _ = accounts.create_link_as(&operator, id).await.unwrap();
    accounts.reset_factors_as(&operator, id).await.unwrap();
    assert!(accounts.reset_factors_as(&operator, id).await.is_err(), "none is left");
    assert!(accounts.disable_as(&operator, id).await.unwrap());
    assert!(accounts.reset_factors_as(&operator, id).await.is_err(), "it is disabled");
    assert!(accounts.enable_as(&operator, id).await.unwrap());

    let acts = ["enable", "disable", "reset_factors", "link", "end_sessions", "end_session"];
    for anna in [&home.anna, &other.anna] {
        let log = anna.get("/audit?limit=6").await.expect(200);
        let actions: Vec<String> = log.each("action");
        assert_eq!(actions, acts.map(|act| format!("account.{act}")));
        for entry in log.items() {
            assert_eq!(entry["actor"], json!(null), "{entry}");
            let subject = entry["subject"].as_str().unwrap();
            let _ = anna.get(&format!("/members/{subject}")).await.expect(200);
        }
    }
}

#[tokio::test]
async fn the_last_operator_who_can_sign_in_stays() {
    let server = TestServer::in_memory().await;
    let (mut ids, operator) = (Vec::new(), Operator::new("root"));
    for name in ["anna", "ben"] {
        let person = server.sign_up(name).await;
        let id: AccountId = person.get("/api/v1/me").await.id().parse().unwrap();
        ids.push(id);
    }
    let accounts = server.app.accounts();
    let set = |id, status| accounts.set_operator_as(&operator, id, status);
    let code = |error: hallpass_app::Error| {
        let hallpass_app::Error::Refused(refusal) = error else { panic!("{error}") };
        refusal.code()
    };
    assert!(set(ids[0], On).await.unwrap());
    assert_eq!(
        accounts.disable_as(&operator, ids[0]).await.map_err(code),
        Err("last_operator")
    );
    assert_eq!(set(ids[0], Ordinary).await.map_err(code), Err("last_operator"));

    assert!(set(ids[1], On).await.unwrap());
    assert!(accounts.disable_as(&operator, ids[0]).await.unwrap());
    assert_eq!(
        accounts.disable_as(&operator, ids[1]).await.map_err(code),
        Err("last_operator")
    );
    assert_eq!(set(ids[1], Ordinary).await.map_err(code), Err("last_operator"));
    assert!(set(ids[0], Ordinary).await.unwrap(), "a disabled one is not counted");
    assert_eq!(set(ids[0], On).await.map_err(code), Err("account_disabled"));
}

/// What a member has made for others ends with their account: a key that acts for another member, and an
/// invitation that is not accepted yet.
#[tokio::test]
async fn what_a_disabled_account_made_for_others_counts_no_longer() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let otto = workspace.join("otto", json!({"role": "admin"})).await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let member = ben.get("/me").await.expect(200).text("id");
    let made = json!({"name": "Nightly", "member": member});
    let key = otto.post("/api-keys", made).await.expect(201).text("key");
    let key = ben.with_api_key(&key);
    let _ = key.get("/me").await.expect(200);
    let _ = workspace.invite(&otto, "cleo", json!({"role": "member"})).await.expect(201);
    let account = otto.get("/api/v1/me").await.expect(200).id().parse().unwrap();
    let (accounts, operator) = (server.app.accounts(), Operator::new("root"));

    assert!(accounts.disable_as(&operator, account).await.unwrap());

    key.get("/me").await.refused(401, "not_signed_in");
    let cleo = server.sign_up("cleo").await;
    workspace.accept(&cleo, "cleo").await.refused(409, "invitation_outdated");
    let _ = ben.get("/me").await.expect(200);
    assert!(accounts.enable_as(&operator, account).await.unwrap());
    let _ = key.get("/me").await.expect(200);
    let _ = workspace.accept(&cleo, "cleo").await.expect(201);
}
