//! `hallpass workspace` and `hallpass operations`, on the database of a running server.

use hallpass_testkit::{TestServer, TestWorkspace};
use serde_json::{Value, json};

use crate::cli::{self, check, folder};
use crate::server::{ANNA, Server};

/// Runs a command on the database of a server and checks its exit code; what it prints.
fn run(server: &TestServer, code: i32, arguments: &[&str]) -> String {
    let database = server.database.location();
    cli::run(&[arguments, &["--database", &database]].concat(), code)
}

async fn workspace(server: &TestServer) -> TestWorkspace<'_> {
    let workspace = server.found("harmony").await;
    let _ = workspace.record(&workspace.anna, "insights", "Quartz").await;
    workspace
}

/// HARMONY-46
#[tokio::test(flavor = "multi_thread")]
async fn operator_exports_a_workspace_that_members_cannot() {
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
    // An existing file is not overwritten.
    let refused = run(&server, 2, &["workspace", "export", "acme", "--output", name]);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(written.lines().count(), lines.len());
    assert!(refused.contains("cannot create"), "{refused}");
    let operations = run(&server, 0, &["operations", "list"]);
    assert_eq!(operations.matches("workspace.export").count(), 2, "{operations}");
}

/// HARMONY-16, HARMONY-63
#[tokio::test(flavor = "multi_thread")]
async fn operator_creates_and_purges_workspaces_and_each_operation_is_recorded() {
    let server = TestServer::on_file().await;
    let workspace = workspace(&server).await;
    let more = ["--name", "More", "--slug", "more", "--blueprint", "harmony"];
    let create = ["workspace", "create", "--for", "anna@example.com"];

    let _ = run(&server, 0, &[&create[..], &more].concat());

    let me = workspace.anna.at("more").await.get("/me").await.expect(200);
    assert_eq!(me.text("role"), "admin");
    let refused = run(&server, 2, &["workspace", "delete", "acme", "--confirm", "Acme"]);
    assert!(refused.contains("`acme`"), "{refused}");
    let _ = run(&server, 0, &["workspace", "delete", "acme", "--confirm", "acme"]);
    workspace.anna.get("").await.refused(404, "not_found");
    let listed = run(&server, 0, &["workspace", "list"]);
    let line = listed.lines().find(|line| line.starts_with("acme ")).unwrap();
    assert!(line.contains("deleted, will be purged after "), "{listed}");
    let _ = run(&server, 0, &["workspace", "purge", "acme", "--confirm", "acme"]);
    let listed = run(&server, 0, &["workspace", "list"]);
    assert!(!listed.contains("acme"), "{listed}");
    let operations = run(&server, 0, &["operations", "list"]);
    for done in ["workspace.create", "workspace.delete", "workspace.purge"] {
        assert!(operations.contains(done), "{operations}");
    }
    assert!(operations.contains("purge_at"), "{operations}");
}

#[tokio::test(flavor = "multi_thread")]
async fn operator_compares_and_replaces_the_access_model() {
    let server = TestServer::on_file().await;
    let workspace = workspace(&server).await;
    let shipped = hallpass_domain::blueprint::find("harmony").unwrap();
    let text = shipped.replacen("id = \"harmony\"", "id = \"mine\"", 1);
    let file = std::env::temp_dir().join(format!("hallpass_{}.toml", workspace.anna.id));
    std::fs::write(&file, &text).unwrap();
    let name = file.to_str().unwrap();

    let other = run(&server, 1, &["workspace", "blueprint", "acme", "halo", "--apply"]);
    let compared = run(&server, 0, &["workspace", "blueprint", "acme", name]);
    let before = workspace.anna.get("/blueprint").await.expect(200);
    let applied = run(&server, 0, &["workspace", "blueprint", "acme", name, "--apply"]);
    std::fs::remove_file(&file).unwrap();

    assert!(other.contains("does not fit: "), "{other}");
    assert!(other.contains("nothing was changed"), "{other}");
    assert!(compared.contains("add `--apply`"), "{compared}");
    assert_eq!(before.text("id"), "harmony");
    assert!(applied.contains("replaced the access model of acme by mine"), "{applied}");
    assert_eq!(workspace.anna.get("/blueprint").await.expect(200).text("text"), text);
    let operations = run(&server, 0, &["operations", "list"]);
    assert_eq!(operations.matches("blueprint.replace").count(), 1, "{operations}");
}

#[test]
fn operator_creates_exports_deletes_restores_and_purges() {
    let folder = folder("operator");
    let server = Server::start(&folder, &[]);
    server.post("anna", "/api/v1/accounts", ANNA, 201);
    let data = folder.join("hallpass-data");
    let run = |arguments: &[&str], code: i32, expected: &str| {
        let flags = ["--data", data.to_str().unwrap()];
        check(&[&["workspace"], arguments, &flags].concat(), code, &[expected]);
    };
    let acme = "/api/v1/workspaces/acme";

    let create = ["create", "--for", "anna@example.com", "--name", "Acme", "--slug", "acme"];
    run(&create, 2, "`anna@example.com` is not confirmed");
    let link = server.mailed_link("confirmations");
    server.post("anna", &format!("/api/v1/{link}"), "{}", 204);
    run(&[&create[..], &["--blueprint", "harmony"]].concat(), 0, "created acme (wsp_");
    assert_eq!(server.get("anna", acme, 200)["name"], "Acme");
    run(&["list"], 0, "harmony");
    run(
        &["create", "--for", "zoe@example.com", "--name", "Zoo", "--slug", "zoo"],
        2,
        "no such account",
    );
    run(&create, 2, "the slug `acme` is taken");
    run(&["export", "acme"], 0, "\"kind\":\"workspace\"");

    run(&["delete", "acme", "--confirm", "Acme"], 2, "`acme`");
    run(&["purge", "acme", "--confirm", "acme"], 2, "delete it first");
    server.get("anna", acme, 200);
    run(&["delete", "acme", "--confirm", "acme"], 0, "deleted acme");
    server.get("anna", acme, 404);
    run(&["restore", "acme"], 0, "restored acme");
    server.get("anna", acme, 200);
    run(&["delete", "acme", "--confirm", "acme"], 0, "deleted acme");
    run(&["purge", "acme", "--confirm", "acme"], 0, "permanently deleted acme");

    run(&["restore", "acme"], 2, "no such workspace");
    let operations = ["operations", "list", "--data", data.to_str().unwrap()];
    let each =
        ["workspace.create", "workspace.export", "workspace.delete", "workspace.restore"];
    check(&operations, 0, &each);
    check(&operations, 0, &["workspace.purge"]);
}

#[test]
fn missing_database_is_not_created() {
    let folder = folder("nothing");
    let data = folder.join("data");

    check(
        &["workspace", "list", "--data", data.to_str().unwrap()],
        2,
        &["no database `", "start the server once to create it"],
    );

    assert!(!data.exists());
}
