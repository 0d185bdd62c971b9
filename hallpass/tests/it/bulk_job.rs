//! `kill -9` of a server that runs a bulk job or prepares exports: after each restart it goes on, and ends exactly.

use std::time::Duration;

use serde_json::Value;

use crate::cli::{folder, run};
use crate::server::Server;

const CONTACTS: &str = "/api/v1/workspaces/acme/records/contacts?limit=1";
const JOBS: &str = "/api/v1/workspaces/acme/bulk-jobs";

/// The records of a job.
const RECORDS: u64 = 6_000;

/// How long a server runs before it is killed, in milliseconds, in turn.
const LIVES: [u64; 5] = [350, 40, 700, 150, 1_200];

/// How often it is killed at most before it may finish.
const KILLS: usize = 12;

/// The latest job.
fn job(server: &Server) -> Value {
    server.get("anna", &format!("{JOBS}?limit=1"), 200)["items"][0].clone()
}

/// How far the latest jobs came together, and whether one of them runs.
fn progress(server: &Server, jobs: u64) -> (u64, bool) {
    let page = server.get("anna", &format!("{JOBS}?limit={jobs}"), 200);
    let jobs = page["items"].as_array().unwrap();
    let done = jobs.iter().map(|job| job["done"].as_u64().unwrap()).sum();
    (done, jobs.iter().any(|job| job["state"] == "running"))
}

/// Kills the server again and again while it runs its latest jobs, then lets it finish. Returns the server,
/// and in how many lives it came further.
fn kill_until_done(
    folder: &std::path::Path,
    server: Server,
    (jobs, lives): (u64, &[u64]),
) -> (Server, usize) {
    let (mut server, mut further, mut done) = (server, 0, 0);
    for kill in 0..KILLS {
        std::thread::park_timeout(Duration::from_millis(lives[kill % lives.len()]));
        server.kill();
        drop(server);
        server = Server::start(folder, &[]);
        let (now, is_running) = progress(&server, jobs);
        assert!(now >= done && now <= jobs * RECORDS, "{now} after {done}");
        further += usize::from(now > done);
        done = now;
        if !is_running {
            break;
        }
    }
    while progress(&server, jobs).1 {
        std::thread::park_timeout(Duration::from_millis(200));
    }
    (server, further)
}

/// Starts the import of the records.
fn import(folder: &std::path::Path, server: &Server) {
    let lines = (0..RECORDS).map(|n| format!("Contact {n}")).collect::<Vec<_>>().join("\n");
    std::fs::write(folder.join("contacts.csv"), format!("name\n{lines}")).unwrap();
    let path = "/workspace/acme/records/contacts/import";
    assert_eq!(server.submit("anna", path, &["do=import", "text@contacts.csv"]), 303);
}

#[test]
fn a_bulk_job_goes_on_after_kills_and_ends_exactly() {
    let folder = folder("bulk-job");
    let server = Server::start(&folder, &[]);
    server.found();
    import(&folder, &server);

    // An import.
    let (server, imported_in) = kill_until_done(&folder, server, (1, &LIVES));
    let import = job(&server);
    assert_eq!(
        (&import["state"], import["done"].as_u64()),
        (&Value::from("done"), Some(RECORDS))
    );
    assert_eq!(server.get("anna", CONTACTS, 200)["total"], RECORDS);

    // A reassignment of what was imported.
    let me = server.get("anna", "/api/v1/workspaces/acme/me", 200);
    let ask = format!(r#"{{"from": {}, "to": "unowned"}}"#, me["id"]);
    let started = server.post("anna", "/api/v1/workspaces/acme/reassignments", &ask, 202);
    assert_eq!(started["total"], RECORDS, "{started}");
    let (server, moved_in) = kill_until_done(&folder, server, (1, &LIVES));
    let moved = job(&server);
    assert_eq!(
        (&moved["state"], moved["done"].as_u64()),
        (&Value::from("done"), Some(RECORDS))
    );
    let unowned = format!("{CONTACTS}&owner=unowned");
    assert_eq!(server.get("anna", &unowned, 200)["total"], RECORDS);
    assert_eq!(server.stop(), Some(0));

    assert!(imported_in + moved_in >= 3, "{imported_in} and {moved_in} lives came further");
    let database =
        rusqlite::Connection::open(folder.join("hallpass-data/hallpass.db")).unwrap();
    let count = |sql: &str| -> u64 {
        let n: i64 = database.query_row(sql, (), |row| row.get(0)).unwrap();
        u64::try_from(n).unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM records"), RECORDS);
    for action in ["create", "reassign"] {
        let events = format!("SELECT count(*) FROM timeline WHERE action = '{action}'");
        assert_eq!(count(&events), RECORDS, "{action}");
        let distinct =
            format!("SELECT count(DISTINCT record_id) FROM timeline WHERE action = '{action}'");
        assert_eq!(count(&distinct), RECORDS, "{action}");
    }
    assert_eq!(count("SELECT count(*) FROM audit WHERE action = 'bulk_job.end'"), 2);
    let data = folder.join("hallpass-data");
    run(&["doctor", "--data", data.to_str().unwrap()], 0);
}

#[test]
fn exports_go_on_after_kills_and_their_files_are_the_direct_one() {
    const EXPORT: &str = "/api/v1/workspaces/acme/records/contacts/export";
    let folder = folder("export-file");
    let server = Server::start(&folder, &[]);
    server.found();
    import(&folder, &server);
    while job(&server)["state"] == "running" {
        std::thread::park_timeout(Duration::from_millis(100));
    }
    let direct = server.download("anna", EXPORT);
    let lines = u64::try_from(direct.lines().count()).unwrap();
    assert_eq!(lines, RECORDS + 1);

    // As many as a member can have at once.
    let asked: Vec<Value> =
        (0..5).map(|_| server.post("anna", EXPORT, "", 202)["id"].clone()).collect();
    let (server, prepared_in) = kill_until_done(&folder, server, (5, &LIVES));

    for id in &asked {
        let path = format!("/api/v1/workspaces/acme/exports/{}", id.as_str().unwrap());
        let ready = server.get("anna", &path, 200);
        assert_eq!(
            (&ready["state"], ready["done"].as_u64()),
            (&Value::from("ready"), Some(RECORDS))
        );
        let file = server.download("anna", &format!("{path}/file"));
        assert!(file == direct, "{} bytes of {}", file.len(), direct.len());
    }
    assert_eq!(server.stop(), Some(0));
    assert!(prepared_in >= 2, "{prepared_in} lives came further");
    let database =
        rusqlite::Connection::open(folder.join("hallpass-data/hallpass.db")).unwrap();
    let count = |sql: &str| -> i64 { database.query_row(sql, (), |row| row.get(0)).unwrap() };
    // No piece is left over, or is there twice.
    let bytes = count("SELECT sum(length(contents)) FROM export_pieces");
    assert_eq!(usize::try_from(bytes).unwrap(), 5 * direct.len());
    assert_eq!(
        count("SELECT count(*) FROM export_pieces"),
        count("SELECT sum(pieces) FROM export_files")
    );
    assert_eq!(count("SELECT count(*) FROM audit WHERE action = 'contacts.export'"), 6);
    let data = folder.join("hallpass-data");
    run(&["doctor", "--data", data.to_str().unwrap()], 0);
}
