//! The visibility of members, and how roles use it.

use super::layers::Layers;
use super::section::Section;
use crate::scope::Visibility;

/// The setting of each member that says how many records they see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisibilityRules {
    /// The visibility of a new member.
    pub start: Visibility,
}

/// How a member's visibility affects what a role's own grants let them read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisibilityMode {
    /// Only grants with the scope `visible` depend on it.
    AsGranted,
    /// It bounds everything that the role lets the member read.
    Bounds,
}

/// The words for the levels of visibility.
pub(crate) fn visibility_words() -> [&'static str; 3] {
    Visibility::EVERY.map(|level| level.scope().word())
}

pub(crate) fn read_visibility(root: &Section<'_>, layers: Layers) -> Option<VisibilityRules> {
    let section = root.section("visibility")?;
    let start =
        section.word("start", &visibility_words(), Visibility::parse).unwrap_or_default();
    if start == Visibility::Department && !layers.departments {
        let message = "the visibility `department` needs `[departments]`".to_owned();
        section.log.add(section.at, message, Some("declare `[departments]`".to_owned()));
    }
    section.finish();
    Some(VisibilityRules { start })
}

pub(crate) fn read_visibility_mode(section: &Section<'_>, layers: Layers) -> VisibilityMode {
    let parse = |word: &str| match word {
        "as_granted" => Some(VisibilityMode::AsGranted),
        "bounds" => Some(VisibilityMode::Bounds),
        _ => None,
    };
    let mode = section.word("visibility", &["as_granted", "bounds"], parse);
    if mode == Some(VisibilityMode::Bounds) && !layers.visibility {
        let message = format!("`{}.visibility` needs `[visibility]`", section.path);
        section.log.add(section.at, message, Some("declare `[visibility]`".to_owned()));
    }
    mode.unwrap_or(VisibilityMode::AsGranted)
}
