//! Filters: the records that a member may do an action on, as a condition on their owners.

use crate::catalog::Cell;
use crate::decide::Target;
use crate::member_table::{MemberIndex, Row};
use crate::policy::Policy;
use crate::relations::Relations;

/// The records that a member may do an action on, by their owners. Lists, counts and searches apply
/// it as their condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// No record; a database query is not needed.
    Nothing,
    /// Every record, including unowned ones and those of non-members.
    All,
    /// The records of some owners.
    Owners(Owners),
}

/// A set of owners.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    /// Members, ascending and without duplicates.
    pub members: Vec<MemberIndex>,
    /// Whether records without an owner are included.
    pub unowned: bool,
}

impl Filter {
    /// Whether the filter admits a target: the same answer as [`Policy::decide`].
    ///
    /// ```
    /// use hallpass_engine::Target;
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let ben = policy.member("ben").unwrap();
    /// let read = policy.cell("contacts", "read").unwrap();
    /// assert!(policy.filter(ben, read).admits(Target::OwnedBy(ben)));
    /// assert!(!policy.filter(ben, read).admits(Target::Unowned));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn admits(&self, target: Target) -> bool {
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

    /// Whether the filter admits the records of any owner. A filter of owners of whom there are none
    /// admits records in general, and those of no owner.
    ///
    /// ```
    /// use hallpass_engine::{Filter, Owners};
    /// assert!(Filter::All.has_owners());
    /// assert!(!Filter::Owners(Owners::default()).has_owners());
    /// ```
    #[must_use]
    pub fn has_owners(&self) -> bool {
        match self {
            Filter::Nothing => false,
            Filter::All => true,
            Filter::Owners(owners) => owners.unowned || !owners.members.is_empty(),
        }
    }

    /// The filter that admits what both admit.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let anna = policy.member("anna").unwrap();
    /// let ben = policy.member("ben").unwrap();
    /// let read = policy.cell("contacts", "read").unwrap();
    /// let (every, own) = (policy.filter(anna, read), policy.filter(ben, read));
    /// assert_eq!(every.intersect(own.clone()), own);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
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
    /// The records that a member may do an action on. `Nothing` means that no grant covers the action;
    /// an empty set of owners, that a grant does but no owner is in its scope now.
    ///
    /// ```
    /// use hallpass_engine::{Blueprint, Filter, Member, Policy, Workspace};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
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

    /// The records that the grants on a cell cover, without regard to its bound.
    fn granted(&self, me: MemberIndex, row: &Row, cell: Cell) -> Filter {
        let limit = self.limit_on(me, cell);
        let own = limit.cap(self.classes.rows.get(row.class, cell.0).action);
        let teams = self.member_table.teams_of(row);
        let of_team = |team: &u32| limit.cap(self.team_grants.relations(*team, cell.0).action);
        let every = teams.iter().map(of_team).fold(own, Relations::union);
        if every.is_empty() {
            return Filter::Nothing;
        }
        if every.contains(Relations::ALL) {
            return Filter::All;
        }
        let mut members = Vec::new();
        self.collect(me, row, own, teams, &mut members);
        for team in teams {
            self.collect(me, row, of_team(team), std::slice::from_ref(team), &mut members);
        }
        members.sort_unstable();
        members.dedup();
        Filter::Owners(Owners { members, unowned: every.contains(Relations::UNOWNED) })
    }

    /// Collects the owners that relations admit; `teams` are the teams that `TEAM` refers to.
    fn collect(
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
        for relation in relations.iter() {
            match relation {
                Relations::SELF => members.push(me),
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

    /// The members assigned to a manager: directly and, where that counts, indirectly.
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
