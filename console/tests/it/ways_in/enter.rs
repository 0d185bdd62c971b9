//! The ways in, each taken as a browser or a program takes it.

use hallpass_testkit::Person;
use hallpass_testkit::saml_provider::Signed;
use hallpass_testkit::test_server::PASSWORD;
use serde_json::{Value, json};

use super::Way;
use super::prepare::{Prepared, World, next_code};
use crate::sign_on::request_id;
use crate::sign_on::scene::{local, location, parameter};

const NEW_PASSWORD: &str = "quite another horse battery";

impl World {
    /// Takes a way, as far as it leads; the browser or program afterwards.
    pub(super) async fn enter(&self, way: Way, prepared: Prepared) -> Person {
        let server = self.server();
        let Prepared { email, person, browser, app, recovery_code, passkey, token, .. } =
            prepared;
        let sign_in = |password: &str, code: Option<&str>| {
            let mut body = json!({"email": email, "password": password});
            if let Some(code) = code {
                body["code"] = json!(code);
            }
            body
        };
        let sessions = "/api/v1/sessions";
        match way {
            Way::Password => {
                // Every account of this way has a password and nothing else.
                let _ = browser.post(sessions, sign_in(PASSWORD, None)).await.expect(201);
            }
            Way::PasswordAndCode => {
                let alone = browser.post(sessions, sign_in(PASSWORD, None)).await;
                alone.refused(401, "second_factor_required");
                let code = next_code(server, &app.unwrap());
                let _ =
                    browser.post(sessions, sign_in(PASSWORD, Some(&code))).await.expect(201);
            }
            Way::PasswordAndRecoveryCode => {
                let body = sign_in(PASSWORD, Some(&recovery_code));
                let _ = browser.post(sessions, body).await.expect(201);
            }
            Way::PasswordOnTrustedDevice => {
                let fields = [("email", email.as_str()), ("password", PASSWORD)];
                let answer = browser.submit("/sign-in", &fields).await;
                assert_eq!(answer.header("location"), "/", "{}", answer.text);
            }
            Way::Passkey => {
                let begun = browser.post("/api/v1/sessions/passkey/options", json!({})).await;
                let begun = begun.expect(201);
                let credential = passkey.unwrap().get(&begun.body["options"]);
                let body =
                    json!({"ceremony": begun.text("ceremony"), "credential": credential});
                let _ = browser.post("/api/v1/sessions/passkey", body).await.expect(201);
            }
            Way::OpenIdConnect | Way::Saml => return self.by_provider(way, &email).await,
            Way::InvitationLink => {
                let body = json!({"password": PASSWORD, "first_name": "Cas"});
                let path = format!("/api/v1/invitations/{token}/accept");
                let _ = browser.post(&path, body).await;
            }
            Way::ResetLink => {
                let path = format!("/api/v1/password-resets/{token}");
                let set = browser.put(&path, json!({"password": NEW_PASSWORD})).await;
                assert!([200, 204].contains(&set.status), "{}", set.text);
                if browser.cookie().is_none() {
                    let body = sign_in(NEW_PASSWORD, None);
                    let _ = browser.post(sessions, body).await.expect(201);
                }
            }
            Way::ConfirmationLink => {
                let path = format!("/api/v1/confirmations/{token}");
                let _ = browser.post(&path, json!({})).await;
            }
            Way::SetUpLink => {
                let path = format!("/api/v1/setup/{token}");
                let body = json!({"email": email, "password": PASSWORD, "first_name": "Cas"});
                let answer = browser.post(&path, body).await;
                assert!(answer.status >= 400, "{}", answer.text);
            }
            Way::ApiKey => return browser.with_api_key(&token),
            Way::ExistingSession => return person,
        }
        browser
    }

    /// Signs in through a connection, as the person whom an address names.
    pub(super) async fn by_provider(&self, way: Way, email: &str) -> Person {
        let person = self.browser();
        let name = email.split('@').next().unwrap_or_default();
        if way == Way::OpenIdConnect {
            let url = self.oidc.start(&person).await;
            let claims: Value = json!({"sub": name, "email": email});
            let _ = self.oidc.answer(&url, &claims).collect(&person).await;
            return person;
        }
        let url = location(&person.follow(&local(&self.saml.url("start"))).await.expect(303));
        let mut says = self.saml.says(self.server(), Some(&request_id(&url)));
        name.clone_into(&mut says.name_id);
        says.assertion_id = format!("_{}", parameter(&url, "RelayState"));
        says.attributes = vec![("email".to_owned(), vec![email.to_owned()])];
        let response = self.saml.provider.response(&says, Signed::Assertion);
        let posted = self.saml.post(&person, &response, &parameter(&url, "RelayState")).await;
        if posted.status == 303 {
            let _ = person.open(&location(&posted)).await;
        }
        person
    }
}
