//! Presets: which of them a role is offered, and which name a member's levels go by.
//!
//! **Invariant:** a preset whose levels only let members read is offered to and shown for those whose
//! other grants only let them read too, so that its name is true.

use hallpass_engine::{Preset, Resource};

use super::Model;
use super::guard::has_levels;
use crate::id::TeamId;
use crate::member::MemberAccess;

impl Model {
    /// Whether a preset can be given to a holder of a role.
    #[must_use]
    pub fn is_offered(&self, preset: &Preset, role: &str) -> bool {
        has_levels(self.blueprint(), role)
            && (!self.blueprint().only_reads(preset) || self.role_only_reads(role))
    }

    /// The roles to which a preset can be given, built-in ones by key, custom ones by id.
    pub fn roles_offered(&self, preset: &Preset) -> impl Iterator<Item = &str> {
        let built_in = self.blueprint().roles.iter().map(|role| role.key.as_str());
        let all = built_in.chain(self.roles.values().map(|role| role.id.as_str()));
        all.filter(move |role| self.is_offered(preset, role))
    }

    /// The preset by whose name the access of a member goes, apart from the billing contact's flag.
    #[must_use]
    pub fn preset_of(&self, access: &MemberAccess) -> Option<&Preset> {
        let named = self.blueprint().preset_of(&access.levels);
        let named = named.filter(|_| !access.levels.is_empty());
        named.filter(|preset| !self.blueprint().only_reads(preset) || self.only_reads(access))
    }

    /// Whether what a member has beside levels lets them read and no more.
    fn only_reads(&self, access: &MemberAccess) -> bool {
        let profile =
            |team: &TeamId| self.profile(self.team(*team)?.profile.as_ref()?.parse().ok()?);
        let mut profiles = access.teams.iter().filter_map(profile);
        let mut switches =
            self.blueprint().switches.iter().filter(|switch| self.is_on(&switch.key));
        let resources = self.policy().resources();
        let writes = |resource: &Resource, grants: &dyn Fn(&str) -> bool| {
            let mut actions = resource.actions.iter().enumerate();
            actions.any(|(at, action)| resource.read != Some(at) && grants(&action.key))
        };
        let profile_writes = |profile: &hallpass_engine::Profile| {
            resources.iter().any(|resource| {
                writes(resource, &|action| profile.cells.grants(resource, action).is_some())
            })
        };
        let switch_writes = |switch: &hallpass_engine::Switch| {
            resources.iter().any(|resource| {
                writes(resource, &|action| {
                    switch.adds.iter().any(|grant| resource.is_granted(grant, action))
                })
            })
        };
        self.role_only_reads(&access.role)
            && !profiles.any(profile_writes)
            && !switches.any(switch_writes)
    }

    fn role_only_reads(&self, role: &str) -> bool {
        let resources = self.policy().resources();
        self.policy().granted_by_role(role).iter().all(|(resource, action, _)| {
            let known = resources.iter().find(|known| known.key == *resource);
            known.is_some_and(|known| known.key_of(known.read) == Some(*action))
        })
    }
}
