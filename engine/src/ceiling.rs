//! The grant ceiling: nobody gives more than they hold.

use std::collections::BTreeSet;

use foldhash::fast::FixedState;

use crate::access::Reach;
use crate::catalog::Cell;
use crate::class::ClassKey;
use crate::compiled_grants::resolve;
use crate::grant::Grant;
use crate::member_table::{MemberIndex, NO_CLASS, NOBODY, Row};
use crate::policy::Policy;
use crate::relations::{Pair, Relations};
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
    pub fn excess(&self, grantor: MemberIndex, after: &Policy, member: &str) -> Vec<Excess> {
        let Some(given_to) = after.member(member) else { return Vec::new() };
        let before = self.member(member).filter(|_| self.is_related(after));
        let grows = |cell: &Cell| {
            before.is_none_or(|before| {
                self.standing(before, *cell) != after.standing(given_to, *cell)
                    || !self.has_same_links(after, given_to)
            })
        };
        let cells = after.cells().filter(grows);
        let excessive = cells.filter(|cell| !self.covers(grantor, after, given_to, *cell));
        excessive
            .map(|cell| {
                let (resource, action) = after.keys(cell);
                let held = self.cell(resource, action).map(|cell| self.reach(grantor, cell));
                Excess {
                    resource: resource.to_owned(),
                    action: action.to_owned(),
                    held: held.unwrap_or_default(),
                    given: after.reach(given_to, cell),
                }
            })
            .collect()
    }

    /// What any of some members would get by a change beyond what the grantor holds, among the given
    /// cells; each cell once. As [`Policy::excess`] for each of them, without judging equal members
    /// twice. Members and cells are handles of `after`.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use hallpass_engine::{Blueprint, Change, Member, Policy, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// let members = vec![Member::new("anna", "manager"), Member::new("ben", "member")];
    /// let before = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// let after = before.apply(&[Change::PutMember(Member::new("ben", "owner"))])?;
    /// let anna = before.member("anna").unwrap();
    /// let cells: Vec<_> = after.cells().collect();
    /// assert!(!before.excess_among(anna, &after, after.members(), &cells).is_empty());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn excess_among(
        &self,
        grantor: MemberIndex,
        after: &Policy,
        members: impl IntoIterator<Item = MemberIndex>,
        cells: &[Cell],
    ) -> Vec<Cell> {
        let is_related = self.is_related(after);
        let mut seen = hashbrown::HashSet::<(u32, Row), FixedState>::default();
        let mut found = BTreeSet::new();
        for member in members {
            let Some(row) = after.member_table.rows.get(member.0) else { continue };
            let known = self.member_table.rows.get(member.0);
            let known = known.filter(|known| is_related && known.class != NO_CLASS);
            let is_linked_alike = known.is_some() && self.has_same_links(after, member);
            // Whoever has equal classes and equal relations is judged alike; managers do not count.
            if let Some(known) = known.filter(|_| is_linked_alike)
                && !seen.insert((known.class, row.without_manager()))
            {
                continue;
            }
            let excessive = cells.iter().filter(|cell| {
                let grows = !is_linked_alike
                    || self.standing(member, **cell) != after.standing(member, **cell);
                grows && !self.covers(grantor, after, member, **cell)
            });
            found.extend(excessive.copied());
        }
        found.into_iter().collect()
    }

    /// Whether an action reaches every record for a member, those of strangers and nobody included.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert!(policy.reaches_all(anna, read) && !policy.reaches_all(ben, read));
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn reaches_all(&self, member: MemberIndex, cell: Cell) -> bool {
        self.holds(member, cell, |held| held.every().has(Relations::ALL))
    }

    /// What a new holder of a role, in no team and no department, would get beyond what the grantor
    /// holds; nothing for an unknown role. As [`Policy::excess`], without making the change.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// assert!(policy.excess_of_role(anna, "member", Visibility::Own).is_empty());
    /// assert!(!policy.excess_of_role(ben, "owner", Visibility::Own).is_empty());
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn excess_of_role(
        &self,
        grantor: MemberIndex,
        role: &str,
        visibility: Visibility,
    ) -> Vec<Cell> {
        let Some(role) = self.compiled.role_by_id.get(role).copied() else { return Vec::new() };
        let levels = std::iter::repeat_n(0, self.compiled.ladders.len()).collect();
        let key = ClassKey { role, visibility, is_billing_contact: false, levels };
        let row = self.compiled.class_row(&key);
        let is_held = |cell: Cell, relation: Relations| {
            self.holds(grantor, cell, |held| {
                self.covers_relation(grantor, held, self, &Row::EMPTY, relation, &[])
            })
        };
        let excessive = self
            .cells()
            .zip(row)
            .filter(|(cell, pair)| !pair.asked.each().all(|relation| is_held(*cell, relation)));
        excessive.map(|(cell, _)| cell).collect()
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
    pub fn excess_of_grants(&self, grantor: MemberIndex, grants: &[Grant]) -> Vec<Excess> {
        let wanted = resolve(grants, &self.compiled.catalog);
        let cells = self.cells().zip(wanted);
        let wanted = cells.map(|(cell, scopes)| (cell, Relations::of(scopes, Visibility::Own)));
        let excessive = wanted.filter(|(cell, relations)| {
            !relations
                .each()
                .all(|relation| self.holds(grantor, *cell, |held| covers_any(held, relation)))
        });
        excessive
            .map(|(cell, relations)| {
                let (resource, action) = self.keys(cell);
                Excess {
                    resource: resource.to_owned(),
                    action: action.to_owned(),
                    held: self.reach(grantor, cell),
                    given: Reach { relations, ..Reach::default() },
                }
            })
            .collect()
    }

    /// What each of a member's lanes holds on a cell and its reading.
    pub(crate) fn standing(&self, member: MemberIndex, cell: Cell) -> Vec<(u32, Pair)> {
        let Some(row) = self.member_table.rows.get(member.0) else { return Vec::new() };
        let teams = self.member_table.teams_of(row).iter();
        let team_grants = teams.map(|team| (*team, self.team_grants.pair(*team, cell.0)));
        let own = (u32::MAX, self.classes.rows.get(row.class, cell.0));
        std::iter::once(own).chain(team_grants).collect()
    }

    fn has_same_links(&self, after: &Policy, member: MemberIndex) -> bool {
        let (mine, theirs) = (&self.member_table, &after.member_table);
        let rows = mine.rows.get(member.0).zip(theirs.rows.get(member.0));
        rows.is_some_and(|(row, then)| {
            row.manager == then.manager
                && row.department == then.department
                && row.is_active() == then.is_active()
                && mine.teams_of(row) == theirs.teams_of(then)
        })
    }

    /// Whether the giver here holds what the member holds there, arm by arm.
    fn covers(
        &self,
        grantor: MemberIndex,
        after: &Policy,
        member: MemberIndex,
        cell: Cell,
    ) -> bool {
        let Some(row) =
            after.member_table.rows.get(member.0).filter(|_| after.is_active(member))
        else {
            return true;
        };
        let (resource, action) = after.keys(cell);
        let Some(mine) = self.cell(resource, action) else { return false };
        let own = after.classes.rows.get(row.class, cell.0).asked;
        let teams = after.member_table.teams_of(row);
        let is_held = |relation: Relations, teams: &[u32]| {
            self.holds(grantor, mine, |held| {
                self.covers_relation(grantor, held, after, row, relation, teams)
            })
        };
        own.each().all(|relation| is_held(relation, teams))
            && teams.iter().all(|team| {
                let relations = after.team_grants.pair(*team, cell.0).asked;
                relations.each().all(|relation| is_held(relation, std::slice::from_ref(team)))
            })
    }

    /// Whether what a member holds on a cell, and on the reading that bounds it, passes a test.
    fn holds(&self, member: MemberIndex, cell: Cell, test: impl Fn(&Held<'_>) -> bool) -> bool {
        let cells = [Some(cell), self.compiled.catalog.bound(cell)].into_iter().flatten();
        let Some(row) = self.member_table.rows.get(member.0).filter(|_| self.is_active(member))
        else {
            return false;
        };
        let own = |cell: Cell| self.classes.rows.get(row.class, cell.0).asked;
        let mut held = cells.map(|cell| Held { policy: self, row, cell, own: own(cell) });
        held.all(|held| test(&held))
    }

    fn covers_relation(
        &self,
        grantor: MemberIndex,
        held: &Held<'_>,
        after: &Policy,
        row: &Row,
        relation: Relations,
        teams: &[u32],
    ) -> bool {
        let every = held.every();
        if every.has(Relations::ALL) {
            return true;
        }
        // Whoever is in no team yet, or in no department, may be tomorrow.
        let in_team = |any: Relations| {
            if teams.is_empty() {
                return every.has(any);
            }
            teams.iter().all(|team| held.reaches_team(after, *team))
        };
        let in_department = || {
            let mine = self
                .member_table
                .rows
                .get(grantor.0)
                .map_or("", |row| self.member_table.tree.id(row.department));
            let mine = after.member_table.tree.find(mine);
            every.has(Relations::DEPARTMENT)
                && mine.is_some_and(|mine| {
                    after.member_table.tree.is_at_or_below(row.department, mine)
                })
        };
        match relation {
            Relations::ME => every.has(Relations::ME),
            Relations::ASSIGNED => every.has(Relations::ASSIGNED),
            Relations::TEAM => in_team(Relations::TEAM),
            Relations::DEPARTMENT if row.department == NOBODY => {
                every.has(Relations::DEPARTMENT)
            }
            Relations::DEPARTMENT => in_department(),
            Relations::ASSIGNED_IN_DEPARTMENT => {
                every.has(Relations::ASSIGNED.union(Relations::ASSIGNED_IN_DEPARTMENT))
                    || in_department()
            }
            Relations::TEAM_IN_DEPARTMENT => {
                in_team(Relations::TEAM.union(Relations::TEAM_IN_DEPARTMENT)) || in_department()
            }
            Relations::UNOWNED => every.has(Relations::UNOWNED),
            _ => false,
        }
    }
}

/// What a giver holds on one cell.
struct Held<'p> {
    policy: &'p Policy,
    row: &'p Row,
    cell: Cell,
    own: Relations,
}

impl Held<'_> {
    /// The arms of all lanes together.
    fn every(&self) -> Relations {
        let teams = self.policy.member_table.teams_of(self.row).iter();
        let through = |team: &u32| self.policy.team_grants.pair(*team, self.cell.0).asked;
        teams.map(through).fold(self.own, Relations::union)
    }

    /// Whether the records of a team's members are reached.
    fn reaches_team(&self, after: &Policy, team: u32) -> bool {
        let id =
            after.team_grants.team_grant(team).map_or("", |team_grant| team_grant.id.as_str());
        let Some(team) = self.policy.team_grants.find(id) else { return false };
        let through = self.policy.team_grants.pair(team, self.cell.0).asked;
        self.policy.member_table.teams_of(self.row).contains(&team)
            && (self.own.has(Relations::TEAM) || through.has(Relations::TEAM))
    }
}

/// Whether an arm is held when it is not known whose team or department it will be about.
fn covers_any(held: &Held<'_>, relation: Relations) -> bool {
    let every = held.every();
    every.has(Relations::ALL) || every.has(relation)
}
