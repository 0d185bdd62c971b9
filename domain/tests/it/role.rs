//! Custom roles and profiles: their grants as lists and as matrices, and what is wrong with them.

use std::sync::Arc;

use hallpass_domain::blueprint::find;
use hallpass_domain::profile::{change_cells, write_cells};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::role::{MOST_GRANTS, check_unused, read_grants, read_matrix};
use hallpass_engine::{Blueprint, Cells, Grant, Resource, Scope};
use serde_json::{Map, Value, json};

fn resources() -> Vec<Resource> {
    let blueprint = Arc::new(Blueprint::parse(find("standard").unwrap()).unwrap());
    blueprint.resources.clone()
}

fn map(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

/// Pointer, code and detail of each mistake.
fn mistakes<T>(result: Result<T, Refusal>) -> Vec<(String, &'static str, String)> {
    let Err(Refusal::Fields(errors)) = result else { return Vec::new() };
    errors.into_iter().map(|one| (one.pointer, one.code, one.detail)).collect()
}

fn places<T>(result: Result<T, Refusal>) -> Vec<String> {
    let found = mistakes(result).into_iter();
    found.map(|(pointer, code, _)| format!("{pointer} {code}")).collect()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn grants_are_parsed_in_order_and_listed_once() {
    let given = texts(&["contacts:read:all", "tasks:*:own", "contacts:read:all"]);

    let grants = read_grants(&given).unwrap();

    let expected = ["contacts:read:all", "tasks:*:own"];
    assert_eq!(grants, expected.map(|text| text.parse::<Grant>().unwrap()));
    assert_eq!(read_grants(&[]), Ok(Vec::new()));
}

#[test]
fn every_text_that_is_no_grant_is_reported_with_its_place() {
    let given = texts(&["contacts:read:all", "contacts", "", "contacts:read:some"]);

    let found = places(read_grants(&given));

    assert_eq!(found, ["/grants/1 bad_grant", "/grants/2 bad_grant", "/grants/3 bad_grant"]);
}

#[test]
fn a_role_has_a_limited_number_of_grants() {
    let grant = "contacts:read:all".to_owned();

    assert!(read_grants(&vec![grant.clone(); MOST_GRANTS]).is_ok());
    let found = places(read_grants(&vec![grant; MOST_GRANTS + 1]));
    assert_eq!(found, ["/grants too_many"]);
}

#[test]
fn a_matrix_becomes_one_grant_for_each_scope_of_a_resource() {
    let matrix = json!({
        "contacts": {"read": "own + assigned", "update": "own", "delete": "none"},
        "tasks": {"read": "all"},
    });

    let grants = read_matrix(&resources(), &map(matrix)).unwrap();

    let texts: Vec<String> = grants.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["contacts:read,update:own", "contacts:read:assigned", "tasks:read:all"]);
}

#[test]
fn every_mistake_of_a_matrix_is_reported_with_its_place() {
    let matrix = json!({
        "a/b": {"read": "own"},
        "contacts": {"fly/high": "own", "read": "some", "update": 1, "delete": "own + none"},
        "tasks": ["read"],
    });

    let found = mistakes(read_matrix(&resources(), &map(matrix)));

    let places: Vec<String> =
        found.iter().map(|(pointer, code, _)| format!("{pointer} {code}")).collect();
    assert_eq!(
        places,
        [
            "/matrix/a~1b unknown_resource",
            "/matrix/contacts/delete unknown_scope",
            "/matrix/contacts/fly~1high unknown_action",
            "/matrix/contacts/read unknown_scope",
            "/matrix/contacts/update unknown_scope",
            "/matrix/tasks wrong_type",
        ]
    );
    let hint = "unknown scope `some`; expected `none`, `own`, `assigned`, ";
    assert!(found[3].2.starts_with(hint), "{}", found[3].2);
}

/// CRM-114: the holders are named to a caller who may read members, a few of them.
#[test]
fn a_role_with_holders_is_in_use() {
    let by = |holders: usize, names: Option<&[&str]>| {
        let names = names.map(texts);
        match check_unused(holders, names.as_deref()) {
            Ok(()) => "done".to_owned(),
            Err(Refusal::InUse { noun, by }) => format!("{noun} {by}"),
            Err(other) => other.to_string(),
        }
    };
    let six = ["A", "B", "C", "D", "E", "F"];

    assert_eq!(by(0, None), "done");
    assert_eq!(by(0, Some(&[])), "done");
    assert_eq!(by(2, None), "role members");
    assert_eq!(by(1, Some(&["Anna"])), "role `Anna`");
    assert_eq!(by(2, Some(&["Anna"])), "role `Anna` and one other");
    assert_eq!(by(4, Some(&["Anna", "Ben"])), "role `Anna`, `Ben` and 2 others");
    assert_eq!(by(6, Some(&six)), "role `A`, `B`, `C`, `D`, `E` and one other");
    assert_eq!(by(5, Some(&six[..5])), "role `A`, `B`, `C`, `D`, `E`");
}

fn cells(rows: &[(&str, &str, Option<Scope>)]) -> Cells {
    let mut cells = Cells::default();
    for (resource, action, scope) in rows {
        cells.set(resource, action, *scope);
    }
    cells
}

#[test]
fn a_change_of_a_profile_leaves_the_cells_that_it_does_not_name() {
    let before = cells(&[
        ("contacts", "read", Some(Scope::All)),
        ("contacts", "update", Some(Scope::Own)),
        ("tasks", "read", None),
    ]);
    let change = json!({
        "contacts": {"read": "team", "update": null},
        "every": {"read": "own"},
        "invoices": {"read": "none"},
    });

    let after = change_cells(&resources(), &before, &map(change)).unwrap();

    let expected = json!({
        "contacts": {"read": "team"},
        "every": {"read": "own"},
        "invoices": {"read": "none"},
        "tasks": {"read": "none"},
    });
    assert_eq!(Value::Object(write_cells(&after)), expected);
    let same = change_cells(&resources(), &Cells::default(), &write_cells(&after));
    assert_eq!(same, Ok(after), "what is written can be read");
}

#[test]
fn every_mistake_of_a_profile_is_reported_with_its_place() {
    let change = json!({
        "contacts": {"fly": "own", "read": "some", "update": 1},
        "nothing": {"read": "own"},
        "nothing/else": {"read": null},
        "tasks": "all",
    });

    let found = places(change_cells(&resources(), &Cells::default(), &map(change)));

    assert_eq!(
        found,
        [
            "/grants/contacts/fly unknown_action",
            "/grants/contacts/read unknown_scope",
            "/grants/contacts/update unknown_scope",
            "/grants/nothing/read unknown_record_type",
            "/grants/nothing~1else/read unknown_record_type",
            "/grants/tasks wrong_type",
        ]
    );
}
