//! What a view needs of its record type, and its filter as JSON.

use hallpass_engine::{Blueprint, Field, FieldOption, FieldType};
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::blueprint::SHIPPED;
use crate::id::MemberId;
use crate::record::{Owner, Test, TimeRange};
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

#[test]
fn a_value_that_the_field_has_no_longer_is_a_fault_of_its_condition() {
    let option = |key: &str| FieldOption { key: key.to_owned(), name: key.to_owned() };
    let source = |options: &[&str]| Field {
        key: "source".to_owned(),
        name: "Source".to_owned(),
        holds: FieldType::Choice,
        required: false,
        options: options.iter().map(|key| option(key)).collect(),
    };
    let with = |options: &[&str]| Resource { fields: vec![source(options)], ..deals() };
    let fairs = settings(json!({"conditions": [{"field": "source", "is": "fair"}]}));

    assert_eq!(fairs.faults(&with(&["web", "fair"])), []);
    let lost = fairs.faults(&with(&["web"]));

    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0].pointer, "/filter/conditions/0/is");
    // A field of another type does not answer the same question either.
    let number = Field { holds: FieldType::Number, options: Vec::new(), ..source(&[]) };
    let other = Resource { fields: vec![number], ..deals() };
    assert_eq!(fairs.faults(&other).len(), 1);
}

#[test]
fn a_record_type_without_stages_has_none_to_filter_by() {
    let plain = Resource { stages: Vec::new(), ..deals() };
    let staged = settings(json!({"stage": "won"}));

    let faults = staged.faults(&plain);

    assert_eq!(faults.len(), 1);
    assert_eq!(
        (faults[0].pointer.as_str(), faults[0].code),
        ("/filter/stage", "unknown_stage")
    );
    assert_eq!(settings(json!({"open": true})).faults(&plain), []);
    let shown = ViewSettings { columns: Some(vec!["stage".to_owned()]), ..settings(json!({})) };
    assert_eq!(shown.faults(&plain), [], "an empty column hides nothing");
    let sorted = ViewSettings { sort: Some("stage".to_owned()), ..settings(json!({})) };
    let faults = sorted.faults(&plain);
    assert_eq!(faults.len(), 1, "no list is sorted by stages");
    assert_eq!(faults[0].pointer, "/sort");
}

#[test]
fn an_owner_is_read_as_it_is_written() {
    let ben = OwnerRef::Member(MemberId(Uuid::from_u128(7)));
    for owner in [OwnerRef::Me, OwnerRef::Unowned, ben] {
        assert_eq!(owner.to_string().parse(), Ok(owner));
    }
    assert_eq!(OwnerRef::from(Owner::Unowned), OwnerRef::Unowned);
    assert_eq!(OwnerRef::from(Owner::Member(MemberId(Uuid::from_u128(7)))), ben);
    for wrong in ["", "Me", "anna", "mbr_7", "acc_00000000000000000000000000000007"] {
        assert!(wrong.parse::<OwnerRef>().is_err(), "{wrong}");
    }
}

#[test]
fn the_audit_log_has_a_filter_as_the_api_writes_it() {
    let none = RecordFilter::default();
    let some = RecordFilter {
        open: Some(true),
        conditions: vec![
            ("city".to_owned(), Test::Contains("rich".to_owned())),
            ("amount".to_owned(), Test::Between(None, Some(json!(9)))),
        ],
        ..RecordFilter::default()
    };

    assert!(none.is_empty() && none.audit_view().is_null());
    let view = some.audit_view();

    assert!(!some.is_empty());
    assert_eq!(view["open"], true);
    assert!(view["created_from"].is_null());
    assert_eq!(
        view["conditions"],
        json!([{"field": "city", "contains": "rich"}, {"field": "amount", "to": 9}])
    );
}
