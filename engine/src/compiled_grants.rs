//! Grants resolved to cells: of roles, profiles, the billing contact flag and switches.

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
use crate::size::{Rows, fixed_rows};
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

/// A profile.
#[derive(Clone, Debug)]
pub(crate) struct CompiledProfile {
    pub(crate) id: String,
    pub(crate) cells: Cells,
}

/// The grants of a workspace, as far as they do not depend on its members.
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
    /// What the billing contact flag grants for each cell.
    pub(crate) billing_contact: Arc<[Scopes]>,
    /// For each switch what it grants every member for each cell while it is on.
    pub(crate) added: Vec<Arc<[Scopes]>>,
    /// For each resource with a ladder its position among the catalog's resources.
    pub(crate) ladders: Arc<[usize]>,
}

impl CompiledGrants {
    pub(crate) fn fixed_rows(&self) -> usize {
        fixed_rows(self.role_by_id.len(), self.added.len(), self.profile_by_id.len())
    }

    pub(crate) fn new(
        blueprint: &Arc<Blueprint>,
        workspace: &Workspace,
    ) -> Result<CompiledGrants, Vec<Mistake>> {
        let catalog = Catalog::new(blueprint, &workspace.entities)?;
        let roles = blueprint.roles.len() + workspace.roles.len();
        let fixed = fixed_rows(roles, blueprint.switches.len(), workspace.profiles.len());
        Rows { fixed, classes: 0 }.check(catalog.len()).map_err(|mistake| vec![mistake])?;
        let mut mistakes = Vec::new();
        let none = || vec![Scopes::NONE; catalog.len()].into();
        let ladders = catalog.resources().iter().enumerate();
        let mut compiled = CompiledGrants {
            switches: switches(blueprint, &workspace.switches, &mut mistakes),
            billing_contact: blueprint
                .billing_contact
                .as_ref()
                .map_or_else(none, |contact| scopes_by_cell(&contact.grants, &catalog).into()),
            added: blueprint
                .switches
                .iter()
                .map(|switch| scopes_by_cell(&switch.adds, &catalog).into())
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
        compiled.resolve_built_in_roles();
        for role in &workspace.roles {
            if compiled.role_by_id.contains_key(&role.id) {
                mistakes.push(Mistake::duplicate("role", &role.id));
            }
            mistakes.extend(compiled.put_role(role).err().unwrap_or_default());
        }
        for profile in &workspace.profiles {
            if compiled.profile_by_id.contains_key(&profile.id) {
                mistakes.push(Mistake::duplicate("profile", &profile.id));
            }
            mistakes.extend(compiled.put_profile(profile).err().unwrap_or_default());
        }
        if mistakes.is_empty() { Ok(compiled) } else { Err(mistakes) }
    }

    /// Resolves the grants of built-in roles, which depend on the switches.
    fn resolve_built_in_roles(&mut self) {
        let blueprint = Arc::clone(&self.blueprint);
        for role in &blueprint.roles {
            let on = blueprint.switches.iter().zip(&self.switches).filter(|(_, on)| **on);
            let mut replacements = on.flat_map(|(switch, _)| &switch.replaces);
            let replacement = replacements.rfind(|(key, _)| *key == role.key);
            let grants = replacement.map_or(&role.grants, |(_, grants)| grants);
            self.insert_role(CompiledRole {
                id: role.key.clone(),
                is_custom: false,
                scopes: scopes_by_cell(grants, &self.catalog).into(),
                visibility_mode: role.visibility,
                has_levels: role.has_levels,
            });
        }
    }

    /// Turns a switch on or off.
    pub(crate) fn set_switch(&mut self, key: &str, on: bool) -> Result<(), Mistake> {
        let position = self.blueprint.switches.iter().position(|switch| switch.key == key);
        let place = position.and_then(|position| self.switches.get_mut(position));
        *place.ok_or_else(|| unknown_switch(&self.blueprint, key))? = on;
        self.resolve_built_in_roles();
        Ok(())
    }

    /// Whether indirectly assigned members count as assigned.
    pub(crate) fn counts_indirect_reports(&self) -> bool {
        let mut switches = self.blueprint.switches.iter().zip(&self.switches);
        switches.any(|(switch, on)| *on && switch.counts_indirect_reports)
    }

    /// Adds or replaces a role; returns its position.
    fn insert_role(&mut self, role: CompiledRole) -> u32 {
        let next = u32::try_from(self.roles.len()).unwrap_or(u32::MAX);
        let index = *self.role_by_id.entry(role.id.clone()).or_insert(next);
        let role = Arc::new(role);
        match self.roles.get_mut(index as usize) {
            Some(place) => *place = role,
            None => self.roles.push(role),
        }
        index
    }

    /// Removes a custom role; its position is not reused.
    pub(crate) fn remove_role(&mut self, id: &str) -> Result<u32, Mistake> {
        let index =
            self.role_by_id.get(id).copied().ok_or_else(|| Mistake::unknown("role", id))?;
        if self.roles.get(index as usize).is_some_and(|role| !role.is_custom) {
            return Err(built_in(id));
        }
        self.role_by_id.remove(id);
        Ok(index)
    }

    /// Adds or replaces a profile; returns its position.
    pub(crate) fn put_profile(&mut self, profile: &Profile) -> Result<u32, Vec<Mistake>> {
        if self.blueprint.profiles.is_none() {
            let message = format!("the blueprint `{}` has no profiles", self.blueprint.id);
            return Err(vec![Mistake::unplaced(message, None)]);
        }
        let checked = profile.cells.iter().filter_map(|(resource, action, scope)| {
            let word = scope.map_or("none", crate::scope::Scope::word);
            Cells::check(self.catalog.resources(), resource, action, word).err()
        });
        let mistakes: Vec<Mistake> = checked
            .map(|error| {
                let message = format!("profile `{}`: {}", profile.id, error.message);
                Mistake::unplaced(message, error.hint)
            })
            .collect();
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let next = u32::try_from(self.profiles.len()).unwrap_or(u32::MAX);
        let index = *self.profile_by_id.entry(profile.id.clone()).or_insert(next);
        let compiled =
            Arc::new(CompiledProfile { id: profile.id.clone(), cells: profile.cells.clone() });
        match self.profiles.get_mut(index as usize) {
            Some(place) => *place = Some(compiled),
            None => self.profiles.push(Some(compiled)),
        }
        Ok(index)
    }

    /// Removes a profile; its position is not reused.
    pub(crate) fn remove_profile(&mut self, id: &str) -> Result<u32, Mistake> {
        let index =
            self.profile_by_id.remove(id).ok_or_else(|| Mistake::unknown("profile", id))?;
        if let Some(place) = self.profiles.get_mut(index as usize) {
            *place = None;
        }
        Ok(index)
    }

    /// The relations that a profile admits on a cell, through a team with a record sharing.
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

    /// Adds unowned records to the relations of a read cell, if the blueprint makes them visible.
    pub(crate) fn with_unowned(&self, cell: Cell, relations: Relations) -> Relations {
        if self.blueprint.unowned_is_visible && self.catalog.reads_records(cell) {
            Relations::UNOWNED.union(relations)
        } else {
            relations
        }
    }
}

/// The scopes that grants have for each cell.
pub(crate) fn scopes_by_cell(grants: &[Grant], catalog: &Catalog) -> Vec<Scopes> {
    let granted = |cell: Cell| {
        let resource = catalog.resource(cell)?;
        let on = grants.iter().filter(|grant| resource.is_granted(grant, catalog.action(cell)));
        Some(on.map(|grant| grant.scope).collect())
    };
    catalog.every_cell().map(|cell| granted(cell).unwrap_or_default()).collect()
}

fn switches(
    blueprint: &Blueprint,
    given: &[(String, bool)],
    mistakes: &mut Vec<Mistake>,
) -> Vec<bool> {
    let known: BTreeSet<&str> =
        blueprint.switches.iter().map(|switch| switch.key.as_str()).collect();
    let unknown = given.iter().filter(|(key, _)| !known.contains(key.as_str()));
    mistakes.extend(unknown.map(|(key, _)| unknown_switch(blueprint, key)));
    let state = |switch: &crate::blueprint::Switch| {
        given
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

fn built_in(id: &str) -> Mistake {
    let message = format!("the role `{id}` is built in and cannot be changed");
    Mistake::unplaced(message, Some("add a custom role with another id".to_owned()))
}
