//! `hallpass serve`: what it leaves behind, and what it says when it cannot start.

use std::net::TcpListener;
use std::path::Path;

use hallpass_store::{Db, Options};

use crate::server::Server;
use crate::{check, folder};

const ANNA: &str = r#"{"email": "anna@example.com", "password": "correct horse battery",
    "first_name": "Anna"}"#;

const ACME: &str = r#"{"name": "Acme", "slug": "acme"}"#;

/// The server does not start: it says so in one line.
fn refuses(arguments: &[&str], says: &str) {
    let arguments = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
    check(&arguments, 2, &[says]);
}

#[test]
fn a_server_that_is_told_to_stop_leaves_one_whole_file() {
    let folder = folder("stop");
    let server = Server::start(&folder, &[]);
    server.post("anna", "/api/v1/accounts", ANNA, 201);
    server.post("anna", "/api/v1/workspaces", ACME, 201);

    let code = server.stop();

    assert_eq!(code, Some(0));
    let data = folder.join("hallpass-data");
    let log = std::fs::metadata(data.join("hallpass.db-wal"));
    assert!(log.is_err() || log.is_ok_and(|log| log.len() == 0), "the log is not in the file");
    let again = Server::start(&folder, &[]);
    assert_eq!(again.get("anna", "/api/v1/workspaces/acme", 200)["name"], "Acme");
}

#[test]
fn what_was_answered_survives_a_server_that_is_killed() {
    let folder = folder("killed");
    let server = Server::start(&folder, &[]);
    server.post("anna", "/api/v1/accounts", ANNA, 201);
    server.post("anna", "/api/v1/workspaces", ACME, 201);
    let record = r#"{"fields": {"name": "Zoe"}}"#;
    for _ in 0..5 {
        server.post("anna", "/api/v1/workspaces/acme/records/contacts", record, 201);
    }

    drop(server);

    let again = Server::start(&folder, &[]);
    let kept = again.get("anna", "/api/v1/workspaces/acme/records/contacts", 200);
    assert_eq!(kept["total"], 5);
    assert_eq!(kept["items"].as_array().unwrap().len(), 5);
}

#[test]
fn a_port_that_is_taken_is_told_before_anything_is_made() {
    let folder = folder("port");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = folder.join("data");

    check(
        &["serve", "--listen", &address, "--data", data.to_str().unwrap()],
        2,
        &[&format!("`{address}`"), "--listen"],
    );

    assert!(!data.exists());
}

#[test]
fn a_file_that_is_no_database_of_ours_is_left_as_it_is() {
    let folder = folder("theirs");
    let notes = folder.join("notes.txt");
    std::fs::write(&notes, "milk, bread and a text that is longer than any header").unwrap();
    let before = std::fs::read(&notes).unwrap();
    let data = folder.to_str().unwrap();

    refuses(&["--data", data, "--database", notes.to_str().unwrap()], "notes.txt");
    refuses(&["--data", notes.to_str().unwrap()], "is a file; choose another with `--data`");
    refuses(&["--data", "/proc/nowhere"], "cannot make the data folder `/proc/nowhere`");

    assert_eq!(std::fs::read(&notes).unwrap(), before);
}

/// Runs a statement in a database.
fn alter(database: &Path, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let location = database.to_str().unwrap();
        let db = Db::open(location, &Options::default()).await.unwrap();
        let mut tx = db.write().await.unwrap();
        tx.execute(sql, &[]).await.unwrap();
        tx.commit().await.unwrap();
    });
}

#[test]
fn a_database_of_a_newer_version_is_told_in_a_line() {
    let folder = folder("newer");
    Server::start(&folder, &[]).stop();
    let data = folder.join("hallpass-data");
    let sql = "INSERT INTO hallpass_migrations (number, name, checksum) VALUES \
               (9000, '9000_flying_cars', 'x')";
    alter(&data.join("hallpass.db"), sql);

    refuses(&["--data", data.to_str().unwrap()], "newer version of Hallpass");
}
