//! The plan of each statement that lists are read by, on each engine, in golden files.
//!
//! `HALLPASS_REWRITE=1 cargo test -p hallpass-store --test it record::plan` rewrites them.

use std::fmt::Write;

use hallpass_store::member;
use hallpass_store::record::statements;
use hallpass_store::{Dialect, Value, WorkspaceTx};
use tokio_postgres::{NoTls, SimpleQueryMessage};

use super::{owner, record, write};
use crate::fixture::{Fixture, id, insert_workspace};

fn compare_with(file: &str, found: &str) {
    let path = format!("{}/plans/{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("HALLPASS_REWRITE").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(golden, found, "`{path}` differs from the plans of the engine");
}

/// The statements of records, and those of members.
fn every(dialect: Dialect) -> Vec<(String, String)> {
    [statements(dialect), member::statements(dialect)].concat()
}

/// The highest parameter of a statement.
fn parameters(sql: &str) -> usize {
    let numbers = sql.split('?').skip(1).map(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest[..digits].parse::<usize>().unwrap()
    });
    numbers.max().unwrap()
}

#[tokio::test]
async fn sqlite() {
    let fixture = Fixture::in_memory().await;
    insert_workspace(&fixture.db, 1).await;
    let mut tx = fixture.db.write_in(id(1)).await.unwrap().unwrap();
    compare_with("sqlite.txt", &plans_of_sqlite(&mut tx).await);
}

/// An operator may run ANALYZE on a database in which one workspace has almost all records.
#[tokio::test]
async fn sqlite_reads_lists_of_a_large_and_of_a_small_workspace_in_the_same_way() {
    let fixture = Fixture::in_memory().await;
    for (workspace, records) in [(1, 5_000), (2, 20)] {
        insert_workspace(&fixture.db, workspace).await;
        let mut tx = write(&fixture, workspace).await;
        let all: Vec<_> = (1..=records)
            .map(|number| record(number, "deals", owner(u64::try_from(number % 40).unwrap())))
            .collect();
        tx.records().insert_all(&all).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = fixture.db.write().await.unwrap();
    tx.query("ANALYZE", &[]).await.unwrap();
    tx.commit().await.unwrap();

    for workspace in [1, 2] {
        let mut tx = write(&fixture, workspace).await;
        compare_with("sqlite_analyzed.txt", &plans_of_sqlite(&mut tx).await);
    }
}

async fn plans_of_sqlite(tx: &mut WorkspaceTx) -> String {
    let mut plans = String::new();

    for (name, sql) in every(Dialect::Sqlite) {
        let values = vec![Value::Null; parameters(&sql) - 1];
        let rows = tx.query(&format!("EXPLAIN QUERY PLAN {sql}"), &values).await.unwrap();
        writeln!(plans, "{name}").unwrap();
        for row in rows {
            writeln!(plans, "    {}", row.text(3).unwrap()).unwrap();
        }
        plans.push('\n');
    }

    format!("{}\n", plans.trim_end())
}

#[tokio::test]
async fn postgres() {
    let fixture = Fixture::on_postgres().await;
    let (client, connection) =
        tokio_postgres::connect(&fixture.database.location(), NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    // The settings of the connections of the store, for a table without statistics.
    let settings = "SET enable_sort = off; SET enable_incremental_sort = off; SET jit = off; \
                    SET plan_cache_mode = force_generic_plan";
    client.batch_execute(settings).await.unwrap();
    let mut plans = String::new();

    for (name, sql) in every(Dialect::Postgres) {
        let nulls = vec!["NULL"; parameters(&sql)].join(", ");
        let prepare = format!("PREPARE plan AS {}", Dialect::Postgres.statement(&sql));
        client.batch_execute(&prepare).await.unwrap();
        let explain = format!("EXPLAIN (COSTS OFF) EXECUTE plan ({nulls})");
        let lines = client.simple_query(&explain).await.unwrap();
        client.batch_execute("DEALLOCATE plan").await.unwrap();
        writeln!(plans, "{name}").unwrap();
        for line in lines {
            if let SimpleQueryMessage::Row(row) = line {
                writeln!(plans, "    {}", row.get(0).unwrap()).unwrap();
            }
        }
        plans.push('\n');
    }
    drop(client);
    connection.await.unwrap().unwrap();

    compare_with("postgres.txt", &format!("{}\n", plans.trim_end()));
}
