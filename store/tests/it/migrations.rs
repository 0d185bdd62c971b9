//! A database that is opened again is the database that was closed.

use hallpass_store::{Db, Options};

use crate::fixture::{FOUND, Fixture, TestDatabase, found, slugs, workspace};

contract! {
    every: [],
    kept: [
        what_is_committed_outlives_the_process,
        opening_again_changes_nothing,
        many_may_open_at_once,
        a_changed_migration_is_refused,
        a_newer_version_is_refused,
        other_migrations_are_refused,
    ],
}

async fn what_is_committed_outlives_the_process(house: Fixture) {
    found(&house.db, 1).await;
    let mut unfinished = house.db.write().await.unwrap();
    unfinished.execute(FOUND, &workspace(2)).await.unwrap();
    drop(unfinished);
    drop(house.db);

    let db = house.database.open().await.unwrap();

    assert_eq!(slugs(&db).await, ["slug-1"]);
}

/// A kill leaves the file and its log as they are at that moment.
#[tokio::test]
async fn what_is_committed_outlives_a_kill() {
    let house = Fixture::on_file().await;
    found(&house.db, 1).await;
    let mut unfinished = house.db.write().await.unwrap();
    unfinished.execute(FOUND, &workspace(2)).await.unwrap();

    let other = TestDatabase::folder();
    for end in ["", "-wal"] {
        let (from, to) = (house.database.location(), other.location());
        std::fs::copy(format!("{from}{end}"), format!("{to}{end}")).unwrap();
    }

    let db = other.open().await.unwrap();
    assert_eq!(slugs(&db).await, ["slug-1"]);
}

async fn steps(db: &Db) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    let sql = "SELECT name, checksum FROM hallpass_migrations ORDER BY number";
    let rows = tx.query(sql, &[]).await.unwrap();
    rows.iter()
        .map(|row| format!("{} {}", row.text(0).unwrap(), row.text(1).unwrap()))
        .collect()
}

async fn opening_again_changes_nothing(house: Fixture) {
    found(&house.db, 1).await;
    let before = steps(&house.db).await;

    let second = house.database.open().await.unwrap();

    assert!(!before.is_empty());
    assert_eq!(steps(&second).await, before);
    assert_eq!(slugs(&second).await, ["slug-1"]);
}

async fn many_may_open_at_once(house: Fixture) {
    drop(house.db);
    let fresh = match &house.database {
        TestDatabase::Server { .. } => TestDatabase::server().await,
        TestDatabase::Folder(_) | TestDatabase::Memory => TestDatabase::folder(),
    };

    let opening: Vec<_> = (0..6)
        .map(|_| {
            let location = fresh.location();
            tokio::spawn(async move { Db::open(&location, &Options { connections: 2 }).await })
        })
        .collect();

    for opened in opening {
        let db = opened.await.unwrap().unwrap();
        assert!(!steps(&db).await.is_empty());
    }
}

async fn tamper(house: &Fixture, sql: &str) -> String {
    let mut tx = house.db.write().await.unwrap();
    tx.execute(sql, &[]).await.unwrap();
    tx.commit().await.unwrap();
    house.database.refusal().await
}

async fn a_changed_migration_is_refused(house: Fixture) {
    let sql = "UPDATE hallpass_migrations SET checksum = 'other' WHERE number = 1";

    let refusal = tamper(&house, sql).await;

    assert_eq!(
        refusal,
        "the database cannot be used: the migration `0001_workspace` has changed since it was run"
    );
}

async fn a_newer_version_is_refused(house: Fixture) {
    let sql = "INSERT INTO hallpass_migrations (number, name, checksum) \
               VALUES (9999, '9999_future', 'x')";

    let refusal = tamper(&house, sql).await;

    let begin = "the database cannot be used: it is of a newer version of Hallpass: it has \
                 `9999_future`, and this version ends with `";
    assert!(refusal.starts_with(begin), "{refusal}");
}

async fn other_migrations_are_refused(house: Fixture) {
    let sql = "UPDATE hallpass_migrations SET name = '0001_other' WHERE number = 1";

    let refusal = tamper(&house, sql).await;

    assert_eq!(
        refusal,
        "the database cannot be used: it was built by other migrations: `0001_other` in the \
         place of `0001_workspace`"
    );
}
