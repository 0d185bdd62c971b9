//! Tests of which behaviours are reported as covered, missing and unknown.

use super::{Coverage, Options, Surface, catalogue, measure, parse};
use crate::tree::File;

const CATALOGUE: &str = "\
HALO-001 E engine One.
HALO-002 E engine Two.
HALO-003 I engine Three.
HALO-004 E page Four.
HARI-001 A api Five.
";

fn coverage(tests: &[(&str, &str)], layer: Option<&str>) -> Coverage {
    let file = |(path, text): &(&str, &str)| File {
        path: (*path).to_owned(),
        text: (*text).to_owned(),
    };
    let files: Vec<File> = tests.iter().map(file).collect();
    measure(catalogue::parse(CATALOGUE).unwrap(), &files, layer)
}

fn args(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn options_are_read() {
    let expected =
        Options { all: true, layer: Some("engine".to_owned()), strict: Some(Surface::Api) };

    assert_eq!(parse(&args("--all --layer engine --strict api")), Ok(expected));
    assert_eq!(parse(&[]), Ok(Options::default()));
    assert!(parse(&args("--every")).is_err());
    assert!(parse(&args("--strict")).is_err());
    assert!(parse(&args("--strict console")).is_err());
}

#[test]
fn only_tests_cover_behaviours() {
    let found = coverage(
        &[
            ("engine/src/reach/tests.rs", "HALO-001"),
            ("engine/tests/it/main.rs", "HALO-002"),
            ("tests/console/team.ts", "HALO-004"),
            ("engine/src/reach.rs", "HALO-003"),
            ("xtask/src/behaviours/tests.rs", "HARI-001 HALO-999"),
        ],
        None,
    );

    assert_eq!(found.summary(), "covered 3 of 5 (engine 2/3, api 0/1, page 1/1, signin 0/0)");
    assert!(found.broken.is_empty());
}

#[test]
fn gaps_are_listed_by_door_as_ranges() {
    let found = coverage(&[("engine/tests/it/main.rs", "HALO-001")], None);

    let expected = "\
engine, without a test: HALO-002..HALO-003
api, without a test: HARI-001
page, without a test: HALO-004
covered 1 of 5 (engine 1/3, api 0/1, page 0/1, signin 0/0)
";
    assert_eq!(found.report(false), expected);
}

#[test]
fn all_lists_every_behaviour_with_its_first_test() {
    let found =
        coverage(&[("engine/tests/it/main.rs", "\nHALO-001..HALO-002\nHALO-001")], None);

    let report = found.report(true);
    assert!(report.starts_with("HALO-001 E engine [engine/tests/it/main.rs:2] One.\n"));
    assert!(report.contains("\nHARI-001 A api [no test] Five.\n"));
}

#[test]
fn the_tests_of_one_layer_can_be_selected() {
    let tests = [("engine/tests/a.rs", "HALO-001"), ("web/tests/a.rs", "HALO-002")];

    let found = coverage(&tests, Some("web"));

    assert_eq!(found.places.keys().collect::<Vec<_>>(), ["HALO-002"]);
}

#[test]
fn an_unknown_id_fails() {
    let found = coverage(&[("engine/tests/a.rs", "HALO-001\nHALO-7")], None);

    assert_eq!(found.broken, ["engine/tests/a.rs:2: no behaviour `HALO-7`"]);
    assert!(found.verify(None).is_err());
}

#[test]
fn a_gap_fails_only_behind_the_strict_door() {
    let found = coverage(&[("engine/tests/a.rs", "HALO-001..HALO-003")], None);

    assert_eq!(found.verify(None), Ok(()));
    assert_eq!(found.verify(Some(Surface::Engine)), Ok(()));
    assert_eq!(
        found.verify(Some(Surface::Page)),
        Err("no test for HALO-004: Four.".to_owned())
    );
}
