//! A power cut at any moment under load: what was acknowledged is there, and nothing is damaged.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use hallpass_testkit::Rng;
use rusqlite::{Connection, OpenFlags};

use crate::cli::{folder, run};
use crate::disk::{Disk, Drive, Obedience};
use crate::server::Server;

const CONTACTS: &str = "/api/v1/workspaces/acme/records/contacts";

const CLIENTS: usize = 3;

/// Power cuts of a round, and records that are acknowledged in it.
const CUTS: usize = 500;
const RECORDS: usize = 120;

/// One of so many images is read by `hallpass doctor`, too.
const DOCTORED: usize = 25;

/// The records that were acknowledged, each with how far the record of the drive was then.
type Acknowledged = BTreeMap<String, u64>;

/// Creates records until there are enough, each by a key.
fn load(server: &Server, disk: &Disk) -> Acknowledged {
    let acknowledged = Mutex::new(Acknowledged::new());
    let enough = || acknowledged.lock().unwrap().len() >= RECORDS;
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let acknowledged = &acknowledged;
            scope.spawn(move || {
                for number in 0.. {
                    if enough() {
                        return;
                    }
                    let key = format!("client-{client}-{number}");
                    let body = format!(r#"{{"fields": {{"name": "{key}"}}}}"#);
                    let sent = server.start_post("anna", CONTACTS, &body, &key);
                    let text =
                        String::from_utf8(sent.wait_with_output().unwrap().stdout).unwrap();
                    let (body, status) = text.rsplit_once('\n').unwrap();
                    assert_eq!(status, "201", "{body}");
                    let made: serde_json::Value = serde_json::from_str(body).unwrap();
                    let id = made["id"].as_str().unwrap().split_once('_').unwrap().1.to_owned();
                    acknowledged.lock().unwrap().insert(id, disk.position());
                }
            });
        }
    });
    acknowledged.into_inner().unwrap()
}

/// What is wrong in an image of the drive that was made when the record was so far.
fn differences(image: &Path, acknowledged: &Acknowledged, position: u64) -> Vec<String> {
    match read(image) {
        Err(error) => vec![format!("it cannot be read: {error}")],
        Ok(Image { stored, mut found }) => {
            let expected = acknowledged.iter().filter(|(_, at)| **at <= position);
            let lost = expected.filter(|(id, _)| !stored.contains(*id));
            found.extend(lost.map(|(id, _)| format!("{id} is lost")));
            found
        }
    }
}

struct Image {
    stored: Vec<String>,
    found: Vec<String>,
}

fn read(image: &Path) -> rusqlite::Result<Image> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(image.join("hallpass.db"), flags)?;
    let mut found = Vec::new();
    let state: String = connection.query_row("PRAGMA integrity_check", (), |row| row.get(0))?;
    if state != "ok" {
        found.push(state);
    }
    let count = |sql: &str| connection.query_row(sql, (), |row| row.get::<_, i64>(0));
    let ids = "SELECT lower(hex(id)) FROM records";
    let mut statement = connection.prepare(ids)?;
    let stored = statement.query_map((), |row| row.get(0))?;
    let stored = stored.collect::<rusqlite::Result<Vec<String>>>()?;
    let n = i64::try_from(stored.len()).unwrap();
    // Each record has an event, an entry of the audit log, its place in the counter, and the answer of its key.
    for (what, sql) in [
        ("events", "SELECT count(*) FROM timeline WHERE action = 'create'"),
        ("audit entries", "SELECT count(*) FROM audit WHERE action = 'contacts.create'"),
        ("counted", "SELECT coalesce(sum(n), 0) FROM record_totals WHERE entity = 'contacts'"),
        ("answers", "SELECT count(*) FROM stored_responses"),
    ] {
        let counted = count(sql)?;
        if counted != n {
            found.push(format!("{counted} {what} for {n} records"));
        }
    }
    Ok(Image { stored, found })
}

#[test]
fn what_was_acknowledged_survives_a_power_cut_at_any_moment() {
    let rounds = if hallpass_testkit::test_size::is_long() { 100 } else { 1 };
    for round in 0..rounds {
        let folder = folder(&format!("power_cut_{round}"));
        let Some(disk) = Disk::under(&folder) else { return };
        let wrapper = disk.recording_wrapper();
        let wrapper: Vec<&str> = wrapper.iter().map(String::as_str).collect();
        let server = Server::start_in(&wrapper, &folder, &[]);
        server.found();
        let begin = disk.position();
        let acknowledged = load(&server, &disk);
        let end = disk.position();
        server.kill();
        assert_eq!(server.wait(), None);

        let mut rng = Rng::new(1_400 + round);
        let image = folder.join("image");
        let mut cuts: Vec<u64> = (0..CUTS).map(|_| between(&mut rng, begin, end)).collect();
        cuts.sort_unstable();
        let found = cut_at(&disk, &acknowledged, (&cuts, &mut rng, &image), Obedience::Full);
        assert_eq!(found, Vec::<String>::new(), "of a drive that syncs");

        // The controls: a drive that does not sync, and a log that is gone.
        let cuts: Vec<u64> = cuts.into_iter().step_by(CUTS / 20).collect();
        let lied =
            cut_at(&disk, &acknowledged, (&cuts, &mut rng, &image), Obedience::IgnoresSyncs);
        // A cut after which every sector has arrived loses nothing, and how many of them are such is left to chance.
        assert!(lied.len() > cuts.len() / 4, "of a drive that does not sync: {lied:?}");
        let mut drive = Drive::default();
        for entry in disk.record() {
            drive.apply(entry, Obedience::Full);
        }
        drive.cut(&mut rng, &image);
        assert_eq!(differences(&image, &acknowledged, end), Vec::<String>::new());
        // Reading has merged the log.
        drive.cut(&mut rng, &image);
        std::fs::remove_file(image.join("hallpass.db-wal")).unwrap();
        let without = differences(&image, &acknowledged, end);
        assert!(without.iter().any(|one| one.ends_with("is lost")), "{without:?}");
        run(&["doctor", "--data", image.to_str().unwrap()], 1);
        let _ = std::fs::remove_dir_all(&folder);
    }
}

/// What is wrong in the images of some power cuts.
fn cut_at(
    disk: &Disk,
    acknowledged: &Acknowledged,
    (cuts, rng, image): (&[u64], &mut Rng, &Path),
    obedience: Obedience,
) -> Vec<String> {
    let (mut drive, mut found) = (Drive::default(), Vec::new());
    let mut entries = disk.record().into_iter().peekable();
    let is_control = obedience == Obedience::IgnoresSyncs;
    for (number, cut) in cuts.iter().enumerate() {
        let mut position = 0;
        while let Some(entry) = entries.next_if(|entry| entry.end <= *cut) {
            position = entry.end;
            drive.apply(entry, obedience);
        }
        if number == 0 {
            // What was before the load is on the drive in any case.
            drive.sync();
        }
        drive.cut(rng, image);
        let position = position.max(if number == 0 { 0 } else { cuts[number - 1] });
        let wrong = differences(image, acknowledged, position.min(*cut));
        found.extend(wrong.first().map(|one| format!("at {cut}: {one}")));
        if !is_control && number % DOCTORED == 0 {
            // It reads and writes the image as a server that starts would.
            drive.cut(rng, image);
            let key = image.parent().unwrap().join("hallpass-data/secret.key");
            std::fs::copy(key, image.join("secret.key")).unwrap();
            run(&["doctor", "--data", image.to_str().unwrap()], 0);
        }
    }
    found
}

fn between(rng: &mut Rng, from: u64, to: u64) -> u64 {
    from + rng.below(usize::try_from(to - from).unwrap()) as u64
}
