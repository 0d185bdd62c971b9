//! The same workspace under another access model.

use std::collections::BTreeMap;
use std::sync::Arc;

use hallpass_engine::{Blueprint, Holders, Member, Mistakes, Resource, Workspace};

use super::Model;
use super::guard::{has_levels, is_of_person, manages};
use crate::id::MemberId;

impl Model {
    /// Puts everything in the workspace under another access model, with the record types that the
    /// workspace added. Switches that the other model does not have are left out.
    ///
    /// # Errors
    ///
    /// Everything that does not fit the other model, in sentences.
    pub fn with_blueprint(
        &self,
        blueprint: &Arc<Blueprint>,
        entities: Vec<String>,
    ) -> Result<Model, Vec<String>> {
        let mut misfits = self.missing_roles(blueprint);
        misfits.extend(self.changed_meanings(blueprint));
        if !misfits.is_empty() {
            return Err(misfits);
        }
        let model = Model::compile(blueprint, self.to_workspace(blueprint, entities)).map_err(
            |mistakes| mistakes.0.iter().map(ToString::to_string).collect::<Vec<_>>(),
        )?;
        let misfits = model.misfits();
        if misfits.is_empty() { Ok(model) } else { Err(misfits) }
    }

    /// Compiles a workspace that comes from outside, whose changes no guard has seen.
    ///
    /// # Errors
    ///
    /// Everything that does not compile, or else everything that the guards would not have let happen, in
    /// sentences.
    pub fn admit(
        blueprint: &Arc<Blueprint>,
        workspace: Workspace,
    ) -> Result<Model, Vec<String>> {
        let model = Model::compile(blueprint, workspace).map_err(|mistakes| {
            mistakes.0.iter().map(ToString::to_string).collect::<Vec<_>>()
        })?;
        let mut misfits = model.misfits();
        if model.members.contacts().nth(1).is_some() {
            misfits.push("more than one member is the billing contact".to_owned());
        }
        for (id, member) in model.managers() {
            if member.is_service {
                misfits.push(format!("members are assigned to the service account `{id}`"));
            }
        }
        if misfits.is_empty() { Ok(model) } else { Err(misfits) }
    }

    /// The members to whom others are assigned, by id.
    fn managers(&self) -> BTreeMap<MemberId, &Member> {
        let managers =
            self.members().filter_map(|member| member.manager.as_deref()?.parse().ok());
        managers.filter_map(|id| Some((id, self.member(id)?))).collect()
    }

    /// The same workspace with other record types of its own.
    ///
    /// # Errors
    ///
    /// What uses a record type that is left out.
    pub fn with_entities(&self, entities: Vec<String>) -> Result<Model, Mistakes> {
        let blueprint = self.blueprint();
        Model::compile(blueprint, self.to_workspace(blueprint, entities))
    }

    /// The keys that mean something of another kind in another access model, such as a setting instead of a
    /// record type: what was granted on the one is no grant on the other.
    pub fn changed_kinds<'m>(&'m self, blueprint: &Blueprint) -> impl Iterator<Item = &'m str> {
        let is_changed = |known: &&Resource| {
            let mut others = blueprint.resources.iter();
            others.any(|other| other.key == known.key && other.kind != known.kind)
        };
        self.policy().resources().iter().filter(is_changed).map(|known| known.key.as_str())
    }

    /// What names a key that means something of another kind in another access model.
    fn changed_meanings(&self, blueprint: &Blueprint) -> Vec<String> {
        let by = |key: &str| {
            let mut roles = self.roles.values();
            let mut profiles = self.profiles.values();
            let mut members = self.members();
            if roles.any(|role| role.grants.iter().any(|grant| grant.names(key))) {
                Some("a custom role")
            } else if profiles.any(|one| one.cells.iter().any(|(known, ..)| known == key)) {
                Some("a profile")
            } else if members.any(|member| member.levels.iter().any(|(known, _)| known == key))
            {
                Some("the levels of a member")
            } else {
                None
            }
        };
        let used = self.changed_kinds(blueprint).filter_map(|key| Some((key, by(key)?)));
        used.map(|(key, by)| {
            format!(
                "`{key}` is something of another kind in the access model, and {by} grants it: the grant would \
                 hold for that then; choose another key"
            )
        })
        .collect()
    }

    /// The built-in roles that members have and another access model does not.
    fn missing_roles(&self, blueprint: &Blueprint) -> Vec<String> {
        let mine = self.blueprint().roles.iter();
        let missing = mine.filter(|role| blueprint.role(&role.key).is_none());
        let held = missing.map(|role| (role, self.count_holders(&role.key)));
        held.filter(|(_, members)| *members > 0)
            .map(|(role, members)| {
                format!(
                    "the access model has no role `{}`, and members have the role {} ({members}); \
                     give them another role first",
                    role.key, role.name
                )
            })
            .collect()
    }

    /// Everything in the workspace, with the switches that an access model has.
    pub(crate) fn to_workspace(
        &self,
        blueprint: &Blueprint,
        entities: Vec<String>,
    ) -> Workspace {
        let has_switch = |key: &str| blueprint.switches.iter().any(|known| known.key == key);
        let switches = self.switches.iter().filter(|(key, _)| has_switch(key));
        Workspace {
            switches: switches.map(|(key, on)| (key.clone(), *on)).collect(),
            entities,
            roles: self.roles.values().map(|role| (**role).clone()).collect(),
            profiles: self.profiles.values().map(|one| (**one).clone()).collect(),
            teams: self.teams.values().map(|team| (**team).clone()).collect(),
            departments: self.departments.values().cloned().collect(),
            members: self.members().cloned().collect(),
        }
    }

    /// What the guards would not have let happen in this access model.
    fn misfits(&self) -> Vec<String> {
        let mut found = Vec::new();
        let blueprint = self.blueprint();
        if let Some(top) = blueprint.top_role() {
            if self.count_active_holders(&top.key) == 0 {
                found.push(format!("no active member has the role {}", top.name));
            }
            let holders = self.count_holders(&top.key);
            if top.holders == Holders::One && holders > 1 {
                found.push(format!(
                    "the role {} has exactly one holder, and {holders} members have it",
                    top.name
                ));
            }
        }
        let leveled = self.members().filter(|member| !member.levels.is_empty());
        let misplaced = leveled.filter(|member| !has_levels(blueprint, &member.role)).count();
        if misplaced > 0 {
            found.push(format!("members have levels, and their role has none ({misplaced})"));
        }
        let services =
            self.services().filter(|(_, member)| is_of_person(blueprint, &member.role));
        let services = services.count();
        if services > 0 {
            found.push(format!(
                "service accounts have a role that only a person can have ({services})"
            ));
        }
        let managers = self
            .members()
            .filter_map(|member| self.member(member.manager.as_deref()?.parse().ok()?));
        if managers.into_iter().any(|manager| !manages(blueprint, &manager.role)) {
            found.push("members are assigned to one whose role does not manage".to_owned());
        }
        found
    }
}
