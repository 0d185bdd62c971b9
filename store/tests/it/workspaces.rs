//! A transaction in a workspace locks it, names it and counts its changes.

use hallpass_domain::id::WorkspaceId;
use hallpass_domain::time::Timestamp;
use hallpass_store::Error;
use hallpass_store::workspace::list::{WorkspaceQuery, WorkspaceSummary};

use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        no_revision_is_lost,
        revisions_of_two_workspaces_are_independent,
        a_revision_is_rolled_back,
        a_missing_or_deleted_workspace_is_not_entered,
        every_statement_names_the_workspace,
        workspaces_are_listed_with_their_size,
        blueprints_are_listed_with_the_workspaces_that_have_them,
    ],
    persistent: [writers_of_two_workspaces_do_not_interfere],
}

async fn workspaces_are_listed_with_their_size(fixture: Fixture) {
    for number in 1..=3 {
        insert_workspace(&fixture.db, number).await;
    }
    let mut tx = fixture.db.write_in(id(2)).await.unwrap().unwrap();
    for (entity, n) in [("a", 3_i64), ("b", 4)] {
        let sql = "INSERT INTO record_totals (workspace_id, entity, n) VALUES (?1, ?2, ?3)";
        tx.execute(sql, &[entity.into(), n.into()]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = fixture.db.write_in(id(3)).await.unwrap().unwrap();
    tx.delete(Timestamp::from_micros(9)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = fixture.db.read().await.unwrap();
    let every = WorkspaceQuery::default();

    let all = tx.workspaces().list(&every, None, 9).await.unwrap();
    let slug = all[0].workspace.slug.to_string();
    let after = tx.workspaces().list(&every, Some(&slug), 1).await.unwrap();
    let deleted = WorkspaceQuery { is_deleted: Some(true), ..every.clone() };
    let deleted = tx.workspaces().list(&deleted, None, 9).await.unwrap();
    let named = WorkspaceQuery { text: Some(slug.to_uppercase()), ..every };
    let named = tx.workspaces().list(&named, None, 9).await.unwrap();

    let ids = |found: &[WorkspaceSummary]| -> Vec<u128> {
        found.iter().map(|one| one.workspace.id.0.as_u128()).collect()
    };
    assert_eq!(ids(&all), [1, 2, 3]);
    assert_eq!(all.iter().map(|one| one.records).collect::<Vec<_>>(), [0, 7, 0]);
    assert_eq!((ids(&after), ids(&deleted), ids(&named)), (vec![2], vec![3], vec![1]));
    assert_eq!(tx.workspaces().count().await.unwrap(), (2, 1));
    let one = tx.workspaces().find_summary(WorkspaceId(id(2))).await.unwrap().unwrap();
    assert_eq!((one.records, one.members, one.billing.plan), (7, 0, None));
}

async fn blueprints_are_listed_with_the_workspaces_that_have_them(fixture: Fixture) {
    for number in 1..=3 {
        insert_workspace(&fixture.db, number).await;
    }
    let mut tx = fixture.db.write_in(id(3)).await.unwrap().unwrap();
    tx.update_blueprint(("own", "id = \"own\""), &[0xff; 32]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = fixture.db.read().await.unwrap();

    let all = tx.workspaces().list_blueprints(&[], None, 9).await.unwrap();

    assert_eq!(all.iter().map(|one| one.workspaces).collect::<Vec<_>>(), [2, 1]);
    let other = all[0].hash.clone();
    let own =
        tx.workspaces().list_blueprints(std::slice::from_ref(&other), None, 9).await.unwrap();
    assert_eq!(own, all[1..]);
    let after = tx.workspaces().list_blueprints(&[], Some(&other), 9).await.unwrap();
    assert_eq!(after, all[1..]);
    let text = tx.workspaces().find_blueprint(&[0xff; 32]).await.unwrap();
    assert_eq!(text.as_deref(), Some("id = \"own\""));
    assert_eq!(tx.workspaces().count_with_blueprint(&other).await.unwrap(), 2);
    assert_eq!(tx.workspaces().find_blueprint(&[1]).await.unwrap(), None);
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
