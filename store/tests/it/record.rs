//! Records: inserted, updated, counted, reassigned, separate by workspace.

mod counter_cache;
mod figures;
mod fill;
mod large;
mod list;
mod plan;
mod planning;
mod search;
mod type_search;

use std::collections::BTreeMap;

use hallpass_domain::id::{EventId, MemberId, RecordId};
use hallpass_domain::record::{Event, Owner, Record};
use hallpass_domain::time::Timestamp;
use hallpass_store::record::{
    CountMode, ListBounds, ListQuery, Narrowing, OwnerChange, OwnerCounts, Reach, SortOrder,
};
use hallpass_store::{Error, WorkspaceTx};
use serde_json::{Value, json};

use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        a_record_is_read_as_inserted,
        an_id_is_unique_in_its_type,
        a_record_of_an_old_version_is_not_updated,
        deleting_a_record_deletes_its_timeline_and_counters,
        counters_equal_the_number_of_records,
        a_preview_equals_the_reassignment,
        only_records_of_the_reach_are_reassigned,
        values_are_counted_by_field,
        events_are_listed_latest_first,
        records_are_of_one_workspace,
        records_are_inserted_together_as_one_by_one,
        the_next_records_of_an_owner_are_listed_in_order,
    ],
    persistent: [],
}

/// Numbers that look like chance and are the same each time.
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }

    pub(crate) fn one_of<T: Clone>(&mut self, things: &[T]) -> T {
        things[usize::try_from(self.below(things.len() as u64)).unwrap()].clone()
    }
}

/// The owner with a number; zero is the unowned.
pub(crate) fn owner(number: u64) -> Owner {
    if number == 0 { Owner::Unowned } else { Owner::Member(member(number)) }
}

fn member(number: u64) -> MemberId {
    // Spread, as ids of members are.
    MemberId(id(u128::from(number) << 100 | u128::from(number)))
}

pub(crate) fn record(number: u128, entity: &str, owner: Owner) -> Record {
    let title = format!("Record {number}");
    let Value::Object(fields) = json!({ "name": title, "money": 12.5, "vip": true }) else {
        panic!("it is an object")
    };
    let at = Timestamp::from_micros(
        1_772_000_000_000_000 + i64::try_from(number).unwrap() * 86_400_000_000,
    );
    Record {
        id: RecordId(id(number)),
        entity: entity.to_owned(),
        owner,
        title,
        fields,
        stage: Some("lead".to_owned()),
        open: true,
        amount: Some(1_250),
        created_by: None,
        created_at: at,
        updated_at: at,
        version: 1,
    }
}

pub(crate) async fn write(fixture: &Fixture, workspace: u128) -> WorkspaceTx {
    fixture.db.write_in(id(workspace)).await.unwrap().unwrap()
}

pub(crate) async fn read(fixture: &Fixture, workspace: u128) -> WorkspaceTx {
    fixture.db.read_in(id(workspace)).await.unwrap().unwrap()
}

pub(crate) fn query(entity: &str) -> ListQuery {
    ListQuery {
        entity: entity.to_owned(),
        reach: Reach::All,
        owner: None,
        stage: None,
        text: None,
        order: SortOrder::Newest,
        after: None,
        limit: 50,
        total: CountMode::Counted,
        bounds: ListBounds::default(),
        narrowing: Narrowing::default(),
        sorting: None,
    }
}

async fn a_record_is_read_as_inserted(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let bare = Record {
        title: String::new(),
        fields: serde_json::Map::new(),
        stage: None,
        open: false,
        amount: None,
        ..record(1, "contacts", Owner::Unowned)
    };
    let full = Record {
        created_by: Some(member(2)),
        title: "Ünï % _ \\ 🦀".to_owned(),
        amount: Some(i64::MIN),
        version: 7,
        ..record(2, "deals", owner(1))
    };
    let mut tx = write(&fixture, 1).await;
    for stored in [&bare, &full] {
        tx.records().insert(stored).await.unwrap();
    }
    tx.commit().await.unwrap();

    let mut tx = read(&fixture, 1).await;
    for stored in [bare, full] {
        let by_type = tx.records().find(&stored.entity, stored.id).await.unwrap();
        assert_eq!(by_type.as_ref(), Some(&stored));
        assert_eq!(tx.records().find_any(stored.id).await.unwrap(), Some(stored.clone()));
        assert_eq!(tx.records().find("tickets", stored.id).await.unwrap(), None);
    }
    assert_eq!(tx.records().find_any(RecordId(id(3))).await.unwrap(), None);
}

async fn an_id_is_unique_in_its_type(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    tx.records().insert(&record(1, "deals", owner(1))).await.unwrap();

    let again = tx.records().insert(&record(1, "deals", owner(2))).await;

    assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
}

async fn a_record_of_an_old_version_is_not_updated(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let first = record(1, "deals", owner(1));
    let anna = Record { owner: owner(2), ..first.clone() };
    let ben = Record { owner: owner(3), open: false, ..first.clone() };
    let mut tx = write(&fixture, 1).await;
    tx.records().insert(&first).await.unwrap();

    assert!(tx.records().update(&first, &anna).await.unwrap());
    assert!(!tx.records().update(&first, &ben).await.unwrap());
    assert!(!tx.records().delete(&first).await.unwrap());

    let stored = tx.records().find("deals", first.id).await.unwrap().unwrap();
    assert_eq!(stored, Record { version: 2, ..anna });
    assert_eq!(tx.records().list_counts().await.unwrap(), [count("deals", 2, 1, 1)]);
    assert!(tx.records().update(&stored, &ben).await.unwrap());
    assert_eq!(tx.records().list_counts().await.unwrap(), [count("deals", 3, 1, 0)]);
}

fn count(entity: &str, number: u64, n: i64, open_n: i64) -> OwnerCounts {
    OwnerCounts { entity: entity.to_owned(), owner: owner(number), n, open_n }
}

async fn deleting_a_record_deletes_its_timeline_and_counters(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let deal = record(1, "deals", owner(1));
    let mut tx = write(&fixture, 1).await;
    tx.records().insert(&deal).await.unwrap();
    tx.records().insert_event(&event(1, 1)).await.unwrap();

    assert!(tx.records().delete(&deal).await.unwrap());

    assert!(!tx.records().delete(&deal).await.unwrap());
    assert_eq!(tx.records().find_any(deal.id).await.unwrap(), None);
    assert_eq!(tx.records().list_events(deal.id, None, 9).await.unwrap().items, []);
    assert_eq!(tx.records().list_counts().await.unwrap(), []);
    assert_eq!(tx.records().total("deals", &Reach::All).await.unwrap(), 0);
}

/// Makes many random changes, and returns the records after them.
async fn shuffle(tx: &mut WorkspaceTx, seed: u64, steps: u64) -> Vec<Record> {
    let mut rng = Rng::new(seed);
    let mut records: Vec<Record> = Vec::new();
    for step in 0..steps {
        let whose = owner(rng.below(6));
        let entity = rng.one_of(&["deals", "contacts"]);
        let place = usize::try_from(rng.below(records.len().max(1) as u64)).unwrap();
        match rng.below(10) {
            0..5 => {
                let new = Record {
                    open: rng.below(2) == 0,
                    ..record(u128::from(step) + 1, entity, whose)
                };
                tx.records().insert(&new).await.unwrap();
                records.push(new);
            }
            5..8 if !records.is_empty() => {
                let before = records[place].clone();
                let open = rng.below(2) == 0;
                let stage = Some("won".to_owned());
                let after = Record { owner: whose, open, stage, ..before.clone() };
                assert!(tx.records().update(&before, &after).await.unwrap());
                records[place] = Record { version: before.version + 1, ..after };
            }
            8 if !records.is_empty() => {
                let gone = records.swap_remove(place);
                assert!(tx.records().delete(&gone).await.unwrap());
            }
            _ => {
                let change = random_change(&mut rng, &records);
                let moved = tx.records().reassign(&change).await.unwrap();
                assert_eq!(moved, reassign_naively(&change, &mut records));
            }
        }
    }
    records
}

fn random_change(rng: &mut Rng, records: &[Record]) -> OwnerChange {
    let reaches = [Reach::All, Reach::Nothing, Reach::owners([owner(0), owner(2), owner(3)])];
    let mut entities = Vec::new();
    for entity in ["deals", "contacts", "tickets"] {
        if rng.below(3) > 0 {
            entities.push((entity.to_owned(), rng.one_of(&reaches)));
        }
    }
    let some = records.iter().map(|record| record.id).filter(|_| rng.below(3) == 0);
    let some: Vec<RecordId> = some.collect();
    let from = owner(rng.below(6));
    OwnerChange {
        from,
        to: owner(rng.below(6)),
        entities,
        records: (rng.below(2) == 0).then_some(some),
        at: Timestamp::from_micros(5),
    }
}

/// Reassigns records, computed naively.
fn reassign_naively(change: &OwnerChange, records: &mut [Record]) -> Vec<(String, i64)> {
    let mut moved = Vec::new();
    for (entity, reach) in &change.entities {
        let mut n = 0;
        for record in &mut *records {
            let is_named = change.records.as_ref().is_none_or(|ids| ids.contains(&record.id));
            let is_theirs = record.owner == change.from && change.from != change.to;
            if record.entity == *entity && is_theirs && is_named && reach.covers(record.owner) {
                record.owner = change.to;
                record.updated_at = change.at;
                record.version += 1;
                n += 1;
            }
        }
        moved.push((entity.clone(), n));
    }
    moved
}

fn counted(records: &[Record]) -> Vec<OwnerCounts> {
    let mut counters: BTreeMap<(String, Owner), (i64, i64)> = BTreeMap::new();
    for record in records {
        let counter = counters.entry((record.entity.clone(), record.owner)).or_default();
        counter.0 += 1;
        counter.1 += i64::from(record.open);
    }
    let count = |((entity, owner), (n, open_n))| OwnerCounts { entity, owner, n, open_n };
    counters.into_iter().map(count).collect()
}

async fn counters_equal_the_number_of_records(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;

    let records = shuffle(&mut tx, 1, 300).await;

    for stored in &records {
        assert_eq!(tx.records().find_any(stored.id).await.unwrap().as_ref(), Some(stored));
    }
    let expected = counted(&records);
    assert_eq!(tx.records().list_counts().await.unwrap(), expected);
    let sql = "SELECT entity, count(*) FROM records WHERE workspace_id = ?1 GROUP BY entity";
    for row in tx.query(sql, &[]).await.unwrap() {
        let total = tx.records().total(row.text(0).unwrap(), &Reach::All).await.unwrap();
        assert_eq!(total, row.int(1).unwrap());
    }
    let of_two = tx.records().list_counts_of(&[member(1), member(2)]).await.unwrap();
    let is_theirs = |count: &OwnerCounts| [owner(1), owner(2)].contains(&count.owner);
    assert_eq!(of_two, expected.into_iter().filter(is_theirs).collect::<Vec<_>>());
}

async fn a_preview_equals_the_reassignment(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    let mut records = shuffle(&mut tx, 2, 150).await;
    let mut rng = Rng::new(3);

    for _ in 0..60 {
        let change = random_change(&mut rng, &records);
        let before = tx.records().list_counts().await.unwrap();

        let preview = tx.records().preview_reassign(&change).await.unwrap();
        assert_eq!(tx.records().list_counts().await.unwrap(), before);
        let done = tx.records().reassign(&change).await.unwrap();

        assert_eq!(preview, done, "{change:?}");
        assert_eq!(done, reassign_naively(&change, &mut records), "{change:?}");
        assert_eq!(tx.records().list_counts().await.unwrap(), counted(&records));
    }
}

async fn only_records_of_the_reach_are_reassigned(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    for (number, entity) in [(1, "deals"), (2, "deals"), (3, "contacts")] {
        tx.records().insert(&record(number, entity, owner(1))).await.unwrap();
    }
    let change = OwnerChange {
        from: owner(1),
        to: Owner::Unowned,
        entities: vec![
            ("deals".to_owned(), Reach::owners([owner(1)])),
            ("contacts".to_owned(), Reach::owners([owner(2)])),
            ("deals".to_owned(), Reach::All),
        ],
        records: None,
        at: Timestamp::from_micros(9),
    };

    let preview = tx.records().preview_reassign(&change).await.unwrap();
    let done = tx.records().reassign(&change).await.unwrap();

    let expected = [("deals", 2), ("contacts", 0), ("deals", 0)];
    assert_eq!(preview, expected.map(|(entity, n)| (entity.to_owned(), n)));
    assert_eq!(preview, done);
    let deal = tx.records().find("deals", RecordId(id(1))).await.unwrap().unwrap();
    assert_eq!(
        (deal.owner, deal.version, deal.updated_at),
        (Owner::Unowned, 2, Timestamp::from_micros(9))
    );
}

async fn values_are_counted_by_field(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    let fair = "\"Fair\", \\ ü";
    let values =
        [json!("Web"), json!(fair), json!("Web"), json!("web"), json!(null), json!("Old")];
    for (number, value) in (1..).zip(values) {
        let mut new = record(number, "deals", owner(1));
        new.fields.insert("the-source".to_owned(), value.clone());
        new.fields.insert("source".to_owned(), json!("Other"));
        new.entity = if value == json!("Old") { "leads".to_owned() } else { new.entity };
        tx.records().insert(&new).await.unwrap();
    }

    let mut counted = tx.records().count_values("deals", "the-source").await.unwrap();

    counted.sort();
    let known = [(fair, 1), ("Web", 2), ("web", 1)].map(|(value, n)| (value.to_owned(), n));
    assert_eq!(counted, known);
    assert!(tx.records().count_values("deals", "none").await.unwrap().is_empty());
}

fn event(number: u128, record: u128) -> Event {
    Event {
        id: EventId(id(number)),
        record: RecordId(id(record)),
        at: Timestamp::from_micros(i64::try_from(number).unwrap()),
        actor: number.is_multiple_of(2).then_some(member(1)),
        action: "update".to_owned(),
        detail: json!({ "fields": ["name"] }),
    }
}

async fn events_are_listed_latest_first(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    for number in 1..=5 {
        tx.records().insert_event(&event(number, 1)).await.unwrap();
    }
    tx.records().insert_event(&event(6, 2)).await.unwrap();
    let one = RecordId(id(1));

    let latest = tx.records().list_events(one, None, 2).await.unwrap().items;
    let rest = tx.records().list_events(one, Some(EventId(id(4))), 9).await.unwrap().items;

    assert_eq!(latest, [event(5, 1), event(4, 1)]);
    assert_eq!(rest, [event(3, 1), event(2, 1), event(1, 1)]);
}

async fn records_are_of_one_workspace(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    insert_workspace(&fixture.db, 2).await;
    let deal = record(1, "deals", owner(1));
    for workspace in [1, 2] {
        let mut tx = write(&fixture, workspace).await;
        let theirs = Record { title: format!("of {workspace}"), ..deal.clone() };
        tx.records().insert(&theirs).await.unwrap();
        tx.records().insert_event(&event(workspace, 1)).await.unwrap();
        tx.commit().await.unwrap();
    }

    let mut tx = write(&fixture, 2).await;
    let other = tx.records().find("deals", deal.id).await.unwrap().unwrap();
    let change = OwnerChange {
        from: owner(1),
        to: owner(2),
        entities: vec![("deals".to_owned(), Reach::All)],
        records: Some(vec![deal.id]),
        at: Timestamp::from_micros(1),
    };
    assert_eq!(tx.records().reassign(&change).await.unwrap(), [("deals".to_owned(), 1)]);
    let moved = Record { owner: owner(2), version: 2, ..other };
    assert!(tx.records().delete(&moved).await.unwrap());
    tx.commit().await.unwrap();

    let mut tx = read(&fixture, 1).await;
    let page = tx.records().list(&query("deals")).await.unwrap();
    assert_eq!(page.records.iter().map(|r| r.title.as_str()).collect::<Vec<_>>(), ["of 1"]);
    assert_eq!(tx.records().list_counts().await.unwrap(), [count("deals", 1, 1, 1)]);
    assert_eq!(tx.records().list_events(deal.id, None, 9).await.unwrap().items, [event(1, 1)]);
}

/// Everything that is stored of the records of a workspace.
async fn stored(fixture: &Fixture, workspace: u128) -> Vec<String> {
    let mut tx = read(fixture, workspace).await;
    let mut all = Vec::new();
    for sql in [
        "SELECT entity || owner_id || title || search_text || version || (doc & 1048575) AS line \
         FROM records WHERE workspace_id = ?1 ORDER BY id",
        "SELECT entity || owner_id || n || open_n || amount_low AS line FROM record_counts \
         WHERE workspace_id = ?1 ORDER BY entity, owner_id",
        "SELECT entity || owner_id || grouped_by || grouped || n || open_n AS line FROM record_sums \
         WHERE workspace_id = ?1 ORDER BY entity, owner_id, grouped_by, grouped",
        "SELECT entity || n || owners AS line FROM record_totals WHERE workspace_id = ?1 ORDER BY entity",
    ] {
        // The engines write ids in different ways.
        let sql = sql.replace(
            "owner_id ||",
            match fixture.db.dialect() {
                hallpass_store::Dialect::Sqlite => "hex(owner_id) ||",
                hallpass_store::Dialect::Postgres => "CAST(owner_id AS TEXT) ||",
            },
        );
        let rows = tx.query(&sql, &[]).await.unwrap();
        all.extend(rows.iter().map(|row| row.text("line").unwrap().to_owned()));
    }
    all
}

async fn records_are_inserted_together_as_one_by_one(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    insert_workspace(&fixture.db, 2).await;
    let mut rng = Rng::new(3);
    for (round, n) in [0, 1, 49, 50, 51, 130].into_iter().enumerate() {
        let first = 1_000 * u128::try_from(round).unwrap();
        let new: Vec<Record> =
            (0..n).map(|number| record(first + number, "deals", owner(rng.below(4)))).collect();
        let mut tx = write(&fixture, 1).await;
        for record in &new {
            tx.records().insert(record).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut tx = write(&fixture, 2).await;
        tx.records().insert_all(&new).await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(stored(&fixture, 1).await, stored(&fixture, 2).await, "{n}");
    }

    // Each of them is found by its words, and an id is unique.
    let mut tx = read(&fixture, 2).await;
    for number in [1_000, 3_007, 5_129] {
        let text = Some(format!("Record {number}"));
        let found = tx.records().list(&ListQuery { text, ..query("deals") }).await.unwrap();
        assert!(found.records.iter().any(|one| one.id.0 == id(number)), "{number}");
    }
    drop(tx);
    let mut tx = write(&fixture, 2).await;
    let twice = [record(9_000, "deals", owner(1)), record(5_000, "deals", owner(1))];
    let refused = tx.records().insert_all(&twice).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
}

async fn the_next_records_of_an_owner_are_listed_in_order(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    insert_workspace(&fixture.db, 2).await;
    let mut tx = write(&fixture, 1).await;
    for number in 0..20 {
        let of = owner(u64::try_from(number % 2).unwrap());
        tx.records().insert(&record(number, "deals", of)).await.unwrap();
    }
    tx.commit().await.unwrap();

    let mut tx = read(&fixture, 1).await;
    let ends = |after: u128, last: u128| (RecordId(id(after)), RecordId(id(last)));
    let next = tx.records().list_next("deals", owner(1), ends(3, 17), 3).await.unwrap();
    assert_eq!(next, [5, 7, 9].map(|number| RecordId(id(number))));
    let rest = tx.records().list_next("deals", owner(1), ends(11, 15), 9).await.unwrap();
    assert_eq!(rest, [13, 15].map(|number| RecordId(id(number))));
    assert_eq!(
        tx.records().find_last("deals", owner(1)).await.unwrap(),
        Some(RecordId(id(19)))
    );
    assert_eq!(tx.records().find_last("tickets", owner(1)).await.unwrap(), None);
    drop(tx);
    let mut tx = read(&fixture, 2).await;
    assert_eq!(tx.records().find_last("deals", owner(1)).await.unwrap(), None);
}
