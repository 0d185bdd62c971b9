//! Standing in: who may let a program act for somebody else.

use hallpass_engine::Filter;

use super::{asker, gone, role_name};
use crate::id::MemberId;
use crate::model::Model;
use crate::refusal::Refusal;

/// Whether somebody may act for a member: for themselves always, for others whose role they may
/// touch, and only if nothing that the other may do is beyond them, on whomever's records.
///
/// # Errors
///
/// `MayNotTouch`; `GrantCeiling` with what is beyond them; `Fields` when one of the two is gone.
pub fn check_stand_in(model: &Model, who: MemberId, whom: MemberId) -> Result<(), Refusal> {
    let (asker, other) = (asker(model, who)?, asker(model, whom)?);
    if who == whom {
        return Ok(());
    }
    let blueprint = model.blueprint();
    if !blueprint.may_touch(&asker.role, &other.role) {
        return Err(Refusal::MayNotTouch { role: role_name(blueprint, &other.role) });
    }
    let policy = model.policy();
    let (mine, theirs) = (policy.member(&asker.id), policy.member(&other.id));
    let (Some(mine), Some(theirs)) = (mine, theirs) else { return Err(gone()) };
    let mut rights = Vec::new();
    for resource in policy.resources() {
        for action in &resource.actions {
            let Some(cell) = policy.cell(&resource.key, &action.key) else { continue };
            if policy.filter(theirs, cell) != Filter::Nothing
                && policy.filter(mine, cell) != Filter::All
            {
                rights.push(format!("{}:{}", resource.key, action.key));
            }
        }
    }
    if rights.is_empty() { Ok(()) } else { Err(Refusal::GrantCeiling { rights }) }
}
