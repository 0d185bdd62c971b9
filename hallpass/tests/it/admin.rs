//! `hallpass admin`, on the database of a running server.

use hallpass_testkit::TestServer;
use hallpass_testkit::test_server::PASSWORD;
use serde_json::json;

use crate::cli::{self, folder, run};

const BASE: &str = "https://crm.example.com";

/// Runs a command on the database of a server and checks its exit code; what it prints.
fn account(server: &TestServer, code: i32, arguments: &[&str]) -> String {
    let database = server.database.location();
    cli::run(&[&["admin", "account"], arguments, &["--database", &database]].concat(), code)
}

/// The token of the link that a command printed.
fn token(text: &str) -> String {
    let link = text.lines().find_map(|line| line.strip_prefix(BASE)).unwrap();
    link.strip_prefix("/password-resets/").unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn operator_creates_an_account_and_its_link_sets_the_password_once() {
    let server = TestServer::on_file().await;
    let names = ["--first-name", "Anna", "--last-name", "Berg", "--base-url", BASE];
    let create = ["create", "Anna@Example.com"];

    let made = account(&server, 0, &[&create[..], &names].concat());

    assert!(made.starts_with("created Anna@Example.com (acc_"), "{made}");
    let anna = server.anonymous();
    let credentials = json!({"email": "anna@example.com", "password": PASSWORD});
    let signs_in = || anna.post("/api/v1/sessions", credentials.clone());
    signs_in().await.refused(401, "bad_credentials");
    let path = format!("/api/v1/password-resets/{}", token(&made));
    let _ = anna.put(&path, json!({"password": PASSWORD})).await.expect(204);
    let me = signs_in().await.expect(201);
    assert_eq!((me.text("first_name"), me.text("last_name")), ("Anna".into(), "Berg".into()));
    assert_eq!(me.body["email_confirmed"], true);
    anna.put(&path, json!({"password": PASSWORD})).await.refused(409, "dead_link");
    let taken = account(&server, 2, &create);
    assert!(taken.contains("account"), "{taken}");
    let database = server.database.location();
    let listed = run(&["operations", "list", "--database", &database], 0);
    assert_eq!(listed.matches("account.create").count(), 1, "{listed}");
    assert!(listed.contains("acc_") && !listed.contains(&token(&made)), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn operator_creates_a_workspace_for_an_account_that_has_no_password_yet() {
    let server = TestServer::on_file().await;
    let database = server.database.location();
    let made = account(&server, 0, &["create", "anna@example.com", "--base-url", BASE]);
    let create = ["workspace", "create", "--for", "anna@example.com"];
    let more = ["--name", "Acme", "--slug", "acme", "--database", &database];

    let _ = run(&[&create[..], &more].concat(), 0);

    let anna = server.anonymous();
    let path = format!("/api/v1/password-resets/{}", token(&made));
    let _ = anna.put(&path, json!({"password": PASSWORD})).await.expect(204);
    let credentials = json!({"email": "anna@example.com", "password": PASSWORD});
    let me = anna.post("/api/v1/sessions", credentials).await.expect(201);
    assert_eq!(me.text("first_name"), "anna");
    let _ = anna.get("/api/v1/workspaces/acme/members").await.expect(200);
}

/// The way in of a person who has lost the password and gets no mail.
#[tokio::test(flavor = "multi_thread")]
async fn operator_makes_a_link_that_ends_every_session() {
    let server = TestServer::on_file().await;
    let anna = server.sign_up("anna").await;
    let made = account(&server, 0, &["link", "anna@example.com", "--base-url", BASE]);
    let _ = anna.get("/api/v1/me").await.expect(200);

    let path = format!("/api/v1/password-resets/{}", token(&made));
    let set = json!({"password": "staple battery horse"});
    let _ = server.anonymous().put(&path, set).await.expect(204);

    anna.get("/api/v1/me").await.refused(401, "not_signed_in");
    let unknown = account(&server, 2, &["link", "eve@example.com"]);
    assert!(unknown.contains("account"), "{unknown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_an_operator_by_a_command_and_no_longer() {
    let server = TestServer::on_file().await;
    let anna = server.sign_up("anna").await;
    assert_eq!(anna.open("/operator").await.status, 404);

    let made = account(&server, 0, &["operator", "Anna@example.com"]);

    assert!(made.contains("anna@example.com may open the operator's console"), "{made}");
    let _ = anna.open("/operator").await.expect(200);
    let again = account(&server, 0, &["operator", "anna@example.com"]);
    assert!(again.contains("already"), "{again}");
    let last = account(&server, 2, &["operator", "anna@example.com", "--revoke"]);
    assert!(last.contains("another one an operator first"), "{last}");
    let _olga = server.sign_up("olga").await;
    let _ = account(&server, 0, &["operator", "olga@example.com"]);
    let ended = account(&server, 0, &["operator", "anna@example.com", "--revoke"]);
    assert!(ended.contains("no longer"), "{ended}");
    assert_eq!(anna.open("/operator").await.status, 404);
    let _ben = server.sign_up_unconfirmed("ben").await;
    let refused = account(&server, 2, &["operator", "ben@example.com"]);
    assert!(refused.contains("confirm"), "{refused}");
    let unknown = account(&server, 2, &["operator", "eve@example.com"]);
    assert!(unknown.contains("account"), "{unknown}");
    let database = server.database.location();
    let listed = run(&["operations", "list", "--database", &database], 0);
    let count = |action: &str| listed.matches(action).count();
    assert_eq!(
        (count("account.operator "), count("account.operator_end ")),
        (2, 1),
        "{listed}"
    );
}

/// The server sees what another process has done at the next request.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_disabled_and_enabled_while_the_server_runs() {
    let server = TestServer::on_file().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let made = ben.post("/api-keys", json!({"name": "Nightly"})).await.expect(201);
    let program = ben.with_api_key(&made.text("key"));
    let _ = program.get("/members").await.expect(200);
    let shown = account(&server, 0, &["show", "ben@example.com"]);
    for line in ["address     ben@example.com", "factors     none", "workspace   acme (active)"]
    {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    let id = shown.split_whitespace().nth(1).unwrap().to_owned();

    let disabled = account(&server, 0, &["disable", &id]);

    assert!(disabled.contains("ben@example.com is disabled, and its sessions"), "{disabled}");
    ben.get("/api/v1/me").await.refused(401, "not_signed_in");
    assert_eq!(program.get("/members").await.status, 401);
    let credentials = json!({"email": "ben@example.com", "password": PASSWORD});
    let visitor = server.anonymous();
    let signs_in = || visitor.post("/api/v1/sessions", credentials.clone());
    signs_in().await.refused(401, "bad_credentials");
    assert!(account(&server, 0, &["disable", &id]).contains("disabled already"));
    let listed = account(&server, 0, &["list", "--disabled"]);
    assert!(listed.contains("ben@") && !listed.contains("anna@"), "{listed}");
    let refused = account(&server, 2, &["link", "ben@example.com"]);
    assert!(refused.contains("enable it first"), "{refused}");
    let refused = account(&server, 2, &["operator", "ben@example.com"]);
    assert!(refused.contains("enable it first"), "{refused}");

    assert!(account(&server, 0, &["enable", &id]).contains("is enabled"));
    assert!(account(&server, 0, &["enable", &id]).contains("is not disabled"));
    let _ = program.get("/members").await.expect(200);
    let _ = signs_in().await.expect(201);
    let log = workspace.anna.get("/audit?limit=2").await.expect(200);
    assert_eq!(log.each("action"), ["account.enable", "account.disable"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_factors_of_an_account_end_by_a_command() {
    let server = TestServer::on_file().await;
    let anna = server.sign_up("anna").await;
    let refused = account(&server, 2, &["reset-factors", "anna@example.com"]);
    assert!(refused.contains("no second factor"), "{refused}");
    let unknown = "ses_00000000000000000000000000000001";
    let end = ["end-sessions", "anna@example.com", "--session"];
    let missing = account(&server, 2, &[&end[..], &[unknown]].concat());
    assert!(missing.contains("no such session"), "{missing}");
    let wrong = account(&server, 2, &[&end[..], &["first"]].concat());
    assert!(wrong.contains("`first` is no id of a session"), "{wrong}");
    // The clock of the test is not that of the command, for which the session is too old to be shown.
    let operator = hallpass_app::operation::Operator::default();
    let id = anna.get("/api/v1/me").await.id().parse().unwrap();
    let sessions = server.app.accounts().list_sessions_as(&operator, id).await.unwrap();
    let session = sessions[0].id.to_string();

    let ended = account(&server, 0, &[&end[..], &[session.as_str()]].concat());

    assert!(ended.contains("has ended"), "{ended}");
    anna.get("/api/v1/me").await.refused(401, "not_signed_in");
    let all = account(&server, 0, &["end-sessions", "anna@example.com"]);
    assert!(all.contains("have ended"), "{all}");
    let nobody = account(&server, 2, &["disable", "acc_00000000000000000000000000000001"]);
    assert!(nobody.contains("no account `acc_"), "{nobody}");
}

#[tokio::test(flavor = "multi_thread")]
async fn links_of_the_operator_are_valid_for_a_day() {
    let server = TestServer::on_file().await;
    let email = "anna@example.com".parse().unwrap();
    let name = hallpass_domain::name::Name::parse("Anna").unwrap();
    let operator = hallpass_app::operation::Operator::default();
    let accounts = server.app.accounts();
    let (account, early) = accounts.create_as(&operator, &email, &name, None).await.unwrap();
    let late = accounts.create_link_as(&operator, account.id).await.unwrap();
    let set = |link: &str| {
        let path = format!("/api/v1/password-resets/{link}");
        let visitor = server.anonymous();
        async move { visitor.put(&path, json!({"password": PASSWORD})).await }
    };

    server.clock.advance(hallpass_domain::time::Span::minutes(24 * 60 - 1));
    let _ = set(early.expose()).await.expect(204);
    // One that is followed takes the others with it.
    set(late.expose()).await.refused(409, "dead_link");
    let last = accounts.create_link_as(&operator, account.id).await.unwrap();
    server.clock.advance(hallpass_domain::time::Span::hours(24));
    set(last.expose()).await.refused(409, "dead_link");
}

#[test]
fn wrong_address_or_name_creates_nothing() {
    let folder = folder("accounts");
    let database = folder.join("none.db");
    let database = database.to_str().unwrap();
    let missing =
        run(&["admin", "account", "create", "anna@example.com", "--database", database], 2);
    assert!(missing.contains("no database"), "{missing}");
    assert!(!folder.join("none.db").exists());
}
