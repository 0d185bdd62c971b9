//! Compiles workspaces before they are locked, so that no one waits for a compilation to write.

use hallpass_domain::id::{AccountId, WorkspaceId};
use hallpass_store::WorkspaceTx;

use super::{Entered, Waiting, find_membership};
use crate::app::App;
use crate::error::Error;
use crate::principal::Principal;

/// A workspace that is to be compiled, and for whom.
enum Wanted<'a> {
    /// One that is there.
    Present(WorkspaceId),
    /// That of an active member, by slug or id.
    OfMember(&'a Principal, &'a str),
}

impl App {
    /// Begins a transaction that writes in a workspace, which is compiled before it is locked; `None` when the
    /// workspace does not exist or is deleted.
    pub(crate) async fn write_in(&self, id: WorkspaceId) -> Result<Option<WorkspaceTx>, Error> {
        if self.compile_ahead(&Wanted::Present(id)).await?.is_none() {
            return Ok(None);
        }
        Ok(self.db().write_in(id.0).await?)
    }

    /// Compiles a workspace, unless it is in memory at its present revision. Returns its id; `None` where there is no
    /// such workspace.
    async fn compile_ahead(&self, wanted: &Wanted<'_>) -> Result<Option<WorkspaceId>, Error> {
        let mut waiting = Waiting::default();
        loop {
            let Some(tx) = self.read_wanted(wanted).await? else { return Ok(None) };
            let id = WorkspaceId(tx.workspace());
            if self.snapshots().find(id, tx.revision()).is_some() {
                return Ok(Some(id));
            }
            if let Some(Entered { mut tx, turn }) = self.go_on(tx, &mut waiting).await? {
                self.snapshots().load(self.computations(), &mut tx, turn).await?;
                return Ok(Some(id));
            }
        }
    }

    /// Compiles a workspace that a member is to write in, by slug or id.
    pub(super) async fn compile_of_member(
        &self,
        principal: &Principal,
        workspace: &str,
    ) -> Result<Option<WorkspaceId>, Error> {
        self.compile_ahead(&Wanted::OfMember(principal, workspace)).await
    }

    /// Compiles the workspaces of an account, before a transaction that writes in all of them.
    pub(crate) async fn compile_places(&self, account: AccountId) -> Result<(), Error> {
        let places = self.db().read().await?.accounts().list_workspaces(account).await?;
        for place in places {
            self.compile_ahead(&Wanted::Present(place.workspace)).await?;
        }
        Ok(())
    }

    async fn read_wanted(&self, wanted: &Wanted<'_>) -> Result<Option<WorkspaceTx>, Error> {
        let tx = self.db().read().await?;
        match *wanted {
            Wanted::Present(id) => Ok(tx.into_workspace(id.0).await?),
            Wanted::OfMember(principal, workspace) => {
                Ok(Some(find_membership(tx, principal, workspace).await?.0))
            }
        }
    }
}
