//! The highest id of the database: ids are in the order of time, and new ones go on from there.

use uuid::Uuid;

use crate::error::Error;
use crate::tx::Tx;

/// Statements that read the last id of an index. Every change in a workspace has an entry in its audit log;
/// what belongs to no workspace has the others.
const LAST: [&str; 5] = [
    "SELECT (SELECT a.id FROM audit a WHERE a.workspace_id = w.id ORDER BY a.id DESC LIMIT 1) AS id \
     FROM workspaces w",
    "SELECT (SELECT r.id FROM records r WHERE r.workspace_id = t.workspace_id AND r.entity = t.entity \
     ORDER BY r.id DESC LIMIT 1) AS id FROM record_totals t",
    "SELECT id FROM accounts ORDER BY id DESC LIMIT 1",
    "SELECT id FROM mails ORDER BY id DESC LIMIT 1",
    "SELECT id FROM operations ORDER BY id DESC LIMIT 1",
];

impl Tx {
    /// Finds the highest id of the tables that are read in the order of their ids; none in an empty
    /// database. It takes a step in an index for each workspace and record type.
    pub async fn highest_id(&mut self) -> Result<Option<Uuid>, Error> {
        let mut highest = None;
        for sql in LAST {
            for row in &self.query(sql, &[]).await? {
                if !row.is_null("id") {
                    highest = highest.max(Some(row.id("id")?));
                }
            }
        }
        Ok(highest)
    }
}
