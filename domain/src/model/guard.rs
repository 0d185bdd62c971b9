//! The guards: rules about changes that hold on every path.
//!
//! Rank rules and the blueprint's guards check a change before it is made; the grant ceiling, the
//! top role and the billing contact are checked on the model that it would make.

mod ceiling;
mod grantor;
mod manager;
mod offer;
mod service;
mod stand_in;
mod touch;

pub use ceiling::grant_ceiling;
pub(super) use manager::manages;
pub use offer::{check_offer, stays_as_contact};
pub use service::is_of_person;
pub use stand_in::{
    check_key, check_key_use, check_revoke_key, check_stand_in, outlives_maker,
};
pub use touch::check_touch;

use hallpass_engine::{Blueprint, Change, Holders, Member};

use super::{ChangeKind, Grantor, Model};
use crate::refusal::Refusal;
use grantor::{active, find, role_name};

/// Checks a change before it is made.
pub(super) fn before(
    model: &Model,
    grantor: Grantor,
    kind: ChangeKind,
    changes: &[Change],
) -> Result<(), Refusal> {
    for change in changes {
        match change {
            Change::PutMember(member) => {
                let known = find(model, &member.id);
                check_layers(model.blueprint(), member)?;
                manager::check(model, known, member)?;
                check_transfer(model, kind, known, member)?;
                check_self_deactivation(model, grantor, kind, known, member)?;
                check_rank(model, grantor, kind, known, member)?;
                check_self_role(model, grantor, kind, known, member)?;
                manager::check_demotion(model, kind, known, member)?;
            }
            Change::RemoveMember(id) => {
                let Some(member) = find(model, id) else { continue };
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

/// Checks the model that a change would make.
pub(super) fn after(
    before: &Model,
    after: &Model,
    grantor: Grantor,
    kind: ChangeKind,
    changes: &[Change],
) -> Result<(), Refusal> {
    check_top_role(before, after)?;
    check_one_contact(after)?;
    service::check(after.blueprint(), changes)?;
    ceiling::check(before, after, grantor, kind, changes)
}

/// Whether a grantor may give a new member a role, by the rank rules and the grant ceiling.
///
/// # Errors
///
/// `TransferOnly`, `MayNotGive`, `GrantCeiling`; `Fields` when the grantor is no active member.
pub fn check_role(
    model: &Model,
    grantor: Grantor,
    role: &str,
    visibility: hallpass_engine::Visibility,
) -> Result<(), Refusal> {
    let member = Member { visibility, ..Member::new("", role) };
    check_transfer(model, ChangeKind::Join, None, &member)?;
    check_rank(model, grantor, ChangeKind::Join, None, &member)?;
    match grantor {
        Grantor::Member(grantor) => ceiling::check_role(model, grantor, &member),
        Grantor::Operator => Ok(()),
    }
}

/// Whether a grantor may revoke an invitation to a role: those who could send it again may. `sends` is
/// the outcome of that check. An invitation that names what is gone cannot be sent again; then its
/// role decides.
///
/// # Errors
///
/// `MayNotGive`, `TransferOnly`, `GrantCeiling`.
pub fn check_revoke_invitation(
    model: &Model,
    grantor: Grantor,
    (role, visibility): (&str, hallpass_engine::Visibility),
    sends: Result<(), Refusal>,
) -> Result<(), Refusal> {
    match sends {
        Err(Refusal::Fields(_)) => check_role(model, grantor, role, visibility),
        Ok(()) | Err(_) => sends,
    }
}

/// Levels count only for roles that have them (HALO-092): on others they would take effect
/// unnoticed at the next change of role.
fn check_layers(blueprint: &Blueprint, member: &Member) -> Result<(), Refusal> {
    if member.levels.is_empty() || has_levels(blueprint, &member.role) {
        return Ok(());
    }
    let role = role_name(blueprint, &member.role);
    let detail = format!("the role {role} has no levels; remove `levels`");
    Err(Refusal::field("/levels", "no_levels", detail))
}

/// Whether a member's own levels add to a role.
#[must_use]
pub fn has_levels(blueprint: &Blueprint, role: &str) -> bool {
    let custom = || blueprint.custom_roles.as_ref().is_some_and(|rules| rules.has_levels);
    blueprint.role(role).map_or_else(custom, |role| role.has_levels)
}

/// A role with one holder changes hands only by a transfer.
fn check_transfer(
    model: &Model,
    kind: ChangeKind,
    known: Option<&Member>,
    member: &Member,
) -> Result<(), Refusal> {
    let blueprint = model.blueprint();
    let held = known.map(|known| known.role.as_str());
    let is_transfer = matches!(kind, ChangeKind::TransferOwnership | ChangeKind::Restore);
    if is_transfer || held == Some(member.role.as_str()) {
        let is_deactivated = known.is_some_and(|known| known.is_active) && !member.is_active;
        if is_deactivated && blueprint.is_transferred_only(&member.role) {
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

/// Which roles a grantor may give, and whose holders they may change.
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
    ) {
        return Ok(());
    }
    let blueprint = model.blueprint();
    let grantor = active(model, grantor)?;
    if let Some(known) = known
        && kind != ChangeKind::Join
        && !is_own_detail(grantor, known, member)
        && !blueprint.may_touch(&grantor.role, &known.role)
    {
        return Err(Refusal::MayNotTouch { role: role_name(blueprint, &known.role) });
    }
    let gets_role = known.is_none_or(|known| known.role != member.role);
    if (gets_role || kind == ChangeKind::Join)
        && !blueprint.may_give(&grantor.role, &member.role)
    {
        return Err(Refusal::MayNotGive { role: role_name(blueprint, &member.role) });
    }
    Ok(())
}

/// Whether members change something about themselves apart from their role and status. The grant
/// ceiling keeps their rights from growing.
fn is_own_detail(grantor: &Member, known: &Member, member: &Member) -> bool {
    grantor.id == known.id && known.role == member.role && known.is_active == member.is_active
}

/// Checked before the rank rules, so that no member is told to find a higher rank (CRM-143).
fn check_self_deactivation(
    model: &Model,
    grantor: Grantor,
    kind: ChangeKind,
    known: Option<&Member>,
    member: &Member,
) -> Result<(), Refusal> {
    let is_deactivated = known.is_some_and(|known| known.is_active) && !member.is_active;
    if is_deactivated
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
    // The accounts are deleted already; that the top role has a holder is checked afterwards.
    if kind == ChangeKind::Restore {
        return Ok(());
    }
    let blueprint = model.blueprint();
    let is_own =
        matches!(grantor, Grantor::Member(grantor) if grantor.to_string() == member.id);
    if blueprint.is_transferred_only(&member.role) && member.is_active {
        // The way out is the same.
        return Err(last_top_role(blueprint));
    }
    if let Grantor::Member(grantor) = grantor
        && !is_own
        && kind == ChangeKind::Remove
        && !blueprint.may_touch(&active(model, grantor)?.role, &member.role)
    {
        return Err(Refusal::MayNotTouch { role: role_name(blueprint, &member.role) });
    }
    // The refusal whose way out comes first is reported first.
    if is_last_holder(model, member) {
        return Err(last_top_role(blueprint));
    }
    // Deleting an account removes its billing contact all the same (HALO-051).
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

/// Whether a member is the only active holder of the top role.
fn is_last_holder(model: &Model, member: &Member) -> bool {
    let top = model.blueprint().top_role().map(|role| role.key.as_str());
    member.is_active
        && top == Some(member.role.as_str())
        && model.count_active_holders(&member.role) == 1
}

/// Whether a blueprint switches a guard on.
#[must_use]
pub fn has_guard(blueprint: &Blueprint, guard: &str) -> bool {
    blueprint.membership.guards.iter().any(|known| known == guard)
}

/// A workspace with an active holder of its top role keeps one; where the role has one holder, it
/// has exactly one.
fn check_top_role(before: &Model, after: &Model) -> Result<(), Refusal> {
    let Some(top) = after.blueprint().top_role() else { return Ok(()) };
    let holders = after.count_active_holders(&top.key);
    let had = before.count_active_holders(&top.key) > 0;
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
    if after.members.contacts().nth(1).is_some() {
        Err(Refusal::SecondBillingContact)
    } else {
        Ok(())
    }
}
