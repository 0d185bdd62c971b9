//! The edits of a workspace that advice proposes.

use hallpass_engine::{
    Change, CustomRole, Grant, Member, Profile, Scope, Sharing, Team, Visibility,
};

use crate::id::{MemberId, ProfileId, RoleId, TeamId};
use crate::member::start_visibility;
use crate::model::Model;

/// An edit of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Sets the level of a member on a resource.
    Level {
        /// The member.
        member: MemberId,
        /// The key of the resource.
        resource: String,
        /// The key of the level.
        level: String,
    },
    /// Sets the visibility of a member.
    Visibility {
        /// The member.
        member: MemberId,
        /// The visibility.
        visibility: Visibility,
    },
    /// Reactivates a member.
    Reactivate {
        /// The member.
        member: MemberId,
    },
    /// Adds a member to a team.
    Join {
        /// The member.
        member: MemberId,
        /// The team.
        team: TeamId,
    },
    /// Gives a member another role.
    Role {
        /// The member.
        member: MemberId,
        /// The role: a key or an id.
        role: String,
    },
    /// Assigns a member to a manager.
    Assign {
        /// The member.
        member: MemberId,
        /// The manager.
        manager: MemberId,
    },
    /// Moves a member to the department of another.
    Department {
        /// The member.
        member: MemberId,
        /// The member whose department it is.
        other: MemberId,
    },
    /// Sets the record sharing of a team.
    Sharing {
        /// The team.
        team: TeamId,
        /// The record sharing.
        sharing: Sharing,
    },
    /// Adds cells to a profile.
    Profile {
        /// The profile.
        profile: ProfileId,
        /// Pairs of a resource and an action, by key.
        cells: Vec<(String, String)>,
        /// The scope of each.
        scope: Scope,
    },
    /// Adds grants to a custom role.
    Grants {
        /// The role.
        role: RoleId,
        /// Pairs of a resource and an action, by key.
        cells: Vec<(String, String)>,
        /// The scope of each.
        scope: Scope,
    },
    /// Switches a record type or a module on.
    Module {
        /// The key of the resource.
        key: String,
    },
    /// Turns a switch on or off.
    Switch {
        /// The key of the switch.
        key: String,
        /// Whether it is on.
        on: bool,
    },
}

impl Edit {
    /// The edit as changes of a model; `None` when it names what does not exist.
    #[must_use]
    pub fn changes(&self, model: &Model) -> Option<Vec<Change>> {
        let put = |id: &MemberId, change: &dyn Fn(&mut Member)| {
            let mut member = model.member(*id)?.clone();
            change(&mut member);
            Some(Change::PutMember(member))
        };
        let change = match self {
            Edit::Level { member, .. } => {
                let levels = self.levels(model)?;
                put(member, &|known| known.levels.clone_from(&levels))?
            }
            Edit::Visibility { member, visibility } => {
                put(member, &|known| known.visibility = *visibility)?
            }
            Edit::Reactivate { member } => put(member, &|known| known.is_active = true)?,
            Edit::Join { member, team } => {
                put(member, &|known| known.teams.push(team.to_string()))?
            }
            Edit::Role { member, role } => put(member, &|known| {
                let blueprint = model.blueprint();
                let is_built_in = |role: &str| blueprint.role(role).is_some();
                if is_built_in(role) != is_built_in(&known.role) {
                    known.visibility = start_visibility(blueprint, role);
                }
                known.role.clone_from(role);
            })?,
            Edit::Assign { member, manager } => {
                put(member, &|known| known.manager = Some(manager.to_string()))?
            }
            Edit::Department { member, other } => {
                let department = model.member(*other)?.department.clone()?;
                put(member, &|known| known.department = Some(department.clone()))?
            }
            Edit::Sharing { team, sharing } => {
                Change::PutTeam(Team { sharing: *sharing, ..model.team(*team)?.clone() })
            }
            Edit::Profile { profile, cells, scope } => {
                let mut profile: Profile = model.profile(*profile)?.clone();
                for (resource, action) in cells {
                    profile.cells.set(resource, action, Some(*scope));
                }
                Change::PutProfile(profile)
            }
            Edit::Grants { role, .. } => {
                let id = role.to_string();
                Change::PutRole(CustomRole { id, grants: self.grants(model)? })
            }
            Edit::Switch { key, on } => Change::SetSwitch(key.clone(), *on),
            // The settings have it, and not the model.
            Edit::Module { .. } => return Some(Vec::new()),
        };
        Some(vec![change])
    }

    /// All levels of the member after an edit of one.
    #[must_use]
    pub fn levels(&self, model: &Model) -> Option<Vec<(String, String)>> {
        let Edit::Level { member, resource, level } = self else { return None };
        let mut levels = model.member(*member)?.levels.clone();
        levels.retain(|(known, _)| known != resource);
        levels.push((resource.clone(), level.clone()));
        Some(levels)
    }

    /// All grants of the custom role after an edit of some.
    #[must_use]
    pub fn grants(&self, model: &Model) -> Option<Vec<Grant>> {
        let Edit::Grants { role, cells, scope } = self else { return None };
        let mut grants = model.custom_role(*role)?.grants.clone();
        for (resource, action) in cells {
            grants.push(format!("{resource}:{action}:{scope}").parse().ok()?);
        }
        Some(grants)
    }

    /// The area of the product and the verb that the gate asks for.
    #[must_use]
    pub fn permission(&self, model: &Model) -> (&'static str, &'static str) {
        match self {
            Edit::Level { .. }
            | Edit::Visibility { .. }
            | Edit::Reactivate { .. }
            | Edit::Role { .. }
            | Edit::Assign { .. }
            | Edit::Department { .. } => ("members", "update"),
            Edit::Join { .. } | Edit::Sharing { .. } => ("teams", "update"),
            Edit::Profile { .. } => ("profiles", "update"),
            Edit::Grants { .. } => ("roles", "update"),
            Edit::Module { .. } => ("modules", "update"),
            Edit::Switch { .. } => {
                let covered = model.blueprint().area("security", "update").is_some();
                (if covered { "security" } else { "general" }, "update")
            }
        }
    }

    /// How many it affects: one member, those around them, or many.
    pub(super) const fn breadth(&self) -> usize {
        match self {
            Edit::Level { .. }
            | Edit::Visibility { .. }
            | Edit::Reactivate { .. }
            | Edit::Join { .. }
            | Edit::Role { .. } => 0,
            Edit::Assign { .. } | Edit::Department { .. } => 1,
            Edit::Sharing { .. } | Edit::Profile { .. } | Edit::Grants { .. } => 2,
            Edit::Switch { .. } | Edit::Module { .. } => 3,
        }
    }

    /// Whether another edit is of the same kind.
    pub(super) fn is_like(&self, other: &Edit) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}
