//! Times that are far ahead, for which something waits: a clock that was ahead has written them.

use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::tx::Tx;

/// How many rows of a table one transaction changes.
const BATCH: i64 = 500;

/// What waits for a time, with the condition by which it does: the table, its key, the column, and what
/// else is set. Bulk jobs that run and files of exports are not among them: their times are compared when they count.
const WAITING: [(&str, &str, &str, &str); 5] = [
    (
        "mails",
        "id",
        "next_at",
        ", leased_until = NULL, created_at = CASE WHEN created_at > ?1 THEN ?1 ELSE created_at END",
    ),
    ("workspaces", "id", "deleted_at", ""),
    ("workspaces", "id", "import_at", ""),
    ("attempts", "subject", "last_at", ""),
    ("bulk_jobs", "workspace_id, id", "ended_at", ""),
];

/// Sessions of that time: their sign-ins would count as recent, and as young enough, until it has come.
const AHEAD: &str = "created_at > ?1 OR seen_at > ?1";

/// Only a mail that is in the queue waits.
fn condition(table: &str, column: &str) -> String {
    let state = if table == "mails" { " AND state = 'queued'" } else { "" };
    format!("{column} > ?2{state}")
}

impl Tx {
    /// Whether something waits for a time after `furthest`.
    pub async fn has_future_times(&mut self, furthest: Timestamp) -> Result<bool, Error> {
        for (table, _, column, _) in WAITING {
            let condition = condition(table, column).replace("?2", "?1");
            let sql = format!("SELECT 1 AS found FROM {table} WHERE {condition} LIMIT 1");
            if self.find(&sql, &[furthest.into()]).await?.is_some() {
                return Ok(true);
            }
        }
        let sql = format!("SELECT 1 AS found FROM sessions WHERE {AHEAD} LIMIT 1");
        Ok(self.find(&sql, &[furthest.into()]).await?.is_some())
    }

    /// Brings back times after `furthest` to `now`, some of each table, and ends sessions of such a time. Returns how
    /// many.
    pub async fn bring_back_times(
        &mut self,
        now: Timestamp,
        furthest: Timestamp,
    ) -> Result<u64, Error> {
        let mut n = 0;
        for (table, key, column, also) in WAITING {
            let condition = condition(table, column);
            let sql = format!(
                "UPDATE {table} SET {column} = ?1{also} WHERE ({key}) IN \
                 (SELECT {key} FROM {table} WHERE {condition} LIMIT ?3)"
            );
            let values = [now.into(), furthest.into(), BATCH.into()];
            n += self.execute(&sql, &values).await?;
        }
        let sql = format!(
            "DELETE FROM sessions WHERE token IN \
             (SELECT token FROM sessions WHERE {AHEAD} LIMIT ?2)"
        );
        n += self.execute(&sql, &[furthest.into(), BATCH.into()]).await?;
        Ok(n)
    }
}

#[cfg(test)]
mod tests;
