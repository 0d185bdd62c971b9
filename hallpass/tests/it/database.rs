//! Databases of other programs: every command refuses them in one line and does not change them.

use std::path::Path;

use crate::cli::{command, folder};

/// Runs every command that opens a database on this one; each must fail with a reason.
fn check(location: &Path, why: &str) {
    let before = std::fs::read(location).unwrap();
    let file = location.to_str().unwrap();
    let data = location.parent().unwrap().to_str().unwrap();
    for words in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["workspace", "list"],
        &["workspace", "export", "acme"],
        &["operations", "list"],
    ] {
        let flags = ["--data", data, "--database", file];
        let arguments: Vec<&str> = words.iter().copied().chain(flags).collect();
        let output = command(&arguments).output().unwrap();

        let text = String::from_utf8(output.stderr).unwrap();
        assert_ne!(output.status.code(), Some(0), "{arguments:?}: {text}");
        assert_eq!(text.lines().count(), 1, "{arguments:?}: {text}");
        assert!(text.contains(file) && text.contains(why), "{arguments:?}: {text}");
        assert_eq!(std::fs::read(location).unwrap(), before, "{arguments:?}");
    }
}

#[test]
fn file_that_is_not_a_database_is_refused_in_one_line() {
    let location = folder("no_database").join("diary.db");
    std::fs::write(&location, "Dear diary, today I granted nothing. ".repeat(100)).unwrap();

    check(&location, "is not a database");
}

#[test]
fn database_of_another_program_is_refused_in_one_line() {
    let location = folder("foreign_database").join("bookmarks.db");
    let foreign = rusqlite::Connection::open(&location).unwrap();
    foreign.execute_batch("CREATE TABLE bookmarks (url TEXT)").unwrap();
    drop(foreign);

    check(&location, "is an SQLite database, but not of Hallpass");
}
