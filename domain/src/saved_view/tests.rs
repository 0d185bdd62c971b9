//! What a view needs of its record type, and its filter as JSON.

use hallpass_engine::Blueprint;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::blueprint::SHIPPED;
use crate::id::MemberId;
use crate::record::{Test, TimeRange};
use crate::time::Timestamp;

fn deals() -> Resource {
    let mut blueprints = SHIPPED.iter().map(|text| Blueprint::parse(text).unwrap());
    blueprints.find_map(|one| one.resource("deals").cloned()).unwrap()
}

fn settings(filter: serde_json::Value) -> ViewSettings {
    let parts: FilterParts = serde_json::from_value(filter).unwrap();
    ViewSettings { filter: parts.read().unwrap(), ..ViewSettings::default() }
}

#[test]
fn a_view_of_what_the_record_type_has_is_not_outdated() {
    let resource = deals();
    let all = ViewSettings {
        sort: Some(format!("-{}", resource.fields[0].key)),
        columns: Some(
            OWN_COLUMNS
                .iter()
                .map(|own| (*own).to_owned())
                .chain(resource.fields.iter().map(|field| field.key.clone()))
                .collect(),
        ),
        ..settings(
            json!({"q": "a", "owner": "me", "stage": resource.stages[0].key, "open": true}),
        )
    };

    assert_eq!(all.faults(&resource), []);
    for order in OWN_ORDERS {
        for sort in [order.to_owned(), format!("-{order}")] {
            assert_eq!(ViewSettings { sort: Some(sort), ..all.clone() }.faults(&resource), []);
        }
    }
}

#[test]
fn each_part_that_the_record_type_lacks_is_named() {
    let gone = |field: &str| json!({"field": field, "empty": true});
    let lost = ViewSettings {
        sort: Some("-weight".to_owned()),
        columns: Some(vec!["owner".to_owned(), "weight".to_owned()]),
        ..settings(json!({"stage": "frozen", "conditions": [gone("name"), gone("weight")]}))
    };

    let faults = lost.faults(&deals());

    let pointers: Vec<&str> = faults.iter().map(|fault| &*fault.pointer).collect();
    assert_eq!(
        pointers,
        ["/filter/stage", "/filter/conditions/1/field", "/sort", "/columns/1"]
    );
}

#[test]
fn a_filter_reports_each_of_its_mistakes() {
    let check = |filter: serde_json::Value, expected: &[&str]| {
        let parts: FilterParts = serde_json::from_value(filter).unwrap();
        let errors = parts.read().unwrap_err();
        let pointers: Vec<&str> = errors.iter().map(|error| &*error.pointer).collect();
        assert_eq!(pointers, expected);
    };

    check(
        json!({"created_from": "today", "updated_to": ""}),
        &["/filter/created_from", "/filter/updated_to"],
    );
    check(json!({"q": "a".repeat(201), "owner": "ben"}), &["/filter/q", "/filter/owner"]);
    check(json!({"q": "a\0"}), &["/filter/q"]);
    check(
        json!({"conditions": [{"field": "name"}, {"field": "name", "is": 1, "empty": true}]}),
        &["/filter/conditions/0", "/filter/conditions/1"],
    );
    let many = vec![json!({"field": "name", "empty": true}); MOST_CONDITIONS_AND_ONE];
    check(json!({"conditions": many}), &["/filter/conditions"]);
    let long = json!({"field": "name", "contains": "a".repeat(LONGEST_CONDITIONS)});
    check(json!({"conditions": [long]}), &["/filter/conditions"]);
}

const MOST_CONDITIONS_AND_ONE: usize = crate::record::MOST_CONDITIONS + 1;

#[test]
fn a_filter_is_read_as_it_was_written() {
    let time = |seconds| Some(Timestamp::from_seconds(seconds));
    let tests = [
        Test::Is(json!("Zürich")),
        Test::Is(json!(4.5)),
        Test::Is(json!(false)),
        Test::Contains("a \"b\"".to_owned()),
        Test::Between(Some(json!(-1)), None),
        Test::Between(None, Some(json!("2026-01-01"))),
        Test::Between(Some(json!(1)), Some(json!(2))),
        Test::Empty(true),
        Test::Empty(false),
    ];
    let owners = [
        None,
        Some(OwnerRef::Me),
        Some(OwnerRef::Unowned),
        Some(OwnerRef::Member(MemberId(Uuid::from_u128(7)))),
    ];
    let ranges = [
        TimeRange::default(),
        TimeRange { from: time(1), to: None },
        TimeRange { from: None, to: time(2) },
        TimeRange { from: time(1), to: time(2) },
    ];
    for (at, owner) in owners.into_iter().enumerate() {
        for (place, range) in ranges.into_iter().enumerate() {
            for length in 0..=tests.len() {
                let filter = ViewFilter {
                    text: (at % 2 == 0).then(|| "acme".to_owned()),
                    owner,
                    stage: (place % 2 == 0).then(|| "won".to_owned()),
                    rest: RecordFilter {
                        open: [None, Some(true), Some(false)][length % 3],
                        created: range,
                        updated: ranges[3 - place],
                        conditions: tests[..length]
                            .iter()
                            .map(|test| ("city".to_owned(), test.clone()))
                            .collect(),
                    },
                };

                let text = serde_json::to_string(&FilterParts::of(&filter)).unwrap();
                let parts: FilterParts = serde_json::from_str(&text).unwrap();

                assert_eq!(parts.read(), Ok(filter), "{text}");
            }
        }
    }
}
