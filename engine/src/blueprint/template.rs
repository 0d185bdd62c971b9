//! What a workspace starts from: profiles for teams, presets of levels for members.

use super::log::Spot;
use super::read::Section;
use super::resource::{Resource, title};
use crate::profile::Cells;
use crate::scope::Scope;

/// The rules for profiles: named grants that reach members through their teams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profiles {
    /// Profiles that a new workspace starts with; a workspace edits its own copies.
    pub templates: Vec<ProfileTemplate>,
}

/// A profile that a new workspace starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileTemplate {
    /// The word in the API.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// A sentence for people, or empty.
    pub description: String,
    /// The matrix.
    pub cells: Cells,
}

/// A named set of levels; choosing it copies them to the member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The word in the API.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// Whom it is for.
    pub description: String,
    /// Resource key and level key; resources that are not named have no level.
    pub levels: Vec<(String, String)>,
}

pub(crate) fn read_profiles(root: &Section<'_>, resources: &[Resource]) -> Option<Profiles> {
    let section = root.section("profiles")?;
    let templates = section.sections("templates").into_iter().map(|(key, section)| {
        let template = ProfileTemplate {
            name: section.text_or("name", &title(&key.value)),
            description: section.text_or("description", ""),
            cells: section
                .section("grants")
                .map(|grants| read_cells(&grants, resources))
                .unwrap_or_default(),
            key: key.value,
        };
        section.finish();
        template
    });
    let templates = templates.collect();
    section.finish();
    Some(Profiles { templates })
}

/// `contacts = { create = "all", read = "team" }`; the key `every` stands for all record types.
fn read_cells(section: &Section<'_>, resources: &[Resource]) -> Cells {
    let mut cells = Cells::default();
    for (key, value) in section.entries() {
        if section.log.is_full() {
            break;
        }
        let Some(table) = value.get_ref().as_table() else {
            let message = format!("`{}.{}` is not a table of actions", section.path, key.value);
            let hint = "write `{ read = \"team\", update = \"own\" }`".to_owned();
            section.log.mistake(value.span().start, message, Some(hint));
            continue;
        };
        for (action, scope) in table.iter().take_while(|_| !section.log.is_full()) {
            let at = action.span().start;
            let word = scope.get_ref().as_str().unwrap_or_default().to_owned();
            let scope = Spot { value: word, at: scope.span().start };
            read_cell(
                section,
                resources,
                &key,
                &Spot { value: action.get_ref().to_string(), at },
                &scope,
                &mut cells,
            );
        }
    }
    cells
}

fn read_cell(
    section: &Section<'_>,
    resources: &[Resource],
    key: &Spot<String>,
    action: &Spot<String>,
    scope: &Spot<String>,
    cells: &mut Cells,
) {
    match Cells::check(resources, &key.value, &action.value, &scope.value) {
        Ok(parsed) => cells.set(&key.value, &action.value, parsed),
        Err(bad) => {
            let at = match bad.part {
                crate::profile::CellPart::Resource => key.at,
                crate::profile::CellPart::Action => action.at,
                crate::profile::CellPart::Scope => scope.at,
            };
            section.log.mistake(at, bad.message, bad.hint);
        }
    }
}

pub(crate) fn read_presets(root: &Section<'_>, resources: &[Resource]) -> Vec<Preset> {
    let read = |(key, section): (Spot<String>, Section<'_>)| {
        let preset = Preset {
            name: section.text_or("name", &title(&key.value)),
            description: section.text_or("description", ""),
            levels: section
                .section("levels")
                .map(|levels| read_levels(&levels, resources))
                .unwrap_or_default(),
            key: key.value,
        };
        section.finish();
        preset
    };
    root.sections("presets").into_iter().map(read).collect()
}

fn read_levels(section: &Section<'_>, resources: &[Resource]) -> Vec<(String, String)> {
    let with_ladder = || resources.iter().filter(|resource| !resource.ladder.is_empty());
    let pairs = section.pairs().into_iter().filter(|(key, level)| {
        let Some(resource) = with_ladder().find(|resource| resource.key == key.value) else {
            let message =
                format!("unknown resource with levels `{}`", key.value.escape_debug());
            let known: Vec<&str> = with_ladder().map(|known| known.key.as_str()).collect();
            section.log.misspelt(key.at, message, &key.value, known);
            return false;
        };
        if resource.level(&level.value).is_none() {
            let message =
                format!("unknown level `{}` of `{}`", level.value.escape_debug(), resource.key);
            let known = resource.ladder.iter().map(|rung| rung.key.as_str());
            section.log.misspelt(level.at, message, &level.value, known);
            return false;
        }
        true
    });
    pairs.map(|(key, level)| (key.value, level.value)).collect()
}

/// The scopes that a profile may use.
pub(crate) const PROFILE_SCOPES: [Scope; 3] = [Scope::Own, Scope::Team, Scope::All];
