//! Tests of the rules for every Rust file.

use super::check;
use crate::source::split;
use crate::tidy::tests::{file, lines};

fn found(path: &str, text: &str) -> Vec<usize> {
    lines(&check(&file(path, text), &split(text)))
}

#[test]
fn line_one_must_be_a_sentence() {
    let check = |text: &str, is_right: bool| {
        assert_eq!(found("engine/src/reach.rs", text).is_empty(), is_right, "{text}");
    };

    check("//! Reach: what grants compile to.\n", true);
    check("//! The layers: six crates and\n//! one verb each.\n", true);
    check("//! `cargo xtask tidy`: reports breaches.\n//!\n//! more\n", true);
    check("", false);
    check("use std::fmt;\n", false);
    check("\n//! Late.\n", false);
    check("//!\n//! Late.\n", false);
    check("//! reach\n", false);
    check("// Reach.\n", false);
}

#[test]
fn the_first_line_of_tests_is_checked() {
    assert_eq!(found("engine/src/reach/tests.rs", "use super::Reach;\n"), [1]);
    assert_eq!(found("engine/tests/it/main.rs", "mod routes;\n"), [1]);
}

#[test]
fn meaningless_file_names_are_reported() {
    let check = |path: &str, is_right: bool| {
        assert_eq!(found(path, "//! A noun.\n").is_empty(), is_right, "{path}");
    };

    check("engine/src/reach.rs", true);
    check("engine/src/commons.rs", true);
    check("engine/src/reach/mod.rs", false);
    check("engine/src/utils.rs", false);
    check("engine/tests/common/app.rs", false);
    check("web/src/helpers.rs", false);
    check("web/src/misc.rs", false);
}

#[test]
fn meaningless_type_names_are_reported() {
    let check = |code: &str, is_right: bool| {
        let text = format!("//! A noun.\n{code}\n");
        assert_eq!(found("app/src/member.rs", &text).is_empty(), is_right, "{code}");
    };

    check("pub struct Member;", true);
    check("pub struct Manager(MemberId);", true);
    check("type Service = Inner;", true);
    check("pub struct MemberManager;", false);
    check("enum TeamService { A }", false);
    check("pub(crate) trait RoleManager {}", false);
    check("fn f(x: &impl tower::MakeService) {}", true);
    check("// struct TeamService", true);
}

#[test]
fn forbidden_code_is_reported_outside_strings_and_comments() {
    let check = |line: &str, is_right: bool| {
        let text = format!("//! A noun.\n{line}\n");
        assert_eq!(found("app/src/member.rs", &text).is_empty(), is_right, "{line}");
    };

    check("#[expect(dead_code, reason = \"soon\")]", true);
    check("#[allow(dead_code)]", false);
    check("#![allow(dead_code)]", false);
    check("#[ignore]", false);
    check("#[ignore = \"slow\"]", false);
    check("#[should_panic(expected = \"x\")]", false);
    check("#[non_exhaustive]", false);
    check("let text = \"#[allow(x)] TODO\";", true);
    check("// `#[non_exhaustive]` is forbidden", true);
}

#[test]
fn todo_and_fixme_are_reported() {
    let text = "//! A noun.\n// TODO: more\nf(); // FIXME\n// the TODOS of a person\n";

    assert_eq!(found("app/src/member.rs", text), [2, 3]);
}

#[test]
fn sleep_in_a_test_is_reported() {
    let text = "//! A noun.\nthread::sleep(second);\ntokio::time::sleep(second).await;\n";

    assert_eq!(found("web/tests/it/main.rs", text), [2, 3]);
    assert_eq!(found("web/src/member/tests.rs", text), [2, 3]);
    assert_eq!(found("web/src/member.rs", text), [0_usize; 0]);
}

#[test]
fn a_long_file_needs_a_reason() {
    let long = "f();\n".repeat(400);
    let bare = format!("//! A noun.\n{long}");
    let excused = format!("//! A noun.\n//!\n//! Long because it is one table.\n{long}");

    assert_eq!(found("app/src/member.rs", &bare), [401]);
    assert_eq!(found("app/src/member.rs", &excused), [0_usize; 0]);
    assert_eq!(found("app/src/member/tests.rs", &bare), [0_usize; 0]);
    assert_eq!(
        found("app/src/member.rs", &format!("//! A noun.\n{}", "f();\n".repeat(399))),
        [0_usize; 0]
    );
}
