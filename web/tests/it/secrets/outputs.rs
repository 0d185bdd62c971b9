//! Every secret that a workspace and its people have, and every output in which one could be.

use std::sync::Mutex;

use data_encoding::BASE32_NOPAD;
use hallpass_domain::totp::{TotpSecret, step};
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use hallpass_web::state::HttpConfig;
use serde_json::{Value, json};

use super::{Log, log_mailer};

/// A password that is typed wrong is one that is right elsewhere.
const WRONG: &str = "zq7-marker-wrong-password";

const NEW: &str = "zq7-marker-quite-another-password";

const CLIENT_SECRET: &str = "zq7-marker-client-secret";

/// The secrets so far, and the outputs in which none of them may be.
#[derive(Default)]
struct Watch {
    secrets: Mutex<Vec<(String, String)>>,
    outputs: Mutex<Vec<(String, String)>>,
}

impl Watch {
    fn is_secret(&self, what: &str, secret: &str) {
        assert!(secret.len() >= 6, "{what}: {secret}");
        self.secrets.lock().unwrap().push((what.to_owned(), secret.to_owned()));
    }

    fn watch(&self, what: &str, output: String) {
        self.outputs.lock().unwrap().push((what.to_owned(), output));
    }

    /// Watches an answer that hands out nothing but cookies, and its cookies as secrets.
    fn take(&self, what: &str, answer: Answer) -> Answer {
        let mut headers = String::new();
        for (name, value) in &answer.headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            if name == "set-cookie" {
                let pair = value.split(';').next().unwrap_or_default();
                let token = pair.split_once('=').map_or("", |(_, token)| token);
                if token.len() > 20 {
                    self.is_secret("a cookie", token);
                }
                continue;
            }
            headers.extend([name.as_str(), ": ", &value, "\n"]);
        }
        self.watch(what, headers);
        self.watch(what, answer.text.clone());
        answer
    }

    /// The secrets that are in an output, each with it; a control proves that it finds one.
    fn found(&self) -> Vec<String> {
        let (secrets, outputs) = (self.secrets.lock().unwrap(), self.outputs.lock().unwrap());
        let mut found = Vec::new();
        for (output, text) in outputs.iter() {
            for (what, secret) in secrets.iter() {
                if text.contains(secret.as_str()) {
                    found.push(format!("{what} in {output}"));
                }
            }
        }
        found
    }
}

/// Uses everything that has a secret.
async fn live(server: &TestServer, workspace: &TestWorkspace<'_>, watch: &Watch) {
    let anna = &workspace.anna;
    watch.is_secret("the password", PASSWORD);
    watch.is_secret("a wrong password", WRONG);
    watch.is_secret("a new password", NEW);
    watch.is_secret("a client secret", CLIENT_SECRET);
    let wrong = json!({"email": "anna@example.com", "password": WRONG});
    watch.take("a refused sign-in", server.anonymous().post("/api/v1/sessions", wrong).await);
    let fields = [("email", "anna@example.com"), ("password", WRONG)];
    watch.take("a refused page", server.anonymous().submit("/sign-in", &fields).await);
    let unknown = json!({"email": "anna@example.com", "password": PASSWORD, "pasword": WRONG});
    watch.take("a refused body", server.anonymous().post("/api/v1/sessions", unknown).await);
    let proof = json!({"password": PASSWORD});
    let path = "/api/v1/sessions/current/authentications";
    watch.take("a further sign-in", anna.post(path, proof).await.expect(200));

    let key = anna.post("/api-keys", json!({"name": "Import"})).await.expect(201).text("key");
    watch.is_secret("an API key", &key);
    watch.take("a request with a key", anna.with_api_key(&key).get("/members").await);
    let spoilt = format!("{}x", &key[..key.len() - 1]);
    watch.is_secret("a wrong key", &spoilt);
    watch.take("a refused key", anna.with_api_key(&spoilt).get("/members").await.expect(401));

    let secret = anna.post("/api/v1/me/totp", json!({})).await.expect(201).text("secret");
    watch.is_secret("the secret of an app", &secret);
    let app = TotpSecret::new(BASE32_NOPAD.decode(secret.as_bytes()).unwrap());
    let code = app.code(step(server.app.now()));
    let confirmed = anna.post("/api/v1/me/totp/confirm", json!({"code": code})).await;
    for code in confirmed.expect(200).body["recovery_codes"].as_array().unwrap() {
        watch.is_secret("a recovery code", code.as_str().unwrap());
    }

    let _ = anna.post("/billing/plan", json!({"plan": "agency"})).await.expect(200);
    let connection = json!({
        "name": "Northwind", "kind": "oidc", "client_id": "client-1",
        "client_secret": CLIENT_SECRET, "issuer": "https://idp.example.com",
    });
    watch.take("a new connection", anna.post("/sso", connection).await);

    let _ = workspace.invite(anna, "ben", json!({"role": "member"})).await.expect(201);
    let ask = json!({"email": "anna@example.com"});
    let asked = server.anonymous().post("/api/v1/password-resets", ask).await;
    watch.take("a request for a link", asked.expect(204));
    let changed = json!({"present": PASSWORD, "new": NEW});
    watch.take("another password", anna.put("/api/v1/me/password", changed).await.expect(204));
    for (_, mail) in server.mails().await {
        if let Some(token) = mail["token"].as_str() {
            watch.is_secret("the token of a link", token);
        }
    }
}

/// Reads everything that can be read.
async fn read(server: &TestServer, anna: &Person, watch: &Watch) {
    let document = hallpass_web::openapi::document();
    for (path, item) in document["paths"].as_object().unwrap() {
        if item.get("get").is_none_or(Value::is_null) {
            continue;
        }
        let path = path.replace("{ws}", "acme");
        if !path.contains('{') {
            watch.take(&path, anna.get(&path).await);
        }
    }
    let web = hallpass_web::Web::new(server.app.clone(), HttpConfig::default());
    for route in hallpass_console::routes(&web).into_list() {
        let path = route.path.replace("{ws}", "acme");
        if route.method.is_safe() && !path.contains('{') {
            watch.take(&path, anna.open(&path).await);
        }
    }
    let trail = anna.get("/audit?limit=200").await.expect(200);
    assert!(trail.items().len() > 5, "{}", trail.text);
    watch.take("the audit log", trail);
}

#[tokio::test]
async fn no_secret_is_in_an_output_but_the_answer_that_hands_it_out() {
    let log = Log::default();
    let guard = log.capture();
    let server = TestServer::on_file().await;
    let workspace = server.found("standard").await;
    let watch = Watch::default();

    live(&server, &workspace, &watch).await;
    read(&server, &workspace.anna, &watch).await;
    let mailer = log_mailer(&server);
    while server.app.mails().deliver_due(&mailer).await.unwrap().sent > 0 {}
    drop(guard);

    watch.watch("the log", log.text());
    server.app.db().checkpoint().await.unwrap();
    let file = std::fs::read(server.database.location()).unwrap();
    watch.watch("the database", String::from_utf8_lossy(&file).into_owned());
    let found = watch.found();
    assert!(found.is_empty(), "{found:#?}");
    // The search finds what is there.
    watch.is_secret("a control", "anna@example.com");
    let found = watch.found();
    for output in ["the database", "/api/v1/me", "/api/v1/workspaces/acme/export"] {
        let control = format!("a control in {output}");
        assert!(found.contains(&control), "{output}: {found:#?}");
    }
    assert!(log.text().contains("mail to ben@example.com"), "{}", log.text());
}
