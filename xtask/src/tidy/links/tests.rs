//! Tests of which text in Markdown is taken for a path.

use super::check;
use crate::tidy::tests::{file, lines};

fn found(text: &str) -> Vec<usize> {
    let existing = ["docs", "docs/behaviours.txt", "docs/decisions", "engine", "http"];
    lines(&check(&file("README.md", text), &|path| existing.contains(&path)))
}

#[test]
fn a_path_in_backticks_must_exist() {
    let check = |span: &str, is_right: bool| {
        assert_eq!(found(&format!("See `{span}`.")).is_empty(), is_right, "{span}");
    };

    check("docs/behaviours.txt", true);
    check("docs/decisions/", true);
    check("docs/missing.txt", false);
    check("docs/missing/", false);
    check("engine/src/reach.rs", false);
}

#[test]
fn text_that_is_no_path_of_the_repository_is_ignored() {
    let check =
        |span: &str| assert_eq!(found(&format!("See `{span}`.")), [0_usize; 0], "{span}");

    check("docs/missing");
    check("store/src/member.rs");
    check("docs/{noun}.rs");
    check("docs/*.md");
    check("docs/….md");
    check("docs/x.md:12");
    check("docs/see this.md");
    check("/docs/missing.txt");
    check("../docs/missing.txt");
    check("http/missing.txt");
    check("missing.txt");
}

#[test]
fn every_path_of_a_line_is_checked_except_in_code_blocks() {
    let text =
        "`a` and `docs/one.md`, `docs/two.md`\n```\n`docs/three.md`\n```\n`docs/four.md`\n";

    assert_eq!(found(text), [1, 1, 5]);
}
