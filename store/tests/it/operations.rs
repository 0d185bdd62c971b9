//! Operations, purges and checkpoints.

use hallpass_domain::id::{OperationId, WorkspaceId};
use hallpass_domain::operation::Operation;
use hallpass_domain::time::Timestamp;
use hallpass_store::workspace::purge::TABLES;
use serde_json::json;
use uuid::Uuid;

use crate::fixture::{Fixture, TestDatabase, id, insert_workspace};

contract! {
    every: [
        operations_are_listed_latest_first,
        operations_are_filtered_by_their_kind,
        a_purge_deletes_every_row_in_steps,
        a_workspace_that_is_not_deleted_is_not_purged,
    ],
    persistent: [a_checkpoint_truncates_the_log],
}

pub(crate) fn operation(number: u128) -> Operation {
    Operation {
        id: OperationId(Uuid::from_u128(number)),
        at: Timestamp::from_micros(5),
        actor: "anna".to_owned(),
        action: "workspace.purge".to_owned(),
        subject: format!("wsp_{number}"),
        detail: json!({"slug": "acme"}),
    }
}

async fn operations_are_listed_latest_first(fixture: Fixture) {
    let mut tx = fixture.db.write().await.unwrap();
    for number in 1..=3 {
        tx.operations().insert(&operation(number)).await.unwrap();
    }
    tx.commit().await.unwrap();

    let mut tx = fixture.db.read().await.unwrap();
    let page = tx.operations().list(None, None, 2).await.unwrap().items;
    let rest = tx.operations().list(None, Some(page[1].id), 2).await.unwrap().items;

    assert_eq!(page, [operation(3), operation(2)]);
    assert_eq!(rest, [operation(1)]);
}

async fn operations_are_filtered_by_their_kind(fixture: Fixture) {
    let mut tx = fixture.db.write().await.unwrap();
    for number in 1..=4 {
        let action = if number % 2 == 0 { "mail.drop" } else { "account.link" };
        let one = Operation { action: action.to_owned(), ..operation(number) };
        tx.operations().insert(&one).await.unwrap();
    }

    let drops = tx.operations().list(Some("mail.drop"), None, 9).await.unwrap().items;
    let below =
        tx.operations().list(Some("mail.drop"), Some(drops[0].id), 9).await.unwrap().items;

    assert_eq!(drops.len(), 2);
    assert_eq!(below, drops[1..]);
    let actions = tx.operations().list_actions().await.unwrap();
    assert_eq!(actions, ["account.link", "mail.drop"]);
}

/// Five entries of the audit log and five counters.
async fn fill(fixture: &Fixture, number: u128) {
    let mut tx = fixture.db.write_in(id(number)).await.unwrap().unwrap();
    for n in 0..5_u128 {
        let audit = "INSERT INTO audit (workspace_id, id, at, actor_name, action, outcome, subject, \
                     before_text, after_text, revision, request) \
                     VALUES (?1, ?2, 1, '', '', 'done', '', '', '', 1, '')";
        tx.execute(audit, &[Uuid::from_u128(n).into()]).await.unwrap();
        let total = "INSERT INTO record_totals (workspace_id, entity, n) VALUES (?1, ?2, 1)";
        tx.execute(total, &[format!("e{n}").into()]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn rows(fixture: &Fixture, number: u128) -> i64 {
    let mut tx = fixture.db.read().await.unwrap();
    let mut n = 0;
    for (table, _) in TABLES {
        let sql = format!("SELECT count(*) FROM {table} WHERE workspace_id = ?1");
        n += tx.query_one(&sql, &[id(number).into()]).await.unwrap().int(0).unwrap();
    }
    n
}

async fn a_purge_deletes_every_row_in_steps(fixture: Fixture) {
    for number in [1, 2] {
        insert_workspace(&fixture.db, number).await;
        fill(&fixture, number).await;
    }
    let mut tx = fixture.db.write_in(id(1)).await.unwrap().unwrap();
    tx.delete(Timestamp::from_micros(9)).await.unwrap();
    tx.commit().await.unwrap();

    let mut seen = Vec::new();
    for _ in 0..4 {
        let mut tx = fixture.db.write().await.unwrap();
        let is_gone = tx.workspaces().purge(WorkspaceId(id(1)), 4).await.unwrap();
        tx.commit().await.unwrap();
        seen.push((is_gone, rows(&fixture, 1).await));
    }

    assert_eq!(seen, [(false, 6), (false, 2), (true, 0), (true, 0)]);
    let mut tx = fixture.db.read().await.unwrap();
    assert!(tx.workspaces().find(WorkspaceId(id(1))).await.unwrap().is_none());
    drop(tx);
    assert_eq!(rows(&fixture, 2).await, 10);
}

async fn a_workspace_that_is_not_deleted_is_not_purged(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    fill(&fixture, 1).await;

    let mut tx = fixture.db.write().await.unwrap();
    tx.workspaces().purge(WorkspaceId(id(1)), 100).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(rows(&fixture, 1).await, 10);
}

async fn a_checkpoint_truncates_the_log(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;

    fixture.db.checkpoint().await.unwrap();

    if let TestDatabase::Folder(folder) = &fixture.database {
        let log = folder.join("hallpass.db-wal");
        assert_eq!(std::fs::metadata(log).unwrap().len(), 0);
    }
}

#[test]
fn every_table_of_a_workspace_is_purged() {
    let path = format!("{}/schema/sqlite.sql", env!("CARGO_MANIFEST_DIR"));
    let schema = std::fs::read_to_string(path).unwrap();
    let tables = schema.split("CREATE TABLE ").skip(1).filter_map(|table| {
        // Those of an index of texts have a name in quotes, and no space after it.
        let (name, rest) = table.split_once('(').unwrap();
        let name = name.trim().trim_matches('\'');
        let columns = rest.split("\n)").next().unwrap();
        let mut columns = columns.lines().map(str::trim_start);
        columns.any(|column| column.starts_with("workspace_id ")).then_some(name)
    });

    for table in tables.filter(|table| *table != "account_workspaces") {
        assert!(TABLES.iter().any(|(known, _)| *known == table), "`{table}` is not purged");
    }
}
