//! How a visit begins: who asks is found, the workspace, and how they stand in it.

use hallpass_domain::id::WorkspaceId;
use hallpass_domain::member::Status;
use hallpass_domain::session::SEEN_EVERY;
use hallpass_store::member::Standing;
use hallpass_store::session::entrance::{Entrance, Named};
use hallpass_store::{Tx, WorkspaceTx};

use super::{Me, Visit, no_workspace};
use crate::caller::Caller;
use crate::error::Error;
use crate::gate::Behind;
use crate::house::House;
use crate::operation::Operator;
use crate::secret::Token;

/// What a visit is for.
#[derive(Clone, Copy)]
enum Aim {
    Read,
    Write,
}

impl House {
    /// Begins a visit that reads. A workspace is named by its slug or its id.
    ///
    /// # Errors
    ///
    /// `Missing` when there is no such workspace, or the caller is no active member of it: to them
    /// it does not exist.
    pub async fn visit(&self, caller: &Caller, workspace: &str) -> Result<Visit, Error> {
        self.begin(caller, workspace, Aim::Read).await
    }

    /// Begins a visit that writes.
    ///
    /// # Errors
    ///
    /// As for [`House::visit`].
    pub async fn visit_to_write(
        &self,
        caller: &Caller,
        workspace: &str,
    ) -> Result<Visit, Error> {
        self.begin(caller, workspace, Aim::Write).await
    }

    /// Begins a visit of the operator, whom no gate stops; guards do.
    ///
    /// # Errors
    ///
    /// `Missing` when there is no such workspace.
    pub async fn visit_as_operator(&self, workspace: &str) -> Result<Visit, Error> {
        self.visit_of(&Operator::default(), workspace).await
    }

    /// Begins a visit of an operator by name.
    ///
    /// # Errors
    ///
    /// As for [`House::visit_as_operator`].
    pub async fn visit_of(&self, operator: &Operator, workspace: &str) -> Result<Visit, Error> {
        let id = self.workspace_named(workspace).await?;
        let tx = self.db().write_in(id.0).await?.ok_or_else(no_workspace)?;
        self.begin_as(tx, Me::Operator, operator.name().to_owned()).await
    }

    pub(crate) async fn begin_as(
        &self,
        tx: WorkspaceTx,
        me: Me,
        request: String,
    ) -> Result<Visit, Error> {
        let mut tx = tx;
        let snapshot = self.snapshots().load(&mut tx).await?;
        let now = self.now();
        let behind = Behind::new(tx);
        Ok(Visit { house: self.clone(), behind, snapshot, next: None, me, request, now })
    }

    /// Begins a visit that reads, of whoever brings the token of a session. The transaction that finds
    /// the session is the visit's own.
    ///
    /// # Errors
    ///
    /// `NotSignedIn` when the session has ended; as for [`House::visit`].
    pub async fn visit_by_session(
        &self,
        token: &Token,
        request: &str,
        workspace: &str,
    ) -> Result<Visit, Error> {
        let tx = self.db().read().await?;
        let found = tx.come_in(&token.hash(), named(workspace)).await?;
        let found = found.filter(|found| found.session.is_alive(self.now()));
        let Entrance { session, inside } = found.ok_or(Error::NotSignedIn)?;
        let caller = Caller::of_session(session.account, session.id, request);
        if session.is_to_be_seen(self.now()) {
            drop(inside);
            self.see_session(token).await?;
            return self.visit(&caller, workspace).await;
        }
        let inside = inside.filter(|(_, standing)| standing.status == Status::Active);
        let (tx, standing) = inside.ok_or_else(no_workspace)?;
        if self.is_due(&standing) {
            drop(tx);
            return self.visit(&caller, workspace).await;
        }
        let me = Me::Member { id: standing.id, name: standing.name };
        self.begin_as(tx, me, caller.request).await
    }

    async fn begin(&self, caller: &Caller, workspace: &str, aim: Aim) -> Result<Visit, Error> {
        let (mut tx, mut standing) = stand(self.open(aim).await?, caller, workspace).await?;
        let id = WorkspaceId(tx.workspace());
        if matches!(aim, Aim::Write) {
            self.check_still(&mut tx, caller).await?;
        }
        // Where a program was, the member was not.
        if self.is_due(&standing) && caller.key().is_none() {
            // In a transaction of its own: whoever is refused was here all the same.
            drop(tx);
            self.note_visit(caller, id, standing.id, standing.seen_at).await?;
            (tx, standing) = stand(self.open(aim).await?, caller, workspace).await?;
        }
        let Some((place, key)) = caller.key() else {
            let me = Me::Member { id: standing.id, name: standing.name };
            return self.begin_as(tx, me, caller.request.clone()).await;
        };
        let name = format!("{} by the API key `{}`", standing.name, key.name);
        let me = Me::Member { id: standing.id, name };
        let visit = self.begin_as(tx, me, caller.request.clone()).await?;
        if place != visit.workspace() || key.member != standing.id {
            return Err(no_workspace());
        }
        visit.check_key(key)?;
        Ok(visit)
    }

    /// Whether the session or the key of a caller still counts, who may have been sending for a while
    /// since it was looked up.
    async fn check_still(&self, tx: &mut WorkspaceTx, caller: &Caller) -> Result<(), Error> {
        let is_there = match caller.key() {
            Some((_, key)) => tx.api_keys().find(key.id).await?.is_some(),
            None => {
                let session = caller.session()?;
                tx.global().sessions().is_there(caller.account(), session).await?
            }
        };
        if is_there { Ok(()) } else { Err(Error::NotSignedIn) }
    }

    /// Whether it is to be noted that a member is here.
    fn is_due(&self, standing: &Standing) -> bool {
        standing.seen_at.is_none_or(|seen| self.now() - seen >= SEEN_EVERY)
    }

    async fn open(&self, aim: Aim) -> Result<Tx, Error> {
        Ok(match aim {
            Aim::Read => self.db().read().await?,
            Aim::Write => self.db().write().await?,
        })
    }

    pub(crate) async fn workspace_named(&self, name: &str) -> Result<WorkspaceId, Error> {
        if let Ok(id) = name.parse::<WorkspaceId>() {
            return Ok(id);
        }
        let found = self.db().read().await?.workspaces().by_slug(name).await?;
        found.ok_or_else(no_workspace)
    }
}

fn named(workspace: &str) -> Named<'_> {
    workspace.parse().map_or(Named::Slug(workspace), Named::Id)
}

/// Goes on in a workspace as an active member of it.
async fn stand(
    tx: Tx,
    caller: &Caller,
    workspace: &str,
) -> Result<(WorkspaceTx, Standing), Error> {
    let tx = match named(workspace) {
        Named::Id(id) => tx.enter(id.0).await?,
        Named::Slug(slug) => tx.enter_named(slug).await?,
    };
    let mut tx = tx.ok_or_else(no_workspace)?;
    let standing = tx.members().standing(caller.account()).await?;
    let standing = standing.filter(|found| found.status == Status::Active);
    Ok((tx, standing.ok_or_else(no_workspace)?))
}
