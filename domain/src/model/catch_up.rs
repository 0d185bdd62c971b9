//! Catching up: the model after changes that were made elsewhere, from what they have left behind.

use std::collections::BTreeMap;

use hallpass_engine::{Change, CustomRole, Department, Member, Mistakes, Profile, Team};

use super::Model;
use crate::id::{MemberId, ProfileId, RoleId, TeamId};

/// What a workspace is now, as far as it may have changed. What is gone has no value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Latest {
    /// All switches that were set.
    pub switches: Vec<(String, bool)>,
    /// Profiles.
    pub profiles: BTreeMap<ProfileId, Option<Profile>>,
    /// Custom roles.
    pub roles: BTreeMap<RoleId, Option<CustomRole>>,
    /// Teams.
    pub teams: BTreeMap<TeamId, Option<Team>>,
    /// All departments, if one of them has changed.
    pub departments: Option<Vec<Department>>,
    /// Members. Those who were assigned to one that is gone have changed, too.
    pub members: BTreeMap<MemberId, Option<Member>>,
}

impl Model {
    /// The model after changes that guards have allowed elsewhere: what a compilation of the present makes.
    ///
    /// # Errors
    ///
    /// `Fields` where a step between the two is not possible, so that only a compilation leads there.
    pub fn caught_up(&self, present: &Latest) -> Result<Model, Mistakes> {
        let mut changes = Vec::new();
        changes.extend(self.switched(&present.switches));
        // What others refer to comes before them, and goes after them.
        changes.extend(present.profiles.values().flatten().cloned().map(Change::PutProfile));
        changes.extend(present.roles.values().flatten().cloned().map(Change::PutRole));
        changes.extend(present.teams.values().flatten().cloned().map(Change::PutTeam));
        changes.extend(present.departments.as_ref().map(|all| self.both(all)));
        changes.extend(self.moved(&present.members));
        changes.extend(present.departments.clone().map(Change::SetDepartments));
        let gone = present
            .teams
            .iter()
            .filter(|(id, team)| team.is_none() && self.teams.contains_key(*id));
        changes.extend(gone.map(|(id, _)| Change::RemoveTeam(id.to_string())));
        let gone = present
            .roles
            .iter()
            .filter(|(id, role)| role.is_none() && self.roles.contains_key(*id));
        changes.extend(gone.map(|(id, _)| Change::RemoveRole(id.to_string())));
        let gone = present
            .profiles
            .iter()
            .filter(|(id, profile)| profile.is_none() && self.profiles.contains_key(*id));
        changes.extend(gone.map(|(id, _)| Change::RemoveProfile(id.to_string())));
        let mut after = self.record_all(&changes)?;
        // One that is as it starts may have been set to that.
        after.switches = present.switches.iter().cloned().collect();
        Ok(after)
    }

    /// The switches that are as they were not before. One without a value is as it starts.
    fn switched(&self, present: &[(String, bool)]) -> Vec<Change> {
        let is_present = |key: &str| present.iter().any(|(known, _)| known == key);
        let known = &self.blueprint().switches;
        let starting = known.iter().filter(|switch| !is_present(&switch.key));
        let all = present.iter().cloned();
        all.chain(starting.map(|switch| (switch.key.clone(), switch.starts_on)))
            .filter(|(key, on)| self.is_on(key) != *on)
            .map(|(key, on)| Change::SetSwitch(key, on))
            .collect()
    }

    /// The departments that there are, with those that there were.
    fn both(&self, present: &[Department]) -> Change {
        let mut both = present.to_vec();
        let was = self.departments.values();
        both.extend(was.filter(|was| present.iter().all(|is| is.id != was.id)).cloned());
        Change::SetDepartments(both)
    }

    /// The changes of members. Who is new or has another manager first has none, so that no one is assigned to a member
    /// who comes later, or in a circle.
    fn moved(&self, present: &BTreeMap<MemberId, Option<Member>>) -> Vec<Change> {
        let (mut apart, mut put, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for (id, member) in present {
            let was = self.member(*id);
            let manager = was.and_then(|was| was.manager.as_ref());
            match member {
                Some(is) if was.is_some() && is.manager.as_ref() == manager => {
                    put.push(Change::PutMember(is.clone()));
                }
                Some(is) => {
                    apart.push(Change::PutMember(Member { manager: None, ..is.clone() }));
                    if is.manager.is_some() {
                        put.push(Change::PutMember(is.clone()));
                    }
                }
                None => {
                    let unassigned = was.map(|was| Member { manager: None, ..was.clone() });
                    apart.extend(unassigned.map(Change::PutMember));
                    gone.extend(was.map(|was| Change::RemoveMember(was.id.clone())));
                }
            }
        }
        apart.append(&mut put);
        apart.append(&mut gone);
        apart
    }

    fn record_all(&self, changes: &[Change]) -> Result<Model, Mistakes> {
        let mut after = self.clone();
        after.policy = after.policy.apply(changes)?;
        for change in changes {
            after.record(change).map_err(|mistake| Mistakes(vec![mistake]))?;
        }
        Ok(after)
    }
}
