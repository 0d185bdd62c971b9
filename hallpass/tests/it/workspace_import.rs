//! `hallpass workspace import`: the command, its dry run, and a process that is killed in the middle.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::cli::{command, folder, run};

/// Generates a workspace in a new folder, and exports it to a file there.
fn generated(name: &str, records: &str) -> (String, String) {
    let folder = folder(name);
    let data = folder.to_str().unwrap().to_owned();
    let sizes =
        ["--members=40", "--teams=5", "--departments=6", "--until=2026-03-15T12:00:00Z"];
    let of = ["--slug", "large", "--records", records, "--data", &data];
    let _ = run(&[&["generate"], &sizes[..], &of].concat(), 0);
    let file = folder.join("large.jsonl").to_str().unwrap().to_owned();
    let _ = run(&["workspace", "export", "large", "--output", &file, "--data", &data], 0);
    (data, file)
}

/// Runs a command on the workspaces of a folder; what it prints.
fn workspaces(data: &str, code: i32, arguments: &[&str]) -> String {
    run(&[&["workspace"], arguments, &["--data", data]].concat(), code)
}

fn is_sound(data: &str) {
    let report = run(&["doctor", "--data", data], 0);
    assert!(report.contains("ok        counters") && !report.contains("WRONG"), "{report}");
}

#[test]
fn a_file_is_checked_and_then_imported() {
    let (data, file) = generated("import", "300");

    let dry = workspaces(&data, 0, &["import", &file, "--slug", "copy", "--dry-run"]);
    assert!(dry.contains("300 record\n") && dry.contains("40 member\n"), "{dry}");
    assert!(
        dry.contains("40 members have an account") && dry.contains("left out: API keys"),
        "{dry}"
    );
    assert!(dry.contains("nothing was imported"), "{dry}");
    assert!(!workspaces(&data, 0, &["list"]).contains("copy"));
    let taken = workspaces(&data, 1, &["import", &file]);
    assert!(taken.contains("the slug `large` is taken"), "{taken}");
    let kept = workspaces(&data, 1, &["import", &file, "--slug", "copy", "--keep-ids"]);
    assert!(kept.contains("line 1: the server has a workspace with its id"), "{kept}");
    let missing = workspaces(&data, 2, &["import", "nowhere.jsonl"]);
    assert!(missing.contains("cannot read `nowhere.jsonl`"), "{missing}");

    let told = workspaces(&data, 0, &["import", &file, "--slug", "copy"]);

    assert!(told.contains("imported copy (wsp_"), "{told}");
    let listed = workspaces(&data, 0, &["list"]);
    assert!(
        listed.lines().any(|line| line.starts_with("copy ") && line.contains(" active ")),
        "{listed}"
    );
    is_sound(&data);
    let operations = run(&["operations", "list", "--data", &data], 0);
    assert!(operations.contains("workspace.import"), "{operations}");
    // A line that is wrong is named.
    let text = std::fs::read_to_string(&file).unwrap();
    let broken = format!("{file}.broken");
    let wrong = text.replacen("\"kind\":\"team\"", "\"kind\":\"tea\"", 1);
    std::fs::write(&broken, wrong).unwrap();
    let number = text.lines().position(|line| line.contains("\"kind\":\"team\"")).unwrap() + 1;
    let told = workspaces(&data, 1, &["import", &broken, "--slug", "third"]);
    assert!(told.contains(&format!("line {number}: unknown variant `tea`")), "{told}");
}

#[test]
fn an_import_that_is_killed_leaves_nothing_but_a_slug_until_it_is_purged() {
    let (data, file) = generated("import_killed", "3000");
    let path = Path::new(&data).join("hallpass.db");
    assert!(path.is_file(), "{}", path.display());
    let arguments = ["workspace", "import", &file, "--slug", "copy", "--data", &data];
    let mut import = command(&arguments).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(import.stderr.take().unwrap()).lines();
    let told = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains('%')));
    assert!(told.is_some(), "the import says how far it is");

    import.kill().unwrap();
    let _ = import.wait().unwrap();

    let listed = workspaces(&data, 0, &["list"]);
    assert!(
        listed.lines().any(|line| line.starts_with("copy ") && line.contains("being imported")),
        "{listed}"
    );
    assert!(workspaces(&data, 2, &["export", "copy"]).contains("no such workspace"));
    assert!(workspaces(&data, 2, &["restore", "copy"]).contains("no such workspace"));
    is_sound(&data);
    let again = workspaces(&data, 1, &["import", &file, "--slug", "copy"]);
    assert!(again.contains("`hallpass workspace purge copy` removes"), "{again}");
    let _ = workspaces(&data, 0, &["purge", "copy", "--confirm", "copy"]);
    let told = workspaces(&data, 0, &["import", &file, "--slug", "copy"]);
    assert!(told.contains("imported copy (wsp_"), "{told}");
    is_sound(&data);
}
