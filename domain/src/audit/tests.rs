//! Which ids an entry touches, and the words of outcomes.

use serde_json::{Value, json};

use super::{Outcome, members_in, touched};
use crate::id::MemberId;

const ANNA: u128 = 1;
const BEN: u128 = 2;
const CLEO: u128 = 3;

fn member(number: u128) -> String {
    MemberId(uuid::Uuid::from_u128(number)).to_string()
}

fn check(before: &Value, after: &Value, expected: &[u128]) {
    let anna = MemberId(uuid::Uuid::from_u128(ANNA));
    let expected: Vec<String> = expected.iter().map(|number| member(*number)).collect();
    assert_eq!(touched("subject", Some(anna), before, after), expected, "{before} {after}");
}

#[test]
fn a_change_touches_the_ids_that_it_adds_removes_or_replaces() {
    let owned = |number| json!({"owner": member(number), "title": "Big"});
    check(&owned(BEN), &owned(CLEO), &[BEN, CLEO]);
    check(&owned(ANNA), &owned(CLEO), &[ANNA, CLEO]);
    check(&owned(BEN), &owned(BEN), &[]);
    check(&json!(null), &owned(BEN), &[BEN]);
    check(&owned(BEN), &json!(null), &[BEN]);
    check(&json!({"owner": member(BEN)}), &json!({"owner": null}), &[BEN]);
    let list =
        |ids: &[u128]| json!({"teams": ids.iter().map(|id| member(*id)).collect::<Vec<_>>()});
    check(&list(&[ANNA, BEN]), &list(&[BEN, CLEO]), &[ANNA, CLEO]);
    check(&json!({"a": {"b": [member(BEN)]}}), &json!({}), &[BEN]);
}

#[test]
fn what_the_actor_makes_for_themselves_is_not_touched() {
    check(&json!(null), &json!({"owner": member(ANNA)}), &[]);
    check(&json!({"owner": member(ANNA)}), &json!(null), &[]);
}

#[test]
fn the_subject_and_other_texts_are_not_touched() {
    let after = json!({"id": member(BEN), "title": "mbr_1", "owner": "unowned"});
    assert_eq!(touched(&member(BEN), None, &json!(null), &after), Vec::<String>::new());
}

#[test]
fn members_are_found_anywhere_in_a_value() {
    let value =
        json!({"owner": {"from": member(BEN), "to": "unowned"}, "x": [member(CLEO), 3]});
    let found: Vec<String> = members_in(&value).iter().map(ToString::to_string).collect();
    assert_eq!(found, [member(BEN), member(CLEO)]);
}

#[test]
fn an_outcome_is_parsed_from_its_word() {
    for (outcome, word) in [(Outcome::Done, "done"), (Outcome::Denied, "denied")] {
        assert_eq!((outcome.word(), Outcome::parse(word)), (word, Some(outcome)));
    }
    for unknown in ["", "Done", "refused"] {
        assert_eq!(Outcome::parse(unknown), None, "{unknown}");
    }
}
