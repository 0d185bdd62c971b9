//! Purging: every row of a deleted workspace is deleted, some at a time.
//!
//! **Invariant:** only a deleted workspace loses rows here, and its own row is deleted last, so that
//! a purge that was interrupted can continue.

use hallpass_domain::id::WorkspaceId;
use uuid::Uuid;

use crate::error::Error;
use crate::record::remove_document;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;
use crate::workspace::Workspaces;

/// The tables of a workspace, each with the key of its rows within the workspace. A table comes after
/// those that refer to it. A test compares the list with the schema.
pub const TABLES: &[(&str, &str)] = &[
    ("access_changes", "revision"),
    ("export_pieces", "job_id, number"),
    ("export_files", "job_id"),
    ("bulk_job_parts", "job_id, number"),
    ("bulk_jobs", "id"),
    ("timeline", "record_id, id"),
    ("records", "entity, id"),
    ("record_counts", "entity, owner_id"),
    ("record_sums", "owner_id, entity, grouped_by, grouped"),
    ("record_totals", "entity"),
    ("search_scopes", "entity"),
    ("mails", "id"),
    ("invitations", "id"),
    ("api_keys", "id"),
    ("team_members", "team_id, member_id"),
    ("members", "id"),
    ("teams", "id"),
    ("profiles", "id"),
    ("roles", "id"),
    ("departments", "id"),
    ("entities", "entity"),
    ("invoices", "id"),
    ("billing", "workspace_id"),
    ("customers", "id"),
    ("audit_subjects", "subject, audit_id"),
    ("audit", "id"),
    ("former_slugs", "slug"),
    ("saved_reports", "id"),
    ("saved_views", "id"),
    ("provider_sessions", "session_id"),
    ("used_messages", "connection_id, message"),
    ("sign_on_requests", "state"),
    ("identities", "connection_id, issuer, subject"),
    ("connections", "id"),
    ("proven_domains", "domain"),
];

/// The events of the payment provider that wait for the workspace are found by its customers.
const HELD_EVENTS: &str = "DELETE FROM held_events WHERE checkout_of = ?1 OR customer IN \
    (SELECT id FROM customers WHERE workspace_id = ?1)";

impl Workspaces<'_> {
    /// Deletes at most so many rows of a deleted workspace, and its own row when none is left.
    /// Returns whether it is done: the workspace is gone, or was restored.
    pub async fn purge(&mut self, id: WorkspaceId, rows: i64) -> Result<bool, Error> {
        let tx: &mut Tx = self.tx();
        let lock = format!(
            "SELECT id FROM workspaces WHERE id = ?1 AND deleted_at IS NOT NULL{}",
            tx.dialect().for_update()
        );
        if tx.find(&lock, &[id.into()]).await?.is_none() {
            return Ok(true);
        }
        tx.execute(HELD_EVENTS, &[id.into()]).await?;
        let mut remaining = u64::try_from(rows).unwrap_or(0);
        for (table, key) in TABLES {
            let sql = format!(
                "DELETE FROM {table} WHERE workspace_id = ?1 AND ({key}) IN \
                 (SELECT {key} FROM {table} WHERE workspace_id = ?1 LIMIT ?2)"
            );
            let limit = i64::try_from(remaining).unwrap_or(i64::MAX);
            let values = [id.into(), limit.into()];
            let deleted = match *table {
                "records" => delete_records(tx, &sql, &values).await?,
                "members" => delete_members(tx, &sql, &values).await?,
                _ => tx.execute(&sql, &values).await?,
            };
            remaining = remaining.saturating_sub(deleted);
            if remaining == 0 {
                return Ok(false);
            }
        }
        let sql = "DELETE FROM workspaces WHERE id = ?1 AND deleted_at IS NOT NULL";
        tx.execute(sql, &[id.into()]).await.map(|_| true)
    }
}

/// Deletes records by a statement, and takes them out of the index of search.
async fn delete_records(tx: &mut Tx, sql: &str, values: &[Value]) -> Result<u64, Error> {
    let deleted = tx.query(&format!("{sql} RETURNING doc"), values).await?;
    for row in &deleted {
        if let Some(doc) = row.optional("doc", Row::int)? {
            remove_document(tx, doc).await?;
        }
    }
    Ok(u64::try_from(deleted.len()).unwrap_or(u64::MAX))
}

/// Deletes members by a statement, and with each the workspace of its account.
async fn delete_members(tx: &mut Tx, sql: &str, values: &[Value]) -> Result<u64, Error> {
    let deleted = tx.query(&format!("{sql} RETURNING account_id"), values).await?;
    let accounts = deleted.iter().map(|row| row.id("account_id"));
    let accounts = accounts.collect::<Result<Vec<Uuid>, Error>>()?;
    let dialect = tx.dialect();
    let sql = format!(
        "DELETE FROM account_workspaces WHERE workspace_id = ?1 AND account_id {}",
        dialect.seek_ids("?2")
    );
    let workspace = values.first().cloned().unwrap_or(Value::Null);
    let values = [workspace, dialect.ids(accounts)];
    tx.execute(&sql, &values).await?;
    // Accounts that an import has created and no one has confirmed are of no use without the workspace.
    let sql = format!(
        "UPDATE accounts SET deleted_at = (SELECT w.deleted_at FROM workspaces w WHERE w.id = ?1) \
         WHERE id {} AND password IS NULL AND confirmed_at IS NULL AND deleted_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM account_workspaces p WHERE p.account_id = accounts.id)",
        dialect.seek_ids("?2")
    );
    tx.execute(&sql, &values).await?;
    Ok(u64::try_from(deleted.len()).unwrap_or(u64::MAX))
}
