//! Owners: the members who can own records of a type.

use hallpass_domain::member::Status;
use hallpass_engine::Resource;
use hallpass_store::member::MemberQuery;

use super::Records;
use super::ownership::may_receive;
use super::part::reassigning;
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::RecordPermission;
use crate::member::list::{NamePage, NamePosition};
use crate::naming::{self, OwnerRef};

/// Whether the caller may hand records of a type over to an owner, of those that they may reassign.
#[must_use]
pub fn may_give(ctx: &WorkspaceContext, resource: &Resource, owner: OwnerRef) -> bool {
    may_receive(ctx, resource, naming::owner(ctx, owner))
}

impl Records<'_> {
    /// Lists the active members by name, for callers who may reassign records of a type (CRM-161).
    /// A search covers names only, as the caller may not read anything else of a member.
    #[boxed]
    pub async fn list_owners(
        &mut self,
        entity: &str,
        name: Option<String>,
        after: Option<&NamePosition>,
        limit: usize,
    ) -> Result<NamePage, Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let pass = ctx.check(RecordPermission::new(entity, reassigning(&resource))).await?;
        let status = Some(Status::Active);
        let query = MemberQuery { name, status, ..MemberQuery::default() };
        ctx.members().list_by_name(&pass, &query, after, limit).await
    }
}
