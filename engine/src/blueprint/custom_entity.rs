//! The rules for the record types that a workspace adds.

use super::action::{Action, read_actions};
use super::part::Parts;
use super::section::Section;
use crate::grant::ResourceKind;

/// The rules for the record types that a workspace adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomEntities {
    /// The actions of each.
    pub actions: Vec<Action>,
    /// The parts that these actions play.
    pub(crate) parts: Parts,
}

pub(crate) fn read_custom_entities(root: &Section<'_>) -> Option<CustomEntities> {
    let section = root.section("custom_entities")?;
    let before = section.log.len();
    let actions = read_actions(&section, ResourceKind::Records);
    let parts = Parts::read(&section, &actions);
    // An action that is invalid may have been meant as `read`.
    let is_valid = section.log.len() == before;
    if is_valid && parts.read.is_none() {
        let message = "`custom_entities.actions` must include `read`".to_owned();
        section.log.add(section.at, message, None);
    }
    section.finish();
    Some(CustomEntities { actions, parts })
}
