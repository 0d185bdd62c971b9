//! Pictures of the access models that ship, and faults by their line.

use std::collections::BTreeSet;

use super::{Card, Fault, fault};

#[test]
fn a_mistake_is_shown_at_its_line() {
    let placed = fault("17:3: no resource `job`; did you mean `jobs`?");
    let detail = "no resource `job`; did you mean `jobs`?".to_owned();

    assert_eq!(placed, Fault { line: Some(17), detail });
    for whole in ["the id `halo` is reserved: choose another", "a: b: c"] {
        assert_eq!(fault(whole), Fault { line: None, detail: whole.to_owned() });
    }
}

#[test]
fn every_access_model_has_the_same_marks_and_a_picture_of_its_own() {
    let cards = Card::samples();

    let pictures: BTreeSet<String> =
        cards.iter().map(|card| format!("{:?}", card.picture)).collect();
    assert_eq!(pictures.len(), cards.len(), "{pictures:?}");
    let names =
        |card: &Card| card.marks.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert!(cards.windows(2).all(|two| names(&two[0]) == names(&two[1])));
}
