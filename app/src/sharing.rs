//! Which saved views and reports a member sees.

use hallpass_domain::sharing::Sharing;
use hallpass_engine::Resource;

use crate::context::WorkspaceContext;
use crate::gate::permission::RecordPermission;
use crate::record::part::reading;

/// Whether the member sees what is saved about a record type: their own, or what is shared about a type that
/// they may read. What is saved about a type that is gone has nothing to hide.
pub(crate) fn is_visible(ctx: &WorkspaceContext, sharing: &Sharing, entity: &str) -> bool {
    let member = ctx.member_id();
    if !sharing.is_visible_to(member) {
        return false;
    }
    let reads =
        |resource: &Resource| ctx.opens(&RecordPermission::new(entity, reading(resource)));
    Some(sharing.created_by) == member
        || ctx.snapshot().record_type(entity).as_ref().is_none_or(reads)
}
