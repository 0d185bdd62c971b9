//! Statements that read much or take long are in no other request's way, and end.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use hallpass_domain::record::Owner;
use hallpass_store::db::ReadTurn;
use hallpass_store::options::HeavyReads;
use hallpass_store::{Db, Dialect, Error, Load, Options};

use crate::fixture::{
    Fixture, INSERT_WORKSPACE, TestDatabase, id, insert_workspace, run, workspace,
};
use crate::record::record;

contract! {
    every: [
        a_reading_statement_over_its_budget_is_ended,
        a_writing_statement_over_its_budget_is_ended_and_changes_nothing,
        a_command_of_the_operator_takes_as_long_as_it_takes,
        a_dropped_statement_gives_a_clean_connection_back,
        a_heavy_statement_returns_what_it_has_read,
    ],
    persistent: [
        heavy_reads_of_a_workspace_leave_places_and_connections_to_others,
        heavy_reads_beyond_the_queue_are_refused_and_counted,
        a_transaction_that_reads_much_keeps_its_snapshot,
        a_transaction_waits_for_a_connection_only_so_long,
        writers_of_a_workspace_take_turns_with_those_of_others,
        the_queue_of_writers_of_a_workspace_is_bounded,
    ],
}

/// Reads on and on; `?1` is the workspace.
const ENDLESS: &str = "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < CAST(?2 AS BIGINT)) \
    SELECT max(i) AS n FROM n, workspaces WHERE id = ?1";

const NEVER: i64 = 1 << 50;

const SOON: Duration = Duration::from_millis(200);

fn options() -> Options {
    Options {
        connections: 4,
        read_budget: Some(Duration::from_secs(20)),
        write_budget: Some(Duration::from_secs(20)),
        wait: Duration::from_secs(20),
        heavy: HeavyReads {
            places: 2,
            waiting: 2,
            wait: Duration::from_secs(20),
            ..HeavyReads::default()
        },
        ..Options::default()
    }
}

async fn opened(fixture: &Fixture, options: &Options) -> Db {
    if let TestDatabase::Memory = fixture.database {
        let db = Db::open(":memory:", options).await.unwrap();
        insert_workspace(&db, 1).await;
        return db;
    }
    let db = Db::open(&fixture.database.location(), options).await.unwrap();
    insert_workspace(&db, 1).await;
    insert_workspace(&db, 2).await;
    db
}

/// Reads much in a workspace.
async fn read_on(db: &Db, workspace: u128, until: i64) -> Result<i64, Error> {
    let mut tx = db.read_in(id(workspace)).await?.unwrap();
    tx.query_one(ENDLESS, &[until.into()]).await?.int("n")
}

/// Reads little.
async fn read_little(db: &Db, workspace: u128) -> i64 {
    let mut tx = db.read_in(id(workspace)).await.unwrap().unwrap();
    tx.query_one("SELECT revision FROM workspaces WHERE id = ?1", &[]).await.unwrap();
    tx.revision()
}

/// Waits until the load is as described.
async fn until(db: &Db, is_so: impl Fn(&Load) -> bool) {
    let waiting = async {
        while !is_so(&db.load()) {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), waiting).await;
    assert!(waited.is_ok(), "{:?}", db.load());
}

async fn a_reading_statement_over_its_budget_is_ended(fixture: Fixture) {
    let db = opened(&fixture, &Options { read_budget: Some(SOON), ..options() }).await;

    for _ in 0..6 {
        let outcome = read_on(&db, 1, NEVER).await;
        assert!(matches!(outcome, Err(Error::TooSlow { budget: SOON })), "{outcome:?}");
    }

    assert_eq!(read_little(&db, 1).await, 0);
    until(&db, |load| load.connections_in_use == 0 && load.heavy_running == 0).await;
    assert_eq!(db.load().too_slow_total, 6);
}

async fn a_writing_statement_over_its_budget_is_ended_and_changes_nothing(fixture: Fixture) {
    let db = opened(&fixture, &Options { write_budget: Some(SOON), ..options() }).await;
    let slow = "UPDATE workspaces SET revision = (WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL \
                SELECT i + 1 FROM n WHERE i < CAST(?2 AS BIGINT)) SELECT max(i) FROM n) WHERE id = ?1";

    let mut tx = db.write_in(id(1)).await.unwrap().unwrap();
    tx.bump_revision().await.unwrap();
    let outcome = tx.execute(slow, &[NEVER.into()]).await;
    let after = tx.bump_revision().await;
    let commit = tx.commit().await;

    assert!(matches!(outcome, Err(Error::TooSlow { budget: SOON })), "{outcome:?}");
    assert!(matches!(after, Err(Error::Unavailable(_))), "{after:?}");
    assert!(matches!(commit, Err(Error::Unavailable(_))), "{commit:?}");
    assert_eq!(read_little(&db, 1).await, 0);
    let mut next = db.write_in(id(1)).await.unwrap().unwrap();
    assert_eq!(next.bump_revision().await.unwrap(), 1);
    next.commit().await.unwrap();
}

async fn a_command_of_the_operator_takes_as_long_as_it_takes(fixture: Fixture) {
    let budget = Some(Duration::from_millis(1));
    let short = Options { read_budget: budget, write_budget: budget, ..options() };

    let db = opened(&fixture, &short.without_budgets()).await;

    assert_eq!(read_on(&db, 1, 300_000).await.unwrap(), 300_000);
}

async fn a_dropped_statement_gives_a_clean_connection_back(fixture: Fixture) {
    let db = opened(&fixture, &options()).await;

    for _ in 0..12 {
        let reading = read_on(&db, 1, NEVER);
        assert!(tokio::time::timeout(Duration::from_millis(60), reading).await.is_err());
        let writing = async {
            let mut tx = db.write_in(id(1)).await.unwrap().unwrap();
            tx.bump_revision().await.unwrap();
            tx.query(ENDLESS, &[NEVER.into()]).await
        };
        assert!(tokio::time::timeout(Duration::from_millis(60), writing).await.is_err());
    }

    until(&db, |load| load.connections_in_use == 0 && load.heavy_running == 0).await;
    // Those that had begun.
    assert!(db.load().abandoned_total > 0, "{:?}", db.load());
    assert_eq!(read_little(&db, 1).await, 0);
    let mut tx = db.write_in(id(1)).await.unwrap().unwrap();
    assert_eq!(tx.bump_revision().await.unwrap(), 1);
}

async fn a_heavy_statement_returns_what_it_has_read(fixture: Fixture) {
    let db = opened(&fixture, &options()).await;
    let sql = "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 40000) \
               SELECT i FROM n ORDER BY i";

    let mut tx = db.read().await.unwrap();
    let rows = tx.query(sql, &[]).await.unwrap();
    let again = tx.query_one("SELECT count(*) AS n FROM workspaces", &[]).await.unwrap();

    let read: Vec<i64> = rows.iter().map(|row| row.int("i").unwrap()).collect();
    assert_eq!(read, (1..=40_000).collect::<Vec<i64>>());
    assert!(again.int("n").unwrap() > 0);
}

/// As many as would take every connection and every thread.
async fn heavy_reads_of_a_workspace_leave_places_and_connections_to_others(fixture: Fixture) {
    let db = opened(&fixture, &options()).await;
    let hostile: Vec<_> = (0..24)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move { read_on(&db, 1, NEVER).await })
        })
        .collect();
    until(&db, |load| load.heavy_running == 1 && load.refused_total > 0).await;

    for _ in 0..50 {
        assert_eq!(read_little(&db, 2).await, 0);
    }
    assert_eq!(read_on(&db, 2, 200_000).await.unwrap(), 200_000);
    let mut tx = db.write_in(id(2)).await.unwrap().unwrap();
    tx.bump_revision().await.unwrap();
    tx.commit().await.unwrap();

    // What the hostile workspace has asked for goes on all the time.
    assert_eq!(db.load().heavy_running, 1);
    for one in hostile {
        one.abort();
        let _ = one.await;
    }
    until(&db, |load| load.connections_in_use == 0 && load.heavy_running == 0).await;
}

async fn heavy_reads_beyond_the_queue_are_refused_and_counted(fixture: Fixture) {
    let db = opened(&fixture, &options()).await;
    let running: Vec<_> = (0..2)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move { read_on(&db, 1, NEVER).await })
        })
        .collect();
    until(&db, |load| load.heavy_running + load.heavy_waiting >= 1).await;
    while db.load().refused_total == 0 {
        let beyond = tokio::time::timeout(Duration::from_secs(1), read_on(&db, 1, NEVER)).await;
        if let Ok(outcome) = beyond {
            assert!(matches!(outcome, Err(Error::Busy { .. })), "{outcome:?}");
        }
    }

    assert_eq!(db.load().throttled, [(id(1), db.load().refused_total)]);
    for one in running {
        one.abort();
        let _ = one.await;
    }
}

async fn a_transaction_that_reads_much_keeps_its_snapshot(fixture: Fixture) {
    let db = opened(&fixture, &options()).await;
    let count = "SELECT count(*) AS n FROM workspaces";
    let mut reader = db.read().await.unwrap();
    assert_eq!(reader.query_one(count, &[]).await.unwrap().int("n").unwrap(), 2);

    let mut writer = db.write().await.unwrap();
    writer.execute(INSERT_WORKSPACE, &workspace(3)).await.unwrap();
    writer.commit().await.unwrap();
    let sql = format!(
        "{count} WHERE (WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 \
                       FROM n WHERE i < 300000) SELECT max(i) FROM n) > 0"
    );

    assert_eq!(reader.query_one(&sql, &[]).await.unwrap().int("n").unwrap(), 2);
    assert_eq!(reader.query_one(count, &[]).await.unwrap().int("n").unwrap(), 2);
}

async fn a_transaction_waits_for_a_connection_only_so_long(fixture: Fixture) {
    let db = opened(&fixture, &Options { connections: 1, wait: SOON, ..options() }).await;
    let mut held = db.read().await.unwrap();
    held.query("SELECT 1 AS n", &[]).await.unwrap();

    let refused = db.read().await.map(drop);

    assert!(matches!(refused, Err(Error::Busy { .. })), "{refused:?}");
    drop(held);
    assert_eq!(read_little(&db, 1).await, 0);
    let mut holder = db.write_in(id(1)).await.unwrap().unwrap();
    holder.bump_revision().await.unwrap();
    let refused = db.write_in(id(1)).await.map(drop);
    assert!(matches!(refused, Err(Error::Busy { .. })), "{refused:?}");
}

/// Writes in a workspace, and notes it in order.
async fn write_once(db: &Db, workspace: u128, written: &Mutex<Vec<u128>>) {
    let mut tx = db.write_in(id(workspace)).await.unwrap().unwrap();
    tx.bump_revision().await.unwrap();
    written.lock().unwrap().push(workspace);
    tx.commit().await.unwrap();
}

async fn writers_of_a_workspace_take_turns_with_those_of_others(fixture: Fixture) {
    let db = opened(&fixture, &options()).await;
    let written = Arc::new(Mutex::new(Vec::new()));
    let mut held = db.write_in(id(1)).await.unwrap().unwrap();
    held.bump_revision().await.unwrap();
    let hostile: Vec<_> = (0..30)
        .map(|_| {
            let (db, written) = (db.clone(), Arc::clone(&written));
            tokio::spawn(async move { write_once(&db, 1, &written).await })
        })
        .collect();
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }

    let good = tokio::spawn({
        let (db, written) = (db.clone(), Arc::clone(&written));
        async move { write_once(&db, 2, &written).await }
    });
    if db.dialect() == Dialect::Postgres {
        // It has a connection, and waits for none of them.
        good.await.unwrap();
        held.commit().await.unwrap();
    } else {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        held.commit().await.unwrap();
        good.await.unwrap();
    }

    let place = written.lock().unwrap().iter().position(|one| *one == 2).unwrap();
    assert!(place <= 3, "after {place} others");
    for one in hostile {
        one.await.unwrap();
    }
    assert_eq!(read_little(&db, 1).await, 31);
}

async fn the_queue_of_writers_of_a_workspace_is_bounded(fixture: Fixture) {
    let db = opened(&fixture, &Options { waiting_in_workspace: Some(2), ..options() }).await;
    let mut held = db.write_in(id(1)).await.unwrap().unwrap();
    held.bump_revision().await.unwrap();
    let waiting: Vec<_> = (0..8)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move { db.write_in(id(1)).await.map(drop) })
        })
        .collect();
    until(&db, |load| load.refused_total >= 4).await;

    assert_eq!(db.load().throttled, [(id(1), db.load().refused_total)]);
    held.commit().await.unwrap();
    let mut outcomes = Vec::new();
    for one in waiting {
        outcomes.push(one.await.unwrap());
    }
    let refused = outcomes.iter().filter(|one| matches!(one, Err(Error::Busy { .. }))).count();
    assert!((4..=6).contains(&refused), "{outcomes:?}");
    assert!(outcomes.iter().filter(|one| one.is_ok()).count() >= 2, "{outcomes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_reads_with_half_of_the_connections_of_a_server() {
    let fixture = Fixture::on_postgres().await;
    let db = opened(&fixture, &options()).await;
    let turn = |workspace: u128| match db.turn_to_read(id(workspace)) {
        ReadTurn::Free(turn) => Some(turn),
        ReadTurn::Taken => None,
    };

    let own = [turn(1), turn(1), turn(1)];

    assert_eq!(own.each_ref().map(Option::is_some), [true, true, false]);
    assert!(turn(2).is_some());
    let waiting = db.wait_to_read(id(1));
    let first = own.into_iter().next();
    drop(first);
    assert!(waiting.await.is_ok());
}

/// A commit may wait for standbys; one that is cancelled in the meantime is acknowledged without them.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_on_a_server_takes_as_long_as_it_takes() {
    let fixture = Fixture::on_postgres().await;
    let sql = "CREATE TABLE slow (n BIGINT); \
        CREATE FUNCTION wait_a_while() RETURNS trigger AS \
        'BEGIN PERFORM pg_sleep(0.6); RETURN NULL; END' LANGUAGE plpgsql; \
        CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED \
        FOR EACH ROW EXECUTE FUNCTION wait_a_while()";
    run(&fixture.database.location(), sql).await;
    let db = opened(&fixture, &Options { write_budget: Some(SOON), ..options() }).await;

    let mut tx = db.write().await.unwrap();
    tx.execute("INSERT INTO slow (n) VALUES (?1)", &[1.into()]).await.unwrap();
    let committed = tx.commit().await;

    assert!(committed.is_ok(), "{committed:?}");
    let slow = "SELECT count(*) AS n FROM slow";
    assert_eq!(
        db.read().await.unwrap().query_one(slow, &[]).await.unwrap().int("n").unwrap(),
        1
    );
}

/// The first record of a type gets a number that no other type has.
#[tokio::test(flavor = "multi_thread")]
async fn first_records_of_two_workspaces_do_not_wait_for_each_other_on_a_server() {
    let fixture = Fixture::on_postgres().await;
    let short = Options { write_budget: Some(Duration::from_secs(2)), ..options() };
    let db = opened(&fixture, &short).await;
    let mut one = db.write_in(id(1)).await.unwrap().unwrap();
    one.records().insert(&record(1, "deals", Owner::Unowned)).await.unwrap();

    let mut other = db.write_in(id(2)).await.unwrap().unwrap();
    other.records().insert(&record(2, "deals", Owner::Unowned)).await.unwrap();
    other.commit().await.unwrap();
    one.commit().await.unwrap();

    let sql = "SELECT count(*) AS n FROM search_scopes GROUP BY scope HAVING count(*) > 1";
    assert!(db.read().await.unwrap().query(sql, &[]).await.unwrap().is_empty());
}
