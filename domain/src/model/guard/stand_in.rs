//! Who may let a program act for another member.

use hallpass_engine::Filter;

use super::grantor::{active, gone, role_name};
use crate::id::MemberId;
use crate::model::Model;
use crate::refusal::Refusal;

/// Whether a member may act for another: for themselves always, for others whose role they may
/// change, and only if they hold, on all records, every permission that the other holds on any.
///
/// # Errors
///
/// `MayNotTouch`; `GrantCeiling` with the permissions they lack; `Fields` when either of them is no
/// active member.
pub fn check_stand_in(model: &Model, member: MemberId, other: MemberId) -> Result<(), Refusal> {
    let (mine, theirs) = (active(model, member)?, active(model, other)?);
    if member == other {
        return Ok(());
    }
    let blueprint = model.blueprint();
    if !blueprint.may_touch(&mine.role, &theirs.role) {
        return Err(Refusal::MayNotTouch { role: role_name(blueprint, &theirs.role) });
    }
    let policy = model.policy();
    let Some((mine, theirs)) = model.index(member).zip(model.index(other)) else {
        return Err(gone());
    };
    let lacking = policy.grantable_cells().filter(|cell| {
        policy.filter(theirs, *cell) != Filter::Nothing && !policy.reaches_all(mine, *cell)
    });
    let named = lacking.map(|cell| {
        let (resource, action) = policy.keys(cell);
        format!("{resource}:{action}")
    });
    let rights: Vec<String> = named.collect();
    if rights.is_empty() { Ok(()) } else { Err(Refusal::GrantCeiling { rights }) }
}
