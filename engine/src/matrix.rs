//! A blueprint as a table for people: each role, profile and preset × resource × action → reach.

use std::collections::BTreeMap;
use std::fmt;

use crate::blueprint::{Blueprint, Resource, Role};
use crate::grant::Grant;
use crate::scope::{Scope, Scopes};

/// What everybody in a blueprint may do, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    title: String,
    subjects: Vec<Subject>,
}

/// A role, profile or preset with its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Subject {
    heading: String,
    facts: Vec<String>,
    /// Resource and, for each of its actions, the reach; resources in the blueprint's order.
    rows: Vec<(String, Vec<(String, String)>)>,
}

impl Matrix {
    /// The table of a blueprint. Reach is as granted: reading bounds writing on top of it.
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
        let mut subjects: Vec<Subject> =
            blueprint.roles.iter().map(|role| of_role(blueprint, role)).collect();
        subjects.extend(switched_roles(blueprint));
        subjects.extend(profiles(blueprint));
        subjects.extend(presets(blueprint));
        subjects.extend(blueprint.billing_contact.iter().map(|flag| Subject {
            heading: "flag billing contact".to_owned(),
            facts: Vec::new(),
            rows: granted_rows(blueprint, &flag.grants),
        }));
        subjects.extend(
            blueprint.switches.iter().filter(|switch| !switch.adds.is_empty()).map(|switch| {
                Subject {
                    heading: format!("everybody, with {} on", switch.key),
                    facts: Vec::new(),
                    rows: granted_rows(blueprint, &switch.adds),
                }
            }),
        );
        Matrix { title: format!("{}: {}", blueprint.id, blueprint.name), subjects }
    }

    /// The cells and facts in which two blueprints differ, one line each; empty when in none.
    ///
    /// ```
    /// # use hallpass_engine::*;
    /// # let blueprint = Blueprint::parse(hallpass_engine::doc::SMALL)?;
    /// let table = Matrix::of(&blueprint);
    /// assert!(table.diff(&table).is_empty());
    /// # Ok::<(), Mistakes>(())
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
        for subject in &self.subjects {
            cells.insert(subject.heading.clone(), subject.facts.join("; "));
            for (resource, row) in &subject.rows {
                for (action, reach) in row {
                    cells.insert(
                        format!("{} {resource} {action}", subject.heading),
                        reach.clone(),
                    );
                }
            }
        }
        cells
    }
}

fn of_role(blueprint: &Blueprint, role: &Role) -> Subject {
    let mut facts = vec![format!("rank {}", role.rank)];
    facts.extend(role.is_top.then(|| "top".to_owned()));
    facts.push(format!("holders {:?}", role.holders).to_lowercase());
    facts.extend(role.has_levels.then(|| "levels add to it".to_owned()));
    facts.extend(role.manages.then(|| "may have assigned users".to_owned()));
    facts.push(format!("given by {}", people(&role.given_by)));
    facts.push(format!("touched by {}", people(&role.touched_by)));
    Subject {
        heading: format!("role {}", role.key),
        facts,
        rows: granted_rows(blueprint, &role.grants),
    }
}

fn people(roles: &[String]) -> String {
    if roles.is_empty() { "nobody".to_owned() } else { roles.join(", ") }
}

fn switched_roles(blueprint: &Blueprint) -> impl Iterator<Item = Subject> {
    blueprint.switches.iter().flat_map(move |switch| {
        switch.replaces.iter().map(move |(role, grants)| Subject {
            heading: format!("role {role}, with {} on", switch.key),
            facts: Vec::new(),
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

fn profiles(blueprint: &Blueprint) -> impl Iterator<Item = Subject> {
    let templates = blueprint.profiles.iter().flat_map(|profiles| &profiles.templates);
    templates.map(|profile| Subject {
        heading: format!("profile {}", profile.key),
        facts: Vec::new(),
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

fn presets(blueprint: &Blueprint) -> impl Iterator<Item = Subject> {
    blueprint.presets.iter().map(|preset| {
        let climbed = |resource: &Resource| {
            let level = preset.levels.iter().find(|(key, _)| *key == resource.key);
            level.and_then(|(_, level)| resource.level(level)).map_or(0, |rung| rung + 1)
        };
        let laddered = blueprint.resources.iter().filter(|known| !known.ladder.is_empty());
        let word = |resource: &Resource| {
            let level = preset.levels.iter().find(|(key, _)| *key == resource.key);
            format!("{} {}", resource.key, level.map_or("none", |(_, level)| level))
        };
        Subject {
            heading: format!("preset {}", preset.key),
            facts: laddered.clone().map(word).collect(),
            rows: rows(laddered, |resource, action| {
                let rungs = resource.ladder.iter().take(climbed(resource));
                let number = resource.action(action);
                let on =
                    rungs.filter(|rung| number.is_some_and(|at| rung.actions.contains(&at)));
                with_unowned(blueprint, resource, action, on.map(|rung| rung.scope).collect())
            }),
        }
    })
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        for subject in &self.subjects {
            writeln!(f, "\n{}", subject.heading)?;
            if !subject.facts.is_empty() {
                writeln!(f, "  ({})", subject.facts.join("; "))?;
            }
            let width = subject.rows.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
            for (resource, row) in &subject.rows {
                let cells: Vec<String> =
                    row.iter().map(|(action, reach)| format!("{action} {reach}")).collect();
                writeln!(f, "  {resource:<width$}  {}", cells.join("  "))?;
            }
        }
        Ok(())
    }
}
