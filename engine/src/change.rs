//! Changes: applying one returns a new policy, which shares with the old one what is equal.

use std::sync::Arc;

use crate::compiled_grants::CompiledGrants;
use crate::member_table::NO_CLASS;
use crate::mistake::{Mistake, Mistakes};
use crate::policy::{Policy, manager_cycle};
use crate::resolve::Resolver;
use crate::tree::Tree;
use crate::workspace::{CustomRole, Department, Member, Profile, Team};

/// A change to a workspace. The `Put` changes add or replace by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Adds or replaces a member.
    PutMember(Member),
    /// Removes a member that no member is assigned to. Records that they owned are then owned by a
    /// non-member.
    RemoveMember(String),
    /// Adds or replaces a custom role.
    PutRole(CustomRole),
    /// Removes a custom role that no member has.
    RemoveRole(String),
    /// Adds or replaces a profile.
    PutProfile(Profile),
    /// Removes a profile that no team has.
    RemoveProfile(String),
    /// Adds or replaces a team; its members stay in it.
    PutTeam(Team),
    /// Removes a team without members.
    RemoveTeam(String),
    /// Replaces the tree of departments.
    SetDepartments(Vec<Department>),
    /// Turns a switch on or off, by key.
    SetSwitch(String, bool),
}

impl Policy {
    /// Applies changes in order and returns the new policy; this one does not change.
    ///
    /// The cost depends on what changes: a member costs the row and the lists of that member, a role
    /// its classes, a profile its rows. Handles of this policy stay valid for the new one.
    ///
    /// ```
    /// use hallpass_engine::{Blueprint, Change, Member, Owner, Policy, Workspace};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// # let workspace = Workspace { members: vec![Member::new("anna", "member")], ..Workspace::default() };
    /// # let before = Policy::compile(&blueprint, &workspace)?;
    /// let after = before.apply(&[Change::PutMember(Member::new("anna", "owner"))])?;
    /// assert_eq!(before.check("anna", "members", "create", Owner::Any), Some(false));
    /// assert_eq!(after.check("anna", "members", "create", Owner::Any), Some(true));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The mistakes in the first change that is invalid; then none is applied.
    pub fn apply(&self, changes: &[Change]) -> Result<Policy, Mistakes> {
        let mut policy = self.clone();
        changes.iter().try_for_each(|change| policy.apply_one(change)).map_err(Mistakes)?;
        policy.check_growth(self).map_err(|mistake| Mistakes(one(mistake)))?;
        Ok(policy)
    }

    fn apply_one(&mut self, change: &Change) -> Result<(), Vec<Mistake>> {
        match change {
            Change::PutMember(member) => self.put_member(member),
            Change::RemoveMember(id) => self.remove_member(id).map_err(one),
            Change::PutRole(role) => self.put_role(role),
            Change::RemoveRole(id) => self.remove_role(id).map_err(one),
            Change::PutProfile(profile) => self.put_profile(profile),
            Change::RemoveProfile(id) => self.remove_profile(id).map_err(one),
            Change::PutTeam(team) => self.put_team(team).map_err(one),
            Change::RemoveTeam(id) => self.remove_team(id).map_err(one),
            Change::SetDepartments(departments) => self.set_departments(departments),
            Change::SetSwitch(key, on) => self.set_switch(key, *on).map_err(one),
        }
    }

    fn compiled_grants(&mut self) -> &mut CompiledGrants {
        Arc::make_mut(&mut self.compiled)
    }

    fn put_member(&mut self, member: &Member) -> Result<(), Vec<Mistake>> {
        let known = self.member_table.find(&member.id);
        let resolver = Resolver {
            compiled: &self.compiled,
            team_grants: &self.team_grants,
            tree: &self.member_table.tree,
        };
        let (key, links) = resolver.resolve(member, |id| self.member_table.find(id))?;
        if known.is_some_and(|index| self.member_table.closes_cycle(index, links.manager)) {
            return Err(vec![manager_cycle(&member.id)]);
        }
        let index = known.unwrap_or_else(|| self.member_table.add(&member.id));
        let before = self.member_table.rows.get(index).map_or(NO_CLASS, |row| row.class);
        let class = self.classes.move_member(&self.compiled, key, before);
        self.member_table.put(index, class, &links);
        Ok(())
    }

    fn remove_member(&mut self, id: &str) -> Result<(), Mistake> {
        let index = self.member_table.find(id).ok_or_else(|| Mistake::unknown("member", id))?;
        if !self.member_table.reports.get(index).is_empty() {
            let message = format!("members are still assigned to the member `{id}`");
            let hint = "assign them to another manager first".to_owned();
            return Err(Mistake::unplaced(message, Some(hint)));
        }
        let class = self.member_table.rows.get(index).map_or(NO_CLASS, |row| row.class);
        self.member_table.remove(index);
        self.classes.remove_member(class);
        Ok(())
    }

    fn put_role(&mut self, role: &CustomRole) -> Result<(), Vec<Mistake>> {
        let index = self.compiled_grants().put_role(role)?;
        self.classes.recompile(&self.compiled, |key| key.role == index);
        Ok(())
    }

    fn remove_role(&mut self, id: &str) -> Result<(), Mistake> {
        let index = self.compiled.role_by_id.get(id).copied();
        if index.is_some_and(|index| self.classes.uses_role(index)) {
            let message = format!("members still have the role `{id}`");
            let hint = "assign them another role first".to_owned();
            return Err(Mistake::unplaced(message, Some(hint)));
        }
        self.compiled_grants().remove_role(id).map(drop)
    }

    fn put_profile(&mut self, profile: &Profile) -> Result<(), Vec<Mistake>> {
        let index = self.compiled_grants().put_profile(profile)?;
        self.team_grants.recompile_profile(&self.compiled, index);
        Ok(())
    }

    fn remove_profile(&mut self, id: &str) -> Result<(), Mistake> {
        let index = self.compiled.profile_by_id.get(id).copied();
        if let Some(team) = index.and_then(|index| self.team_grants.team_with(index)) {
            let message = format!("the team `{}` still has the profile `{id}`", team.id);
            let hint = "remove it from the team first".to_owned();
            return Err(Mistake::unplaced(message, Some(hint)));
        }
        let index = self.compiled_grants().remove_profile(id)?;
        self.team_grants.recompile_profile(&self.compiled, index);
        Ok(())
    }

    fn put_team(&mut self, team: &Team) -> Result<(), Mistake> {
        let index = self.team_grants.put(&self.compiled, team)?;
        if index as usize >= self.member_table.team_members.len() {
            self.member_table.team_members.push();
        }
        Ok(())
    }

    fn remove_team(&mut self, id: &str) -> Result<(), Mistake> {
        let index = self.team_grants.find(id).ok_or_else(|| Mistake::unknown("team", id))?;
        if !self.member_table.team_members.get(index).is_empty() {
            let message = format!("the team `{id}` still has members");
            return Err(Mistake::unplaced(message, Some("remove them first".to_owned())));
        }
        self.team_grants.remove(&self.compiled, id);
        Ok(())
    }

    fn set_departments(&mut self, departments: &[Department]) -> Result<(), Vec<Mistake>> {
        let tree = Tree::new(departments)?;
        self.member_table.replace_tree(tree).map_err(one)
    }

    fn set_switch(&mut self, key: &str, on: bool) -> Result<(), Mistake> {
        self.compiled_grants().set_switch(key, on)?;
        self.member_table.counts_indirect = self.compiled.counts_indirect_reports();
        self.classes.recompile(&self.compiled, |_| true);
        Ok(())
    }
}

fn one(mistake: Mistake) -> Vec<Mistake> {
    vec![mistake]
}
