//! What the caller may do with a member, for pages that offer it.

use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::ChangeKind;
use hallpass_domain::model::guard::{
    check_offer, check_stand_in, check_touch, stays_as_contact,
};
use hallpass_domain::record::Owner;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Change, Filter, ResourceKind};

use super::{Members, has_verb};
use crate::context::WorkspaceContext;
use crate::gate::permission::{ReassignRecords, RemoveMembers, TransferBilling, UpdateMembers};
use crate::record::ownership::is_reached;
use crate::record::part::reassigning;

/// What the caller may do with a member. The grant ceiling is checked when a change is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberOffer {
    /// Change what the member may do.
    pub edit: bool,
    /// The roles, by key or id, that the member may be given in place of theirs.
    pub roles: Vec<String>,
    /// Deactivate them.
    pub deactivate: bool,
    /// Reactivate them.
    pub reactivate: bool,
    /// Remove them.
    pub remove: bool,
    /// Reassign their records.
    pub reassign: bool,
    /// Make them the billing contact.
    pub make_contact: bool,
    /// View the workspace as they do, or why not; none where views are not for the caller, and for
    /// members through whose eyes there is nothing else to see.
    pub view: Option<Result<(), Refusal>>,
}

impl Members<'_> {
    /// Returns what the caller may do with a member. `roles` are those that the caller may assign.
    #[must_use]
    pub fn offer<'r>(
        &self,
        member: &Member,
        roles: impl IntoIterator<Item = &'r str>,
    ) -> MemberOffer {
        let (ctx, is_active) = (&*self.0, member.status == Status::Active);
        let blueprint = ctx.model().blueprint();
        let may = |after: &Member| {
            let change = Change::PutMember(after.to_engine());
            check_offer(ctx.model(), ctx.grantor(), ChangeKind::Edit, &change).is_ok()
        };
        let edit = ctx.opens(&UpdateMembers)
            && check_touch(ctx.model(), ctx.grantor(), member.id).is_ok();
        let with_status = |status| may(&Member { status, ..member.clone() });
        let with_role = |role: &&str| {
            let mut after = member.clone();
            (*role).clone_into(&mut after.access.role);
            after.access.levels.clear();
            *role != member.access.role && may(&after)
        };
        let removes = Change::RemoveMember(member.id.to_string());
        MemberOffer {
            roles: if edit {
                roles.into_iter().filter(with_role).map(str::to_owned).collect()
            } else {
                Vec::new()
            },
            deactivate: edit
                && is_active
                && has_verb(blueprint, "deactivate")
                && !stays_as_contact(ctx.model(), member)
                && with_status(Status::Inactive),
            reactivate: edit
                && !is_active
                && has_verb(blueprint, "reactivate")
                && with_status(Status::Active),
            remove: ctx.opens(&RemoveMembers)
                && has_verb(blueprint, "remove")
                && check_offer(ctx.model(), ctx.grantor(), ChangeKind::Remove, &removes)
                    .is_ok(),
            reassign: ctx.opens(&ReassignRecords)
                && reassigns_from(ctx, Owner::Member(member.id)),
            make_contact: is_active
                && blueprint.billing_contact.is_some()
                && !member.access.is_billing_contact
                && ctx.opens(&TransferBilling),
            view: view(ctx, member),
            edit,
        }
    }

    /// Returns whether the caller may reassign many records at once, of any owner.
    #[must_use]
    pub fn may_reassign(&self) -> bool {
        self.0.opens(&ReassignRecords) && super::choice::chooses_owners(self.0)
    }
}

/// Whether the caller may view the workspace as a member does.
fn view(ctx: &WorkspaceContext, member: &Member) -> Option<Result<(), Refusal>> {
    let viewer = ctx.member_id().filter(|viewer| *viewer != member.id)?;
    let is_meant = member.status == Status::Active && ctx.opens(&UpdateMembers);
    let snapshot = ctx.snapshot();
    let with_names = |refusal: Refusal| {
        refusal.with_names(snapshot.workspace.name.as_str(), |role| snapshot.name(role))
    };
    is_meant.then(|| check_stand_in(ctx.model(), viewer, member.id).map_err(with_names))
}

/// Whether the caller may change the owner of records of an owner.
fn reassigns_from(ctx: &WorkspaceContext, owner: Owner) -> bool {
    let (policy, Some(member)) = (ctx.policy(), ctx.member_index()) else { return false };
    let types = policy.resources().iter().filter(|known| {
        known.kind == ResourceKind::Records && ctx.snapshot().is_on(&known.key)
    });
    types.into_iter().any(|resource| {
        let cell = policy.cell(&resource.key, reassigning(resource));
        let filter = cell.map_or(Filter::Nothing, |cell| policy.filter(member, cell));
        is_reached(ctx, &filter, owner)
    })
}
