//! Random requests: access, grants, profiles, teams, departments.

use hallpass_app::department::DepartmentChange;
use hallpass_app::naming::{DepartmentRef, ProfileRef};
use hallpass_app::profile::ProfileChange;
use hallpass_app::role::RoleChange;
use hallpass_app::team::TeamChange;
use hallpass_domain::member::MemberAccessChange;
use hallpass_engine::{Resource, Scope, Sharing, Visibility};
use serde_json::{Map, Value, json};

use super::view::View;
use hallpass_testkit::Rng;

/// The areas that open changes of people and their rights.
const AREAS: [&str; 6] = ["members", "roles", "profiles", "teams", "departments", "security"];

/// Makes random requests about what exists.
pub(crate) struct Wish<'w> {
    pub(crate) view: &'w View,
    pub(crate) rng: &'w mut Rng,
    /// Makes names unique.
    pub(crate) serial: usize,
}

impl Wish<'_> {
    fn resources(&self) -> Vec<Resource> {
        self.view.model.policy().resources().to_vec()
    }

    /// Returns a role, mostly one that exists.
    pub(crate) fn role(&mut self) -> String {
        let blueprint = self.view.model.blueprint();
        let is_wanted = self.rng.percent(20);
        let wanted = blueprint.roles.iter().filter(|role| is_wanted || !role.is_top);
        let built_in: Vec<String> = wanted.map(|role| role.key.clone()).collect();
        let custom: Vec<String> = self.view.roles.iter().map(ToString::to_string).collect();
        if !custom.is_empty() && self.rng.percent(60) {
            return self.rng.one(&custom).unwrap();
        }
        if self.rng.percent(2) {
            "nothing".to_owned()
        } else {
            self.rng.one(&built_in).unwrap()
        }
    }

    fn level(&mut self) -> Option<(String, String)> {
        let resources = self.resources();
        let with: Vec<&Resource> =
            resources.iter().filter(|one| !one.ladder.is_empty()).collect();
        let resource = self.rng.one(&with)?;
        let rung = self.rng.one(&resource.ladder)?;
        Some((resource.key.clone(), rung.key))
    }

    pub(crate) fn levels(&mut self) -> Vec<(String, String)> {
        let mut levels: Vec<(String, String)> = Vec::new();
        for _ in 0..=self.rng.below(4) {
            let Some(level) = self.level() else { continue };
            if !levels.iter().any(|known| known.0 == level.0) {
                levels.push(level);
            }
        }
        levels
    }

    /// A change of a seat: one thing, sometimes several.
    pub(crate) fn access(&mut self) -> MemberAccessChange {
        let mut change = MemberAccessChange::default();
        for _ in 0..=self.rng.below(2) {
            self.add_to_seat(&mut change);
        }
        change
    }

    fn add_to_seat(&mut self, change: &mut MemberAccessChange) {
        let blueprint = self.view.model.blueprint();
        let presets: Vec<String> =
            blueprint.presets.iter().map(|preset| preset.key.clone()).collect();
        let has_levels = self.resources().iter().any(|one| !one.ladder.is_empty());
        let managers: Vec<_> = self.view.members.iter().map(|member| member.id).collect();
        match self.rng.below(8) {
            0 | 1 => change.role = Some(self.role()),
            2 if has_levels => change.levels = Some(self.levels()),
            3 if !presets.is_empty() && change.levels.is_none() => {
                change.preset = self.rng.one(&presets);
            }
            4 if blueprint.visibility.is_some() => {
                change.visibility = self.rng.one(&Visibility::EVERY);
            }
            5 if blueprint.departments.is_some() => {
                let some = self.rng.one(&self.view.departments);
                change.department = Some(some.filter(|_| self.rng.percent(80)));
            }
            6 if blueprint.has_managers => {
                let some = self.rng.one(&managers);
                change.manager = Some(some.filter(|_| self.rng.percent(80)));
            }
            7 if blueprint.teams.is_some() => {
                change.teams = Some(self.rng.some(&self.view.teams, 50));
            }
            _ => {
                let is_contact = self.rng.percent(80);
                let has_contact = blueprint.billing_contact.is_some();
                change.billing_contact = has_contact.then_some(is_contact);
            }
        }
    }

    /// A permission string on any action; those that open people and rights are asked for often.
    fn grant(&mut self) -> String {
        let blueprint = self.view.model.blueprint();
        let rules = blueprint.custom_roles.as_ref();
        let within = rules.and_then(|rules| rules.resources.clone());
        let within = within.filter(|_| self.rng.percent(95));
        let actions = rules.and_then(|rules| rules.actions.clone());
        let resources = self.resources();
        if let Some(resource) = within.and_then(|within| self.rng.one(&within)) {
            let action = self.rng.one(&actions.unwrap_or_default()).unwrap();
            let scope = self.rng.one(&["own", "all"]).unwrap();
            return format!("{resource}:read,{action}:{scope}");
        }
        let area = self.rng.one(&AREAS).unwrap();
        let covered = blueprint.area(area, "update").map(|(resource, _)| resource.to_owned());
        if let Some(resource) = covered.filter(|_| self.rng.percent(50)) {
            return format!("{resource}:*:all");
        }
        let resource = self.rng.one(&resources).unwrap();
        let action = self.rng.one(&resource.actions).unwrap();
        let scopes = rules.map_or_else(Vec::new, |rules| rules.scopes.clone());
        let scope = self.rng.one(&scopes).filter(|_| resource.scoped);
        let both = format!("{},{}", resource.actions[0].key, action.key);
        let action = if self.rng.percent(50) { both } else { action.key };
        format!("{}:{action}:{}", resource.key, scope.unwrap_or(Scope::All))
    }

    pub(crate) fn role_change(&mut self, is_new: bool) -> RoleChange {
        let name = format!("Role {}", self.serial);
        let grants = (0..=self.rng.below(5)).map(|_| self.grant()).collect();
        RoleChange {
            name: (is_new || self.rng.percent(20)).then_some(name),
            grants: Some(grants),
            ..RoleChange::default()
        }
    }

    pub(crate) fn profile_change(&mut self, is_new: bool) -> ProfileChange {
        let name = format!("Profile {}", self.serial);
        let mut grants: Map<String, Value> = Map::new();
        for resource in self.resources().iter().filter(|one| one.scoped) {
            if self.rng.percent(50) {
                continue;
            }
            let mut row = Map::new();
            for action in &resource.actions {
                let scope = self.rng.one(&["none", "own", "team", "all"]).unwrap();
                row.insert(action.key.clone(), json!(scope));
            }
            grants.insert(resource.key.clone(), Value::Object(row));
        }
        ProfileChange {
            name: (is_new || self.rng.percent(20)).then_some(name),
            grants: Some(grants),
            ..ProfileChange::default()
        }
    }

    pub(crate) fn team_change(&mut self, is_new: bool) -> TeamChange {
        let name = format!("Team {}", self.serial);
        let profile = self.rng.one(&self.view.profiles).map(ProfileRef::from);
        TeamChange {
            name: (is_new || self.rng.percent(20)).then_some(name),
            profile: self.rng.percent(70).then_some(profile),
            sharing: self.rng.one(&Sharing::EVERY).filter(|_| self.rng.percent(50)),
            ..TeamChange::default()
        }
    }

    pub(crate) fn department_change(&mut self, is_new: bool) -> DepartmentChange {
        let name = format!("Department {}", self.serial);
        let parent = self.rng.one(&self.view.departments).map(DepartmentRef::from);
        DepartmentChange {
            name: (is_new || self.rng.percent(20)).then_some(name),
            parent: self.rng.percent(70).then_some(parent),
            manager: None,
        }
    }
}
