//! The model of a workspace: its access as data and as compiled, and every change of it.
//!
//! **Invariant:** a model with an active holder of the top role still has one after a change. The
//! guards that ensure this, and every other rule about changes, run for each change on every path.

use std::sync::Arc;

use hallpass_engine::{
    Blueprint, Boundary, Change, CustomRole, Department, Member, MemberIndex, Mistake,
    Mistakes, Policy, Profile, Team, Workspace,
};
use imbl::OrdMap;

use crate::id::{DepartmentId, MemberId, ProfileId, RoleId, TeamId};

pub mod catch_up;
mod change;
pub mod comparison;
pub mod guard;
mod members;
mod preset;
mod replacement;

use members::Members;

/// The memory of a member with its places in the indexes, in bytes.
const MEMBER: usize = 500;

/// The memory of an entry with an id and a name, in bytes.
const ENTRY: usize = 300;

/// The memory of a grant, in bytes.
const GRANT: usize = 100;

/// Everything in a workspace that access depends on. Immutable: a change makes another one, and
/// both share what did not change.
#[derive(Clone, Debug)]
pub struct Model {
    policy: Policy,
    members: Members,
    roles: OrdMap<RoleId, Arc<CustomRole>>,
    profiles: OrdMap<ProfileId, Arc<Profile>>,
    teams: OrdMap<TeamId, Arc<Team>>,
    departments: OrdMap<DepartmentId, Department>,
    switches: OrdMap<String, bool>,
}

/// On whose behalf a change is made, and whether their rights limit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grantor {
    /// A member: rank rules and the grant ceiling apply.
    Member(MemberId),
    /// The operator at the command line, whom no role limits.
    Operator,
}

/// What kind of change it is, as far as guards distinguish kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// An edit: of a member, role, profile, team, department or switch.
    Edit,
    /// An invitation is accepted; the grantor is the member who invited.
    Join,
    /// A member is removed by another.
    Remove,
    /// A member leaves.
    Leave,
    /// An account is deleted, and its memberships with it.
    DeleteAccount,
    /// The top role is transferred.
    TransferOwnership,
    /// The billing contact is transferred.
    TransferBilling,
    /// A deleted workspace is restored: members whose accounts were deleted since are removed, and
    /// an account may receive the top role.
    Restore,
}

impl Model {
    /// Compiles a workspace.
    ///
    /// # Errors
    ///
    /// Every mistake in it, as [`Policy::compile`] reports them, or every id that is not of its noun.
    pub fn compile(
        blueprint: &Arc<Blueprint>,
        workspace: Workspace,
    ) -> Result<Model, Mistakes> {
        let policy = Policy::compile(blueprint, &workspace)?;
        let mut model = Model {
            policy,
            members: Members::default(),
            roles: OrdMap::new(),
            profiles: OrdMap::new(),
            teams: OrdMap::new(),
            departments: OrdMap::new(),
            switches: workspace.switches.into_iter().collect(),
        };
        let changes = workspace
            .roles
            .into_iter()
            .map(Change::PutRole)
            .chain(workspace.profiles.into_iter().map(Change::PutProfile))
            .chain(workspace.teams.into_iter().map(Change::PutTeam))
            .chain([Change::SetDepartments(workspace.departments)])
            .chain(workspace.members.into_iter().map(Change::PutMember));
        let mut mistakes = Vec::new();
        for change in changes {
            mistakes.extend(model.record(&change).err());
        }
        if mistakes.is_empty() { Ok(model) } else { Err(Mistakes(mistakes)) }
    }

    /// The memory that the model takes, in bytes, without its access model: an estimate, by which a cache
    /// can be bounded.
    #[must_use]
    pub fn memory(&self) -> usize {
        let grants = |grants: &[hallpass_engine::Grant]| {
            grants.iter().map(|grant| grant.to_string().len() + GRANT).sum::<usize>()
        };
        let roles = self.roles.values().map(|role| ENTRY + grants(&role.grants));
        let profiles =
            self.profiles.values().map(|profile| ENTRY + profile.cells.iter().count() * GRANT);
        self.policy.memory()
            + self.members.len() * MEMBER
            + roles.sum::<usize>()
            + profiles.sum::<usize>()
            + (self.teams.len() + self.departments.len()) * ENTRY
    }

    /// The access model.
    #[must_use]
    pub fn blueprint(&self) -> &Arc<Blueprint> {
        self.policy.blueprint()
    }

    /// The compiled policy, which decides.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The model in which a member may do at most what a boundary covers; it stays through changes, and not
    /// through another compilation.
    #[must_use]
    pub fn bounded(&self, id: MemberId, boundary: &Arc<Boundary>) -> Option<Model> {
        let policy = self.policy.bounded(self.index(id)?, boundary);
        Some(Model { policy, ..self.clone() })
    }

    /// The model without a boundary.
    #[must_use]
    pub fn unbounded(&self) -> Model {
        Model { policy: self.policy.unbounded(), ..self.clone() }
    }

    /// A member's handle in the policy.
    #[must_use]
    pub fn index(&self, id: MemberId) -> Option<MemberIndex> {
        self.members.find(id).map(|(index, _)| index)
    }

    /// A member, active or inactive.
    #[must_use]
    pub fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.find(id).map(|(_, member)| member)
    }

    /// Every member, active and inactive, by id.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.iter()
    }

    /// The members who are assigned to a manager.
    #[must_use]
    pub fn reports(&self, manager: MemberId) -> Vec<MemberId> {
        let reports = self.index(manager).into_iter().flat_map(|at| self.policy.reports(at));
        reports.filter_map(|at| self.policy.id(at).parse().ok()).collect()
    }

    /// A team.
    #[must_use]
    pub fn team(&self, id: TeamId) -> Option<&Team> {
        self.teams.get(&id).map(|team| &**team)
    }

    /// The teams, by id.
    pub fn teams(&self) -> impl Iterator<Item = &Team> {
        self.teams.values().map(|team| &**team)
    }

    /// The custom roles, by id.
    pub fn custom_roles(&self) -> impl Iterator<Item = &CustomRole> {
        self.roles.values().map(|role| &**role)
    }

    /// How many members are in a team, active or not.
    #[must_use]
    pub fn count_team_members(&self, id: TeamId) -> usize {
        self.team(id).map_or(0, |team| self.policy.team_members(&team.id).count())
    }

    /// A custom role.
    #[must_use]
    pub fn custom_role(&self, id: RoleId) -> Option<&CustomRole> {
        self.roles.get(&id).map(|role| &**role)
    }

    /// Whether a text is the key of a built-in role or the id of a custom one.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.blueprint().role(role).is_some()
            || role.parse().is_ok_and(|id: RoleId| self.roles.contains_key(&id))
    }

    /// A profile.
    #[must_use]
    pub fn profile(&self, id: ProfileId) -> Option<&Profile> {
        self.profiles.get(&id).map(|profile| &**profile)
    }

    /// A department.
    #[must_use]
    pub fn department(&self, id: DepartmentId) -> Option<&Department> {
        self.departments.get(&id)
    }

    /// The tree of departments, by id.
    pub fn departments(&self) -> impl Iterator<Item = &Department> {
        self.departments.values()
    }

    /// How many members are in a department, not counting those below it.
    #[must_use]
    pub fn count_department_members(&self, id: DepartmentId) -> usize {
        let found = self.department(id);
        found.map_or(0, |found| self.policy.department_members(&found.id).count())
    }

    /// Whether a switch is on.
    #[must_use]
    pub fn is_on(&self, switch: &str) -> bool {
        self.switches.get(switch).copied().unwrap_or_else(|| {
            let known = self.blueprint().switches.iter().find(|known| known.key == switch);
            known.is_some_and(|known| known.starts_on)
        })
    }

    /// The billing contact.
    #[must_use]
    pub fn billing_contact(&self) -> Option<(MemberId, &Member)> {
        let id = self.members.contacts().next()?;
        Some((id, self.member(id)?))
    }

    /// The service accounts, active and inactive, by id.
    pub fn services(&self) -> impl Iterator<Item = (MemberId, &Member)> {
        self.members.services()
    }

    /// The active holders of a role, by id.
    pub fn active_holders(&self, role: &str) -> impl Iterator<Item = MemberId> {
        self.members.holders(role).filter(|(_, member)| member.is_active).map(|(id, _)| id)
    }

    /// How many active members have a role.
    #[must_use]
    pub fn count_active_holders(&self, role: &str) -> usize {
        self.members.count_active(role)
    }

    /// How many members there are, active or not.
    #[must_use]
    pub fn count_members(&self) -> usize {
        self.members.len()
    }

    /// How many members have a role, active or not.
    #[must_use]
    pub fn count_holders(&self, role: &str) -> usize {
        self.members.count(role)
    }

    /// Follows a change that the policy has taken.
    fn record(&mut self, change: &Change) -> Result<(), Mistake> {
        match change {
            Change::PutMember(member) => {
                let index = self.policy.member(&member.id);
                let id = id(&member.id)?;
                if let Some(index) = index {
                    self.members.insert(id, index, member.clone());
                }
            }
            Change::RemoveMember(member) => {
                self.members.remove(id(member)?);
            }
            Change::PutRole(role) => {
                self.roles.insert(id(&role.id)?, Arc::new(role.clone()));
            }
            Change::RemoveRole(role) => {
                self.roles.remove(&id::<RoleId>(role)?);
            }
            Change::PutProfile(profile) => {
                self.profiles.insert(id(&profile.id)?, Arc::new(profile.clone()));
            }
            Change::RemoveProfile(profile) => {
                self.profiles.remove(&id::<ProfileId>(profile)?);
            }
            Change::PutTeam(team) => {
                self.teams.insert(id(&team.id)?, Arc::new(team.clone()));
            }
            Change::RemoveTeam(team) => {
                self.teams.remove(&id::<TeamId>(team)?);
            }
            Change::SetDepartments(departments) => {
                let keyed = departments
                    .iter()
                    .map(|one| Ok((id::<DepartmentId>(&one.id)?, one.clone())));
                self.departments = keyed.collect::<Result<_, Mistake>>()?;
            }
            Change::SetSwitch(key, on) => {
                self.switches.insert(key.clone(), *on);
            }
        }
        Ok(())
    }
}

/// Reads an id of one noun.
fn id<T>(text: &str) -> Result<T, Mistake>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| Mistake {
        line: 0,
        column: 0,
        message: format!("`{text}` is no id here"),
        hint: Some(error.to_string()),
    })
}

#[cfg(test)]
mod tests;
