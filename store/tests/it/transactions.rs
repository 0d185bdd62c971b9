//! A transaction takes effect as a whole or not at all.

use std::time::Duration;

use hallpass_store::{Db, Error, Tx, WorkspaceTx};

use crate::fixture::{FOUND, Fixture, found, id, slugs, workspace};

contract! {
    every: [
        what_is_committed_is_there,
        what_is_dropped_is_undone,
        the_same_key_twice_is_a_conflict,
        a_missing_parent_is_a_conflict,
        a_failed_statement_ends_the_transaction,
        a_reading_transaction_cannot_write,
        a_waiting_writer_may_go_away,
        several_rows_are_not_one,
        returning_answers_with_rows,
    ],
    kept: [
        a_reader_keeps_its_snapshot,
        a_reader_does_not_see_what_is_not_committed,
        connections_come_back,
    ],
}

#[test]
fn a_transaction_may_move_to_another_thread() {
    fn moves<T: Send + 'static>() {}
    moves::<Tx>();
    moves::<WorkspaceTx>();
    moves::<Db>();
}

async fn what_is_committed_is_there(house: Fixture) {
    found(&house.db, 1).await;

    assert_eq!(slugs(&house.db).await, ["slug-1"]);
}

async fn what_is_dropped_is_undone(house: Fixture) {
    for _ in 0..10 {
        let mut tx = house.db.write().await.unwrap();
        tx.execute(FOUND, &workspace(1)).await.unwrap();
        drop(tx);
    }

    assert!(slugs(&house.db).await.is_empty());
    found(&house.db, 1).await;
    assert_eq!(slugs(&house.db).await, ["slug-1"]);
}

async fn the_same_key_twice_is_a_conflict(house: Fixture) {
    found(&house.db, 1).await;
    let mut same_slug = workspace(1);
    same_slug[0] = id(2).into();

    for values in [workspace(1), same_slug] {
        let mut tx = house.db.write().await.unwrap();
        let outcome = tx.execute(FOUND, &values).await;

        assert!(matches!(outcome, Err(Error::Conflict(_))), "{outcome:?}");
    }
}

async fn a_missing_parent_is_a_conflict(house: Fixture) {
    let sql = "CREATE TABLE children (workspace_id {id} NOT NULL REFERENCES workspaces (id))";
    let mut tx = house.db.write().await.unwrap();
    tx.execute(&house.db.dialect().schema(sql), &[]).await.unwrap();

    let outcome = tx.execute("INSERT INTO children VALUES (?1)", &[id(1).into()]).await;

    assert!(matches!(outcome, Err(Error::Conflict(_))), "{outcome:?}");
}

async fn a_failed_statement_ends_the_transaction(house: Fixture) {
    let mut tx = house.db.write().await.unwrap();
    tx.execute(FOUND, &workspace(1)).await.unwrap();
    tx.execute(FOUND, &workspace(1)).await.unwrap_err();

    let after = tx.execute(FOUND, &workspace(2)).await;
    let commit = tx.commit().await;

    assert!(matches!(after, Err(Error::Unavailable(_))), "{after:?}");
    assert!(matches!(commit, Err(Error::Unavailable(_))), "{commit:?}");
    assert!(slugs(&house.db).await.is_empty());
}

async fn a_reading_transaction_cannot_write(house: Fixture) {
    found(&house.db, 1).await;

    let mut tx = house.db.read().await.unwrap();
    let outcome = tx.execute(FOUND, &workspace(2)).await;
    drop(tx);
    let mut inside = house.db.read_in(id(1)).await.unwrap().unwrap();
    let bumped = inside.bump_revision().await;
    drop(inside);

    assert!(matches!(outcome, Err(Error::Unavailable(_))), "{outcome:?}");
    assert!(matches!(bumped, Err(Error::Unavailable(_))), "{bumped:?}");
    assert_eq!(slugs(&house.db).await, ["slug-1"]);
}

async fn a_waiting_writer_may_go_away(house: Fixture) {
    let workspace = found(&house.db, 1).await;
    let holder = house.db.write_in(workspace).await.unwrap().unwrap();

    for _ in 0..5 {
        let waiting = house.db.write_in(workspace);
        assert!(tokio::time::timeout(Duration::from_millis(20), waiting).await.is_err());
    }
    holder.commit().await.unwrap();

    let mut tx = house.db.write_in(workspace).await.unwrap().unwrap();
    assert_eq!(tx.bump_revision().await.unwrap(), 1);
}

/// PostgreSQL would let it wait for its lock with nobody listening.
#[tokio::test]
async fn a_server_is_told_who_went_away() {
    let house = Fixture::on_postgres().await;
    let workspace = found(&house.db, 1).await;
    let holder = house.db.write_in(workspace).await.unwrap().unwrap();

    let waiting = house.db.write_in(workspace);
    assert!(tokio::time::timeout(Duration::from_millis(100), waiting).await.is_err());

    let sql = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN \
               (SELECT pid FROM pg_stat_activity WHERE datname = current_database())";
    let nobody_waits = async {
        loop {
            let mut tx = house.db.read().await.unwrap();
            if tx.query_one(sql, &[]).await.unwrap().int(0).unwrap() == 0 {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), nobody_waits).await.unwrap();
    holder.commit().await.unwrap();
}

async fn several_rows_are_not_one(house: Fixture) {
    found(&house.db, 1).await;
    found(&house.db, 2).await;
    let mut tx = house.db.read().await.unwrap();

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

async fn returning_answers_with_rows(house: Fixture) {
    let mut tx = house.db.write().await.unwrap();

    let row = tx.query_one(&format!("{FOUND} RETURNING slug, revision"), &workspace(1)).await;

    let row = row.unwrap();
    assert_eq!((row.text(0).unwrap(), row.int(1).unwrap()), ("slug-1", 0));
}

async fn a_reader_keeps_its_snapshot(house: Fixture) {
    let count = "SELECT count(*) FROM workspaces";
    found(&house.db, 1).await;
    let mut reader = house.db.read().await.unwrap();
    assert_eq!(reader.query_one(count, &[]).await.unwrap().int(0).unwrap(), 1);

    found(&house.db, 2).await;

    assert_eq!(reader.query_one(count, &[]).await.unwrap().int(0).unwrap(), 1);
    assert_eq!(slugs(&house.db).await.len(), 2);
}

async fn a_reader_does_not_see_what_is_not_committed(house: Fixture) {
    let mut writer = house.db.write().await.unwrap();
    writer.execute(FOUND, &workspace(1)).await.unwrap();

    assert!(slugs(&house.db).await.is_empty());

    writer.commit().await.unwrap();
    assert_eq!(slugs(&house.db).await, ["slug-1"]);
}

/// There are three; what is dropped, fails or is committed gives its own back.
async fn connections_come_back(house: Fixture) {
    found(&house.db, 1).await;
    for number in 2..20 {
        let mut dropped = house.db.read().await.unwrap();
        dropped.query("SELECT id FROM workspaces", &[]).await.unwrap();
        drop(dropped);
        let mut failed = house.db.write().await.unwrap();
        failed.execute(FOUND, &workspace(1)).await.unwrap_err();
        drop(failed);
        let mut misspelt = house.db.read().await.unwrap();
        misspelt.query("SELECT \"nothing\" FROM workspaces", &[]).await.unwrap_err();
        drop(misspelt);
        found(&house.db, number).await;
    }

    assert_eq!(slugs(&house.db).await.len(), 19);
}
