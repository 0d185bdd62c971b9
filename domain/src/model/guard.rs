//! The guards: rules about change that hold on every path.
//!
//! Rank rules and the blueprint's guards look at a change before it is made; the grant ceiling, the
//! top role and the billing contact look at what it would make of the workspace.

mod ceiling;
mod stand_in;

pub use stand_in::check_stand_in;

use hallpass_engine::{Blueprint, Change, Holders, Member};

use super::{ChangeKind, Grantor, Model};
use crate::id::MemberId;
use crate::refusal::{FieldError, Refusal};

/// What can be said before the change is made.
pub(super) fn before(
    model: &Model,
    grantor: Grantor,
    kind: ChangeKind,
    changes: &[Change],
) -> Result<(), Refusal> {
    for change in changes {
        match change {
            Change::PutMember(member) => {
                let known = model.members.get(&member.id).map(|known| &**known);
                check_layers(model.blueprint(), member)?;
                check_manager(model, member)?;
                check_transfer(model, kind, known, member)?;
                check_self_deactivation(model, grantor, kind, known, member)?;
                check_rank(model, grantor, kind, known, member)?;
                check_self_role(model, grantor, kind, known, member)?;
            }
            Change::RemoveMember(id) => {
                let Some(member) = model.members.get(id) else { continue };
                check_removal(model, grantor, kind, member)?;
            }
            Change::PutRole(_)
            | Change::RemoveRole(_)
            | Change::PutProfile(_)
            | Change::RemoveProfile(_)
            | Change::PutTeam(_)
            | Change::RemoveTeam(_)
            | Change::SetDepartments(_)
            | Change::SetSwitch(..) => {}
        }
    }
    Ok(())
}

/// What the workspace would be after the change.
pub(super) fn after(
    before: &Model,
    after: &Model,
    grantor: Grantor,
    kind: ChangeKind,
    changes: &[Change],
) -> Result<(), Refusal> {
    check_top_role(before, after)?;
    check_one_contact(after)?;
    ceiling::check(before, after, grantor, kind, changes)
}

/// Levels count for the roles that have them (HALO-092): given to others they would lie dormant
/// until a change of role wakes them.
fn check_layers(blueprint: &Blueprint, member: &Member) -> Result<(), Refusal> {
    if member.levels.is_empty() || has_levels(blueprint, &member.role) {
        return Ok(());
    }
    let role = role_name(blueprint, &member.role);
    let detail = format!("levels do not count for the role {role}: leave them out");
    Err(Refusal::field("/levels", "no_levels", detail))
}

/// Whether a member's own levels add to a role.
#[must_use]
pub fn has_levels(blueprint: &Blueprint, role: &str) -> bool {
    let custom = || blueprint.custom_roles.as_ref().is_some_and(|rules| rules.has_levels);
    blueprint.role(role).map_or_else(custom, |role| role.has_levels)
}

/// Members are assigned to those whose role manages (CRM-064).
fn check_manager(model: &Model, member: &Member) -> Result<(), Refusal> {
    let Some(manager) = &member.manager else { return Ok(()) };
    let Some(manager) = model.members.get(manager) else {
        let detail = "there is no such member to be assigned to".to_owned();
        return Err(Refusal::field("/manager", "unknown", detail));
    };
    let was = model.members.get(&member.id).and_then(|known| known.manager.as_deref());
    if was == Some(manager.id.as_str()) {
        return Ok(());
    }
    if is_under(model, manager, member) {
        let detail = "they are this member, or report to them: choose somebody else";
        return Err(Refusal::field("/manager", "circle", detail));
    }
    if manages(model.blueprint(), &manager.role) {
        return Ok(());
    }
    let role = role_name(model.blueprint(), &manager.role);
    let detail = format!("members are not assigned to a holder of the role {role}");
    Err(Refusal::field("/manager", "does_not_manage", detail))
}

/// Whether a member is another, or reports to them, straight or through others.
fn is_under(model: &Model, member: &Member, other: &Member) -> bool {
    let mut at = Some(member.id.as_str());
    // No chain is longer than there are members.
    for _ in 0..=model.members.len() {
        let Some(id) = at else { return false };
        if id == other.id {
            return true;
        }
        at = model.members.get(id).and_then(|member| member.manager.as_deref());
    }
    false
}

fn manages(blueprint: &Blueprint, role: &str) -> bool {
    let custom = || blueprint.custom_roles.as_ref().is_some_and(|rules| rules.manages);
    blueprint.role(role).map_or_else(custom, |role| role.manages)
}

/// A role with one holder is neither given nor taken but by transfer.
fn check_transfer(
    model: &Model,
    kind: ChangeKind,
    known: Option<&Member>,
    member: &Member,
) -> Result<(), Refusal> {
    let blueprint = model.blueprint();
    let held = known.map(|known| known.role.as_str());
    let hands_over = matches!(kind, ChangeKind::TransferOwnership | ChangeKind::Restore);
    if hands_over || held == Some(member.role.as_str()) {
        let is_put_out = known.is_some_and(|known| known.is_active) && !member.is_active;
        if is_put_out && blueprint.is_transferred_only(&member.role) {
            return Err(transfer_only(blueprint, &member.role));
        }
        return Ok(());
    }
    for role in held.into_iter().chain([member.role.as_str()]) {
        if blueprint.is_transferred_only(role) {
            return Err(transfer_only(blueprint, role));
        }
    }
    Ok(())
}

fn transfer_only(blueprint: &Blueprint, role: &str) -> Refusal {
    Refusal::TransferOnly { role: role_name(blueprint, role) }
}

/// Who may give which role, and who may touch whom.
fn check_rank(
    model: &Model,
    grantor: Grantor,
    kind: ChangeKind,
    known: Option<&Member>,
    member: &Member,
) -> Result<(), Refusal> {
    let Grantor::Member(grantor) = grantor else { return Ok(()) };
    if matches!(
        kind,
        ChangeKind::TransferOwnership
            | ChangeKind::TransferBilling
            | ChangeKind::Remove
            | ChangeKind::Leave
            | ChangeKind::DeleteAccount
            | ChangeKind::Restore
    ) || known == Some(member)
    {
        return Ok(());
    }
    let blueprint = model.blueprint();
    let asker = asker(model, grantor)?;
    if let Some(known) = known
        && kind != ChangeKind::Join
        && !blueprint.may_touch(&asker.role, &known.role)
    {
        return Err(Refusal::MayNotTouch { role: role_name(blueprint, &known.role) });
    }
    let gets_role = known.is_none_or(|known| known.role != member.role);
    if (gets_role || kind == ChangeKind::Join) && !blueprint.may_give(&asker.role, &member.role)
    {
        return Err(Refusal::MayNotGive { role: role_name(blueprint, &member.role) });
    }
    Ok(())
}

/// Holds for everybody, whoever may touch them, so that nobody is told to look for a higher rank
/// (CRM-143).
fn check_self_deactivation(
    model: &Model,
    grantor: Grantor,
    kind: ChangeKind,
    known: Option<&Member>,
    member: &Member,
) -> Result<(), Refusal> {
    let is_put_out = known.is_some_and(|known| known.is_active) && !member.is_active;
    if is_put_out
        && is_own_edit(grantor, kind, member)
        && has_guard(model.blueprint(), "no_self_deactivation")
    {
        return Err(Refusal::NoSelfDeactivation);
    }
    Ok(())
}

fn check_self_role(
    model: &Model,
    grantor: Grantor,
    kind: ChangeKind,
    known: Option<&Member>,
    member: &Member,
) -> Result<(), Refusal> {
    if known.is_some_and(|known| known.role != member.role)
        && is_own_edit(grantor, kind, member)
        && has_guard(model.blueprint(), "no_self_role_change")
    {
        return Err(Refusal::NoSelfRoleChange);
    }
    Ok(())
}

fn is_own_edit(grantor: Grantor, kind: ChangeKind, member: &Member) -> bool {
    kind == ChangeKind::Edit
        && matches!(grantor, Grantor::Member(grantor) if grantor.to_string() == member.id)
}

fn check_removal(
    model: &Model,
    grantor: Grantor,
    kind: ChangeKind,
    member: &Member,
) -> Result<(), Refusal> {
    // Nobody is there any more to be kept; that somebody holds the top role is asked afterwards.
    if kind == ChangeKind::Restore {
        return Ok(());
    }
    let blueprint = model.blueprint();
    let is_own =
        matches!(grantor, Grantor::Member(grantor) if grantor.to_string() == member.id);
    if blueprint.is_transferred_only(&member.role) && member.is_active {
        // Told as what it would leave behind; the way out is the same.
        return Err(last_top_role(blueprint));
    }
    if let Grantor::Member(grantor) = grantor
        && !is_own
        && kind == ChangeKind::Remove
        && !blueprint.may_touch(&asker(model, grantor)?.role, &member.role)
    {
        return Err(Refusal::MayNotTouch { role: role_name(blueprint, &member.role) });
    }
    // What has to be seen to first is told first: whoever may not go alone may not go at all.
    if is_last_holder(model, member) {
        return Err(last_top_role(blueprint));
    }
    // Whoever deletes their account goes all the same, and leaves the post vacant (HALO-051).
    if member.is_billing_contact
        && kind != ChangeKind::DeleteAccount
        && has_guard(blueprint, "billing_contact_stays")
    {
        return Err(Refusal::BillingContactStays { workspaces: Vec::new() });
    }
    if is_own && kind == ChangeKind::Remove && has_guard(blueprint, "no_self_removal") {
        return Err(Refusal::NoSelfRemoval);
    }
    Ok(())
}

/// Whether nobody else is an active holder of the top role.
fn is_last_holder(model: &Model, member: &Member) -> bool {
    let top = model.blueprint().top_role().map(|role| role.key.as_str());
    member.is_active
        && top == Some(member.role.as_str())
        && model.active_holders(&member.role).count() == 1
}

/// Whether a blueprint switches a guard on.
#[must_use]
pub fn has_guard(blueprint: &Blueprint, guard: &str) -> bool {
    blueprint.membership.guards.iter().any(|known| known == guard)
}

/// A workspace that has an active holder of its top role keeps one; where the role has one holder,
/// it has exactly one.
fn check_top_role(before: &Model, after: &Model) -> Result<(), Refusal> {
    let Some(top) = after.blueprint().top_role() else { return Ok(()) };
    let holders = after.active_holders(&top.key).count();
    let had = before.active_holders(&top.key).next().is_some();
    if holders == 0 && had {
        return Err(last_top_role(after.blueprint()));
    }
    let all = after.count_holders(&top.key);
    if top.holders == Holders::One && all > 1 {
        return Err(transfer_only(after.blueprint(), &top.key));
    }
    Ok(())
}

fn last_top_role(blueprint: &Blueprint) -> Refusal {
    let role = blueprint.top_role().map_or_else(String::new, |role| role.name.clone());
    Refusal::LastTopRole { role, workspaces: Vec::new() }
}

fn check_one_contact(after: &Model) -> Result<(), Refusal> {
    let contacts = after.members().filter(|member| member.is_billing_contact).count();
    if contacts > 1 { Err(Refusal::SecondBillingContact) } else { Ok(()) }
}

fn asker(model: &Model, grantor: MemberId) -> Result<&Member, Refusal> {
    model.member(grantor).filter(|member| member.is_active).ok_or_else(gone)
}

/// Whoever gave is no member any more, or may not act.
fn gone() -> Refusal {
    Refusal::Fields(vec![FieldError::new(
        "",
        "giver_gone",
        "whoever gives this is not an active member any more",
    )])
}

/// The name of a built-in role; a custom one goes by its id here.
pub(crate) fn role_name(blueprint: &Blueprint, role: &str) -> String {
    blueprint.role(role).map_or_else(|| role.to_owned(), |known| known.name.clone())
}
