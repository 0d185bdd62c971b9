//! What grants what: roles, profiles, flags and switches of a workspace, resolved to cells.

mod custom;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::blueprint::{Blueprint, VisibilityMode};
use crate::catalog::{Catalog, Cell};
use crate::directory::Ids;
use crate::grant::Grant;
use crate::mistake::Mistake;
use crate::profile::Cells;
use crate::relations::Relations;
use crate::scope::{Scopes, Sharing, Visibility};
use crate::text::suggestion;
use crate::workspace::{Profile, Workspace};

/// A role, built in or custom, with the scopes that it grants for each cell.
#[derive(Clone, Debug)]
pub(crate) struct CompiledRole {
    pub(crate) id: String,
    pub(crate) is_custom: bool,
    pub(crate) scopes: Box<[Scopes]>,
    pub(crate) visibility_mode: VisibilityMode,
    pub(crate) has_levels: bool,
}

/// A profile with what it gives for each cell.
#[derive(Clone, Debug)]
pub(crate) struct CompiledProfile {
    pub(crate) id: String,
    pub(crate) cells: Cells,
}

/// Everything about grants that does not depend on who the members are.
#[derive(Clone, Debug)]
pub(crate) struct CompiledGrants {
    pub(crate) blueprint: Arc<Blueprint>,
    pub(crate) catalog: Arc<Catalog>,
    /// Which of the blueprint's switches are on, by position.
    pub(crate) switches: Vec<bool>,
    pub(crate) roles: Vec<Arc<CompiledRole>>,
    pub(crate) role_by_id: Ids,
    pub(crate) profiles: Vec<Option<Arc<CompiledProfile>>>,
    pub(crate) profile_by_id: Ids,
    /// What the billing flag grants for each cell.
    pub(crate) flag: Arc<[Scopes]>,
    /// What each switch adds for every member, for each cell, while it is on.
    pub(crate) added: Vec<Arc<[Scopes]>>,
    /// For each resource with a ladder its position among the catalog's resources.
    pub(crate) ladders: Arc<[usize]>,
}

impl CompiledGrants {
    pub(crate) fn new(
        blueprint: &Arc<Blueprint>,
        workspace: &Workspace,
    ) -> Result<CompiledGrants, Vec<Mistake>> {
        let catalog = Catalog::new(blueprint, &workspace.entities)?;
        let mut mistakes = Vec::new();
        let none = || vec![Scopes::NONE; catalog.len()].into();
        let flag = blueprint.billing_contact.as_ref();
        let ladders = catalog.resources.iter().enumerate();
        let mut compiled = CompiledGrants {
            switches: switches(blueprint, &workspace.switches, &mut mistakes),
            flag: flag.map_or_else(none, |flag| resolve(&flag.grants, &catalog).into()),
            added: blueprint
                .switches
                .iter()
                .map(|switch| resolve(&switch.adds, &catalog).into())
                .collect(),
            ladders: ladders
                .filter(|(_, resource)| !resource.ladder.is_empty())
                .map(|(index, _)| index)
                .collect(),
            blueprint: Arc::clone(blueprint),
            catalog: Arc::new(catalog),
            roles: Vec::new(),
            role_by_id: Ids::default(),
            profiles: Vec::new(),
            profile_by_id: Ids::default(),
        };
        compiled.read_built_in();
        for role in &workspace.roles {
            if compiled.role_by_id.contains_key(&role.id) {
                mistakes.push(twice("role", &role.id));
            }
            mistakes.extend(compiled.put_role(role).err().unwrap_or_default());
        }
        for profile in &workspace.profiles {
            if compiled.profile_by_id.contains_key(&profile.id) {
                mistakes.push(twice("profile", &profile.id));
            }
            mistakes.extend(compiled.put_profile(profile).err().unwrap_or_default());
        }
        if mistakes.is_empty() { Ok(compiled) } else { Err(mistakes) }
    }

    /// The built-in roles as the switches say; custom roles stay as they are.
    fn read_built_in(&mut self) {
        let blueprint = Arc::clone(&self.blueprint);
        for role in &blueprint.roles {
            let switched = blueprint.switches.iter().zip(&self.switches).filter(|(_, on)| **on);
            let mut replaced = switched.flat_map(|(switch, _)| &switch.replaces);
            let replaced = replaced.rfind(|(key, _)| *key == role.key);
            let grants = replaced.map_or(&role.grants, |(_, grants)| grants);
            let rule = CompiledRole {
                id: role.key.clone(),
                is_custom: false,
                scopes: resolve(grants, &self.catalog).into(),
                visibility_mode: role.visibility,
                has_levels: role.has_levels,
            };
            self.keep_role(rule);
        }
    }

    /// Turns a switch; built-in roles may change by it.
    pub(crate) fn turn(&mut self, key: &str, on: bool) -> Result<(), Mistake> {
        let position = self.blueprint.switches.iter().position(|switch| switch.key == key);
        let place = position.and_then(|position| self.switches.get_mut(position));
        *place.ok_or_else(|| unknown_switch(&self.blueprint, key))? = on;
        self.read_built_in();
        Ok(())
    }

    /// Whether `assigned` also reaches the assigned users of assigned users.
    pub(crate) fn counts_indirect_reports(&self) -> bool {
        let mut switches = self.blueprint.switches.iter().zip(&self.switches);
        switches.any(|(switch, on)| *on && switch.counts_indirect_reports)
    }

    fn keep_role(&mut self, rule: CompiledRole) -> u32 {
        let next = u32::try_from(self.roles.len()).unwrap_or(u32::MAX);
        let index = *self.role_by_id.entry(rule.id.clone()).or_insert(next);
        let rule = Arc::new(rule);
        match self.roles.get_mut(index as usize) {
            Some(place) => *place = rule,
            None => self.roles.push(rule),
        }
        index
    }

    /// Takes a custom role away; its position is not used again.
    pub(crate) fn remove_role(&mut self, id: &str) -> Result<u32, Mistake> {
        let index = self.role_by_id.get(id).copied().ok_or_else(|| unknown("role", id))?;
        if self.roles.get(index as usize).is_some_and(|role| !role.is_custom) {
            let message = format!("the role `{id}` is built in");
            return Err(Mistake::unplaced(
                message,
                Some("built-in roles are fixed".to_owned()),
            ));
        }
        self.role_by_id.remove(id);
        Ok(index)
    }

    /// Adds or replaces a profile; gives its position.
    pub(crate) fn put_profile(&mut self, profile: &Profile) -> Result<u32, Vec<Mistake>> {
        if self.blueprint.profiles.is_none() {
            let message = format!("the blueprint `{}` has no profiles", self.blueprint.id);
            return Err(vec![Mistake::unplaced(message, None)]);
        }
        let checked = profile.cells.iter().filter_map(|(resource, action, scope)| {
            let word = scope.map_or("none", crate::scope::Scope::word);
            Cells::check(&self.catalog.resources, resource, action, word).err()
        });
        let wrong: Vec<Mistake> = checked
            .map(|bad| {
                Mistake::unplaced(
                    format!("profile `{}`: {}", profile.id, bad.message),
                    bad.hint,
                )
            })
            .collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let next = u32::try_from(self.profiles.len()).unwrap_or(u32::MAX);
        let index = *self.profile_by_id.entry(profile.id.clone()).or_insert(next);
        let rule = CompiledProfile { id: profile.id.clone(), cells: profile.cells.clone() };
        match self.profiles.get_mut(index as usize) {
            Some(place) => *place = Some(Arc::new(rule)),
            None => self.profiles.push(Some(Arc::new(rule))),
        }
        Ok(index)
    }

    /// Takes a profile away; its position is not used again.
    pub(crate) fn remove_profile(&mut self, id: &str) -> Result<u32, Mistake> {
        let index = self.profile_by_id.remove(id).ok_or_else(|| unknown("profile", id))?;
        if let Some(place) = self.profiles.get_mut(index as usize) {
            *place = None;
        }
        Ok(index)
    }

    /// What a profile gives through a team with this ceiling.
    pub(crate) fn team_relations(
        &self,
        profile: &CompiledProfile,
        sharing: Sharing,
        cell: Cell,
    ) -> Relations {
        let Some(resource) = self.catalog.resource(cell) else { return Relations::NONE };
        let scope = profile.cells.grants(resource, self.catalog.action(cell));
        let Some(scope) = scope.map(|scope| sharing.cap(scope)) else { return Relations::NONE };
        self.with_unowned(cell, Relations::of(scope.into(), Visibility::Own))
    }

    /// Adds unowned records to reading where the blueprint says so.
    pub(crate) fn with_unowned(&self, cell: Cell, relations: Relations) -> Relations {
        if self.blueprint.unowned_is_visible && self.catalog.reads_records(cell) {
            Relations::UNOWNED.union(relations)
        } else {
            relations
        }
    }
}

/// The scopes that grants give for each cell.
pub(crate) fn resolve(grants: &[Grant], catalog: &Catalog) -> Vec<Scopes> {
    let granted = |cell: Cell| {
        let resource = catalog.resource(cell)?;
        let on = grants.iter().filter(|grant| resource.is_granted(grant, catalog.action(cell)));
        Some(on.map(|grant| grant.scope).collect())
    };
    catalog.cells().map(|cell| granted(cell).unwrap_or_default()).collect()
}

fn switches(
    blueprint: &Blueprint,
    turned: &[(String, bool)],
    mistakes: &mut Vec<Mistake>,
) -> Vec<bool> {
    let known: BTreeSet<&str> =
        blueprint.switches.iter().map(|switch| switch.key.as_str()).collect();
    let strange = turned.iter().filter(|(key, _)| !known.contains(key.as_str()));
    mistakes.extend(strange.map(|(key, _)| unknown_switch(blueprint, key)));
    let state = |switch: &crate::blueprint::Switch| {
        turned
            .iter()
            .rfind(|(key, _)| *key == switch.key)
            .map_or(switch.starts_on, |(_, on)| *on)
    };
    blueprint.switches.iter().map(state).collect()
}

fn unknown_switch(blueprint: &Blueprint, key: &str) -> Mistake {
    let hint = suggestion(key, blueprint.switches.iter().map(|switch| switch.key.as_str()));
    Mistake::unplaced(format!("unknown switch `{}`", key.escape_debug()), hint)
}

/// Says that an id stands for nothing.
pub(crate) fn unknown(noun: &str, id: &str) -> Mistake {
    Mistake::unplaced(format!("unknown {noun} `{}`", id.escape_debug()), None)
}

/// Says that an id stands for two things.
pub(crate) fn twice(noun: &str, id: &str) -> Mistake {
    Mistake::unplaced(format!("the {noun} `{}` stands twice", id.escape_debug()), None)
}
