//! The index of search: it has every record, also one that was there before it, and nothing else.

use std::time::Duration;

use hallpass_domain::id::{RecordId, WorkspaceId};
use hallpass_domain::record::{Event, Owner, Record};
use hallpass_domain::time::Timestamp;
use hallpass_store::record::{
    CountMode, ListBounds, ListQuery, OwnerChange, Reach, RecordPage, SortOrder, Total,
};
use hallpass_store::{Dialect, Error, Value, WorkspaceTx};

use super::{owner, query, read, record, write};
use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        the_first_of_many_records_is_found_by_those_who_may_read_it,
        records_that_exist_are_indexed_in_batches,
        a_batch_ends_by_the_bytes_of_its_records,
        records_that_are_inserted_together_are_found_in_the_order_of_their_ids,
        records_that_are_deleted_together_leave_nothing,
        a_changed_text_is_found_and_the_former_is_not,
        a_reassigned_record_is_found_by_its_new_owner,
        what_others_own_changes_no_total,
        titles_come_first_however_common_a_word_is,
        a_purged_workspace_leaves_nothing_in_the_index,
        a_search_finds_nothing_of_another_workspace,
    ],
    persistent: [the_index_is_there_after_a_restart],
}

fn search(text: &str) -> ListQuery {
    ListQuery { text: Some(text.to_owned()), order: SortOrder::Rank, ..query("deals") }
}

fn named(number: u128, title: &str, whose: Owner) -> Record {
    let mut record = record(number, "deals", whose);
    title.clone_into(&mut record.title);
    record.fields.insert("name".to_owned(), title.into());
    record
}

async fn list(fixture: &Fixture, query: &ListQuery) -> RecordPage {
    read(fixture, 1).await.records().list(query).await.unwrap()
}

async fn titles(fixture: &Fixture, query: &ListQuery) -> Vec<String> {
    let page = list(fixture, query).await;
    page.records.into_iter().map(|record| record.title).collect()
}

/// Inserts records as an earlier version did: the index does not have them.
async fn insert_unindexed(tx: &mut WorkspaceTx, first: u128, titles: &[String], whose: Owner) {
    for (chunk, titles) in titles.chunks(500).enumerate() {
        let row = |row: usize| {
            let (id, title) = (2 * row + 4, 2 * row + 5);
            format!("(?1, 'deals', ?{id}, ?2, '', ?3, 0, 0, 0, 1, ?{title}, '{{}}', '')")
        };
        let sql = format!(
            "INSERT INTO records (workspace_id, entity, id, owner_id, title_key, is_open, \
             created_month, created_at, updated_at, version, title, fields, search_text) \
             VALUES {}",
            (0..titles.len()).map(row).collect::<Vec<String>>().join(", ")
        );
        let mut values: Vec<Value> = vec![whose.key().into(), true.into()];
        for (number, title) in (first + 500 * chunk as u128..).zip(titles) {
            values.extend([id(number).into(), title.as_str().into()]);
        }
        tx.execute(&sql, &values).await.unwrap();
    }
    let n = i64::try_from(titles.len()).unwrap();
    let next = match tx.dialect() {
        Dialect::Sqlite => "UPDATE search_scope_count SET n = n + 1 RETURNING n",
        Dialect::Postgres => "SELECT nextval('search_scope_numbers') AS n",
    };
    let scope = tx.global().query_one(next, &[]).await.unwrap().int("n").unwrap();
    for sql in [
        "INSERT INTO record_counts (workspace_id, entity, owner_id, n, open_n) \
         VALUES (?1, 'deals', ?2, ?3, ?3)",
        "INSERT INTO record_totals (workspace_id, entity, n) VALUES (?1, 'deals', ?2)",
        "INSERT INTO search_scopes \
         (workspace_id, entity, scope, last_doc, indexed_doc, is_indexed) \
         VALUES (?1, 'deals', ?3, ?2, 0, FALSE)",
    ] {
        let values: Vec<Value> = if sql.contains("record_counts") {
            vec![whose.key().into(), n.into()]
        } else if sql.contains("search_scopes") {
            vec![n.into(), scope.into()]
        } else {
            vec![n.into()]
        };
        tx.execute(sql, &values).await.unwrap();
    }
}

/// Indexes some batches, and returns how many records.
async fn index(fixture: &Fixture, batches: usize, size: i64) -> u64 {
    let mut indexed = 0;
    for _ in 0..batches {
        let mut tx = fixture.db.write().await.unwrap();
        let Some(batch) = tx.index_pending(size).await.unwrap() else { break };
        tx.commit().await.unwrap();
        indexed += batch.indexed;
    }
    indexed
}

async fn the_first_of_many_records_is_found_by_those_who_may_read_it(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let is_long = std::env::var_os("HALLPASS_LONG").is_some();
    let n: usize = if is_long { 100_000 } else { 20_500 };
    let mut texts: Vec<String> = (0..n).map(|number| format!("Filler GmbH {number}")).collect();
    "Zoë Quartermain zoe.q@example.com".clone_into(&mut texts[0]);
    let mut tx = write(&fixture, 1).await;
    insert_unindexed(&mut tx, 1, &texts, owner(7)).await;
    tx.commit().await.unwrap();
    assert_eq!(index(&fixture, usize::MAX, 5_000).await, n as u64);

    for text in ["zoe", "QUA", "zoe.q@example.com", "@example", "quartermain Zoë", "q@e term"]
    {
        for (reach, expected) in [
            (Reach::All, 1),
            (Reach::owners([owner(7), owner(8)]), 1),
            (Reach::owners([owner(7)]), 1),
            (Reach::owners([owner(8), owner(9)]), 0),
            (Reach::Nothing, 0),
        ] {
            let asked = ListQuery { reach, ..search(text) };
            let page = list(&fixture, &asked).await;
            assert_eq!(page.records.len(), expected, "{text} {:?}", asked.reach);
            assert_eq!(page.total, Total::Exact(i64::try_from(expected).unwrap()));
            assert!(page.next.is_none() && !page.is_incomplete);
        }
    }
    // A common word: the newest first, and more than are counted.
    let page = list(&fixture, &search("gmbh fill")).await;
    assert_eq!(page.records[0].title, format!("Filler GmbH {}", n - 1));
    assert_eq!((page.records.len(), page.total), (50, Total::MoreThan(1_000)));
    assert!(page.next.is_some() && !page.is_incomplete);
    // A word that many have, and one that none has.
    let page = list(&fixture, &search("gmbh xylophone")).await;
    assert_eq!((page.records.len(), page.total), (0, Total::Exact(0)));
    assert!(page.next.is_none() && !page.is_incomplete);
    // More than one statement reassigns.
    let mut tx = write(&fixture, 1).await;
    tx.records().repair_counters().await.unwrap();
    let change = OwnerChange {
        from: owner(7),
        to: owner(8),
        entities: vec![("deals".to_owned(), Reach::All)],
        records: None,
        at: Timestamp::from_micros(9),
    };
    let moved = tx.records().reassign(&change).await.unwrap();
    assert_eq!(moved, [("deals".to_owned(), i64::try_from(n).unwrap())]);
    assert_eq!(tx.records().check_counters().await.unwrap(), []);
    tx.commit().await.unwrap();
    let asked = ListQuery { reach: Reach::owners([owner(8)]), ..search("zoe") };
    assert_eq!(list(&fixture, &asked).await.records.len(), 1);
}

async fn a_batch_ends_by_the_bytes_of_its_records(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let texts: Vec<String> =
        (0..5).map(|number| format!("Long {number} {}", "x".repeat(900_000))).collect();
    let mut tx = write(&fixture, 1).await;
    insert_unindexed(&mut tx, 1, &texts, owner(1)).await;
    tx.commit().await.unwrap();

    for expected in [2, 2, 1, 0] {
        assert_eq!(index(&fixture, 1, 100).await, expected);
    }

    assert_eq!(fixture.db.read().await.unwrap().count_pending().await.unwrap(), 0);
    let page = list(&fixture, &ListQuery { limit: 1, ..search("long 3") }).await;
    assert!(page.records[0].title.starts_with("Long 3 "));
}

async fn records_that_exist_are_indexed_in_batches(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let texts: Vec<String> = (0..30).map(|number| format!("Ärger {number}")).collect();
    let mut tx = write(&fixture, 1).await;
    insert_unindexed(&mut tx, 1, &texts, owner(1)).await;
    // One was deleted before it was indexed, one gets another title.
    let gone = tx.records().find("deals", id(30).into()).await.unwrap().unwrap();
    assert!(tx.records().delete(&gone).await.unwrap());
    let before = tx.records().find("deals", id(5).into()).await.unwrap().unwrap();
    let after = Record { title: "Renamed".to_owned(), ..before.clone() };
    assert!(tx.records().update(&before, &after).await.unwrap());
    tx.commit().await.unwrap();

    // New ones are indexed at once; until the others are, an answer says that it lacks some.
    let mut tx = write(&fixture, 1).await;
    tx.records().insert(&named(100, "Arger new", owner(1))).await.unwrap();
    tx.commit().await.unwrap();
    let few = ListBounds { counted: 2, ..ListBounds::default() };
    let asked = ListQuery { bounds: few, limit: 200, ..search("arger") };
    assert_eq!(fixture.db.read().await.unwrap().count_pending().await.unwrap(), 1);
    let page = list(&fixture, &asked).await;
    assert!(page.is_incomplete);
    assert_eq!(page.records[0].title, "Arger new");

    // An interrupted batch changes nothing, and the next one goes on.
    assert_eq!(index(&fixture, 2, 7).await, 14);
    let mut tx = fixture.db.write().await.unwrap();
    assert_eq!(tx.index_pending(7).await.unwrap().unwrap().indexed, 7);
    drop(tx);
    assert_eq!(index(&fixture, 1, 7).await, 7);
    assert!(list(&fixture, &asked).await.is_incomplete);
    assert_eq!(index(&fixture, 10, 7).await, 8);
    assert_eq!(fixture.db.read().await.unwrap().count_pending().await.unwrap(), 0);

    let mut expected: Vec<String> =
        (0..29).rev().filter(|n| *n != 4).map(|n| format!("Ärger {n}")).collect();
    expected.insert(0, "Arger new".to_owned());
    let page = list(&fixture, &asked).await;
    let found: Vec<String> = page.records.into_iter().map(|record| record.title).collect();
    assert_eq!(found, expected);
    assert!(!page.is_incomplete);
    let page = list(&fixture, &ListQuery { bounds: ListBounds::default(), ..asked }).await;
    let found: Vec<String> = page.records.into_iter().map(|record| record.title).collect();
    assert_eq!((found, page.total), (expected, Total::Exact(29)));
    assert_eq!(titles(&fixture, &search("renamed")).await, ["Renamed"]);
}

async fn records_that_are_inserted_together_are_found_in_the_order_of_their_ids(
    fixture: Fixture,
) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    tx.records().insert(&named(1, "Acme 1", owner(1))).await.unwrap();
    // Several statements of rows and of the index, of two types, in another order than that of the ids.
    let mut several: Vec<Record> = Vec::new();
    for number in (2..=200).rev() {
        several.push(named(number, &format!("Acme {number}"), owner(1)));
        several.push(record(number, "contacts", owner(1)));
    }
    tx.records().insert_all(&several).await.unwrap();
    tx.records().insert_all(&[]).await.unwrap();
    tx.records().insert(&named(201, "Acme 201", owner(1))).await.unwrap();
    tx.commit().await.unwrap();

    let expected: Vec<String> =
        (1..=201).rev().map(|number| format!("Acme {number}")).collect();
    for counted in [1, 1_000] {
        let bounds = ListBounds { counted, ..ListBounds::default() };
        let asked = ListQuery { bounds, limit: 300, ..search("acme") };
        assert_eq!(titles(&fixture, &asked).await, expected);
        let asked = ListQuery { entity: "contacts".to_owned(), bounds, ..search("record 77") };
        assert_eq!(titles(&fixture, &asked).await, ["Record 177", "Record 77"]);
    }
    check_index(&fixture, 201 + 199).await;
    let mut tx = write(&fixture, 1).await;
    assert_eq!(tx.records().check_counters().await.unwrap(), []);
    let taken = [named(300, "Acme", owner(1)), named(2, "Acme", owner(1))];
    let refused = tx.records().insert_all(&taken).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
}

async fn records_that_are_deleted_together_leave_nothing(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let all: Vec<Record> =
        (1..=300).map(|number| named(number, &format!("Acme {number}"), owner(1))).collect();
    let mut tx = write(&fixture, 1).await;
    tx.records().insert_all(&all).await.unwrap();
    let event = |number: u128| Event {
        record: id(number).into(),
        id: id(number).into(),
        at: Timestamp::from_micros(1),
        actor: None,
        action: "create".to_owned(),
        detail: serde_json::Value::Null,
    };
    tx.records().insert_events(&[event(7), event(299)]).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = write(&fixture, 1).await;
    let before = fixture.db.load().statements_total;
    let missing = named(301, "Acme 301", owner(1));
    let some: Vec<Record> = all[..298].iter().cloned().chain([missing]).collect();
    let mut deleted = tx.records().delete_all("deals", &some).await.unwrap();
    let statements = fixture.db.load().statements_total - before;
    assert!(statements < 20, "{statements} statements");
    assert_eq!(tx.records().delete_all("contacts", &all).await.unwrap(), []);
    assert_eq!(tx.records().delete_all("deals", &[]).await.unwrap(), []);
    assert_eq!(tx.records().check_counters().await.unwrap(), []);
    tx.commit().await.unwrap();

    deleted.sort_unstable();
    let expected: Vec<RecordId> = all[..298].iter().map(|record| record.id).collect();
    assert_eq!(deleted, expected);
    assert_eq!(titles(&fixture, &search("acme")).await, ["Acme 300", "Acme 299"]);
    check_index(&fixture, 2).await;
    let mut tx = read(&fixture, 1).await;
    let events = async |tx: &mut WorkspaceTx, number: u128| {
        let found = tx.records().list_events_after(id(number).into(), None, 9).await.unwrap();
        found.items.len()
    };
    assert_eq!((events(&mut tx, 7).await, events(&mut tx, 299).await), (0, 1));
}

async fn a_changed_text_is_found_and_the_former_is_not(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    let first = named(1, "Anna", owner(1));
    tx.records().insert(&first).await.unwrap();
    tx.records().insert(&named(2, "Ben", owner(1))).await.unwrap();
    let mut second = first.clone();
    "Cleo".clone_into(&mut second.title);
    second.fields.insert("name".to_owned(), "Cleo".into());
    assert!(tx.records().update(&first, &second).await.unwrap());
    // A change that loses against another one changes the index as little as the record.
    assert!(!tx.records().update(&first, &named(1, "Dora", owner(1))).await.unwrap());
    tx.commit().await.unwrap();

    for (text, found) in [("anna", vec![]), ("cleo", vec!["Cleo"]), ("dora", vec![])] {
        assert_eq!(titles(&fixture, &search(text)).await, found, "{text}");
    }
    let mut tx = write(&fixture, 1).await;
    let stored = tx.records().find("deals", first.id).await.unwrap().unwrap();
    assert!(tx.records().delete(&stored).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(titles(&fixture, &search("cleo")).await, Vec::<String>::new());
    check_index(&fixture, 1).await;
}

async fn a_reassigned_record_is_found_by_its_new_owner(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    for number in 1..=40 {
        let title = format!("Acme {number}");
        tx.records().insert(&named(number, &title, owner(1))).await.unwrap();
    }
    tx.records().insert(&named(50, "Acme other", owner(3))).await.unwrap();
    let entities = vec![("deals".to_owned(), Reach::All)];
    let at = Timestamp::from_micros(1);
    let some = OwnerChange {
        from: owner(1),
        to: owner(2),
        entities,
        records: Some(vec![id(3).into(), id(4).into()]),
        at,
    };
    tx.records().reassign(&some).await.unwrap();
    tx.commit().await.unwrap();

    let few = ListBounds { counted: 1, ..ListBounds::default() };
    for bounds in [few, ListBounds::default()] {
        for (whose, n) in [(1, 38), (2, 2), (3, 1), (4, 0)] {
            let reach = Reach::owners([owner(whose)]);
            let asked = ListQuery { reach, bounds, limit: 200, ..search("acme") };
            assert_eq!(titles(&fixture, &asked).await.len(), n, "{whose}");
        }
    }
    let mut tx = write(&fixture, 1).await;
    let all = OwnerChange { from: owner(1), to: owner(4), records: None, ..some };
    tx.records().reassign(&all).await.unwrap();
    tx.commit().await.unwrap();
    let asked =
        ListQuery { reach: Reach::owners([owner(4), owner(9)]), bounds: few, ..search("acm") };
    assert_eq!(titles(&fixture, &asked).await.len(), 38);
}

async fn what_others_own_changes_no_total(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    for number in 1..=60 {
        let whose =
            owner(if number % 6 == 0 { 1 } else { 2 + u64::try_from(number % 5).unwrap() });
        tx.records().insert(&named(number, "Acme", whose)).await.unwrap();
    }
    tx.commit().await.unwrap();

    for counted in [3, 11, 1_000] {
        let bounds = ListBounds { counted, ..ListBounds::default() };
        let reach = Reach::owners([owner(1), owner(99)]);
        let asked = ListQuery { reach, bounds, limit: 4, ..search("acme") };
        let page = list(&fixture, &asked).await;
        assert_eq!(page.records.len(), 4);
        assert!(page.records.iter().all(|record| record.owner == owner(1)));
        let total = if counted < 10 { Total::MoreThan(3) } else { Total::Exact(10) };
        assert_eq!(page.total, total);
    }
}

async fn titles_come_first_however_common_a_word_is(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    // Each has "common" in a field. In the title, one in so many has it; of the last word, only old ones.
    let n = 3_000;
    let mut records = Vec::new();
    for number in 1..=n {
        let whose =
            owner(if number % 10 == 0 { 1 } else { 2 + u64::try_from(number % 7).unwrap() });
        let mut one = record(number, "deals", whose);
        one.title = match number {
            _ if number % 3 == 0 => format!("Common {number}"),
            _ if number % 500 == 1 => format!("Seldom {number}"),
            _ if number < 40 => format!("Former {number}"),
            _ => format!("No {number}"),
        };
        one.fields.insert("about".to_owned(), "common seldom former".into());
        records.push(one);
    }
    let mut tx = write(&fixture, 1).await;
    tx.records().insert_all(&records).await.unwrap();
    tx.commit().await.unwrap();

    let many: Vec<Owner> = (1..=7).map(owner).collect();
    for reach in [Reach::All, Reach::owners([owner(1)]), Reach::owners(many)] {
        for word in ["common", "seldom", "former", "common former", "absent common"] {
            for order in [SortOrder::Rank, SortOrder::Newest, SortOrder::Oldest] {
                let is_absent = word.starts_with("absent");
                let in_title = |one: &Record| {
                    let title = one.title.to_lowercase();
                    order == SortOrder::Rank && word.split(' ').all(|word| title.contains(word))
                };
                let mut expected: Vec<&Record> = records
                    .iter()
                    .filter(|one| !is_absent && reach.covers(one.owner))
                    .collect();
                expected.sort_by_key(|one| std::cmp::Reverse((in_title(one), one.id)));
                if order == SortOrder::Oldest {
                    expected.reverse();
                }
                let long = Duration::from_mins(1);
                let bounds = ListBounds { found: long, nothing: long, counted: 1_000 };
                let reach = reach.clone();
                let mut asked = ListQuery { reach, order, bounds, ..search(word) };
                let total = match expected.len() {
                    more if more > 1_000 => Total::MoreThan(1_000),
                    n => Total::Exact(i64::try_from(n).unwrap()),
                };
                asked.limit = 10;
                let first = ListQuery { total: CountMode::Skipped, ..asked.clone() };
                let first: Vec<Record> = list(&fixture, &first).await.records;
                let ten = &expected[..expected.len().min(10)];
                assert_eq!(first.iter().collect::<Vec<_>>(), ten, "{word} {order:?}");
                let mut found = Vec::new();
                // Past the first titles.
                for limit in [50, 200, 200, 200, 200, 200, 50] {
                    asked.limit = limit;
                    let page = list(&fixture, &asked).await;
                    assert_eq!(page.total, total, "{asked:?}");
                    assert!(!page.is_incomplete, "{asked:?}");
                    found.extend(page.records);
                    let Some(next) = page.next else { break };
                    asked.after = Some(next);
                }
                let first: Vec<&Record> = found.iter().collect();
                assert!(first.len() >= expected.len().min(1_000), "{word} {}", first.len());
                assert_eq!(first, expected[..first.len()], "{word} {order:?}");
            }
        }
    }
}

async fn a_purged_workspace_leaves_nothing_in_the_index(fixture: Fixture) {
    for workspace in [1, 2] {
        insert_workspace(&fixture.db, workspace).await;
        let mut tx = write(&fixture, workspace).await;
        for number in 1..=25 {
            tx.records().insert(&named(number, "Acme", owner(1))).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    let mut tx = fixture.db.write().await.unwrap();
    let sql = "UPDATE workspaces SET deleted_at = 1 WHERE id = ?1";
    tx.execute(sql, &[id(2).into()]).await.unwrap();
    while !tx.workspaces().purge(WorkspaceId(id(2)), 10).await.unwrap() {}
    tx.commit().await.unwrap();

    check_index(&fixture, 25).await;
    assert_eq!(titles(&fixture, &search("acme")).await.len(), 25);
}

/// Counts the records in the index; each has two rows there. That of PostgreSQL keeps itself.
async fn check_index(fixture: &Fixture, records: i64) {
    if fixture.db.dialect() == Dialect::Sqlite {
        let sql = "SELECT count(*) AS n FROM record_index_docsize";
        let mut tx = fixture.db.read().await.unwrap();
        assert_eq!(tx.query_one(sql, &[]).await.unwrap().int("n").unwrap(), 2 * records);
    }
}

async fn a_search_finds_nothing_of_another_workspace(fixture: Fixture) {
    for (workspace, title) in [(1, "Acme one"), (2, "Acme two"), (3, "Acme three")] {
        insert_workspace(&fixture.db, workspace).await;
        let mut tx = write(&fixture, workspace).await;
        for number in 1..=8 {
            tx.records().insert(&named(number, title, owner(1))).await.unwrap();
        }
        tx.records().insert(&record(20, "contacts", owner(1))).await.unwrap();
        tx.commit().await.unwrap();
    }

    for counted in [1, 1_000] {
        let bounds = ListBounds { counted, ..ListBounds::default() };
        let asked = ListQuery { bounds, ..search("acme") };
        assert_eq!(titles(&fixture, &asked).await, ["Acme one"; 8]);
        let asked = ListQuery { bounds, ..search("two") };
        assert_eq!(titles(&fixture, &asked).await, Vec::<String>::new());
    }
}

async fn the_index_is_there_after_a_restart(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    tx.records().insert(&named(1, "Acme", owner(1))).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = write(&fixture, 1).await;
    tx.records().insert(&named(2, "Acme lost", owner(1))).await.unwrap();
    drop(tx);

    let again = fixture.database.open().await.unwrap();
    let mut tx = again.read_in(id(1)).await.unwrap().unwrap();
    let page = tx.records().list(&search("acme")).await.unwrap();

    assert_eq!(page.records.len(), 1);
    assert_eq!(page.total, Total::Exact(1));
    let bounds = ListBounds { found: Duration::ZERO, ..ListBounds::default() };
    let page = tx.records().list(&ListQuery { bounds, ..search("lost") }).await.unwrap();
    assert!(page.records.is_empty());
}
