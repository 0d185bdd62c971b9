//! Choosing a member by name: for callers who may name one somewhere and may not read members.

use hallpass_domain::id::MemberId;
use hallpass_domain::member::Status;
use hallpass_engine::{Filter, ResourceKind};
use hallpass_store::member::MemberQuery;

use super::Members;
use super::list::{NamePage, NamePosition};
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::Permission;
use crate::gate::permission::{
    AnyMember, AnyOf, CreateApiKeys, CreateDepartments, ReadMembers, TransferBilling,
    TransferOwnership, UpdateDepartments, UpdateMembers, UpdateTeams,
};
use crate::record::part::reassigning;

/// What a caller knows of a member whom they may not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownMember {
    /// The id.
    pub id: MemberId,
    /// First and last name.
    pub name: String,
    /// The status of the membership.
    pub status: Status,
}

impl Members<'_> {
    /// Returns whether the caller may choose a member by name and not read members.
    #[must_use]
    pub fn may_only_choose(&self) -> bool {
        !self.0.opens(&ReadMembers) && choosing(self.0).is_some()
    }

    /// Lists the active members by name, for callers who may choose one of them. A search covers
    /// names only.
    #[boxed]
    pub async fn list_choices(
        &mut self,
        name: Option<String>,
        after: Option<&NamePosition>,
        limit: usize,
    ) -> Result<NamePage, Error> {
        let permission = choosing(self.0).unwrap_or(ReadMembers.as_any_of());
        let pass = self.0.check(permission).await?;
        let status = Some(Status::Active);
        let query = MemberQuery { name, status, ..MemberQuery::default() };
        self.list_by_name(&pass, &query, after, limit).await
    }

    /// Returns what the caller knows of a member, who may have been removed; none for one whom they
    /// may read, or may not know by name.
    #[boxed]
    pub async fn find_known(&mut self, id: MemberId) -> Result<Option<KnownMember>, Error> {
        let ctx = &mut *self.0;
        if ctx.opens(&ReadMembers) || ctx.member_id() == Some(id) {
            return Ok(None);
        }
        let pass = ctx.check(AnyMember).await?;
        ctx.look_up_names(&pass, [id]).await?;
        let status = match ctx.model().member(id) {
            Some(member) if member.is_active => Status::Active,
            Some(_) => Status::Inactive,
            None => Status::Removed,
        };
        let name = ctx.known_name(id).map(str::to_owned);
        Ok(name.map(|name| KnownMember { id, name, status }))
    }
}

/// Returns a permission of the caller by which they name a member.
pub(crate) fn choosing(ctx: &WorkspaceContext) -> Option<AnyOf> {
    let has_manager =
        ctx.model().blueprint().departments.is_some_and(|rules| rules.has_manager);
    let mut naming = vec![
        TransferBilling.as_any_of(),
        TransferOwnership.as_any_of(),
        UpdateMembers.as_any_of(),
        UpdateTeams.as_any_of(),
        CreateApiKeys.as_any_of(),
    ];
    if has_manager {
        naming.extend([CreateDepartments.as_any_of(), UpdateDepartments.as_any_of()]);
    }
    let found = naming.into_iter().find(|permission| ctx.opens(permission));
    found.or_else(|| chooses_owners(ctx).then(|| AnyMember.as_any_of()))
}

/// Returns whether the caller may change the owner of some records.
pub(super) fn chooses_owners(ctx: &WorkspaceContext) -> bool {
    let (policy, Some(member)) = (ctx.policy(), ctx.member_index()) else { return false };
    let types = policy.resources().iter().filter(|known| {
        known.kind == ResourceKind::Records && ctx.snapshot().is_on(&known.key)
    });
    types.into_iter().any(|resource| {
        let cell = policy.cell(&resource.key, reassigning(resource));
        cell.is_some_and(|cell| policy.filter(member, cell) != Filter::Nothing)
    })
}
