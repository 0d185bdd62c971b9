//! The operator's console: who is admitted, what its pages show, and what its forms do.

use axum::http::Method;
use hallpass_app::account::operator::OperatorStatus;
use hallpass_app::mail::queue::MailFilter;
use hallpass_app::operation::Operator;
use hallpass_console::routes;
use hallpass_domain::id::MailId;
use hallpass_domain::time::Span;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use hallpass_web::Web;
use hallpass_web::routes::Route;
use hallpass_web::state::HttpConfig;
use serde_json::json;

/// The routes of the operator's console.
fn operator_routes(server: &TestServer) -> Vec<Route> {
    let web = Web::new(server.app.clone(), HttpConfig::default());
    let mut routes = routes(&web).into_list();
    routes.retain(|route| route.path.starts_with("/operator"));
    assert!(routes.len() > 15, "{routes:?}");
    routes
}

async fn make_operator(server: &TestServer, name: &str, status: OperatorStatus) {
    let email = format!("{name}@example.com").parse().unwrap();
    let accounts = server.app.accounts();
    let root = Operator::new("root");
    let account = accounts.find_as(&root, &email).await.unwrap();
    let changed = accounts.set_operator_as(&root, account.id, status).await;
    assert!(changed.unwrap());
}

/// An operator who is a member of nothing.
async fn olga(server: &TestServer) -> Person {
    let olga = server.sign_up("olga").await;
    make_operator(server, "olga", OperatorStatus::Operator).await;
    olga
}

async fn request(person: &Person, route: &Route, ids: &[(&str, String)]) -> Answer {
    let mut path = route.path.clone();
    for (name, value) in ids {
        path = path.replace(&format!("{{{name}}}"), value);
    }
    if route.method == Method::GET {
        person.open(&path).await
    } else {
        person.submit(&path, &[("do", "plan"), ("confirm", "acme")]).await
    }
}

/// A single sign-on connection of the workspace, which is off.
async fn connection(anna: &Person) -> String {
    let plan = json!({"plan": "agency"});
    let _ = anna.post("/billing/plan", plan).await.expect(200);
    let body = json!({
        "name": "Northwind", "kind": "oidc", "client_id": "client-1",
        "client_secret": "secret-1", "issuer": "https://id.northwind.example",
    });
    anna.post("/sso", body).await.expect(201).text("id")
}

/// Ids that exist, so that a wrong answer would show something.
async fn ids(server: &TestServer, anna: &Person) -> Vec<(&'static str, String)> {
    let account = anna.get("/api/v1/me").await.expect(200).text("id");
    let operator = Operator::new("root");
    let shipped = server.app.blueprints().list_shipped_as(&operator).await.unwrap();
    let hash =
        shipped[0].hash.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    vec![
        ("workspace", "acme".to_owned()),
        ("account", account),
        ("connection", connection(anna).await),
        ("blueprint", hash),
        ("mail", "invitation".to_owned()),
        ("language", "de".to_owned()),
    ]
}

async fn operations(server: &TestServer) -> Vec<(String, String)> {
    let operator = Operator::new("root");
    let (found, _) = server.app.operations().list(&operator, None, None, 50).await.unwrap();
    found.into_iter().map(|one| (one.actor, one.action)).collect()
}

#[tokio::test]
async fn the_console_exists_for_the_session_of_an_operator_and_for_nothing_else() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let ids = ids(&server, anna).await;
    // Cleo is an operator, who views the workspace as another member, and has an API key.
    let cleo = workspace.join("cleo", json!({"role": "admin"})).await;
    make_operator(&server, "cleo", OperatorStatus::Operator).await;
    let made = cleo.post("/api-keys", json!({"name": "Key"})).await.expect(201);
    let key = cleo.with_api_key(&made.text("key"));
    let viewing = cleo.same_session();
    let _ = viewing.open("/operator").await.expect(200);
    let path = format!("/workspace/acme/settings/team/{}/view", ben.id);
    assert_eq!(viewing.submit(&path, &[("password", PASSWORD)]).await.status, 303);
    // Dora was one.
    let dora = server.sign_up("dora").await;
    make_operator(&server, "dora", OperatorStatus::Operator).await;
    let _ = dora.open("/operator").await.expect(200);
    make_operator(&server, "dora", OperatorStatus::Ordinary).await;
    let before = operations(&server).await;

    let callers = [
        ("not signed in", &server.anonymous()),
        ("top role", anna),
        ("member", &ben),
        ("API key of an operator", &key),
        ("operator who views as a member", &viewing),
        ("former operator", &dora),
    ];
    for route in operator_routes(&server) {
        for (name, person) in &callers {
            let answer = request(person, &route, &ids).await;
            assert_eq!(answer.status, 404, "{name} {route:?}: {}", answer.text);
            let body = &answer.text;
            assert!(!body.contains("Acme") && !body.contains("anna@"), "{name} {route:?}");
            // The answer of a page that does not exist.
            let nothing = person.open("/operator/nothing").await;
            assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{name}");
            let title = "<h1>Page not found</h1>";
            assert_eq!(body.contains(title), nothing.text.contains(title), "{name} {route:?}");
        }
    }

    assert_eq!(operations(&server).await, before, "nothing was done");
    let olga = olga(&server).await;
    for route in operator_routes(&server) {
        let answer = request(&olga, &route, &ids).await;
        assert!(
            matches!(answer.status, 200 | 303 | 404 | 409 | 422),
            "{route:?}: {}",
            answer.text
        );
        if route.method == Method::GET {
            assert_eq!(answer.status, 200, "{route:?}: {}", answer.text);
        }
    }
}

/// A page shows how large a workspace is, and nothing of what is in it.
#[tokio::test]
async fn no_page_of_the_operator_shows_what_is_in_a_workspace() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let _ = workspace.record(&workspace.anna, "opportunities", "Secret deal").await;
    let _ = workspace.join("ben", json!({"role": "member"})).await;
    let ids = ids(&server, &workspace.anna).await;
    let olga = olga(&server).await;

    let (mut pages, mut all) = (0, String::new());
    for route in operator_routes(&server) {
        if route.method == Method::GET {
            pages += 1;
            all.push_str(&request(&olga, &route, &ids).await.expect(200).text);
        }
    }

    assert!(pages > 8 && all.contains("Acme"), "{pages}");
    assert!(!all.contains("Secret deal"));
    let page = olga.open("/operator/workspaces/acme").await.expect(200).text;
    assert!(page.contains("anna@example.com") && !page.contains("ben@example.com"), "{page}");
    for path in ["/workspace/acme", "/workspace/acme/settings/team"] {
        assert_eq!(olga.open(path).await.status, 404, "an operator is no member: {path}");
    }
}

#[tokio::test]
async fn workspaces_are_searched_and_paged() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    for number in 0..27 {
        let _ = server.found_by(&anna, "standard", &format!("acme-{number:02}")).await;
    }
    let _ = server.found_by(&anna, "halo", "other").await;
    let olga = olga(&server).await;

    let first = olga.open("/operator/workspaces").await.expect(200).text;
    let second = olga.open("/operator/workspaces?after=acme-24").await.expect(200).text;
    let found = olga.open("/operator/workspaces?q=OTH").await.expect(200).text;
    let nothing = olga.open("/operator/workspaces?q=100%25_").await.expect(200).text;

    assert!(first.contains("acme-24<") && !first.contains("acme-25<"), "{first}");
    assert!(first.contains("/operator/workspaces?after=acme-24"), "{first}");
    assert!(second.contains("acme-25<") && second.contains("other<"), "{second}");
    assert!(!second.contains("?after="), "{second}");
    assert!(found.contains("other<") && !found.contains("acme-"), "{found}");
    assert!(nothing.contains("No workspace matches"), "{nothing}");
}

#[tokio::test]
async fn a_plan_is_changed_and_a_workspace_deleted_and_restored_in_the_name_of_the_account() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let olga = olga(&server).await;
    let path = "/operator/workspaces/acme";

    let wrong = olga.submit(path, &[("do", "plan"), ("plan", "gold")]).await.expect(422);
    assert!(wrong.text.contains("No plan"), "{}", wrong.text);
    let done = olga.submit(path, &[("do", "plan"), ("plan", "agency")]).await;
    assert_eq!((done.status, done.header("location").as_str()), (303, path));
    let billing = workspace.anna.get("/billing").await.expect(200);
    assert_eq!(billing.body["plan"]["key"], "agency");
    let unconfirmed = olga.submit(&format!("{path}/delete"), &[("confirm", "acm")]).await;
    assert!(unconfirmed.expect(422).text.contains("role=\"dialog\""));
    let deleted = olga.submit(&format!("{path}/delete"), &[("confirm", "acme")]).await;
    assert_eq!(deleted.status, 303, "{}", deleted.text);
    assert_eq!(workspace.anna.open("/workspace/acme").await.status, 404);
    let list = olga.open("/operator/workspaces?status=deleted").await.expect(200);
    assert!(list.text.contains(">acme<"), "{}", list.text);
    let unknown = [("do", "restore"), ("owner", "eve@example.com")];
    let refused = olga.submit(path, &unknown).await.expect(404);
    assert!(refused.text.contains("No account has this address"), "{}", refused.text);
    assert!(refused.text.contains("value=\"eve@example.com\""), "what was typed is kept");
    let restored = olga.submit(path, &[("do", "restore")]).await;
    assert_eq!(restored.status, 303, "{}", restored.text);
    let _ = workspace.anna.get("/members").await.expect(200);

    let name = "Olga (olga@example.com)";
    let done = operations(&server).await;
    for action in ["billing.plan", "workspace.delete", "workspace.restore"] {
        let expected = (name.to_owned(), action.to_owned());
        assert!(done.contains(&expected), "{action}: {done:?}");
    }
    let log = olga.open("/operator/operations?action=workspace.delete").await.expect(200).text;
    assert_eq!(log.matches("<strong>Workspace deleted</strong>").count(), 1, "{log}");
    assert!(log.contains(name) && !log.contains("<strong>Plan chosen"), "{log}");
}

#[tokio::test]
async fn the_last_holder_of_the_top_role_is_asked_for_when_none_is_left() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let olga = olga(&server).await;
    let path = "/operator/workspaces/acme";
    let _ = olga.submit(&format!("{path}/delete"), &[("confirm", "acme")]).await.expect(303);
    let gone = workspace.anna.delete_with("/api/v1/me", json!({"confirm": "DELETE"})).await;
    assert_eq!(gone.status, 204, "{}", gone.text);

    let refused = olga.submit(path, &[("do", "restore")]).await.expect(422);
    let with = [("do", "restore"), ("owner", "olga@example.com")];
    let restored = olga.submit(path, &with).await;

    assert!(refused.text.contains("id=\"e-owner\""), "{}", refused.text);
    assert_eq!(restored.status, 303, "{}", restored.text);
}

#[tokio::test]
async fn accounts_are_found_and_created_and_get_a_link_soon_after_a_sign_in() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let olga = olga(&server).await;
    let anna = workspace.anna.get("/api/v1/me").await.expect(200).text("id");

    let list = olga.open("/operator/accounts?q=ANNA").await.expect(200).text;
    assert!(list.contains("anna@example.com") && !list.contains("olga@example.com"), "{list}");
    let operators = olga.open("/operator/accounts?kind=operators").await.expect(200).text;
    assert!(operators.contains("olga@") && !operators.contains("anna@"), "{operators}");
    let page = olga.open(&format!("/operator/accounts/{anna}")).await.expect(200).text;
    assert!(page.contains("/operator/workspaces/acme") && !page.contains("password-resets"));
    let taken = [("email", "Anna@Example.com"), ("first_name", "Anna")];
    let refused = olga.submit("/operator/accounts/new", &taken).await.expect(409);
    assert!(refused.text.contains("id=\"e-email\""), "{}", refused.text);
    let new = [("email", "eve@example.com"), ("first_name", "Eve"), ("last_name", "")];
    let created = olga.submit("/operator/accounts/new", &new).await.expect(201).text;
    let link = |page: &str| {
        let rest = page.split("/password-resets/").nth(1)?;
        Some(rest.split('"').next()?.replace("%2D", "-").replace("%5F", "_"))
    };
    let token = link(&created).unwrap();
    let path = format!("/api/v1/password-resets/{token}");
    let _ = server.anonymous().put(&path, json!({"password": PASSWORD})).await.expect(204);

    let path = format!("/operator/accounts/{anna}/link");
    server.clock.advance(Span::minutes(16));
    let late = olga.submit(&path, &[]).await.expect(303);
    assert!(late.header("location").starts_with("/step-up?"), "{:?}", late.headers);
    assert_eq!(links(&server).await, 0);
    let prove = "/api/v1/sessions/current/authentications";
    let _ = olga.post(prove, json!({"password": PASSWORD})).await.expect(200);
    let made = olga.submit(&path, &[]).await.expect(201).text;
    let reset = format!("/api/v1/password-resets/{}", link(&made).unwrap());
    let set = json!({"password": "staple battery horse"});
    let _ = server.anonymous().put(&reset, set).await.expect(204);
    assert_eq!(links(&server).await, 2, "of the account, and in its workspace");
    let done = operations(&server).await;
    assert!(done.contains(&("Olga (olga@example.com)".into(), "account.create".into())));
}

/// How many operations have made a link.
async fn links(server: &TestServer) -> usize {
    let done = operations(server).await;
    done.iter().filter(|(_, action)| action == "account.link").count()
}

async fn only_mail(server: &TestServer) -> MailId {
    let (operator, filter) = (Operator::new("root"), MailFilter::default());
    let (found, _) = server.app.mails().list_as(&operator, filter, None, 50).await.unwrap();
    found.iter().find(|mail| mail.recipient == "ben@example.com").unwrap().id
}

#[tokio::test]
async fn the_mail_queue_never_shows_what_a_mail_says() {
    let server = TestServer::in_memory().await;
    let workspace: TestWorkspace<'_> = server.found("standard").await;
    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "member"})).await.expect(201);
    let token = workspace.token("ben").await;
    let olga = olga(&server).await;
    let id = only_mail(&server).await.to_string();
    let mut tx = server.app.db().write().await.unwrap();
    let error = "554 https://crm.example.com/invitations/s3cret is listed <script>";
    let later = server.app.now() + Span::hours(6);
    tx.mails().mark_failed(id.parse().unwrap(), Some(later), error).await.unwrap();
    tx.commit().await.unwrap();

    let page = olga.open("/operator/mails?show=retried").await.expect(200).text;
    assert!(page.contains("ben@example.com") && page.contains("Invitation"), "{page}");
    assert!(page.contains("https://crm.example.com/… is listed"), "{page}");
    assert!(!page.contains(&token) && !page.contains("s3cret"), "{page}");
    let retry = [("mail", id.as_str()), ("do", "retry"), ("show", "retried")];
    let done = olga.submit("/operator/mails", &retry).await.expect(303);
    assert_eq!(done.header("location"), "/operator/mails?show=retried");
    let mut tx = server.app.db().write().await.unwrap();
    let (now, until) = (server.app.now(), server.app.now() + Span::minutes(10));
    let leased = tx.mails().lease_due(now, until, 100).await.unwrap();
    assert!(leased.iter().any(|mail| mail.id.to_string() == id), "it is due now");
    tx.commit().await.unwrap();

    // One that is being sent is left alone.
    let drop = [("mail", id.as_str()), ("do", "drop")];
    let busy = olga.submit("/operator/mails", &drop).await.expect(303);
    assert!(busy.header("set-cookie").contains("no%20longer%20waits"));
    assert!(olga.open("/operator/mails").await.text.contains("ben@example.com"));
    server.clock.advance(Span::minutes(11));
    let _ = olga.submit("/operator/mails", &drop).await.expect(303);
    let failed = olga.open("/operator/mails?show=failed").await.expect(200).text;
    assert!(failed.contains("ben@example.com") && failed.contains("dropped by"), "{failed}");
    assert!(!server.mails().await.iter().any(|(to, _)| to == "ben@example.com"), "no content");
    let done = operations(&server).await;
    let name = "Olga (olga@example.com)".to_owned();
    for action in ["mail.retry", "mail.drop"] {
        assert!(done.contains(&(name.clone(), action.to_owned())), "{action}: {done:?}");
    }
    let count = done.iter().filter(|(_, action)| action == "mail.drop").count();
    assert_eq!(count, 1, "what was refused is no operation");
}

#[tokio::test]
async fn own_access_models_are_listed_with_their_notes_and_text() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let text = hallpass_domain::blueprint::find("harmonia").unwrap();
    let own = text.replacen("id = \"harmonia\"", "id = \"mine\"", 1);
    let body = json!({"name": "Acme", "slug": "acme", "blueprint_text": own});
    let _ = anna.post("/api/v1/workspaces", body).await.expect(201);
    let olga = olga(&server).await;

    let list = olga.open("/operator/blueprints").await.expect(200).text;
    let row = list.split("/operator/blueprints/").find(|part| part.contains(">mine<")).unwrap();
    let hash = row.split('"').next().unwrap();
    let page = olga.open(&format!("/operator/blueprints/{hash}")).await.expect(200).text;
    let text = olga.open(&format!("/operator/blueprints/{hash}/text")).await.expect(200);

    assert!(page.contains("/operator/workspaces/acme"), "{page}");
    assert!(text.text.contains("id = \"mine\""), "{}", text.text);
    assert_eq!(text.header("content-disposition"), "attachment; filename=\"mine.toml\"");
    for unknown in ["00", "zz", ""] {
        let path = format!("/operator/blueprints/{unknown}x");
        assert_eq!(olga.open(&path).await.status, 404, "{unknown}");
    }
}

/// The HTML of a mail has inline styles, which no other page may have, and may do nothing else.
#[tokio::test]
async fn every_mail_is_previewed_in_every_language() {
    let server = TestServer::in_memory().await;
    let olga = olga(&server).await;

    for (language, subject) in
        [("en", "Reset your password"), ("de", "Setzen Sie Ihr Passwort neu")]
    {
        let path = format!("/operator/mails/templates?language={language}");
        let page = olga.open(&path).await.expect(200).text;
        assert!(page.contains(subject), "{page}");
        let links: Vec<&str> = page
            .split("href=\"/operator/mails/templates/")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert!(links.len() > 15, "{links:?}");
        for link in links {
            let mail =
                olga.open(&format!("/operator/mails/templates/{link}")).await.expect(200);
            assert!(mail.text.contains(&format!("<html lang=\"{language}\">")), "{link}");
            let policy = mail.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none';") && policy.ends_with("sandbox"));
        }
    }
    for unknown in ["invitation/fr", "nothing/en"] {
        let path = format!("/operator/mails/templates/{unknown}");
        assert_eq!(olga.open(&path).await.status, 404, "{unknown}");
    }
}

/// The set-up link belongs to the person who runs the server.
#[tokio::test]
async fn the_first_account_of_a_server_is_an_operator_and_a_later_one_is_not() {
    let server = TestServer::in_memory().await;
    let link = server.app.accounts().create_setup_link().await.unwrap().unwrap();
    let anna = server.anonymous();
    let fields = [
        ("email", "anna@example.com"),
        ("password", PASSWORD),
        ("first_name", "Anna"),
        ("last_name", ""),
    ];
    let set_up = anna.submit(&format!("/setup/{}", link.expose()), &fields).await;
    assert_eq!(set_up.status, 303, "{}", set_up.text);
    let ben = server.sign_up("ben").await;

    let _ = anna.open("/operator").await.expect(200);
    assert_eq!(ben.open("/operator").await.status, 404);
    assert!(anna.open("/workspaces").await.text.contains("href=\"/operator\""));
    assert!(!ben.open("/workspaces").await.text.contains("href=\"/operator\""));
    let first = operations(&server).await;
    assert_eq!(first, [("set-up link".to_owned(), "account.operator".to_owned())]);
}

/// What an account may do is not part of its profile.
#[tokio::test]
async fn no_workspace_signs_an_operator_out() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    make_operator(&server, "ben", OperatorStatus::Operator).await;
    let path = format!("/members/{}/deactivate", ben.id);
    let out = workspace.anna.post(&path, json!({})).await;
    assert!(matches!(out.status, 200 | 204), "{}", out.text);

    let _ = ben.open("/operator").await.expect(200);
    let credentials = json!({"email": "ben@example.com", "password": PASSWORD});
    let _ = server.anonymous().post("/api/v1/sessions", credentials).await.expect(201);
    // The last one stays.
    let _ = olga(&server).await;
    make_operator(&server, "ben", OperatorStatus::Ordinary).await;
    assert_eq!(ben.open("/operator").await.status, 404);
    ben.get("/api/v1/me").await.refused(401, "not_signed_in");
}

/// An operator is made by a command, by the gate, or by the set-up link: no page and no route makes one.
#[test]
fn no_page_and_no_route_makes_an_operator() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut folders = vec![root.join("console/src"), root.join("web/src")];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            read += 1;
            for call in ["Operator::new", "Operator::default", "enter_as", "set_operator_as"] {
                assert!(!text.contains(call), "{} calls {call}", path.display());
            }
        }
    }
    assert!(read > 100);
}
