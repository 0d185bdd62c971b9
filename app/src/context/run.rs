//! How a use case runs: for real, only if a preview still holds, without its writes, or not beyond them.
//!
//! **Invariant:** a use case checks everything, and applies its changes to the snapshot, before it
//! writes anything. So a dry run, which ends at the first write, knows the outcome of a real one.

use std::sync::Arc;

use hallpass_domain::id::MemberId;
use hallpass_domain::invitation::Invitation;
use hallpass_domain::refusal::Refusal;

use super::WorkspaceContext;
use crate::dry_run::{Effect, Newcomer, Run};
use crate::error::Error;
use crate::snapshot::Snapshot;

impl WorkspaceContext {
    /// Declares whom a use case invites, before it writes: a person, or a removed member who would
    /// come back.
    pub(crate) fn expect_newcomer(
        &mut self,
        invitation: &Invitation,
        former: Option<MemberId>,
    ) {
        let (email, access) = (invitation.email.clone(), invitation.access.clone());
        self.newcomers.push(Newcomer::Person { email, access, former });
    }

    /// Declares a service account that a use case has put into the snapshot, before it writes.
    pub(crate) fn expect_service(&mut self, id: MemberId, name: &str) {
        self.newcomers.push(Newcomer::Service { id, name: name.to_owned() });
    }

    /// Ends a dry run at its first write, and refuses a change that is not the one that was previewed.
    pub(crate) fn before_write(&mut self) -> Result<(), Error> {
        match std::mem::take(&mut self.run) {
            Run::Real => Ok(()),
            Run::AsPreviewed(id) if id == self.effect().compare()?.id() => Ok(()),
            Run::AsPreviewed(_) => Err(Refusal::PreviewOutdated.into()),
            Run::ViewOnly => {
                self.run = Run::ViewOnly;
                Err(Refusal::ViewOnly.into())
            }
            Run::Dry(dry_run) => {
                dry_run.set_effect(self.effect());
                self.run = Run::Dry(dry_run);
                Err(Error::DryRun)
            }
        }
    }

    /// Whether the use case runs without its writes.
    pub(crate) fn runs_dry(&self) -> bool {
        self.run.is_dry()
    }

    /// Evaluates something as if another snapshot were the present one.
    pub(crate) fn under<T>(
        &mut self,
        snapshot: &Arc<crate::Snapshot>,
        evaluate: impl FnOnce(&WorkspaceContext) -> T,
    ) -> T {
        let present = self.next.replace(Arc::clone(snapshot));
        let value = evaluate(self);
        self.next = present;
        value
    }

    /// Tries what follows later from the changes of the use case, such as at the next sign-in of a
    /// member. The preview shows it, and the commit does not store it.
    pub(crate) fn foresee(&mut self, follow: impl FnOnce(&mut WorkspaceContext)) {
        let (present, touched) = (self.next.clone(), self.touched.clone());
        follow(self);
        self.foreseen = std::mem::replace(&mut self.next, present);
        self.touched = touched;
    }

    /// What the use case would change about access, as far as it has run, whatever the boundary of the
    /// request.
    pub(crate) fn effect(&self) -> Effect {
        let after = self.foreseen.as_ref().or(self.next.as_ref());
        Effect {
            before: Snapshot::unbounded(&self.snapshot),
            after: Snapshot::unbounded(after.unwrap_or(&self.snapshot)),
            newcomers: self.newcomers.clone(),
        }
    }
}
