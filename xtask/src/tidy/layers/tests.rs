//! Tests of the direction of dependencies.

use super::check;
use crate::tidy::tests::{file, lines};

/// Returns the lines of violations in a manifest; `rest` begins on line 3.
fn found(folder: &str, package: &str, rest: &str) -> Vec<usize> {
    let text = format!("[package]\nname = \"{package}\"\n{rest}");
    lines(&check(&file(&format!("{folder}/Cargo.toml"), &text)))
}

#[test]
fn a_layer_imports_only_those_before_it() {
    let check = |folder: &str, package: &str, dependency: &str, is_allowed: bool| {
        let expected: &[usize] = if is_allowed { &[] } else { &[4] };
        let rest = format!("[dependencies]\n{dependency}.workspace = true\n");
        assert_eq!(found(folder, package, &rest), expected, "{folder} imports {dependency}");
    };

    check("domain", "hallpass-domain", "hallpass-engine", true);
    check("engine", "hallpass-engine", "hallpass-domain", false);
    check("store", "hallpass-store", "hallpass-domain", true);
    check("store", "hallpass-store", "hallpass-app", false);
    check("app", "hallpass-app", "hallpass-store", true);
    check("web", "hallpass-web", "hallpass-app", true);
    check("web", "hallpass-web", "hallpass-store", false);
    check("hallpass", "hallpass", "hallpass-store", true);
    check("hallpass", "hallpass", "hallpass-testkit", false);
    check("web", "hallpass-web", "hallpass-testkit", false);
    check("web", "hallpass-web", "xtask", false);
    check("web", "hallpass-web", "hallpass-unknown", false);
    check("testkit", "hallpass-testkit", "hallpass-web", true);
    check("xtask", "xtask", "hallpass-testkit", true);
    check("peers", "hallpass-peers", "hallpass-engine", true);
}

#[test]
fn a_pure_layer_cannot_depend_on_a_crate_with_side_effects() {
    let dependencies =
        "[dependencies]\nserde = \"1\"\ntokio = { version = \"1\" }\nrand = \"0.9\"\n";

    assert_eq!(found("engine", "hallpass-engine", dependencies), [5, 6]);
    assert_eq!(found("domain", "hallpass-domain", dependencies), [5, 6]);
    assert_eq!(found("store", "hallpass-store", dependencies), [0_usize; 0]);
}

#[test]
fn dev_dependencies_are_not_checked() {
    let dependencies = "[dev-dependencies]\ntokio = \"1\"\nhallpass-testkit = \"1\"\n";

    assert_eq!(found("engine", "hallpass-engine", dependencies), [0_usize; 0]);
}

#[test]
fn every_spelling_of_a_dependency_is_found() {
    let check = |rest: &str, expected: &[usize]| {
        assert_eq!(found("engine", "hallpass-engine", rest), expected, "{rest}");
    };

    check("[dependencies.tokio]\nversion = \"1\"\n", &[3]);
    check("[dependencies]\nrt = { package = \"tokio\", version = \"1\" }\n", &[4]);
    check("[target.'cfg(unix)'.dependencies]\ntokio = \"1\"\n", &[4]);
    check("[build-dependencies]\nrand = \"1\"\n", &[4]);
}

#[test]
fn an_unknown_crate_is_reported() {
    assert_eq!(found("attic", "hallpass-attic", ""), [1]);
    assert_eq!(found("engine", "motor", ""), [1]);
    assert_eq!(found("engine", "hallpass-engine", "broken"), [1]);
}
