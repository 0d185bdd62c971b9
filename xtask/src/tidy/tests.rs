//! Tests of the whole of tidy, and what the tests of its rules share.

use super::{File, Violation, check, run};

pub(super) fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

/// The lines on which a rule found something.
pub(super) fn lines(found: &[Violation]) -> Vec<usize> {
    found.iter().map(|violation| violation.line).collect()
}

#[test]
fn every_kind_of_file_is_looked_at() {
    let files = [
        file(
            "engine/Cargo.toml",
            "[package]\nname = \"hallpass-engine\"\n[dependencies]\ntokio = \"1\"\n",
        ),
        file("engine/src/lib.rs", "//! Decides.\nuse std::fs;\nlet a = \"halo\";\n// TODO\n"),
        file("README.md", "See `docs/missing.md`.\n"),
    ];

    let found = check(&files, &|path| path == "docs");

    let places: Vec<String> =
        found.iter().map(|found| format!("{}:{}", found.path, found.line)).collect();
    assert_eq!(
        places,
        [
            "engine/Cargo.toml:4",
            "engine/src/lib.rs:2",
            "engine/src/lib.rs:3",
            "engine/src/lib.rs:4",
            "README.md:1",
        ]
    );
}

#[test]
fn a_violation_is_printed_with_its_place() {
    let violation = Violation::new(&file("a/b.rs", ""), 7, "wrong");

    assert_eq!(violation.to_string(), "a/b.rs:7: wrong");
}

#[test]
fn an_argument_is_refused() {
    assert!(run(&["--fix".to_owned()]).is_err_and(|message| message.contains("`--fix`")));
}
