//! The gate: the one place where a use case is let in.
//!
//! **Invariant:** a [`Pass`] is made here and nowhere else, and only after the policy has said yes, or
//! for a [`Credential`]. The transaction of a visit lies [`GatedTx`] the gate, and only a pass opens it: a use
//! case that asks for none does not compile. Every *no* is written into the audit log before it is
//! answered.

use hallpass_domain::audit::{Entry, Outcome};
use std::sync::atomic::{AtomicU64, Ordering};

use hallpass_domain::id::{AuditId, RecordId};
use hallpass_domain::invitation::Invitation;
use hallpass_domain::record::Record;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::workspace::is_self_serve;
use hallpass_engine::{Blueprint, Describe, Filter, Target};
use hallpass_store::WorkspaceTx;
use serde_json::Value;

use crate::context::{Actor, WorkspaceContext, no_workspace};
use crate::error::{Denial, Error};
use crate::secret::Token;

pub mod permission;
#[cfg(test)]
mod tests;

pub use permission::Permission;
use permission::{AnyMember, Credential, RecordPermission};

/// The right to one use case, in the visit in which it was given.
///
/// Nobody else can make one:
///
/// ```compile_fail,E0451
/// use hallpass_app::gate::{Pass, door::AnyMember};
/// use hallpass_engine::Filter;
///
/// fn forge() -> Pass<AnyMember> {
///     Pass { door: AnyMember, filter: Filter::All, visit: 1 }
/// }
/// ```
#[derive(Debug)]
pub struct Pass<D> {
    permission: D,
    filter: Filter,
    /// The visit in which it was given: it opens nothing in another.
    ctx: u64,
}

impl<D: Permission> Pass<D> {
    /// The door that it opened.
    pub fn permission(&self) -> &D {
        &self.permission
    }

    /// The owners whose records the use case may touch: what lists and counts are made with.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }
}

/// The transaction of a visit. Nothing of a workspace is read or written but through a pass.
pub(crate) struct GatedTx {
    /// Nothing after the gate has said no, and after the visit.
    tx: Option<WorkspaceTx>,
    /// The number of the visit; no other has it in this process.
    ctx: u64,
}

impl GatedTx {
    /// Puts the transaction of a new visit behind the gate.
    pub(crate) fn new(tx: WorkspaceTx) -> GatedTx {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        GatedTx { tx: Some(tx), ctx: NEXT.fetch_add(1, Ordering::Relaxed) }
    }

    /// The transaction.
    ///
    /// # Errors
    ///
    /// `Broken` when the visit is over, or the pass was given in another one.
    pub(crate) fn open<D>(&mut self, pass: &Pass<D>) -> Result<&mut WorkspaceTx, Error> {
        self.check(pass)?;
        self.tx.as_mut().ok_or_else(over)
    }

    /// The transaction, to be committed or handed on: the visit is over.
    ///
    /// # Errors
    ///
    /// As for [`GatedTx::open`].
    pub(crate) fn take<D>(&mut self, pass: &Pass<D>) -> Result<WorkspaceTx, Error> {
        self.check(pass)?;
        self.tx.take().ok_or_else(over)
    }

    fn check<D>(&self, pass: &Pass<D>) -> Result<(), Error> {
        if pass.ctx == self.ctx {
            return Ok(());
        }
        Err(Error::broken("the pass was given in another visit"))
    }
}

fn over() -> Error {
    Error::broken("the visit is over")
}

impl WorkspaceContext {
    /// Asks for a pass.
    ///
    /// # Errors
    ///
    /// `Denied` when the policy says no; then the visit is over, and the denial is in the audit log.
    pub async fn check<D: Permission>(&mut self, permission: D) -> Result<Pass<D>, Error> {
        self.check_on(permission, Target::Any, "").await
    }

    /// Asks for a pass on what somebody owns. The subject is what the denial is told of.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::check`].
    pub async fn check_on<D: Permission>(
        &mut self,
        permission: D,
        target: Target,
        subject: &str,
    ) -> Result<Pass<D>, Error> {
        if matches!(self.actor, Actor::Operator) {
            return Ok(self.pass(permission, Filter::All));
        }
        if let Some((area, verb)) = permission.area()
            && !self.app.rules().opens_self_serve
            && !is_self_serve(self.model().blueprint(), area, verb)
        {
            return Err(self.keep_for_operator(area, verb).await);
        }
        if permission.is_open_to_members() && self.member_id().is_some() {
            return Ok(self.pass(permission, Filter::All));
        }
        let (resource, action) = named(self.model().blueprint(), &permission);
        let index = self.member_index().ok_or_else(no_workspace)?;
        let cell = self.policy().cell(&resource, &action);
        let granted = cell.filter(|cell| self.policy().decide(index, *cell, target));
        if let Some(cell) = granted {
            let filter = self.policy().filter(index, cell);
            return Ok(self.pass(permission, filter));
        }
        let because = match cell {
            Some(cell) => {
                let me: Vec<_> = self.member_id().into_iter().collect();
                // Whoever is refused hears about themselves.
                let own = self.pass(AnyMember, Filter::Nothing);
                let names = self.display_names(&own, &me).await?;
                let policy = names.snapshot.model.policy();
                let why = policy.explain(index, cell, target);
                Describe::new(policy, &names).summary(&why)
            }
            None => "nobody may do this here: the access model does not open it".to_owned(),
        };
        Err(self.deny(resource, action, because, subject).await)
    }

    /// Asks for a pass on a record, which is read in order to be asked about, and told to nobody for
    /// whom the policy says no.
    ///
    /// # Errors
    ///
    /// `Missing` when there is no such record; as for [`WorkspaceContext::check`].
    pub(crate) async fn check_record(
        &mut self,
        permission: RecordPermission,
        id: RecordId,
    ) -> Result<(Record, Pass<RecordPermission>), Error> {
        let look = self.pass(AnyMember, Filter::Nothing);
        let record = self.tx(&look)?.records().find(&permission.resource, id).await?;
        let record = record.ok_or(Error::Missing { noun: "record" })?;
        let target = self.owned(&record);
        let pass = self.check_on(permission, target, &id.to_string()).await?;
        Ok((record, pass))
    }

    /// The pass of somebody from outside, for what they proved before the visit began.
    ///
    /// # Errors
    ///
    /// `Broken` in the visit of anybody else: for them there are doors.
    pub(crate) fn admit(&self, proof: Credential) -> Result<Pass<Credential>, Error> {
        match self.actor {
            Actor::Outside(_) => Ok(self.pass(proof, Filter::Nothing)),
            Actor::Member { .. } | Actor::Operator => {
                Err(Error::broken("only whoever comes from outside proves anything"))
            }
        }
    }

    /// The invitation of a link, with the pass of whoever has it.
    ///
    /// # Errors
    ///
    /// `Missing` when no invitation has this link.
    pub(crate) async fn check_link(
        &mut self,
        token: &Token,
    ) -> Result<(Invitation, Pass<Credential>), Error> {
        let pass = self.admit(Credential::Link)?;
        let found = self.tx(&pass)?.invitations().find_by_token(&token.hash()).await?;
        Ok((found.ok_or(Error::Missing { noun: "invitation" })?, pass))
    }

    fn pass<D>(&self, permission: D, filter: Filter) -> Pass<D> {
        Pass { permission, filter, ctx: self.gated.ctx }
    }

    /// Writes a denial down, in a transaction of its own: what the visit did so far is undone.
    pub(crate) async fn deny(
        &mut self,
        resource: String,
        action: String,
        because: String,
        subject: &str,
    ) -> Error {
        self.gated.tx = None;
        let entry = Entry {
            id: self.id::<AuditId>(),
            at: self.now,
            actor: self.member_id(),
            actor_name: self.actor_name().to_owned(),
            action: format!("{resource}:{action}"),
            outcome: Outcome::Denied,
            subject: subject.to_owned(),
            before: Value::Null,
            after: Value::String(because.clone()),
            revision: self.revision(),
            request: self.request.clone(),
        };
        match self.write_denial(&entry).await {
            Ok(()) => Error::Denied(Denial { resource, action, because }),
            Err(error) => error,
        }
    }

    async fn write_denial(&mut self, entry: &Entry) -> Result<(), Error> {
        let tx = self.app.db().write_in(self.workspace_id().0).await?;
        let mut tx = tx.ok_or_else(no_workspace)?;
        tx.audit().insert(entry).await?;
        Ok(tx.commit().await?)
    }

    async fn keep_for_operator(&mut self, area: &str, verb: &str) -> Error {
        let word = self.model().blueprint().membership.word("workspace").to_owned();
        let what: &'static str = match verb {
            "delete" => "delete a workspace",
            "import" => "import a workspace",
            _ => "export a workspace",
        };
        let because = format!("only the operator does this to a {word}");
        let error = self.deny(area.to_owned(), verb.to_owned(), because, "").await;
        if !matches!(error, Error::Denied(_)) {
            return error;
        }
        let contact = self.app.rules().operator_contact.clone();
        Error::Refused(Refusal::NotSelfServe { what, contact })
    }
}

/// The resource and action of a door in a blueprint; for an area that nothing covers, the area's own
/// words, which no policy knows.
fn named<D: Permission>(blueprint: &Blueprint, permission: &D) -> (String, String) {
    let (resource, action) = match permission.area() {
        Some((area, verb)) => blueprint.area(area, verb).unwrap_or((area, verb)),
        None => permission.cell(),
    };
    (resource.to_owned(), action.to_owned())
}
