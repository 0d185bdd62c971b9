//! Signing in further and again at a provider, and the identities of an account.

use hallpass_domain::time::Span;
use hallpass_testkit::{Answer, Person, TestWorkspace};
use serde_json::{Value, json};

use super::scene::{ADDRESS, Connection, Scene, ben, invite, leave, location, parameter};

const PASSWORD: &str = hallpass_testkit::test_server::PASSWORD;

/// A dangerous act: it changes nothing that matters here.
async fn act(person: &Person, workspace: &TestWorkspace<'_>) -> Answer {
    let path = format!("/api/v1/workspaces/{}/settings/security", workspace.slug);
    person.patch(&path, json!({"step_up_minutes": 15})).await
}

/// Begins to authenticate again; returns where the browser is sent.
async fn again(connection: &Connection<'_>, person: &Person) -> Answer {
    let path = connection.url("start").replace("/start", "/again?next=%2Fplace");
    person.open(&path).await
}

/// An account that single sign-on has made has no password: its person shows who they are at the
/// provider, which must say that it has asked them now.
#[tokio::test]
async fn a_session_of_a_connection_is_recent_when_its_provider_says_so() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    invite(&workspace, ADDRESS, "admin").await;
    let (person, answer) = connection.sign_in(&ben()).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let claims = |sub: &str, ago: i64| {
        let second = scene.server.app.now().as_micros() / 1_000_000;
        json!({"sub": sub, "email": ADDRESS, "auth_time": second - ago})
    };

    // The provider may have answered from a session that began long before.
    let refused = act(&person, &workspace).await;
    refused.refused(401, "step_up");
    assert_eq!(refused.body["missing"], json!(["recent_sign_in"]));
    let place = format!("/workspace/{}/settings/security", workspace.slug);
    let page = person.open(&format!("/step-up?missing=recent_sign_in&next={place}")).await;
    assert!(page.text.contains("/again?next="), "{}", page.text);
    assert!(page.text.contains("has no password"), "{}", page.text);

    for (what, claims) in [
        ("no time", ben()),
        ("long ago", claims("ben-1", 3_600)),
        ("another person", claims("eve-1", 0)),
    ] {
        let url = location(&again(&connection, &person).await.expect(303));
        assert_eq!(parameter(&url, "prompt"), "login");
        assert_eq!(parameter(&url, "max_age"), "0");
        let refused = connection.answer(&url, &claims).collect(&person).await;
        assert_eq!(refused.status, 403, "{what}: {}", refused.text);
        act(&person, &workspace).await.refused(401, "step_up");
    }
    let before = person.cookie();
    let url = location(&again(&connection, &person).await.expect(303));
    let done = connection.answer(&url, &claims("ben-1", 2)).collect(&person).await.expect(303);
    assert_eq!(location(&done), "/place");
    assert_ne!(person.cookie(), before, "the session gets another token");
    let _ = act(&person, &workspace).await.expect(200);

    scene.server.clock.advance(Span::minutes(16));
    act(&person, &workspace).await.refused(401, "step_up");
}

/// What the provider says when a person signs in counts as well, and no longer than it says.
#[tokio::test]
async fn a_sign_in_at_a_provider_is_as_recent_as_it_says() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    invite(&workspace, ADDRESS, "admin").await;
    let second = || scene.server.app.now().as_micros() / 1_000_000;

    for (ago, status) in
        [(10, 200), (14 * 60, 200), (16 * 60, 401), (86_400, 401), (-86_400, 200)]
    {
        let claims = json!({"sub": "ben-1", "email": ADDRESS, "auth_time": second() - ago});
        let (person, answer) = connection.sign_in(&claims).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert_eq!(act(&person, &workspace).await.status, status, "{ago} s ago");
        // A clock that is ahead makes nothing recent for longer.
        scene.server.clock.advance(Span::minutes(16));
        act(&person, &workspace).await.refused(401, "step_up");
    }
}

/// To begin again takes a session, a connection that is on, and a member.
#[tokio::test]
async fn only_a_member_with_a_session_begins_again() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    let stranger = scene.server.sign_up("eve").await;

    let anonymous = again(&connection, &scene.server.anonymous()).await;
    assert!(location(&anonymous).starts_with("/sign-in"), "{}", anonymous.text);
    assert_eq!(again(&connection, &stranger).await.status, 404);
    let path = format!("/sso/{}", connection.id());
    let _ = workspace.anna.patch(&path, json!({"is_on": false})).await.expect(200);
    assert_eq!(again(&connection, &workspace.anna).await.status, 404);
}

/// An identity is a way in to the account: connecting and disconnecting need a recent sign-in to it.
#[tokio::test]
async fn an_identity_is_connected_and_disconnected_soon_after_a_sign_in() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let claims = json!({"sub": "ben-1", "email": "ben@example.com"});
    let connect = connection.url("start").replace("/start", "/connect");
    let disconnect = format!(
        "/workspace/{}/profile/identities/{}/disconnect",
        workspace.slug,
        connection.id()
    );
    let profile = format!("/workspace/{}/profile", workspace.slug);
    let prove = async || {
        let path = "/api/v1/sessions/current/authentications";
        let _ = ben.post(path, json!({"password": PASSWORD})).await.expect(200);
    };

    scene.server.clock.advance(Span::minutes(16));
    let late = ben.submit(&connect, &[("next", "/")]).await;
    assert!(location(&late).starts_with("/step-up"), "{}", late.text);
    prove().await;
    connection.connects(&ben, &claims).await;
    let shown = ben.open(&profile).await.expect(200);
    assert!(shown.text.contains("Connected since"), "{}", shown.text);
    let (elsewhere, answer) = connection.sign_in(&claims).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    // A session of the connection does not disconnect it: it is not the account's own.
    let refused = elsewhere.submit(&disconnect, &[]).await;
    assert!(location(&refused).starts_with("/step-up"), "{}", refused.text);

    scene.server.clock.advance(Span::minutes(16));
    let late = ben.submit(&disconnect, &[]).await;
    assert!(location(&late).starts_with("/step-up"), "{}", late.text);
    prove().await;
    let before = ben.cookie();
    let _ = ben.submit(&disconnect, &[]).await.expect(303);

    assert_ne!(ben.cookie(), before, "the session gets another token");
    let me = format!("/api/v1/workspaces/{}/me", workspace.slug);
    elsewhere.get(&me).await.refused(401, "not_signed_in");
    let _ = ben.get(&me).await.expect(200);
    let shown = ben.open(&profile).await.expect(200);
    assert!(shown.text.contains("Not connected"), "{}", shown.text);
    assert_eq!(ben.submit(&disconnect, &[]).await.status, 404, "once");
    connection.refused(&claims).await;
    let audit = workspace.anna.get("/audit?action=identity.disconnect").await.expect(200);
    assert_eq!(audit.items().len(), 1, "{}", audit.text);
}

/// A session that was good for the workspace by the connection alone is not after it is disconnected.
#[tokio::test]
async fn a_disconnected_session_lacks_what_is_required() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let claims = |name: &str| json!({"sub": format!("{name}-1"), "email": format!("{name}@example.com")});
    connection.connects(&workspace.anna, &claims("anna")).await;
    let required = json!({"require_sso": true});
    let _ = workspace.anna.patch("/settings/authentication", required).await.expect(200);
    let me = format!("/api/v1/workspaces/{}/me", workspace.slug);
    ben.get(&me).await.refused(401, "step_up");

    // Who lacks nothing else connects, and comes in.
    let place = format!("/workspace/{}/profile", workspace.slug);
    let page = ben.open(&format!("/step-up?missing=single_sign_on&next={place}")).await;
    assert!(page.text.contains("Connect to Northwind"), "{}", page.text);
    assert!(!page.text.contains("Continue with Northwind"), "{}", page.text);
    connection.connects(&ben, &claims("ben")).await;
    let _ = ben.get(&me).await.expect(200);

    let path = format!("{place}/identities/{}/disconnect", connection.id());
    let _ = ben.submit(&path, &[]).await.expect(303);
    ben.get(&me).await.refused(401, "step_up");
}

/// The page says what keeps a member from requiring single sign-on, and the use case refuses the same.
#[tokio::test]
async fn the_page_says_why_single_sign_on_cannot_be_required_yet() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let anna = &workspace.anna;
    let page = async || anna.open("settings/authentication").await.expect(200).text;
    let required = json!({"require_sso": true});
    let save = async |fields: &[(&str, &str)]| {
        let version = page().await;
        let at = version.find("/settings/authentication/rules").unwrap();
        let value = |name: &str| {
            let rest = &version[at..];
            let rest = &rest[rest.find(&format!("name=\"{name}\" value=\"")).unwrap()..];
            rest.split('"').nth(3).unwrap().to_owned()
        };
        let (version, made_from) = (value("version"), value("made_from"));
        let mut all = vec![("version", version.as_str()), ("made_from", made_from.as_str())];
        all.extend(fields);
        anna.submit("settings/authentication/rules", &all).await
    };

    assert!(page().await.contains("first connect a provider"));
    let refused = anna.patch("/settings/authentication", required.clone()).await;
    refused.refused(409, "connection_untested");
    let connection = scene.oidc(anna).await;
    assert!(page().await.contains("first come in by the connection"));
    let refused = anna.patch("/settings/authentication", required).await;
    refused.refused(422, "invalid");
    assert_eq!(save(&[("require_sso", "true")]).await.status, 422);
    let claims = json!({"sub": "anna-1", "email": "anna@northwind.example"});
    connection.connects(anna, &claims).await;

    let shown = page().await;
    assert!(!shown.contains("To require it") && shown.contains("is not bound"), "{shown}");
    let on = [("require_sso", "true"), ("has_sign_up", "true"), ("allow_sso_sign_up", "true")];
    let _ = save(&on).await.expect(303);
    let stored = anna.get("/settings/authentication").await.expect(200).body;
    assert_eq!(stored["require_sso"], Value::Bool(true), "{stored}");
    assert_eq!(stored["allow_sso_sign_up"], Value::Bool(true), "{stored}");
    let _ = save(&[("has_sign_up", "true")]).await.expect(303);
    let stored = anna.get("/settings/authentication").await.expect(200).body;
    assert_eq!(stored["require_sso"], Value::Bool(false), "{stored}");
    assert_eq!(stored["allow_sso_sign_up"], Value::Bool(false), "{stored}");
}

/// A connected account is offered its provider where single sign-on is missing, and the place stays.
#[tokio::test]
async fn a_session_without_single_sign_on_finds_the_provider_and_the_place() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let claims = |name: &str| json!({"sub": format!("{name}-1"), "email": format!("{name}@example.com")});
    for (person, name) in [(&workspace.anna, "anna"), (&ben, "ben")] {
        connection.connects(person, &claims(name)).await;
    }
    let required = json!({"require_sso": true});
    let _ = workspace.anna.patch("/settings/authentication", required).await.expect(200);
    let by_password = scene.server.anonymous();
    let body = json!({"email": "ben@example.com", "password": PASSWORD});
    let _ = by_password.post("/api/v1/sessions", body).await.expect(201);
    let place = format!("/workspace/{}/profile", workspace.slug);

    let stopped = by_password.open(&place).await.expect(303);
    let page = by_password.open(&location(&stopped)).await.expect(200).text;

    let link = page.split("href=\"/sso/").nth(1).unwrap().split('"').next().unwrap();
    assert!(
        page.contains("Continue with Northwind") && link.contains("/start?next="),
        "{page}"
    );
    assert!(!page.contains("Connect to Northwind"), "{page}");
    let link = format!("/sso/{}", link.replace("&amp;", "&").replace("&#38;", "&"));
    let url = location(&by_password.follow(&link).await.expect(303));
    let back = connection.answer(&url, &claims("ben")).collect(&by_password).await.expect(303);
    assert_eq!(location(&back), place);
    let _ = by_password.open(&place).await.expect(200);
    // For the top role a second factor is enough, and the provider still helps.
    let top = scene.server.anonymous();
    let body = json!({"email": "anna@example.com", "password": PASSWORD});
    let _ = top.post("/api/v1/sessions", body).await.expect(201);
    let page = top.open(&location(&top.open(&place).await.expect(303))).await.expect(200).text;
    assert!(page.contains("requires a second factor"), "{page}");
    assert!(page.contains("Continue with Northwind"), "{page}");
    // The account itself is not another one: the password still counts.
    let _ = by_password.get("/api/v1/me/sessions").await.expect(200);
    let _ = leave(&by_password, &connection.url("start"), "connect").await;
}

/// The answer of a front-channel logout is shown in a frame of the provider's page, and of no other; whatever is
/// wrong with the request, in none.
#[tokio::test]
async fn a_front_channel_logout_is_framed_by_its_provider_alone_and_needs_no_cookie() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    invite(&workspace, ADDRESS, "member").await;
    let (ben, answer) = connection.sign_in(&ben()).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let in_workspace = format!("/api/v1/workspaces/{}/me", workspace.slug);
    let issuer = scene.provider.base.clone();
    let frame = async |issuer: &str, session: &str| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("iss", issuer).append_pair("sid", session).finish();
        let path = format!("{}?{query}", connection.url("front_channel_logout"));
        scene.server.anonymous().open(&path).await
    };

    for (issuer, session) in
        [(issuer.as_str(), ""), ("https://evil.example", "s1"), ("", "s1"), ("", "")]
    {
        let refused = frame(issuer, session).await;
        assert_ne!(refused.status, 200, "{issuer} {session}");
        assert_eq!(refused.header("x-frame-options"), "DENY", "{issuer} {session}");
        let policy = refused.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    }
    // A session that the provider never had ends nothing, and is not told apart.
    let other = frame(&issuer, "s2").await.expect(200);
    let _ = ben.get(&in_workspace).await.expect(200);
    let ended = frame(&issuer, "s1").await.expect(200);
    assert_eq!(ben.get(&in_workspace).await.status, 401);

    for answer in [&other, &ended] {
        let policy = format!(
            "default-src 'none'; frame-ancestors {issuer}; base-uri 'none'; form-action 'none'"
        );
        assert_eq!(answer.header("content-security-policy"), policy);
        assert!(!answer.headers.contains_key("x-frame-options"));
        assert!(!answer.headers.contains_key("set-cookie"));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.text, "");
    }
}
