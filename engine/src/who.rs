//! Who may do an action: every member for whom the decision is yes.

use crate::catalog::Cell;
use crate::decide::Target;
use crate::member_table::{MemberIndex, Row};
use crate::policy::Policy;

impl Policy {
    /// The members who may do an action to a target, ascending.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use hallpass_engine::{Blueprint, Member, Policy, Target, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// let read = policy.cell("contacts", "read").unwrap();
    /// let names: Vec<&str> = policy.who(read, Target::Unowned).map(|who| policy.id(who)).collect();
    /// assert_eq!(names, ["anna"]);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    pub fn who(&self, cell: Cell, target: Target) -> impl Iterator<Item = MemberIndex> {
        let whose = self.whose(target);
        let columns = self.prepare(cell, whose);
        let everyone = (0_u32..).map(MemberIndex).zip(self.member_table.rows.iter());
        let may =
            move |who: &(MemberIndex, &Row)| self.evaluate(&columns, *who, whose, &mut ());
        everyone.filter(may).map(|(member, _)| member)
    }
}
