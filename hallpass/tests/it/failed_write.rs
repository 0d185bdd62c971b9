//! The n-th write or sync fails under load: what was acknowledged is there, and once.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use hallpass_testkit::Rng;
use tokio::time::Instant;

use crate::cli::{folder, run};
use crate::crash::Recorder;
use crate::disk::{Disk, Fault};
use crate::server::Server;

const CONTACTS: &str = "/api/v1/workspaces/acme/records/contacts";

const CLIENTS: usize = 2;

/// A transaction writes a few pages and syncs once; a checkpoint syncs the file, too.
const CALLS: [usize; 3] = [40, 40, 8];

/// How long a call may take to fail.
const PATIENCE: Duration = Duration::from_mins(1);

/// Sends one key after the other until it is to stop and its last key was acknowledged; a key is repeated until
/// then. Returns how many answers were none of a success.
fn send(
    server: &Server,
    recorder: &Recorder,
    (client, next): (usize, &AtomicUsize),
    stops: &AtomicBool,
) -> usize {
    let mut refused = 0;
    loop {
        let key = format!("client-{client}-key-{}", next.load(Ordering::SeqCst));
        let body = format!(r#"{{"fields": {{"name": "{key}"}}}}"#);
        let sent = server.start_post("anna", CONTACTS, &body, &key).wait_with_output().unwrap();
        let text = String::from_utf8(sent.stdout).unwrap();
        let Some((body, status)) = text.rsplit_once('\n') else { continue };
        if status == "201" {
            let made: serde_json::Value = serde_json::from_str(body).unwrap();
            recorder.acknowledge(&key, made["id"].as_str().unwrap());
            next.fetch_add(1, Ordering::SeqCst);
            if stops.load(Ordering::SeqCst) {
                return refused;
            }
        } else {
            assert!(["500", "503", "507"].contains(&status), "{status} {body}");
            refused += 1;
        }
    }
}

#[test]
fn a_write_or_a_sync_that_fails_loses_and_doubles_nothing() {
    let failures = if hallpass_testkit::test_size::is_long() { 2_000 } else { 200 };
    let folder = folder("failed_write");
    let Some(disk) = Disk::under(&folder) else { return };
    let wrapper = disk.wrapper();
    let wrapper: Vec<&str> = wrapper.iter().map(String::as_str).collect();
    let server = Server::start_in(&wrapper, &folder, &[]);
    server.found();
    let recorder = Recorder::default();
    let next: Vec<AtomicUsize> = (0..CLIENTS).map(|_| AtomicUsize::new(0)).collect();
    let stops = AtomicBool::new(false);
    let mut rng = Rng::new(14);

    let refused: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = next
            .iter()
            .enumerate()
            .map(|client| {
                let (server, recorder, stops) = (&server, &recorder, &stops);
                scope.spawn(move || send(server, recorder, client, stops))
            })
            .collect();
        for failure in 0..failures {
            let faults = [Fault::Write, Fault::HalfWrite, Fault::Sync];
            let kind = failure % faults.len();
            let call = 1 + rng.below(CALLS[kind]);
            let before = disk.failed();
            disk.fail(i64::try_from(call).unwrap(), faults[kind]);
            let began = Instant::now();
            while disk.failed() == before {
                assert!(
                    began.elapsed() < PATIENCE,
                    "call {call} did not fail: {:?}",
                    faults[kind]
                );
                std::thread::park_timeout(Duration::from_millis(1));
            }
        }
        stops.store(true, Ordering::SeqCst);
        clients.into_iter().map(|client| client.join().unwrap()).sum()
    });
    assert_eq!(usize::try_from(disk.failed()).unwrap(), failures);
    assert!(refused > failures / 4, "only {refused} requests met one of {failures} failures");
    let total = server.get("anna", CONTACTS, 200)["total"].as_u64().unwrap();
    assert_eq!(usize::try_from(total).unwrap(), recorder.len());
    assert_eq!(server.stop(), Some(0));

    let data = folder.join("hallpass-data");
    assert_eq!(recorder.differences(&data.join("hallpass.db")), Vec::<String>::new());
    run(&["doctor", "--data", data.to_str().unwrap()], 0);
}

#[test]
fn a_write_that_is_acknowledged_and_not_done_is_found() {
    let folder = folder("lying_write");
    let Some(disk) = Disk::under(&folder) else { return };
    let wrapper = disk.wrapper();
    let wrapper: Vec<&str> = wrapper.iter().map(String::as_str).collect();
    let server = Server::start_in(&wrapper, &folder, &[]);
    server.found();
    let recorder = Recorder::default();
    // The first write of a transaction: the log is good up to there.
    disk.fail(1, Fault::Lie);
    for number in 0..5 {
        let key = format!("key-{number}");
        let body = format!(r#"{{"fields": {{"name": "{key}"}}}}"#);
        let sent = server.start_post("anna", CONTACTS, &body, &key).wait_with_output().unwrap();
        let text = String::from_utf8(sent.stdout).unwrap();
        let Some((body, "201")) = text.rsplit_once('\n') else { continue };
        let made: serde_json::Value = serde_json::from_str(body).unwrap();
        recorder.acknowledge(&key, made["id"].as_str().unwrap());
    }
    assert!(disk.failed() == 1 && recorder.len() > 0);
    server.kill();
    assert_eq!(server.wait(), None);

    let database = folder.join("hallpass-data/hallpass.db");
    let found = recorder.differences(&database);
    assert!(found.iter().any(|one| one.ends_with("is lost")), "{found:?}");
}
