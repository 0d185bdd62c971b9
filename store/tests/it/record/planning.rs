//! What a tenant with many records has asked for does not make a list slow for one with few.

use hallpass_domain::saved_report::Measure;
use hallpass_store::member;
use hallpass_store::record::{GroupBy, ListQuery, Narrowing, Reach, ReportQuery, statements};
use hallpass_store::{Db, Dialect, Options, WorkspaceTx};
use tokio_postgres::{NoTls, SimpleQueryMessage};

use super::query;
use crate::fixture::{Fixture, id, insert_workspace};

pub(super) const MANY: i64 = 60_000;

const FEW: i64 = 20;

/// The rows of a small list that may be read: each of its records a few times.
const MOST: i64 = FEW * 20;

/// How many rows of records this connection has read, as far as it has not reported it yet.
const ROWS_READ: &str = "SELECT CAST(seq_tup_read + coalesce(idx_tup_fetch, 0) AS BIGINT) AS n FROM \
    pg_stat_xact_user_tables WHERE relname = 'records'";

async fn fill(location: &str, workspace: u128, n: i64) {
    let (client, connection) = tokio_postgres::connect(location, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let workspace = id(workspace);
    let fill = format!(
        "INSERT INTO records (workspace_id, entity, id, owner_id, title_key, stage, is_open, amount, \
         created_month, created_at, updated_at, version, title, fields, search_text) \
         SELECT '{workspace}', 'deals', lpad(to_hex(n), 32, '0')::uuid, \
         '00000000-0000-0000-0000-000000000000', 'record ' || n, 'lead', true, 0, 600, \
         1772000000000000 + n, 1772000000000000 + n, 1, 'Record ' || n, '{{}}', 'record ' || n \
         FROM generate_series(1, {n}) AS n; \
         INSERT INTO record_counts (workspace_id, entity, owner_id, n, open_n) VALUES \
         ('{workspace}', 'deals', '00000000-0000-0000-0000-000000000000', {n}, {n}); \
         INSERT INTO record_sums (workspace_id, owner_id, entity, grouped_by, grouped, n, open_n, \
         amount_high, amount_low) SELECT '{workspace}', owner::uuid, 'deals', 'stage', 'lead', {n}, {n}, 0, 0 \
         FROM unnest(ARRAY['00000000-0000-0000-0000-000000000000', \
         'ffffffff-ffff-ffff-ffff-ffffffffffff']) AS owner; \
         INSERT INTO record_totals (workspace_id, entity, n) VALUES ('{workspace}', 'deals', {n}); \
         ANALYZE records"
    );
    client.batch_execute(&fill).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
}

fn filtered() -> ListQuery {
    ListQuery { stage: Some("lead".to_owned()), ..query("deals") }
}

/// Lists what a filter leaves, sums everything up, and returns how many rows of records were read for it.
async fn rows_read(db: &Db, workspace: u128, query: &ListQuery) -> i64 {
    let mut tx: WorkspaceTx = db.read_in(id(workspace)).await.unwrap().unwrap();
    let before = tx.global().query_one(ROWS_READ, &[]).await.unwrap().int("n").unwrap();
    tx.records().list(query).await.unwrap();
    let report = ReportQuery {
        entity: "deals",
        reach: &Reach::All,
        stage: Some("lead"),
        by: GroupBy::Month,
        measure: Measure::Count,
    };
    tx.records().report(report, &[]).await.unwrap();
    tx.global().query_one(ROWS_READ, &[]).await.unwrap().int("n").unwrap() - before
}

#[tokio::test]
async fn a_tenant_with_many_records_changes_no_plan_of_one_with_few() {
    let fixture = Fixture::on_postgres().await;
    insert_workspace(&fixture.db, 1).await;
    insert_workspace(&fixture.db, 2).await;
    let location = fixture.database.location();
    fill(&location, 1, MANY).await;
    fill(&location, 2, FEW).await;
    // All of them on one connection, which keeps its prepared statements.
    let options = Options { connections: 1, read_budget: None, ..Options::default() };
    let db = Db::open(&location, &options).await.unwrap();

    let open = Narrowing { open: Some(true), ..Narrowing::default() };
    for query in [filtered(), ListQuery { narrowing: open, ..query("deals") }] {
        for _ in 0..8 {
            assert!(rows_read(&db, 1, &query).await > FEW);
        }
        let read = rows_read(&db, 2, &query).await;

        assert!((1..=MOST).contains(&read), "{read} rows were read for a list of {FEW}");
    }
}

/// The control: one plan for all tenants reads what others have.
#[tokio::test]
async fn one_plan_for_all_tenants_reads_the_records_of_others() {
    let fixture = Fixture::on_postgres().await;
    insert_workspace(&fixture.db, 1).await;
    insert_workspace(&fixture.db, 2).await;
    let location = fixture.database.location();
    fill(&location, 1, MANY).await;
    fill(&location, 2, FEW).await;
    let (client, connection) = tokio_postgres::connect(&location, NoTls).await.unwrap();
    tokio::spawn(connection);
    let settings = "SET enable_sort = off; SET enable_incremental_sort = off; SET jit = off; \
                    SET plan_cache_mode = force_generic_plan";
    client.batch_execute(settings).await.unwrap();
    let all = statements(Dialect::Postgres);
    let (_, sums) = all.iter().find(|(name, _)| name == "months of a stage").unwrap();

    let sql = Dialect::Postgres.statement(sums).into_owned();
    client.batch_execute(&format!("PREPARE found AS {sql}")).await.unwrap();
    let run = format!("BEGIN; EXECUTE found ('{}', 'deals', 'lead')", id(2));
    client.batch_execute(&run).await.unwrap();
    let read: i64 = client.query_one(ROWS_READ, &[]).await.unwrap().get(0);

    assert!(read > MOST, "{read} rows were read for a list of {FEW}");
}

/// Many records and members of one tenant, and few of another: a fifth is open, a hundredth is an owner's, and a
/// hundredth of the members are managers.
pub(super) fn filling(workspace: u128, n: i64) -> String {
    let workspace = id(workspace);
    format!(
        "INSERT INTO records (workspace_id, entity, id, owner_id, title_key, stage, is_open, amount, \
         created_month, created_at, updated_at, version, title, fields, search_text) \
         SELECT '{workspace}', 'deals', lpad(to_hex(n), 32, '0')::uuid, \
         lpad(to_hex(n % 100), 32, '0')::uuid, 'record ' || n, \
         CASE WHEN n % 10 = 0 THEN 'lead' ELSE 'won' END, n % 5 = 0, 0, 600, \
         1772000000000000 + n, 1772000000000000 + n, 1, 'Record ' || n, '{{}}', 'record ' || n \
         FROM generate_series(1, {n}) AS n; \
         INSERT INTO members (workspace_id, id, account_id, first_name, last_name, email, name_key, search, \
         status, role, levels, visibility, is_billing_contact, joined_at, version) \
         SELECT '{workspace}', lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(n), 32, '0')::uuid, 'Anna', '' || n, \
         n || '@example.com', 'anna ' || n, 'anna ' || n, 'active', \
         CASE WHEN n % 100 = 0 THEN 'manager' ELSE 'member' END, '', 'own', FALSE, 0, 1 \
         FROM generate_series(1, {n} / 6) AS n;"
    )
}

#[tokio::test]
async fn each_index_serves_a_tenant_with_many_rows_and_one_with_few() {
    let fixture = Fixture::on_postgres().await;
    let location = fixture.database.location();
    let (client, connection) = tokio_postgres::connect(&location, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    for (workspace, n) in [(1, MANY), (2, 300)] {
        insert_workspace(&fixture.db, workspace).await;
        client.batch_execute(&filling(workspace, n)).await.unwrap();
    }
    let settings =
        "ANALYZE; SET enable_sort = off; SET enable_incremental_sort = off; SET jit = off";
    client.batch_execute(settings).await.unwrap();
    let all = [statements(Dialect::Postgres), member::statements(Dialect::Postgres)].concat();
    let ends = "'deals', 'ffffffff-ffff-ffff-ffff-ffffffffffff', \
                '00000000-0000-0000-0000-000000000000', 51";
    let (one, some) = (
        "00000000-0000-0000-0000-000000000007",
        "{00000000-0000-0000-0000-000000000007,00000000-0000-0000-0000-000000000008}",
    );

    for (name, values, index) in [
        ("walk newest of open ones", format!("{ends}, TRUE"), "records_open"),
        ("scan newest of open ones", format!("{ends}, TRUE"), "records_open"),
        ("one newest of open ones", format!("{ends}, '{one}', TRUE"), "records_owner_open"),
        ("merge newest of open ones", format!("{ends}, '{some}', TRUE"), "records_owner_open"),
        ("members of a role", "51, 'manager'".to_owned(), "members_role"),
        ("members by name", "51".to_owned(), "members_name"),
        ("walk newest", ends.to_owned(), "records_pkey"),
        ("walk newest of a stage", format!("{ends}, 'lead'"), "records_stage"),
    ] {
        let (_, sql) = all.iter().find(|(known, _)| known == name).unwrap();
        let prepare = format!("PREPARE plan AS {}", Dialect::Postgres.statement(sql));
        client.batch_execute(&prepare).await.unwrap();
        for (workspace, mode) in [(1, "custom"), (1, "generic"), (2, "custom"), (2, "generic")]
        {
            let mode = format!("SET plan_cache_mode = force_{mode}_plan");
            client.batch_execute(&mode).await.unwrap();
            let explain =
                format!("EXPLAIN (COSTS OFF) EXECUTE plan ('{}', {values})", id(workspace));
            let rows = client.simple_query(&explain).await.unwrap();
            let lines = rows.iter().filter_map(|row| {
                let SimpleQueryMessage::Row(row) = row else { return None };
                row.get(0).map(str::to_owned)
            });
            let plan = lines.collect::<Vec<String>>().join("\n");
            // On a few pages of a table any index does.
            let is_expected =
                plan.contains(index) || (workspace == 2 && mode.contains("custom"));
            assert!(is_expected, "{name} {mode} of {workspace}:\n{plan}");
            assert!(!plan.contains("Seq Scan"), "{name} {mode} of {workspace}:\n{plan}");
        }
        client.batch_execute("DEALLOCATE plan").await.unwrap();
    }
    drop(client);
    connection.await.unwrap().unwrap();
}
