//! Lists contain what their query says, page by page: nothing is missing, extra or duplicated.

use hallpass_domain::record::{Owner, Record};
use hallpass_domain::text::{fold, sort_key};
use hallpass_store::record::{ListQuery, Reach, RecordPosition, SortOrder};
use hallpass_store::{Value, WorkspaceTx};

use super::{Rng, owner, query, read, record, write};
use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        every_page_of_every_list_is_correct,
        a_reach_of_thousands_of_owners_is_listed,
        inserted_and_deleted_records_do_not_shift_the_pages,
        a_filter_with_few_matches_returns_several_pages,
        every_character_of_a_search_stands_for_itself,
    ],
    persistent: [],
}

const TITLES: [&str; 8] = ["acme", "Acme", "ÄRGER", "zed", "", "50% off", "a_b", "\u{10FFFF}x"];

/// The alphabets and signs that random titles are made of, each from one character to another.
const ALPHABETS: [(char, char); 10] = [
    (' ', '~'),
    ('a', 'e'),
    ('\u{C0}', '\u{17F}'),
    ('\u{1E00}', '\u{1EFF}'),
    ('\u{300}', '\u{36F}'),
    ('\u{370}', '\u{52F}'),
    ('\u{5D0}', '\u{6FF}'),
    ('\u{900}', '\u{97F}'),
    ('\u{3041}', '\u{30FF}'),
    ('\u{1F300}', '\u{1F6FF}'),
];

fn random_text(rng: &mut Rng) -> String {
    let mut text = String::new();
    for _ in 0..=rng.below(6) {
        let (first, last) = rng.one_of(&ALPHABETS);
        let (first, last) = (u32::from(first), u32::from(last));
        let offset = u32::try_from(rng.below((last - first + 1).into())).unwrap();
        text.extend(char::from_u32(first + offset));
    }
    text
}

/// Random records, whose owners come in waves: some own only old ones.
async fn fill(fixture: &Fixture, seed: u64, n: u64, owners: u64) -> Vec<Record> {
    insert_workspace(&fixture.db, 1).await;
    let mut rng = Rng::new(seed);
    let mut records = Vec::new();
    let mut tx = write(fixture, 1).await;
    for number in 1..=n {
        let wave = if number < n / 4 { 0 } else { owners / 2 };
        let whose = if rng.below(8) == 0 { 0 } else { wave + rng.below(owners - wave) };
        let mut new =
            record(number.into(), rng.one_of(&["deals", "deals", "contacts"]), owner(whose));
        new.title = match rng.below(3) {
            0 => rng.one_of(&TITLES).to_owned(),
            1 => random_text(&mut rng),
            _ => format!("{} {}", rng.one_of(&TITLES), rng.below(1_000)),
        };
        new.stage = rng.one_of(&[None, Some("lead".to_owned()), Some("won".to_owned())]);
        tx.records().insert(&new).await.unwrap();
        records.push(new);
    }
    tx.commit().await.unwrap();
    records
}

fn key(record: &Record) -> (String, uuid::Uuid) {
    (sort_key(&record.title), record.id.0)
}

/// The records of all pages of a list, computed naively.
fn expected(records: &[Record], query: &ListQuery) -> Vec<Record> {
    let text = query.text.as_deref().map(fold);
    let holds = |record: &&Record| {
        let texts = record.fields.values().filter_map(serde_json::Value::as_str);
        let mut texts = texts.chain([record.title.as_str()]).map(fold);
        record.entity == query.entity
            && query.reach.covers(record.owner)
            && query.owner.is_none_or(|owner| owner == record.owner)
            && query.stage.as_ref().is_none_or(|stage| record.stage.as_ref() == Some(stage))
            && text.as_ref().is_none_or(|text| texts.any(|line| line.contains(text)))
    };
    let mut held: Vec<Record> = records.iter().filter(holds).cloned().collect();
    match query.order {
        SortOrder::Newest => held.sort_by_key(|record| std::cmp::Reverse(record.id)),
        SortOrder::Oldest => held.sort_by_key(|record| record.id),
        SortOrder::Title => held.sort_by_key(key),
        SortOrder::TitleDown => held.sort_by_key(|record| std::cmp::Reverse(key(record))),
    }
    if let Some(place) = &query.after {
        let at = held.iter().position(|record| record.id == place.id);
        held.drain(..=at.unwrap());
    }
    held
}

/// Reads all pages of a list and checks each.
async fn walk(fixture: &Fixture, query: &ListQuery, total: usize) -> Vec<Record> {
    let mut query = query.clone();
    let mut all = Vec::new();
    loop {
        let mut tx = read(fixture, 1).await;
        let page = tx.records().list(&query).await.unwrap();
        assert!(page.records.len() <= query.limit);
        let is_filtered = query.stage.is_some() || query.text.is_some();
        assert_eq!(page.total.is_none(), is_filtered);
        if let Some(shown) = page.total {
            assert_eq!(usize::try_from(shown).unwrap(), total);
            assert!(page.next.is_none() || page.records.len() == query.limit);
        }
        all.extend(page.records);
        let Some(next) = page.next else { return all };
        query.after = Some(next);
    }
}

fn some_query(rng: &mut Rng, owners: u64) -> ListQuery {
    let count = rng.one_of(&[0, 1, 2, 5, owners, 2 * owners]);
    let mut some: Vec<Owner> = (0..count).map(|_| owner(rng.below(owners + 3))).collect();
    if count == owners {
        // The owners of old records, which are at the end.
        some = (1..owners / 2).map(owner).collect();
    }
    let reach = if rng.below(5) == 0 { Reach::All } else { Reach::owners(some) };
    let orders = [SortOrder::Newest, SortOrder::Oldest, SortOrder::Title, SortOrder::TitleDown];
    ListQuery {
        reach,
        owner: (rng.below(5) == 0).then(|| owner(rng.below(owners))),
        stage: (rng.below(4) == 0).then(|| "won".to_owned()),
        text: (rng.below(4) == 0).then(|| {
            rng.one_of(&["ACME", "rg", "%", "_", "7", "record 1", "absent"]).to_owned()
        }),
        order: rng.one_of(&orders),
        limit: rng.one_of(&[1, 2, 7, 50, 200]),
        ..query(rng.one_of(&["deals", "contacts", "tickets"]))
    }
}

async fn check_totals(fixture: &Fixture, records: &[Record], rng: &mut Rng, asked: &ListQuery) {
    let all = expected(records, asked);
    let mut tx = read(fixture, 1).await;
    let count = tx.records().count(asked, 10_000).await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), all.len(), "{asked:?}");
    if asked.stage.is_some() {
        let capped = tx.records().count(asked, 3).await.unwrap();
        assert_eq!(usize::try_from(capped).unwrap(), all.len().min(3), "{asked:?}");
    }
    if asked.owner.is_none() && asked.stage.is_none() && asked.text.is_none() {
        let total = tx.records().total(&asked.entity, &asked.reach).await.unwrap();
        assert_eq!(total, count, "{asked:?}");
    }
    drop(tx);

    let found = walk(fixture, asked, all.len()).await;
    assert_eq!(found, all, "{asked:?}");

    if all.is_empty() {
        return;
    }
    let somewhere = rng.one_of(&all);
    // Titles here are shorter than the key that they are sorted by.
    let place = RecordPosition { title_key: sort_key(&somewhere.title), id: somewhere.id };
    let rest = ListQuery { after: Some(place), ..asked.clone() };
    assert_eq!(walk(fixture, &rest, all.len()).await, expected(records, &rest), "{rest:?}");
}

async fn every_page_of_every_list_is_correct(fixture: Fixture) {
    let owners = 24;
    let records = fill(&fixture, 4, 420, owners).await;
    let mut rng = Rng::new(5);
    let rounds = if std::env::var_os("HALLPASS_LONG").is_some() { 1_500 } else { 80 };

    for _ in 0..rounds {
        let asked = some_query(&mut rng, owners);
        check_totals(&fixture, &records, &mut rng, &asked).await;
    }
}

async fn a_reach_of_thousands_of_owners_is_listed(fixture: Fixture) {
    let records = fill(&fixture, 6, 300, 40).await;
    let mut rng = Rng::new(7);
    for order in [SortOrder::Newest, SortOrder::Oldest, SortOrder::Title, SortOrder::TitleDown]
    {
        // Few of so many own a record.
        for first in [10, 39] {
            let reach = Reach::owners((first..5_000 + first).map(owner));
            let asked = ListQuery { reach, order, limit: 50, ..query("deals") };
            check_totals(&fixture, &records, &mut rng, &asked).await;
            let found = ListQuery { text: Some("acme".to_owned()), ..asked };
            check_totals(&fixture, &records, &mut rng, &found).await;
        }
    }
}

async fn inserted_and_deleted_records_do_not_shift_the_pages(fixture: Fixture) {
    let records = fill(&fixture, 8, 60, 4).await;
    let asked = ListQuery { limit: 5, ..query("deals") };
    let all = expected(&records, &asked);
    let mut tx = write(&fixture, 1).await;
    let first = tx.records().list(&asked).await.unwrap();
    assert_eq!(first.records, all[..5]);

    tx.records().insert(&record(1_000, "deals", owner(1))).await.unwrap();
    assert!(tx.records().delete(&all[4]).await.unwrap());
    let second = ListQuery { after: first.next, ..asked };

    assert_eq!(tx.records().list(&second).await.unwrap().records, all[5..10]);
}

/// Inserts many newer records in bulk, without counters: only the list matters here.
async fn hide(tx: &mut WorkspaceTx, n: u128) {
    for first in (2..=n).step_by(500) {
        let row = |row| {
            format!("(?1, 'deals', ?{}, ?2, '', ?3, 0, 0, 0, 1, '', '{{}}', '')", row + 4)
        };
        let sql = format!(
            "INSERT INTO records (workspace_id, entity, id, owner_id, title_key, is_open, \
             created_month, created_at, updated_at, version, title, fields, search_text) \
             VALUES {}",
            (0..500).map(row).collect::<Vec<String>>().join(", ")
        );
        let mut values: Vec<Value> = vec![owner(1).key().into(), true.into()];
        values.extend((first..first + 500).map(|number| Value::from(id(number))));
        tx.execute(&sql, &values).await.unwrap();
    }
    let sql = "UPDATE record_totals SET n = ?2 WHERE workspace_id = ?1";
    tx.execute(sql, &[i64::try_from(n).unwrap().into()]).await.unwrap();
}

async fn a_filter_with_few_matches_returns_several_pages(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    let needle = Record { title: "Needle".to_owned(), ..record(1, "deals", owner(1)) };
    tx.records().insert(&needle).await.unwrap();
    hide(&mut tx, 12_000).await;
    let asked = ListQuery { text: Some("needle".to_owned()), ..query("deals") };

    let first = tx.records().list(&asked).await.unwrap();
    assert!(first.records.is_empty() && first.next.is_some());
    let second = ListQuery { after: first.next, ..asked };
    let second = tx.records().list(&second).await.unwrap();

    assert_eq!(second.records, [needle]);
    assert_eq!(second.next, None);
}

async fn every_character_of_a_search_stands_for_itself(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    for (number, title) in (1..).zip(["50% off", "505 off", "a_b", "aXb", "c\\d", "c%d"]) {
        let new = Record { title: title.to_owned(), ..record(number, "deals", owner(1)) };
        tx.records().insert(&new).await.unwrap();
    }

    for (text, titles) in
        [("0% O", vec!["50% off"]), ("A_B", vec!["a_b"]), ("C\\", vec!["c\\d"])]
    {
        let asked = ListQuery { text: Some(text.to_owned()), ..query("deals") };
        let page = tx.records().list(&asked).await.unwrap();
        let found: Vec<&str> = page.records.iter().map(|r| r.title.as_str()).collect();
        assert_eq!(found, titles, "{text}");
    }
}
