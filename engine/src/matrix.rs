//! Matrices: a blueprint as a table of what each role, profile and preset grants.

use std::collections::BTreeMap;
use std::fmt;

use crate::blueprint::{Blueprint, Resource, Role};
use crate::grant::Grant;
use crate::scope::{Scope, Scopes};

/// The grants of a blueprint as text: a section for each role, profile, preset and switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    title: String,
    sections: Vec<Section>,
}

/// A role, profile, preset or switch.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Section {
    heading: String,
    /// What else there is to know of it, such as its rank.
    properties: Vec<String>,
    /// For each resource its key, and for each of its actions the key and the scopes.
    rows: Vec<(String, Vec<(String, String)>)>,
}

impl Matrix {
    /// The matrix of a blueprint. That changing a record requires reading it is not taken into
    /// account.
    ///
    /// ```
    /// use hallpass_engine::{Blueprint, Matrix};
    /// let blueprint = Blueprint::parse(hallpass_engine::doc::SMALL)?;
    /// let table = Matrix::of(&blueprint).to_string();
    /// assert!(table.contains("create own  read own  update own  delete -"));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn of(blueprint: &Blueprint) -> Matrix {
        let mut sections: Vec<Section> =
            blueprint.roles.iter().map(|role| of_role(blueprint, role)).collect();
        sections.extend(switched_roles(blueprint));
        sections.extend(profiles(blueprint));
        sections.extend(presets(blueprint));
        sections.extend(blueprint.billing_contact.iter().map(|flag| Section {
            heading: "flag billing contact".to_owned(),
            properties: Vec::new(),
            rows: granted_rows(blueprint, &flag.grants),
        }));
        sections.extend(
            blueprint.switches.iter().filter(|switch| !switch.adds.is_empty()).map(|switch| {
                Section {
                    heading: format!("every member, with {} on", switch.key),
                    properties: Vec::new(),
                    rows: granted_rows(blueprint, &switch.adds),
                }
            }),
        );
        sections.extend(own_app(blueprint));
        Matrix { title: format!("{}: {}", blueprint.id, blueprint.name), sections }
    }

    /// Lists the differences to another matrix, one per line.
    ///
    /// ```
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// let table = hallpass_engine::Matrix::of(&blueprint);
    /// assert!(table.diff(&table).is_empty());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn diff(&self, other: &Matrix) -> Vec<String> {
        let (mine, theirs) = (self.cells(), other.cells());
        let keys = mine.keys().chain(theirs.keys().filter(|key| !mine.contains_key(*key)));
        let word = |cells: &BTreeMap<String, String>, key: &String| {
            cells.get(key).cloned().unwrap_or_else(|| "absent".to_owned())
        };
        let changed = keys.filter(|key| mine.get(*key) != theirs.get(*key));
        changed
            .map(|key| format!("{key}: {} -> {}", word(&mine, key), word(&theirs, key)))
            .collect()
    }

    fn cells(&self) -> BTreeMap<String, String> {
        let mut cells = BTreeMap::new();
        for section in &self.sections {
            cells.insert(section.heading.clone(), section.properties.join("; "));
            for (resource, row) in &section.rows {
                for (action, reach) in row {
                    cells.insert(
                        format!("{} {resource} {action}", section.heading),
                        reach.clone(),
                    );
                }
            }
        }
        cells
    }
}

/// The actions that the server has no use case for.
fn own_app(blueprint: &Blueprint) -> Option<Section> {
    let row = |resource: &Resource| {
        let keys: Vec<&str> = resource.own_app().collect();
        (!keys.is_empty()).then(|| format!("{}: {}", resource.key, keys.join(", ")))
    };
    let properties: Vec<String> = blueprint.resources.iter().filter_map(row).collect();
    let heading = "for your own app: the server checks none of these".to_owned();
    (!properties.is_empty()).then(|| Section { heading, properties, rows: Vec::new() })
}

fn of_role(blueprint: &Blueprint, role: &Role) -> Section {
    let mut properties = vec![format!("rank {}", role.rank)];
    properties.extend(role.is_top.then(|| "top".to_owned()));
    properties.push(format!("holders {:?}", role.holders).to_lowercase());
    properties.extend(role.has_levels.then(|| "levels add to it".to_owned()));
    properties.extend(role.manages.then(|| "may have assigned users".to_owned()));
    properties.push(format!("given by {}", names_of(&role.given_by)));
    properties.push(format!("touched by {}", names_of(&role.touched_by)));
    Section {
        heading: format!("role {}", role.key),
        properties,
        rows: granted_rows(blueprint, &role.grants),
    }
}

fn names_of(roles: &[String]) -> String {
    if roles.is_empty() { "no role".to_owned() } else { roles.join(", ") }
}

fn switched_roles(blueprint: &Blueprint) -> impl Iterator<Item = Section> {
    blueprint.switches.iter().flat_map(move |switch| {
        switch.replaces.iter().map(move |(role, grants)| Section {
            heading: format!("role {role}, with {} on", switch.key),
            properties: Vec::new(),
            rows: granted_rows(blueprint, grants),
        })
    })
}

fn granted_rows(
    blueprint: &Blueprint,
    grants: &[Grant],
) -> Vec<(String, Vec<(String, String)>)> {
    rows(blueprint.resources.iter(), |resource, action| {
        let on = grants.iter().filter(|grant| resource.is_granted(grant, action));
        let scopes: Scopes = on.map(|grant| grant.scope).collect();
        with_unowned(blueprint, resource, action, scopes)
    })
}

fn with_unowned(
    blueprint: &Blueprint,
    resource: &Resource,
    action: &str,
    scopes: Scopes,
) -> Scopes {
    let reads = resource.kind == crate::grant::ResourceKind::Records
        && resource.read == resource.action(action);
    if reads && !scopes.is_empty() && blueprint.unowned_is_visible {
        scopes.union(Scope::Unowned.into())
    } else {
        scopes
    }
}

fn rows<'r>(
    resources: impl Iterator<Item = &'r Resource>,
    reach: impl Fn(&Resource, &str) -> Scopes,
) -> Vec<(String, Vec<(String, String)>)> {
    let row = |resource: &Resource| {
        let cell = |action: &crate::blueprint::Action| {
            let scopes = reach(resource, &action.key);
            let word = if scopes.is_empty() { "-".to_owned() } else { scopes.to_string() };
            (action.key.clone(), word.replace(" + ", "+"))
        };
        (resource.key.clone(), resource.actions.iter().map(cell).collect())
    };
    resources.map(row).collect()
}

fn profiles(blueprint: &Blueprint) -> impl Iterator<Item = Section> {
    let templates = blueprint.profiles.iter().flat_map(|profiles| &profiles.templates);
    templates.map(|profile| Section {
        heading: format!("profile {}", profile.key),
        properties: Vec::new(),
        rows: rows(
            blueprint.resources.iter().filter(|known| known.scoped),
            |resource, action| {
                let scope = profile.cells.grants(resource, action);
                let scopes = scope.map(Scopes::from).unwrap_or_default();
                with_unowned(blueprint, resource, action, scopes)
            },
        ),
    })
}

fn presets(blueprint: &Blueprint) -> impl Iterator<Item = Section> {
    blueprint.presets.iter().map(|preset| {
        let level_count = |resource: &Resource| {
            let level = preset.levels.iter().find(|(key, _)| *key == resource.key);
            level
                .and_then(|(_, level)| resource.level(level))
                .map_or(0, |position| position + 1)
        };
        let laddered = blueprint.resources.iter().filter(|known| !known.ladder.is_empty());
        let word = |resource: &Resource| {
            let level = preset.levels.iter().find(|(key, _)| *key == resource.key);
            format!("{} {}", resource.key, level.map_or("none", |(_, level)| level))
        };
        Section {
            heading: format!("preset {}", preset.key),
            properties: laddered.clone().map(word).collect(),
            rows: rows(laddered, |resource, action| {
                let levels = resource.ladder.iter().take(level_count(resource));
                let number = resource.action(action);
                let on =
                    levels.filter(|level| number.is_some_and(|at| level.actions.contains(&at)));
                with_unowned(blueprint, resource, action, on.map(|level| level.scope).collect())
            }),
        }
    })
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        for section in &self.sections {
            writeln!(f, "\n{}", section.heading)?;
            if !section.properties.is_empty() {
                writeln!(f, "  ({})", section.properties.join("; "))?;
            }
            let width = section.rows.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
            for (resource, row) in &section.rows {
                let cells: Vec<String> =
                    row.iter().map(|(action, reach)| format!("{action} {reach}")).collect();
                writeln!(f, "  {resource:<width$}  {}", cells.join("  "))?;
            }
        }
        Ok(())
    }
}
