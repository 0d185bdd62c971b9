//! Tests of which words in Markdown are held to be paths.

use super::check;
use crate::tidy::tests::{file, lines};

fn found(text: &str) -> Vec<usize> {
    let there = ["docs", "docs/behaviours.txt", "docs/decisions", "engine", "http"];
    lines(&check(&file("README.md", text), &|path| there.contains(&path)))
}

#[test]
fn a_path_in_backticks_leads_somewhere() {
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
fn what_is_no_path_of_ours_is_left_alone() {
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
fn every_path_of_a_line_is_looked_at_and_no_fenced_one() {
    let text =
        "`a` and `docs/one.md`, `docs/two.md`\n```\n`docs/three.md`\n```\n`docs/four.md`\n";

    assert_eq!(found(text), [1, 1, 5]);
}
