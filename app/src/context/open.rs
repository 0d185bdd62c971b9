//! Opens a context: finds the workspace, and the membership of the principal in it.

mod ahead;

use std::collections::HashMap;
use std::sync::Arc;

use hallpass_domain::id::WorkspaceId;
use hallpass_domain::member::{SEEN_EVERY, Status};
use hallpass_domain::model::guard::check_key_use;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;
use hallpass_store::db::ReadTurn;
use hallpass_store::member::MembershipSummary;
use hallpass_store::session::lookup::{SessionLookup, WorkspaceRef};
use hallpass_store::tx::Turn;
use hallpass_store::{Tx, WorkspaceTx};

use super::entrance::{Entrance, MemberAddress};
use super::{Actor, WorkspaceContext, no_workspace};
use crate::access_change::Touched;
use crate::app::App;
use crate::boxed;
use crate::dry_run::Run;
use crate::error::Error;
use crate::gate::pass::GatedTx;
use crate::operation::Operator;
use crate::origin::Origin;
use crate::principal::{Principal, key_counts};
use crate::secret::Token;
use crate::snapshot::{Claim, Snapshot, SnapshotTurn};
use crate::version::Expected;

/// What a request has waited for, before its transaction begins again.
#[derive(Default)]
struct Waiting {
    read: Option<Turn>,
    snapshot: Option<SnapshotTurn>,
}

/// A transaction in a workspace that can go on.
struct Entered {
    tx: WorkspaceTx,
    /// The turn to compile the snapshot, where it is not cached.
    turn: Option<SnapshotTurn>,
}

/// Whether a context locks the workspace.
#[derive(Clone, Copy)]
enum AccessMode {
    Read,
    Write,
}

impl App {
    /// Opens a context that reads, in a workspace by slug or id. `Missing` when the workspace does not
    /// exist, or the principal is no active member of it.
    #[boxed]
    pub async fn enter(
        &self,
        principal: &Principal,
        workspace: &str,
    ) -> Result<WorkspaceContext, Error> {
        self.enter_in(AccessMode::Read, principal, workspace).await
    }

    /// Opens a context that writes.
    #[boxed]
    pub async fn enter_to_write(
        &self,
        principal: &Principal,
        workspace: &str,
    ) -> Result<WorkspaceContext, Error> {
        self.enter_in(AccessMode::Write, principal, workspace).await
    }

    /// Opens a context of the operator that writes, who holds every permission and is bound by the guards.
    #[boxed]
    pub async fn enter_as(
        &self,
        operator: &Operator,
        workspace: &str,
    ) -> Result<WorkspaceContext, Error> {
        let id = self.workspace_id(workspace).await?;
        let tx = self.write_in(id).await?.ok_or_else(no_workspace)?;
        self.open_context(tx, Actor::Operator, operator.name().to_owned()).await
    }

    /// Opens a context of the operator that reads.
    #[boxed]
    pub async fn enter_to_read_as(
        &self,
        operator: &Operator,
        workspace: &str,
    ) -> Result<WorkspaceContext, Error> {
        let id = self.workspace_id(workspace).await?;
        let tx = self.db().read_in(id.0).await?.ok_or_else(no_workspace)?;
        self.open_context(tx, Actor::Operator, operator.name().to_owned()).await
    }

    /// Opens a context that reads, for the token of a session: one transaction finds the session and
    /// serves the context. `NotSignedIn` when the session has ended.
    #[boxed]
    pub async fn enter_by_session(
        &self,
        token: &Token,
        (origin, request): (&Origin, &str),
        workspace: &str,
    ) -> Result<WorkspaceContext, Error> {
        let mut waiting = Waiting::default();
        let (principal, entered) = loop {
            let tx = self.db().read().await?;
            let found = tx.find_by_session(&token.hash(), workspace_ref(workspace)).await?;
            let SessionLookup { session, membership } = found.ok_or(Error::NotSignedIn)?;
            let principal =
                self.principals().of_session(session, self.now(), (origin, request));
            let principal = principal.ok_or(Error::NotSignedIn)?;
            if principal.view().is_some() {
                drop(membership);
                return self.enter(&principal, workspace).await;
            }
            let membership = membership.filter(|(_, found)| found.status == Status::Active);
            let (tx, membership) = membership.ok_or_else(no_workspace)?;
            if let Some(entered) = self.go_on(tx, &mut waiting).await? {
                break (principal, (entered, membership));
            }
        };
        let (Entered { tx, turn }, membership) = entered;
        if self.is_seen_at_outdated(membership.seen_at) {
            let id = (WorkspaceId(tx.workspace()), membership.id);
            self.presence_log().note_member(id, principal.account(), self.now());
        }
        let MembershipSummary { id, name, locale, picture, email, seen_at, status: _ } =
            membership;
        let request = principal.request.clone();
        let ctx = self.open_context_in(tx, turn, Actor::Member { id, name }, request).await?;
        WorkspaceContext { locale, picture, ..ctx }
            .signed_in(Entrance { principal, address: MemberAddress::new(email), seen_at })
            .await
    }

    /// Opens a context for an actor who has been found in the transaction.
    pub(crate) async fn open_context(
        &self,
        tx: WorkspaceTx,
        actor: Actor,
        request: String,
    ) -> Result<WorkspaceContext, Error> {
        self.open_context_in(tx, None, actor, request).await
    }

    /// Opens a context in the turn of its workspace, if it has one.
    async fn open_context_in(
        &self,
        tx: WorkspaceTx,
        turn: Option<SnapshotTurn>,
        actor: Actor,
        request: String,
    ) -> Result<WorkspaceContext, Error> {
        let mut tx = tx;
        let snapshot = self.snapshots().load(self.computations(), &mut tx, turn).await?;
        Ok(self.context(GatedTx::new(tx), snapshot, actor, request))
    }

    /// A context of a request that expects nothing and runs for real.
    pub(crate) fn context(
        &self,
        gated: GatedTx,
        snapshot: Arc<Snapshot>,
        actor: Actor,
        request: String,
    ) -> WorkspaceContext {
        WorkspaceContext {
            app: self.clone(),
            gated,
            snapshot,
            next: None,
            touched: Touched::default(),
            foreseen: None,
            boundary: None,
            actor,
            request,
            now: self.now(),
            entrance: None,
            locale: String::new(),
            picture: None,
            expected: Expected::default(),
            idempotent_request: None,
            run: Run::Real,
            newcomers: Vec::new(),
            names: HashMap::new(),
        }
    }

    /// Finds the id of a workspace by its slug; an id is returned as it is.
    pub(crate) async fn workspace_id(&self, workspace: &str) -> Result<WorkspaceId, Error> {
        if let Ok(id) = workspace.parse::<WorkspaceId>() {
            return Ok(id);
        }
        let found = self.db().read().await?.workspaces().find_id_by_slug(workspace).await?;
        found.ok_or_else(no_workspace)
    }

    async fn enter_in(
        &self,
        mode: AccessMode,
        principal: &Principal,
        workspace: &str,
    ) -> Result<WorkspaceContext, Error> {
        let changes = matches!(mode, AccessMode::Write);
        let mode = if principal.run().is_dry() { AccessMode::Read } else { mode };
        // A turn to write is for members alone, and is waited for without a connection.
        let writes_in = match mode {
            AccessMode::Read => None,
            AccessMode::Write => self.compile_of_member(principal, workspace).await?,
        };
        let mut waiting = Waiting::default();
        let (Entered { mut tx, turn }, membership) = loop {
            let tx = match writes_in {
                Some(workspace) => self.db().write_for(workspace.0).await?,
                None => self.db().read().await?,
            };
            let (tx, membership) = find_membership(tx, principal, workspace).await?;
            if let Some(entered) = self.go_on(tx, &mut waiting).await? {
                break (entered, membership);
            }
        };
        if changes {
            check_credential(&mut tx, principal).await?;
        }
        // A program's request does not show that the member was present.
        if self.is_seen_at_outdated(membership.seen_at)
            && principal.key().is_none()
            && !principal.run().is_dry()
        {
            // A request that is denied counts as well.
            let id = (WorkspaceId(tx.workspace()), membership.id);
            self.presence_log().note_member(id, principal.account(), self.now());
        }
        let request = principal.request.clone();
        let entrance = Entrance {
            principal: principal.clone(),
            address: MemberAddress::new(membership.email),
            seen_at: membership.seen_at,
        };
        let Some((key_workspace, key)) = principal.key() else {
            let actor = Actor::Member { id: membership.id, name: membership.name };
            let ctx = self.open_context_in(tx, turn, actor, request).await?;
            let (locale, picture) = (membership.locale, membership.picture);
            let ctx = WorkspaceContext { locale, picture, ..ctx.of_request(principal) };
            let ctx = ctx.signed_in(entrance).await?;
            return ctx.viewing(principal.view()).await;
        };
        let name = format!("{} by the API key `{}`", membership.name, key.name);
        let actor = Actor::Member { id: membership.id, name };
        let ctx = self.open_context_in(tx, turn, actor, request).await?;
        if key_workspace != ctx.workspace_id() || key.member != membership.id {
            return Err(no_workspace());
        }
        check_key_use(ctx.model(), key, principal.key_maker())
            .map_err(|_| Refusal::KeyRests)?;
        let ctx = ctx.of_request(principal).signed_in(entrance).await?;
        ctx.bounded(key.scopes.as_ref()).await
    }

    /// Whether a transaction can go on now. If not, it is given up, and so is its connection, until it can:
    /// then begin another.
    async fn go_on(
        &self,
        tx: WorkspaceTx,
        waiting: &mut Waiting,
    ) -> Result<Option<Entered>, Error> {
        let (workspace, revision) = (tx.workspace(), tx.revision());
        let tx = if tx.is_writing() {
            tx
        } else {
            let read = match waiting.read.take() {
                Some(read) => ReadTurn::Free(read),
                None => self.db().turn_to_read(workspace),
            };
            match read {
                ReadTurn::Free(read) => tx.keeping(read),
                ReadTurn::Taken => {
                    drop(tx);
                    waiting.read = Some(self.db().wait_to_read(workspace).await?);
                    return Ok(None);
                }
            }
        };
        let id = WorkspaceId(workspace);
        match self.snapshots().claim(id, revision, waiting.snapshot.take()) {
            Claim::Ready(turn) => Ok(Some(Entered { tx, turn })),
            Claim::Compiling(compiling) => {
                drop(tx);
                waiting.snapshot = compiling.wait().await;
                Ok(None)
            }
        }
    }

    /// Whether it is to be noted that a member uses the workspace.
    pub(crate) fn is_seen_at_outdated(&self, seen_at: Option<Timestamp>) -> bool {
        seen_at.is_none_or(|seen| self.now() - seen >= SEEN_EVERY)
    }
}

impl WorkspaceContext {
    /// The context with what the request of a principal expects of the version that it changes, with
    /// its idempotency key, and how it runs.
    pub(crate) fn of_request(self, principal: &Principal) -> WorkspaceContext {
        let expected = Expected::new(principal.precondition());
        let idempotent_request = principal.idempotent_request().cloned();
        WorkspaceContext { expected, idempotent_request, run: principal.run().clone(), ..self }
    }
}

fn workspace_ref(workspace: &str) -> WorkspaceRef<'_> {
    workspace.parse().map_or(WorkspaceRef::Slug(workspace), WorkspaceRef::Id)
}

/// Checks inside the transaction that the session or key still exists: it was looked up before the
/// body of the request came in.
async fn check_credential(tx: &mut WorkspaceTx, principal: &Principal) -> Result<(), Error> {
    let exists = match principal.key() {
        Some((_, key)) => {
            tx.api_keys().find(key.id).await?.is_some()
                && key_counts(tx, key, principal.account()).await?
        }
        None => {
            let session = principal.session()?;
            tx.global().sessions().exists(principal.account(), session).await?
        }
    };
    if exists { Ok(()) } else { Err(Error::NotSignedIn) }
}

/// Enters a workspace in a transaction, as an active member of it.
async fn find_membership(
    tx: Tx,
    principal: &Principal,
    workspace: &str,
) -> Result<(WorkspaceTx, MembershipSummary), Error> {
    let tx = match workspace_ref(workspace) {
        WorkspaceRef::Id(id) => tx.into_workspace(id.0).await?,
        WorkspaceRef::Slug(slug) => tx.into_workspace_by_slug(slug).await?,
    };
    let mut tx = tx.ok_or_else(no_workspace)?;
    let membership = tx.members().find_membership(principal.account()).await?;
    let membership = membership.filter(|found| found.status == Status::Active);
    Ok((tx, membership.ok_or_else(no_workspace)?))
}
