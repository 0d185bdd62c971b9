//! The boundary of a context: an API key with scopes does less than its member.
//!
//! **Invariant:** the boundary is in the compiled policy of the request, so that every question has the
//! same answer, and in no snapshot that outlives the request.

use std::sync::Arc;

use hallpass_engine::{Boundary, Limit, Resource};

use super::{WorkspaceContext, no_workspace};
use crate::denial::Denial;
use crate::error::Error;
use crate::snapshot::Snapshot;

const NOTHING: &str = "the scopes of this API key include nothing that this workspace has";

impl WorkspaceContext {
    /// The context in which the acting member may do at most what a boundary covers.
    ///
    /// # Errors
    ///
    /// `Denied` where it covers nothing of the workspace; `Missing` without an acting member.
    pub(crate) async fn bounded(
        self,
        boundary: Option<&Arc<Boundary>>,
    ) -> Result<WorkspaceContext, Error> {
        let mut ctx = self.within(boundary)?;
        if ctx.is_bounded_to_nothing() {
            let denial = Denial::by_scopes("workspace", "enter", NOTHING.to_owned());
            return Err(ctx.deny_as(denial, "").await);
        }
        Ok(ctx)
    }

    /// The context within a boundary, which may leave nothing of it.
    ///
    /// # Errors
    ///
    /// `Missing` without an acting member.
    pub(crate) fn within(
        self,
        boundary: Option<&Arc<Boundary>>,
    ) -> Result<WorkspaceContext, Error> {
        let Some(boundary) = boundary else { return Ok(self) };
        let member = self.member_id().ok_or_else(no_workspace)?;
        let model = self.model().bounded(member, boundary).ok_or_else(no_workspace)?;
        let snapshot = Arc::new(Snapshot { model, ..self.snapshot().clone() });
        Ok(WorkspaceContext { snapshot, boundary: Some(Arc::clone(boundary)), ..self })
    }

    /// Whether its boundary covers nothing of the workspace.
    pub(crate) fn is_bounded_to_nothing(&self) -> bool {
        self.boundary.is_some() && self.policy().is_bounded_to_nothing()
    }

    /// Checks that the scopes include more of a record type than reading: where a member who reads may leave
    /// a trace, a program that only reads leaves none.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub(crate) async fn check_scopes_beyond(
        &mut self,
        resource: &Resource,
        reading: &str,
    ) -> Result<(), Error> {
        let Some(boundary) = &self.boundary else { return Ok(()) };
        let mut others = resource.actions.iter().filter(|action| action.key != reading);
        if others.any(|action| boundary.limit(resource, &action.key) != Limit::Nothing) {
            return Ok(());
        }
        let because = format!(
            "the scopes of this API key include nothing of `{}` but reading",
            resource.key
        );
        let denial = Denial::by_scopes(&resource.key, reading, because);
        Err(self.deny_as(denial, "").await)
    }

    /// Whether the request may do with the membership itself what its member may.
    pub(crate) fn is_whole_member(&self) -> bool {
        self.boundary.as_ref().is_none_or(|boundary| boundary.covers_everything())
    }
}
