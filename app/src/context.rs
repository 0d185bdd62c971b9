//! The workspace context: the state of one request in a workspace.
//!
//! **Invariant:** only active members, the operator and holders of a credential get a context. One that
//! writes locks the row of the workspace first, so that what it reads cannot change before it commits.

use std::collections::HashMap;
use std::sync::Arc;

use hallpass_domain::audit::{Entry, Outcome, touched};
use hallpass_domain::id::{AuditId, MemberId, WorkspaceId};
use hallpass_domain::model::{Grantor, Model};
use hallpass_domain::operation::Operation;
use hallpass_domain::time::Timestamp;
use hallpass_engine::{Boundary, MemberIndex, Policy, SelfServe};
use hallpass_store::{Tx, WorkspaceReader, WorkspaceTx};
use serde::Serialize;
use serde_json::{Value, json};

use crate::access_change::{self, Touched};
use crate::app::App;
use crate::boxed;
use crate::dry_run::{Newcomer, Run};
use crate::error::Error;
use crate::gate::pass::GatedTx;
use crate::gate::permission::Granted;
use crate::gate::{Pass, Permission, WritePermission};
use crate::idempotency::request::IdempotentRequest;
use crate::snapshot::Snapshot;
use crate::snapshot::names::DisplayNames;
use crate::version::Expected;

mod actor;
mod bound;
mod change;
pub(crate) mod entrance;
mod handles;
mod notification;
mod open;
mod precondition;
mod removal;
pub(crate) mod resource;
mod run;
mod sign_in;
mod style;
pub mod view;
pub(crate) mod visible;

pub(crate) use actor::Actor;
use entrance::Entrance;

/// One request in a workspace: actor, snapshot, transaction and audit entries.
pub struct WorkspaceContext {
    pub(crate) app: App,
    pub(crate) gated: GatedTx,
    snapshot: Arc<Snapshot>,
    /// The snapshot after the commit, once the request has changed something in it.
    next: Option<Arc<Snapshot>>,
    /// What the request has changed in it.
    touched: Touched,
    /// The snapshot that would follow later from what the request changes, for its preview.
    foreseen: Option<Arc<Snapshot>>,
    /// What the acting member may do at most in this request; the snapshots are bounded by it.
    boundary: Option<Arc<Boundary>>,
    pub(crate) actor: Actor,
    pub(crate) request: String,
    pub(crate) now: Timestamp,
    /// How the acting member has entered; none for an operator or a credential.
    entrance: Option<Box<Entrance>>,
    /// The language of the member's account; empty without one.
    pub(crate) locale: String,
    /// Where the member's account has a picture, its version.
    pub(crate) picture: Option<i64>,
    /// What the request expects of the version that it changes.
    expected: Expected,
    /// The request, if it has an idempotency key.
    idempotent_request: Option<IdempotentRequest>,
    /// How the use case runs.
    run: Run,
    /// Whom the use case invites.
    newcomers: Vec<Newcomer>,
    /// The names of members that were looked up; none for one whom the caller may not know by name.
    names: HashMap<MemberId, Option<String>>,
}

pub(crate) fn no_workspace() -> Error {
    Error::Missing { noun: "workspace" }
}

impl WorkspaceContext {
    /// The snapshot at the revision that the transaction has read, with the changes of this request.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        self.next.as_deref().unwrap_or(&self.snapshot)
    }

    /// The access model with everything in it.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.snapshot().model
    }

    /// The compiled policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        self.model().policy()
    }

    /// The revision of the workspace; after a commit, the new one.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.snapshot().revision
    }

    /// The id of the workspace.
    #[must_use]
    pub fn workspace_id(&self) -> WorkspaceId {
        self.snapshot.workspace.id
    }

    /// The id of the acting member; none for the operator.
    #[must_use]
    pub fn member_id(&self) -> Option<MemberId> {
        self.actor.member_id()
    }

    /// The acting member in the policy.
    pub(crate) fn member_index(&self) -> Option<MemberIndex> {
        self.model().index(self.member_id()?)
    }

    /// On whose behalf the guards judge changes.
    pub(crate) fn grantor(&self) -> Grantor {
        self.member_id().map_or(Grantor::Operator, Grantor::Member)
    }

    /// What members may do without the operator, according to the access model and the operator.
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

    /// The contact for what only the operator can do.
    #[must_use]
    pub fn operator_contact(&self) -> &str {
        &self.app.rules().operator_contact
    }

    /// The time of the request.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The display name of the actor.
    #[must_use]
    pub fn actor_name(&self) -> &str {
        self.actor.name()
    }

    /// The language that the acting member has chosen, as a tag; empty without a member.
    #[must_use]
    pub fn locale(&self) -> &str {
        &self.locale
    }

    /// The version of the account of the acting member, where it has a picture; none in a view.
    #[must_use]
    pub fn picture(&self) -> Option<i64> {
        self.picture
    }

    /// Borrows the transaction to write; a dry run ends here. `Broken` when it is over, or the pass is of another context.
    pub(crate) fn tx<P: WritePermission>(
        &mut self,
        pass: &Pass<P>,
    ) -> Result<&mut WorkspaceTx, Error> {
        self.before_write()?;
        self.gated.open(pass)
    }

    /// Borrows the transaction to read. `Broken` when it is over, or the pass is of another context.
    pub(crate) fn read<P: Permission>(
        &mut self,
        pass: &Pass<P>,
    ) -> Result<WorkspaceReader<'_>, Error> {
        Ok(self.gated.open(pass)?.reader())
    }

    /// Makes a new id.
    pub(crate) fn id<T: From<uuid::Uuid>>(&self) -> T {
        self.app.id()
    }

    /// Sets how the use cases of the request run.
    pub(crate) fn set_run(&mut self, run: Run) {
        self.run = run;
    }

    /// Adds an audit entry; for the operator, also an operation.
    pub(crate) async fn record_audit(
        &mut self,
        pass: &Pass<impl WritePermission>,
        action: &str,
        subject: impl ToString,
        before: &impl Serialize,
        after: &impl Serialize,
    ) -> Result<(), Error> {
        let subjects = (subject.to_string(), Vec::new());
        self.record_audit_of(pass, action, subjects, before, after).await.map(drop)
    }

    /// Adds an audit entry that is found under more subjects than its own and those that the change
    /// from `before` to `after` touches, and returns its id; for the operator, also an operation.
    pub(crate) async fn record_audit_of(
        &mut self,
        pass: &Pass<impl WritePermission>,
        action: &str,
        (subject, also): (impl ToString, Vec<String>),
        before: &impl Serialize,
        after: &impl Serialize,
    ) -> Result<AuditId, Error> {
        let before = serde_json::to_value(before).unwrap_or_default();
        let after = serde_json::to_value(after).unwrap_or_default();
        self.insert_audit(pass.erase(), action, (subject.to_string(), also), before, after)
            .await
    }

    #[boxed]
    async fn insert_audit(
        &mut self,
        pass: Pass<Granted>,
        action: &str,
        (subject, also): (String, Vec<String>),
        before: Value,
        after: Value,
    ) -> Result<AuditId, Error> {
        let revision = self.snapshot.revision + i64::from(self.next.is_some());
        let id = self.id::<AuditId>();
        let entry = Entry {
            id,
            at: self.now,
            actor: self.actor.audit_member(),
            actor_name: self.actor.audit_name(),
            action: action.to_owned(),
            outcome: Outcome::Done,
            subject,
            before,
            after,
            revision,
            request: self.request.clone(),
            times: 1,
            last_at: self.now,
        };
        let mut subjects = touched(&entry.subject, entry.actor, &entry.before, &entry.after);
        subjects.extend(also);
        self.tx(&pass)?.audit().insert(&entry).await?;
        self.tx(&pass)?.audit().insert_subjects(entry.id, &subjects).await?;
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
            self.tx(&pass)?.global().operations().insert(&operation).await?;
        }
        Ok(id)
    }

    /// Commits the transaction and returns the new revision. A request with an idempotency key takes the
    /// transaction over, and commits it with the response.
    pub(crate) async fn commit(
        &mut self,
        pass: &Pass<impl WritePermission>,
    ) -> Result<i64, Error> {
        self.commit_all(pass.erase()).await
    }

    #[boxed]
    async fn commit_all(&mut self, pass: Pass<Granted>) -> Result<i64, Error> {
        self.check_nothing_expected()?;
        self.before_write()?;
        let mut tx = self.gated.take(&pass)?;
        if let Some(next) = &mut self.next {
            Arc::make_mut(next).revision =
                access_change::next_revision(&mut tx, &self.touched).await?;
        }
        if let Some(request) = &self.idempotent_request {
            request.hand_over(tx.into_tx(), self.next.clone())?;
            return Ok(self.revision());
        }
        tx.commit().await?;
        if let Some(next) = &self.next {
            self.app.snapshots().insert(next);
        }
        Ok(self.revision())
    }

    /// Leaves the workspace without a commit: returns the open transaction, and the snapshot to cache
    /// once it has been committed.
    pub(crate) async fn into_tx(
        mut self,
        pass: &Pass<impl WritePermission>,
    ) -> Result<(Tx, Option<Arc<Snapshot>>), Error> {
        self.before_write()?;
        let mut tx = self.gated.take(pass)?;
        let mut next = self.next;
        if let Some(next) = &mut next {
            Arc::make_mut(next).revision =
                access_change::next_revision(&mut tx, &self.touched).await?;
        }
        Ok((tx.into_tx(), next))
    }

    /// Returns the names for sentences: those of members as far as they were looked up.
    pub(crate) fn display_names(&self) -> DisplayNames<'_> {
        let known = self.names.iter();
        let members: HashMap<String, String> =
            known.filter_map(|(id, name)| Some((id.to_string(), name.clone()?))).collect();
        DisplayNames { snapshot: self.snapshot(), members }
    }
}
