//! Who may touch a member: one question for every field, every invitation and every API key of theirs.
//!
//! **Invariant:** a member touches themselves and the holders of the roles that the rank rules name.
//! What they change of themselves is limited by the grant ceiling alone.

use super::grantor::{active, role_name};
use crate::id::MemberId;
use crate::model::{Grantor, Model};
use crate::refusal::Refusal;

/// Whether a grantor may change anything about a member. A member who is gone may be touched.
///
/// # Errors
///
/// `MayNotTouch`; `Fields` when the grantor is no active member.
pub fn check_touch(model: &Model, grantor: Grantor, member: MemberId) -> Result<(), Refusal> {
    let Grantor::Member(grantor) = grantor else { return Ok(()) };
    let mine = active(model, grantor)?;
    let Some(theirs) = model.member(member).filter(|_| member != grantor) else {
        return Ok(());
    };
    let blueprint = model.blueprint();
    if blueprint.may_touch(&mine.role, &theirs.role) {
        return Ok(());
    }
    Err(Refusal::MayNotTouch { role: role_name(blueprint, &theirs.role) })
}
