//! Changes of access: what each of the last revisions of a workspace has changed, as a text of the caller's.

use crate::error::Error;
use crate::workspace_tx::WorkspaceTx;

/// How many revisions are kept. One that is further behind reads everything.
pub const KEPT: i64 = 100;

/// After so many revisions those that are not kept are deleted.
const DELETED_EVERY: i64 = 16;

impl WorkspaceTx {
    /// Notes what the revision of the transaction has changed.
    pub async fn insert_access_change(&mut self, touched: &str) -> Result<(), Error> {
        let revision = self.revision();
        let sql =
            "INSERT INTO access_changes (workspace_id, revision, touched) VALUES (?1, ?2, ?3)";
        self.execute(sql, &[revision.into(), touched.into()]).await?;
        if revision % DELETED_EVERY == 0 {
            let sql = "DELETE FROM access_changes WHERE workspace_id = ?1 AND revision <= ?2";
            self.execute(sql, &[(revision - KEPT).into()]).await?;
        }
        Ok(())
    }

    /// What each revision after an earlier one has changed, up to that of the transaction; `None` where that
    /// is not known of one of them.
    pub async fn list_access_changes(
        &mut self,
        after: i64,
    ) -> Result<Option<Vec<String>>, Error> {
        let revision = self.revision();
        if after >= revision || revision - after > KEPT {
            return Ok(None);
        }
        let sql = "SELECT revision, touched FROM access_changes \
                   WHERE workspace_id = ?1 AND revision > ?2 AND revision <= ?3";
        let rows = self.query(sql, &[after.into(), revision.into()]).await?;
        if i64::try_from(rows.len()) != Ok(revision - after) {
            return Ok(None);
        }
        let touched = rows.iter().map(|row| Ok(row.text("touched")?.to_owned()));
        touched.collect::<Result<_, Error>>().map(Some)
    }
}
