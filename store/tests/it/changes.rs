//! The mark of changes: another one after each commit, by whatever process.

use hallpass_store::{Db, Options};

use crate::fixture::{Fixture, INSERT_WORKSPACE, insert_workspace, slugs, workspace};

#[tokio::test]
async fn a_commit_of_any_process_changes_the_mark_and_nothing_else_does() {
    let fixture = Fixture::on_file().await;
    let location = fixture.database.location();
    let another = Db::open(&location, &Options::default()).await.unwrap();
    let mark = fixture.db.look();
    assert!(mark.is_some());

    let _ = slugs(&fixture.db).await;
    let mut tx = fixture.db.write().await.unwrap();
    tx.execute(INSERT_WORKSPACE, &workspace(1)).await.unwrap();
    assert_eq!(fixture.db.look(), mark);
    drop(tx);
    fixture.db.merge_log().await.unwrap();
    assert_eq!(fixture.db.look(), mark);

    let mut marks = vec![mark];
    for (number, db) in [&fixture.db, &another, &fixture.db, &another].into_iter().enumerate() {
        insert_workspace(db, 1 + u128::try_from(number).unwrap()).await;
        let mark = fixture.db.look();
        assert!(!marks.contains(&mark), "{marks:?} {mark:?}");
        assert_eq!(fixture.db.look(), mark);
        marks.push(mark);
    }
}

#[tokio::test]
async fn there_is_no_mark_where_only_a_transaction_can_tell() {
    assert_eq!(Fixture::in_memory().await.db.look(), None);
    assert_eq!(Fixture::on_postgres().await.db.look(), None);
}
