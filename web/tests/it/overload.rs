//! Overload: what one workspace asks for keeps no other one out, and what is too much is refused with
//! a time to come back.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use axum::response::Response;
use hallpass_domain::id::WorkspaceId;
use hallpass_store::Db;
use hallpass_testkit::{Person, TestServer};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// How many requests of one workspace there are at once: as many as would take every connection.
const AT_ONCE: usize = 24;

/// How many exports a workspace has at once.
const EXPORTS: usize = 8;

/// How many records an export has: more than waits for a client.
const RECORDS: usize = 150;

/// A statement that does not end by itself.
const ENDLESS: &str = "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL \
    SELECT i + 1 FROM n WHERE i < 1000000000000) \
    SELECT max(i) AS n FROM n, workspaces WHERE id = ?1";

/// A long name.
fn zoe(number: usize) -> String {
    format!("Zoe {number} {}", "x".repeat(150))
}

async fn id_of(person: &Person) -> WorkspaceId {
    person.get("").await.expect(200).id().parse().unwrap()
}

/// Waits until the database does as described.
async fn until(db: &Db, is_so: impl Fn(&hallpass_store::Load) -> bool) {
    let waiting = async {
        while !is_so(&db.load()) {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), waiting).await;
    assert!(waited.is_ok(), "{:?}", db.load());
}

/// One thread serves everything here, so no request would be answered while a statement ran on it.
#[tokio::test]
async fn statements_that_never_end_delay_no_other_request() {
    for server in [TestServer::on_file().await, TestServer::on_postgres().await] {
        let hostile = server.found_as("mallory", "standard", "initech").await;
        let good = server.found("standard").await;
        let (id, db) = (id_of(&hostile.anna).await, server.app.db());
        let hostile_reads: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    let mut tx = db.read_in(id.0).await?.unwrap();
                    tx.query(ENDLESS, &[]).await.map(drop)
                })
            })
            .collect();
        until(db, |load| load.heavy_running > 0 && load.refused_total > 0).await;

        let _ = server.anonymous().get("/healthz").await.expect(200);
        let _ = server.anonymous().get("/readyz").await.expect(200);
        let _ = good.record(&good.anna, "contacts", "Zoe").await;
        for path in ["/records/contacts", "/dashboard", "/me", "/members"] {
            let _ = good.anna.get(path).await.expect(200);
        }
        // Nor are its own small requests refused.
        let _ = hostile.anna.get("/me").await.expect(200);

        let load = db.load();
        assert!(load.heavy_running > 0, "the statements have ended: {load:?}");
        let throttled = load.throttled.iter().map(|(workspace, _)| *workspace);
        assert!(throttled.eq([id.0]), "{load:?}");
        for read in hostile_reads {
            read.abort();
            let _ = read.await;
        }
        until(db, |load| load.heavy_running == 0 && load.connections_in_use == 0).await;
    }
}

/// An export whose body is not read yet.
async fn export(server: &TestServer, person: &Person, path: &str) -> Response {
    let request = Request::get(person.uri(path));
    let request = request.header(header::COOKIE, person.cookie().unwrap());
    let request = request.body(Body::empty()).unwrap();
    let response = server.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    response
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_that_no_client_reads_keep_no_transaction_open() {
    for server in [TestServer::on_file().await, TestServer::on_postgres().await] {
        let workspace = server.found("standard").await;
        let anna = &workspace.anna;
        for number in 0..RECORDS {
            let _ = workspace.record(anna, "contacts", &zoe(number)).await;
        }

        let mut unread = Vec::new();
        for _ in 0..EXPORTS / 2 {
            unread.push(export(&server, anna, "/export").await);
            unread.push(export(&server, anna, "/records/contacts/export").await);
        }
        for path in ["/export", "/records/contacts/export"] {
            let refused = anna.get(path).await;
            refused.refused(503, "busy");
            assert_eq!(refused.header("retry-after"), "10");
        }
        until(server.app.db(), |load| load.connections_in_use == 0).await;
        let other = server.found_as("dora", "standard", "globex").await;
        let _ = other.record(&other.anna, "contacts", "Yan").await;
        let _ = other.anna.get("/records/contacts").await.expect(200);
        drop(export(&server, &other.anna, "/export").await);

        // What is read in the end is complete.
        let [lines, table] = [unread.remove(0), unread.remove(0)].map(Response::into_body);
        let lines = to_bytes(lines, usize::MAX).await.unwrap();
        let lines: Vec<Value> = lines
            .split(|byte| *byte == b'\n')
            .filter_map(|line| serde_json::from_slice(line).ok())
            .collect();
        let count = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).count();
        assert_eq!((count("workspace"), count("record")), (1, RECORDS));
        assert!(count("event") >= RECORDS && count("audit") >= RECORDS && count("member") == 1);
        let table = to_bytes(table, usize::MAX).await.unwrap();
        let table = String::from_utf8(table.to_vec()).unwrap();
        assert_eq!(table.lines().count(), 1 + RECORDS);
        let _ = export(&server, anna, "/records/contacts/export").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_ends_when_its_member_may_no_longer_export() {
    let server = TestServer::on_file().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "owner"})).await;
    for number in 0..RECORDS {
        let _ = workspace.record(&workspace.anna, "contacts", &zoe(number)).await;
    }
    let unread = export(&server, &ben, "/export").await;
    until(server.app.db(), |load| load.connections_in_use == 0).await;

    let path = format!("/members/{}", ben.id);
    let _ = ben.patch(&path, json!({"role": "member"})).await.expect(200);

    let read = to_bytes(unread.into_body(), usize::MAX).await;
    assert!(read.is_err(), "the export was not broken off");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_writer_in_vain_is_told_when_to_try_again() {
    for server in [TestServer::on_file().await, TestServer::on_postgres().await] {
        let workspace = server.found("standard").await;
        let anna = &workspace.anna;
        let id = id_of(anna).await;
        let mut writer = server.app.db().write_in(id.0).await.unwrap().unwrap();
        writer.bump_revision().await.unwrap();

        let body = json!({"fields": {"name": "Zoe"}});
        let refused = anna.post("/records/contacts", body.clone()).await;

        refused.refused(503, "busy");
        assert_eq!(refused.header("retry-after"), "5");
        assert!(refused.text("detail").contains("try again in 5 seconds"), "{}", refused.text);
        drop(writer);
        let _ = anna.post("/records/contacts", body).await.expect(201);
    }
}

/// More members than are compiled at once without a pause.
async fn add_members(server: &TestServer, id: WorkspaceId, count: i64) {
    let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) \
               INSERT INTO members (workspace_id, id, account_id, first_name, last_name, email, \
               name_key, search, status, role, levels, visibility, is_billing_contact, joined_at, \
               version) \
               SELECT workspace_id, randomblob(16), randomblob(16), first_name, last_name, email, \
               name_key, search, status, role, levels, visibility, FALSE, joined_at, 1 \
               FROM members, n WHERE workspace_id = ?1";
    let mut tx = server.app.db().write_in(id.0).await.unwrap().unwrap();
    tx.execute(sql, &[count.into()]).await.unwrap();
    // As another process changes access: this one has no snapshot of it.
    tx.bump_revision().await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn requests_that_wait_for_a_snapshot_hold_no_connection() {
    let server = TestServer::on_file().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    add_members(&server, id_of(anna).await, 3_000).await;
    let request = || {
        let request = Request::get(anna.uri("/me"));
        let request = request.header(header::COOKIE, anna.cookie().unwrap());
        server.router.clone().oneshot(request.body(Body::empty()).unwrap())
    };

    let mut running = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        running.spawn(request());
    }
    let mut most = 0;
    let mut answered = 0;
    while answered < AT_ONCE {
        while let Some(answer) = running.try_join_next() {
            assert_eq!(answer.unwrap().unwrap().status(), 200);
            answered += 1;
        }
        most = most.max(server.app.db().load().connections_in_use);
        tokio::task::yield_now().await;
    }

    // That of the one that compiles, and that which stores when members were seen.
    assert!(most <= 2, "{most} connections");
}

/// A body that does not come.
fn stalled() -> Body {
    Body::from_stream(futures_util::stream::pending::<std::io::Result<Vec<u8>>>())
}

/// A message that needs no session, and may be large.
async fn send_stalled(person: Person) -> hallpass_testkit::Answer {
    person.send(Request::post("/api/v1/billing/stripe").body(stalled()).unwrap()).await
}

#[tokio::test]
async fn large_bodies_of_an_address_leave_room_for_those_of_another() {
    let server = TestServer::in_memory().await;
    let (hostile, good) = (server.anonymous().behind([1, 1, 1, 1]), [2, 2, 2, 2]);
    let mut held = tokio::task::JoinSet::new();
    for _ in 0..80 {
        held.spawn(send_stalled(hostile.same_session()));
    }

    // Eight are read, 64 wait, and the others are refused at once.
    for _ in 0..8 {
        let refused = held.join_next().await.unwrap().unwrap();
        refused.refused(503, "busy");
        assert_eq!(refused.header("retry-after"), "5");
    }
    let large = json!({"data": "x".repeat(100_000)});
    let answer = server.anonymous().behind(good).post("/api/v1/billing/stripe", large).await;
    assert_ne!(answer.status, 503, "{}", answer.text);
    let small = hostile.post("/api/v1/sessions", json!({"email": "a", "password": "b"})).await;
    assert_ne!(small.status, 503, "{}", small.text);
}

#[tokio::test]
async fn who_is_not_known_sends_a_small_body() {
    let server = TestServer::in_memory().await;
    let large = json!({"email": "a@example.com", "password": "x".repeat(20_000)});
    for path in ["/api/v1/sessions", "/api/v1/accounts", "/api/v1/password-resets"] {
        server.anonymous().post(path, large.clone()).await.refused(413, "too_large");
    }
    let huge = json!({"data": "x".repeat(600_000)});
    let answer = server.anonymous().post("/api/v1/billing/stripe", huge).await;
    answer.refused(413, "too_large");
}
