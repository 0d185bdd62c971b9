//! `kill -9` of the server under load: what was acknowledged is there, and once.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::Connection;

use crate::cli::{folder, run};
use crate::server::Server;

const CONTACTS: &str = "/api/v1/workspaces/acme/records/contacts";

const CLIENTS: usize = 3;

/// What clients were told: the id of the record that each key has made.
#[derive(Default)]
pub(crate) struct Recorder(Mutex<BTreeMap<String, String>>);

impl Recorder {
    /// How many keys were acknowledged.
    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    pub(crate) fn acknowledge(&self, key: &str, id: &str) {
        let before = self.0.lock().unwrap().insert(key.to_owned(), id.to_owned());
        assert!(before.is_none_or(|before| before == id), "{key} has made two records");
    }

    /// What is wrong in a database: records that were acknowledged and are not there, and others.
    pub(crate) fn differences(&self, database: &Path) -> Vec<String> {
        let connection = Connection::open(database).unwrap();
        let mut statement = connection.prepare("SELECT lower(hex(id)) FROM records").unwrap();
        let rows = statement.query_map((), |row| row.get::<_, String>(0)).unwrap();
        let stored: Vec<String> = rows.map(Result::unwrap).collect();
        let acknowledged = self.0.lock().unwrap();
        let ids: Vec<&str> =
            acknowledged.values().map(|id| id.split_once('_').unwrap().1).collect();
        let lost = ids.iter().filter(|id| !stored.iter().any(|one| one == *id));
        let mut found: Vec<String> = lost.map(|id| format!("{id} is lost")).collect();
        let more = stored.iter().filter(|id| !ids.contains(&id.as_str()));
        found.extend(more.map(|id| format!("{id} was not acknowledged")));
        let entries = "SELECT count(*) FROM audit WHERE action = 'contacts.create'";
        let entries: i64 = connection.query_row(entries, (), |row| row.get(0)).unwrap();
        if usize::try_from(entries).unwrap() != stored.len() {
            found.push(format!("{entries} audit entries for {} records", stored.len()));
        }
        found
    }
}

/// Sends one key after the other until the server is gone; a key is repeated until it is acknowledged.
fn send(server: &Server, recorder: &Recorder, (client, next): (usize, &AtomicUsize)) {
    loop {
        let key = format!("client-{client}-key-{}", next.load(Ordering::SeqCst));
        let body = format!(r#"{{"fields": {{"name": "{key}"}}}}"#);
        let sent = server.start_post("anna", CONTACTS, &body, &key).wait_with_output().unwrap();
        let text = String::from_utf8(sent.stdout).unwrap();
        let Some((body, "201")) = text.rsplit_once('\n') else { return };
        let made: serde_json::Value = serde_json::from_str(body).unwrap();
        recorder.acknowledge(&key, made["id"].as_str().unwrap());
        next.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn what_was_acknowledged_survives_kills_under_load_and_happens_once() {
    let kills = if std::env::var_os("HALLPASS_LONG").is_some() { 5_000 } else { 20 };
    let folder = folder("crash");
    let mut server = Server::start(&folder, &[]);
    server.found();
    let recorder = Recorder::default();
    let next: Vec<AtomicUsize> = (0..CLIENTS).map(|_| AtomicUsize::new(0)).collect();
    let acknowledged = || recorder.0.lock().unwrap().len();

    for kill in 0..kills {
        let until = acknowledged() + 1 + kill % 7;
        std::thread::scope(|scope| {
            for (client, next) in next.iter().enumerate() {
                let (server, recorder) = (&server, &recorder);
                scope.spawn(move || send(server, recorder, (client, next)));
            }
            while acknowledged() < until {
                std::thread::yield_now();
            }
            server.kill();
        });
        server = Server::start(&folder, &[]);
    }
    // The last keys, which were perhaps not acknowledged.
    for (client, next) in next.iter().enumerate() {
        let key = format!("client-{client}-key-{}", next.load(Ordering::SeqCst));
        let body = format!(r#"{{"fields": {{"name": "{key}"}}}}"#);
        let sent = server.start_post("anna", CONTACTS, &body, &key).wait_with_output().unwrap();
        let text = String::from_utf8(sent.stdout).unwrap();
        let (body, status) = text.rsplit_once('\n').unwrap();
        assert_eq!(status, "201", "{body}");
        let made: serde_json::Value = serde_json::from_str(body).unwrap();
        recorder.acknowledge(&key, made["id"].as_str().unwrap());
    }
    let total = server.get("anna", CONTACTS, 200)["total"].as_u64().unwrap();
    assert_eq!(server.stop(), Some(0));

    assert_eq!(usize::try_from(total).unwrap(), acknowledged());
    let database = folder.join("hallpass-data/hallpass.db");
    assert_eq!(recorder.differences(&database), Vec::<String>::new());
    let data = folder.join("hallpass-data");
    run(&["doctor", "--data", data.to_str().unwrap()], 0);

    // The control: what is lost or doubled is found.
    let connection = Connection::open(&database).unwrap();
    connection
        .execute("DELETE FROM records WHERE id = (SELECT max(id) FROM records)", ())
        .unwrap();
    let found = recorder.differences(&database);
    assert!(found.iter().any(|one| one.ends_with("is lost")), "{found:?}");
    let double = "UPDATE records SET id = x'00' WHERE id = (SELECT max(id) FROM records)";
    connection.execute(double, ()).unwrap();
    let found = recorder.differences(&database);
    assert!(found.iter().any(|one| one.ends_with("was not acknowledged")), "{found:?}");
    run(&["doctor", "--data", data.to_str().unwrap()], 1);
}
