//! Purging: every row of a deleted workspace goes, some at a time.
//!
//! **Invariant:** only a workspace that is deleted loses rows here, and the workspace itself goes
//! last; whoever is interrupted goes on where they were.

use hallpass_domain::id::WorkspaceId;

use crate::error::Error;
use crate::tx::Tx;
use crate::workspace::Workspaces;

/// The tables of a workspace, each with what its rows are told apart by within the workspace. What
/// others refer to comes after them. A test holds it against the schema.
pub const TABLES: &[(&str, &str)] = &[
    ("timeline", "record_id, id"),
    ("records", "entity, id"),
    ("record_counts", "entity, owner_id"),
    ("record_totals", "entity"),
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
    ("audit", "id"),
];

/// Where accounts remember their workspaces: found by the members, while they are there.
const PLACES: &str = "DELETE FROM account_workspaces WHERE workspace_id = ?1 AND account_id IN \
    (SELECT account_id FROM members WHERE workspace_id = ?1)";

impl Workspaces<'_> {
    /// Takes away up to so many rows of a deleted workspace, and the workspace itself when none is
    /// left. Says whether nothing is left to do: it is gone, or has been restored.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`].
    pub async fn purge(&mut self, id: WorkspaceId, rows: i64) -> Result<bool, Error> {
        let tx: &mut Tx = self.tx();
        let held = format!(
            "SELECT id FROM workspaces WHERE id = ?1 AND deleted_at IS NOT NULL{}",
            tx.dialect().for_update()
        );
        if tx.find(&held, &[id.into()]).await?.is_none() {
            return Ok(true);
        }
        tx.execute(PLACES, &[id.into()]).await?;
        let mut left = u64::try_from(rows).unwrap_or(0);
        for (table, key) in TABLES {
            let sql = format!(
                "DELETE FROM {table} WHERE workspace_id = ?1 AND ({key}) IN \
                 (SELECT {key} FROM {table} WHERE workspace_id = ?1 LIMIT ?2)"
            );
            let most = i64::try_from(left).unwrap_or(i64::MAX);
            left = left.saturating_sub(tx.execute(&sql, &[id.into(), most.into()]).await?);
            if left == 0 {
                return Ok(false);
            }
        }
        let sql = "DELETE FROM workspaces WHERE id = ?1 AND deleted_at IS NOT NULL";
        tx.execute(sql, &[id.into()]).await.map(|_| true)
    }
}
