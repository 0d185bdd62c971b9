//! How a visit begins: who asks is found, the workspace, and how they stand in it.

use hallpass_domain::id::WorkspaceId;
use hallpass_domain::member::Status;
use hallpass_domain::session::SEEN_EVERY;
use hallpass_store::member::MembershipSummary;
use hallpass_store::session::lookup::{SessionLookup, WorkspaceRef};
use hallpass_store::{Tx, WorkspaceTx};

use super::{Actor, WorkspaceContext, no_workspace};
use crate::app::App;
use crate::error::Error;
use crate::gate::GatedTx;
use crate::operation::Operator;
use crate::principal::Principal;
use crate::secret::Token;

/// What a visit is for.
#[derive(Clone, Copy)]
enum AccessMode {
    Read,
    Write,
}

impl App {
    /// Begins a visit that reads. A workspace is named by its slug or its id.
    ///
    /// # Errors
    ///
    /// `Missing` when there is no such workspace, or the caller is no active member of it: to them
    /// it does not exist.
    pub async fn enter(
        &self,
        principal: &Principal,
        workspace: &str,
    ) -> Result<WorkspaceContext, Error> {
        self.begin(principal, workspace, AccessMode::Read).await
    }

    /// Begins a visit that writes.
    ///
    /// # Errors
    ///
    /// As for [`App::visit`].
    pub async fn enter_to_write(
        &self,
        principal: &Principal,
        workspace: &str,
    ) -> Result<WorkspaceContext, Error> {
        self.begin(principal, workspace, AccessMode::Write).await
    }

    /// Begins a visit of the operator, whom no gate stops; guards do.
    ///
    /// # Errors
    ///
    /// `Missing` when there is no such workspace.
    pub async fn enter_as_operator(&self, workspace: &str) -> Result<WorkspaceContext, Error> {
        self.enter_for(&Operator::default(), workspace).await
    }

    /// Begins a visit of an operator by name.
    ///
    /// # Errors
    ///
    /// As for [`App::visit_as_operator`].
    pub async fn enter_for(
        &self,
        operator: &Operator,
        workspace: &str,
    ) -> Result<WorkspaceContext, Error> {
        let id = self.workspace_named(workspace).await?;
        let tx = self.db().write_in(id.0).await?.ok_or_else(no_workspace)?;
        self.open_context(tx, Actor::Operator, operator.name().to_owned()).await
    }

    pub(crate) async fn open_context(
        &self,
        tx: WorkspaceTx,
        actor: Actor,
        request: String,
    ) -> Result<WorkspaceContext, Error> {
        let mut tx = tx;
        let snapshot = self.snapshots().load(&mut tx).await?;
        let now = self.now();
        let gated = GatedTx::new(tx);
        Ok(WorkspaceContext {
            app: self.clone(),
            gated,
            snapshot,
            next: None,
            actor,
            request,
            now,
        })
    }

    /// Begins a visit that reads, of whoever brings the token of a session. The transaction that finds
    /// the session is the visit's own.
    ///
    /// # Errors
    ///
    /// `NotSignedIn` when the session has ended; as for [`App::visit`].
    pub async fn enter_by_session(
        &self,
        token: &Token,
        request: &str,
        workspace: &str,
    ) -> Result<WorkspaceContext, Error> {
        let tx = self.db().read().await?;
        let found = tx.find_by_session(&token.hash(), named(workspace)).await?;
        let found = found.filter(|found| found.session.is_alive(self.now()));
        let SessionLookup { session, membership } = found.ok_or(Error::NotSignedIn)?;
        let principal = Principal::of_session(session.account, session.id, request);
        if session.is_to_be_seen(self.now()) {
            drop(membership);
            self.see_session(token).await?;
            return self.enter(&principal, workspace).await;
        }
        let active = membership.filter(|(_, summary)| summary.status == Status::Active);
        let (tx, membership) = active.ok_or_else(no_workspace)?;
        if self.is_due(&membership) {
            drop(tx);
            return self.enter(&principal, workspace).await;
        }
        let actor = Actor::Member { id: membership.id, name: membership.name };
        self.open_context(tx, actor, principal.request).await
    }

    async fn begin(
        &self,
        principal: &Principal,
        workspace: &str,
        aim: AccessMode,
    ) -> Result<WorkspaceContext, Error> {
        let (mut tx, mut membership) =
            stand(self.open(aim).await?, principal, workspace).await?;
        let id = WorkspaceId(tx.workspace());
        if matches!(aim, AccessMode::Write) {
            self.check_still(&mut tx, principal).await?;
        }
        // Where a program was, the member was not.
        if self.is_due(&membership) && principal.key().is_none() {
            // In a transaction of its own: whoever is refused was here all the same.
            drop(tx);
            self.note_visit(principal, id, membership.id, membership.seen_at).await?;
            (tx, membership) = stand(self.open(aim).await?, principal, workspace).await?;
        }
        let Some((place, key)) = principal.key() else {
            let actor = Actor::Member { id: membership.id, name: membership.name };
            return self.open_context(tx, actor, principal.request.clone()).await;
        };
        let name = format!("{} by the API key `{}`", membership.name, key.name);
        let actor = Actor::Member { id: membership.id, name };
        let ctx = self.open_context(tx, actor, principal.request.clone()).await?;
        if place != ctx.workspace_id() || key.member != membership.id {
            return Err(no_workspace());
        }
        ctx.check_key(key)?;
        Ok(ctx)
    }

    /// Whether the session or the key of a caller still counts, who may have been sending for a while
    /// since it was looked up.
    async fn check_still(
        &self,
        tx: &mut WorkspaceTx,
        principal: &Principal,
    ) -> Result<(), Error> {
        let is_there = match principal.key() {
            Some((_, key)) => tx.api_keys().find(key.id).await?.is_some(),
            None => {
                let session = principal.session()?;
                tx.global().sessions().exists(principal.account(), session).await?
            }
        };
        if is_there { Ok(()) } else { Err(Error::NotSignedIn) }
    }

    /// Whether it is to be noted that a member is here.
    fn is_due(&self, membership: &MembershipSummary) -> bool {
        membership.seen_at.is_none_or(|seen| self.now() - seen >= SEEN_EVERY)
    }

    async fn open(&self, aim: AccessMode) -> Result<Tx, Error> {
        Ok(match aim {
            AccessMode::Read => self.db().read().await?,
            AccessMode::Write => self.db().write().await?,
        })
    }

    pub(crate) async fn workspace_named(&self, name: &str) -> Result<WorkspaceId, Error> {
        if let Ok(id) = name.parse::<WorkspaceId>() {
            return Ok(id);
        }
        let found = self.db().read().await?.workspaces().find_id_by_slug(name).await?;
        found.ok_or_else(no_workspace)
    }
}

fn named(workspace: &str) -> WorkspaceRef<'_> {
    workspace.parse().map_or(WorkspaceRef::Slug(workspace), WorkspaceRef::Id)
}

/// Goes on in a workspace as an active member of it.
async fn stand(
    tx: Tx,
    principal: &Principal,
    workspace: &str,
) -> Result<(WorkspaceTx, MembershipSummary), Error> {
    let tx = match named(workspace) {
        WorkspaceRef::Id(id) => tx.into_workspace(id.0).await?,
        WorkspaceRef::Slug(slug) => tx.into_workspace_by_slug(slug).await?,
    };
    let mut tx = tx.ok_or_else(no_workspace)?;
    let membership = tx.members().find_membership(principal.account()).await?;
    let membership = membership.filter(|found| found.status == Status::Active);
    Ok((tx, membership.ok_or_else(no_workspace)?))
}
