//! What a member may do an action on, as a filter over the owners of records.

use crate::catalog::Cell;
use crate::member_table::{MemberIndex, Row};
use crate::policy::Policy;
use crate::relations::Relations;

/// The records that an action reaches, by their owners: the one predicate for lists and counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// No record. There is nothing to ask the database.
    Nothing,
    /// Every record, those of strangers and nobody included. There is nothing to filter.
    All,
    /// Records of some owners.
    Owners(Owners),
}

/// Some owners of records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    /// Members, ascending, each once.
    pub members: Vec<MemberIndex>,
    /// Whether records that nobody owns are among them.
    pub unowned: bool,
}

impl Filter {
    /// Whether records of an owner pass the filter; the same answer as `decide`.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert!(policy.filter(ben, read).admits(Target::OwnedBy(ben)));
    /// assert!(!policy.filter(ben, read).admits(Target::Unowned));
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn admits(&self, target: crate::decide::Target) -> bool {
        use crate::decide::Target;
        match (self, target) {
            (Filter::Nothing, _) => false,
            (Filter::All, _) | (Filter::Owners(_), Target::Any) => true,
            (Filter::Owners(owners), Target::OwnedBy(member)) => {
                owners.members.binary_search(&member).is_ok()
            }
            (Filter::Owners(owners), Target::Unowned) => owners.unowned,
            (Filter::Owners(_), Target::OwnedByNonMember) => false,
        }
    }

    /// The records that pass both.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// let (every, own) = (policy.filter(anna, read), policy.filter(ben, read));
    /// assert_eq!(every.intersect(own.clone()), own);
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn intersect(self, other: Filter) -> Filter {
        match (self, other) {
            (Filter::Nothing, _) | (_, Filter::Nothing) => Filter::Nothing,
            (Filter::All, filter) | (filter, Filter::All) => filter,
            (Filter::Owners(mut mine), Filter::Owners(theirs)) => {
                mine.members.retain(|member| theirs.members.binary_search(member).is_ok());
                mine.unowned &= theirs.unowned;
                Filter::Owners(mine)
            }
        }
    }
}

impl Policy {
    /// What a member may do an action on. `Nothing` means that it is not granted at all; an empty
    /// set of owners that it is granted, but reaches nobody now.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use hallpass_engine::{Blueprint, Filter, Member, Policy, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let workspace = Workspace { members: vec![Member::new("anna", "member")], ..Workspace::default() };
    /// # let policy = Policy::compile(&blueprint, &workspace)?;
    /// let (anna, read) = (policy.member("anna").unwrap(), policy.cell("contacts", "read").unwrap());
    /// let Filter::Owners(owners) = policy.filter(anna, read) else { panic!("own records") };
    /// assert_eq!((owners.members, owners.unowned), (vec![anna], false));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn filter(&self, member: MemberIndex, cell: Cell) -> Filter {
        let Some(row) = self.member_table.rows.get(member.0).filter(|row| row.is_active())
        else {
            return Filter::Nothing;
        };
        let filter = self.granted(member, row, cell);
        match self.compiled.catalog.bound(cell) {
            Some(reading) if filter != Filter::Nothing => {
                filter.intersect(self.granted(member, row, reading))
            }
            Some(_) | None => filter,
        }
    }

    /// What is granted on a cell, through any lane.
    fn granted(&self, me: MemberIndex, row: &Row, cell: Cell) -> Filter {
        let own = self.classes.rows.get(row.class, cell.0).asked;
        let teams = self.member_table.teams_of(row);
        let through = |team: &u32| self.team_grants.pair(*team, cell.0).asked;
        let every = teams.iter().map(through).fold(own, Relations::union);
        if every.is_empty() {
            return Filter::Nothing;
        }
        if every.has(Relations::ALL) {
            return Filter::All;
        }
        let mut members = Vec::new();
        self.gather(me, row, own, teams, &mut members);
        for team in teams {
            self.gather(me, row, through(team), std::slice::from_ref(team), &mut members);
        }
        members.sort_unstable();
        members.dedup();
        Filter::Owners(Owners { members, unowned: every.has(Relations::UNOWNED) })
    }

    /// Adds the members that a lane's arms reach; `teams` are those that the lane speaks of.
    fn gather(
        &self,
        me: MemberIndex,
        row: &Row,
        relations: Relations,
        teams: &[u32],
        members: &mut Vec<MemberIndex>,
    ) {
        let member_table = &self.member_table;
        let in_department = |member: &u32| {
            let owner = member_table.rows.get(*member);
            owner.is_some_and(|owner| {
                member_table.tree.is_at_or_below(owner.department, row.department)
            })
        };
        for relation in relations.each() {
            match relation {
                Relations::ME => members.push(me),
                Relations::TEAM => {
                    for team in teams {
                        members.extend(self.team(*team));
                    }
                }
                Relations::TEAM_IN_DEPARTMENT => teams.iter().for_each(|team| {
                    members.extend(self.team(*team).filter(|member| in_department(&member.0)));
                }),
                Relations::DEPARTMENT => {
                    for department in member_table.tree.subtree(row.department) {
                        let list = member_table.department_members.get(*department);
                        members.extend(list.iter().copied().map(MemberIndex));
                    }
                }
                Relations::ASSIGNED => members.extend(self.assigned(me)),
                Relations::ASSIGNED_IN_DEPARTMENT => {
                    let assigned = self.assigned(me);
                    members
                        .extend(assigned.into_iter().filter(|member| in_department(&member.0)));
                }
                _ => {}
            }
        }
    }

    fn team(&self, team: u32) -> impl Iterator<Item = MemberIndex> {
        self.member_table.team_members.get(team).iter().copied().map(MemberIndex)
    }

    /// The members assigned to one, and where indirect reports count those assigned to them.
    fn assigned(&self, manager: MemberIndex) -> Vec<MemberIndex> {
        let direct = |of: MemberIndex| {
            self.member_table.reports.get(of.0).iter().copied().map(MemberIndex)
        };
        let mut found: Vec<MemberIndex> = direct(manager).collect();
        let mut next = 0;
        while let Some(member) =
            found.get(next).copied().filter(|_| self.member_table.counts_indirect)
        {
            found.extend(direct(member));
            next += 1;
        }
        found
    }
}
