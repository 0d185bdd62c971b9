//! `hallpass workspace` and `hallpass operations`, on the database of a server that runs.

use std::process::Output;

use hallpass_testkit::{TestServer, TestWorkspace};
use serde_json::{Value, json};

use crate::server::Server;
use crate::{check, command, folder};

/// Runs a command on the town's database; what it prints when its exit code is this.
fn run(server: &TestServer, code: i32, arguments: &[&str]) -> String {
    let database = server.database.location();
    let arguments = [&["--database", &database], arguments].concat();
    let Output { stdout, stderr, status } = command(&arguments).output().unwrap();
    let text = String::from_utf8([stdout, stderr].concat()).unwrap();
    assert_eq!(status.code(), Some(code), "{arguments:?}: {text}");
    text
}

async fn workspace(server: &TestServer) -> TestWorkspace<'_> {
    let workspace = server.found("harmony").await;
    let _ = workspace.record(&workspace.anna, "insights", "Quartz").await;
    workspace
}

/// HARMONY-46
#[tokio::test(flavor = "multi_thread")]
async fn the_operator_exports_what_members_do_not() {
    let server = TestServer::on_file().await;
    let workspace = workspace(&server).await;
    workspace.anna.get("/export").await.refused(403, "not_self_serve");

    let text = run(&server, 0, &["workspace", "export", "acme"]);

    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let quartz = |line: &&Value| line["kind"] == "record" && line["title"] == "Quartz";
    assert_eq!(lines.iter().filter(quartz).count(), 1);
    assert_eq!((&lines[0]["kind"], &lines[0]["slug"]), (&json!("workspace"), &json!("acme")));
    let file = std::env::temp_dir().join(format!("hallpass_{}.jsonl", workspace.anna.id));
    let name = file.to_str().unwrap();
    let _ = run(&server, 0, &["workspace", "export", "acme", "--output", name]);
    let written = std::fs::read_to_string(&file).unwrap();
    // An export overwrites nothing.
    let refused = run(&server, 2, &["workspace", "export", "acme", "--output", name]);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(written.lines().count(), lines.len());
    assert!(refused.contains("cannot make"), "{refused}");
    let told = run(&server, 0, &["operations", "list"]);
    assert_eq!(told.matches("workspace.export").count(), 2, "{told}");
}

/// HARMONY-16, HARMONY-63
#[tokio::test(flavor = "multi_thread")]
async fn the_operator_makes_and_removes_workspaces_on_the_record() {
    let server = TestServer::on_file().await;
    let workspace = workspace(&server).await;
    let more = ["--name", "More", "--slug", "more", "--blueprint", "harmony"];
    let make = ["workspace", "create", "--for", "anna@example.com"];

    let _ = run(&server, 0, &[&make[..], &more].concat());

    let there = workspace.anna.at("more").await.get("/me").await.expect(200);
    assert_eq!(there.text("role"), "admin");
    let refused = run(&server, 2, &["workspace", "delete", "acme", "--confirm", "Acme"]);
    assert!(refused.contains("`acme`"), "{refused}");
    let _ = run(&server, 0, &["workspace", "delete", "acme", "--confirm", "acme"]);
    workspace.anna.get("").await.refused(404, "not_found");
    let listed = run(&server, 0, &["workspace", "list"]);
    let line = listed.lines().find(|line| line.starts_with("acme ")).unwrap();
    assert!(line.contains("deleted, purged after "), "{listed}");
    let _ = run(&server, 0, &["workspace", "purge", "acme", "--confirm", "acme"]);
    let listed = run(&server, 0, &["workspace", "list"]);
    assert!(!listed.contains("acme"), "{listed}");
    let told = run(&server, 0, &["operations", "list"]);
    for done in ["workspace.create", "workspace.delete", "workspace.purge"] {
        assert!(told.contains(done), "{told}");
    }
    assert!(told.contains("purge_at"), "{told}");
}

const ANNA: &str = r#"{"email": "anna@example.com", "password": "correct horse battery",
    "first_name": "Anna"}"#;

#[test]
fn an_operator_creates_exports_deletes_restores_and_purges() {
    let folder = folder("operator");
    let server = Server::start(&folder, &[]);
    server.post("anna", "/api/v1/accounts", ANNA, 201);
    let data = folder.join("hallpass-data");
    let run = |arguments: &[&str], code: i32, says: &str| {
        let flags = ["--data", data.to_str().unwrap()];
        check(&[&["workspace"], arguments, &flags].concat(), code, &[says]);
    };
    let acme = "/api/v1/workspaces/acme";

    let asked = ["create", "--for", "anna@example.com", "--name", "Acme", "--slug", "acme"];
    run(&[&asked[..], &["--blueprint", "harmony"]].concat(), 0, "created acme (wsp_");
    assert_eq!(server.get("anna", acme, 200)["name"], "Acme");
    run(&["list"], 0, "harmony");
    run(
        &["create", "--for", "zoe@example.com", "--name", "Zoo", "--slug", "zoo"],
        2,
        "no such account",
    );
    run(&asked, 2, "the slug `acme` is taken");
    run(&["export", "acme"], 0, "\"kind\":\"workspace\"");

    run(&["delete", "acme", "--confirm", "Acme"], 2, "`acme`");
    run(&["purge", "acme", "--confirm", "acme"], 2, "delete it first");
    server.get("anna", acme, 200);
    run(&["delete", "acme", "--confirm", "acme"], 0, "deleted acme");
    server.get("anna", acme, 404);
    run(&["restore", "acme"], 0, "restored acme");
    server.get("anna", acme, 200);
    run(&["delete", "acme", "--confirm", "acme"], 0, "deleted acme");
    run(&["purge", "acme", "--confirm", "acme"], 0, "nothing of it is left");

    run(&["restore", "acme"], 2, "no such workspace");
    let operations = ["operations", "list", "--data", data.to_str().unwrap()];
    let each =
        ["workspace.create", "workspace.export", "workspace.delete", "workspace.restore"];
    check(&operations, 0, &each);
    check(&operations, 0, &["workspace.purge"]);
}

#[test]
fn a_command_makes_no_database_of_its_own() {
    let folder = folder("nothing");
    let data = folder.join("data");

    check(
        &["workspace", "list", "--data", data.to_str().unwrap()],
        2,
        &["there is no database", "start the server first"],
    );

    assert!(!data.exists());
}
