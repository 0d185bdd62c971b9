//! Tests of which nouns have a file in each layer.

use super::check;
use crate::tidy::tests::{file, repository};

fn check_paths(paths: &[&str], expected: &[&str]) {
    let files = paths.iter().map(|path| file(path, "")).collect();
    let found = check(&repository(files));
    let found: Vec<&str> = found.iter().map(|violation| violation.path.as_str()).collect();
    assert_eq!(found, expected, "{paths:?}");
}

#[test]
fn a_noun_has_the_same_name_in_every_layer() {
    let all =
        ["domain/src/team.rs", "store/src/team.rs", "app/src/team.rs", "web/src/rest/team.rs"];

    check_paths(&all, &[]);
    check_paths(&all[..2], &[]);
    check_paths(&all[3..], &["web/src/rest/team.rs"]);
    check_paths(&all[1..2], &["store/src/team.rs"]);
}

#[test]
fn nouns_are_singular_and_files_below_a_noun_are_not_checked() {
    let paths = ["app/src/teams.rs", "app/src/record/actions.rs", "app/src/access.rs"];

    check_paths(&paths, &["app/src/teams.rs"]);
}
