//! Transactions take effect as a whole or not at all.

use std::time::Duration;

use hallpass_store::{Db, Error, Tx, WorkspaceTx};

use crate::fixture::{Fixture, INSERT_WORKSPACE, id, insert_workspace, slugs, workspace};

contract! {
    every: [
        committed_changes_are_visible,
        a_dropped_transaction_is_rolled_back,
        a_duplicate_key_is_a_conflict,
        a_missing_parent_is_a_conflict,
        a_failed_statement_ends_the_transaction,
        a_reading_transaction_cannot_write,
        a_waiting_writer_can_be_dropped,
        several_rows_are_not_one_row,
        returning_returns_rows,
    ],
    persistent: [
        a_reader_keeps_its_snapshot,
        a_reader_does_not_see_uncommitted_changes,
        connections_are_returned_to_the_pool,
    ],
}

#[test]
fn a_transaction_may_move_to_another_thread() {
    fn moves<T: Send + 'static>() {}
    moves::<Tx>();
    moves::<WorkspaceTx>();
    moves::<Db>();
}

async fn committed_changes_are_visible(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;

    assert_eq!(slugs(&fixture.db).await, ["slug-1"]);
}

async fn a_dropped_transaction_is_rolled_back(fixture: Fixture) {
    for _ in 0..10 {
        let mut tx = fixture.db.write().await.unwrap();
        tx.execute(INSERT_WORKSPACE, &workspace(1)).await.unwrap();
        drop(tx);
    }

    assert!(slugs(&fixture.db).await.is_empty());
    insert_workspace(&fixture.db, 1).await;
    assert_eq!(slugs(&fixture.db).await, ["slug-1"]);
}

async fn a_duplicate_key_is_a_conflict(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut same_slug = workspace(1);
    same_slug[0] = id(2).into();

    for values in [workspace(1), same_slug] {
        let mut tx = fixture.db.write().await.unwrap();
        let outcome = tx.execute(INSERT_WORKSPACE, &values).await;

        assert!(matches!(outcome, Err(Error::Conflict(_))), "{outcome:?}");
    }
}

async fn a_missing_parent_is_a_conflict(fixture: Fixture) {
    let sql = "CREATE TABLE children (workspace_id {id} NOT NULL REFERENCES workspaces (id))";
    let mut tx = fixture.db.write().await.unwrap();
    tx.execute(&fixture.db.dialect().schema(sql), &[]).await.unwrap();

    let outcome = tx.execute("INSERT INTO children VALUES (?1)", &[id(1).into()]).await;

    assert!(matches!(outcome, Err(Error::Conflict(_))), "{outcome:?}");
}

async fn a_failed_statement_ends_the_transaction(fixture: Fixture) {
    let mut tx = fixture.db.write().await.unwrap();
    tx.execute(INSERT_WORKSPACE, &workspace(1)).await.unwrap();
    tx.execute(INSERT_WORKSPACE, &workspace(1)).await.unwrap_err();

    let after = tx.execute(INSERT_WORKSPACE, &workspace(2)).await;
    let commit = tx.commit().await;

    assert!(matches!(after, Err(Error::Unavailable(_))), "{after:?}");
    assert!(matches!(commit, Err(Error::Unavailable(_))), "{commit:?}");
    assert!(slugs(&fixture.db).await.is_empty());
}

async fn a_reading_transaction_cannot_write(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;

    let mut tx = fixture.db.read().await.unwrap();
    let outcome = tx.execute(INSERT_WORKSPACE, &workspace(2)).await;
    drop(tx);
    let mut inside = fixture.db.read_in(id(1)).await.unwrap().unwrap();
    let bumped = inside.bump_revision().await;
    drop(inside);

    assert!(matches!(outcome, Err(Error::Unavailable(_))), "{outcome:?}");
    assert!(matches!(bumped, Err(Error::Unavailable(_))), "{bumped:?}");
    assert_eq!(slugs(&fixture.db).await, ["slug-1"]);
}

async fn a_waiting_writer_can_be_dropped(fixture: Fixture) {
    let workspace = insert_workspace(&fixture.db, 1).await;
    let holder = fixture.db.write_in(workspace).await.unwrap().unwrap();

    for _ in 0..5 {
        let waiting = fixture.db.write_in(workspace);
        assert!(tokio::time::timeout(Duration::from_millis(20), waiting).await.is_err());
    }
    holder.commit().await.unwrap();

    let mut tx = fixture.db.write_in(workspace).await.unwrap().unwrap();
    assert_eq!(tx.bump_revision().await.unwrap(), 1);
}

/// PostgreSQL would let it wait for its lock although the connection is closed.
#[tokio::test]
async fn a_dropped_statement_is_cancelled_on_the_server() {
    let fixture = Fixture::on_postgres().await;
    let workspace = insert_workspace(&fixture.db, 1).await;
    let holder = fixture.db.write_in(workspace).await.unwrap().unwrap();

    let waiting = fixture.db.write_in(workspace);
    assert!(tokio::time::timeout(Duration::from_millis(100), waiting).await.is_err());

    let sql = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN \
               (SELECT pid FROM pg_stat_activity WHERE datname = current_database())";
    let no_one_waits = async {
        loop {
            let mut tx = fixture.db.read().await.unwrap();
            if tx.query_one(sql, &[]).await.unwrap().int(0).unwrap() == 0 {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), no_one_waits).await.unwrap();
    holder.commit().await.unwrap();
}

async fn several_rows_are_not_one_row(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    insert_workspace(&fixture.db, 2).await;
    let mut tx = fixture.db.read().await.unwrap();

    let one = tx.find("SELECT id FROM workspaces WHERE id = ?1", &[id(1).into()]).await;
    let none = tx.find("SELECT id FROM workspaces WHERE id = ?1", &[id(9).into()]).await;
    let two = tx.find("SELECT id FROM workspaces", &[]).await;
    let absent = tx.query_one("SELECT id FROM workspaces WHERE id = ?1", &[id(9).into()]).await;

    assert_eq!(one.unwrap().unwrap().id(0).unwrap(), id(1));
    assert_eq!(none.unwrap(), None);
    let expected = |n: &str| {
        format!(
            "the database cannot be used: a statement on `workspaces` returned {n} where one row \
             was expected"
        )
    };
    assert_eq!(two.unwrap_err().to_string(), expected("2"));
    assert_eq!(absent.unwrap_err().to_string(), expected("none"));
}

async fn returning_returns_rows(fixture: Fixture) {
    let mut tx = fixture.db.write().await.unwrap();

    let row = tx
        .query_one(&format!("{INSERT_WORKSPACE} RETURNING slug, revision"), &workspace(1))
        .await;

    let row = row.unwrap();
    assert_eq!((row.text(0).unwrap(), row.int(1).unwrap()), ("slug-1", 0));
}

async fn a_reader_keeps_its_snapshot(fixture: Fixture) {
    let count = "SELECT count(*) FROM workspaces";
    insert_workspace(&fixture.db, 1).await;
    let mut reader = fixture.db.read().await.unwrap();
    assert_eq!(reader.query_one(count, &[]).await.unwrap().int(0).unwrap(), 1);

    insert_workspace(&fixture.db, 2).await;

    assert_eq!(reader.query_one(count, &[]).await.unwrap().int(0).unwrap(), 1);
    assert_eq!(slugs(&fixture.db).await.len(), 2);
}

async fn a_reader_does_not_see_uncommitted_changes(fixture: Fixture) {
    let mut writer = fixture.db.write().await.unwrap();
    writer.execute(INSERT_WORKSPACE, &workspace(1)).await.unwrap();

    assert!(slugs(&fixture.db).await.is_empty());

    writer.commit().await.unwrap();
    assert_eq!(slugs(&fixture.db).await, ["slug-1"]);
}

/// The pool has three. A transaction that is dropped, fails or is committed returns its own.
async fn connections_are_returned_to_the_pool(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    for number in 2..20 {
        let mut dropped = fixture.db.read().await.unwrap();
        dropped.query("SELECT id FROM workspaces", &[]).await.unwrap();
        drop(dropped);
        let mut failed = fixture.db.write().await.unwrap();
        failed.execute(INSERT_WORKSPACE, &workspace(1)).await.unwrap_err();
        drop(failed);
        let mut misspelt = fixture.db.read().await.unwrap();
        misspelt.query("SELECT \"nothing\" FROM workspaces", &[]).await.unwrap_err();
        drop(misspelt);
        insert_workspace(&fixture.db, number).await;
    }

    assert_eq!(slugs(&fixture.db).await.len(), 19);
}

/// A client can vanish without closing its connection, and then others wait for its locks.
#[tokio::test]
async fn an_abandoned_writer_is_rolled_back_by_postgres() {
    let fixture = Fixture::on_postgres().await;
    let limit = async |tx: Tx| {
        let mut tx = tx;
        let show = "SELECT current_setting('idle_in_transaction_session_timeout') AS it";
        tx.query_one(show, &[]).await.unwrap().text("it").unwrap().to_owned()
    };
    for _ in 0..2 {
        assert_eq!(limit(fixture.db.write().await.unwrap()).await, "30s");
        assert_eq!(limit(fixture.db.read().await.unwrap()).await, "0");
    }
}
