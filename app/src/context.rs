//! A visit: an active member in a workspace, for one request, in one transaction.
//!
//! **Invariant:** whoever is invited, inactive or removed gets no visit. One that writes holds the
//! workspace from its beginning, so that nothing it has read changes before it commits.

use std::collections::HashMap;
use std::sync::Arc;

use hallpass_domain::audit::{Entry, Outcome};
use hallpass_domain::id::{AuditId, MemberId, WorkspaceId};
use hallpass_domain::model::{ChangeKind, Grantor, Model};
use hallpass_domain::operation::Operation;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;
use hallpass_engine::{Change, MemberIndex, Policy, SelfServe};
use hallpass_store::{Tx, WorkspaceTx};
use serde::Serialize;
use serde_json::json;

use crate::app::App;
use crate::error::Error;
use crate::gate::{GatedTx, Pass, Permission};
use crate::snapshot::{DisplayNames, Snapshot};

mod handles;
mod open;

/// A member in a workspace, for one request.
pub struct WorkspaceContext {
    pub(crate) app: App,
    pub(crate) gated: GatedTx,
    snapshot: Arc<Snapshot>,
    /// What the workspace becomes when the visit commits.
    next: Option<Arc<Snapshot>>,
    pub(crate) actor: Actor,
    pub(crate) request: String,
    pub(crate) now: Timestamp,
}

/// Who visits.
#[derive(Clone, Debug)]
pub(crate) enum Actor {
    Member {
        id: MemberId,
        name: String,
    },
    /// Somebody who runs the server; the request is their name.
    Operator,
    /// Somebody who is no member, or not as one, by name. No door opens for them but by a proof.
    Outside(&'static str),
}

pub(crate) fn no_workspace() -> Error {
    Error::Missing { noun: "workspace" }
}

impl WorkspaceContext {
    /// The workspace's access at the revision that this visit reads.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        self.next.as_deref().unwrap_or(&self.snapshot)
    }

    /// The model at that revision.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.snapshot().model
    }

    /// What decides.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        self.model().policy()
    }

    /// The revision of the workspace, after what the visit has committed.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.snapshot().revision
    }

    /// The workspace.
    #[must_use]
    pub fn workspace_id(&self) -> WorkspaceId {
        self.snapshot.workspace.id
    }

    /// The member who visits; none for the operator.
    #[must_use]
    pub fn member_id(&self) -> Option<MemberId> {
        match &self.actor {
            Actor::Member { id, .. } => Some(*id),
            Actor::Operator | Actor::Outside(_) => None,
        }
    }

    /// The member who visits, as the policy knows them.
    pub(crate) fn member_index(&self) -> Option<MemberIndex> {
        self.model().index(self.member_id()?)
    }

    /// On whose behalf the visit changes things.
    pub(crate) fn grantor(&self) -> Grantor {
        self.member_id().map_or(Grantor::Operator, Grantor::Member)
    }

    /// What members may do here without the operator, by the access model and by the operator.
    #[must_use]
    pub fn self_serve(&self) -> SelfServe {
        if self.app.rules().opens_self_serve {
            return SelfServe {
                create: true,
                delete: true,
                export: true,
                mail_templates: true,
            };
        }
        self.model().blueprint().membership.self_serve
    }

    /// Whom to ask for what only the operator does.
    #[must_use]
    pub fn operator_contact(&self) -> &str {
        &self.app.rules().operator_contact
    }

    /// The name of whoever visits.
    #[must_use]
    pub fn actor_name(&self) -> &str {
        match &self.actor {
            Actor::Member { name, .. } => name,
            Actor::Operator => "the operator",
            Actor::Outside(name) => name,
        }
    }

    /// The transaction, for whoever was let in.
    ///
    /// # Errors
    ///
    /// `Broken` when the visit is over, or the pass was given in another one.
    pub(crate) fn tx<D>(&mut self, pass: &Pass<D>) -> Result<&mut WorkspaceTx, Error> {
        self.gated.open(pass)
    }

    /// A new id.
    pub(crate) fn id<T: From<uuid::Uuid>>(&self) -> T {
        self.app.id()
    }

    /// Changes the access of the workspace, when the visit commits; every guard is asked.
    pub(crate) fn apply(&mut self, kind: ChangeKind, changes: &[Change]) -> Result<(), Error> {
        self.apply_for(self.grantor(), kind, changes)
    }

    /// As [`WorkspaceContext::apply`], on behalf of somebody else.
    pub(crate) fn apply_for(
        &mut self,
        grantor: Grantor,
        kind: ChangeKind,
        changes: &[Change],
    ) -> Result<(), Error> {
        let model = self.model().change(grantor, kind, changes);
        let model = model.map_err(|refusal| self.speak(refusal))?;
        self.snapshot_mut().model = model;
        Ok(())
    }

    /// A refusal as people read it: the workspace and custom roles by their names.
    fn speak(&self, refusal: Refusal) -> Error {
        let snapshot = self.snapshot();
        let name = snapshot.workspace.name.as_str();
        Error::Refused(refusal.spoken(name, |role| snapshot.name(role)))
    }

    /// What the workspace becomes when the visit commits, to be changed.
    pub(crate) fn snapshot_mut(&mut self) -> &mut Snapshot {
        Arc::make_mut(self.next.get_or_insert_with(|| Arc::clone(&self.snapshot)))
    }

    /// Compiles the workspace anew, with what the visit has written; that is kept when it commits.
    pub(crate) async fn recompile(
        &mut self,
        pass: &Pass<impl Permission>,
    ) -> Result<(), Error> {
        let app = self.app.clone();
        self.next = Some(Arc::new(app.snapshots().read(self.tx(pass)?).await?));
        Ok(())
    }

    /// Writes down what was done, to be kept when the visit commits.
    pub(crate) async fn record_audit(
        &mut self,
        pass: &Pass<impl Permission>,
        action: &str,
        subject: impl ToString,
        before: &impl Serialize,
        after: &impl Serialize,
    ) -> Result<(), Error> {
        let revision = self.snapshot.revision + i64::from(self.next.is_some());
        let entry = Entry {
            id: self.id::<AuditId>(),
            at: self.now,
            actor: self.member_id(),
            actor_name: self.actor_name().to_owned(),
            action: action.to_owned(),
            outcome: Outcome::Done,
            subject: subject.to_string(),
            before: serde_json::to_value(before).unwrap_or_default(),
            after: serde_json::to_value(after).unwrap_or_default(),
            revision,
            request: self.request.clone(),
        };
        self.tx(pass)?.audit().insert(&entry).await?;
        if matches!(self.actor, Actor::Operator) {
            let detail = json!({"workspace": self.snapshot().workspace.slug.as_str(),
                "before": entry.before, "after": entry.after});
            let operation = Operation {
                id: self.id(),
                at: self.now,
                actor: self.request.clone(),
                action: entry.action,
                subject: entry.subject,
                detail,
            };
            self.tx(pass)?.global().operations().insert(&operation).await?;
        }
        Ok(())
    }

    /// Makes everything that the visit did come true, and gives the revision after it.
    pub(crate) async fn commit(&mut self, pass: &Pass<impl Permission>) -> Result<i64, Error> {
        let mut tx = self.gated.take(pass)?;
        if let Some(next) = &mut self.next {
            Arc::make_mut(next).revision = tx.bump_revision().await?;
        }
        tx.commit().await?;
        if let Some(next) = &self.next {
            self.app.snapshots().keep(self.snapshot.workspace.id, next);
        }
        Ok(self.revision())
    }

    /// Leaves the workspace without committing: what the visit did stays part of the transaction,
    /// and the snapshot is to be kept when that commits.
    pub(crate) async fn into_tx(
        mut self,
        pass: &Pass<impl Permission>,
    ) -> Result<(Tx, Option<(WorkspaceId, Arc<Snapshot>)>), Error> {
        let mut tx = self.gated.take(pass)?;
        let id = self.workspace_id();
        let mut next = self.next;
        if let Some(next) = &mut next {
            Arc::make_mut(next).revision = tx.bump_revision().await?;
        }
        Ok((tx.into_tx(), next.map(|next| (id, next))))
    }

    /// Names for sentences about some members.
    pub(crate) async fn display_names(
        &mut self,
        pass: &Pass<impl Permission>,
        members: &[MemberId],
    ) -> Result<DisplayNames<'_>, Error> {
        let names = self.tx(pass)?.members().names(members).await?;
        let members: HashMap<String, String> =
            names.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
        Ok(DisplayNames { snapshot: self.snapshot(), members })
    }
}
