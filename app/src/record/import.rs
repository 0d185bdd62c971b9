//! Imports: many records at once, each by the rules for one.

use serde_json::json;

use super::Records;
use super::change::{NewRecord, insert, prepare};
use super::part::creating;
use crate::error::Error;
use crate::gate::permission::RecordWritePermission;

impl Records<'_> {
    /// Creates records of a type, all of them or none, with one entry in the audit log, and returns
    /// their number.
    pub async fn import(
        &mut self,
        entity: &str,
        records: &[NewRecord],
    ) -> Result<usize, Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let pass = ctx.check(RecordWritePermission::new(entity, creating(&resource))).await?;
        for record in records {
            let (record, pass) = prepare(ctx, &resource, record).await?;
            insert(ctx, &pass, &record).await?;
        }
        let workspace = ctx.workspace_id();
        let view = json!({"records": records.len()});
        ctx.record_audit(&pass, &format!("{entity}.import"), workspace, &(), &view).await?;
        ctx.commit(&pass).await?;
        Ok(records.len())
    }
}
