//! What the operator's console does to an account and to single sign-on, as a browser sees it.

use hallpass_app::account::operator::OperatorStatus;
use hallpass_app::operation::Operator;
use hallpass_domain::id::AccountId;
use hallpass_domain::time::Span;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Person, TestServer};
use serde_json::{Value, json};

use crate::sign_on::scene::Scene;

/// An operator who is a member of nothing.
async fn olga(server: &TestServer) -> Person {
    let olga = server.sign_up("olga").await;
    let status = OperatorStatus::Operator;
    let (root, id) = (Operator::new("root"), account(&olga).await);
    assert!(server.app.accounts().set_operator_as(&root, id, status).await.unwrap());
    olga
}

async fn account(person: &Person) -> AccountId {
    person.get("/api/v1/me").await.expect(200).id().parse().unwrap()
}

async fn actions(anna: &Person) -> Vec<String> {
    let log = anna.get("/audit?limit=50").await.expect(200);
    let of_operator = log.items().iter().filter(|one| one["actor"] == Value::Null);
    of_operator.map(|one| one["action"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_account_is_disabled_and_enabled_and_its_sessions_end() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let (olga, id) = (olga(&server).await, account(&ben).await);
    let page = format!("/operator/accounts/{id}");

    let shown = olga.open(&page).await.expect(200).text;
    assert!(shown.contains("value=\"ses_") && shown.contains(&format!("{page}/disable")));
    let session = shown.split("value=\"ses_").nth(1).unwrap().split('"').next().unwrap();
    let session = format!("ses_{session}");
    let end = [("do", "end-session"), ("session", session.as_str())];
    assert_eq!(olga.submit(&page, &end).await.status, 303);
    ben.get("/api/v1/me").await.refused(401, "not_signed_in");
    assert_eq!(olga.submit(&page, &end).await.status, 404, "it has ended");
    assert_eq!(olga.submit(&page, &[("do", "end-sessions")]).await.status, 303);
    assert_eq!(olga.submit(&page, &[("do", "nothing")]).await.status, 404);

    let dialog = olga.open(&format!("{page}/disable")).await.expect(200).text;
    assert!(dialog.contains("Disable the account of Ben"), "{dialog}");
    assert_eq!(olga.submit(&format!("{page}/disable"), &[]).await.status, 303);
    let shown = olga.open(&page).await.expect(200).text;
    assert!(
        shown.contains("value=\"enable\"") && !shown.contains(&format!("{page}/disable\""))
    );
    let listed = olga.open("/operator/accounts?kind=disabled").await.expect(200).text;
    assert!(listed.contains("ben@example.com") && !listed.contains("anna@"), "{listed}");
    let credentials = json!({"email": "ben@example.com", "password": PASSWORD});
    let visitor = server.anonymous();
    let sign_in = || visitor.post("/api/v1/sessions", credentials.clone());
    sign_in().await.refused(401, "bad_credentials");
    let link = olga.submit(&format!("{page}/link"), &[]).await.expect(409).text;
    assert!(link.contains("Enable it first") && !link.contains("/password-resets/"), "{link}");

    assert_eq!(olga.submit(&page, &[("do", "enable")]).await.status, 303);
    let _ = sign_in().await.expect(201);
    let acts = ["enable", "disable", "end_sessions", "end_session"];
    assert_eq!(actions(&workspace.anna).await, acts.map(|act| format!("account.{act}")));
}

#[tokio::test]
async fn dangerous_acts_of_the_operator_take_a_recent_sign_in() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let (olga, id) = (olga(&server).await, account(&ben).await);
    server.clock.advance(Span::minutes(16));
    let connection =
        "/operator/workspaces/acme/connections/con_00000000000000000000000000000001";
    let mut paths = vec![("enable", format!("/operator/accounts/{id}"))];
    paths.extend(
        ["disable", "factors", "link"]
            .map(|part| ("", format!("/operator/accounts/{id}/{part}"))),
    );
    paths.push(("", connection.to_owned()));
    paths.push(("", "/operator/workspaces/acme/delete".to_owned()));

    for (act, path) in &paths {
        let fields = [("do", *act), ("confirm", "acme")];
        let answer = olga.submit(path, &fields).await.expect(303);
        let location = answer.header("location");
        assert!(location.starts_with("/step-up?missing=recent_sign_in"), "{path}: {location}");
    }

    assert!(actions(&workspace.anna).await.is_empty());
    let _ = ben.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn the_last_operator_is_not_disabled() {
    let server = TestServer::in_memory().await;
    let olga = olga(&server).await;
    let path = format!("/operator/accounts/{}/disable", account(&olga).await);

    let refused = olga.submit(&path, &[]).await.expect(409).text;

    assert!(
        refused.contains("No other account can open the operator&#39;s console"),
        "{refused}"
    );
    let _ = olga.open("/operator").await.expect(200);
}

/// The members of a workspace read in their log, in their language, what the operator has done to an account.
#[tokio::test]
async fn the_log_of_a_workspace_says_what_the_operator_has_done() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let (accounts, root) = (server.app.accounts(), Operator::new("root"));
    let id = account(&ben).await;
    assert!(accounts.disable_as(&root, id).await.unwrap());
    assert!(accounts.enable_as(&root, id).await.unwrap());

    let english = workspace.anna.open("settings/audit").await.expect(200).text;
    let _ = workspace.anna.patch("/api/v1/me", json!({"locale": "de-CH"})).await.expect(200);
    let german = workspace.anna.open("settings/audit").await.expect(200).text;

    assert!(english.contains("Account disabled") && english.contains("Account enabled"));
    assert!(german.contains("Konto gesperrt") && german.contains("Konto freigegeben"));
    assert!(english.contains("the operator") && english.contains("Ben"), "{english}");
}

/// The provider of a workspace does not open the console: a session that began there counts for that
/// workspace alone, also where the account is an operator's.
#[tokio::test]
async fn single_sign_on_of_a_workspace_opens_no_console() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    let olga = olga(&scene.server).await;
    let invitation = json!({"email": "olga@example.com", "role": "member"});
    let _ = workspace.anna.post("/invitations", invitation).await.expect(201);
    let _ = workspace.accept(&olga, "olga").await;
    let claims = json!({"sub": "olga-1", "email": "olga@example.com"});
    connection.connects(&olga, &claims).await;
    let _ = olga.open("/operator").await.expect(200);

    let (by_provider, answer) = connection.sign_in(&claims).await;

    assert_eq!(answer.status, 303, "{}", answer.text);
    let inside = format!("/workspace/{}/team", workspace.slug);
    assert_ne!(by_provider.open(&inside).await.status, 401);
    for path in ["/operator", "/operator/accounts", "/operator/workspaces"] {
        assert_eq!(by_provider.open(path).await.status, 404, "{path}");
    }
}
