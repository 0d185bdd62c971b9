//! Everything that a caller has before the policy holds: account, membership, factors, links, keys, sessions.

use std::cell::Cell;

use data_encoding::BASE32_NOPAD;
use hallpass_domain::time::Span;
use hallpass_domain::totp::{TotpSecret, step};
use hallpass_testkit::authenticator::Authenticator;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

use super::{Policy, Standing, Way};
use crate::sign_on::scene::{Connection, Scene, leave};
use crate::sign_on::{SamlConnection, saml, turn_on};

/// The origin of the server, for passkeys.
const ORIGIN: &str = "https://crm.example.com";

/// A token that was never given out.
const NO_TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A workspace with a connection of each kind, and its owner.
pub(super) struct World {
    pub(super) scene: &'static Scene,
    workspace: TestWorkspace<'static>,
    pub(super) oidc: Connection<'static>,
    pub(super) saml: SamlConnection,
    setup_link: String,
    owner: TotpSecret,
    number: Cell<u8>,
}

/// What a caller has to come in with.
pub(super) struct Prepared {
    /// The address of the account; its part before the `@` names the caller at the providers too.
    pub(super) email: String,
    /// The browser with which it signed up.
    pub(super) person: Person,
    /// Another browser, which has not signed in.
    pub(super) browser: Person,
    /// The id of the member, if it is one.
    member: String,
    pub(super) app: Option<TotpSecret>,
    pub(super) recovery_code: String,
    pub(super) passkey: Option<Authenticator>,
    /// The token of a link, or a key.
    pub(super) token: String,
}

impl World {
    pub(super) async fn new() -> World {
        // Of one test; the borrows of the scene are as long as the test.
        let scene: &'static Scene = Box::leak(Box::new(Scene::new().await));
        let setup_link = scene.server.app.accounts().create_setup_link().await.unwrap();
        let setup_link = setup_link.unwrap().expose().to_owned();
        // An access model in which members are deactivated too.
        let workspace = scene.server.found("standard").await;
        let _ =
            workspace.anna.post("/billing/plan", json!({"plan": "agency"})).await.expect(200);
        scene.prove(&workspace.anna).await;
        let oidc = scene.oidc(&workspace.anna).await;
        let saml = saml(&workspace.anna).await;
        turn_on(scene, &workspace.anna, &saml).await;
        let (owner, _) = add_app(&scene.server, &workspace.anna).await;
        World { scene, workspace, oidc, saml, setup_link, owner, number: Cell::new(0) }
    }

    pub(super) fn server(&self) -> &'static TestServer {
        &self.scene.server
    }

    /// A browser at an address of its own, so that none is over its limit.
    pub(super) fn browser(&self) -> Person {
        self.number.set(self.number.get() + 1);
        self.server().anonymous().behind([192, 0, 2, self.number.get()])
    }

    /// Prepares a way for someone who will be the caller. Those who will be deactivated or removed are
    /// members so far.
    pub(super) async fn prepare(&self, caller: Standing, way: Way) -> Prepared {
        let email = format!("{way:?}-{caller:?}@northwind.example").to_lowercase();
        let mut prepared = Prepared {
            email,
            person: self.browser(),
            browser: self.browser(),
            member: String::new(),
            app: None,
            recovery_code: String::new(),
            passkey: None,
            token: NO_TOKEN.to_owned(),
        };
        let is_by_provider = matches!(way, Way::OpenIdConnect | Way::Saml);
        let begins_with_link = caller == Standing::Invited && way == Way::InvitationLink;
        if !is_by_provider && !begins_with_link {
            self.sign_up(caller, way, &mut prepared).await;
        }
        if caller != Standing::Stranger {
            self.invite(caller, way, &mut prepared).await;
        }
        self.add_credentials(way, &mut prepared).await;
        prepared
    }

    async fn sign_up(&self, caller: Standing, way: Way, prepared: &mut Prepared) {
        let body = json!({
            "email": prepared.email, "password": PASSWORD, "first_name": "Cas", "last_name": "",
        });
        let _ = prepared.person.post("/api/v1/accounts", body).await.expect(201);
        let link = self.server().last_token("confirm_address", &prepared.email).await;
        if way == Way::ConfirmationLink {
            prepared.token.clone_from(&link);
            if matches!(caller, Standing::Invited | Standing::Stranger) {
                return;
            }
        }
        let path = format!("/api/v1/confirmations/{link}");
        let _ = prepared.person.post(&path, json!({})).await.expect(204);
    }

    async fn invite(&self, caller: Standing, way: Way, prepared: &mut Prepared) {
        let role = if way == Way::ApiKey { "admin" } else { "member" };
        let body = json!({"email": prepared.email, "role": role});
        let _ = self.workspace.anna.post("/invitations", body).await.expect(201);
        let link = self.server().last_token("invitation", &prepared.email).await;
        if way == Way::InvitationLink {
            prepared.token.clone_from(&link);
        }
        if caller == Standing::Invited {
            return;
        }
        if matches!(way, Way::OpenIdConnect | Way::Saml) {
            prepared.person = self.by_provider(way, &prepared.email).await;
        } else {
            let path = format!("/api/v1/invitations/{link}/accept");
            let _ = prepared.person.post(&path, json!({})).await.expect(201);
        }
        let me = prepared.person.get("/api/v1/workspaces/acme/me").await.expect(200);
        prepared.member = me.text("id");
    }

    async fn add_credentials(&self, way: Way, prepared: &mut Prepared) {
        let server = self.server();
        match way {
            Way::PasswordAndCode | Way::PasswordAndRecoveryCode => {
                let (app, recovery_code) = add_app(server, &prepared.person).await;
                (prepared.app, prepared.recovery_code) = (Some(app), recovery_code);
            }
            Way::PasswordOnTrustedDevice => {
                let (app, _) = add_app(server, &prepared.person).await;
                let fields = [("email", prepared.email.as_str()), ("password", PASSWORD)];
                let _ = prepared.browser.submit("/sign-in", &fields).await.expect(303);
                let code = next_code(server, &app);
                let fields = [("code", code.as_str()), ("remember", "1")];
                let _ = prepared.browser.submit("/sign-in/code", &fields).await.expect(303);
                assert!(prepared.browser.cookie().is_some());
                prepared.browser = prepared.browser.signed_out();
            }
            Way::Passkey => {
                let mut device = Authenticator::at(ORIGIN);
                let begun =
                    prepared.person.post("/api/v1/me/passkeys/options", json!({})).await;
                let begun = begun.expect(201);
                let body = json!({
                    "ceremony": begun.text("ceremony"), "name": "Laptop",
                    "credential": device.create(&begun.body["options"]),
                });
                let _ = prepared.person.post("/api/v1/me/passkeys", body).await.expect(201);
                prepared.passkey = Some(device);
            }
            Way::ResetLink => {
                let ask = json!({"email": prepared.email});
                let _ = self.browser().post("/api/v1/password-resets", ask).await.expect(204);
                prepared.token = server.last_token("password_reset", &prepared.email).await;
            }
            Way::SetUpLink => prepared.token.clone_from(&self.setup_link),
            Way::ApiKey if !prepared.member.is_empty() => {
                let body = json!({"name": "Import"});
                let path = "/api/v1/workspaces/acme/api-keys";
                prepared.token = prepared.person.post(path, body).await.expect(201).text("key");
            }
            Way::Password
            | Way::OpenIdConnect
            | Way::Saml
            | Way::InvitationLink
            | Way::ConfirmationLink
            | Way::ApiKey
            | Way::ExistingSession => {}
        }
    }

    /// Deactivates or removes a member who shall be so.
    pub(super) async fn become_standing(&self, caller: Standing, prepared: &Prepared) {
        let member = format!("/members/{}", prepared.member);
        let anna = &self.workspace.anna;
        match caller {
            Standing::Inactive => {
                let _ = anna.post(&format!("{member}/deactivate"), json!({})).await.expect(200);
            }
            Standing::Removed => {
                let _ = anna.delete(&member).await.expect(204);
            }
            Standing::Member | Standing::Invited | Standing::Stranger => {}
        }
    }

    /// Sets the policy, as the owner, who has everything that it asks for.
    pub(super) async fn set(&self, policy: Policy) {
        let anna = self.workspace.anna.behind([10, 0, 0, 1]);
        let code = next_code(self.server(), &self.owner);
        let proof = json!({"password": PASSWORD, "code": code});
        let path = "/api/v1/sessions/current/authentications";
        let _ = anna.post(path, proof).await.expect(200);
        let change = |path: &str, body: Value| {
            let path = format!("/settings/{path}");
            let anna = anna.same_session();
            async move {
                let _ = anna.patch(&path, body).await.expect(200);
            }
        };
        match policy {
            Policy::None => {}
            Policy::SecondFactor => {
                let day = json!({"require_second_factor": "2020-01-01"});
                change("authentication", day).await;
            }
            Policy::SingleSignOn => {
                let claims = json!({"sub": "anna-1", "email": "anna@example.com"});
                let url = leave(&anna, &self.oidc.url("start"), "connect").await;
                let back = self.oidc.answer(&url, &claims).collect(&anna).await;
                assert_eq!(back.status, 303, "{}", back.text);
                change("authentication", json!({"require_sso": true})).await;
            }
            Policy::Networks => {
                change("security", json!({"allowed_networks": ["10.0.0.0/8"]})).await;
            }
            Policy::Domain => {
                change("authentication", json!({"allowed_domains": ["example.com"]})).await;
            }
        }
    }
}

/// Adds an authenticator app to an account; its secret, and a recovery code.
async fn add_app(server: &TestServer, person: &Person) -> (TotpSecret, String) {
    let secret = person.post("/api/v1/me/totp", json!({})).await.expect(201).text("secret");
    let secret = TotpSecret::new(BASE32_NOPAD.decode(secret.as_bytes()).unwrap());
    let body = json!({"code": secret.code(step(server.app.now()))});
    let confirmed = person.post("/api/v1/me/totp/confirm", body).await.expect(200);
    let code = confirmed.body["recovery_codes"][0].as_str().unwrap().to_owned();
    (secret, code)
}

/// The code that an app shows after the one that was used last.
pub(super) fn next_code(server: &TestServer, app: &TotpSecret) -> String {
    server.clock.advance(Span::seconds(30));
    app.code(step(server.app.now()))
}
