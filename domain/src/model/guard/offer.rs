//! Offers: whether the guards allow a change of a member, without making it.
//!
//! **Invariant:** an offer is refused by every guard that refuses the change, except those that look at
//! the model that the change would make and at more than the top role: the grant ceiling.

use std::slice;

use hallpass_engine::Change;

use super::{before, find, has_guard, is_last_holder, last_top_role};
use crate::member::Member;
use crate::model::{ChangeKind, Grantor, Model};
use crate::refusal::Refusal;

/// Checks a change of one member without making it. A page that lists many members asks this for each.
///
/// # Errors
///
/// The refusals of the guards that decide before the change is made, and `LastTopRole`.
pub fn check_offer(
    model: &Model,
    grantor: Grantor,
    kind: ChangeKind,
    change: &Change,
) -> Result<(), Refusal> {
    before(model, grantor, kind, slice::from_ref(change))?;
    let Change::PutMember(after) = change else { return Ok(()) };
    let Some(known) = find(model, &after.id) else { return Ok(()) };
    let stays = after.is_active && after.role == known.role;
    if !stays && is_last_holder(model, known) {
        return Err(last_top_role(model.blueprint()));
    }
    Ok(())
}

/// Whether a member stays active and a member while they are the billing contact.
#[must_use]
pub fn stays_as_contact(model: &Model, member: &Member) -> bool {
    member.access.is_billing_contact && has_guard(model.blueprint(), "billing_contact_stays")
}
