//! Nouns that stand on every floor, and those that do not.

use super::super::tests::file;
use super::*;

fn paths(found: &[Violation]) -> Vec<&str> {
    found.iter().map(|violation| violation.path.as_str()).collect()
}

#[test]
fn a_noun_has_one_name_on_every_floor() {
    let all =
        ["domain/src/team.rs", "store/src/team.rs", "app/src/team.rs", "web/src/rest/team.rs"];
    let files = all.map(|path| file(path, ""));

    assert!(check(&files).is_empty());
    assert_eq!(paths(&check(&files[..2])), [""; 0]);
    assert_eq!(paths(&check(&files[3..])), ["web/src/rest/team.rs"]);
    assert_eq!(paths(&check(&files[1..2])), ["store/src/team.rs"]);
}

#[test]
fn nouns_are_singular_and_parts_of_a_noun_are_free() {
    let files = ["app/src/teams.rs", "app/src/record/actions.rs", "app/src/access.rs"]
        .map(|path| file(path, ""));

    assert_eq!(paths(&check(&files)), ["app/src/teams.rs"]);
}
