//! Templates: profiles that a new workspace starts with, and presets of levels.

use super::action::title;
use super::log::Located;
use super::resource::Resource;
use super::section::Section;
use crate::profile::{CellPart, Cells};

/// Declares profiles: named grants that members receive through their teams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profiles {
    /// The profiles of a new workspace, which edits its own copies.
    pub templates: Vec<ProfileTemplate>,
}

/// A profile of a new workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileTemplate {
    /// The key in the API.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// A sentence about it, or empty.
    pub description: String,
    /// Its grants.
    pub cells: Cells,
}

/// A named set of levels; applying it copies them to the member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The key in the API.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// Who it is for.
    pub description: String,
    /// Pairs of a resource key and a level key; other resources have no level.
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

/// Reads rows such as `contacts = { create = "all", read = "team" }`; the key `every` means
/// every record type.
fn read_cells(section: &Section<'_>, resources: &[Resource]) -> Cells {
    let mut cells = Cells::default();
    for (key, value) in section.entries() {
        if section.log.is_full() {
            break;
        }
        let Some(table) = value.get_ref().as_table() else {
            let message = format!("`{}.{}` is not a table", section.path, key.value);
            let hint =
                "map actions to scopes: `{ read = \"team\", update = \"own\" }`".to_owned();
            section.log.add(value.span().start, message, Some(hint));
            continue;
        };
        for (action, scope) in table.iter().take_while(|_| !section.log.is_full()) {
            let at = action.span().start;
            let word = scope.get_ref().as_str().unwrap_or_default().to_owned();
            let scope = Located { value: word, at: scope.span().start };
            read_cell(
                section,
                resources,
                &key,
                &Located { value: action.get_ref().to_string(), at },
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
    key: &Located<String>,
    action: &Located<String>,
    scope: &Located<String>,
    cells: &mut Cells,
) {
    match Cells::check(resources, &key.value, &action.value, &scope.value) {
        Ok(parsed) => cells.set(&key.value, &action.value, parsed),
        Err(error) => {
            let at = match error.part {
                CellPart::Resource => key.at,
                CellPart::Action => action.at,
                CellPart::Scope => scope.at,
            };
            section.log.add(at, error.message, error.hint);
        }
    }
}

pub(crate) fn read_presets(root: &Section<'_>, resources: &[Resource]) -> Vec<Preset> {
    let read = |(key, section): (Located<String>, Section<'_>)| {
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
            section.log.add_misspelt(key.at, message, &key.value, known);
            return false;
        };
        if resource.level(&level.value).is_none() {
            let message =
                format!("unknown level `{}` of `{}`", level.value.escape_debug(), resource.key);
            let known = resource.ladder.iter().map(|level| level.key.as_str());
            section.log.add_misspelt(level.at, message, &level.value, known);
            return false;
        }
        true
    });
    pairs.map(|(key, level)| (key.value, level.value)).collect()
}
