//! Lists the members who are linked to a member, a team or a department.

use crate::member_table::MemberIndex;
use crate::policy::Policy;

impl Policy {
    /// The members who are directly assigned to a member, ascending.
    ///
    /// ```
    /// use hallpass_engine::{Change, Member};
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let cleo = Member { manager: Some("ben".into()), ..Member::new("cleo", "member") };
    /// let policy = policy.apply(&[Change::PutMember(cleo)])?;
    /// let reports = policy.reports(policy.member("ben").unwrap());
    /// assert_eq!(reports.map(|member| policy.id(member)).collect::<Vec<_>>(), ["cleo"]);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    pub fn reports(&self, manager: MemberIndex) -> impl Iterator<Item = MemberIndex> + '_ {
        self.member_table.reports.get(manager.0).iter().copied().map(MemberIndex)
    }

    /// The members of a team, ascending; empty for an unknown team.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// assert_eq!(policy.team_members("sales").count(), 0);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    pub fn team_members(&self, team: &str) -> impl Iterator<Item = MemberIndex> + '_ {
        let found = self.team_grants.find(team);
        let members = found.map_or(&[][..], |team| self.member_table.team_members.get(team));
        members.iter().copied().map(MemberIndex)
    }

    /// The members of a department, without those below it, ascending; empty for an unknown
    /// department.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
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
