//! `kill -9` while the reminders of API keys are sent: each key is reminded of once, and its mail arrives.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use tokio::time::Instant;

use crate::cli::folder;
use crate::server::Server;

const KEYS: &str = "/api/v1/workspaces/acme/api-keys";

/// The keys of which people are reminded.
const MANY: usize = 400;

/// How long something may take.
const PATIENCE: Duration = Duration::from_mins(1);

fn open(data: &Path) -> Connection {
    let connection = Connection::open(data.join("hallpass.db")).unwrap();
    connection.busy_timeout(PATIENCE).unwrap();
    connection
}

fn count(connection: &Connection, sql: &str) -> usize {
    let n: i64 = connection.query_row(sql, (), |row| row.get(0)).unwrap();
    usize::try_from(n).unwrap()
}

const REMINDERS: &str = "SELECT count(*) FROM mails WHERE kind = 'api_key_expiring'";

/// Makes many keys of one, of which people are to be reminded now.
fn multiply(data: &Path) {
    let connection = open(data);
    let mut statement = connection.prepare("SELECT * FROM api_keys LIMIT 0").unwrap();
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    statement.query_map((), |_| Ok(())).unwrap().for_each(drop);
    let values = names.iter().map(|name| match name.as_str() {
        "id" => "randomblob(16)",
        "token" => "randomblob(32)",
        "name" => "'reminded' || n",
        name => name,
    });
    let values: Vec<&str> = values.collect();
    let insert = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < {MANY}) \
         INSERT INTO api_keys ({}) SELECT {} FROM api_keys, numbers",
        names.join(", "),
        values.join(", ")
    );
    connection.execute(&insert, ()).unwrap();
    connection.execute("UPDATE api_keys SET remind_at = created_at", ()).unwrap();
    assert_eq!(count(&connection, "SELECT count(*) FROM api_keys"), MANY);
}

/// Waits until something is so.
fn wait(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        std::thread::park_timeout(Duration::from_millis(1));
    }
}

/// What is wrong: keys that were not reminded of once.
fn differences(connection: &Connection) -> Vec<String> {
    let sql = "SELECT k.name, (SELECT count(*) FROM mails m WHERE m.kind = 'api_key_expiring' \
               AND m.about = 'key_' || lower(hex(k.id))) FROM api_keys k";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let rows: Vec<(String, i64)> = rows.map(Result::unwrap).collect();
    let wrong = rows.into_iter().filter(|(_, n)| *n != 1);
    wrong.map(|(name, n)| format!("{n} mails of {name}")).collect()
}

/// How many files of reminders each key has.
fn delivered(data: &Path) -> BTreeMap<String, usize> {
    let files = std::fs::read_dir(data.join("mail")).unwrap().map(Result::unwrap);
    let texts = files.filter(|file| file.file_name().to_string_lossy().ends_with(".eml"));
    let mut found = BTreeMap::new();
    for file in texts {
        let text = std::fs::read_to_string(file.path()).unwrap().replace("=\r\n", "");
        let names = text.split("reminded").skip(1);
        let numbers = names.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect());
        if let Some(number) = numbers.filter(|number: &String| !number.is_empty()).last() {
            *found.entry(number).or_insert(0) += 1;
        }
    }
    found
}

#[test]
fn each_key_is_reminded_of_once_whenever_the_server_is_killed() {
    let kills = if std::env::var_os("HALLPASS_LONG").is_some() { 200 } else { 10 };
    let folder = folder("reminder_crash");
    let data = folder.join("hallpass-data");
    let server = Server::start(&folder, &[]);
    server.found();
    let link = server.mailed_link("confirmations");
    server.post("anna", &format!("/api/v1/{link}"), "{}", 204);
    let expires = r#"{"name": "reminded1", "expires_at": "2035-01-01T00:00:00Z"}"#;
    server.post("anna", KEYS, expires, 201);
    assert_eq!(server.stop(), Some(0));
    multiply(&data);

    let mut in_the_middle = 0;
    for kill in 0..kills {
        let server = Server::start(&folder, &[]);
        let connection = open(&data);
        let before = count(&connection, REMINDERS);
        in_the_middle += usize::from(before > 0 && before < MANY);
        let more = (1 + kill * 7 % 40).min(MANY - before);
        wait("no reminder is sent", || count(&connection, REMINDERS) >= before + more);
        // The last one that closes the database would merge its log.
        drop(connection);
        server.kill();
    }
    let server = Server::start(&folder, &[]);
    let connection = open(&data);
    wait("reminders are left", || count(&connection, REMINDERS) >= MANY);
    let left = "SELECT count(*) FROM mails WHERE state = 'queued'";
    wait("mails are left", || count(&connection, left) == 0);
    assert_eq!(server.stop(), Some(0));

    assert!(in_the_middle > 0, "no kill was in the middle");
    assert_eq!(differences(&connection), Vec::<String>::new());
    // Each mail has arrived. One that was being delivered at a kill may arrive twice.
    let delivered = delivered(&data);
    assert_eq!(delivered.len(), MANY);
    let files: usize = delivered.values().sum();
    assert!(files <= MANY + kills, "{files} files of {MANY} mails");

    // The control: what is sent again, or never, is found.
    let again = "UPDATE api_keys SET remind_at = created_at WHERE name = 'reminded7'";
    connection.execute(again, ()).unwrap();
    let server = Server::start(&folder, &[]);
    wait("it is not sent again", || count(&connection, REMINDERS) > MANY);
    assert_eq!(server.stop(), Some(0));
    assert_eq!(differences(&connection), ["2 mails of reminded7"]);
    connection.execute("DELETE FROM mails WHERE kind = 'api_key_expiring'", ()).unwrap();
    assert_eq!(differences(&connection).len(), MANY);
}
