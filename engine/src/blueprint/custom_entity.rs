//! The rules for the record types that a workspace adds.

use super::action::{Action, read_actions};
use super::section::Section;
use crate::grant::ResourceKind;

/// The rules for the record types that a workspace adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomEntities {
    /// The actions of each.
    pub actions: Vec<Action>,
}

pub(crate) fn read_custom_entities(root: &Section<'_>) -> Option<CustomEntities> {
    let section = root.section("custom_entities")?;
    let before = section.log.len();
    let actions = read_actions(&section, ResourceKind::Records);
    // An action that is invalid may have been meant as `read`.
    let is_valid = section.log.len() == before;
    if is_valid && !actions.iter().any(|action| action.key == "read") {
        let message = "`custom_entities.actions` must include `read`".to_owned();
        section.log.add(section.at, message, None);
    }
    section.finish();
    Some(CustomEntities { actions })
}
