//! A transaction in a workspace locks it, names it and counts its changes.

use hallpass_store::Error;

use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        no_revision_is_lost,
        revisions_of_two_workspaces_are_independent,
        a_revision_is_rolled_back,
        a_missing_or_deleted_workspace_is_not_entered,
        every_statement_names_the_workspace,
    ],
    persistent: [writers_of_two_workspaces_do_not_interfere],
}

fn bump_fifty_times(fixture: &Fixture, number: u128) -> tokio::task::JoinHandle<Vec<i64>> {
    let db = fixture.db.clone();
    tokio::spawn(async move {
        let mut seen = Vec::new();
        for _ in 0..50 {
            let mut tx = db.write_in(id(number)).await.unwrap().unwrap();
            let before = tx.revision();
            let revision = tx.bump_revision().await.unwrap();
            assert_eq!((revision, tx.revision()), (before + 1, revision));
            tx.commit().await.unwrap();
            seen.push(revision);
        }
        seen
    })
}

async fn revision(fixture: &Fixture, number: u128) -> i64 {
    fixture.db.read_in(id(number)).await.unwrap().unwrap().revision()
}

async fn no_revision_is_lost(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;

    let anna = bump_fifty_times(&fixture, 1);
    let ben = bump_fifty_times(&fixture, 1);

    let mut seen = anna.await.unwrap();
    seen.extend(ben.await.unwrap());
    seen.sort_unstable();
    assert_eq!(seen, (1..=100).collect::<Vec<i64>>());
    assert_eq!(revision(&fixture, 1).await, 100);
}

async fn revisions_of_two_workspaces_are_independent(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    insert_workspace(&fixture.db, 2).await;

    let mut tx = fixture.db.write_in(id(1)).await.unwrap().unwrap();
    tx.bump_revision().await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!((revision(&fixture, 1).await, revision(&fixture, 2).await), (1, 0));
}

async fn a_revision_is_rolled_back(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;

    let mut tx = fixture.db.write_in(id(1)).await.unwrap().unwrap();
    assert_eq!(tx.bump_revision().await.unwrap(), 1);
    drop(tx);

    assert_eq!(revision(&fixture, 1).await, 0);
}

async fn a_missing_or_deleted_workspace_is_not_entered(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = fixture.db.write().await.unwrap();
    tx.execute("UPDATE workspaces SET deleted_at = ?1", &[5.into()]).await.unwrap();
    tx.commit().await.unwrap();

    for number in [1, 2] {
        assert!(fixture.db.read_in(id(number)).await.unwrap().is_none());
        assert!(fixture.db.write_in(id(number)).await.unwrap().is_none());
    }
}

async fn every_statement_names_the_workspace(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    insert_workspace(&fixture.db, 2).await;
    let mut tx = fixture.db.write_in(id(1)).await.unwrap().unwrap();

    let sql = "UPDATE workspaces SET name = ?2 WHERE id = ?1";
    let changed = tx.execute(sql, &["Umbrella".into()]).await.unwrap();
    let name = tx.query_one("SELECT name FROM workspaces WHERE id = ?1", &[]).await.unwrap();
    let unnamed = tx.execute("UPDATE workspaces SET name = 'x'", &[]).await;
    let tenth = tx.query("SELECT name FROM workspaces WHERE slug = ?10", &[]).await;

    assert_eq!((changed, name.text(0).unwrap()), (1, "Umbrella"));
    assert!(matches!(unnamed, Err(Error::Unavailable(_))), "{unnamed:?}");
    assert!(matches!(tenth, Err(Error::Unavailable(_))), "{tenth:?}");
    tx.commit().await.unwrap();
}

async fn writers_of_two_workspaces_do_not_interfere(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    insert_workspace(&fixture.db, 2).await;

    let one = bump_fifty_times(&fixture, 1);
    let two = bump_fifty_times(&fixture, 2);

    assert_eq!(one.await.unwrap(), (1..=50).collect::<Vec<i64>>());
    assert_eq!(two.await.unwrap(), (1..=50).collect::<Vec<i64>>());
}
