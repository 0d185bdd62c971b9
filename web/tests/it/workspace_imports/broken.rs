//! Imports that break off leave nothing that anyone sees, and nothing that stays.

use std::collections::BTreeMap;

use hallpass_app::import::{ImportRequest, ImportedIds};
use hallpass_app::operation::Operator;
use hallpass_domain::time::Span;
use hallpass_store::workspace::purge::TABLES;
use hallpass_testkit::TestServer;
use serde_json::json;

use super::{exported, file, fill, imported, is_sound, text};

/// How many rows each table of workspaces has, and how many accounts and places there are.
pub(super) async fn rows(server: &TestServer) -> BTreeMap<String, i64> {
    let mut tx = server.app.db().read().await.unwrap();
    let mut rows = BTreeMap::new();
    let tables = TABLES.iter().map(|(table, _)| *table);
    for table in tables.chain(["workspaces", "account_workspaces"]) {
        let sql = format!("SELECT count(*) AS n FROM {table} WHERE workspace_id IS NOT NULL");
        let sql = if table == "workspaces" { sql.replace("workspace_id", "id") } else { sql };
        let n = tx.query_one(&sql, &[]).await.unwrap().int("n").unwrap();
        rows.insert(table.to_owned(), n);
    }
    let sql = "SELECT count(*) AS n FROM accounts WHERE deleted_at IS NULL";
    let n = tx.query_one(sql, &[]).await.unwrap().int("n").unwrap();
    rows.insert("accounts".to_owned(), n);
    rows
}

/// Imports a text and ends after some batches, as a process that is killed does. Returns whether it was in the middle.
async fn broken_off(server: &TestServer, text: &str, after: usize) -> bool {
    let (app, file) = (server.app.clone(), file(text.as_bytes()));
    let (begun, mut told) = tokio::sync::mpsc::unbounded_channel();
    let import = tokio::spawn(async move {
        let request =
            ImportRequest { file, slug: Some("copy".to_owned()), ids: ImportedIds::New };
        let mut progress = move |_, _| begun.send(()).unwrap_or_default();
        app.imports().run(&Operator::default(), &request, &mut progress).await
    });
    for _ in 0..after {
        told.recv().await.unwrap();
    }
    import.abort();
    import.await.is_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_breaks_off_is_not_there_and_is_purged() {
    for server in [TestServer::on_file().await, TestServer::on_postgres().await] {
        let workspace = server.found("standard").await;
        let _ben = workspace.join("ben", json!({"role": "member"})).await;
        fill(&server, 900).await;
        let mut lines = exported(&server, "acme").await;
        // Someone who has no account here.
        for line in &mut lines {
            if line["email"] == "ben@example.com" && line["kind"] == "member" {
                line["email"] = json!("robin@example.com");
            }
        }
        let before = rows(&server).await;
        for after in [0, 1, 3] {
            assert!(broken_off(&server, &text(&lines), after).await);

            assert_eq!(workspace.anna.at("copy").await.get("").await.status, 404);
            let known = workspace.anna.get("/api/v1/me").await.expect(200);
            assert_eq!(known.body["workspaces"].as_array().map(Vec::len), Some(1));
            let restore = json!({});
            let restored =
                workspace.anna.post("/api/v1/workspaces/copy/restore", restore).await;
            assert_eq!(restored.status, 404, "{}", restored.text);
            let operator = Operator::default();
            let workspaces = server.app.workspaces();
            assert!(workspaces.restore_as(&operator, "copy", None).await.is_err());
            assert!(workspaces.load_as(&operator, "copy").await.is_err());
            is_sound(&server).await;
            // Another process could still be at it.
            workspaces.purge_due().await.unwrap();
            if rows(&server).await != before {
                server.clock.advance(Span::hours(2));
                assert_eq!(workspaces.purge_due().await.unwrap(), 1);
            }
            assert_eq!(rows(&server).await, before);
        }
        let _ = imported(&server, &text(&lines), ("copy", ImportedIds::New)).await;
        assert_eq!(workspace.anna.at("copy").await.get("").await.status, 200);
        is_sound(&server).await;
    }
}

#[tokio::test]
async fn a_purge_ends_an_import_that_goes_on() {
    let server = TestServer::in_memory().await;
    let _ = server.found("standard").await;
    fill(&server, 900).await;
    let lines = exported(&server, "acme").await;
    let before = rows(&server).await;
    let (app, file) = (server.app.clone(), file(text(&lines).as_bytes()));
    let (begun, mut told) = tokio::sync::mpsc::unbounded_channel();
    let import = tokio::spawn(async move {
        let request =
            ImportRequest { file, slug: Some("copy".to_owned()), ids: ImportedIds::New };
        let mut progress = move |_, _| begun.send(()).unwrap_or_default();
        app.imports().run(&Operator::default(), &request, &mut progress).await
    });
    told.recv().await.unwrap();

    server.app.workspaces().purge(&Operator::default(), "copy", "copy").await.unwrap();

    let ended = import.await.unwrap();
    assert!(format!("{ended:?}").contains("was purged while it was imported"), "{ended:?}");
    assert_eq!(rows(&server).await, before);
}
