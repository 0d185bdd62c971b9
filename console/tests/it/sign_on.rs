//! Single sign-on as a browser sees it: each way in, who comes in, and as what.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use data_encoding::BASE32_NOPAD;
use hallpass_domain::time::Span;
use hallpass_domain::totp::{TotpSecret, step};
use hallpass_store::Value as Bound;
use hallpass_store::secret::{HEAD, SEALED};
use hallpass_testkit::saml_provider::{Says, Signed};
use hallpass_testkit::{Answer, Person, SamlProvider, TestServer};
use serde_json::{Value, json};

use scene::{
    ADDRESS, Scene, TENANT, ben, body, invite, leave, link_out, local, location, parameter,
    role,
};

mod consent;
mod further;
mod group_mapping;
pub(crate) mod scene;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// HARMONIA-83, HARMONIA-89: SSO via Google Workspace is available, and the first sign-in creates the
/// account.
#[tokio::test]
async fn harmonia_83_google_workspace_signs_an_invited_person_in() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let body = body("google", &json!({"hosted_domains": ["northwind.example"]}));
    let google = scene.connect(&workspace.anna, body).await;
    invite(&workspace, ADDRESS, "member").await;

    let (ben, answer) = google.sign_in(&ben()).await;

    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(role(&ben, &workspace.slug).await, "member");
    let stranger =
        json!({"sub": "eve-1", "email": "eve@northwind.example", "hd": "evil.example"});
    google.refused(&stranger).await;
}

/// HARMONIA-84: SSO via Microsoft 365 is available.
#[tokio::test]
async fn harmonia_84_microsoft_365_signs_an_invited_person_in() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let body = body("microsoft", &json!({"tenant": TENANT}));
    let microsoft = scene.connect(&workspace.anna, body).await;
    invite(&workspace, ADDRESS, "admin").await;

    let (person, answer) = microsoft.sign_in(&ben()).await;

    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(role(&person, &workspace.slug).await, "admin");
    let foreign = json!({"sub": "x", "tid": "9188040d-6c67-4c5b-b112-36a304b66dad"});
    microsoft.refused(&foreign).await;
}

/// A SAML connection with its provider.
pub(crate) struct SamlConnection {
    pub(crate) provider: SamlProvider,
    body: Value,
}

impl SamlConnection {
    pub(crate) fn url(&self, name: &str) -> String {
        self.body["urls"][name].as_str().unwrap().to_owned()
    }

    /// What the provider answers to the request at an address.
    pub(crate) fn says(&self, server: &TestServer, request: Option<&str>) -> Says {
        let now = server.app.now();
        let time = |seconds: i64| {
            let at = now + hallpass_domain::time::Span::minutes(seconds / 60);
            let text = at.to_string();
            format!("{}Z", text.split(['.', 'Z']).next().unwrap())
        };
        let mut says = Says::new(&self.url("consumer"), &self.url("metadata"), request);
        (says.issued, says.not_before, says.not_on_or_after) = (time(0), time(-60), time(300));
        says
    }

    pub(crate) async fn post(&self, person: &Person, response: &str, state: &str) -> Answer {
        let encoded = BASE64_STANDARD.encode(response);
        let fields = [("SAMLResponse", encoded.as_str()), ("RelayState", state)];
        person.submit(&local(&self.url("consumer")), &fields).await
    }
}

/// The id of the request that an address carries.
pub(crate) fn request_id(url: &str) -> String {
    let compressed = BASE64_STANDARD.decode(parameter(url, "SAMLRequest")).unwrap();
    let xml = miniz_oxide::inflate::decompress_to_vec(&compressed).unwrap();
    let xml = String::from_utf8(xml).unwrap();
    xml.split_once(" ID=\"").unwrap().1.split('"').next().unwrap().to_owned()
}

pub(crate) async fn saml(anna: &Person) -> SamlConnection {
    let provider = SamlProvider::new("https://idp.northwind.example/saml");
    let metadata = provider.metadata("https://idp.northwind.example/sso");
    let body = json!({"name": "SAML", "kind": "saml", "metadata": metadata});
    let made = anna.post("/sso", body).await.expect(201);
    SamlConnection { provider, body: made.body }
}

/// Tests a SAML connection as Anna, and turns it on.
pub(crate) async fn turn_on(scene: &Scene, anna: &Person, connection: &SamlConnection) {
    let path = format!("/sso/{}", connection.body["id"].as_str().unwrap());
    let url = leave(anna, &local(&connection.url("start")), "test").await;
    let mut says = connection.says(&scene.server, Some(&request_id(&url)));
    "anna-1".clone_into(&mut says.name_id);
    "_a0".clone_into(&mut says.assertion_id);
    let response = connection.provider.response(&says, Signed::Assertion);
    let posted = connection.post(anna, &response, &parameter(&url, "RelayState")).await;
    let posted = posted.expect(303);
    let _ = anna.open(&location(&posted)).await.expect(303);
    let _ = anna.patch(&path, json!({"is_on": true})).await.expect(200);
}

/// HARMONIA-85: SSO via SAML is available: metadata and ACS are shown, and a person comes in from
/// both directions.
#[tokio::test]
async fn harmonia_85_saml_signs_an_invited_person_in() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = saml(&workspace.anna).await;
    turn_on(&scene, &workspace.anna, &connection).await;
    let page = workspace.anna.open("settings/authentication").await.expect(200);
    let id = connection.body["id"].as_str().unwrap();
    let detail = workspace.anna.open(&format!("settings/authentication/{id}")).await;
    invite(&workspace, ADDRESS, "member").await;
    let metadata = scene.server.anonymous().open(&local(&connection.url("metadata"))).await;

    let person = scene.server.anonymous();
    // The person starts at the provider: what it sends without a request only leads to the question.
    let unsolicited = connection.says(&scene.server, None);
    let unsolicited = connection.provider.response(&unsolicited, Signed::Both);
    let posted = connection.post(&person, &unsolicited, "").await.expect(303);
    assert_eq!(person.cookie(), None);
    let asked = person.open(&location(&posted)).await.expect(200);
    let url = link_out(&asked);
    let (request, state) = (request_id(&url), parameter(&url, "RelayState"));
    let says = connection.says(&scene.server, Some(&request));
    let response = connection.provider.response(&says, Signed::Assertion);
    let posted = connection.post(&person, &response, &state).await.expect(303);
    let done = person.open(&location(&posted)).await;

    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(role(&person, &workspace.slug).await, "member");
    assert!(page.text.contains("SAML"));
    assert!(detail.text.contains(&connection.url("consumer")));
    assert!(detail.text.contains(&connection.url("metadata")));
    assert!(metadata.expect(200).text.contains("AssertionConsumerService"));
    // The same response again, the same request again, and a response of another key.
    let again = scene.server.anonymous();
    assert_ne!(connection.post(&again, &response, &state).await.status, 200);
    assert_eq!(again.cookie(), None);
    let url = location(&again.follow(&local(&connection.url("start"))).await.expect(303));
    let state = parameter(&url, "RelayState");
    assert_eq!(connection.post(&again, &response, &state).await.status, 403);
    let forger = SamlProvider::new("https://idp.northwind.example/saml");
    let says = connection.says(&scene.server, Some(&request_id(&url)));
    let forged = forger.response(&says, Signed::Both);
    assert_eq!(connection.post(&again, &forged, &state).await.status, 403);
    assert_eq!(again.cookie(), None);
}

/// HARMONIA-86: SSO is available on the plan Agency and above only.
#[tokio::test]
async fn harmonia_86_single_sign_on_needs_the_plan_agency() {
    let scene = Scene::new().await;
    let workspace = scene.server.found("harmonia").await;
    let anna = &workspace.anna;
    let body = body("oidc", &json!({"issuer": scene.provider.base}));

    let locked = anna.open("settings/authentication").await.expect(200);
    assert!(locked.text.contains("Your plan does not include single sign-on"));
    anna.post("/sso", body.clone()).await.refused(403, "plan_needed");
    let domain = json!({"domain": "northwind.example"});
    anna.post("/domains", domain).await.refused(403, "plan_needed");
    let _ = anna.post("/billing/plan", json!({"plan": "agency"})).await.expect(200);
    scene.prove(anna).await;
    let connection = scene.oidc(anna).await;
    let open = anna.open("settings/authentication").await.expect(200);
    assert!(!open.text.contains("Your plan does not include"));
    invite(&workspace, ADDRESS, "member").await;

    let _ = anna.post("/billing/plan", json!({"plan": "starter"})).await.expect(200);
    let (person, answer) = connection.sign_in(&ben()).await;
    assert_eq!(answer.status, 403, "{}", answer.text);
    assert_eq!(person.cookie(), None);
}

/// HARMONIA-90: groups of the provider never set a role.
#[tokio::test]
async fn harmonia_90_groups_of_the_provider_give_no_role() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    invite(&workspace, ADDRESS, "member").await;
    let claims = json!({"sub": "ben-1", "email": ADDRESS, "groups": ["owner", "admin"], "role": "owner"});

    for _ in 0..2 {
        let (ben, answer) = connection.sign_in(&claims).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert_eq!(role(&ben, &workspace.slug).await, "member");
    }
}

/// HARMONIA-91: without membership, a person joins through a pending invitation, or as Member if the
/// organisation switches it on.
#[tokio::test]
async fn harmonia_91_a_person_joins_by_invitation_or_as_member_where_it_is_switched_on() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;

    let page = connection.refused(&ben()).await;
    assert!(page.contains("You are not invited"), "{page}");
    let on = json!({"allow_sso_sign_up": true});
    let _ = workspace.anna.patch("/settings/authentication", on).await.expect(200);
    let (person, answer) = connection.sign_in(&ben()).await;

    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(role(&person, &workspace.slug).await, "member");
    invite(&workspace, "cleo@northwind.example", "admin").await;
    let cleo = json!({"sub": "cleo-1", "email": "cleo@northwind.example"});
    let (cleo, _) = connection.sign_in(&cleo).await;
    assert_eq!(role(&cleo, &workspace.slug).await, "admin");
}

#[tokio::test]
async fn an_address_leads_into_no_account_and_its_person_connects_it() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let claims = json!({"sub": "ben-1", "email": "ben@example.com"});

    let unproven = connection.refused(&claims).await;
    assert!(unproven.contains("may not speak for your address"), "{unproven}");
    let domain = json!({"domain": "example.com"});
    let _ = workspace.anna.post("/domains", domain).await.expect(201);
    let verify = "/domains/example.com/verify";
    let _ = workspace.anna.post(verify, json!({})).await.expect(200);
    let page = connection.refused(&claims).await;
    assert!(page.contains("connect it in your profile"), "{page}");
    assert!(page.contains("href=\"/sign-in?next=%2Fworkspace%2F"), "{page}");

    connection.connects(&ben, &claims).await;

    let (person, answer) = connection.sign_in(&claims).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let me = person.get(&format!("/api/v1/workspaces/{}/me", workspace.slug)).await.expect(200);
    assert_eq!(me.body["id"], ben.id.as_str());
}

/// The provider of one workspace reads and changes nothing of an account outside of that workspace.
#[tokio::test]
async fn a_session_of_a_connection_is_good_for_its_workspace_alone() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let other = scene.server.found_as("zoe", "standard", "other").await;
    let _ = other.invite(&other.anna, "ben", json!({"role": "member"})).await.expect(201);
    let _ = other.accept(&ben, "ben").await.expect(201);
    let _ = other.invite(&other.anna, "dora", json!({"role": "member"})).await.expect(201);
    let claims = json!({"sub": "ben-1", "email": "ben@example.com"});
    connection.connects(&ben, &claims).await;
    let (person, answer) = connection.sign_in(&claims).await;
    assert_eq!(answer.status, 303, "{}", answer.text);

    let here = format!("/api/v1/workspaces/{}", workspace.slug);
    let _ = person.get(&here).await.expect(200);
    let workspaces = async || {
        let me = person.get("/api/v1/me").await.expect(200);
        me.body["workspaces"].as_array().unwrap().len()
    };
    assert_eq!(workspaces().await, 1);
    let sessions = person.get("/api/v1/me/sessions").await.expect(200);
    assert_eq!(sessions.items().len(), 1);
    assert_eq!(sessions.items()[0]["current"], true, "{}", sessions.text);
    let all = ben.get("/api/v1/me/sessions").await.expect(200);
    let others = all.items().iter().filter(|one| one["current"] == true);
    let others: Vec<&Value> = others.map(|one| &one["id"]).collect();
    assert_eq!((all.items().len(), others.len()), (2, 1), "{}", all.text);
    let path = format!("/api/v1/me/sessions/{}", others[0].as_str().unwrap());
    person.delete(&path).await.refused(401, "step_up");
    let founding = json!({"name": "Mine", "slug": "mine", "blueprint": "standard"});
    for (method, path, body) in [
        ("GET", "/api/v1/workspaces/other", Value::Null),
        ("GET", "/api/v1/workspaces/other/records/contacts", Value::Null),
        ("PATCH", "/api/v1/me", json!({"first_name": "Mallory"})),
        ("DELETE", "/api/v1/me", json!({"confirm": "DELETE"})),
        ("POST", "/api/v1/me/email", json!({"email": "mallory@example.com"})),
        ("POST", "/api/v1/me/totp", json!({})),
        ("POST", "/api/v1/workspaces", founding),
    ] {
        let body = Some(body).filter(|body| !body.is_null());
        let refused = person.request(method, path, body).await;
        assert_eq!((refused.status, refused.code()), (401, "step_up"), "{method} {path}");
    }

    let path = "/api/v1/sessions/current/authentications";
    let password = json!({"password": hallpass_testkit::test_server::PASSWORD});
    let _ = person.post(path, password).await.expect(200);
    let _ = person.get("/api/v1/workspaces/other").await.expect(200);
    assert_eq!(workspaces().await, 2);

    // It ends itself without a further proof.
    let (again, answer) = connection.sign_in(&claims).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let own = again.get("/api/v1/me/sessions").await.expect(200);
    let path = format!("/api/v1/me/sessions/{}", own.items()[0]["id"].as_str().unwrap());
    let _ = again.delete(&path).await.expect(204);
    assert_eq!(again.get("/api/v1/me").await.status, 401);
}

/// A password beside single sign-on opens no account with a second factor.
#[tokio::test]
async fn a_session_of_a_connection_with_a_factor_needs_its_code() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let claims = json!({"sub": "ben-1", "email": "ben@example.com"});
    connection.connects(&ben, &claims).await;
    let secret = ben.post("/api/v1/me/totp", json!({})).await.expect(201).text("secret");
    let secret = TotpSecret::new(BASE32_NOPAD.decode(secret.as_bytes()).unwrap());
    let code = || secret.code(step(scene.server.app.now()));
    let _ = ben.post("/api/v1/me/totp/confirm", json!({"code": code()})).await.expect(200);
    scene.server.clock.advance(Span::minutes(1));
    let (person, answer) = connection.sign_in(&claims).await;
    assert_eq!(answer.status, 303, "{}", answer.text);

    let path = "/api/v1/sessions/current/authentications";
    let password = hallpass_testkit::test_server::PASSWORD;
    let alone = person.post(path, json!({"password": password})).await;
    alone.refused(401, "second_factor_required");
    let _ = person.post(path, json!({"code": code()})).await.expect(200);
    person.patch("/api/v1/me", json!({"first_name": "Benjamin"})).await.refused(401, "step_up");
    let _ = person.post(path, json!({"password": password})).await.expect(200);
    let _ = person.patch("/api/v1/me", json!({"first_name": "Benjamin"})).await.expect(200);
}

/// Required single sign-on holds on every request, and the top role has a way in beside it.
#[tokio::test]
async fn single_sign_on_is_required_of_all_but_the_top_role() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let claims = json!({"sub": "ben-1", "email": "ben@example.com"});
    connection.connects(&ben, &claims).await;
    let required = json!({"require_sso": true});
    let here = format!("/api/v1/workspaces/{}", workspace.slug);
    let settings = "/settings/authentication";
    // Anna has tested the connection and not signed in through it, and has no second factor.
    let refused = workspace.anna.patch(settings, required.clone()).await;
    assert_eq!(refused.body["errors"][0]["code"], "excludes_you", "{}", refused.text);
    let anna = json!({"sub": "anna-1", "email": "anna@example.com"});
    connection.connects(&workspace.anna, &anna).await;
    let _ = workspace.anna.patch(settings, required).await.expect(200);

    let by_password = scene.server.anonymous();
    let password = hallpass_testkit::test_server::PASSWORD;
    let body = json!({"email": "ben@example.com", "password": password});
    let _ = by_password.post("/api/v1/sessions", body).await.expect(201);
    let refused = by_password.get(&here).await;
    refused.refused(401, "step_up");
    assert_eq!(refused.body["missing"], json!(["single_sign_on"]));
    let (person, _) = connection.sign_in(&claims).await;
    let _ = person.get(&here).await.expect(200);

    let top = scene.server.anonymous();
    let body = json!({"email": "anna@example.com", "password": password});
    let _ = top.post("/api/v1/sessions", body).await.expect(201);
    let refused = top.get(&here).await;
    refused.refused(401, "step_up");
    assert_eq!(refused.body["missing"], json!(["second_factor"]));
}

#[tokio::test]
async fn the_answer_counts_once_and_in_the_browser_that_has_asked() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    invite(&workspace, ADDRESS, "member").await;
    let (person, other) = (scene.server.anonymous(), scene.server.anonymous());
    let url = connection.start(&person).await;
    let _ = connection.start(&other).await;
    let back = connection.answer(&url, &ben());

    assert_eq!(back.collect(&other).await.status, 403);
    assert_eq!(back.collect(&scene.server.anonymous()).await.status, 403);
    assert_eq!(back.collect(&person).await.status, 303);
    assert_eq!(back.collect(&person).await.status, 403);
    assert!(person.cookie().is_some());
    assert_eq!(other.cookie(), None);
    let late = scene.server.anonymous();
    let url = connection.start(&late).await;
    scene.server.clock.advance(hallpass_domain::time::Span::minutes(11));
    assert_eq!(connection.answer(&url, &ben()).collect(&late).await.status, 403);
}

/// What anyone can begin is not stored for longer than it counts.
#[tokio::test]
async fn a_request_to_a_provider_that_was_not_answered_is_deleted() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    let _ = connection.start(&scene.server.anonymous()).await;
    let app = &scene.server.app;
    let stored = async || {
        let mut tx = app.db().read().await.unwrap();
        tx.query("SELECT state FROM sign_on_requests", &[]).await.unwrap().len()
    };
    app.sessions().delete_expired().await.unwrap();
    assert_ne!(stored().await, 0);

    scene.server.clock.advance(Span::minutes(11));
    app.sessions().delete_expired().await.unwrap();
    assert_eq!(stored().await, 0);
}

#[tokio::test]
async fn who_was_deactivated_or_removed_does_not_come_in() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    invite(&workspace, ADDRESS, "member").await;
    let (ben_in, answer) = connection.sign_in(&ben()).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let me = ben_in.get(&format!("/api/v1/workspaces/{}/me", workspace.slug)).await.expect(200);

    let _ = workspace.anna.delete(&format!("/members/{}", me.text("id"))).await.expect(204);

    let page = connection.refused(&ben()).await;
    assert!(page.contains("not a member of this workspace any more"), "{page}");
    invite(&workspace, ADDRESS, "admin").await;
    let (again, answer) = connection.sign_in(&ben()).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(role(&again, &workspace.slug).await, "admin");
}

#[tokio::test]
async fn a_connection_belongs_to_one_workspace_and_is_no_way_in_while_it_is_off() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    let other = scene.server.found_as("cleo", "harmonia", "other").await;
    let foreign = connection.url("start");
    let mut parts = foreign.split('/');
    let own = parts.nth(2).unwrap();
    let id = other.anna.get("").await.body["id"].as_str().unwrap_or_default().to_owned();
    let stranger = scene.server.anonymous();

    assert_ne!(own, id);
    assert_eq!(stranger.open(&foreign.replace(own, &id)).await.status, 404);
    other.anna.get(&format!("/sso/{}", connection.id())).await.refused(404, "not_found");
    let path = format!("/sso/{}", connection.id());
    let _ = workspace.anna.patch(&path, json!({"is_on": false})).await.expect(200);
    assert_eq!(stranger.open(&foreign).await.status, 404);
}

#[tokio::test]
async fn the_doors_depend_on_the_domain_alone() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let _ = scene.oidc(&workspace.anna).await;
    let page = |address: &str| {
        let path = format!("/sign-in?email={address}");
        let anonymous = scene.server.anonymous();
        async move {
            anonymous.open(&path).await.expect(200).text.replace(&address_shown(&path), "")
        }
    };

    let known = page("anna@northwind.example").await;

    assert!(known.contains("Continue with Northwind"));
    assert_eq!(known, page("newcomer@northwind.example").await.replace("newcomer", "anna"));
    assert!(!page("anna@example.com").await.contains("Continue with"));
}

fn address_shown(path: &str) -> String {
    path.rsplit('=').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn logout_at_the_provider_ends_the_sessions_that_began_there() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    invite(&workspace, ADDRESS, "member").await;
    let (person, _) = connection.sign_in(&ben()).await;
    let here = format!("/api/v1/workspaces/{}/me", workspace.slug);
    let _ = person.get(&here).await.expect(200);
    let second = scene.server.app.now().as_micros() / 1_000_000;
    let mut claims = json!({
        "iss": scene.provider.base, "aud": "client-1", "iat": second, "exp": second + 60,
        "jti": "j1", "sub": "ben-1", "events": {EVENT: {}},
    });
    let token = scene.provider.token(&claims);
    let path = connection.url("back_channel_logout");
    let log_out = |token: String| {
        let (path, provider) = (path.clone(), scene.server.anonymous());
        async move { provider.submit(&path, &[("logout_token", &token)]).await.status }
    };

    claims["aud"] = json!("client-2");
    assert_ne!(log_out(scene.provider.token(&claims)).await, 200);
    let _ = person.get(&here).await.expect(200);
    assert_eq!(log_out(token.clone()).await, 200);

    person.get(&here).await.refused(401, "not_signed_in");
    assert_ne!(log_out(token).await, 200);
    assert!(workspace.anna.get("/me").await.status == 200);
}

/// SAML asks by `ForceAuthn`, and the assertion says when.
#[tokio::test]
async fn saml_is_asked_to_authenticate_again_and_says_when() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let anna = &workspace.anna;
    let connection = saml(anna).await;
    turn_on(&scene, anna, &connection).await;
    let answer = async |path: &str, authenticated: i64| {
        let url = if path == "connect" {
            leave(anna, &local(&connection.url("start")), path).await
        } else {
            let path = local(&connection.url("start")).replace("/start", "/again");
            location(&anna.open(&path).await.expect(303))
        };
        let mut says = connection.says(&scene.server, Some(&request_id(&url)));
        "anna-1".clone_into(&mut says.name_id);
        says.assertion_id = format!("_{path}{authenticated}");
        let at = scene.server.app.now() - Span::minutes(authenticated);
        says.authenticated =
            Some(format!("{}Z", at.to_string().split(['.', 'Z']).next().unwrap()));
        let response = connection.provider.response(&says, Signed::Assertion);
        let posted = connection.post(anna, &response, &parameter(&url, "RelayState")).await;
        (url, anna.open(&location(&posted.expect(303))).await.status)
    };
    let asks = |url: &str| {
        let compressed = BASE64_STANDARD.decode(parameter(url, "SAMLRequest")).unwrap();
        let xml = miniz_oxide::inflate::decompress_to_vec(&compressed).unwrap();
        String::from_utf8(xml).unwrap().contains("ForceAuthn=\"true\"")
    };

    let (url, status) = answer("connect", 60).await;
    assert_eq!((asks(&url), status), (false, 303));
    let (url, status) = answer("again", 10).await;
    assert_eq!((asks(&url), status), (true, 403));
    let (url, status) = answer("again", 0).await;
    assert_eq!((asks(&url), status), (true, 303));
}

/// Every use case that seals something has run: what it sealed is in a column that the schema declares, so a
/// rotation of the key reaches it.
#[tokio::test]
async fn what_is_sealed_is_in_a_declared_column() {
    let scene = Scene::new().await;
    let (server, workspace) = (&scene.server, scene.workspace().await);
    let _ = scene.oidc(&workspace.anna).await;
    let connection = saml(&workspace.anna).await;
    turn_on(&scene, &workspace.anna, &connection).await;
    let _ = workspace.anna.post("/api/v1/me/totp", json!({})).await.expect(201);
    // An answer that its browser has not collected.
    let person = server.anonymous();
    let url = location(&person.follow(&local(&connection.url("start"))).await.expect(303));
    let says = connection.says(server, Some(&request_id(&url)));
    let response = connection.provider.response(&says, Signed::Assertion);
    let state = parameter(&url, "RelayState");
    let _ = connection.post(&person, &response, &state).await.expect(303);

    let head = server.app.seal(("any", b"owner"), b"").unwrap()[..HEAD].to_vec();
    let mut tx = server.app.db().read().await.unwrap();
    let columns = "SELECT t.name AS table_name, c.name AS column_name \
                   FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'";
    let none: [Bound; 0] = [];
    let mut found = Vec::new();
    for row in tx.query(columns, &none).await.unwrap() {
        let (table, column) =
            (row.text("table_name").unwrap(), row.text("column_name").unwrap());
        let sql = format!(
            "SELECT count(*) AS n FROM {table} WHERE substr(CAST({column} AS BLOB), 1, {HEAD}) = ?1"
        );
        let counted = tx.query_one(&sql, &[head.clone().into()]).await.unwrap();
        if counted.int("n").unwrap() > 0 {
            found.push(format!("{table}.{column}"));
        }
    }

    let mut declared: Vec<String> =
        SEALED.iter().map(|of| format!("{}.{}", of.table, of.column)).collect();
    found.sort();
    declared.sort();
    assert_eq!(found, declared);
}
