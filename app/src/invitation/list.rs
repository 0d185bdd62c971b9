//! Lists of invitations.

use std::collections::HashMap;

use hallpass_domain::id::InvitationId;
use hallpass_domain::invitation::{Invitation, Outdated};
use hallpass_domain::refusal::Refusal;
use hallpass_store::invitation::InvitationQuery;

use super::Invitations;
use super::outdated::outdated;
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::ReadMembers;
use crate::gate::{Pass, Permission};
use crate::naming::{self, DepartmentRef, RoleRef};

/// Which invitations are listed.
#[derive(Clone, Debug, Default)]
pub struct InvitationFilter {
    /// Only those that are pending, also if they have expired.
    pub is_pending: bool,
    /// Only those with this text in their address or name.
    pub text: Option<String>,
    /// Only those with this role.
    pub role: Option<RoleRef>,
    /// Only those with this department.
    pub department: Option<DepartmentRef>,
}

/// A page of invitations.
pub struct InvitationPage {
    /// The invitations.
    pub invitations: Vec<Invitation>,
    /// Whether there are more.
    pub has_more: bool,
    /// The number on all pages.
    pub total: i64,
    /// Why a mail could not be delivered yet, by the invitation's id.
    pub undelivered: HashMap<String, String>,
    /// Why a pending invitation can no longer be accepted, by its id.
    pub outdated: HashMap<InvitationId, Outdated>,
}

impl Invitations<'_> {
    /// Loads an invitation.
    #[boxed]
    pub async fn load(&mut self, id: InvitationId) -> Result<Invitation, Error> {
        let pass = self.0.check(ReadMembers).await?;
        super::load(self.0, &pass, id).await
    }

    /// Lists invitations, the newest first.
    ///
    /// # Errors
    ///
    /// `Fields` for a role or department that does not exist.
    #[boxed]
    pub async fn list(
        &mut self,
        filter: &InvitationFilter,
        below: Option<InvitationId>,
        limit: usize,
    ) -> Result<InvitationPage, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadMembers).await?;
        let query = &resolve(ctx, &pass, filter).await?;
        let found = ctx.read(&pass)?.invitations().list(query, below, limit).await?;
        let (invitations, has_more) = (found.items, found.has_more);
        let total = ctx.read(&pass)?.invitations().count(query).await?;
        let ids: Vec<String> = invitations.iter().map(|one| one.id.to_string()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let workspace = ctx.workspace_id();
        let deliveries =
            ctx.read(&pass)?.global().mails().find_deliveries(workspace, &ids).await?;
        let undelivered = deliveries
            .into_iter()
            .filter_map(|(id, delivery)| Some((id, delivery.last_error?)))
            .collect();
        let outdated = invitations.iter().filter_map(|one| Some((one.id, outdated(ctx, one)?)));
        let outdated = outdated.collect();
        Ok(InvitationPage { invitations, has_more, total, undelivered, outdated })
    }
}

/// Resolves the references of a filter.
async fn resolve(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    filter: &InvitationFilter,
) -> Result<InvitationQuery, Error> {
    let mut errors = Vec::new();
    let mut query = InvitationQuery {
        is_pending: filter.is_pending,
        text: filter.text.clone(),
        ..InvitationQuery::default()
    };
    if let Some(role) = &filter.role {
        match naming::role(ctx, pass, role) {
            Ok(role) => query.role = Some(role.key()),
            Err(unresolved) => errors.push(unresolved.field("/role")),
        }
    }
    if let Some(department) = &filter.department {
        match naming::department(ctx, pass, department).await? {
            Ok(id) => query.department = Some(id),
            Err(unresolved) => errors.push(unresolved.field("/department")),
        }
    }
    Refusal::unless_valid(errors)?;
    Ok(query)
}
