//! The first page of 50 of 100,000 records, for every kind of reach, of searches too, on SQLite and
//! PostgreSQL.
//!
//! PostgreSQL is measured if `HALLPASS_TEST_POSTGRES` names a server, in a new database.
//! `HALLPASS_BENCH_RECORDS` is another number of records.

use std::cell::Cell;
use std::future::Future;
use std::time::Instant;

use hallpass_domain::id::{MemberId, RecordId};
use hallpass_domain::record::{Owner, Record};
use hallpass_domain::time::Timestamp;
use hallpass_store::record::{
    CountMode, ListBounds, ListQuery, Narrowing, Reach, SortOrder, Total,
};
use hallpass_store::{Db, Error, Options};
use serde_json::{Map, Value};
use tokio::runtime::Runtime;
use tokio_postgres::NoTls;
use uuid::Uuid;

use crate::clock::{median_run, median_run_after};
use crate::table::{self, Gauge};

const USUAL_RECORDS: u128 = 100_000;

const MEMBERS: u128 = 10_000;

/// The first of the members who own only some of the oldest tenth of the records.
const DORMANT: u128 = MEMBERS - 200;

/// The number of members, the first ones, who own a hundredth of all records each.
const HEAVY: u128 = 20;

/// Records inserted per transaction.
const BATCH: usize = 200;

const WORKSPACE: Uuid = Uuid::from_u128(1);

/// Runs per measurement of a figure.
const RUNS: usize = 5;

pub(crate) fn measure() -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let folder = std::env::temp_dir().join(format!("hallpass-bench-{}", std::process::id()));
    std::fs::create_dir(&folder).map_err(|error| error.to_string())?;
    let file = folder.join("hallpass.db").display().to_string();
    let sqlite = measure_at(&runtime, "SQLite on a file", &file, None);
    std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    sqlite?;
    on_postgres(&runtime, |location| {
        measure_at(&runtime, "PostgreSQL", location, Some("VACUUM ANALYZE"))
    })
}

/// Measures in a new database of the PostgreSQL that `HALLPASS_TEST_POSTGRES` names.
pub(crate) fn on_postgres(
    runtime: &Runtime,
    measure: impl FnOnce(&str) -> Result<(), String>,
) -> Result<(), String> {
    let Some(server) = std::env::var_os("HALLPASS_TEST_POSTGRES") else {
        println!("  (PostgreSQL is not measured: HALLPASS_TEST_POSTGRES is not set)\n");
        return Ok(());
    };
    let server = server.to_string_lossy().into_owned();
    let name = format!("hallpass_bench_{}", std::process::id());
    let end = server.rfind('/').unwrap_or(server.len());
    let ours = format!("{}/{name}", server.get(..end).unwrap_or_default());
    let create =
        format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
    runtime.block_on(run(&server, &create))?;
    let outcome = measure(&ours);
    runtime.block_on(run(&server, &format!("DROP DATABASE {name} WITH (FORCE)")))?;
    outcome
}

async fn run(server: &str, sql: &str) -> Result<(), String> {
    let connected = tokio_postgres::connect(server, NoTls).await;
    let (client, connection) = connected.map_err(|error| error.to_string())?;
    let connection = tokio::spawn(connection);
    client.batch_execute(sql).await.map_err(|error| error.to_string())?;
    drop(client);
    // What it had to say was said.
    let _ = connection.await;
    Ok(())
}

fn measure_at(
    runtime: &Runtime,
    engine: &str,
    location: &str,
    maintenance: Option<&str>,
) -> Result<(), String> {
    let wait = |work: std::pin::Pin<Box<dyn Future<Output = Result<Db, Error>> + '_>>| {
        runtime.block_on(work).map_err(|error| error.to_string())
    };
    let start = Instant::now();
    let records = records();
    let db = wait(Box::pin(fill(location)))?;
    if let Some(sql) = maintenance {
        runtime.block_on(run(location, sql))?;
    }
    println!(
        "{engine}: {records} records of {MEMBERS} members, inserted in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    let reaches = reaches();
    let mut totals = Vec::new();
    for (_, reach) in &reaches {
        let found =
            runtime.block_on(page(&db, reach, "")).map_err(|error| error.to_string())?;
        totals.push(found.0);
    }
    // Another process that writes: after that, the counters are read again.
    let other = wait(Box::pin(Db::open(location, &Options::default())))?;
    let next = Cell::new(records);
    let mut gauges: Vec<Gauge<'_>> = Vec::new();
    for ((what, reach), total) in reaches.iter().zip(totals) {
        let what: &'static str = Box::leak(format!("page 1 of {total}, {what}").into());
        let (db, mut failed) = (&db, false);
        gauges.push(Gauge::time(what, (2.0, "ms"), move || {
            let time =
                median_run(RUNS, || failed |= runtime.block_on(page(db, reach, "")).is_err());
            if failed { f64::NAN } else { time }
        }));
    }
    let wide =
        |(what, _): &&(&str, Reach)| what.starts_with("dept 200 and") || what.starts_with('5');
    for (what, reach) in reaches.iter().filter(wide) {
        for (writer, who) in [(&db, "a write"), (&other, "another wrote")] {
            let what: &'static str = Box::leak(format!("page 1, {what}, after {who}").into());
            let (db, next) = (&db, &next);
            gauges.push(Gauge::time(what, (2.0, "ms"), move || {
                let failed = Cell::new(false);
                let write = || {
                    next.set(next.get() + 1);
                    let written = runtime.block_on(write(writer, next.get()));
                    failed.set(failed.get() || written.is_err());
                };
                let read = || {
                    failed.set(failed.get() || runtime.block_on(page(db, reach, "")).is_err());
                };
                let time = median_run_after(RUNS, write, read);
                if failed.get() { f64::NAN } else { time }
            }));
        }
    }
    for (what, text) in SEARCHES {
        for (whose, reach) in reaches.iter().filter(|(whose, _)| is_searched(whose)) {
            let found = runtime.block_on(page(&db, reach, text));
            let (total, _) = found.map_err(|error| error.to_string())?;
            let what: &'static str =
                Box::leak(format!("search for {what}: {total} of {whose}").into());
            let (db, mut failed) = (&db, false);
            gauges.push(Gauge::time(what, (5.0, "ms"), move || {
                let time = median_run(RUNS, || {
                    failed |= runtime.block_on(page(db, reach, text)).is_err();
                });
                if failed { f64::NAN } else { time }
            }));
        }
    }
    gauges.push(Gauge::time("create a record, with its commit", (5.0, "ms"), || {
        let mut failed = false;
        let time = median_run(RUNS, || {
            next.set(next.get() + 1);
            failed |= runtime.block_on(write(&db, next.get())).is_err();
        });
        if failed { f64::NAN } else { time }
    }));
    table::measure(&mut gauges);
    println!("{}", table::render(&gauges));
    Ok(())
}

/// What is searched for: the first record is the oldest of all.
const SEARCHES: [(&str, &str); 6] = [
    ("a common word", "name"),
    ("a part of many", "ber"),
    ("the first record by three letters", "zqx"),
    ("the first record by its address", "zqx.first@example.com"),
    ("the first record by two words in the wrong order", "quitefirst zqx"),
    ("nothing", "xylophone"),
];

fn is_searched(whose: &str) -> bool {
    ["all", "own, heavy", "dept 200 and unowned", "5,000 owners"].contains(&whose)
}

/// How many records there are.
fn records() -> u128 {
    let given = std::env::var_os("HALLPASS_BENCH_RECORDS");
    given.and_then(|given| given.to_str()?.parse().ok()).unwrap_or(USUAL_RECORDS)
}

/// The first page as a list request reads it: a transaction, the total and the page.
async fn page(db: &Db, reach: &Reach, text: &str) -> Result<(i64, usize), Error> {
    let missing = || Error::Unavailable("the workspace does not exist".to_owned());
    let mut tx = db.read_in(WORKSPACE).await?.ok_or_else(missing)?;
    let query = ListQuery {
        entity: "deals".to_owned(),
        reach: reach.clone(),
        owner: None,
        stage: None,
        text: Some(text.to_owned()).filter(|text| !text.is_empty()),
        order: if text.is_empty() { SortOrder::Newest } else { SortOrder::Rank },
        after: None,
        limit: 50,
        total: CountMode::Counted,
        bounds: ListBounds::default(),
        narrowing: Narrowing::default(),
        sorting: None,
    };
    let page = tx.records().list(&query).await?;
    let total = match page.total {
        Total::Exact(n) | Total::MoreThan(n) => n,
        Total::Unknown => -1,
    };
    Ok((total, page.records.len()))
}

async fn write(db: &Db, number: u128) -> Result<(), Error> {
    let missing = || Error::Unavailable("the workspace does not exist".to_owned());
    let mut tx = db.write_in(WORKSPACE).await?.ok_or_else(missing)?;
    tx.records().insert(&record(number)).await?;
    tx.commit().await
}

/// The parts of names.
const PARTS: [&str; 24] = [
    "an", "ber", "cor", "da", "el", "fin", "gar", "hol", "in", "jo", "kel", "lan", "mar",
    "nor", "ol", "per", "ros", "sta", "tor", "ul", "ven", "wil", "sch", "burg",
];

fn owner(number: u128) -> Owner {
    // Spread over the whole range, as the ids of members are.
    Owner::Member(MemberId(Uuid::from_u128(
        number.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060) + 1,
    )))
}

fn reaches() -> Vec<(&'static str, Reach)> {
    let some = |first: u128, step: usize, count: usize| {
        (first..MEMBERS).step_by(step).take(count).map(owner)
    };
    let and_unowned =
        |owners: Vec<Owner>| Reach::owners(owners.into_iter().chain([Owner::Unowned]));
    vec![
        ("all", Reach::All),
        ("none", Reach::Nothing),
        ("own", Reach::owners([owner(5_000)])),
        ("own, heavy", Reach::owners([owner(3)])),
        ("own, dormant", Reach::owners([owner(DORMANT + 3)])),
        ("assigned 20", Reach::owners(some(100, 7, 20))),
        ("assigned 20, dormant", Reach::owners(some(DORMANT, 1, 20))),
        ("team 3x20", Reach::owners(some(200, 11, 60))),
        ("team 3x20, dormant", Reach::owners(some(DORMANT, 1, 60))),
        ("dept 200", Reach::owners(some(300, 13, 200))),
        ("dept 200, dormant", Reach::owners(some(DORMANT, 1, 200))),
        ("dept 200 and unowned", and_unowned(some(300, 13, 200).collect())),
        ("dept 200, dormant, and unowned", and_unowned(some(DORMANT, 1, 200).collect())),
        ("5,000 owners", Reach::owners(some(HEAVY, 1, 5_000))),
    ]
}

async fn fill(location: &str) -> Result<Db, Error> {
    let db = Db::open(location, &Options::default()).await?;
    let mut tx = db.write().await?;
    let sql = "INSERT INTO workspaces (id, slug, name, revision, created_at, blueprint_id, \
               blueprint_hash, blueprint_text) VALUES (?1, 'acme', 'Acme', 0, 0, 'x', ?2, '')";
    tx.execute(sql, &[WORKSPACE.into(), vec![0].into()]).await?;
    tx.commit().await?;
    let missing = || Error::Unavailable("the workspace does not exist".to_owned());
    // In larger transactions PostgreSQL slows down: it scans every version of a counter.
    let records = records();
    for first in (1..=records).step_by(BATCH) {
        let mut tx = db.write_in(WORKSPACE).await?.ok_or_else(missing)?;
        for number in (first..=records).take(BATCH) {
            tx.records().insert(&record(number)).await?;
        }
        tx.commit().await?;
    }
    Ok(db)
}

fn record(number: u128) -> Record {
    let rng = number.wrapping_mul(0xD129_0B26_88C2_F0A5) >> 20;
    let others = DORMANT - HEAVY;
    let owner = match rng % 100 {
        0 => Owner::Unowned,
        heavy @ 1..=20 => owner(heavy - 1),
        _ if number <= USUAL_RECORDS / 10 && rng.is_multiple_of(7) => {
            owner(DORMANT + rng / 700 % (MEMBERS - DORMANT))
        }
        _ => owner(HEAVY + rng / 100 % others),
    };
    let part = |shift: u32| {
        let at = usize::try_from(rng >> shift).unwrap_or(0) % PARTS.len();
        PARTS.get(at).copied().unwrap_or_default()
    };
    let first = format!("{}{}", part(3), part(9));
    let last = format!("{}{}{}", part(15), part(21), part(27));
    let mut title = format!("{first} {last} with a name of usual length");
    let mut mail = format!("{first}.{last}{}@example.com", rng % 1_000);
    if number == 1 {
        "Zqx Quitefirst".clone_into(&mut title);
        "zqx.first@example.com".clone_into(&mut mail);
    }
    let mut fields = Map::new();
    fields.insert("mail".to_owned(), Value::String(mail));
    fields.insert("name".to_owned(), Value::String(title.clone()));
    fields.insert("value".to_owned(), Value::from(1_250));
    fields.insert("note".to_owned(), Value::String("Please call back next week. ".repeat(4)));
    let at = Timestamp::from_micros(1_772_000_000_000_000);
    Record {
        id: RecordId(Uuid::from_u128((number << 80) + rng % (1 << 60))),
        entity: "deals".to_owned(),
        owner,
        title,
        fields,
        stage: Some("lead".to_owned()),
        open: true,
        amount: Some(125_000),
        created_by: None,
        created_at: at,
        updated_at: at,
        version: 1,
    }
}
