//! A search in many record types finds what a comparison of every record finds, whatever it may read.

use std::cmp::Reverse;
use std::time::Duration;

use hallpass_domain::record::Record;
use hallpass_domain::search::{Words, searched_text};
use hallpass_store::record::{ListBounds, Reach, TypeMatches, TypeSearch};

use super::{Rng, owner, read, record, write};
use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        a_search_of_types_equals_a_comparison_of_every_record,
        a_search_of_hundreds_of_types_finds_each,
        types_that_are_not_indexed_say_so,
    ],
    persistent: [],
}

const TYPES: [&str; 4] = ["contacts", "deals", "tasks", "tickets"];
const FIRST: [&str; 6] = ["Anna", "Annabel", "Ben", "Zoë", "Müller", "Ann"];
const LAST: [&str; 5] = ["Meier", "Meierhof", "Ito", "Annaberg", "Straße"];
const LIMIT: usize = 4;

fn random_record(rng: &mut Rng, number: u128) -> Record {
    let mut made = record(number, rng.one_of(&TYPES), owner(rng.below(7)));
    let name = format!("{} {}", rng.one_of(&FIRST), rng.one_of(&LAST));
    made.title =
        if rng.below(3) == 0 { format!("{name} {number}") } else { format!("No {number}") };
    made.fields.insert("name".to_owned(), name.into());
    made.fields.insert("code".to_owned(), format!("zz{number}zz").into());
    made
}

/// Bounds of how much is read, and not of how long it takes.
fn bounds(counted: usize) -> ListBounds {
    let long = Duration::from_mins(10);
    ListBounds { found: long, nothing: long, counted }
}

/// What is found of a type, by comparing every record, all in order.
fn expected<'r>(
    records: &'r [Record],
    (entity, reach): &(String, Reach),
    text: &str,
) -> Vec<(&'r Record, bool)> {
    let words = Words::parse(text).unwrap();
    let is_ranked = !words.grams().is_empty();
    let mut found: Vec<(&Record, bool)> = records
        .iter()
        .filter(|one| one.entity == *entity && reach.covers(one.owner))
        .filter_map(|one| {
            let text = searched_text(&one.title, &one.fields);
            let title = text.split('\n').next().unwrap_or_default();
            words.are_in(&text).then(|| (one, is_ranked && words.are_in(title)))
        })
        .collect();
    found.sort_by_key(|(one, in_title)| Reverse((*in_title, one.id)));
    found
}

/// Checks what was found of a type: exactly for an unbounded search.
fn check(found: &TypeMatches, expected: &[(&Record, bool)], is_unbounded: bool) {
    let first: Vec<&Record> = expected.iter().map(|(record, _)| *record).take(LIMIT).collect();
    let records: Vec<&Record> = found.records.iter().collect();
    if is_unbounded {
        assert!(!found.is_incomplete);
        assert_eq!(found.has_more, expected.len() > LIMIT);
        assert_eq!(records, first);
        return;
    }
    // All of them are matches, each once, in the order.
    let places: Vec<usize> = records
        .iter()
        .map(|one| expected.iter().position(|(known, _)| known == one).unwrap())
        .collect();
    assert!(places.is_sorted_by(|a, b| a < b), "{places:?}");
    assert!(!(found.has_more && found.is_incomplete));
    assert!(!found.has_more || (records.len() == LIMIT && expected.len() > LIMIT));
    assert!(found.has_more || found.is_incomplete || records == first);
}

async fn search(
    fixture: &Fixture,
    (types, text): (&[(String, Reach)], &str),
    bounds: ListBounds,
) -> Vec<TypeMatches> {
    let search = TypeSearch { types, text, limit: LIMIT, bounds };
    read(fixture, 1).await.records().search_types(&search).await.unwrap()
}

async fn a_search_of_types_equals_a_comparison_of_every_record(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let rounds = if std::env::var_os("HALLPASS_LONG").is_some() { 400 } else { 60 };
    let mut rng = Rng::new(7);
    let mut records: Vec<Record> = (1..=500).map(|one| random_record(&mut rng, one)).collect();
    let mut tx = write(&fixture, 1).await;
    tx.records().insert_all(&records).await.unwrap();
    // Some are changed and deleted after.
    for place in [3, 70, 140, 300] {
        let before = records[place].clone();
        let after = Record { title: "Zoë Straße, once more".to_owned(), ..before.clone() };
        assert!(tx.records().update(&before, &after).await.unwrap());
        records[place] = Record { version: 2, ..after };
        let gone = records.remove(place + 20);
        assert!(tx.records().delete(&gone).await.unwrap());
    }
    tx.commit().await.unwrap();

    let texts = [
        "anna",
        "meier ann",
        "ann",
        "zz7zz",
        "zz41",
        "strasse zoe",
        "a",
        "zo",
        "hof anna",
        "nothing",
        "no 1",
        "12.5",
        "muller",
        "once",
        "z",
    ];
    for round in 0..rounds {
        let reaches = [
            Reach::All,
            Reach::owners([owner(rng.below(8))]),
            Reach::owners((0..3).map(|_| owner(rng.below(9)))),
            Reach::Nothing,
        ];
        let types: Vec<(String, Reach)> =
            TYPES.map(|entity| (entity.to_owned(), rng.one_of(&reaches))).into();
        let text = rng.one_of(&texts);
        let counted = [1, 3, 20, 1_000][round % 4];
        let found = search(&fixture, (&types, text), bounds(counted)).await;
        for one in &types {
            let expected = expected(&records, one, text);
            let of_type = found.iter().find(|found| found.entity == one.0);
            let none = TypeMatches { entity: one.0.clone(), ..TypeMatches::default() };
            check(of_type.unwrap_or(&none), &expected, counted == 1_000);
        }
    }
    // Without time, what the index does not tell is missing, and says so.
    let types: Vec<(String, Reach)> =
        TYPES.map(|entity| (entity.to_owned(), Reach::All)).into();
    let none = ListBounds { nothing: Duration::ZERO, ..ListBounds::default() };
    let found = search(&fixture, (&types, "zo"), none).await;
    assert!(found.len() == TYPES.len() && found.iter().all(|one| one.is_incomplete));
    assert!(search(&fixture, (&types, "  "), none).await.is_empty());
    assert!(search(&fixture, (&[], "anna"), none).await.is_empty());
}

async fn a_search_of_hundreds_of_types_finds_each(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let entity = |number: u128| format!("type{number}");
    let mut tx = write(&fixture, 1).await;
    let several: Vec<Record> = (1..=430)
        .map(|number| Record {
            title: "Acme".to_owned(),
            ..record(number, &entity(number), owner(1))
        })
        .collect();
    tx.records().insert_all(&several).await.unwrap();
    tx.commit().await.unwrap();

    let types: Vec<(String, Reach)> = (1..=440)
        .map(|number| {
            let reach = [Reach::All, Reach::owners([owner(1), owner(2)])]
                [usize::from(number % 2 == 0)]
            .clone();
            (entity(number), reach)
        })
        .collect();
    for text in ["acme", "ac"] {
        let found = search(&fixture, (&types, text), bounds(1_000)).await;
        assert_eq!(found.len(), 430);
        for (one, number) in found.iter().zip(1..) {
            assert_eq!((one.entity.clone(), one.records.len()), (entity(number), 1));
            assert_eq!(one.records[0].id, id(number).into());
            assert!(!one.has_more && !one.is_incomplete);
        }
    }
}

async fn types_that_are_not_indexed_say_so(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    let several: Vec<Record> =
        (1..=60).map(|number| record(number, "deals", owner(1))).collect();
    tx.records().insert_all(&several).await.unwrap();
    let sql = "UPDATE search_scopes SET is_indexed = FALSE WHERE workspace_id = ?1";
    tx.execute(sql, &[]).await.unwrap();
    tx.commit().await.unwrap();
    let types = [("deals".to_owned(), Reach::All)];

    // All of a few records are compared, and of many the newest.
    let found = search(&fixture, (&types, "record 59"), bounds(1_000)).await;
    assert_eq!((found[0].records.len(), found[0].is_incomplete), (1, false));
    let found = search(&fixture, (&types, "record 999"), bounds(3)).await;
    assert_eq!((found[0].records.len(), found[0].is_incomplete), (0, true));
}
