//! The same workspace under another access model.

use std::collections::BTreeMap;
use std::sync::Arc;

use hallpass_engine::{Blueprint, Holders, Member, Mistakes, Resource, Workspace};

use super::Model;
use super::guard::{has_levels, is_of_person, manages};
use crate::id::MemberId;
use crate::misfit::{GrantedBy, Misfit};

mod unfit;

impl Model {
    /// Puts everything in the workspace under another access model, with the record types that the
    /// workspace added. Switches that the other model does not have are left out.
    ///
    /// # Errors
    ///
    /// Everything that does not fit the other model.
    pub fn with_blueprint(
        &self,
        blueprint: &Arc<Blueprint>,
        entities: Vec<String>,
    ) -> Result<Model, Vec<Misfit>> {
        let mut misfits = self.missing_roles(blueprint);
        misfits.extend(self.changed_meanings(blueprint));
        if !misfits.is_empty() {
            return Err(misfits);
        }
        let workspace = self.to_workspace(blueprint, entities);
        let model = Model::compile(blueprint, workspace.clone()).map_err(|mistakes| {
            let parts = unfit::parts(blueprint, &workspace).unwrap_or_default();
            let mistakes = mistakes.0.iter().map(ToString::to_string).collect();
            vec![Misfit::Unfit { parts, mistakes }]
        })?;
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
            misfits.push(Misfit::ManyContacts);
        }
        for (id, member) in model.managers() {
            if member.is_service {
                misfits.push(Misfit::ServiceManager { id: id.to_string() });
            }
        }
        if misfits.is_empty() {
            return Ok(model);
        }
        Err(misfits.iter().flat_map(Misfit::sentences).collect())
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
    fn changed_meanings(&self, blueprint: &Blueprint) -> Vec<Misfit> {
        let by = |key: &str| {
            let mut roles = self.roles.values();
            let mut profiles = self.profiles.values();
            let mut members = self.members();
            if roles.any(|role| role.grants.iter().any(|grant| grant.names(key))) {
                Some(GrantedBy::Role)
            } else if profiles.any(|one| one.cells.iter().any(|(known, ..)| known == key)) {
                Some(GrantedBy::Profile)
            } else if members.any(|member| member.levels.iter().any(|(known, _)| known == key))
            {
                Some(GrantedBy::Levels)
            } else {
                None
            }
        };
        let used = self.changed_kinds(blueprint).filter_map(|key| Some((key, by(key)?)));
        used.map(|(key, by)| Misfit::ChangedMeaning { resource: key.to_owned(), by }).collect()
    }

    /// The built-in roles that members have and another access model does not.
    fn missing_roles(&self, blueprint: &Blueprint) -> Vec<Misfit> {
        let mine = self.blueprint().roles.iter();
        let missing = mine.filter(|role| blueprint.role(&role.key).is_none());
        let held = missing.map(|role| (role, self.count_holders(&role.key)));
        held.filter(|(_, members)| *members > 0)
            .map(|(role, members)| Misfit::MissingRole {
                key: role.key.clone(),
                name: role.name.clone(),
                members,
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
    fn misfits(&self) -> Vec<Misfit> {
        let mut found = Vec::new();
        let blueprint = self.blueprint();
        if let Some(top) = blueprint.top_role() {
            let role = top.name.clone();
            if self.count_active_holders(&top.key) == 0 {
                found.push(Misfit::NoTopHolder { role: role.clone() });
            }
            let members = self.count_holders(&top.key);
            if top.holders == Holders::One && members > 1 {
                found.push(Misfit::OneHolder { role, members });
            }
        }
        let leveled = self.members().filter(|member| !member.levels.is_empty());
        let members = leveled.filter(|member| !has_levels(blueprint, &member.role)).count();
        if members > 0 {
            found.push(Misfit::LevelsOfRole { members });
        }
        let services =
            self.services().filter(|(_, member)| is_of_person(blueprint, &member.role));
        let services = services.count();
        if services > 0 {
            found.push(Misfit::PersonOnly { services });
        }
        let managers = self
            .members()
            .filter_map(|member| self.member(member.manager.as_deref()?.parse().ok()?));
        if managers.into_iter().any(|manager| !manages(blueprint, &manager.role)) {
            found.push(Misfit::NotManaging);
        }
        found
    }
}
