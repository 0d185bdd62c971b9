//! Links to records. A link grants nothing: its reader needs permission to read the record
//! (HARMONY-41, HARMONY-42).

use hallpass_domain::id::RecordId;
use serde_json::json;

use super::part::{reading, sharing};
use super::{Records, insert_event, load_visible};
use crate::boxed;
use crate::error::Error;
use crate::gate::permission::RecordWritePermission;

impl Records<'_> {
    /// Returns a link to a record, from the root of the server, and notes that on its timeline.
    #[boxed]
    pub async fn share(&mut self, entity: &str, id: RecordId) -> Result<String, Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let (record, _) = load_visible(ctx, &resource, id).await?;
        let permission = RecordWritePermission::new(entity, sharing(&resource));
        let target = ctx.owner_target(record.owner);
        let pass = ctx.check_on(permission, target, &id.to_string()).await?;
        ctx.check_scopes_beyond(&resource, reading(&resource)).await?;
        ctx.check_version(record.version)?;
        let link = format!("/w/{}/records/{entity}/{id}", ctx.snapshot().workspace.slug);
        let view = json!({"link": link});
        insert_event(ctx, &pass, &record, "share", view.clone()).await?;
        ctx.record_audit(&pass, &format!("{entity}.share"), id, &(), &view).await?;
        ctx.commit(&pass).await?;
        Ok(link)
    }
}
