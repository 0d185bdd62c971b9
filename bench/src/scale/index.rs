//! Filling PostgreSQL with very many records: their indexes are dropped before, and made in one pass afterwards.

use super::database::{Database, with_client};

/// The statements that make the indexes of the records again.
pub(super) struct Indexes(Vec<String>);

impl Indexes {
    /// Drops every index of the records that is not a key.
    pub(super) fn drop_of(database: &Database) -> Result<Indexes, String> {
        let sql = "SELECT indexname, indexdef FROM pg_indexes \
                   WHERE tablename = 'records' AND indexdef NOT LIKE 'CREATE UNIQUE%'";
        with_client(&database.location(), async |client| {
            let error = |error: tokio_postgres::Error| format!("{sql}: {error}");
            let mut made = Vec::new();
            for row in client.query(sql, &[]).await.map_err(error)? {
                let drop = format!("DROP INDEX {}", row.get::<_, String>("indexname"));
                client.batch_execute(&drop).await.map_err(error)?;
                made.push(row.get("indexdef"));
            }
            Ok(Indexes(made))
        })
    }

    /// Makes them, and counts what the planner goes by.
    pub(super) fn create(self, database: &Database) -> Result<(), String> {
        with_client(&database.location(), async |client| {
            let memory = "SET maintenance_work_mem = '1GB'".to_owned();
            let end = "VACUUM (ANALYZE) records".to_owned();
            for sql in [memory].into_iter().chain(self.0).chain([end]) {
                let done = client.batch_execute(&sql).await;
                done.map_err(|error| format!("{sql}: {error}"))?;
            }
            Ok(())
        })
    }
}
