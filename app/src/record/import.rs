//! Imports: many records at once, each by the rules for one.

use serde_json::json;

use super::Records;
use super::change::{NewRecord, insert, prepare};
use super::part::creating;
use crate::boxed;
use crate::error::Error;
use crate::gate::permission::RecordWritePermission;

impl Records<'_> {
    /// Creates records of a type, all of them or none, with one entry in the audit log, and returns
    /// their number. Every record is checked before the first is written, so that a dry run refuses what
    /// the import would.
    #[boxed]
    pub async fn import(
        &mut self,
        entity: &str,
        records: &[NewRecord],
    ) -> Result<usize, Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let pass = ctx.check(RecordWritePermission::new(entity, creating(&resource))).await?;
        let mut prepared = Vec::with_capacity(records.len());
        for record in records {
            prepared.push(prepare(ctx, &resource, record).await?);
        }
        let mut touched = Vec::with_capacity(records.len());
        for (record, pass) in &prepared {
            insert(ctx, pass, record).await?;
            touched.push(record.id.to_string());
        }
        let workspace = ctx.workspace_id();
        let view = json!({"records": records.len()});
        let (action, subjects) = (format!("{entity}.import"), (workspace, touched));
        ctx.record_audit_of(&pass, &action, subjects, &(), &view).await?;
        ctx.commit(&pass).await?;
        Ok(records.len())
    }
}
