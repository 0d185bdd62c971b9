//! The command line as a user types it.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect has failed"
)]

mod config;
mod database;
mod demo;
mod serve;
mod server;
mod tour;
mod workspace;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hallpass"));
    command.args(arguments).current_dir(ROOT);
    command
}

/// Runs a command; its exit code and what it says must be these.
fn check(arguments: &[&str], code: i32, says: &[&str]) {
    let Output { stdout, stderr, status } = command(arguments).output().unwrap();

    let text = String::from_utf8([stdout, stderr].concat()).unwrap();
    assert_eq!(status.code(), Some(code), "{arguments:?}: {text}");
    for part in says {
        assert!(text.contains(part), "{arguments:?} does not say {part:?}: {text}");
    }
}

/// A new folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_folder_whose_answers_are_right_is_a_success() {
    let says = ["checks: 4000 of 4000 right", "ns a decision", "who: 60 of 60 right"];
    check(&["check", "workloads/ladder-small"], 0, &says);
}

#[test]
fn a_folder_with_a_wrong_answer_fails_and_explains_it() {
    let folder = folder("wrong");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("meta.json", r#"{"model": "halo"}"#);
    write("members.jsonl", r#"{"id": "anna", "role": "member", "preset": "support_agent"}"#);
    write(
        "checks.jsonl",
        r#"{"member": "anna", "action": "send", "entity": "automation", "expect": true}"#,
    );

    let says =
        ["0 of 1 right", "line 1: expected true, got false", "nothing grants it to anna"];
    check(&["check", folder.to_str().unwrap()], 1, &says);
}

#[test]
fn a_decision_is_explained_in_sentences() {
    let asked = ["explain", "workloads/ladder-small", "--member", "m2", "--action", "update"];
    let of_record = [&asked[..], &["--record", "r12"]].concat();
    let says = ["Denied: m2 may not update", "Role User grants it", "It would need"];
    check(&of_record, 0, &says);
    let own = [&asked[..], &["--resource", "deals", "--owner", "m2"]].concat();
    check(&own, 0, &["Allowed: m2 may update deals because m2 owns the record"]);
}

#[test]
fn a_denial_for_want_of_reading_says_so() {
    let asked = ["explain", "workloads/hari-small", "--member", "m4", "--action", "update"];
    let of_contact = [&asked[..], &["--resource", "contacts", "--owner", "m11"]].concat();
    let says = ["what may not be read may not be changed, and nothing grants reading to m4"];
    check(&of_contact, 0, &says);
}

#[test]
fn what_is_unknown_is_named() {
    let asked = ["explain", "workloads/hari-small", "--resource", "contacts"];
    let ask = |more: &[&str], says: &str| check(&[&asked[..], more].concat(), 2, &[says]);
    ask(&["--member", "nobody", "--action", "read"], "there is no member `nobody`");
    ask(
        &["--member", "m1", "--action", "fly"],
        "`contacts` has no action `fly`; it has create",
    );
    check(&["check", "nowhere"], 2, &["`nowhere` is not a folder"]);
    check(&["blueprint", "show", "nowhere"], 2, &["no shipped blueprint and no file"]);
}

#[test]
fn blueprints_are_listed_shown_checked_and_compared() {
    check(&["blueprint", "list"], 0, &["standard", "team-management", "Levels and presets"]);
    check(&["blueprint", "show", "halo"], 0, &["role super_admin", "preset support_agent"]);
    check(&["blueprint", "check", "blueprints/hari.toml"], 0, &["no mistakes"]);
    check(&["blueprint", "diff", "halo", "halo"], 0, &[]);
    check(&["blueprint", "diff", "hari", "halo"], 1, &["role admin team read: absent -> all"]);
}

#[test]
fn every_mistake_of_a_blueprint_is_told_with_its_place() {
    let file = folder("mistaken").join("mistaken.toml");
    std::fs::write(&file, "[blueprint]\nid = \"x\"\nnmae = \"X\"\n[rolls]\n").unwrap();

    let says = [
        ":3:1: unknown key `blueprint.nmae`; did you mean `name`?",
        ":4:2: unknown key `rolls`",
    ];
    check(&["blueprint", "check", file.to_str().unwrap()], 2, &says);
}

#[test]
fn a_reader_who_goes_away_is_no_failure() {
    let mut child =
        command(&["blueprint", "show", "standard"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());

    assert!(child.wait().unwrap().success());
}
