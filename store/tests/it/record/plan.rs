//! The plan of each statement that lists are read by, on each engine, in golden files.
//!
//! `HALLPASS_REWRITE=1 cargo test -p hallpass-store --test it record::plan` rewrites them.

use std::fmt::Write;

use hallpass_store::member;
use hallpass_store::record::{is_planned_for_values, statements};
use hallpass_store::{Dialect, Value, WorkspaceTx};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use super::planning::{MANY, filling};
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

/// The plan of a statement with values, as the engine prints it.
async fn plan_of(client: &Client, mode: &str, values: &str) -> String {
    let mode = format!("SET plan_cache_mode = force_{mode}_plan");
    client.batch_execute(&mode).await.unwrap();
    let explain = format!("EXPLAIN (COSTS OFF) EXECUTE plan ({values})");
    let rows = client.simple_query(&explain).await.unwrap();
    let lines = rows.iter().filter_map(|row| {
        let SimpleQueryMessage::Row(row) = row else { return None };
        row.get(0).map(|line| format!("    {line}\n"))
    });
    lines.collect()
}

/// Whether a plan reads the records of every workspace to the last.
fn reads_all(plan: &str) -> bool {
    plan.contains("Seq Scan on records") && !plan.contains("Limit")
}

/// A value for a parameter of a statement, by its type and by what the statement makes of a text. The first text is a
/// record type.
fn value_of(sql: &str, number: usize, kind: &str, texts: &mut usize) -> String {
    let uuid = |n: u8| format!("00000000-0000-0000-0000-0000000000{n:02}");
    let becomes = |other: &str| sql.contains(&format!("?{number}::text::{other}"));
    match kind {
        "uuid" => format!("'{}'", uuid(7)),
        "text" if becomes("uuid[]") => format!("'{{{},{}}}'", uuid(7), uuid(8)),
        "text" if becomes("json") => "'[\"deals\"]'".to_owned(),
        "bigint" | "integer" => "51".to_owned(),
        "boolean" => "TRUE".to_owned(),
        "text" => {
            *texts += 1;
            if *texts == 1 { "'deals'" } else { "'lead'" }.to_owned()
        }
        _ => "NULL".to_owned(),
    }
}

/// On a database with statistics, in which one workspace has almost all records: the plan that serves every workspace,
/// or, where the engine plans a statement for its values, those for the large and for the small one. None reads all
/// records but that of the small one, which may when that is least.
#[tokio::test]
async fn postgres_with_a_large_and_a_small_workspace() {
    let fixture = Fixture::on_postgres().await;
    let (client, connection) =
        tokio_postgres::connect(&fixture.database.location(), NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    // Each run has the same statistics: no process of the server takes them in between, and they are of all rows.
    let alone = "DO $$ DECLARE one regclass; BEGIN \
                 FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' \
                 AND relnamespace = 'public'::regnamespace LOOP \
                 EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', one); \
                 END LOOP; END $$";
    client.batch_execute(alone).await.unwrap();
    for (workspace, n) in [(1, MANY), (2, 20)] {
        insert_workspace(&fixture.db, workspace).await;
        client.batch_execute(&filling(workspace, n)).await.unwrap();
    }
    for setting in [
        "SET default_statistics_target = 1000",
        "VACUUM ANALYZE",
        "SET enable_sort = off; SET enable_incremental_sort = off; SET jit = off",
    ] {
        client.batch_execute(setting).await.unwrap();
    }
    let mut plans = String::new();

    for (name, sql) in every(Dialect::Postgres) {
        let prepare = format!("PREPARE plan AS {}", Dialect::Postgres.statement(&sql));
        client.batch_execute(&prepare).await.unwrap();
        let kinds = "SELECT unnest(parameter_types)::text FROM pg_prepared_statements WHERE name = 'plan'";
        let kinds = client.query(kinds, &[]).await.unwrap();
        let mut texts = 0;
        let values = kinds
            .iter()
            .enumerate()
            .skip(1)
            .map(|(before, kind)| value_of(&sql, before + 1, kind.get(0), &mut texts));
        let values: Vec<String> = values.collect();
        let of = |workspace| {
            [vec![format!("'{}'", id(workspace))], values.clone()].concat().join(", ")
        };
        writeln!(plans, "{name}").unwrap();
        let plan = if is_planned_for_values(&sql) {
            let large = plan_of(&client, "custom", &of(1)).await;
            let small = plan_of(&client, "custom", &of(2)).await;
            assert!(!reads_all(&large), "{name}:\n{large}");
            format!("  for the large workspace\n{large}  for the small workspace\n{small}")
        } else {
            let every = plan_of(&client, "generic", &of(1)).await;
            assert!(!reads_all(&every), "{name}:\n{every}");
            format!("  for every workspace\n{every}")
        };
        plans.push_str(&plan);
        client.batch_execute("DEALLOCATE plan").await.unwrap();
        plans.push('\n');
    }
    drop(client);
    connection.await.unwrap().unwrap();

    compare_with("postgres_filled.txt", &format!("{}\n", plans.trim_end()));
}
