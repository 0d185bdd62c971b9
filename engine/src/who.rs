//! Lists the members who may do an action on a target.

use crate::catalog::Cell;
use crate::decide::Target;
use crate::member_table::{MemberIndex, Row};
use crate::policy::Policy;

impl Policy {
    /// The members for whom [`decide`](Policy::decide) allows an action on a target, ascending.
    ///
    /// ```
    /// use hallpass_engine::{Blueprint, Member, Policy, Target, Workspace};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// let read = policy.cell("contacts", "read").unwrap();
    /// let names: Vec<&str> = policy.who(read, Target::Unowned).map(|who| policy.id(who)).collect();
    /// assert_eq!(names, ["anna"]);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    pub fn who(&self, cell: Cell, target: Target) -> impl Iterator<Item = MemberIndex> {
        let target = self.resolve_target(target);
        let prepared = self.prepare(cell, target);
        let members = (0_u32..).map(MemberIndex).zip(self.member_table.rows.iter());
        let may = move |member: &(MemberIndex, &Row)| {
            self.evaluate(&prepared, *member, target, &mut ())
        };
        members.filter(may).map(|(member, _)| member)
    }
}
