//! The model of a workspace: its access as given and as compiled, and every change of it.
//!
//! **Invariant:** a model with an active holder of the top role stays one with; the guards that see
//! to this and to everything else hold for each change, whoever asks and through whatever door.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use hallpass_engine::{
    Blueprint, Change, CustomRole, Department, Member, Mistakes, Policy, Profile, Team,
    Workspace,
};

use crate::id::MemberId;
use crate::refusal::Refusal;

pub mod guard;

/// Everything in a workspace that access depends on. Immutable: a change makes another one.
#[derive(Clone, Debug)]
pub struct Model {
    policy: Policy,
    members: HashMap<String, Arc<Member>>,
    roles: BTreeMap<String, CustomRole>,
    profiles: BTreeMap<String, Profile>,
    teams: BTreeMap<String, Team>,
    departments: Vec<Department>,
    switches: BTreeMap<String, bool>,
}

/// On whose behalf a change is made, and how far their rights bound it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grantor {
    /// A member: rank rules and the grant ceiling hold.
    Member(MemberId),
    /// The operator at the command line, whom no role binds.
    Operator,
}

/// What kind of change it is, as far as the guards tell kinds apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// An edit: of a member, role, profile, team, department or switch.
    Edit,
    /// An invitation is accepted; the giver is who invited.
    Join,
    /// A member is taken out by somebody.
    Remove,
    /// A member goes by themselves.
    Leave,
    /// An account is deleted, and its memberships with it.
    DeleteAccount,
    /// The top role goes from one to another.
    TransferOwnership,
    /// The billing contact goes from one to another.
    TransferBilling,
    /// A workspace comes back: whose accounts were deleted meanwhile go, and somebody may get the top
    /// role from them.
    Restore,
}

impl Model {
    /// Compiles a workspace.
    ///
    /// # Errors
    ///
    /// Every mistake in it, as [`Policy::compile`] tells them.
    pub fn compile(
        blueprint: &Arc<Blueprint>,
        workspace: Workspace,
    ) -> Result<Model, Mistakes> {
        let policy = Policy::compile(blueprint, &workspace)?;
        let keyed = |member: Member| (member.id.clone(), Arc::new(member));
        Ok(Model {
            policy,
            members: workspace.members.into_iter().map(keyed).collect(),
            roles: workspace.roles.into_iter().map(|one| (one.id.clone(), one)).collect(),
            profiles: workspace.profiles.into_iter().map(|one| (one.id.clone(), one)).collect(),
            teams: workspace.teams.into_iter().map(|one| (one.id.clone(), one)).collect(),
            departments: workspace.departments,
            switches: workspace.switches.into_iter().collect(),
        })
    }

    /// The access model.
    #[must_use]
    pub fn blueprint(&self) -> &Arc<Blueprint> {
        self.policy.blueprint()
    }

    /// What decides.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// A member, active or inactive.
    #[must_use]
    pub fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.get(&id.to_string()).map(|member| &**member)
    }

    /// Every member, active and inactive, in no order.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values().map(|member| &**member)
    }

    /// A team, by id.
    #[must_use]
    pub fn team(&self, id: &str) -> Option<&Team> {
        self.teams.get(id)
    }

    /// A custom role, by id.
    #[must_use]
    pub fn custom_role(&self, id: &str) -> Option<&CustomRole> {
        self.roles.get(id)
    }

    /// Whether a text is the key of a built-in role or the id of a custom one.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.blueprint().role(role).is_some() || self.roles.contains_key(role)
    }

    /// A profile, by id.
    #[must_use]
    pub fn profile(&self, id: &str) -> Option<&Profile> {
        self.profiles.get(id)
    }

    /// The tree of departments.
    #[must_use]
    pub fn departments(&self) -> &[Department] {
        &self.departments
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
    pub fn billing_contact(&self) -> Option<&Member> {
        self.members().find(|member| member.is_billing_contact)
    }

    /// The active holders of a role.
    pub fn active_holders<'m>(&'m self, role: &'m str) -> impl Iterator<Item = &'m Member> {
        self.members().filter(move |member| member.is_active && member.role == role)
    }

    /// How many members have a role, active or not.
    #[must_use]
    pub fn count_holders(&self, role: &str) -> usize {
        self.members().filter(|member| member.role == role).count()
    }

    /// The model after some changes; this one stays as it is. All guards are asked.
    ///
    /// # Errors
    ///
    /// The first guard that says no, or `Fields` with what the access model does not allow.
    pub fn change(
        &self,
        grantor: Grantor,
        kind: ChangeKind,
        changes: &[Change],
    ) -> Result<Model, Refusal> {
        let changes = self.release_reports(changes);
        let changes = changes.as_slice();
        guard::before(self, grantor, kind, changes)?;
        let policy = self.policy.apply(changes).map_err(|mistakes| unfit(&mistakes))?;
        let mut after = Model { policy, ..self.clone() };
        for change in changes {
            after.put(change);
        }
        guard::after(self, &after, grantor, kind, changes)?;
        Ok(after)
    }

    /// Whoever is assigned to a member that goes is assigned to nobody from then on.
    fn release_reports(&self, changes: &[Change]) -> Vec<Change> {
        let leaving = |id: &str| {
            changes
                .iter()
                .any(|change| matches!(change, Change::RemoveMember(gone) if gone == id))
        };
        let mut all = Vec::new();
        for change in changes {
            if let Change::RemoveMember(id) = change {
                let reports = self.members().filter(|member| {
                    member.manager.as_ref() == Some(id) && !leaving(&member.id)
                });
                all.extend(reports.map(|member| {
                    Change::PutMember(Member { manager: None, ..member.clone() })
                }));
            }
            all.push(change.clone());
        }
        all
    }

    fn put(&mut self, change: &Change) {
        match change {
            Change::PutMember(member) => {
                self.members.insert(member.id.clone(), Arc::new(member.clone()));
            }
            Change::RemoveMember(id) => {
                self.members.remove(id);
            }
            Change::PutRole(role) => {
                self.roles.insert(role.id.clone(), role.clone());
            }
            Change::RemoveRole(id) => {
                self.roles.remove(id);
            }
            Change::PutProfile(profile) => {
                self.profiles.insert(profile.id.clone(), profile.clone());
            }
            Change::RemoveProfile(id) => {
                self.profiles.remove(id);
            }
            Change::PutTeam(team) => {
                self.teams.insert(team.id.clone(), team.clone());
            }
            Change::RemoveTeam(id) => {
                self.teams.remove(id);
            }
            Change::SetDepartments(departments) => self.departments.clone_from(departments),
            Change::SetSwitch(key, on) => {
                self.switches.insert(key.clone(), *on);
            }
        }
    }
}

/// What the engine says against a change, as a refusal of the request.
fn unfit(mistakes: &Mistakes) -> Refusal {
    let errors = mistakes
        .0
        .iter()
        .map(|mistake| crate::refusal::FieldError::new("", "unfit", mistake.to_string()));
    Refusal::Fields(errors.collect())
}

#[cfg(test)]
mod tests;
