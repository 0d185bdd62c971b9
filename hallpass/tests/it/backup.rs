//! `hallpass backup`, `restore` and `doctor`, as an operator uses them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use rusqlite::Connection;

use crate::cli::{folder, run};
use crate::server::Server;

const CONTACTS: &str = "/api/v1/workspaces/acme/records/contacts";

const ZOE: &str = r#"{"fields": {"name": "Zoe"}}"#;

/// A server with a workspace.
fn serve(folder: &Path) -> Server {
    let server = Server::start(folder, &[]);
    server.found();
    server
}

fn data(folder: &Path) -> PathBuf {
    folder.join("hallpass-data")
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs a command on the data of a folder.
fn hallpass(folder: &Path, words: &[&str], code: i32) -> String {
    let data = data(folder);
    run(&[words, &["--data", text(&data)]].concat(), code)
}

fn count(database: &Path, sql: &str) -> i64 {
    let connection = Connection::open(database).unwrap();
    connection.query_row(sql, (), |row| row.get(0)).unwrap()
}

/// Writes with the session of a user until the end is set, and counts.
fn write(
    server: &Server,
    user: &str,
    end: &AtomicBool,
    (begun, acknowledged): (&AtomicI64, &AtomicI64),
) {
    while !end.load(Ordering::SeqCst) {
        begun.fetch_add(1, Ordering::SeqCst);
        server.post(user, CONTACTS, ZOE, 201);
        acknowledged.fetch_add(1, Ordering::SeqCst);
    }
}

/// Ends the writers, also when the test fails.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Restores a backup into a folder of its own and compares its parts with each other and with what was
/// acknowledged.
fn check_backup(backup: &Path, keys: &Path, into: &Path, (least, most): (i64, i64)) {
    fs::create_dir_all(data(into)).unwrap();
    fs::copy(keys, data(into).join("secret.key")).unwrap();
    hallpass(into, &["restore", text(backup)], 0);
    let report = hallpass(into, &["doctor"], 0);
    assert!(report.contains("counters") && !report.contains("WRONG"), "{report}");

    let database = data(into).join("hallpass.db");
    let records = count(&database, "SELECT count(*) FROM records");
    assert!((least..=most).contains(&records), "{records} of {least} to {most}");
    assert_eq!(count(&database, "SELECT coalesce(sum(n), 0) FROM record_counts"), records);
    assert_eq!(count(&database, "SELECT coalesce(sum(n), 0) FROM record_totals"), records);
    let entries = "SELECT count(*) FROM timeline t JOIN records r ON r.id = t.record_id AND t.action = 'create'";
    assert_eq!(count(&database, entries), records);
    assert_eq!(count(&database, "PRAGMA user_version") & 1, 0, "a backup is not in use");
    fs::remove_dir_all(into).unwrap();
}

#[test]
fn backups_under_three_writers_are_whole() {
    let rounds = if std::env::var_os("HALLPASS_LONG").is_some() { 100 } else { 10 };
    let folder = folder("backups");
    let server = serve(&folder);
    let (end, begun, acknowledged) =
        (AtomicBool::new(false), AtomicI64::new(0), AtomicI64::new(0));

    std::thread::scope(|scope| {
        let _end = End(&end);
        for user in ["one", "two", "three"] {
            // A client writes its cookies after each request.
            let cookies = |user: &str| folder.join(format!("{user}.cookies"));
            fs::copy(cookies("anna"), cookies(user)).unwrap();
            let counted = (&begun, &acknowledged);
            let (server, end) = (&server, &end);
            scope.spawn(move || write(server, user, end, counted));
        }
        for round in 0..rounds {
            let least = acknowledged.load(Ordering::SeqCst);
            let backup = folder.join(format!("{round}.db"));
            let report = hallpass(&folder, &["backup", text(&backup)], 0);
            let most = begun.load(Ordering::SeqCst);
            assert!(report.contains("integrity: every page is whole"), "{report}");
            let keys = data(&folder).join("secret.key");
            check_backup(&backup, &keys, &folder.join("restored"), (least, most));
        }
    });

    assert!(acknowledged.load(Ordering::SeqCst) > 0);
    let left = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().contains("part")).collect();
    assert_eq!(left, Vec::<std::ffi::OsString>::new());
}

#[test]
#[cfg(unix)]
fn a_backup_is_private_and_overwrites_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder("backup_file");
    drop(serve(&folder));
    let backup = folder.join("one.db");
    let report = hallpass(&folder, &["backup", text(&backup)], 0);
    assert!(report.contains("secret.key"), "{report}");
    assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
    let before = fs::read(&backup).unwrap();

    let refused = hallpass(&folder, &["backup", text(&backup)], 2);

    assert!(refused.contains("exists, and is not overwritten"), "{refused}");
    assert_eq!(fs::read(&backup).unwrap(), before);
    let refused = hallpass(&folder, &["backup", text(&folder.join("none/x.db"))], 2);
    assert!(refused.contains("cannot write"), "{refused}");
    let postgres = run(&["backup", "x.db", "--database", "postgres://u@localhost/hallpass"], 2);
    assert!(
        postgres.contains("pg_dump") && postgres.contains("docs/operations.md"),
        "{postgres}"
    );
    let postgres =
        run(&["restore", "x.db", "--database", "postgres://u@localhost/hallpass"], 2);
    assert!(postgres.contains("pg_restore"), "{postgres}");
}

#[test]
fn a_restore_replaces_the_database_and_keeps_the_former_one() {
    let folder = folder("restore");
    let server = serve(&folder);
    server.post("anna", CONTACTS, ZOE, 201);
    let backup = folder.join("one.db");
    hallpass(&folder, &["backup", text(&backup)], 0);
    server.post("anna", CONTACTS, ZOE, 201);

    let refused = hallpass(&folder, &["restore", text(&backup)], 2);
    assert!(refused.contains("a server is running on"), "{refused}");
    assert_eq!(server.get("anna", CONTACTS, 200)["total"], 2);
    // Killed, so that the latest changes are in the log alone.
    drop(server);
    assert!(fs::metadata(data(&folder).join("hallpass.db-wal")).unwrap().len() > 0);
    let report = hallpass(&folder, &["restore", text(&backup)], 0);

    let files = fs::read_dir(data(&folder)).unwrap().map(|file| file.unwrap().path());
    let kept: Vec<PathBuf> =
        files.filter(|file| text(file).contains("before-restore")).collect();
    let [kept] = kept.as_slice() else { panic!("{kept:?}") };
    assert!(report.contains(text(kept)), "{report}");
    assert_eq!(count(kept, "SELECT count(*) FROM records"), 2);
    let server = Server::start(&folder, &[]);
    assert_eq!(server.get("anna", CONTACTS, 200)["total"], 1);
    drop(server);
    hallpass(&folder, &["restore", text(kept)], 0);
    assert_eq!(Server::start(&folder, &[]).get("anna", CONTACTS, 200)["total"], 2);
}

#[test]
fn a_restore_refuses_what_is_no_backup_and_changes_nothing() {
    let folder = folder("no_backup");
    let server = serve(&folder);
    let newer = folder.join("newer.db");
    hallpass(&folder, &["backup", text(&newer)], 0);
    let live = folder.join("live.db");
    fs::copy(data(&folder).join("hallpass.db"), &live).unwrap();
    let damaged = folder.join("damaged.db");
    hallpass(&folder, &["backup", text(&damaged)], 0);
    let _ = server.stop();
    let sql = "INSERT INTO hallpass_migrations (number, name, checksum) VALUES \
               (9000, '9000_flying_cars', 'x')";
    Connection::open(&newer).unwrap().execute(sql, ()).unwrap();
    let mut bytes = fs::read(&damaged).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 8192].fill(7);
    fs::write(&damaged, bytes).unwrap();
    let truncated = folder.join("truncated.db");
    fs::write(&truncated, &fs::read(&newer).unwrap()[..100_000]).unwrap();
    fs::write(folder.join("empty.db"), "").unwrap();
    fs::write(folder.join("notes.txt"), "milk and bread ".repeat(100)).unwrap();
    let before = fs::read(data(&folder).join("hallpass.db")).unwrap();

    for (file, why) in [
        ("newer.db", "newer version of Hallpass"),
        ("live.db", "was in use by a server"),
        ("damaged.db", "is damaged"),
        ("truncated.db", "is truncated"),
        ("empty.db", "is not a backup"),
        ("notes.txt", "is not a backup"),
        ("nothing.db", "cannot be read"),
        ("hallpass-data/hallpass.db", "is the database itself"),
    ] {
        let refused = hallpass(&folder, &["restore", text(&folder.join(file))], 2);
        assert!(refused.contains(why), "{file}: {refused}");
        assert_eq!(fs::read(data(&folder).join("hallpass.db")).unwrap(), before, "{file}");
    }

    let names: Vec<String> = fs::read_dir(data(&folder))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("part") || name.contains("restore"))
        .collect();
    assert_eq!(names, Vec::<String>::new());
}

#[test]
fn a_restore_leaves_the_database_of_another_program_alone() {
    let folder = folder("foreign");
    let _ = serve(&folder).stop();
    let backup = folder.join("one.db");
    hallpass(&folder, &["backup", text(&backup)], 0);
    let foreign = folder.join("foreign.db");
    let sql =
        "CREATE TABLE songs (name TEXT); PRAGMA user_version = 7; PRAGMA journal_mode = WAL";
    Connection::open(&foreign).unwrap().execute_batch(sql).unwrap();
    let before = fs::read(&foreign).unwrap();

    let refused =
        hallpass(&folder, &["restore", text(&backup), "--database", text(&foreign)], 2);

    assert!(refused.contains("not of Hallpass"), "{refused}");
    assert_eq!(fs::read(&foreign).unwrap(), before);
}

#[test]
fn doctor_finds_what_is_wrong_and_repairs_counters() {
    let folder = folder("doctor");
    let server = serve(&folder);
    server.post("anna", CONTACTS, ZOE, 201);
    // It checks beside the server.
    let report = hallpass(&folder, &["doctor"], 0);
    assert!(report.contains("ok        counters"), "{report}");
    let _ = server.stop();
    let database = data(&folder).join("hallpass.db");
    let change = |sql: &str| Connection::open(&database).unwrap().execute_batch(sql).unwrap();

    change("UPDATE record_counts SET n = n + 3; UPDATE record_totals SET n = n - 1");
    let report = hallpass(&folder, &["doctor"], 1);
    assert!(
        report.contains("WRONG     counters")
            && report.contains("`acme` counts 4 instead of 1"),
        "{report}"
    );
    let report = hallpass(&folder, &["doctor", "counters"], 1);
    assert!(report.contains("WRONG     counters") && !report.contains("audit"), "{report}");
    let report = hallpass(&folder, &["doctor", "counters", "--repair"], 0);
    assert!(report.contains("repaired  counters"), "{report}");
    assert!(hallpass(&folder, &["doctor"], 0).contains("ok        counters"));
    assert_eq!(count(&database, "SELECT sum(n) FROM record_counts"), 1);
    assert_eq!(count(&database, "SELECT sum(n) FROM record_totals"), 1);

    change("UPDATE audit SET revision = revision + 1000");
    assert!(hallpass(&folder, &["doctor"], 1).contains("of a later revision than its own"));
    change("UPDATE audit SET revision = revision - 1000");
    change("INSERT INTO audit_subjects SELECT id, 'x', id FROM workspaces");
    assert!(hallpass(&folder, &["doctor"], 1).contains("lacks the entries of"));
    change("DELETE FROM audit_subjects");
    change("PRAGMA foreign_keys = OFF; DELETE FROM workspaces");
    assert!(
        hallpass(&folder, &["doctor"], 1).contains("refers to a missing one of `workspaces`")
    );
    fs::remove_file(data(&folder).join("secret.key")).unwrap();
    assert!(hallpass(&folder, &["doctor"], 1).contains("WRONG     keys"));
    assert!(!data(&folder).join("secret.key").exists(), "a check makes no key");
}
