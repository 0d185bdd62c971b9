//! The schema after all migrations, in golden files.
//!
//! `HALLPASS_REWRITE=1 cargo test -p hallpass-store --test it schema` rewrites them.

use std::fmt::Write;

use hallpass_store::{Db, Rows};

use crate::fixture::Fixture;

fn compare_with(file: &str, found: &str) {
    let path = format!("{}/schema/{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("HALLPASS_REWRITE").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(golden, found, "`{path}` differs from the schema after all migrations");
}

async fn ask(db: &Db, sql: &str) -> Rows {
    db.read().await.unwrap().query(sql, &[]).await.unwrap()
}

#[tokio::test]
async fn sqlite() {
    let fixture = Fixture::in_memory().await;
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name";

    let rows = ask(&fixture.db, sql).await;

    let statements: Vec<String> =
        rows.iter().map(|row| format!("{};\n", row.text(0).unwrap())).collect();
    compare_with("sqlite.sql", &statements.join("\n"));
}

#[tokio::test]
async fn postgres() {
    let fixture = Fixture::on_postgres().await;
    let mut found = String::new();

    for table in ask(&fixture.db, TABLES).await {
        let table = table.text(0).unwrap();
        let mut tx = fixture.db.read().await.unwrap();
        let mut lines = Vec::new();
        for sql in [COLUMNS, CONSTRAINTS] {
            let rows = tx.query(sql, &[table.into()]).await.unwrap();
            lines.extend(rows.iter().map(|row| format!("    {}", row.text(0).unwrap())));
        }
        writeln!(found, "CREATE TABLE {table} (\n{}\n);", lines.join(",\n")).unwrap();
        for row in tx.query(INDEXES, &[table.into()]).await.unwrap() {
            writeln!(found, "{};", row.text(0).unwrap()).unwrap();
        }
        found.push('\n');
    }

    compare_with("postgres.sql", &format!("{}\n", found.trim_end()));
}

const TABLES: &str =
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename";

const COLUMNS: &str = "SELECT column_name || ' ' || data_type
        || coalesce(' COLLATE \"' || collation_name || '\"', '')
        || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
        || coalesce(' DEFAULT ' || column_default, '')
        || coalesce(' GENERATED ALWAYS AS (' || generation_expression || ') STORED', '')
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = ?1
    ORDER BY ordinal_position";

const CONSTRAINTS: &str =
    "SELECT 'CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(c.oid)
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ?1 AND c.contype <> 'n'
    ORDER BY c.contype DESC, conname";

/// The indexes that belong to no constraint.
const INDEXES: &str = "SELECT replace(indexdef, ' ON public.', ' ON ')
    FROM pg_indexes
    WHERE schemaname = 'public' AND tablename = ?1 AND indexname NOT IN (
        SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u', 'x'))
    ORDER BY indexname";
