//! Deletion of workspaces: at first they can be restored, later they are purged.

use hallpass_domain::id::MemberId;
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Span;
use hallpass_domain::workspace::{GRACE, Workspace};
use serde_json::json;
use tokio::time::Instant;

use super::{CurrentWorkspace, Workspaces};
use crate::boxed;
use crate::bulk_job::pace::BulkPace;
use crate::context::no_workspace;
use crate::error::Error;
use crate::gate::permission::DeleteWorkspace;
use crate::operation::Operator;

/// After how long an import that writes nothing has broken off.
const SILENT: Span = Span::hours(1);

impl CurrentWorkspace<'_> {
    /// Deletes the workspace, confirmed by its exact slug. From then on it cannot be entered; for
    /// thirty days it can be restored.
    #[boxed]
    pub async fn delete(&mut self, confirm: &str) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(DeleteWorkspace).await?;
        let workspace = ctx.snapshot().workspace.clone();
        ctx.check_version(ctx.revision())?;
        check_confirmation(&workspace, confirm)?;
        let before = json!({"name": workspace.name.as_str(), "slug": workspace.slug.as_str()});
        let after = json!({"purge_at": (ctx.now + GRACE).to_string()});
        ctx.record_audit(&pass, "workspace.delete", workspace.id, &before, &after).await?;
        let top = ctx.model().blueprint().top_role().map(|role| role.key.clone());
        let top: Vec<MemberId> =
            top.iter().flat_map(|role| ctx.model().active_holders(role)).collect();
        for member in top {
            let (workspace, purge_at) =
                (workspace.name.to_string(), (ctx.now + GRACE).to_string());
            let about = ctx.workspace_id().to_string();
            ctx.notify(&pass, (member, "workspace_deleted"), about, |_| {
                MailTemplate::WorkspaceDeletion { workspace, purge_at }
            })
            .await?;
        }
        let now = ctx.now;
        ctx.tx(&pass)?.delete(now).await?;
        Ok(ctx.gated.take(&pass)?.commit().await?)
    }
}

impl Workspaces<'_> {
    /// Deletes a workspace as an operator.
    #[boxed]
    pub async fn delete_as(
        &self,
        operator: &Operator,
        workspace: &str,
        confirm: &str,
    ) -> Result<(), Error> {
        operator.check_recent()?;
        self.0.enter_as(operator, workspace).await?.workspace().delete(confirm).await
    }

    /// Permanently deletes a workspace that has been deleted, before it is due.
    #[boxed]
    pub async fn purge(
        &self,
        operator: &Operator,
        workspace: &str,
        confirm: &str,
    ) -> Result<(), Error> {
        let id = self.0.workspace_id(workspace).await?;
        let found = self.0.db().read().await?.workspaces().find(id).await?;
        let workspace = found.ok_or_else(no_workspace)?;
        check_confirmation(&workspace, confirm)?;
        if workspace.deleted_at.is_none() {
            let detail = "the workspace is not deleted; delete it first";
            return Err(Refusal::field("/workspace", "not_deleted", detail).into());
        }
        self.delete_rows(operator, &workspace).await
    }

    /// Permanently deletes the workspaces that can no longer be restored and those whose import has broken off,
    /// and returns their number.
    #[boxed]
    pub async fn purge_due(&self) -> Result<usize, Error> {
        let db = self.0.db();
        let before = self.0.now() - GRACE;
        let mut due = db.read().await?.workspaces().list_deleted_before(before).await?;
        let silent = self.0.now() - SILENT;
        due.extend(db.read().await?.workspaces().list_imports_before(silent).await?);
        for id in &due {
            let found = db.read().await?.workspaces().find(*id).await?;
            if let Some(workspace) = found.filter(|one| one.deleted_at.is_some()) {
                self.delete_rows(&Operator::new("purge"), &workspace).await?;
            }
        }
        Ok(due.len())
    }

    /// Frees the slugs that no longer lead on.
    #[boxed]
    pub async fn free_slugs(&self) -> Result<(), Error> {
        let mut tx = self.0.db().write().await?;
        tx.workspaces().free_slugs(self.0.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes what an import has written that does not go on.
    pub(crate) async fn discard_import(
        &self,
        operator: &Operator,
        workspace: &Workspace,
    ) -> Result<(), Error> {
        self.delete_rows(operator, workspace).await
    }

    /// Deletes the rows of a workspace, some in each transaction, so that others write in between.
    async fn delete_rows(
        &self,
        operator: &Operator,
        workspace: &Workspace,
    ) -> Result<(), Error> {
        let detail = json!({
            "workspace": workspace.slug.as_str(), "name": workspace.name.as_str(),
            "deleted_at": workspace.deleted_at.map(|at| at.to_string()),
        });
        let is_import =
            self.0.db().read().await?.workspaces().find_import(workspace.id).await?;
        let action =
            if is_import.is_some() { "workspace.discard_import" } else { "workspace.purge" };
        // An import that goes on would add rows behind those that are deleted, and could end in between.
        if is_import.is_some() {
            let mut tx = self.0.db().write().await?;
            tx.workspaces().stop_import(workspace.id).await?;
            tx.commit().await?;
        }
        let pace = BulkPace::default();
        loop {
            let mut tx = self.0.db().write().await?;
            let began = Instant::now();
            if tx.workspaces().find(workspace.id).await?.is_none() {
                return Ok(());
            }
            let is_done = tx.workspaces().purge(workspace.id, pace.size()).await?;
            let is_gone = is_done && tx.workspaces().find(workspace.id).await?.is_none();
            if is_gone {
                let detail = detail.clone();
                let operation =
                    self.0.operations().build(operator, action, &workspace.id, detail);
                tx.operations().insert(&operation).await?;
            }
            tx.commit().await?;
            if is_done {
                return Ok(());
            }
            pace.note(began.elapsed());
            pace.wait().await;
        }
    }
}

fn check_confirmation(workspace: &Workspace, confirm: &str) -> Result<(), Refusal> {
    if confirm == workspace.slug.as_str() {
        return Ok(());
    }
    Err(Refusal::NotConfirmed { word: workspace.slug.to_string() })
}
