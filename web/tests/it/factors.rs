//! Second factors: no session by the password alone, each code once, one budget of attempts.

mod disabled;
mod passkeys;
mod reset;
mod totp;

use hallpass_domain::totp::{TotpSecret, step};
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::{Value, json};

/// A person with an authenticator app.
struct WithApp {
    person: Person,
    secret: TotpSecret,
    recovery_codes: Vec<String>,
}

impl WithApp {
    async fn sign_up(server: &TestServer, name: &str) -> WithApp {
        WithApp::of(server, server.sign_up(name).await).await
    }

    async fn of(server: &TestServer, person: Person) -> WithApp {
        let enrollment = person.post("/api/v1/me/totp", json!({})).await.expect(201);
        let secret = decode(&enrollment.text("secret"));
        let body = json!({"code": code(server, &secret)});
        let confirmed = person.post("/api/v1/me/totp/confirm", body).await.expect(200);
        let codes = confirmed.body["recovery_codes"].as_array().unwrap();
        let recovery_codes = codes.iter().map(|code| code.as_str().unwrap().to_owned());
        WithApp { person, secret, recovery_codes: recovery_codes.collect() }
    }

    /// The code that the app shows after the one that was used last.
    fn next_code(&self, server: &TestServer) -> String {
        server.clock.advance(hallpass_domain::time::Span::seconds(30));
        code(server, &self.secret)
    }
}

fn decode(base32: &str) -> TotpSecret {
    TotpSecret::new(data_encoding::BASE32_NOPAD.decode(base32.as_bytes()).unwrap())
}

fn code(server: &TestServer, secret: &TotpSecret) -> String {
    secret.code(step(server.app.now()))
}

/// Signs in as a person on another device.
async fn sign_in(server: &TestServer, name: &str, code: Option<&str>) -> Answer {
    let mut body = json!({"email": format!("{name}@example.com"), "password": PASSWORD});
    if let Some(code) = code {
        body["code"] = json!(code);
    }
    server.anonymous().post("/api/v1/sessions", body).await
}

fn factors(answer: &Answer) -> Vec<&str> {
    answer.refused(401, "second_factor_required");
    answer.body["factors"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}

async fn two_factor(person: &Person) -> Value {
    person.get("/api/v1/me").await.expect(200).body["two_factor"].clone()
}
