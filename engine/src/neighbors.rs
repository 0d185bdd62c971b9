//! Who is related to whom, as lists: the reports of a member, the members of a team or department.

use crate::member_table::MemberIndex;
use crate::policy::Policy;

impl Policy {
    /// The members who are directly assigned to a member, in order of position.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use hallpass_engine::{Blueprint, Member, Policy, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// let ben = Member { manager: Some("anna".into()), ..Member::new("ben", "member") };
    /// let members = vec![Member::new("anna", "manager"), ben];
    /// let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// let reports = policy.reports(policy.member("anna").unwrap());
    /// assert_eq!(reports.map(|member| policy.id(member)).collect::<Vec<_>>(), ["ben"]);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    pub fn reports(&self, manager: MemberIndex) -> impl Iterator<Item = MemberIndex> + '_ {
        self.member_table.reports.get(manager.0).iter().copied().map(MemberIndex)
    }

    /// The members of a team, in order of position; none when there is no such team.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::{Blueprint, Policy, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// let policy = Policy::compile(&blueprint, &Workspace::default())?;
    /// assert_eq!(policy.team_members("sales").count(), 0);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    pub fn team_members(&self, team: &str) -> impl Iterator<Item = MemberIndex> + '_ {
        let found = self.team_grants.find(team);
        let members = found.map_or(&[][..], |team| self.member_table.team_members.get(team));
        members.iter().copied().map(MemberIndex)
    }

    /// The members of a department itself, without those below it, in order of position; none when
    /// there is no such department.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::{Blueprint, Policy, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// let policy = Policy::compile(&blueprint, &Workspace::default())?;
    /// assert_eq!(policy.department_members("north").count(), 0);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    pub fn department_members(
        &self,
        department: &str,
    ) -> impl Iterator<Item = MemberIndex> + '_ {
        let found = self.member_table.tree.find(department);
        let members =
            found.map_or(&[][..], |found| self.member_table.department_members.get(found));
        members.iter().copied().map(MemberIndex)
    }
}
