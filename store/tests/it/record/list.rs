//! Lists contain what their query says, page by page: nothing is missing, extra or duplicated.

use std::time::Duration;

use hallpass_domain::record::{Condition, Owner, Record, Test};
use hallpass_domain::search::{Words, searched_text};
use hallpass_domain::text::{search_key, sort_key};
use hallpass_domain::time::Timestamp;
use hallpass_engine::{Field, FieldType};
use hallpass_store::record::{
    CountMode, ListBounds, ListQuery, Narrowing, OwnerChange, Reach, RecordPage,
    RecordPosition, SortBy, SortOrder, Sorting, TimeRange, Total,
};

use super::{Rng, owner, query, read, record, write};
use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        every_page_of_every_list_is_correct,
        a_reach_of_thousands_of_owners_is_listed,
        inserted_and_deleted_records_do_not_shift_the_pages,
        a_list_that_takes_too_long_says_so_and_goes_on,
        a_section_that_takes_too_long_goes_on_where_it_was,
        every_character_of_a_search_stands_for_itself,
    ],
    persistent: [],
}

const TITLES: [&str; 10] = [
    "acme",
    "Acme",
    "ÄRGER mit Acme",
    "zed",
    "",
    "50% off",
    "a_b",
    "\u{10FFFF}x",
    "北京市 acme",
    "Łódź 東京",
];

/// What else records have: an email address, a number, another's title.
const NOTES: [&str; 5] =
    ["jürgen.groß@example.com", "+49 (30) 901820", "the zed of Acme", "北京", "\"quoted\""];

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
        new.fields.insert("name".to_owned(), new.title.clone().into());
        if rng.below(3) == 0 {
            new.fields.insert("note".to_owned(), rng.one_of(&NOTES).into());
        }
        if rng.below(3) > 0 {
            let size = i64::try_from(rng.below(12)).unwrap() - 6;
            new.fields.insert("size".to_owned(), size.into());
        }
        new.amount = rng.one_of(&[None, Some(-5), Some(0), Some(70), Some(900)]);
        new.open = rng.below(3) > 0;
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
    let words = query.text.as_deref().and_then(Words::parse);
    let has = |record: &Record| searched_text(&record.title, &record.fields);
    let holds = |record: &&Record| {
        record.entity == query.entity
            && query.reach.covers(record.owner)
            && query.owner.is_none_or(|owner| owner == record.owner)
            && query.stage.as_ref().is_none_or(|stage| record.stage.as_ref() == Some(stage))
            && words.as_ref().is_none_or(|words| words.are_in(&has(record)))
            && admits(&query.narrowing, record)
    };
    let mut held: Vec<Record> = records.iter().filter(holds).cloned().collect();
    match query.order {
        SortOrder::Rank => {
            let words = words.filter(|words| words.long().next().is_some());
            let is_titled = |record: &Record| {
                words.as_ref().is_some_and(|words| words.are_in(&search_key(&record.title)))
            };
            held.sort_by_key(|record| std::cmp::Reverse((is_titled(record), record.id)));
        }
        SortOrder::Newest => held.sort_by_key(|record| std::cmp::Reverse(record.id)),
        SortOrder::Oldest => held.sort_by_key(|record| record.id),
        SortOrder::Title => held.sort_by_key(key),
        SortOrder::TitleDown => held.sort_by_key(|record| std::cmp::Reverse(key(record))),
    }
    if let Some(sorting) = &query.sorting {
        sort(&mut held, sorting);
    }
    if let Some(place) = &query.after {
        let at = held.iter().position(|record| record.id == place.id);
        held.drain(..=at.unwrap());
    }
    held
}

fn admits(narrowing: &Narrowing, record: &Record) -> bool {
    let within = |range: TimeRange, at: Timestamp| {
        range.from.is_none_or(|from| from <= at) && range.to.is_none_or(|to| at <= to)
    };
    narrowing.open.is_none_or(|open| open == record.open)
        && within(narrowing.created, record.created_at)
        && within(narrowing.updated, record.updated_at)
        && narrowing.conditions.iter().all(|condition| condition.admits(&record.fields))
}

/// Sorts without the keys of the list: those without a value come last.
fn sort(records: &mut [Record], sorting: &Sorting) {
    let text = |record: &Record, field: &str| record.fields.get(field)?.as_str().map(sort_key);
    let number = |record: &Record| match &sorting.by {
        SortBy::Updated => Some(record.updated_at.as_micros()),
        SortBy::Amount => record.amount,
        SortBy::Field(field) if field.holds == FieldType::Number => {
            record.fields.get(&field.key)?.as_i64()
        }
        SortBy::Field(_) => None,
    };
    let name = |record: &Record| match &sorting.by {
        SortBy::Field(field) => text(record, &field.key),
        SortBy::Updated | SortBy::Amount => None,
    };
    records.sort_by(|a, b| {
        let (one, other) = ((number(a), name(a)), (number(b), name(b)));
        let is_void = |key: &(Option<i64>, Option<String>)| key.0.is_none() && key.1.is_none();
        let by_value = (&one, a.id).cmp(&(&other, b.id));
        let by_value = if sorting.is_descending { by_value.reverse() } else { by_value };
        is_void(&one).cmp(&is_void(&other)).then(by_value)
    });
}

fn field(key: &str, holds: FieldType) -> Field {
    Field { key: key.to_owned(), name: key.to_owned(), holds, required: false, options: vec![] }
}

fn some_sorting(rng: &mut Rng) -> Sorting {
    let by = match rng.below(4) {
        0 => SortBy::Updated,
        1 => SortBy::Amount,
        2 => SortBy::Field(field("note", FieldType::Text)),
        _ => SortBy::Field(field("size", FieldType::Number)),
    };
    Sorting { by, is_descending: rng.below(2) == 0 }
}

fn some_narrowing(rng: &mut Rng) -> Narrowing {
    let day = |n: u64| {
        let day = i64::try_from(n).unwrap() * 86_400_000_000;
        Some(Timestamp::from_micros(1_772_000_000_000_000 + day))
    };
    let mut narrowing = Narrowing::default();
    match rng.below(5) {
        0 => narrowing.open = Some(rng.below(2) == 0),
        1 => narrowing.created.from = day(rng.below(400)),
        2 => narrowing.created.to = day(rng.below(400)),
        3 => narrowing.updated = TimeRange { from: day(rng.below(200)), to: day(300) },
        _ => {}
    }
    let fields = [field("note", FieldType::Text), field("size", FieldType::Number)];
    for _ in 0..rng.below(3) {
        let (key, test) = match rng.below(5) {
            0 => ("note", Test::Empty(rng.below(2) == 0)),
            1 => ("note", Test::Contains("GROSS@".to_owned())),
            2 => ("size", Test::Between(Some((-3).into()), Some(4.into()))),
            3 => ("size", Test::Is(rng.below(4).into())),
            _ => ("size", Test::Between(None, Some(rng.below(9).into()))),
        };
        narrowing.conditions.push(Condition::check(&fields, key, test, "").unwrap());
    }
    narrowing
}

/// Whether a list asks for a stage, or for what is open, and for nothing else: that has counters.
fn is_group(query: &ListQuery) -> bool {
    let open = Narrowing { open: query.narrowing.open, ..Narrowing::default() };
    let is_by_age = !matches!(query.order, SortOrder::Title | SortOrder::TitleDown);
    query.text.as_deref().and_then(Words::parse).is_none()
        && query.sorting.is_none()
        && is_by_age
        && query.narrowing == open
        && query.stage.is_some() != query.narrowing.open.is_some()
}

/// The total that a list with so many records shows.
fn shown(query: &ListQuery, total: usize) -> Total {
    let counted = query.bounds.counted;
    if is_group(query) {
        return Total::Exact(i64::try_from(total).unwrap());
    }
    let is_filtered = query.stage.is_some()
        || query.narrowing.is_some()
        || query.sorting.is_some()
        || query.text.as_deref().and_then(Words::parse).is_some();
    if is_filtered && total > counted {
        return Total::MoreThan(i64::try_from(counted).unwrap());
    }
    Total::Exact(i64::try_from(total).unwrap())
}

async fn page(fixture: &Fixture, query: &ListQuery) -> RecordPage {
    let mut tx = read(fixture, 1).await;
    tx.records().list(query).await.unwrap()
}

/// Reads all pages of a list and checks each.
async fn walk(fixture: &Fixture, query: &ListQuery, total: usize) -> Vec<Record> {
    let mut query = query.clone();
    let mut all = Vec::new();
    loop {
        let page = page(fixture, &query).await;
        assert!(page.records.len() <= query.limit);
        assert_eq!(page.total, shown(&query, total), "{query:?}");
        assert!(page.next.is_none() || page.records.len() == query.limit);
        assert!(!page.is_incomplete, "{query:?}");
        let quick = ListQuery { total: CountMode::Skipped, ..query.clone() };
        let uncounted = self::page(fixture, &quick).await;
        assert_eq!(uncounted.records, page.records, "{quick:?}");
        assert_eq!(uncounted.next, page.next, "{quick:?}");
        assert!([page.total, Total::Unknown].contains(&uncounted.total), "{quick:?}");
        all.extend(page.records);
        let Some(next) = page.next else { return all };
        query.after = Some(next);
    }
}

const ORDERS: [SortOrder; 5] = [
    SortOrder::Rank,
    SortOrder::Newest,
    SortOrder::Oldest,
    SortOrder::Title,
    SortOrder::TitleDown,
];

const TEXTS: [&str; 20] = [
    "ACME",
    "rg",
    "%",
    "_",
    "7",
    "record 1",
    "absent",
    "arger",
    "acme arger",
    "mit ACME",
    "gross",
    "@exam",
    "901820",
    "4930",
    "北京",
    "京市",
    "lodz",
    "zed acm",
    "\"quo",
    " ",
];

fn some_text(rng: &mut Rng) -> String {
    if rng.below(4) == 0 {
        return format!("{} {}", rng.one_of(&TEXTS), rng.one_of(&TEXTS));
    }
    rng.one_of(&TEXTS).to_owned()
}

fn some_query(rng: &mut Rng, owners: u64) -> ListQuery {
    let count = rng.one_of(&[0, 1, 2, 5, owners, 2 * owners]);
    let mut some: Vec<Owner> = (0..count).map(|_| owner(rng.below(owners + 3))).collect();
    if count == owners {
        // The owners of old records, which are at the end.
        some = (1..owners / 2).map(owner).collect();
    }
    let reach = if rng.below(5) == 0 { Reach::All } else { Reach::owners(some) };
    let counted = rng.one_of(&[2, 10, 50, 1_000]);
    // A computed order reads so many records.
    let is_sorted = rng.below(4) == 0;
    let (found, nothing) = (Duration::from_mins(1), Duration::from_mins(1));
    ListQuery {
        reach,
        owner: (rng.below(5) == 0).then(|| owner(rng.below(owners))),
        stage: (rng.below(4) == 0).then(|| "won".to_owned()),
        text: (rng.below(2) == 0).then(|| some_text(rng)),
        order: rng.one_of(&ORDERS),
        limit: rng.one_of(&[1, 2, 7, 50, 200]),
        bounds: ListBounds { found, nothing, counted: if is_sorted { 1_000 } else { counted } },
        narrowing: if rng.below(2) == 0 { some_narrowing(rng) } else { Narrowing::default() },
        sorting: is_sorted.then(|| some_sorting(rng)),
        ..query(rng.one_of(&["deals", "contacts", "tickets"]))
    }
}

async fn check_totals(fixture: &Fixture, records: &[Record], rng: &mut Rng, asked: &ListQuery) {
    let all = expected(records, asked);
    let is_whole = asked.sorting.is_none() && !asked.narrowing.is_some();
    if is_whole && asked.owner.is_none() && asked.stage.is_none() && asked.text.is_none() {
        let mut tx = read(fixture, 1).await;
        let total = tx.records().total(&asked.entity, &asked.reach).await.unwrap();
        let every = tx.records().total(&asked.entity, &Reach::All).await.unwrap();
        let reaches = [Reach::Nothing, asked.reach.clone(), Reach::All];
        let reaches = reaches.map(|reach| (asked.entity.clone(), reach));
        assert_eq!(tx.records().totals(&reaches).await.unwrap(), [0, total, every]);
        assert_eq!(usize::try_from(total).unwrap(), all.len(), "{asked:?}");
    }

    let found = walk(fixture, asked, all.len()).await;
    assert_eq!(found, all, "{asked:?}");

    if all.is_empty() {
        return;
    }
    let somewhere = rng.one_of(&all);
    // Titles here are shorter than the key that they are sorted by.
    let key = match asked.order {
        _ if asked.sorting.is_some() => return,
        SortOrder::Rank => {
            let before = page(fixture, &ListQuery { limit: 1, ..asked.clone() }).await;
            assert_eq!(before.records.len(), 1);
            return;
        }
        SortOrder::Newest | SortOrder::Oldest | SortOrder::Title | SortOrder::TitleDown => {
            sort_key(&somewhere.title)
        }
    };
    let place = RecordPosition { key, id: somewhere.id };
    let rest = ListQuery { after: Some(place), ..asked.clone() };
    assert_eq!(walk(fixture, &rest, all.len()).await, expected(records, &rest), "{rest:?}");
}

async fn every_page_of_every_list_is_correct(fixture: Fixture) {
    let owners = 24;
    let is_long = std::env::var_os("HALLPASS_LONG").is_some();
    let mut records = fill(&fixture, 4, if is_long { 3_000 } else { 420 }, owners).await;
    let mut rng = Rng::new(5);

    for round in 0..if is_long { 1_500 } else { 100 } {
        if round % 10 == 9 {
            change(&fixture, &mut rng, &mut records, owners).await;
        }
        let asked = some_query(&mut rng, owners);
        check_totals(&fixture, &records, &mut rng, &asked).await;
    }
}

/// Updates, deletes and reassigns some records.
async fn change(fixture: &Fixture, rng: &mut Rng, records: &mut Vec<Record>, owners: u64) {
    let mut tx = write(fixture, 1).await;
    for _ in 0..5 {
        let before = rng.one_of(records);
        let mut after = before.clone();
        after.title = rng.one_of(&TITLES).to_owned();
        after.owner = owner(rng.below(owners));
        after.fields.insert("note".to_owned(), rng.one_of(&NOTES).into());
        assert!(tx.records().update(&before, &after).await.unwrap());
        after.version += 1;
        *records.iter_mut().find(|one| **one == before).unwrap() = after;
    }
    let gone = records.remove(usize::try_from(rng.below(records.len() as u64)).unwrap());
    assert!(tx.records().delete(&gone).await.unwrap());
    let (from, to) = (owner(rng.below(owners)), owner(rng.below(owners)));
    let entities = vec![("deals".to_owned(), Reach::All)];
    let at = gone.updated_at;
    let moved = OwnerChange { from, to, entities, records: None, at };
    tx.records().reassign(&moved).await.unwrap();
    tx.commit().await.unwrap();
    let is_moved = |one: &&mut Record| one.entity == "deals" && one.owner == from && from != to;
    for record in records.iter_mut().filter(is_moved) {
        (record.owner, record.updated_at) = (to, at);
        record.version += 1;
    }
}

async fn a_list_that_takes_too_long_says_so_and_goes_on(fixture: Fixture) {
    let records = fill(&fixture, 9, 400, 24).await;
    let none =
        ListBounds { found: Duration::ZERO, nothing: Duration::from_mins(1), counted: 10 };
    for order in ORDERS {
        let reach = Reach::owners((0..20).map(owner));
        let mut asked = ListQuery { reach, order, bounds: none, ..query("deals") };
        asked.text = Some("acme".to_owned());
        let all = expected(&records, &asked);
        assert!(all.len() > 50);

        let (mut found, mut is_incomplete) = (Vec::new(), false);
        loop {
            let page = page(&fixture, &asked).await;
            assert!(!page.records.is_empty() || page.next.is_none());
            is_incomplete |= page.is_incomplete;
            found.extend(page.records);
            let Some(next) = page.next else { break };
            asked.after = Some(next);
        }

        assert_eq!(found, all, "{order:?}");
        assert!(is_incomplete, "{order:?}");
    }

    let bounds = ListBounds { nothing: Duration::ZERO, ..none };
    let asked = ListQuery { text: Some("#~".to_owned()), bounds, ..query("deals") };
    let page = page(&fixture, &asked).await;
    assert!(page.records.is_empty() && page.next.is_none() && page.is_incomplete);
}

async fn a_section_that_takes_too_long_goes_on_where_it_was(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    for number in 1..=33 {
        let mut new = record(number, "deals", owner(1));
        if number > 30 {
            new.title = format!("Acme {number}");
        }
        new.fields.insert("note".to_owned(), "of Acme".into());
        if number > 30 || number == 16 {
            new.updated_at = Timestamp::from_micros(2_000_000_000_000_000);
        }
        tx.records().insert(&new).await.unwrap();
    }
    tx.commit().await.unwrap();
    // Those with the word in the title are found at once; of the others the newest have not been changed.
    let bounds = ListBounds { found: Duration::ZERO, nothing: Duration::ZERO, counted: 4 };
    let mut asked = ListQuery { order: SortOrder::Rank, bounds, limit: 10, ..query("deals") };
    asked.text = Some("acme".to_owned());
    asked.narrowing.updated.from = Some(Timestamp::from_micros(1_900_000_000_000_000));

    let first = page(&fixture, &asked).await;
    asked.after = first.next;
    let second = page(&fixture, &asked).await;

    let ids = |page: &[Record]| page.iter().map(|one| one.id.0).collect::<Vec<_>>();
    assert_eq!(ids(&first.records), [33_u128, 32, 31].map(id));
    assert!(first.is_incomplete && asked.after.is_some());
    assert_eq!(ids(&second.records), [16_u128].map(id));
}

async fn a_reach_of_thousands_of_owners_is_listed(fixture: Fixture) {
    let records = fill(&fixture, 6, 300, 40).await;
    let mut rng = Rng::new(7);
    for order in ORDERS {
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
