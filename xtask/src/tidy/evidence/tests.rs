//! Tests of which names and paths in the tables of the security pages are checked.

use crate::tidy::repository::Repository;
use crate::tidy::tests::file;

const TESTS: &str = "//! Tests.\n#[test]\nfn the_last_owner_stays() {}\n\
                     macro_rules! on { () => { async fn only_once_on_sqlite() {} } }\n";

fn found(page: &str, text: &str) -> Vec<String> {
    let files = vec![file(page, text), file("app/src/session/tests.rs", TESTS)];
    let all = Repository::new(files, &|path| path == "app/src/session.rs");
    super::check(&all).iter().map(ToString::to_string).collect()
}

fn check(row: &str, expected: &[&str]) {
    let expected: Vec<String> =
        expected.iter().map(|message| format!("docs/asvs.md:1: {message}")).collect();
    assert_eq!(found("docs/asvs.md", row), expected, "{row}");
}

#[test]
fn a_test_in_the_last_column_is_a_function() {
    check("| rule | `the_last_owner_stays`, `only_once_on_sqlite` |", &[]);
    check("| rule | `session::tests::the_last_owner_stays` |", &[]);
    check("| rule | `the_last_owner_leaves` |", &["there is no test `the_last_owner_leaves`"]);
    check(
        "| rule | `a::the_last_owner_leaves`, `the_last_owner` |",
        &["there is no test `the_last_owner_leaves`", "there is no test `the_last_owner`"],
    );
}

#[test]
fn other_text_is_no_test() {
    check("| `step_up_minutes` | `password_hash`, `Sessions::elevate`, `__Host-a_b_c` |", &[]);
    assert!(found("docs/asvs.md", "Prose about `the_last_owner_leaves`.").is_empty());
    assert!(found("docs/glossary.md", "| rule | `the_last_owner_leaves` |").is_empty());
}

#[test]
fn a_path_in_any_column_exists() {
    check("| `app/src/session.rs` | yes |", &[]);
    check("| `app/src/sessions.rs` | yes |", &["`app/src/sessions.rs` does not exist"]);
    check("| rule | `sessions/tests.rs` |", &["`sessions/tests.rs` does not exist"]);
    check("| `app/src/session`, `/api/v1/me.json`, `app/{noun}.rs` | yes |", &[]);
}

#[test]
fn a_row_has_no_empty_cell() {
    check("|---|---|", &[]);
    check("| rule | – |", &[]);
    check("| rule |  |", &["a cell of this row is empty"]);
}

#[test]
fn every_page_is_checked_at_its_line() {
    let found = found("docs/security.md", "# Security\n\n| rule | `the_last_owner_leaves` |\n");
    assert_eq!(found, ["docs/security.md:3: there is no test `the_last_owner_leaves`"]);
}
