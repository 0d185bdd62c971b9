//! A drive that is really full: a small file system of the test's own, filled up under the server.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use crate::cli::folder;
use crate::server::Server;

const CONTACTS: &str = "/api/v1/workspaces/acme/records/contacts";

const ZOE: &str = r#"{"fields": {"name": "Zoe"}}"#;

/// Mounts a file system of 12 MB, and runs a command that sees it.
const MOUNTED: &str = "mount -t tmpfs -o size=12m,mode=0700 tmpfs \"$0\" && exec \"$@\"";

/// Whether this machine lets a user have file systems of their own.
fn has_namespaces() -> bool {
    let tried = Command::new("unshare").args(["-Urm", "true"]).output();
    tried.is_ok_and(|tried| tried.status.success())
}

/// The first answer that is not `ready`: the last one counts for two seconds.
fn wait_until_not_ready(server: &Server) -> (u16, Value) {
    let until = "while curl -sf \"$0\" >/dev/null; do :; done";
    let url = format!("http://{}/readyz", server.address);
    let waited = Command::new("timeout").args(["10", "bash", "-c", until, &url]).status();
    assert!(waited.unwrap().success(), "the server stays ready");
    server.send("anna", "GET", "/readyz", "")
}

/// Runs a command where the file system is that of the server, and checks its exit code; what it prints.
fn run_inside(server: &Server, arguments: &[&str], code: i32) -> String {
    let pid = server.id().to_string();
    let enter = ["-t", &pid, "-U", "-m", "--preserve-credentials"];
    let mut command = Command::new("nsenter");
    let output =
        command.args(enter).arg(env!("CARGO_BIN_EXE_hallpass")).args(arguments).output();
    let Output { stdout, stderr, status } = output.unwrap();
    let text = String::from_utf8([stdout, stderr].concat()).unwrap();
    assert_eq!(status.code(), Some(code), "{arguments:?}: {text}");
    text
}

#[test]
fn a_full_drive_fails_no_read_and_is_reported() {
    if !has_namespaces() {
        eprintln!("skipped: this machine has no user namespaces");
        return;
    }
    let folder = folder("full_disk");
    let drive = folder.join("drive");
    fs::create_dir(&drive).unwrap();
    let wrapper = ["unshare", "-Urm", "bash", "-c", MOUNTED, drive.to_str().unwrap()];
    let data = drive.join("data");
    let server = Server::start_in(&wrapper, &folder, &["--data", data.to_str().unwrap()]);
    server.found();
    server.post("anna", CONTACTS, ZOE, 201);
    assert_eq!(server.send("anna", "GET", "/readyz", "").0, 200);

    // The file system as the server sees it.
    let seen = PathBuf::from(format!("/proc/{}/root{}", server.id(), drive.display()));
    let filler = seen.join("filler");
    let full = fs::write(&filler, vec![1; 16 << 20]);
    assert!(full.is_err(), "the drive has room");
    let mut made = 1;
    let (status, refused) = loop {
        let (status, answer) = server.send("anna", "POST", CONTACTS, ZOE);
        if status != 201 {
            break (status, answer);
        }
        made += 1;
        assert!(made < 5_000, "it never gets full");
    };

    assert_eq!((status, &refused["code"]), (507, &"storage_full".into()), "{refused}");
    assert_eq!(server.get("anna", CONTACTS, 200)["total"], made);
    let (status, answer) = wait_until_not_ready(&server);
    assert_eq!((status, &answer["code"]), (503, &"storage_full".into()), "{answer}");
    let (page, _) = server.send("anna", "GET", "/workspace/acme/settings/team", "");
    assert_eq!(page, 200);
    assert_eq!(server.send("anna", "GET", "/healthz", "").0, 200);
    let there = data.to_str().unwrap();

    fs::remove_file(filler).unwrap();
    server.post("anna", CONTACTS, ZOE, 201);
    assert_eq!(server.get("anna", CONTACTS, 200)["total"], made + 1);
    // The last answer counts for two seconds.
    let until = "until curl -sf \"$0\" >/dev/null; do :; done";
    let url = format!("http://{}/readyz", server.address);
    let ready = Command::new("timeout").args(["10", "bash", "-c", until, &url]).status();
    assert!(ready.unwrap().success());
    let report = run_inside(&server, &["doctor", "--data", there], 0);
    assert!(!report.contains("WRONG"), "{report}");
    assert_eq!(server.stop(), Some(0));
}
