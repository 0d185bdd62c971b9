//! A full storage: what changes something is refused and says so, and what reads goes on.

use hallpass_domain::time::Span;
use hallpass_testkit::{TestDatabase, TestServer};
use serde_json::json;

/// Lets the database grow no more.
async fn fill(server: &TestServer) {
    let mut tx = server.app.db().write().await.unwrap();
    let pages = tx.query_one("PRAGMA page_count", &[]).await.unwrap().int(0).unwrap();
    tx.query(&format!("PRAGMA max_page_count = {pages}"), &[]).await.unwrap();
}

/// Lets it grow again.
async fn make_room(server: &TestServer) {
    let mut tx = server.app.db().write().await.unwrap();
    tx.query("PRAGMA max_page_count = 1000000", &[]).await.unwrap();
}

#[tokio::test]
async fn a_full_storage_refuses_changes_and_answers_reads() {
    let server = TestServer::on(TestDatabase::folder(), hallpass_app::Rules::default()).await;
    let anna = server.sign_up("anna").await;
    let _ = anna.post("/api/v1/workspaces", json!({"name": "Acme", "slug": "acme"})).await;
    let anna = anna.at("acme").await;
    let _ =
        anna.post("/records/contacts", json!({"fields": {"name": "Zoe"}})).await.expect(201);

    fill(&server).await;
    let mut made = 1;
    let refused = loop {
        let answer = anna.post("/records/contacts", json!({"fields": {"name": "Zoe"}})).await;
        if answer.status != 201 {
            break answer;
        }
        made += 1;
        assert!(made < 10_000, "it never gets full");
    };

    assert_eq!(refused.status, 507, "{}", refused.body);
    assert_eq!(refused.body["code"], "storage_full");
    // Long enough for everything to be seen again.
    server.clock.advance(Span::hours(1));
    let list = anna.get("/records/contacts").await.expect(200);
    assert_eq!(list.body["total"], made);
    let _ = anna.get("/members").await.expect(200);
    let _ = anna.get("/me").await.expect(200);
    let check = json!({"resource": "contacts", "action": "read"});
    let checked = anna.post("/access/check", check).await;
    assert_ne!(checked.status / 100, 5, "{}", checked.body);

    make_room(&server).await;
    let zoe = json!({"fields": {"name": "Zoe"}});
    let _ = anna.post("/records/contacts", zoe).await.expect(201);
    assert_eq!(anna.get("/records/contacts").await.expect(200).body["total"], made + 1);
}

#[tokio::test]
async fn what_was_last_seen_is_stored_beside_the_requests() {
    let server = TestServer::on_file().await;
    let anna = server.sign_up("anna").await;
    let _ = anna.post("/api/v1/workspaces", json!({"name": "Acme", "slug": "acme"})).await;
    let anna = anna.at("acme").await;
    let stored = async || {
        let mut tx = server.app.db().read().await.unwrap();
        let row = tx.query_one("SELECT seen_at FROM sessions", &[]).await.unwrap();
        let member = tx.query_one("SELECT seen_at FROM members", &[]).await.unwrap();
        (row.int(0).unwrap(), member.int(0).unwrap_or(0))
    };
    let _ = server.app.presence().store().await.unwrap();
    let before = stored().await;
    server.clock.advance(Span::hours(1));

    let _ = anna.get("/members").await.expect(200);
    assert_eq!(stored().await, before, "the request itself writes nothing");
    assert_eq!(server.app.presence().store().await.unwrap(), 2);

    let now = hallpass_app::environment::Clock::now(&*server.clock).as_micros();
    assert_eq!(stored().await, (now, now));
    assert_eq!(server.app.presence().store().await.unwrap(), 0, "each note is stored once");
}

#[tokio::test]
async fn a_later_use_is_not_overwritten_by_an_earlier_note() {
    let server = TestServer::on_file().await;
    let anna = server.sign_up("anna").await;
    let _ = anna.post("/api/v1/workspaces", json!({"name": "Acme", "slug": "acme"})).await;
    let anna = anna.at("acme").await;
    server.clock.advance(Span::hours(1));
    let _ = anna.get("/members").await.expect(200);
    let mut tx = server.app.db().write().await.unwrap();
    let later = hallpass_app::environment::Clock::now(&*server.clock) + Span::hours(1);
    let values = [later.as_micros().into()];
    tx.execute("UPDATE sessions SET seen_at = ?1, longest_pause = 7", &values).await.unwrap();
    tx.commit().await.unwrap();

    let _ = server.app.presence().store().await.unwrap();

    let mut tx = server.app.db().read().await.unwrap();
    let row = tx.query_one("SELECT seen_at, longest_pause FROM sessions", &[]).await.unwrap();
    assert_eq!((row.int(0).unwrap(), row.int(1).unwrap()), (later.as_micros(), 7));
}

#[tokio::test]
async fn readiness_writes_once_in_two_seconds() {
    let server = TestServer::on_file().await;
    let mark = async || {
        let mut tx = server.app.db().read().await.unwrap();
        tx.query_one("PRAGMA user_version", &[]).await.unwrap().int(0).unwrap()
    };
    let before = mark().await;
    for _ in 0..20 {
        let ready = server.anonymous().get("/readyz").await;
        assert_eq!(ready.status, 200);
    }
    assert_eq!(mark().await, before + 2, "one commit");
    server.clock.advance(Span::seconds(2));
    assert_eq!(server.anonymous().get("/readyz").await.status, 200);
    assert_eq!(mark().await, before + 4);
}
