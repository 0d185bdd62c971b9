//! Notes: what a blueprint may say, and what makes no sense all the same.

use std::collections::BTreeSet;

use crate::blueprint::{Action, Blueprint, CUSTOM, Holders, ProfileTemplate, Resource, Role};
use crate::grant::{Grant, ResourceKind};
use crate::scope::{Scope, Scopes};

impl Blueprint {
    /// Lists what is allowed but senseless: areas that nothing opens, actions that nothing checks, roles that no member can assign,
    /// grants that reading bounds to nothing, and parts that no member can use.
    ///
    /// ```
    /// use hallpass_engine::Blueprint;
    /// let notes = Blueprint::parse(hallpass_engine::doc::SMALL)?.notes();
    /// assert!(notes.iter().any(|note| note.starts_with("nothing covers the area `teams`")));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.uncovered();
        notes.extend(self.resources.iter().flat_map(of_resource));
        notes.extend(self.custom_entities.iter().flat_map(|rules| {
            let parts = [("creates", rules.parts.create), ("updates", rules.parts.update)];
            missing_parts("custom_entities", parts)
        }));
        let held = self.obtainable();
        notes.extend(self.roles.iter().flat_map(|role| self.of_role(role, &held)));
        if self.custom_roles.is_some() && !held.contains(CUSTOM) {
            notes.push(
                "no member can assign a custom role: see `custom_roles.given_by`".to_owned(),
            );
        }
        notes.extend(self.of_custom_roles());
        notes.extend(self.of_levels());
        notes.extend(self.of_profiles());
        notes
    }

    /// Areas without which a declared part of the blueprint cannot be used.
    fn uncovered(&self) -> Vec<String> {
        let needed = [
            ("members", true, "no member can invite, change or remove people"),
            ("roles", self.custom_roles.is_some(), "no member can create a custom role"),
            ("profiles", self.profiles.is_some(), "no member can edit a profile"),
            ("teams", self.teams.is_some(), "no member can create a team"),
            ("departments", self.departments.is_some(), "no member can create a department"),
            ("schema", self.custom_entities.is_some(), "no member can add a record type"),
        ];
        let uncovered = needed.iter().filter(|(area, is_used, _)| {
            let is_covered = self
                .resources
                .iter()
                .any(|one| one.covers.iter().any(|cover| cover.area == *area));
            *is_used && !is_covered
        });
        uncovered
            .map(|(area, _, why)| format!("nothing covers the area `{area}`: {why}"))
            .collect()
    }

    fn of_role(&self, role: &Role, held: &BTreeSet<&str>) -> Vec<String> {
        let mut notes = Vec::new();
        if !held.contains(role.key.as_str()) {
            let key = &role.key;
            notes.push(format!("no member can assign the role `{key}`: see `given_by`"));
        }
        let has_more = self.teams.is_some() && self.profiles.is_some();
        for resource in self.resources.iter().filter(|_| !has_more) {
            let adds = role.has_levels && !resource.ladder.is_empty();
            for action in self.unreadable(resource, &role.grants).into_iter().filter(|_| !adds)
            {
                notes.push(format!(
                    "the role `{}` grants `{action}` of `{}` and reads none of these records, so it \
                     reaches none",
                    role.key, resource.key
                ));
            }
        }
        notes
    }

    /// The roles that members can get: the top role, which a workspace starts with, those that are
    /// transferred, and those that a member with such a role can assign.
    fn obtainable(&self) -> BTreeSet<&str> {
        let first =
            self.roles.iter().filter(|role| role.is_top || role.holders == Holders::One);
        let mut held: BTreeSet<&str> = first.map(|role| role.key.as_str()).collect();
        let built_in = self.roles.iter().map(|role| (role.key.as_str(), &role.given_by));
        let custom = self.custom_roles.iter().map(|rules| (CUSTOM, &rules.given_by));
        let all: Vec<(&str, &Vec<String>)> = built_in.chain(custom).collect();
        // Each round adds a role, or is the last.
        for _ in 0..=all.len() {
            let given = all.iter().filter(|(_, given_by)| {
                given_by.iter().any(|by| held.contains(by.as_str()) && self.assigns(by))
            });
            let given: Vec<&str> = given.map(|(key, _)| *key).collect();
            held.extend(given);
        }
        held
    }

    /// Whether holders of a role can invite or change members; custom roles may grant it.
    fn assigns(&self, key: &str) -> bool {
        let opens = |role: &Role| {
            ["create", "update"].iter().any(|verb| self.opens(&role.grants, "members", verb))
        };
        self.role(key).map_or(key == CUSTOM, opens)
    }

    /// The actions that grants give on a resource without letting any of the same records be read.
    fn unreadable<'r>(&self, resource: &'r Resource, grants: &[Grant]) -> Vec<&'r str> {
        let Some(read) = resource.key_of(resource.read).filter(|_| resource.scoped) else {
            return Vec::new();
        };
        let mut readable = granted_scopes(resource, grants, read);
        if self.unowned_is_visible && !readable.is_empty() {
            readable.insert(Scope::Unowned);
        }
        let actions = resource.actions.iter().enumerate();
        let lost = actions.filter(|(at, action)| {
            let granted = granted_scopes(resource, grants, &action.key);
            resource.is_bounded(*at) && !granted.is_empty() && !may_overlap(granted, readable)
        });
        lost.map(|(_, action): (usize, &Action)| action.key.as_str()).collect()
    }

    /// Whether grants open an area for a verb.
    fn opens(&self, grants: &[Grant], area: &str, verb: &str) -> bool {
        let Some((resource, action)) = self.area(area, verb) else { return false };
        let resource = self.resource(resource);
        resource.is_some_and(|known| grants.iter().any(|one| known.is_granted(one, action)))
    }

    fn of_custom_roles(&self) -> Vec<String> {
        let Some(rules) = &self.custom_roles else { return Vec::new() };
        let mut notes = Vec::new();
        let is_named = |keys: &Option<Vec<String>>, key: &str| {
            keys.as_ref().is_none_or(|keys| keys.iter().any(|known| known == key))
        };
        let scoped = self.resources.iter().filter(|known| known.scoped);
        for resource in scoped.filter(|known| is_named(&rules.resources, &known.key)) {
            let read = resource.key_of(resource.read).unwrap_or_default();
            let grants_more =
                resource.actions.iter().any(|one| is_named(&rules.actions, &one.key));
            if grants_more && !is_named(&rules.actions, read) && self.profiles.is_none() {
                notes.push(format!(
                    "a custom role cannot grant `{read}` of `{}`, so it reaches no records",
                    resource.key
                ));
            }
        }
        notes
    }

    /// Ladders and presets, which count only for roles with levels.
    fn of_levels(&self) -> Vec<String> {
        let has_levels = self.roles.iter().any(|role| role.has_levels)
            || self.custom_roles.as_ref().is_some_and(|rules| rules.has_levels);
        let mut notes = Vec::new();
        for resource in self.resources.iter().filter(|known| !known.ladder.is_empty()) {
            if !has_levels {
                notes.push(format!(
                    "no member can use the ladder of `{}`: no role has `levels = true`",
                    resource.key
                ));
            }
            notes.extend(blind_levels(resource));
        }
        for preset in self.presets.iter().filter(|_| !has_levels) {
            notes.push(format!(
                "no member can use the preset `{}`: no role has `levels = true`",
                preset.key
            ));
        }
        for preset in self.presets.iter().filter(|preset| preset.levels.is_empty()) {
            notes.push(format!("the preset `{}` gives no level", preset.key));
        }
        notes
    }

    /// Profiles, which reach members through teams.
    fn of_profiles(&self) -> Vec<String> {
        let Some(profiles) = &self.profiles else { return Vec::new() };
        let mut notes = Vec::new();
        if self.teams.is_none() {
            notes.push("no member can use a profile: there is no table `[teams]`".to_owned());
        }
        for template in &profiles.templates {
            let key = &template.key;
            if self.teams.is_some() && !self.can_be_carried(template) {
                notes.push(format!(
                    "no member can give a team the profile `{key}`: no role that manages teams holds \
                     what it grants"
                ));
            }
            for resource in &self.resources {
                let is_blind =
                    is_blind(resource, |action| template.cells.grants(resource, action));
                if is_blind && !self.is_read_by_role(resource) {
                    notes.push(format!(
                        "the profile `{key}` grants actions on `{}` and reads none of these records",
                        resource.key
                    ));
                }
            }
        }
        notes
    }

    /// Whether members may read a resource by a role below the top.
    fn is_read_by_role(&self, resource: &Resource) -> bool {
        let Some(read) = resource.key_of(resource.read) else { return true };
        let mut below = self.roles.iter().filter(|role| !role.is_top);
        self.custom_roles.is_some()
            || below.any(|role| !granted_scopes(resource, &role.grants, read).is_empty())
    }

    /// Whether holders of a role can give a team a profile: they manage teams, and hold all it grants.
    fn can_be_carried(&self, template: &ProfileTemplate) -> bool {
        let custom = self.custom_roles.as_ref().is_some_and(|rules| {
            rules.resources.is_none()
                && rules.actions.is_none()
                && rules.scopes.contains(&Scope::All)
        });
        let holds = |role: &Role| {
            let cells = self.resources.iter().flat_map(|resource| {
                resource.actions.iter().map(move |action| (resource, action.key.as_str()))
            });
            let granted = cells.filter_map(|(resource, action)| {
                Some((resource, action, template.cells.grants(resource, action)?))
            });
            let mut excess = granted.filter(|(resource, action, scope)| {
                let held = granted_scopes(resource, &role.grants, action);
                !held.contains(Scope::All) && !held.contains(*scope)
            });
            excess.next().is_none()
        };
        let manages = |role: &&Role| {
            ["create", "update"].iter().any(|verb| self.opens(&role.grants, "teams", verb))
        };
        custom || self.roles.iter().filter(manages).any(holds)
    }
}

/// Actions that grant nothing in the server, and are not marked so.
fn unchecked_actions(resource: &Resource) -> Vec<String> {
    let actions = resource.actions.iter().enumerate();
    let unchecked = actions.filter(|(at, one)| !resource.is_checked(*at) && !one.is_own_app);
    let note = |(_, action): (usize, &Action)| {
        format!(
            "the server never checks `{}` of `{}`: name it in `own_app` if an application of yours \
             does",
            action.key, resource.key
        )
    };
    unchecked.map(note).collect()
}

/// What a resource lacks.
fn of_resource(resource: &Resource) -> Vec<String> {
    if resource.kind != ResourceKind::Records {
        return unchecked_actions(resource);
    }
    let path = format!("records.{}", resource.key);
    let mut notes =
        missing_parts(&path, [("creates", resource.create), ("updates", resource.update)]);
    let start = resource.stages.first();
    if let Some((stage, by)) = start.and_then(|stage| Some((stage, resource.key_of(stage.by)?)))
    {
        notes.push(format!(
            "`{path}` starts in the stage `{}`, so creating a record takes `{by}` too",
            stage.key
        ));
    }
    notes
}

fn missing_parts(path: &str, parts: [(&str, Option<usize>); 2]) -> Vec<String> {
    let missing = parts.iter().filter(|(_, action)| action.is_none());
    let note = |(verb, _): &(&str, Option<usize>)| {
        let part = verb.trim_end_matches('s');
        format!(
            "`{path}` has no action that {verb} a record, so no member can; name one: \
             `{part} = \"…\"`"
        )
    };
    missing.map(note).collect()
}

fn granted_scopes(resource: &Resource, grants: &[Grant], action: &str) -> Scopes {
    let on = grants.iter().filter(|grant| resource.is_granted(grant, action));
    on.map(|grant| grant.scope).collect()
}

/// Whether some record can be in both: unowned records are in `unowned` and `all` only.
fn may_overlap(granted: Scopes, readable: Scopes) -> bool {
    let unowned = Scopes::from(Scope::Unowned);
    let with_unowned =
        |scopes: Scopes| scopes.contains(Scope::All) || scopes.contains(Scope::Unowned);
    let with_owners = |scopes: Scopes| !scopes.is_empty() && scopes != unowned;
    (with_unowned(granted) && with_unowned(readable))
        || (with_owners(granted) && with_owners(readable))
}

/// Levels of a ladder that give actions on records which neither they nor lower ones let be read.
fn blind_levels(resource: &Resource) -> Vec<String> {
    let mut reads = false;
    let mut notes = Vec::new();
    for level in &resource.ladder {
        reads |= resource.read.is_some_and(|read| level.actions.contains(&read));
        let writes = level.actions.iter().any(|action| resource.is_bounded(*action));
        if writes && !reads {
            notes.push(format!(
                "the level `{}` of `{}` does not include reading, so it reaches no records",
                level.key, resource.key
            ));
        }
    }
    notes
}

/// Whether a profile grants bounded actions on a resource, and not the one that reads.
fn is_blind(resource: &Resource, scope: impl Fn(&str) -> Option<Scope>) -> bool {
    let Some(read) = resource.key_of(resource.read) else { return false };
    let actions = resource.actions.iter().enumerate();
    let mut bounded = actions.filter(|(at, _)| resource.is_bounded(*at));
    scope(read).is_none() && bounded.any(|(_, action)| scope(&action.key).is_some())
}
