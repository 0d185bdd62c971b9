//! Operations: what whoever runs the server does to workspaces, from outside of them.
//!
//! **Invariant:** nothing is done to a workspace from outside without an operation that says by
//! whom, in the same transaction; operations outlast the workspaces that they are about.

use hallpass_domain::id::{OperationId, WorkspaceId};
use hallpass_domain::operation::Operation;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;
use hallpass_domain::workspace::{GRACE, Workspace};
use serde_json::{Value, json};

use crate::app::App;
use crate::context::no_workspace;
use crate::error::Error;

/// How many rows a purge takes away in one transaction, so that nobody waits long for it.
const BATCH: i64 = 2_000;

/// Who runs the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator(String);

impl Default for Operator {
    fn default() -> Operator {
        Operator("operator".to_owned())
    }
}

impl Operator {
    /// An operator by the name that operations will show.
    #[must_use]
    pub fn new(name: &str) -> Operator {
        let name: String = name.chars().filter(|c| !c.is_control()).take(100).collect();
        if name.is_empty() { Operator::default() } else { Operator(name) }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// A workspace as operators see it.
#[derive(Clone, Debug)]
pub struct WorkspaceOverview {
    /// The workspace.
    pub workspace: Workspace,
    /// The id of its blueprint.
    pub blueprint: String,
    /// How many active members it has.
    pub members: i64,
    /// When it will be purged, if it is deleted.
    pub purge_at: Option<Timestamp>,
}

impl App {
    /// Every workspace, by slug, deleted ones too.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails, here and below.
    pub async fn overview(&self) -> Result<Vec<WorkspaceOverview>, Error> {
        let mut tx = self.db().read().await?;
        let mut found = Vec::new();
        for workspace in tx.workspaces().list_all().await? {
            let (blueprint, members) = tx.workspaces().size(workspace.id).await?;
            let purge_at = workspace.deleted_at.map(|at| at + GRACE);
            found.push(WorkspaceOverview { workspace, blueprint, members, purge_at });
        }
        Ok(found)
    }

    /// Deletes a workspace as an operator; it can be restored while its grace lasts.
    ///
    /// # Errors
    ///
    /// `Missing`; `NotConfirmed` without the exact slug.
    pub async fn delete_workspace_for(
        &self,
        operator: &Operator,
        named: &str,
        confirm: &str,
    ) -> Result<(), Error> {
        self.enter_for(operator, named).await?.delete_workspace(confirm).await
    }

    /// Takes a deleted workspace away for ever, without waiting for the end of its grace.
    ///
    /// # Errors
    ///
    /// `Missing` when there is no such workspace; `NotConfirmed` without the exact slug;
    /// `Fields` when it is not deleted.
    pub async fn purge_workspace(
        &self,
        operator: &Operator,
        named: &str,
        confirm: &str,
    ) -> Result<(), Error> {
        let id = self.workspace_named(named).await?;
        let found = self.db().read().await?.workspaces().find(id).await?;
        let workspace = found.ok_or_else(no_workspace)?;
        if confirm != workspace.slug.as_str() {
            return Err(Refusal::NotConfirmed { word: workspace.slug.to_string() }.into());
        }
        if workspace.deleted_at.is_none() {
            let detail = "the workspace is not deleted: delete it first";
            return Err(Refusal::field("/workspace", "not_deleted", detail).into());
        }
        self.purge(operator, &workspace).await
    }

    /// Takes away for ever what was deleted longer ago than its grace. Says how many.
    ///
    /// # Errors
    ///
    /// `Broken`.
    pub async fn purge_due(&self) -> Result<usize, Error> {
        let before = Timestamp(self.now().0.saturating_sub(GRACE.0));
        let due = self.db().read().await?.workspaces().list_deleted_before(before).await?;
        for id in &due {
            let found = self.db().read().await?.workspaces().find(*id).await?;
            if let Some(workspace) = found.filter(|one| one.deleted_at.is_some()) {
                self.purge(&Operator::new("purge"), &workspace).await?;
            }
        }
        Ok(due.len())
    }

    async fn purge(&self, operator: &Operator, workspace: &Workspace) -> Result<(), Error> {
        let detail = json!({
            "workspace": workspace.slug.as_str(), "name": workspace.name.as_str(),
            "deleted_at": workspace.deleted_at.map(|at| at.to_string()),
        });
        loop {
            let mut tx = self.db().write().await?;
            if tx.workspaces().find(workspace.id).await?.is_none() {
                return Ok(());
            }
            let is_done = tx.workspaces().purge(workspace.id, BATCH).await?;
            let is_gone = is_done && tx.workspaces().find(workspace.id).await?.is_none();
            if is_gone {
                let purged =
                    self.operation(operator, "workspace.purge", workspace.id, detail.clone());
                tx.operations().insert(&purged).await?;
            }
            tx.commit().await?;
            if is_done {
                return Ok(());
            }
        }
    }

    /// A page of operations, the latest first.
    ///
    /// # Errors
    ///
    /// `Broken`.
    pub async fn operations(
        &self,
        below: Option<OperationId>,
        limit: i64,
    ) -> Result<Vec<Operation>, Error> {
        Ok(self.db().read().await?.operations().list(below, limit).await?)
    }

    pub(crate) fn operation(
        &self,
        operator: &Operator,
        action: &str,
        subject: WorkspaceId,
        detail: Value,
    ) -> Operation {
        Operation {
            id: self.id(),
            at: self.now(),
            actor: operator.name().to_owned(),
            action: action.to_owned(),
            subject: subject.to_string(),
            detail,
        }
    }
}
