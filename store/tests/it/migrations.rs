//! Opening a database again, and refusing one with other migrations.

use hallpass_store::{Db, Options};

use crate::fixture::{
    Fixture, INSERT_WORKSPACE, TestDatabase, insert_workspace, slugs, workspace,
};

contract! {
    every: [],
    persistent: [
        committed_changes_survive_a_restart,
        opening_again_changes_nothing,
        several_processes_can_open_a_new_database_at_once,
        a_changed_migration_is_refused,
        a_newer_version_is_refused,
        other_migrations_are_refused,
    ],
}

async fn committed_changes_survive_a_restart(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut unfinished = fixture.db.write().await.unwrap();
    unfinished.execute(INSERT_WORKSPACE, &workspace(2)).await.unwrap();
    drop(unfinished);
    drop(fixture.db);

    let db = fixture.database.open().await.unwrap();

    assert_eq!(slugs(&db).await, ["slug-1"]);
}

/// A kill leaves the file and its log as they are at that moment.
#[tokio::test]
async fn committed_changes_survive_a_kill() {
    let fixture = Fixture::on_file().await;
    insert_workspace(&fixture.db, 1).await;
    let mut unfinished = fixture.db.write().await.unwrap();
    unfinished.execute(INSERT_WORKSPACE, &workspace(2)).await.unwrap();

    let other = TestDatabase::folder();
    for end in ["", "-wal"] {
        let (from, to) = (fixture.database.location(), other.location());
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

async fn opening_again_changes_nothing(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let before = steps(&fixture.db).await;

    let second = fixture.database.open().await.unwrap();

    assert!(!before.is_empty());
    assert_eq!(steps(&second).await, before);
    assert_eq!(slugs(&second).await, ["slug-1"]);
}

async fn several_processes_can_open_a_new_database_at_once(fixture: Fixture) {
    drop(fixture.db);
    let fresh = match &fixture.database {
        TestDatabase::Server { .. } => TestDatabase::server().await,
        TestDatabase::Folder(_) | TestDatabase::Memory => TestDatabase::folder(),
    };

    let opening: Vec<_> = (0..6)
        .map(|_| {
            let location = fresh.location();
            tokio::spawn(async move {
                Db::open(&location, &Options { connections: 2, ..Options::default() }).await
            })
        })
        .collect();

    for opened in opening {
        let db = opened.await.unwrap().unwrap();
        assert!(!steps(&db).await.is_empty());
    }
}

async fn tamper(fixture: &Fixture, sql: &str) -> String {
    let mut tx = fixture.db.write().await.unwrap();
    tx.execute(sql, &[]).await.unwrap();
    tx.commit().await.unwrap();
    fixture.database.refusal().await
}

async fn a_changed_migration_is_refused(fixture: Fixture) {
    let sql = "UPDATE hallpass_migrations SET checksum = 'other' WHERE number = 1";

    let refusal = tamper(&fixture, sql).await;

    assert_eq!(
        refusal,
        "the database cannot be used: the migration `0001_workspace` has changed since it was run"
    );
}

async fn a_newer_version_is_refused(fixture: Fixture) {
    let sql = "INSERT INTO hallpass_migrations (number, name, checksum) \
               VALUES (9999, '9999_future', 'x')";

    let refusal = tamper(&fixture, sql).await;

    let begin = "the database cannot be used: it is of a newer version of Hallpass: it has \
                 `9999_future`, and this version ends with `";
    assert!(refusal.starts_with(begin), "{refusal}");
}

async fn other_migrations_are_refused(fixture: Fixture) {
    let sql = "UPDATE hallpass_migrations SET name = '0001_other' WHERE number = 1";

    let refusal = tamper(&fixture, sql).await;

    assert_eq!(
        refusal,
        "the database cannot be used: it was built by other migrations: `0001_other` in the \
         place of `0001_workspace`"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_database_file_is_private_also_where_it_exists() {
    use std::os::unix::fs::PermissionsExt as _;
    let database = TestDatabase::folder();
    let file = database.location();
    let modes = || {
        let each = ["", "-wal", "-shm"].map(|end| std::fs::metadata(format!("{file}{end}")));
        each.into_iter()
            .flatten()
            .map(|file| file.permissions().mode() & 0o777)
            .collect::<Vec<_>>()
    };

    let db = database.open().await.unwrap();
    assert!(modes().iter().all(|mode| *mode == 0o600), "{:?}", modes());
    drop(db);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();

    let _db = database.open().await.unwrap();

    assert!(modes().iter().all(|mode| *mode == 0o600), "{:?}", modes());
}
