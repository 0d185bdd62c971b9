//! How each engine goes about the statements that lists are read by, in files read in review.
//!
//! `HALLPASS_REWRITE=1 cargo test -p hallpass-store --test it record::plan` writes them anew.

use std::fmt::Write;

use hallpass_store::record::statements;
use hallpass_store::{Dialect, Value};
use tokio_postgres::{NoTls, SimpleQueryMessage};

use crate::fixture::{Fixture, found, id};

fn hold_against(file: &str, found: &str) {
    let path = format!("{}/plans/{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("HALLPASS_REWRITE").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(golden, found, "`{path}` is not how lists are read");
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
    let house = Fixture::in_memory().await;
    found(&house.db, 1).await;
    let mut tx = house.db.write_in(id(1)).await.unwrap().unwrap();
    let mut plans = String::new();

    for (name, sql) in statements(Dialect::Sqlite) {
        let values = vec![Value::Null; parameters(&sql) - 1];
        let rows = tx.query(&format!("EXPLAIN QUERY PLAN {sql}"), &values).await.unwrap();
        writeln!(plans, "{name}").unwrap();
        for row in rows {
            writeln!(plans, "    {}", row.text(3).unwrap()).unwrap();
        }
        plans.push('\n');
    }

    hold_against("sqlite.txt", &format!("{}\n", plans.trim_end()));
}

#[tokio::test]
async fn postgres() {
    let house = Fixture::on_postgres().await;
    let (client, connection) =
        tokio_postgres::connect(&house.database.location(), NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    // As the store has it on its own connections, for a table that nobody has statistics of.
    let settings = "SET enable_sort = off; SET enable_incremental_sort = off; SET jit = off; \
                    SET plan_cache_mode = force_generic_plan";
    client.batch_execute(settings).await.unwrap();
    let mut plans = String::new();

    for (name, sql) in statements(Dialect::Postgres) {
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

    hold_against("postgres.txt", &format!("{}\n", plans.trim_end()));
}
