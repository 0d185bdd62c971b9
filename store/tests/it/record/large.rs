//! Lists of large rows: a part ends before its bytes are too many, and the parts together are the list.

use std::time::Duration;

use hallpass_domain::audit::Entry;
use hallpass_domain::id::RecordId;
use hallpass_domain::record::{Condition, Event, Record, Test};
use hallpass_engine::{Field, FieldType};
use hallpass_store::audit::AuditQuery;
use hallpass_store::record::{
    ListBounds, ListQuery, Narrowing, Reach, SortBy, SortOrder, Sorting, TypeSearch,
};
use hallpass_store::{PART_BYTES, WorkspaceTx};
use serde_json::json;

use super::{event, owner, query, read, record, write};
use crate::audit::entry;
use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        pages_of_large_records_are_bounded_and_together_the_list,
        events_of_any_size_are_listed_in_parts,
        audit_entries_of_any_size_are_listed_in_parts,
        a_search_of_types_returns_the_first_of_each_that_there_is_room_for,
    ],
    persistent: [],
}

const SIZES: [usize; 5] = [10, 700_000, 40_000, 2_500_000, 700_000];

/// A record whose fields have about so many bytes.
fn large(number: u128, entity: &str, bytes: usize) -> Record {
    let n = u64::try_from(number).unwrap();
    let mut made = record(number, entity, owner(n % 3));
    made.title = format!("Acme {number}");
    made.fields.insert("name".to_owned(), made.title.clone().into());
    made.fields.insert("note".to_owned(), "x".repeat(bytes).into());
    made.fields.insert("size".to_owned(), (n % 5).into());
    if n.is_multiple_of(4) {
        made.stage = Some("won".to_owned());
        made.title = format!("Other {number}");
    }
    made
}

fn size(record: &Record) -> usize {
    serde_json::to_string(&record.fields).unwrap().len() + record.title.len()
}

/// The pages of a list, and whether one of them ended before its limit and was not the last.
async fn pages(tx: &mut WorkspaceTx, query: &ListQuery) -> (Vec<Record>, bool) {
    let mut query = query.clone();
    let (mut all, mut is_cut) = (Vec::new(), false);
    loop {
        let page = tx.records().list(&query).await.unwrap();
        assert!(!page.is_incomplete && page.records.len() <= query.limit, "{query:?}");
        let bytes: usize = page.records.iter().map(size).sum();
        assert!(bytes <= PART_BYTES || page.records.len() == 1, "{bytes} bytes: {query:?}");
        is_cut |= page.next.is_some() && page.records.len() < query.limit;
        assert!(page.next.is_none() || !page.records.is_empty(), "{query:?}");
        all.extend(page.records);
        let Some(next) = page.next else { return (all, is_cut) };
        query.after = Some(next);
    }
}

async fn pages_of_large_records_are_bounded_and_together_the_list(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    for (number, bytes) in (1..).zip(SIZES.iter().chain(&SIZES[..3])) {
        tx.records().insert(&large(number, "deals", *bytes)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let size = Field {
        key: "size".to_owned(),
        name: "size".to_owned(),
        holds: FieldType::Number,
        required: false,
        options: vec![],
    };
    let conditions = |test: Test| {
        let fields = std::slice::from_ref(&size);
        vec![Condition::check(fields, "size", test, "").unwrap()]
    };
    let sorting =
        |is_descending| Some(Sorting { by: SortBy::Field(size.clone()), is_descending });
    let long = Duration::from_mins(1);
    // All are found and sorted, or they are read in order until the page is full.
    let bounds = [1_000, 2].map(|counted| ListBounds { found: long, nothing: long, counted });
    let [few, many] = bounds;
    let some = Reach::owners([owner(0), owner(2)]);
    let narrowing = Narrowing {
        conditions: conditions(Test::Between(None, Some(3.into()))),
        ..Narrowing::default()
    };
    let text = Some("acme".to_owned());
    let mut cut = 0;
    for order in [
        SortOrder::Rank,
        SortOrder::Newest,
        SortOrder::Oldest,
        SortOrder::Title,
        SortOrder::TitleDown,
    ] {
        let plain = ListQuery { order, ..query("deals") };
        let queries = [
            plain.clone(),
            ListQuery { reach: some.clone(), ..plain.clone() },
            ListQuery { stage: Some("won".to_owned()), ..plain.clone() },
            ListQuery { text: text.clone(), bounds: few, ..plain.clone() },
            ListQuery { text: text.clone(), bounds: many, ..plain.clone() },
            ListQuery { narrowing: narrowing.clone(), bounds: few, ..plain.clone() },
            ListQuery { narrowing: narrowing.clone(), bounds: many, ..plain.clone() },
            ListQuery { sorting: sorting(false), ..plain.clone() },
            ListQuery { sorting: sorting(true), text: text.clone(), ..plain },
        ];
        // The other orders are read in the same ways.
        let most = match order {
            SortOrder::Newest | SortOrder::Title => queries.len(),
            SortOrder::Rank | SortOrder::Oldest | SortOrder::TitleDown => 5,
        };
        for asked in queries.into_iter().take(most) {
            let mut tx = read(&fixture, 1).await;
            let (single, _) = pages(&mut tx, &ListQuery { limit: 1, ..asked.clone() }).await;
            let (all, is_cut) =
                pages(&mut tx, &ListQuery { limit: 200, ..asked.clone() }).await;
            let ids = |records: &[Record]| records.iter().map(|one| one.id).collect::<Vec<_>>();
            assert_eq!(ids(&all), ids(&single), "{asked:?}");
            cut += usize::from(is_cut);
        }
    }
    assert!(cut >= 20, "only {cut} of 33 lists ended a page early");
}

async fn events_of_any_size_are_listed_in_parts(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    let made = |number: u128| {
        let text = "x".repeat(SIZES[usize::try_from(number % 5).unwrap()]);
        Event { detail: json!({ "text": text }), ..event(number, 1) }
    };
    let all: Vec<Event> = (1..=12).map(made).collect();
    for one in &all {
        tx.records().insert_event(one).await.unwrap();
    }
    let bounded = |events: &[Event]| {
        let bytes: usize = events.iter().map(|one| one.detail.to_string().len()).sum();
        assert!(bytes <= PART_BYTES || events.len() == 1, "{bytes}");
    };
    let record = RecordId(id(1));

    let (mut latest, mut before, mut parts) = (Vec::new(), None, 0);
    loop {
        let part = tx.records().list_events(record, before, 200).await.unwrap();
        bounded(&part.items);
        before = part.items.last().map(|one| one.id);
        latest.extend(part.items);
        parts += 1;
        if !part.has_more {
            break;
        }
    }
    let (mut first, mut after) = (Vec::new(), None);
    loop {
        let part = tx.records().list_events_after(record, after, 5).await.unwrap();
        bounded(&part.items);
        after = part.items.last().map(|one| one.id);
        first.extend(part.items);
        if !part.has_more {
            break;
        }
    }

    assert!(parts > 2, "{parts}");
    assert_eq!(first, all);
    latest.reverse();
    assert_eq!(latest, all);
}

async fn audit_entries_of_any_size_are_listed_in_parts(fixture: Fixture) {
    let workspace = insert_workspace(&fixture.db, 1).await;
    let mut tx = fixture.db.write_in(workspace).await.unwrap().unwrap();
    let made = |number: u128| {
        let text = "x".repeat(SIZES[usize::try_from(number % 5).unwrap()]);
        Entry { before: json!({ "text": text }), after: json!({ "n": 1 }), ..entry(number) }
    };
    let all: Vec<Entry> = (1..=12).rev().map(made).collect();
    for one in &all {
        tx.audit().insert(one).await.unwrap();
    }
    let (mut found, mut below, mut parts) = (Vec::new(), None, 0);
    loop {
        let part = tx.audit().list(&AuditQuery::default(), below, 200).await.unwrap();
        let bytes: usize = part.items.iter().map(|one| one.before.to_string().len()).sum();
        assert!(bytes <= PART_BYTES || part.items.len() == 1, "{bytes}");
        below = part.items.last().map(|one| one.id);
        found.extend(part.items);
        parts += 1;
        if !part.has_more {
            break;
        }
    }
    assert!(parts > 2, "{parts}");
    assert_eq!(found, all);
}

async fn a_search_of_types_returns_the_first_of_each_that_there_is_room_for(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    for number in 1..=18_u128 {
        let entity = ["contacts", "deals", "tasks"][usize::try_from(number % 3).unwrap()];
        let mut made = large(number, entity, 300_000);
        made.title = format!("Acme {number}");
        tx.records().insert(&made).await.unwrap();
    }
    tx.commit().await.unwrap();
    let types = ["contacts", "deals", "tasks"].map(|entity| (entity.to_owned(), Reach::All));
    let bounds = ListBounds::default();
    let search = TypeSearch { types: &types, text: "acme", limit: 10, bounds };

    let mut tx = read(&fixture, 1).await;
    let found = tx.records().search_types(&search).await.unwrap();

    let counts: Vec<usize> = found.iter().map(|one| one.records.len()).collect();
    assert_eq!((counts.len(), counts.iter().sum()), (3, 6), "{counts:?}");
    for one in &found {
        assert!(one.has_more, "{}", one.entity);
        let ids: Vec<RecordId> = one.records.iter().map(|record| record.id).collect();
        let newest = tx.records().list(&query(&one.entity)).await.unwrap().records;
        assert_eq!(ids, newest.iter().take(2).map(|record| record.id).collect::<Vec<_>>());
    }
}
