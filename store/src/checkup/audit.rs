//! The audit log, as far as its format can be checked: order, gaps, and what it is found by.

use super::{Finding, FindingState, count, named};
use crate::db::Db;
use crate::error::Error;

/// Entries that are later than their workspace.
const AHEAD: &str = "SELECT COUNT(*) AS n FROM audit WHERE workspace_id = ?1 \
    AND revision > (SELECT revision FROM workspaces WHERE id = ?1)";

/// Subjects of entries that do not exist.
const LOST: &str = "SELECT COUNT(*) AS n FROM audit_subjects WHERE workspace_id = ?1 \
    AND audit_id NOT IN (SELECT id FROM audit WHERE workspace_id = ?1)";

/// Entries with an earlier revision than the entry before them.
const DISORDERED: &str = "SELECT COUNT(*) AS n FROM (SELECT revision, \
    LAG(revision) OVER (ORDER BY id) AS before FROM audit \
    WHERE workspace_id = ?1 AND outcome = 'done') AS entries WHERE before > revision";

const ALL: &str = "SELECT COUNT(*) AS n FROM audit WHERE workspace_id = ?1";

impl Db {
    pub(super) async fn check_audit(&self) -> Result<Finding, Error> {
        let subject = "audit log";
        let (mut entries, mut disordered, mut wrong) = (0, 0, Vec::new());
        for (workspace, slug) in self.every_workspace().await? {
            let mut tx = self.read().await?;
            entries += count(&mut tx, ALL, workspace).await?;
            disordered += count(&mut tx, DISORDERED, workspace).await?;
            let ahead = count(&mut tx, AHEAD, workspace).await?;
            if ahead > 0 {
                wrong.push(format!(
                    "`{slug}` has {ahead} entries of a later revision than its own"
                ));
            }
            let lost = count(&mut tx, LOST, workspace).await?;
            if lost > 0 {
                wrong.push(format!("`{slug}` lacks the entries of {lost} subjects"));
            }
        }
        if !wrong.is_empty() {
            return Ok(Finding::new(subject, FindingState::Bad, named(wrong.into_iter())));
        }
        if disordered > 0 {
            let detail = format!(
                "{entries} entries, {disordered} of them in another order: a clock went back, or several \
                 servers have different ones"
            );
            return Ok(Finding::new(subject, FindingState::Note, detail));
        }
        Ok(Finding::new(subject, FindingState::Good, format!("{entries} entries in order")))
    }
}
