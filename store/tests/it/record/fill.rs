//! Filling a database without records leaves it as inserting them does: all of it, or nothing.

use hallpass_domain::record::Record;
use hallpass_store::record::{ListBounds, ListQuery, Reach, RecordFill, SortOrder, Total};
use hallpass_store::{Dialect, Error};

use super::{Rng, owner, query, read, record, write};
use crate::fixture::{Fixture, insert_workspace};

contract! {
    every: [
        a_filled_database_is_like_one_with_records_inserted,
        a_fill_that_is_not_committed_leaves_everything_as_it_was,
        a_database_with_records_is_not_filled,
        an_id_that_is_there_twice_ends_a_fill,
    ],
    persistent: [],
}

const WORDS: [&str; 5] = ["Acme", "Ærøskøbing", "Zed renewal", "Quartermain", "Acme Łódź"];

fn some_records(seed: u64) -> Vec<Record> {
    let mut rng = Rng::new(seed);
    let one = |number: u128| {
        let entity = rng.one_of(&["deals", "contacts", "tickets"]);
        let mut record = record(number, entity, owner(rng.below(7)));
        record.title = format!("{} {number}", rng.one_of(&WORDS));
        record.open = rng.below(3) > 0;
        record.stage = rng.one_of(&[None, Some("lead".to_owned()), Some("won".to_owned())]);
        record.fields.insert("name".to_owned(), record.title.clone().into());
        record.fields.insert("mail".to_owned(), format!("p{number}@example.com").into());
        record
    };
    (1..=400).map(one).collect()
}

/// The indexes and triggers of the records' tables, on SQLite.
async fn schema(fixture: &Fixture) -> Vec<String> {
    let mut tx = fixture.db.read().await.unwrap();
    if tx.dialect() == Dialect::Postgres {
        return Vec::new();
    }
    let sql = "SELECT sql FROM sqlite_schema WHERE tbl_name = 'records' AND sql IS NOT NULL \
               ORDER BY name";
    let rows = tx.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| row.text("sql").unwrap().to_owned()).collect()
}

/// Fills a workspace; on PostgreSQL, which is not filled, the records are inserted.
async fn fill(fixture: &Fixture, workspace: u128, records: &[Record]) {
    let tx = write(fixture, workspace).await;
    match RecordFill::begin(tx).await.unwrap() {
        Some(mut fill) => {
            for some in records.chunks(150) {
                fill.insert(some).await.unwrap();
            }
            fill.commit().await.unwrap();
        }
        None => {
            assert_eq!(fixture.db.dialect(), Dialect::Postgres);
            let mut tx = write(fixture, workspace).await;
            tx.records().insert_all(records).await.unwrap();
            tx.commit().await.unwrap();
        }
    }
}

/// What lists find, with all of a search read from the index.
async fn found(fixture: &Fixture, workspace: u128) -> Vec<(Vec<Record>, Total)> {
    let mut found = Vec::new();
    for entity in ["deals", "contacts", "tickets"] {
        for text in [None, Some("acme"), Some("lodz acm"), Some("p17@exam"), Some("absent")] {
            for reach in [Reach::All, Reach::owners([owner(1), owner(3)])] {
                for (stage, counted) in [(None, 3), (None, 1_000), (Some("won"), 1_000)] {
                    let asked = ListQuery {
                        reach: reach.clone(),
                        text: text.map(str::to_owned),
                        stage: stage.map(str::to_owned),
                        order: SortOrder::Rank,
                        limit: 500,
                        bounds: ListBounds { counted, ..ListBounds::default() },
                        ..query(entity)
                    };
                    let mut tx = read(fixture, workspace).await;
                    let page = tx.records().list(&asked).await.unwrap();
                    assert!(page.next.is_none() && !page.is_incomplete);
                    found.push((page.records, page.total));
                }
            }
        }
    }
    found
}

async fn a_filled_database_is_like_one_with_records_inserted(fixture: Fixture) {
    for workspace in [1, 2] {
        insert_workspace(&fixture.db, workspace).await;
    }
    let (records, before) = (some_records(1), schema(&fixture).await);

    fill(&fixture, 1, &records).await;
    let mut tx = write(&fixture, 2).await;
    for record in &records {
        tx.records().insert(record).await.unwrap();
    }
    tx.commit().await.unwrap();

    assert_eq!(schema(&fixture).await, before);
    let filled = found(&fixture, 1).await;
    assert!(filled.iter().any(|(records, _)| records.len() > 100));
    assert!(filled.iter().any(|(records, _)| records.len() == 1));
    assert_eq!(filled, found(&fixture, 2).await);
    for workspace in [1, 2] {
        assert_eq!(
            read(&fixture, workspace).await.records().check_counters().await.unwrap(),
            []
        );
    }
    // What follows goes on behind it: another record is found, a changed one is, and a deleted one is not.
    let mut tx = write(&fixture, 1).await;
    let mut later = record(1_000, "deals", owner(1));
    "Acme later".clone_into(&mut later.title);
    tx.records().insert(&later).await.unwrap();
    let first = records.iter().find(|one| one.entity == "deals").unwrap();
    let second = records.iter().filter(|one| one.entity == "deals").nth(1).unwrap();
    let mut changed = first.clone();
    "Xylophone".clone_into(&mut changed.title);
    assert!(tx.records().update(first, &changed).await.unwrap());
    assert!(tx.records().delete(second).await.unwrap());
    tx.commit().await.unwrap();
    for (text, n) in [("acme later", 1), ("xylophone", 1), (&*second.title, 0)] {
        let asked = ListQuery { text: Some(text.to_owned()), ..query("deals") };
        let page = read(&fixture, 1).await.records().list(&asked).await.unwrap();
        assert_eq!(page.records.len(), n, "{text}");
    }
    assert_eq!(read(&fixture, 1).await.records().check_counters().await.unwrap(), []);
}

async fn a_fill_that_is_not_committed_leaves_everything_as_it_was(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let before = schema(&fixture).await;
    if let Some(mut fill) = RecordFill::begin(write(&fixture, 1).await).await.unwrap() {
        fill.insert(&some_records(2)).await.unwrap();
    }

    assert_eq!(schema(&fixture).await, before);
    let page = read(&fixture, 1).await.records().list(&query("deals")).await.unwrap();
    assert_eq!((page.records, page.total), (Vec::new(), Total::Exact(0)));
    fill(&fixture, 1, &some_records(3)).await;
    assert_eq!(read(&fixture, 1).await.records().check_counters().await.unwrap(), []);
}

async fn a_database_with_records_is_not_filled(fixture: Fixture) {
    for workspace in [1, 2] {
        insert_workspace(&fixture.db, workspace).await;
    }
    let mut tx = write(&fixture, 2).await;
    tx.records().insert(&record(1, "deals", owner(1))).await.unwrap();
    tx.commit().await.unwrap();
    let before = schema(&fixture).await;

    assert!(RecordFill::begin(write(&fixture, 1).await).await.unwrap().is_none());

    assert_eq!(schema(&fixture).await, before);
    let page = read(&fixture, 2).await.records().list(&query("deals")).await.unwrap();
    assert_eq!(page.records.len(), 1);
}

async fn an_id_that_is_there_twice_ends_a_fill(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let Some(mut fill) = RecordFill::begin(write(&fixture, 1).await).await.unwrap() else {
        assert_eq!(fixture.db.dialect(), Dialect::Postgres);
        return;
    };
    let one = record(1, "deals", owner(1));
    let refused = fill.insert(&[one.clone(), one]).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    drop(fill);
    let page = read(&fixture, 1).await.records().list(&query("deals")).await.unwrap();
    assert!(page.records.is_empty());
}
