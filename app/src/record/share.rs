//! Sharing a record: a link to it. The link grants nothing; whoever opens it needs to be let read
//! (HARMONY-41, HARMONY-42).

use hallpass_domain::id::RecordId;
use serde_json::json;

use super::sharing;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::RecordPermission;

impl WorkspaceContext {
    /// The link to a record, from the root of the server; that it was made stands on the record's
    /// timeline.
    ///
    /// # Errors
    ///
    /// `Missing` when there is none, or the visitor may not see it; `Denied` when they may not share
    /// it.
    pub async fn share(&mut self, entity: &str, id: RecordId) -> Result<String, Error> {
        let resource = self.record_type(entity)?;
        let (record, _) = self.visible_record(&resource, id).await?;
        let (permission, target) =
            (RecordPermission::new(entity, sharing(&resource)), self.owned(&record));
        let pass = self.check_on(permission, target, &id.to_string()).await?;
        let link = format!("/w/{}/records/{entity}/{id}", self.snapshot().workspace.slug);
        self.tell(&pass, &record, "share", json!({"link": link})).await?;
        self.record_audit(&pass, &format!("{entity}.share"), id, &(), &json!({"link": link}))
            .await?;
        self.commit(&pass).await?;
        Ok(link)
    }
}
