//! Tests of drafts: a form changes only what it names, and only differences count.

use std::collections::BTreeMap;

use serde_json::json;

use super::Draft;
use crate::form::Form;

fn saved() -> Draft {
    let row = BTreeMap::from([
        ("read".to_owned(), "all".to_owned()),
        ("delete".to_owned(), "own".to_owned()),
    ]);
    Draft::new("Sales", "", BTreeMap::from([("contacts".to_owned(), row)]))
}

#[test]
fn a_form_changes_only_the_cells_that_it_names() {
    let form = Form::parse(b"name=Sales&cell.contacts.read=team&cell.contacts.update=own");

    let draft = saved().with(&form);

    assert_eq!(draft.changes(), 2);
    assert_eq!(json!(draft.changed()), json!({"contacts": {"read": "team", "update": "own"}}));
    let granted = json!({"contacts": {"read": "team", "update": "own", "delete": "own"}});
    assert_eq!(json!(draft.granted()), granted);
    assert_eq!(
        (draft.cell("contacts", "read"), draft.saved("contacts", "read")),
        ("team", "all")
    );
}

#[test]
fn values_that_are_saved_already_are_no_change() {
    let form =
        Form::parse(b"name=Sales&description=&cell.contacts.read=all&cell.deals.read=none");

    assert_eq!(saved().with(&form).changes(), 0);
    assert_eq!(saved().with(&Form::parse(b"name=Lead&description=x")).changes(), 2);
}

#[test]
fn a_copy_grants_the_same_and_is_new() {
    let copy = saved().copy("Copy of Sales".to_owned());

    assert_eq!(copy.granted(), saved().granted());
    assert_eq!((copy.name.as_str(), copy.changes()), ("Copy of Sales", 2));
}

/// A stale form: another person deleted the reading and renamed it; only the touched cell is a change.
#[test]
fn a_stale_form_changes_only_what_was_touched_and_says_what_another_person_changed() {
    let base = saved().base();
    let sent = |read: &str| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("base", &base).append_pair("name", "Sales");
        query.append_pair("description", "").append_pair("cell.contacts.read", read);
        query.append_pair("cell.contacts.delete", "own");
        query.append_pair("cell.contacts.update", "own");
        Form::parse(query.finish().as_bytes())
    };
    let form = sent("all");
    let row = BTreeMap::from([("delete".to_owned(), "own".to_owned())]);
    let now = Draft::new("Sellers", "", BTreeMap::from([("contacts".to_owned(), row)]));

    let text = crate::text::Text::default();
    let draft = now.clone().with(&form);

    assert_eq!(json!(draft.changed()), json!({"contacts": {"update": "own"}}));
    assert_eq!((draft.name.as_str(), draft.changes()), ("Sellers", 1));
    let said = draft.stale(text, |row, action| format!("{row} {action}"));
    assert!(said[0].contains("changed Name, contacts read."), "{said:?}");
    assert_eq!(said.len(), 1, "nothing that another person changed was touched: {said:?}");
    // A reading that both changed is shown with both values.
    let said = now.with(&sent("team")).stale(text, |row, action| format!("{row} {action}"));
    assert!(said[1].contains("contacts read") && said[1].contains("Team"), "{said:?}");
    let same = saved().with(&form).stale(crate::text::Text::default(), |_, _| "x".into());
    assert!(!same[0].contains('x'), "{same:?}");
}
