//! Many records at once, each by the rules for one.

use serde_json::json;

use super::change::NewRecord;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::RecordPermission;

impl WorkspaceContext {
    /// Makes records of a type, all of them or none, with one entry in the audit log.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::create_record`], for the first record that may not be made as it is.
    pub async fn import_records(
        &mut self,
        entity: &str,
        asks: &[NewRecord],
    ) -> Result<usize, Error> {
        let resource = self.record_type(entity)?;
        let here = self.check(RecordPermission::new(entity, "create")).await?;
        for ask in asks {
            let (record, pass) = self.new_record(&resource, ask).await?;
            self.keep_new(&pass, &record).await?;
        }
        let workspace = self.workspace_id();
        let after = json!({"records": asks.len()});
        self.record_audit(&here, &format!("{entity}.import"), workspace, &(), &after).await?;
        self.commit(&here).await?;
        Ok(asks.len())
    }
}
