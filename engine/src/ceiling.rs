//! The grant ceiling: nobody gives more than they hold.

use crate::access::Reach;
use crate::arms::{Arms, Pair};
use crate::catalog::Cell;
use crate::grant::Grant;
use crate::policy::Policy;
use crate::roster::{MemberIndex, Row};
use crate::rulebook::resolve;
use crate::scope::Visibility;

/// A right that somebody would get and the giver does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excess {
    /// The resource's key.
    pub resource: String,
    /// The action's key.
    pub action: String,
    /// How far the giver's own right reaches.
    pub held: Reach,
    /// How far the given right would reach.
    pub given: Reach,
}

impl Policy {
    /// What a member would get by a change beyond what the giver holds; empty when the giver may
    /// make it as far as the ceiling goes.
    ///
    /// `after` is this policy with the change applied: inviting, giving a role, a level, a
    /// visibility or a team, and editing a role or profile are all judged so. Rights that do not
    /// grow are not looked at. Own records may be given by whoever reaches own or more; a team's by
    /// whoever reaches that team's; a department's by whoever reaches that department.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use hallpass_engine::{Blueprint, Change, Member, Policy, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// let members = vec![Member::new("anna", "manager"), Member::new("ben", "member")];
    /// let before = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// let after = before.apply(&[Change::PutMember(Member::new("ben", "owner"))])?;
    /// let anna = before.member("anna").unwrap();
    /// assert!(!before.excess(anna, &after, "ben").is_empty());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn excess(&self, giver: MemberIndex, after: &Policy, member: &str) -> Vec<Excess> {
        let Some(given_to) = after.member(member) else { return Vec::new() };
        let before = self.member(member).filter(|_| self.is_related(after));
        let grows = |cell: &Cell| {
            before.is_none_or(|before| {
                self.standing(before, *cell) != after.standing(given_to, *cell)
                    || !self.has_same_relations(after, given_to)
            })
        };
        let cells = after.cells().filter(grows);
        let excessive = cells.filter(|cell| !self.covers(giver, after, given_to, *cell));
        excessive
            .map(|cell| {
                let (resource, action) = after.names(cell);
                let held = self.cell(resource, action).map(|cell| self.reach(giver, cell));
                Excess {
                    resource: resource.to_owned(),
                    action: action.to_owned(),
                    held: held.unwrap_or_default(),
                    given: after.reach(given_to, cell),
                }
            })
            .collect()
    }

    /// What grants would give, to whomever, beyond what the giver holds: for making a custom role.
    /// `visible` counts as own here; how much it is depends on the member and is judged when the
    /// role or the visibility is given.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// let all = ["contacts:read:all".parse().unwrap()];
    /// assert_eq!(policy.excess_of_grants(ben, &all).len(), 1);
    /// assert!(policy.excess_of_grants(anna, &all).is_empty());
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn excess_of_grants(&self, giver: MemberIndex, grants: &[Grant]) -> Vec<Excess> {
        let wanted = resolve(grants, &self.book.catalog);
        let cells = self.cells().zip(wanted);
        let wanted = cells.map(|(cell, scopes)| (cell, Arms::of(scopes, Visibility::Own)));
        let excessive = wanted.filter(|(cell, arms)| {
            !arms.each().all(|arm| self.holds(giver, *cell, |held| covers_any(held, arm)))
        });
        excessive
            .map(|(cell, arms)| {
                let (resource, action) = self.names(cell);
                Excess {
                    resource: resource.to_owned(),
                    action: action.to_owned(),
                    held: self.reach(giver, cell),
                    given: Reach { arms, ..Reach::default() },
                }
            })
            .collect()
    }

    /// What each of a member's lanes holds on a cell and its reading.
    pub(crate) fn standing(&self, member: MemberIndex, cell: Cell) -> Vec<(u32, Pair)> {
        let Some(row) = self.roster.rows.get(member.0) else { return Vec::new() };
        let teams = self.roster.teams_of(row).iter();
        let lanes = teams.map(|team| (*team, self.lanes.pair(*team, cell.0)));
        let own = (u32::MAX, self.classes.rows.get(row.class, cell.0));
        std::iter::once(own).chain(lanes).collect()
    }

    fn has_same_relations(&self, after: &Policy, member: MemberIndex) -> bool {
        let relations = |policy: &Policy| {
            policy.roster.rows.get(member.0).map(|row| policy.roster.relations(row))
        };
        relations(self) == relations(after)
    }

    /// Whether the giver here holds what the member holds there, arm by arm.
    fn covers(
        &self,
        giver: MemberIndex,
        after: &Policy,
        member: MemberIndex,
        cell: Cell,
    ) -> bool {
        let Some(row) = after.roster.rows.get(member.0).filter(|_| after.is_active(member))
        else {
            return true;
        };
        let (resource, action) = after.names(cell);
        let Some(mine) = self.cell(resource, action) else { return false };
        let own = after.classes.rows.get(row.class, cell.0).asked;
        let teams = after.roster.teams_of(row);
        let is_held = |arm: Arms, teams: &[u32]| {
            self.holds(giver, mine, |held| self.covers_arm(giver, held, after, row, arm, teams))
        };
        own.each().all(|arm| is_held(arm, teams))
            && teams.iter().all(|team| {
                let arms = after.lanes.pair(*team, cell.0).asked;
                arms.each().all(|arm| is_held(arm, std::slice::from_ref(team)))
            })
    }

    /// Whether what a member holds on a cell, and on the reading that bounds it, passes a test.
    fn holds(&self, member: MemberIndex, cell: Cell, test: impl Fn(&Held<'_>) -> bool) -> bool {
        let cells = [Some(cell), self.book.catalog.bound(cell)].into_iter().flatten();
        let Some(row) = self.roster.rows.get(member.0).filter(|_| self.is_active(member))
        else {
            return false;
        };
        let own = |cell: Cell| self.classes.rows.get(row.class, cell.0).asked;
        let mut held = cells.map(|cell| Held { policy: self, row, cell, own: own(cell) });
        held.all(|held| test(&held))
    }

    fn covers_arm(
        &self,
        giver: MemberIndex,
        held: &Held<'_>,
        after: &Policy,
        row: &Row,
        arm: Arms,
        teams: &[u32],
    ) -> bool {
        let every = held.every();
        if every.has(Arms::ALL) {
            return true;
        }
        // Whoever is in no team yet, or in no department, may be tomorrow.
        let in_team = |any: Arms| {
            if teams.is_empty() {
                return every.has(any);
            }
            teams.iter().all(|team| held.reaches_team(after, *team))
        };
        let in_department = || {
            let mine = self
                .roster
                .rows
                .get(giver.0)
                .map_or("", |row| self.roster.tree.id(row.department));
            let mine = after.roster.tree.find(mine);
            every.has(Arms::DEPARTMENT)
                && mine
                    .is_some_and(|mine| after.roster.tree.is_at_or_below(row.department, mine))
        };
        match arm {
            Arms::ME => every.has(Arms::ME),
            Arms::ASSIGNED => every.has(Arms::ASSIGNED),
            Arms::TEAM => in_team(Arms::TEAM),
            Arms::DEPARTMENT if row.department == crate::roster::NOBODY => {
                every.has(Arms::DEPARTMENT)
            }
            Arms::DEPARTMENT => in_department(),
            Arms::ASSIGNED_IN_DEPARTMENT => {
                every.has(Arms::ASSIGNED.union(Arms::ASSIGNED_IN_DEPARTMENT)) || in_department()
            }
            Arms::TEAM_IN_DEPARTMENT => {
                in_team(Arms::TEAM.union(Arms::TEAM_IN_DEPARTMENT)) || in_department()
            }
            Arms::UNOWNED => every.has(Arms::UNOWNED),
            _ => false,
        }
    }
}

/// What a giver holds on one cell.
struct Held<'p> {
    policy: &'p Policy,
    row: &'p Row,
    cell: Cell,
    own: Arms,
}

impl Held<'_> {
    /// The arms of all lanes together.
    fn every(&self) -> Arms {
        let teams = self.policy.roster.teams_of(self.row).iter();
        let through = |team: &u32| self.policy.lanes.pair(*team, self.cell.0).asked;
        teams.map(through).fold(self.own, Arms::union)
    }

    /// Whether the records of a team's members are reached.
    fn reaches_team(&self, after: &Policy, team: u32) -> bool {
        let id = after.lanes.lane(team).map_or("", |lane| lane.id.as_str());
        let Some(team) = self.policy.lanes.find(id) else { return false };
        let through = self.policy.lanes.pair(team, self.cell.0).asked;
        self.policy.roster.teams_of(self.row).contains(&team)
            && (self.own.has(Arms::TEAM) || through.has(Arms::TEAM))
    }
}

/// Whether an arm is held when it is not known whose team or department it will be about.
fn covers_any(held: &Held<'_>, arm: Arms) -> bool {
    let every = held.every();
    every.has(Arms::ALL) || every.has(arm)
}
