//! Tests of which code may name a blueprint.

use super::check;
use crate::source::split;
use crate::tidy::tests::{file, lines};

fn found(path: &str, text: &str) -> Vec<usize> {
    lines(&check(&file(path, text), &split(text)))
}

#[test]
fn an_id_in_a_string_is_reported() {
    let check = |code: &str, is_right: bool| {
        assert_eq!(found("app/src/member.rs", code).is_empty(), is_right, "{code}");
    };

    check("if blueprint.id == \"halo\" {", false);
    check("\"team-management\" => 1,", false);
    check("include_str!(\"../../blueprints/harmonia.toml\")", false);
    check("\"a harmony of colours\"", false);
    check("r#\"hari\"#", false);
    check("\"halogen lamp\"", true);
    check("\"shari\"", true);
    check("/// As `\"halo\"` does.", true);
    check("let halo = 1;", true);
}

#[test]
fn the_default_may_be_used_but_not_compared() {
    let check = |code: &str, is_right: bool| {
        assert_eq!(found("app/src/member.rs", code).is_empty(), is_right, "{code}");
    };

    check("let default = \"standard\";", true);
    check("open(name, \"standard\")", true);
    check("if id == \"standard\" {", false);
    check("if \"standard\" != id {", false);
    check("\"standard\" => 1,", false);
    check("\"standard\" | \"other\" => 1,", false);
    check("\"other\" | \"standard\" => 1,", false);
    check("matches!(id, \"standard\")", false);
    check("Some(\"standard\") => 1,", false);
    check("if id == Some(\"standard\") {", false);
    check("id.eq(\"standard\")", false);
}

#[test]
fn data_tests_and_development_crates_may_name_blueprints() {
    let code = "const ID: &str = \"halo\";";

    for path in [
        "domain/src/blueprint.rs",
        "engine/src/blueprint/tests.rs",
        "engine/tests/it/matrices.rs",
        "testkit/src/server.rs",
        "xtask/src/bench.rs",
        "peers/src/main.rs",
    ] {
        assert_eq!(found(path, code), [0_usize; 0], "{path}");
    }
    assert_eq!(found("engine/src/blueprint.rs", code), [1]);
}
