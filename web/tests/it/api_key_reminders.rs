//! Reminders that an API key expires: whom they reach, when, and that each is mailed once.

use std::collections::BTreeSet;

use hallpass_app::App;
use hallpass_domain::time::Span;
use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

async fn servers() -> [TestServer; 2] {
    [TestServer::in_memory().await, TestServer::on_postgres().await]
}

/// Makes a key that expires in some days, and returns its path.
async fn key(server: &TestServer, person: &Person, days: i64, more: Value) -> String {
    let at = (server.app.now() + Span::days(days)).to_string();
    let mut body = json!({"name": "Newsletter", "expires_at": at});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    format!("/api-keys/{}", person.post("/api-keys", body).await.expect(201).id())
}

async fn run(app: &App) -> usize {
    app.api_key_reminders().send_due().await.unwrap()
}

/// The reminders that were mailed: to whom, and what they say.
async fn reminders(server: &TestServer) -> Vec<(String, Value)> {
    let mails = server.mails().await.into_iter();
    mails.filter(|(_, mail)| mail["kind"] == "api_key_expiring").collect()
}

async fn reached(server: &TestServer) -> BTreeSet<String> {
    let mails = reminders(server).await.into_iter();
    mails.map(|(to, _)| to.split('@').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_key_is_reminded_of_two_weeks_and_three_days_before_it_expires_once_each() {
    for server in servers().await {
        let workspace = server.found("standard").await;
        let other = server.another().await;
        let _ = key(&server, &workspace.anna, 20, json!({})).await;
        let both = async || {
            // Two processes at once, and a run after a restart.
            let sent = tokio::join!(run(&server.app), run(&other));
            sent.0 + sent.1 + run(&server.another().await).await
        };

        let mut at = Vec::new();
        for day in 0..=21 {
            let sent = both().await;
            at.extend((sent > 0).then_some((day, sent)));
            server.advance_days(1);
        }

        assert_eq!(at, [(6, 1), (17, 1)]);
        let mails = reminders(&server).await;
        assert_eq!(mails.len(), 2, "{mails:?}");
        let (to, mail) = &mails[0];
        assert_eq!((to.as_str(), &mail["key"]), ("anna@example.com", &json!("Newsletter")));
        assert_eq!((&mail["workspace"], &mail["service"]), (&json!("Acme"), &Value::Null));
    }
}

#[tokio::test]
async fn a_reminder_that_was_missed_is_mailed_once_and_none_of_an_expired_key() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let _ = key(&server, anna, 30, json!({})).await;
    let _ = key(&server, anna, 20, json!({"name": "Gone"})).await;
    let short = key(&server, anna, 2, json!({"name": "Short"})).await;
    let open = json!({"name": "Open", "expires_at": null});
    let _ = anna.post("/api-keys", open).await.expect(201);
    let _ = anna.delete(&short).await.expect(204);

    // The server was down for four weeks: one key has expired, and of the other both times are over.
    server.advance_days(28);

    assert_eq!((run(&server.app).await, run(&server.app).await), (1, 0));
    let names: Vec<Value> =
        reminders(&server).await.iter().map(|(_, mail)| mail["key"].clone()).collect();
    assert_eq!(names, ["Newsletter"]);
}

#[tokio::test]
async fn another_expiry_brings_other_reminders() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let path = key(&server, &workspace.anna, 10, json!({})).await;
    let edit = async |days: i64| {
        workspace.reauthenticate(&workspace.anna).await;
        let at = (server.app.now() + Span::days(days)).to_string();
        let _ = workspace.anna.patch(&path, json!({ "expires_at": at })).await.expect(200);
    };
    assert_eq!(run(&server.app).await, 0, "the first time is over when it is made");
    server.advance_days(7);
    assert_eq!(run(&server.app).await, 1);
    edit(30).await;
    for _ in 0..15 {
        server.advance_days(1);
        // A session that is not used ends after two weeks.
        let _ = workspace.anna.get("").await.expect(200);
        assert_eq!(run(&server.app).await, 0);
    }
    server.advance_days(1);
    assert_eq!(run(&server.app).await, 1);
    edit(60).await;
    let _ = workspace.anna.patch(&path, json!({"name": "Other"})).await.expect(200);
    server.advance_days(40);
    assert_eq!(run(&server.app).await, 0, "a new name changes no time");
}

/// A role that manages keys, and holds some grants beside.
async fn keeper(workspace: &TestWorkspace<'_>, name: &str, grants: &[&str]) -> Person {
    let grants: Vec<&str> = [&["api_keys:*:all"][..], grants].concat();
    let role = json!({"name": name, "grants": grants});
    let role = workspace.anna.post("/roles", role).await.expect(201).id();
    workspace.join(name, json!({ "role": role })).await
}

#[tokio::test]
async fn the_key_of_a_service_account_is_told_to_those_who_could_make_it() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let _ = workspace.join("ben", json!({"role": "admin"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    let _ = keeper(&workspace, "dora", &["contacts:read:all"]).await;
    let _ = keeper(&workspace, "egon", &[]).await;
    let gone = workspace.join("fritz", json!({"role": "admin"})).await;
    let _ = anna.post(&format!("/members/{}/deactivate", gone.id), json!({})).await.expect(200);
    let role = json!({"name": "Robot", "grants": ["contacts:read:all"]});
    let role = anna.post("/roles", role).await.expect(201).id();
    let robot = json!({"name": "Nightly import", "role": role});
    let robot = anna.post("/service-accounts", robot).await.expect(201).id();
    let _ = key(&server, anna, 20, json!({"member": robot})).await;
    // Cleo's own key was made by Anna, and is told to Cleo.
    let _ = key(&server, anna, 40, json!({"member": cleo.id})).await;

    server.advance_days(6);
    assert_eq!(run(&server.app).await, 1);

    let names = ["anna", "ben", "dora"].map(str::to_owned);
    assert_eq!(reached(&server).await, BTreeSet::from(names));
    assert_eq!(reminders(&server).await[0].1["service"], "Nightly import");
    // By the time of Cleo's, that of the service account has expired.
    server.advance_days(20);
    assert_eq!(run(&server.app).await, 1);
    assert!(reached(&server).await.contains("cleo"));
}

#[tokio::test]
async fn nobody_is_reminded_who_has_left_or_does_not_want_it() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let _ = key(&server, anna, 14, json!({})).await;
    let _ = key(&server, &ben, 15, json!({})).await;
    let off = json!({"notifications": {"api_key_expiring": false}});
    let _ = anna.patch("/api/v1/me", off).await.expect(200);
    let out = format!("/members/{}/deactivate", ben.id);
    let _ = anna.post(&out, json!({})).await.expect(200);

    for _ in 0..16 {
        let _ = run(&server.app).await;
        server.advance_days(1);
    }

    assert_eq!(reminders(&server).await, []);
}

#[tokio::test]
async fn a_deleted_workspace_reminds_once_it_is_restored() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let _ = key(&server, anna, 20, json!({})).await;
    let _ = anna.delete_with("", json!({"confirm": "acme"})).await.expect(204);
    server.advance_days(7);
    assert_eq!(run(&server.app).await, 0);

    workspace.reauthenticate(anna).await;
    let _ = anna.post("/restore", json!({})).await.expect(200);

    assert_eq!((run(&server.app).await, run(&server.app).await), (1, 0));
}
