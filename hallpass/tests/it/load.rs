//! Hostile tenants against a good one: each of them is answered or refused, and the good one notices little.
//!
//! The control serves the same load without the bounds of the database, and the good tenant notices.

mod client;
mod fill;
mod good;
mod hostile;
mod soak;
mod unbounded;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use hallpass_testkit::test_size::{either, is_long};
use hallpass_testkit::{TestDatabase, TestServer};
use serde_json::json;

use crate::cli::folder;
use crate::server::{ANNA, Server};
use client::Client;
use good::{Shift, Times};
use hostile::{Cast, KINDS, Statuses};
use soak::Usage;
use tokio::task::JoinSet;
use unbounded::Unbounded;

/// What the good tenant may wait for at most at the small size, on a machine that does much else: idle
/// requests of the same run tell how slow the machine is.
const TIMES_IDLE: u32 = 100;
const SLOWEST: Duration = Duration::from_secs(8);

/// How many times longer the slowest request takes at least where there are no bounds, if nothing else is wrong.
const WITHOUT_BOUNDS: u32 = 4;

/// What 99 of 100 requests of the good tenant take at most, in an optimised build at the full size.
const P99: Duration = Duration::from_millis(250);

/// The most memory of the server, in MiB; a build that is not optimised takes more.
const MEMORY: u64 = if cfg!(debug_assertions) { 600 } else { 400 };

/// The most memory after many sign-ins, in MiB: a tenth of them would take as much without reuse.
const SIGNED_IN: u64 = 160;

/// What a server gives back at least of what a large access model took, in KiB.
const GIVEN_BACK: u64 = 24 * 1_024;

/// What is wrong with how the good tenant was served.
fn faults(times: &Times, idle: &Times) -> Vec<String> {
    let mut found: Vec<String> = times
        .wrong
        .iter()
        .map(|(path, status)| format!("{path} was answered {status}"))
        .collect();
    let most = (idle.slowest() * TIMES_IDLE).max(SLOWEST);
    if times.slowest() > most {
        found.push(format!("one request took {:?}, and {most:?} are allowed", times.slowest()));
    }
    if is_long() && !cfg!(debug_assertions) && times.p99() > P99 {
        found.push(format!("99 of 100 requests took {:?}", times.p99()));
    }
    found
}

/// The most memory that a process has had, in MiB.
fn memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() / 1_024
}

async fn pause(time: Duration) {
    let never = std::future::pending::<()>();
    let _ = tokio::time::timeout(time, never).await;
}

/// The workspaces: `acme` of Anna, in which Trudy has no rights, and the big `initech` of Mallory.
async fn people(database: TestDatabase, records: usize) -> TestDatabase {
    let server = TestServer::on(database, hallpass_app::Rules::default()).await;
    let acme = server.found("standard").await;
    for number in 0..30 {
        let _ = acme.record(&acme.anna, "contacts", &format!("Zoe {number}")).await;
    }
    let _ = acme.join("trudy", json!({"role": "member", "visibility": "own"})).await;
    let _ = server.found_as("mallory", "standard", "initech").await;
    let TestServer { database, .. } = server;
    fill::records(&database.location(), "initech", records).await;
    database
}

/// Signs everybody in: the good member, and the hostile ones.
async fn sign_in(server: SocketAddr) -> (Client, Cast) {
    let anna = Client::new(server, 1).sign_in("anna").await;
    let mallory = Client::new(server, 2).sign_in("mallory").await;
    let trudy = Client::new(server, 3).sign_in("trudy").await;
    (anna, Cast { server, mallory, trudy })
}

/// The same people with their sessions at another server of the database.
fn at(server: SocketAddr, (anna, cast): &(Client, Cast)) -> (Client, Cast) {
    let moved = |client: &Client| Client { server, ..client.clone() };
    let (mallory, trudy) = (moved(&cast.mallory), moved(&cast.trudy));
    (moved(anna), Cast { server, mallory, trudy })
}

/// Serves the good tenant alone, and then beside all hostile ones.
async fn serve_both((anna, cast): &(Client, Cast), shift: Shift) -> (Times, Times, Statuses) {
    let idle = good::work(anna, Shift { rounds: 3, ..shift }).await;
    let statuses = Statuses::default();
    let mut hostile = hostile::start(cast, &statuses);
    let (mut times, others) = tokio::join!(good::work(anna, shift), good::work(anna, shift));
    times.add(others);
    hostile.shutdown().await;
    (idle, times, statuses)
}

async fn hostile_tenants_do_not_keep_a_good_one_out(name: &str, database: TestDatabase) {
    let shift = Shift { rounds: either(4, 200), most: Duration::from_mins(2) };
    let records = if is_long() { 5_000_000 } else { 50_000 };
    let database = people(database, records).await;
    let location = database.location();

    let server = Server::start(&folder(name), &["--database", &location]);
    let address = server.address.parse().unwrap();
    let everybody = sign_in(address).await;
    let (idle, times, statuses) = serve_both(&everybody, shift).await;
    let memory = memory(server.id());
    let stopped = tokio::task::spawn_blocking(|| server.stop()).await.unwrap();

    println!(
        "{name}: idle {:?} at most; beside hostile tenants {} requests, p99 {:?}, {:?} at most; {memory} MiB; \
         {:?}",
        idle.slowest(),
        times.count(),
        times.p99(),
        times.slowest(),
        statuses.all()
    );
    assert_eq!(faults(&times, &idle), Vec::<String>::new());
    assert_eq!(stopped, Some(0));
    assert!(times.count() > 20, "{} requests in {:?}", times.count(), shift.most);
    assert!(memory <= MEMORY, "{memory} MiB");
    let all = statuses.all();
    for (kind, _, allowed) in KINDS {
        let Some(found) = all.get(kind) else { continue };
        let wrong: Vec<_> =
            found.iter().filter(|(status, _)| !allowed.contains(status)).collect();
        assert!(wrong.is_empty(), "{kind}: {found:?}");
    }

    let control = Unbounded::start(location);
    // Where requests are refused after five seconds, a few of them are enough.
    let shorter = Shift { most: Duration::from_secs(20), ..shift };
    let (idle, unbounded, _) = serve_both(&at(control.address, &everybody), shorter).await;
    control.stop();
    let mut found = faults(&unbounded, &idle);
    let most = times.slowest() * WITHOUT_BOUNDS;
    if unbounded.slowest() > most {
        found.push(format!("one request took longer than {most:?}"));
    }
    println!(
        "{name}, control: p99 {:?}, {:?} at most, {found:?}",
        unbounded.p99(),
        unbounded.slowest()
    );
    assert!(!found.is_empty(), "without bounds the good tenant notices nothing");
}

/// The memory of a password hash is used again.
#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_leave_the_memory_as_it_was() {
    let server = Server::start(&folder("sign_ins"), &[]);
    let _ = server.post("anna", "/api/v1/accounts", ANNA, 201);
    let address = server.address.parse().unwrap();

    for number in 0..66 {
        // Each address has so many attempts a minute.
        let _ = Client::new(address, 2 + number % 6).sign_in("anna").await;
    }

    let memory = memory(server.id());
    assert!(memory <= SIGNED_IN, "{memory} MiB");
}

/// What a large access model takes while it is compared, goes back to the system.
#[tokio::test(flavor = "multi_thread")]
async fn memory_that_is_not_used_goes_back_to_the_system() {
    let database = people(TestDatabase::folder(), 10).await;
    let server = Server::start(&folder("memory"), &["--database", &database.location()]);
    let mallory = Client::new(server.address.parse().unwrap(), 2).sign_in("mallory").await;
    let idle = Usage::of(server.id(), Path::new("")).memory;

    for _ in 0..6 {
        let mut running = JoinSet::new();
        for _ in 0..2 {
            let mallory = mallory.clone();
            running.spawn(async move { hostile::compare(&mallory).await });
        }
        let statuses = running.join_all().await;
        assert!(statuses.contains(&200), "{statuses:?}");
    }

    let highest = memory(server.id()) * 1_024;
    assert!(highest > idle + GIVEN_BACK, "{idle} KiB, {highest} KiB at most");
    let mut now = highest;
    for _ in 0..100 {
        now = Usage::of(server.id(), Path::new("")).memory;
        if now < highest - GIVEN_BACK {
            return;
        }
        pause(Duration::from_millis(200)).await;
    }
    panic!("{idle} KiB when idle, {highest} KiB at most, and {now} KiB afterwards");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_tenants_do_not_keep_a_good_one_out_on_sqlite() {
    hostile_tenants_do_not_keep_a_good_one_out("load_sqlite", TestDatabase::folder()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_tenants_do_not_keep_a_good_one_out_on_postgres() {
    let database = TestDatabase::server().await;
    hostile_tenants_do_not_keep_a_good_one_out("load_postgres", database).await;
}
