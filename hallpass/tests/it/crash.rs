//! `kill -9` of the server under load: what was acknowledged is there, and once, and so are its mails.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use tokio::time::Instant;

use crate::cli::{folder, run};
use crate::server::Server;

const CONTACTS: &str = "/api/v1/workspaces/acme/records/contacts";

const INVITATIONS: &str = "/api/v1/workspaces/acme/invitations";

const CLIENTS: usize = 3;

/// One of so many requests of a client invites, until there are as many as a workspace may send in a day.
const INVITES: usize = 5;
const MOST_INVITED: usize = 300;

/// How long something may take.
const PATIENCE: Duration = Duration::from_mins(1);

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
        let of_kind = |kind: &'static str| {
            let ids = acknowledged.values().filter_map(move |id| id.split_once('_'));
            ids.filter(move |(prefix, _)| *prefix == kind).map(|(_, id)| id)
        };
        let ids: Vec<&str> = of_kind("rec").collect();
        let lost = ids.iter().filter(|id| !stored.iter().any(|one| one == *id));
        let mut found: Vec<String> = lost.map(|id| format!("{id} is lost")).collect();
        let more = stored.iter().filter(|id| !ids.contains(&id.as_str()));
        found.extend(more.map(|id| format!("{id} was not acknowledged")));
        let entries = "SELECT count(*) FROM audit WHERE action = 'contacts.create'";
        let entries: i64 = connection.query_row(entries, (), |row| row.get(0)).unwrap();
        if usize::try_from(entries).unwrap() != stored.len() {
            found.push(format!("{entries} audit entries for {} records", stored.len()));
        }
        // Each invitation that was acknowledged is there with its mail, and no other one is.
        let mails = "SELECT lower(hex(i.id)), (SELECT count(*) FROM mails m WHERE m.kind = 'invitation' \
                     AND m.recipient = i.email) FROM invitations i";
        let mut statement = connection.prepare(mails).unwrap();
        let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let mails: BTreeMap<String, i64> = rows.map(Result::unwrap).collect();
        let wrong = mails.iter().filter(|(_, n)| **n != 1);
        found.extend(wrong.map(|(id, n)| format!("{n} mails of the invitation {id}")));
        let invited: Vec<&str> = of_kind("inv").collect();
        let lost = invited.iter().filter(|id| !mails.contains_key(**id));
        found.extend(lost.map(|id| format!("the invitation {id} is lost")));
        if mails.len() != invited.len() {
            found.push(format!("{} of {} invitations", mails.len(), invited.len()));
        }
        found
    }
}

/// What a client asks with a key, and where.
fn request(client: usize, number: usize) -> (String, &'static str, String) {
    let key = format!("client-{client}-key-{number}");
    if number.is_multiple_of(INVITES) && number / INVITES * CLIENTS < MOST_INVITED {
        let body = format!(r#"{{"email": "{key}@example.com", "role": "member"}}"#);
        return (key, INVITATIONS, body);
    }
    let body = format!(r#"{{"fields": {{"name": "{key}"}}}}"#);
    (key, CONTACTS, body)
}

/// Waits until every mail was delivered, and returns how many files there are of how many recipients.
fn delivered(server: &Server, data: &Path) -> (usize, usize) {
    let connection = Connection::open(data.join("hallpass.db")).unwrap();
    let left = "SELECT count(*) FROM mails WHERE state = 'queued'";
    let began = Instant::now();
    while connection.query_row(left, (), |row| row.get::<_, i64>(0)).unwrap() > 0 {
        assert!(began.elapsed() < PATIENCE, "mails of {} are left", server.address);
        std::thread::park_timeout(Duration::from_millis(50));
    }
    let files = std::fs::read_dir(data.join("mail")).unwrap().map(Result::unwrap);
    let texts = files.filter(|file| file.file_name().to_string_lossy().ends_with(".eml"));
    let texts = texts.map(|file| std::fs::read_to_string(file.path()).unwrap());
    let to = |text: &str| {
        let line =
            text.lines().find(|line| line.starts_with("To: ") && line.contains("client-"));
        line.map(str::to_owned)
    };
    let mut recipients: Vec<String> = texts.filter_map(|text| to(&text)).collect();
    let all = recipients.len();
    recipients.sort();
    recipients.dedup();
    (all, recipients.len())
}

/// Sends one key after the other until the server is gone; a key is repeated until it is acknowledged.
fn send(server: &Server, recorder: &Recorder, (client, next): (usize, &AtomicUsize)) {
    loop {
        let (key, path, body) = request(client, next.load(Ordering::SeqCst));
        let sent = server.start_post("anna", path, &body, &key).wait_with_output().unwrap();
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
    // Who invites has confirmed their address.
    let link = server.mailed_link("confirmations");
    server.post("anna", &format!("/api/v1/{link}"), "{}", 204);
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
            let began = Instant::now();
            while acknowledged() < until {
                assert!(began.elapsed() < PATIENCE, "nothing is acknowledged");
                std::thread::yield_now();
            }
            server.kill();
        });
        server = Server::start(&folder, &[]);
    }
    // The last keys, which were perhaps not acknowledged.
    for (client, next) in next.iter().enumerate() {
        let (key, path, body) = request(client, next.load(Ordering::SeqCst));
        let sent = server.start_post("anna", path, &body, &key).wait_with_output().unwrap();
        let text = String::from_utf8(sent.stdout).unwrap();
        let (body, status) = text.rsplit_once('\n').unwrap();
        assert_eq!(status, "201", "{body}");
        let made: serde_json::Value = serde_json::from_str(body).unwrap();
        recorder.acknowledge(&key, made["id"].as_str().unwrap());
    }
    let total = server.get("anna", CONTACTS, 200)["total"].as_u64().unwrap();
    let invited = server.get("anna", INVITATIONS, 200)["total"].as_u64().unwrap();
    let data = folder.join("hallpass-data");
    let (files, recipients) = delivered(&server, &data);
    assert_eq!(server.stop(), Some(0));

    assert_eq!(usize::try_from(total + invited).unwrap(), acknowledged());
    // Each invitation has arrived. A mail that was being delivered at a kill may arrive twice.
    assert!(invited > 3 && recipients as u64 == invited, "{recipients} of {invited} mails");
    assert!(files <= recipients + kills, "{files} files of {recipients} mails");
    let database = data.join("hallpass.db");
    assert_eq!(recorder.differences(&database), Vec::<String>::new());
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
    connection.execute("DELETE FROM mails WHERE kind = 'invitation'", ()).unwrap();
    let found = recorder.differences(&database);
    assert!(found.iter().any(|one| one.starts_with("0 mails of")), "{found:?}");
    run(&["doctor", "--data", data.to_str().unwrap()], 1);
}
