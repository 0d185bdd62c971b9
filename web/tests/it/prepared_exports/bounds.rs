//! Files of exports end: they expire, they are deleted, and there are so many and so large ones at most.

use hallpass_domain::export_file::MOST_BYTES;
use hallpass_domain::time::Span;
use hallpass_testkit::TestServer;
use serde_json::json;

use super::{ask, count, download, filled, load, state};

async fn expires(server: TestServer) {
    let (workspace, _) = filled(&server).await;
    let anna = &workspace.anna;
    let id = ask(anna, "").await;
    server.run_batches().await;
    let ready = load(anna, &id).await;
    assert!(ready.body["expires_at"].is_string());

    server.clock.advance(Span::hours(23));
    server.run_batches().await;
    let _ = download(anna, &id).await.expect(200);
    server.clock.advance(Span::hours(1));
    // Whether or not it is deleted by then.
    download(anna, &id).await.refused(409, "export_expired");
    assert!(count(&server, "export_pieces").await > 0);
    server.run_batches().await;
    download(anna, &id).await.refused(409, "export_expired");
    assert_eq!(count(&server, "export_pieces").await, 0);
    assert_eq!(count(&server, "export_files").await, 0);
    let listed = anna.get("/exports").await.expect(200);
    assert_eq!(
        (listed.each("id"), listed.each("state")),
        (vec![id], vec!["expired".to_owned()])
    );
    assert!(listed.items()[0]["bytes"].is_null());
}

#[tokio::test]
async fn a_file_expires_and_is_deleted_on_sqlite() {
    expires(TestServer::in_memory().await).await;
}

#[tokio::test]
async fn a_file_expires_and_is_deleted_on_postgres() {
    expires(TestServer::on_postgres().await).await;
}

#[tokio::test]
async fn a_file_of_a_clock_that_was_ahead_is_not_kept() {
    let server = TestServer::in_memory().await;
    let (workspace, _) = filled(&server).await;
    let id = ask(&workspace.anna, "").await;
    server.clock.advance(Span::hours(1));
    server.run_batches().await;
    let passed = server.app.now();

    server.clock.advance(Span(-Span::hours(10).0));
    assert!(server.app.now() < passed);
    download(&workspace.anna, &id).await.refused(409, "export_expired");
    server.run_batches().await;
    assert_eq!(count(&server, "export_files").await, 0);
}

#[tokio::test]
async fn an_export_is_cancelled_and_a_file_deleted_by_its_member() {
    let server = TestServer::in_memory().await;
    let (workspace, _) = filled(&server).await;
    let anna = &workspace.anna;
    let cancelled = ask(anna, "").await;
    server.run_batch().await.unwrap();
    let path = |id: &str| format!("/exports/{id}");

    let _ = anna.delete(&path(&cancelled)).await.expect(204);
    assert_eq!(server.run_batches().await, 0);
    assert_eq!(state(anna, &cancelled).await, "ended");
    anna.delete(&path(&cancelled)).await.refused(409, "export_ended");

    let deleted = ask(anna, "").await;
    server.run_batches().await;
    let _ = anna.delete(&path(&deleted)).await.expect(204);
    download(anna, &deleted).await.refused(409, "export_expired");
    anna.delete(&path(&deleted)).await.refused(409, "export_expired");
    server.run_batches().await;
    assert_eq!(count(&server, "export_pieces").await, 0);
    // The page of bulk jobs cancels one too.
    let other = ask(anna, "").await;
    let _ = anna.post(&format!("/bulk-jobs/{other}/cancel"), json!({})).await.expect(200);
    server.run_batches().await;
    assert_eq!(count(&server, "export_files").await, 0);
}

#[tokio::test]
async fn a_member_and_a_workspace_have_a_number_of_exports_at_most() {
    let server = TestServer::in_memory().await;
    let (workspace, ben) = filled(&server).await;
    let anna = &workspace.anna;
    for _ in 0..5 {
        ask(anna, "?q=zoe").await;
    }
    let full = async |person: &hallpass_testkit::Person, says: &str| {
        let refused = person.post("/records/contacts/export", json!({})).await;
        refused.refused(422, "invalid");
        assert!(refused.text.contains("too_many_exports"), "{}", refused.text);
        assert!(refused.text.contains(says), "{}", refused.text);
    };
    full(anna, "you have 5 exports").await;
    // Files that are ready count too.
    server.run_batches().await;
    full(anna, "you have 5 exports").await;
    let own = ask(&ben, "?q=zoe").await;
    let _ = ben.delete(&format!("/exports/{own}")).await.expect(204);
    let first = anna.get("/exports").await.expect(200).each("id").remove(0);
    let _ = anna.delete(&format!("/exports/{first}")).await.expect(204);
    ask(anna, "?q=zoe").await;
    for name in ["cleo", "dan", "emil"] {
        let person = workspace.join(name, json!({"role": "member"})).await;
        for _ in 0..5 {
            ask(&person, "?q=zoe").await;
        }
        server.run_batches().await;
    }
    full(&ben, "this workspace has 20 exports").await;
    let audited = anna.get("/audit?action=contacts.export&limit=100").await.expect(200);
    assert_eq!(audited.items().len(), 22, "a refused one is not audited");
    // Another workspace has its own.
    let other = server.found_as("eve", "standard", "other").await;
    ask(&other.anna, "").await;
    server.advance_days(1);
    ask(&ben, "").await;
}

#[tokio::test]
async fn a_file_that_would_be_too_large_is_not_made() {
    let server = TestServer::in_memory().await;
    let (workspace, _) = filled(&server).await;
    let anna = &workspace.anna;
    let id = ask(anna, "").await;
    server.run_batch().await.unwrap();
    let mut tx = server.app.db().write().await.unwrap();
    let sql = "UPDATE export_files SET bytes = ?1";
    let values: [hallpass_store::Value; 1] = [(MOST_BYTES - 100).into()];
    assert_eq!(tx.execute(sql, &values).await.unwrap(), 1);
    tx.commit().await.unwrap();

    assert_eq!(server.run_batches().await, 0);

    let ended = load(anna, &id).await;
    assert_eq!(ended.text("state"), "ended");
    assert!(ended.text("reason").contains("more than 64 MiB"), "{}", ended.text);
    server.run_batches().await;
    assert_eq!(count(&server, "export_pieces").await, 0);
}

#[tokio::test]
async fn a_deleted_workspace_takes_its_files_with_it() {
    let server = TestServer::in_memory().await;
    let (workspace, _) = filled(&server).await;
    let anna = &workspace.anna;
    ask(anna, "").await;
    server.run_batches().await;
    assert!(count(&server, "export_pieces").await > 0);

    let _ = anna.delete_with("", json!({"confirm": "acme"})).await.expect(204);
    server.advance_days(40);
    server.app.workspaces().purge_due().await.unwrap();

    assert_eq!(count(&server, "export_pieces").await, 0);
    assert_eq!(count(&server, "export_files").await, 0);
}
