//! Access models to choose from: what each has, a picture of it, and what is wrong with one's own text.

pub(crate) mod checked;
mod outline;

use hallpass_domain::blueprint::SHIPPED;
use hallpass_engine::Blueprint;
use hallpass_web::error::Problem;

use crate::text::Text;

/// An access model, as a card.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    /// The id.
    pub(crate) id: String,
    /// The name.
    pub(crate) name: String,
    /// A sentence about it.
    pub(crate) summary: String,
    /// The picture, by the file in `templates/blueprint`.
    pub(crate) picture: Picture,
    /// The marks, the same for each: the name, and whether it has it.
    pub(crate) marks: Vec<(String, bool)>,
    /// Whether it is chosen.
    pub(crate) is_chosen: bool,
    /// Whether only the operator creates such a workspace.
    pub(crate) is_reserved: bool,
}

/// The picture of an access model: the layer that distinguishes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Picture {
    /// A few roles.
    Roles,
    /// People below a manager.
    Managers,
    /// Permission strings.
    Strings,
    /// Profiles on teams.
    Profiles,
    /// A level for each module.
    Levels,
    /// All of it.
    Everything,
}

impl Picture {
    fn of(blueprint: &Blueprint) -> Picture {
        let has_profiles = blueprint.profiles.is_some();
        let has_presets = !blueprint.presets.is_empty();
        match (has_profiles, has_presets, blueprint.has_managers) {
            (true, true, true) => Picture::Everything,
            (true, ..) => Picture::Profiles,
            (_, true, _) => Picture::Levels,
            (_, _, true) => Picture::Managers,
            _ if blueprint.custom_roles.is_some() => Picture::Strings,
            _ => Picture::Roles,
        }
    }
}

impl Card {
    /// The card of an access model.
    pub(crate) fn of(text: Text, blueprint: &Blueprint) -> Card {
        let marks = [
            ("mark-own-roles", blueprint.custom_roles.is_some()),
            ("mark-scopes", blueprint.resources.iter().any(|known| known.scoped)),
            ("mark-managers", blueprint.has_managers),
            ("mark-teams", blueprint.teams.is_some()),
            ("mark-presets", !blueprint.presets.is_empty()),
        ];
        Card {
            id: blueprint.id.clone(),
            name: blueprint.name.clone(),
            summary: blueprint.summary.clone(),
            picture: Picture::of(blueprint),
            marks: marks.map(|(key, has)| (text.get(key), has)).into(),
            is_chosen: false,
            is_reserved: false,
        }
    }

    #[cfg(test)]
    pub(crate) fn samples() -> Vec<Card> {
        shipped().iter().map(|blueprint| Card::of(Text::default(), blueprint)).collect()
    }
}

/// The access models that ship, the default first.
pub(crate) fn shipped() -> Vec<Blueprint> {
    SHIPPED.iter().filter_map(|text| Blueprint::parse(text).ok()).collect()
}

/// Something that is wrong with the text of an access model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The line, from 1; none for the text as a whole.
    pub(crate) line: Option<usize>,
    /// What is wrong, and what to do.
    pub(crate) detail: String,
}

/// What a problem says about the text of an access model.
pub(crate) fn faults(problem: &Problem) -> Vec<Fault> {
    let errors = problem.errors.iter();
    let errors = errors.filter(|error| error.pointer.starts_with("/blueprint"));
    errors.map(|error| fault(&error.detail)).collect()
}

/// A mistake as it is written: `17:3: no resource …`.
fn fault(detail: &str) -> Fault {
    let mut parts = detail.splitn(3, ':');
    let line = parts.next().and_then(|line| line.parse().ok());
    let column = parts.next().and_then(|column| column.parse::<usize>().ok());
    match (line, column, parts.next()) {
        (Some(line), Some(_), Some(rest)) => {
            Fault { line: Some(line), detail: rest.trim().to_owned() }
        }
        _ => Fault { line: None, detail: detail.to_owned() },
    }
}

#[cfg(test)]
mod tests;
