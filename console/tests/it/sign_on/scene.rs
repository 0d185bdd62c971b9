//! A server with a provider, and people who come in by it.

use hallpass_app::Rules;
use hallpass_app::app::ProviderRules;
use hallpass_testkit::{Answer, OidcProvider, Person, TestDatabase, TestServer, TestWorkspace};
use serde_json::{Value, json};

pub(crate) const TENANT: &str = "6f1c1f0e-4a5b-4c6d-8e7f-0123456789ab";
pub(crate) const ADDRESS: &str = "ben@northwind.example";

/// A server and a provider whose issuer is its address followed by a path.
pub(crate) struct Scene {
    pub(crate) server: TestServer,
    pub(crate) provider: OidcProvider,
}

impl Scene {
    pub(crate) async fn new() -> Scene {
        Scene::on(TestDatabase::Memory).await
    }

    pub(crate) async fn on_postgres() -> Scene {
        Scene::on(TestDatabase::server().await).await
    }

    async fn on(database: TestDatabase) -> Scene {
        let provider = OidcProvider::start("").await;
        provider.publish(&format!("{}/{TENANT}/v2.0", provider.base), json!({}));
        let providers = ProviderRules {
            google: provider.base.clone(),
            microsoft: provider.base.clone(),
            ..ProviderRules::default()
        };
        let rules = Rules { providers, ..Rules::default() };
        Scene { server: TestServer::on(database, rules).await, provider }
    }

    /// A workspace of Harmonia on the plan Agency that has proven its domain.
    pub(crate) async fn workspace(&self) -> TestWorkspace<'_> {
        let workspace = self.server.found("harmonia").await;
        let plan = json!({"plan": "agency"});
        let _ = workspace.anna.post("/billing/plan", plan).await.expect(200);
        self.prove(&workspace.anna).await;
        workspace
    }

    pub(crate) async fn prove(&self, anna: &Person) {
        for domain in ["unproven.example", "northwind.example"] {
            let added = anna.post("/domains", json!({"domain": domain})).await.expect(201);
            assert_eq!(added.body["proven_at"], Value::Null);
        }
        let unproven = anna.post("/domains/unproven.example/verify", json!({})).await;
        unproven.refused(422, "invalid");
        let verify = "/domains/northwind.example/verify";
        let proven = anna.post(verify, json!({})).await.expect(200);
        assert_eq!(proven.body["proven_by"], "dns");
    }

    /// Creates a connection, tests it as Anna, and turns it on.
    pub(crate) async fn connect(&self, anna: &Person, body: Value) -> Connection<'_> {
        let made = anna.post("/sso", body).await.expect(201);
        assert_eq!(made.body["is_on"], false);
        let connection = Connection { scene: self, body: made.body };
        let id = connection.id();
        let path = format!("/sso/{id}");
        anna.patch(&path, json!({"is_on": true})).await.refused(409, "connection_untested");
        let url = leave(anna, &connection.url("start"), "test").await;
        let claims = json!({"sub": "anna-1", "email": "anna@northwind.example"});
        let back = connection.answer(&url, &claims);
        assert_eq!(back.collect(anna).await.status, 303);
        let tested = anna.get(&path).await.expect(200);
        assert_eq!(tested.body["test"]["failure"], Value::Null, "{}", tested.text);
        let _ = anna.patch(&path, json!({"is_on": true})).await.expect(200);
        connection
    }

    pub(crate) async fn oidc(&self, anna: &Person) -> Connection<'_> {
        self.connect(anna, body("oidc", &json!({"issuer": self.provider.base}))).await
    }
}

/// A connection by OpenID Connect.
pub(crate) struct Connection<'s> {
    scene: &'s Scene,
    pub(crate) body: Value,
}

/// The way back from a provider, as a path on this server.
pub(crate) struct Back(String);

impl Back {
    pub(crate) async fn collect(&self, person: &Person) -> Answer {
        person.open(&self.0).await
    }
}

/// Begins a test, or to connect; returns where the page leads.
pub(crate) async fn leave(person: &Person, start: &str, purpose: &str) -> String {
    let path = start.replace("/start", &format!("/{purpose}"));
    link_out(&person.submit(&path, &[("next", "/")]).await.expect(200))
}

/// Where the button of a page leads that goes on to the provider.
pub(crate) fn link_out(page: &Answer) -> String {
    let url = page.text.split("<a class=\"button primary large\" href=\"").nth(1).unwrap();
    url.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&")
}

pub(crate) fn parameter(url: &str, name: &str) -> String {
    let (_, query) = url.split_once('?').unwrap();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap()
}

pub(crate) fn local(url: &str) -> String {
    url.strip_prefix("https://crm.example.com").unwrap().to_owned()
}

pub(crate) fn location(answer: &Answer) -> String {
    answer.headers["location"].to_str().unwrap().to_owned()
}

impl Connection<'_> {
    pub(crate) fn id(&self) -> String {
        self.body["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn url(&self, name: &str) -> String {
        local(self.body["urls"][name].as_str().unwrap())
    }

    /// Begins to sign in; returns where the browser is sent.
    pub(crate) async fn start(&self, person: &Person) -> String {
        let started = person.follow(&self.url("start")).await.expect(303);
        location(&started)
    }

    /// Prepares the answer of the provider to a request, with these claims beside the usual ones.
    pub(crate) fn answer(&self, url: &str, claims: &Value) -> Back {
        let second = self.scene.server.app.now().as_micros() / 1_000_000;
        let issuer = match self.body["kind"].as_str().unwrap() {
            "microsoft" => format!("{}/{TENANT}/v2.0", self.scene.provider.base),
            _ => self.scene.provider.base.clone(),
        };
        let mut all = json!({
            "iss": issuer, "aud": "client-1", "nonce": parameter(url, "nonce"),
            "iat": second, "exp": second + 300, "email_verified": true,
            "name": "Ben Northwind", "hd": "northwind.example", "sid": "s1",
            "tid": TENANT, "oid": "00000000-1111-2222-3333-444444444444",
        });
        let given = claims.as_object().unwrap().clone();
        all.as_object_mut().unwrap().extend(given);
        self.scene.provider.issue(&self.scene.provider.token(&all));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("code", "code-1").append_pair("state", &parameter(url, "state"));
        Back(format!("{}?{}", self.url("callback"), query.finish()))
    }

    /// Signs in with these claims, in a new browser.
    pub(crate) async fn sign_in(&self, claims: &Value) -> (Person, Answer) {
        let person = self.scene.server.anonymous();
        let url = self.start(&person).await;
        let answer = self.answer(&url, claims).collect(&person).await;
        (person, answer)
    }

    /// Connects the account of a person who is signed in.
    pub(crate) async fn connects(&self, person: &Person, claims: &Value) {
        let url = leave(person, &self.url("start"), "connect").await;
        let done = self.answer(&url, claims).collect(person).await;
        assert_eq!(done.status, 303, "{}", done.text);
    }

    /// Signs in, and does not come in; returns the page.
    pub(crate) async fn refused(&self, claims: &Value) -> String {
        let (person, answer) = self.sign_in(claims).await;
        assert_eq!(answer.status, 403, "{}", answer.text);
        assert_eq!(person.cookie(), None);
        answer.text
    }
}

/// A connection of a kind, with what the kind needs.
pub(crate) fn body(kind: &str, more: &Value) -> Value {
    let mut body = json!({
        "name": "Northwind", "kind": kind, "client_id": "client-1", "client_secret": "secret-1",
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

pub(crate) fn ben() -> Value {
    json!({"sub": "ben-1", "email": ADDRESS})
}

pub(crate) async fn invite(workspace: &TestWorkspace<'_>, address: &str, role: &str) {
    let body = json!({"email": address, "role": role});
    let _ = workspace.anna.post("/invitations", body).await.expect(201);
}

pub(crate) async fn role(person: &Person, slug: &str) -> Value {
    person.get(&format!("/api/v1/workspaces/{slug}/me")).await.expect(200).body["role"].clone()
}
