//! `hallpass check` and `hallpass explain`, on workspace folders.

use crate::cli::{check, folder};

#[test]
fn folder_with_right_answers_succeeds() {
    let expected = ["checks: 4000 of 4000 right", "ns a decision", "who: 60 of 60 right"];
    check(&["check", "workloads/ladder-small"], 0, &expected);
}

#[test]
fn wrong_answer_fails_and_is_explained() {
    let folder = folder("wrong");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("meta.json", r#"{"model": "halo"}"#);
    write("members.jsonl", r#"{"id": "anna", "role": "member", "preset": "support_agent"}"#);
    write(
        "checks.jsonl",
        r#"{"member": "anna", "action": "send", "entity": "automation", "expect": true}"#,
    );

    let expected = ["0 of 1 right", "line 1: expected true, got false", "anna cannot"];
    check(&["check", folder.to_str().unwrap()], 1, &expected);
}

#[test]
fn decision_is_explained_step_by_step() {
    let question =
        ["explain", "workloads/ladder-small", "--member", "m2", "--action", "update"];
    let of_record = [&question[..], &["--record", "r12"]].concat();
    let expected = ["Denied: m2 cannot update", "Role User grants it", "It would need"];
    check(&of_record, 0, &expected);
    let own = [&question[..], &["--resource", "deals", "--owner", "m2"]].concat();
    check(&own, 0, &["Allowed: m2 can update own deals because the role User covers them"]);
}

#[test]
fn denial_because_reading_is_not_granted_expected_so() {
    let question = ["explain", "workloads/hari-small", "--member", "m4", "--action", "update"];
    let of_contact = [&question[..], &["--resource", "contacts", "--owner", "m11"]].concat();
    let expected = ["this also takes permission to read contacts of m11, and"];
    check(&of_contact, 0, &expected);
}

#[test]
fn unknown_ids_are_named_with_the_known_ones() {
    let question = ["explain", "workloads/hari-small", "--resource", "contacts"];
    let wrong =
        |more: &[&str], expected: &str| check(&[&question[..], more].concat(), 2, &[expected]);
    wrong(&["--member", "mbr-0", "--action", "read"], "no member `mbr-0` in the folder");
    wrong(
        &["--member", "m1", "--action", "fly"],
        "unknown action `fly` of resource `contacts`; expected `create`, `read`",
    );
    check(&["check", "nowhere"], 2, &["`nowhere` is not a folder"]);
    check(&["blueprint", "show", "nowhere"], 2, &["`hallpass blueprint list`"]);
}
