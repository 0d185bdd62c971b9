//! The member on whose behalf a change is made, and how roles are named in refusals.

use hallpass_engine::{Blueprint, Member};

use crate::id::MemberId;
use crate::model::Model;
use crate::refusal::Refusal;

/// The grantor, who must be an active member.
pub(super) fn active(model: &Model, grantor: MemberId) -> Result<&Member, Refusal> {
    model.member(grantor).filter(|member| member.is_active).ok_or_else(gone)
}

/// The grantor is not an active member any more.
pub(super) fn gone() -> Refusal {
    Refusal::field("", "giver_gone", "the member who grants this is no longer an active member")
}

/// The name of a built-in role; a custom one goes by its id here.
pub(crate) fn role_name(blueprint: &Blueprint, role: &str) -> String {
    blueprint.role(role).map_or_else(|| role.to_owned(), |known| known.name.clone())
}

/// A member of the model, by the text of an id.
pub(super) fn find<'m>(model: &'m Model, id: &str) -> Option<&'m Member> {
    model.member(id.parse().ok()?)
}
