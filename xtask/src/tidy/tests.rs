//! Tests of tidy as a whole, and functions shared by the tests of its checks.

use super::{File, Repository, Violation, check, run};

pub(super) fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

/// A repository in which only the folder `docs` exists.
pub(super) fn repository(files: Vec<File>) -> Repository<'static> {
    Repository::new(files, &|path| path == "docs")
}

/// Returns the lines of the violations.
pub(super) fn lines(found: &[Violation]) -> Vec<usize> {
    found.iter().map(|violation| violation.line).collect()
}

#[test]
fn every_kind_of_file_is_checked() {
    let files = vec![
        file(
            "engine/Cargo.toml",
            "[package]\nname = \"hallpass-engine\"\n[dependencies]\ntokio = \"1\"\n",
        ),
        file("engine/src/lib.rs", "//! Decides.\nuse std::fs;\nlet a = \"halo\";\n// TODO\n"),
        file("README.md", "See `docs/missing.md`.\n"),
    ];

    let found = check(&repository(files));

    // The exceptions of the words allow nothing in a repository of three files.
    let found = found.iter().filter(|found| found.path != "xtask/words.toml");
    let places: Vec<String> =
        found.map(|found| format!("{}:{}", found.path, found.line)).collect();
    assert_eq!(
        places,
        [
            "README.md:1",
            "engine/Cargo.toml:4",
            "engine/src/lib.rs:2",
            "engine/src/lib.rs:3",
            "engine/src/lib.rs:4",
        ]
    );
}

#[test]
fn a_violation_is_printed_with_its_location() {
    let violation = Violation::new(&file("a/b.rs", ""), 7, "wrong");

    assert_eq!(violation.to_string(), "a/b.rs:7: wrong");
}

#[test]
fn an_unknown_option_is_refused() {
    assert!(run(&["--fix".to_owned()]).is_err_and(|message| message.contains("`--fix`")));
}
