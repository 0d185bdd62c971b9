//! Folders: every question is answered right, and mistakes are reported with their place.

use std::collections::BTreeMap;
use std::path::Path;

use hallpass_engine::Owner;
use hallpass_workload::{FILES, Folder, Quiz, WHO_FILE};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn files(folder: &Path) -> BTreeMap<String, String> {
    let names = FILES.into_iter().chain([WHO_FILE]);
    let there = names.filter(|name| folder.join(name).exists());
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    there.map(|name| (name.to_owned(), read(name))).collect()
}

/// Every question of a folder is answered right; gives how many there were.
fn check(folder: &Path) -> usize {
    let folder = Folder::parse(&files(folder)).unwrap();
    let policy = folder.compile().unwrap();

    let quizzes =
        [folder.ask_checks(&policy), folder.ask_what(&policy), folder.ask_who(&policy)];

    for quiz in &quizzes {
        assert!(quiz.total() > 0, "no questions");
        assert_eq!(quiz.wrong.first(), None, "{} of {} wrong", quiz.wrong.len(), quiz.total());
    }
    quizzes.iter().map(Quiz::total).sum()
}

#[test]
fn every_question_of_the_small_folders_is_answered_right() {
    assert_eq!(check(&Path::new(ROOT).join("workloads/hari-small")), 4_300);
    assert_eq!(check(&Path::new(ROOT).join("workloads/ladder-small")), 4_260);
}

#[test]
fn every_question_of_the_large_folders_is_answered_right_if_present() {
    // They are too large for the repository and may be next to it.
    for (name, questions) in [("hari-10k", 100_300), ("ladder-10k", 100_260)] {
        let folder = Path::new(ROOT).join("../shared/workloads").join(name);
        if folder.is_dir() {
            assert_eq!(check(&folder), questions);
        } else {
            println!("{name} is not present");
        }
    }
}

/// A folder of one member, with some files replaced.
fn small(changed: &[(&str, &str)]) -> BTreeMap<String, String> {
    let usual = [
        ("meta.json", r#"{"model": "hari"}"#),
        ("members.jsonl", r#"{"id": "anna", "role": "admin"}"#),
    ];
    let all = usual.iter().chain(changed);
    all.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn a_mistake_in_a_folder_is_reported_with_its_place() {
    let cases = [
        (("meta.json", "{}"), "meta.json:1: missing field `model`"),
        (("meta.json", r#"{"model": "x"}"#), "unknown blueprint `x`"),
        (("members.jsonl", "\n{\"id\": 3}"), "members.jsonl:2: invalid type: integer"),
        (("members.jsonl", r#"{"id": "a", "role": "admin", "rol": 1}"#), "unknown field `rol`"),
        (
            ("members.jsonl", r#"{"id": "a", "role": "admin", "visibility": "some"}"#),
            "members.jsonl:1: unknown visibility `some`",
        ),
        (
            ("teams.jsonl", r#"{"id": "t", "record_sharing": "us"}"#),
            "unknown `record_sharing` `us`",
        ),
        (("roles.jsonl", r#"{"id": "r", "grants": ["contacts"]}"#), "not a permission string"),
    ];
    for ((file, text), expected) in cases {
        let refused = Folder::parse(&small(&[(file, text)])).unwrap_err().to_string();

        assert!(refused.contains(expected), "{refused}");
    }
}

#[test]
fn every_mistake_of_a_workspace_is_reported() {
    let members = r#"{"id": "anna", "role": "boss", "teams": ["sales"]}"#;
    let folder = Folder::parse(&small(&[("members.jsonl", members)])).unwrap();

    let refused = folder.compile().unwrap_err().to_string();

    assert!(refused.contains("member `anna`: unknown role `boss`"), "{refused}");
    assert!(refused.contains("member `anna`: unknown team `sales`"), "{refused}");
}

#[test]
fn a_record_type_that_only_records_name_belongs_to_the_workspace() {
    let records = r#"{"id": "r1", "entity": "tickets", "owner": "anna"}"#;
    let folder = Folder::parse(&small(&[("records.jsonl", records)])).unwrap();

    let policy = folder.compile().unwrap();

    assert_eq!(policy.check("anna", "tickets", "read", Owner::Unowned), Some(true));
    assert_eq!(policy.check("anna", "parcels", "read", Owner::Unowned), None);
}

#[test]
fn a_wrong_expectation_is_counted_and_explained() {
    let checks =
        r#"{"member": "anna", "action": "read", "entity": "contacts", "expect": false}"#;
    let folder = Folder::parse(&small(&[("checks.jsonl", checks)])).unwrap();

    let quiz = folder.ask_checks(&folder.compile().unwrap());

    assert_eq!((quiz.right, quiz.total()), (0, 1));
    assert_eq!(quiz.wrong[0].message, "expected false, got true");
}
