//! `hallpass serve`: what it leaves behind, and its errors when it cannot start.

use std::net::TcpListener;
use std::path::Path;

use hallpass_store::{Db, Options};

use crate::cli::{check, folder};
use crate::server::{ACME, ANNA, Server};

/// Checks that the server does not start, and says why.
fn refuses(arguments: &[&str], expected: &str) {
    let arguments = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
    check(&arguments, 2, &[expected]);
}

#[test]
fn stopped_server_leaves_one_database_file() {
    let folder = folder("stop");
    let server = Server::start(&folder, &[]);
    server.found();

    let code = server.stop();

    assert_eq!(code, Some(0));
    let data = folder.join("hallpass-data");
    let log = std::fs::metadata(data.join("hallpass.db-wal"));
    assert!(
        log.is_err() || log.is_ok_and(|log| log.len() == 0),
        "the write-ahead log is not merged"
    );
    let again = Server::start(&folder, &[]);
    assert_eq!(again.get("anna", "/api/v1/workspaces/acme", 200)["name"], "Acme");
}

#[test]
fn committed_changes_survive_a_killed_server() {
    let folder = folder("killed");
    let server = Server::start(&folder, &[]);
    server.found();
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
fn requests_with_a_key_happen_once_although_the_server_is_killed() {
    let folder = folder("once");
    let mut server = Server::start(&folder, &[]);
    server.found();
    let path = "/api/v1/workspaces/acme/records/contacts";
    for n in 0..12 {
        let (key, body) = (format!("key-{n}"), r#"{"fields": {"name": "Zoe"}}"#);
        let mut killed = server.start_post("anna", path, body, &key);
        for _ in 0..n % 4 {
            server.get("anna", path, 200);
        }
        drop(server);
        killed.wait().unwrap();

        server = Server::start(&folder, &[]);
        let again = server.start_post("anna", path, body, &key).wait_with_output().unwrap();
        let again = String::from_utf8(again.stdout).unwrap();
        assert!(again.ends_with("201"), "{again}");
    }

    assert_eq!(server.get("anna", path, 200)["total"], 12);
}

/// The token of the set-up link that a server printed.
fn setup_token(server: &Server) -> Option<&str> {
    let base = format!("http://{}/setup/", server.address);
    let (_, rest) = server.printed.split_once(&base)?;
    rest.lines().next()
}

#[test]
fn server_prints_a_set_up_link_until_there_is_an_account() {
    let folder = folder("setup");
    let server = Server::start(&folder, &[]);
    let unused = setup_token(&server).unwrap().to_owned();
    assert!(unused.len() > 40, "{unused}");
    drop(server);

    let server = Server::start(&folder, &[]);
    server.post("anna", &format!("/api/v1/setup/{unused}"), ANNA, 409);
    let path = format!("/api/v1/setup/{}", setup_token(&server).unwrap());
    let anna = server.post("anna", &path, ANNA, 201);

    assert_eq!(anna["email_confirmed"], true);
    server.post("anna", "/api/v1/workspaces", ACME, 201);
    let _ = server.stop();
    let server = Server::start(&folder, &[]);
    assert_eq!(setup_token(&server), None, "{}", server.printed);
    assert!(server.printed.contains("To sign up"), "{}", server.printed);
}

#[test]
fn used_port_is_reported_before_anything_is_created() {
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
fn file_that_is_not_our_database_is_not_changed() {
    let folder = folder("theirs");
    let notes = folder.join("notes.txt");
    std::fs::write(&notes, "milk, bread and a text that is longer than any header").unwrap();
    let before = std::fs::read(&notes).unwrap();
    let data = folder.to_str().unwrap();

    refuses(&["--data", data, "--database", notes.to_str().unwrap()], "notes.txt");
    refuses(&["--data", notes.to_str().unwrap()], "is a file; choose another with `--data`");
    refuses(&["--data", "/proc/nowhere"], "cannot create the data folder `/proc/nowhere`");

    assert_eq!(std::fs::read(&notes).unwrap(), before);
}

/// Executes a statement in a database.
fn execute(database: &Path, sql: &str) {
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
fn database_of_a_newer_version_is_refused() {
    let folder = folder("newer");
    Server::start(&folder, &[]).stop();
    let data = folder.join("hallpass-data");
    let sql = "INSERT INTO hallpass_migrations (number, name, checksum) VALUES \
               (9000, '9000_flying_cars', 'x')";
    execute(&data.join("hallpass.db"), sql);

    refuses(&["--data", data.to_str().unwrap()], "newer version of Hallpass");
}
