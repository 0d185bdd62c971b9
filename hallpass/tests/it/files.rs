//! Files of a database that were lost, mixed or copied from below a server: told at the start, and not
//! served as an empty or broken database.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::{BINARY, check, folder, run};
use crate::server::Server;

/// A server with a workspace.
fn serve(folder: &Path) -> Server {
    let server = Server::start(folder, &[]);
    server.found();
    server
}

fn database(folder: &Path) -> PathBuf {
    folder.join("hallpass-data/hallpass.db")
}

fn log(folder: &Path) -> PathBuf {
    folder.join("hallpass-data/hallpass.db-wal")
}

/// A folder with what a server has left that was killed.
fn killed(name: &str) -> PathBuf {
    let folder = folder(name);
    drop(serve(&folder));
    folder
}

/// Checks that the server and commands refuse the files, say why, and leave them as they are.
fn refuses(folder: &Path, why: &str) {
    let read = || (fs::read(database(folder)).ok(), fs::read(log(folder)).ok());
    let before = read();
    let data = folder.join("hallpass-data");
    let data = data.to_str().unwrap();
    for words in [&["serve", "--listen", "127.0.0.1:0"][..], &["workspace", "list"]] {
        check(&[words, &["--data", data]].concat(), 2, &[why, "hallpass restore"]);
        assert!(read() == before, "{words:?} has changed the files");
    }
}

#[test]
fn what_a_killed_server_leaves_is_served() {
    let folder = killed("left");
    let server = Server::start(&folder, &[]);
    assert_eq!(server.get("anna", "/api/v1/workspaces/acme", 200)["name"], "Acme");
    drop(server);
    // A command between two starts leaves the log where it is.
    let data = folder.join("hallpass-data");
    run(&["workspace", "list", "--data", data.to_str().unwrap()], 0);
    let server = Server::start(&folder, &[]);
    assert_eq!(server.get("anna", "/api/v1/workspaces/acme", 200)["name"], "Acme");
}

#[test]
fn a_young_server_has_its_schema_in_the_file() {
    let folder = folder("young");
    let server = Server::start(&folder, &[]);
    let length = fs::metadata(database(&folder)).unwrap().len();
    assert!(length > 100_000, "{length} bytes");
    drop(server);
}

#[test]
fn a_file_without_its_log_is_refused() {
    let folder = folder("alone");
    let server = serve(&folder);
    let copy = self::folder("alone_copy");
    fs::create_dir(copy.join("hallpass-data")).unwrap();
    fs::copy(database(&folder), database(&copy)).unwrap();
    drop(server);

    refuses(&copy, "was in use by a server, and its write-ahead log");
    fs::remove_file(log(&folder)).unwrap();
    refuses(&folder, "is missing: the latest changes are not in the file");
    fs::write(log(&folder), "").unwrap();
    refuses(&folder, "is empty: the latest changes are not in the file");

    let data = folder.join("hallpass-data");
    let data = data.to_str().unwrap();
    check(
        &["doctor", "--repair", "--data", data],
        0,
        &["accepted without its write-ahead log"],
    );
    assert!(Server::start(&folder, &[]).stop() == Some(0));
}

#[test]
fn an_empty_file_beside_a_full_log_is_refused() {
    let folder = killed("emptied");
    fs::write(database(&folder), "").unwrap();
    refuses(&folder, "is empty, and beside it is a write-ahead log");
    fs::remove_file(database(&folder)).unwrap();
    refuses(&folder, "does not exist, and beside it is a write-ahead log");
}

#[test]
fn a_log_of_another_database_is_refused() {
    let (one, other) = (killed("one"), killed("other"));
    fs::copy(log(&other), log(&one)).unwrap();
    refuses(&one, "do not belong together");
}

#[test]
fn files_of_two_moments_are_refused() {
    let folder = folder("moments");
    let server = serve(&folder);
    let early = self::folder("moments_early");
    fs::create_dir(early.join("hallpass-data")).unwrap();
    fs::copy(database(&folder), database(&early)).unwrap();
    fs::copy(log(&folder), log(&early)).unwrap();
    let _ = server.stop();
    // Another log begins after it was merged.
    let server = Server::start(&folder, &[]);
    server.post("anna", "/api/v1/workspaces/acme/teams", r#"{"name": "North"}"#, 201);
    drop(server);

    // An early file with a late log, and a late file with an early log.
    let late = self::folder("moments_late");
    fs::create_dir(late.join("hallpass-data")).unwrap();
    fs::copy(database(&folder), database(&late)).unwrap();
    fs::copy(log(&early), log(&late)).unwrap();
    refuses(&late, "do not belong together");
    fs::copy(log(&folder), log(&early)).unwrap();
    refuses(&early, "do not belong together");
}

#[test]
fn a_truncated_file_is_refused() {
    let folder = folder("truncated");
    let _ = serve(&folder).stop();
    let bytes = fs::read(database(&folder)).unwrap();
    fs::write(database(&folder), &bytes[..bytes.len() / 2]).unwrap();
    refuses(&folder, "is truncated");
    fs::write(database(&folder), &bytes).unwrap();
    assert_eq!(Server::start(&folder, &[]).stop(), Some(0));
}

#[test]
fn a_small_database_that_was_not_closed_is_checked() {
    let folder = killed("damaged");
    let mut bytes = fs::read(database(&folder)).unwrap();
    // A page in the middle, which the log has not.
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 40_960].fill(7);
    fs::write(database(&folder), bytes).unwrap();
    let data = folder.join("hallpass-data");
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()];
    check(&arguments, 2, &["is damaged", "hallpass restore"]);
}

#[test]
fn two_servers_do_not_share_a_file() {
    let folder = folder("shared");
    let server = serve(&folder);
    let data = folder.join("hallpass-data");
    let data = data.to_str().unwrap();
    check(
        &["serve", "--listen", "127.0.0.1:0", "--data", data],
        2,
        &["a server is running on", "stop it first"],
    );
    assert_eq!(server.get("anna", "/api/v1/workspaces/acme", 200)["name"], "Acme");
    // Commands run beside it.
    check(&["workspace", "list", "--data", data], 0, &["acme"]);
}

#[test]
fn a_backup_after_a_kill_leaves_what_the_next_start_needs() {
    let folder = killed("backed_up");
    let data = folder.join("hallpass-data");
    let backup = folder.join("one.db");

    run(&["backup", backup.to_str().unwrap(), "--data", data.to_str().unwrap()], 0);

    assert!(fs::metadata(log(&folder)).unwrap().len() > 0);
    let server = Server::start(&folder, &[]);
    assert_eq!(server.get("anna", "/api/v1/workspaces/acme", 200)["name"], "Acme");
    assert_eq!(server.stop(), Some(0));
    // A database that was closed has no log, and a backup leaves none.
    fs::remove_file(&backup).unwrap();
    run(&["backup", backup.to_str().unwrap(), "--data", data.to_str().unwrap()], 0);
    assert!(!log(&folder).exists());
}

#[test]
fn a_start_that_fails_is_not_in_the_way_of_the_next_one() {
    let folder = folder("failed_start");
    let _ = serve(&folder).stop();

    let start = "ulimit -n 200; exec \"$0\" --listen 127.0.0.1:0";
    let failed = Command::new("bash").args(["-c", start, BINARY]).current_dir(&folder).output();

    let failed = failed.unwrap();
    assert_eq!(failed.status.code(), Some(2), "{failed:?}");
    let server = Server::start(&folder, &[]);
    assert_eq!(server.get("anna", "/api/v1/workspaces/acme", 200)["name"], "Acme");
}

/// The server's data folder with a link in the place of the database, which is elsewhere.
#[cfg(unix)]
fn linked(name: &str) -> (PathBuf, PathBuf) {
    let folder = folder(name);
    let real = folder.join("elsewhere.db");
    fs::create_dir(folder.join("hallpass-data")).unwrap();
    std::os::unix::fs::symlink("../elsewhere.db", database(&folder)).unwrap();
    (folder, real)
}

#[test]
#[cfg(unix)]
fn a_link_to_a_database_is_as_good_as_its_file() {
    let (folder, real) = linked("linked");
    drop(serve(&folder));
    let server = Server::start(&folder, &[]);
    assert_eq!(server.get("anna", "/api/v1/workspaces/acme", 200)["name"], "Acme");

    // A second server, by the name of the file itself.
    let other = self::folder("linked_other");
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--data", other.to_str().unwrap()];
    let database = ["--database", real.to_str().unwrap()];
    check(&[&arguments[..], &database].concat(), 2, &["a server is running on"]);

    drop(server);
    let log = folder.join("elsewhere.db-wal");
    fs::remove_file(&log).unwrap();
    let data = folder.join("hallpass-data");
    check(
        &["workspace", "list", "--data", data.to_str().unwrap()],
        2,
        &["elsewhere.db-wal` is missing"],
    );
}

#[test]
#[cfg(unix)]
fn a_restore_replaces_what_a_link_leads_to() {
    let (folder, real) = linked("linked_restore");
    let server = serve(&folder);
    let data = folder.join("hallpass-data");
    let data = data.to_str().unwrap();
    let backup = folder.join("one.db");
    run(&["backup", backup.to_str().unwrap(), "--data", data], 0);
    server.post("anna", "/api/v1/workspaces/acme/teams", r#"{"name": "North"}"#, 201);
    drop(server);

    run(&["restore", backup.to_str().unwrap(), "--data", data], 0);

    assert!(fs::symlink_metadata(database(&folder)).unwrap().is_symlink());
    assert!(!fs::symlink_metadata(&real).unwrap().is_symlink());
    let server = Server::start(&folder, &[]);
    assert_eq!(server.get("anna", "/api/v1/workspaces/acme/teams", 200)["total"], 0);
}
