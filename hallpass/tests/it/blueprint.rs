//! `hallpass blueprint`.

use std::process::Stdio;

use crate::cli::{check, command, folder};

#[test]
fn blueprints_are_listed_shown_checked_and_compared() {
    check(&["blueprint", "list"], 0, &["standard", "team-management", "Levels and presets"]);
    check(&["blueprint", "show", "halo"], 0, &["role super_admin", "preset support_agent"]);
    check(&["blueprint", "check", "blueprints/hari.toml"], 0, &["no mistakes"]);
    check(&["blueprint", "diff", "halo", "halo"], 0, &[]);
    check(&["blueprint", "diff", "hari", "halo"], 1, &["role admin team read: absent -> all"]);
}

#[test]
fn every_mistake_is_reported_with_its_line() {
    let file = folder("mistaken").join("mistaken.toml");
    std::fs::write(&file, "[blueprint]\nid = \"x\"\nnmae = \"X\"\n[rolls]\n").unwrap();

    let expected = [
        ":3:1: unknown key `blueprint.nmae`; did you mean `name`?",
        ":4:2: unknown key `rolls`",
    ];
    check(&["blueprint", "check", file.to_str().unwrap()], 2, &expected);
}

#[test]
fn closed_pipe_is_not_a_failure() {
    let mut child =
        command(&["blueprint", "show", "standard"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());

    assert!(child.wait().unwrap().success());
}
