//! `hallpass workspace`: the operator's side of workspaces, while the server runs.

use crate::server::Server;
use crate::{check, folder};

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
