//! The grant ceiling: a member cannot grant more than they hold.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::access::Reach;
use crate::boundary::Limit;
use crate::catalog::Cell;
use crate::class::{ClassKey, OwnSource};
use crate::member_table::{ABSENT, MemberIndex, NO_CLASS, Row};
use crate::policy::Policy;
use crate::relations::{BoundRelations, Relations};
use crate::scope::Visibility;

mod container;

/// An action that a member would be granted further than the grantor holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excess {
    /// The resource's key.
    pub resource: String,
    /// The action's key.
    pub action: String,
    /// The reach of the grantor.
    pub held: Reach,
    /// The reach that would be granted.
    pub given: Reach,
}

impl Policy {
    /// Every cell that can be granted: those of the resources, then those that represent resources
    /// added later. Only wildcards grant the latter. [`Policy::keys`] names them by the wildcard, such
    /// as `@records`.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let all: Vec<_> = policy.grantable_cells().collect();
    /// assert!(all.len() > policy.cells().count());
    /// assert!(all.contains(&policy.grantable_cell("@records", "read").unwrap()));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    pub fn grantable_cells(&self) -> impl Iterator<Item = Cell> {
        self.compiled.catalog.every_cell()
    }

    /// Resolves the keys of a resource, or a wildcard such as `@records`, and an action.
    #[must_use]
    pub fn grantable_cell(&self, resource: &str, action: &str) -> Option<Cell> {
        self.compiled.catalog.any_cell(resource, action)
    }

    /// What a member would gain by a change beyond what the grantor holds. Empty when the ceiling
    /// allows the change.
    ///
    /// `after` is this policy with the change applied: an invitation, another role, level, visibility
    /// or team of the member, or an edited role or profile. Actions whose grants stay equal are
    /// ignored. To grant own records takes own records or more; to grant the records of a team or a
    /// department takes those of that team or department.
    ///
    /// ```
    /// use hallpass_engine::{Blueprint, Change, Member, Policy, Workspace};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// let members = vec![Member::new("anna", "manager"), Member::new("ben", "member")];
    /// let before = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// let after = before.apply(&[Change::PutMember(Member::new("ben", "owner"))])?;
    /// let anna = before.member("anna").unwrap();
    /// assert!(!before.excess(anna, &after, "ben").is_empty());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn excess(&self, grantor: MemberIndex, after: &Policy, member: &str) -> Vec<Excess> {
        let Some(recipient) = after.member(member) else { return Vec::new() };
        let before = self.member(member).filter(|_| self.is_related(after));
        let may_grow = |cell: &Cell| {
            before.is_none_or(|before| {
                self.relations_by_row(before, *cell) != after.relations_by_row(recipient, *cell)
                    || !self.has_same_links(after, recipient)
            })
        };
        let cells = after.grantable_cells().filter(may_grow);
        let excessive = cells.filter(|cell| !self.covers(grantor, after, recipient, *cell));
        excessive
            .map(|cell| {
                let (resource, action) = after.keys(cell);
                let held = self.grantable_cell(resource, action);
                let held = held.map(|cell| self.reach(grantor, cell));
                Excess {
                    resource: resource.to_owned(),
                    action: action.to_owned(),
                    held: held.unwrap_or_default(),
                    given: after.reach(recipient, cell),
                }
            })
            .collect()
    }

    /// The cells, out of some, of which any of some members would gain more by a change than the grantor
    /// holds. Like [`Policy::excess`] for each member, but it checks members with equal grants and
    /// links once. Members and cells are handles of `after`.
    ///
    /// ```
    /// use hallpass_engine::{Change, Member};
    /// # let before = hallpass_engine::doc::policy()?;
    /// let after = before.apply(&[Change::PutMember(Member::new("cleo", "owner"))])?;
    /// let ben = before.member("ben").unwrap();
    /// let cells: Vec<_> = after.cells().collect();
    /// assert!(!before.excess_among(ben, &after, after.members(), &cells).is_empty());
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
            let has_same_links = known.is_some() && self.has_same_links(after, member);
            // Members with equal classes and links have the same result; their managers do not matter.
            if let Some(known) = known.filter(|_| has_same_links)
                && !seen.insert((known.class, row.without_manager()))
            {
                continue;
            }
            let excessive = cells.iter().filter(|cell| {
                let may_grow = !has_same_links
                    || self.relations_by_row(member, **cell)
                        != after.relations_by_row(member, **cell);
                may_grow && !self.covers(grantor, after, member, **cell)
            });
            found.extend(excessive.copied());
        }
        found.into_iter().collect()
    }

    /// Whether an action covers every record for a member, including unowned ones and those of
    /// non-members.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// let read = policy.cell("contacts", "read").unwrap();
    /// assert!(policy.reaches_all(anna, read) && !policy.reaches_all(ben, read));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn reaches_all(&self, member: MemberIndex, cell: Cell) -> bool {
        self.holds(member, cell, |held| held.every().contains(Relations::ALL))
    }

    /// The cells of which a new holder of a role, without team and department, would have more than the
    /// grantor holds; empty for an unknown role. Like [`Policy::excess`], without applying a change.
    ///
    /// ```
    /// use hallpass_engine::Visibility;
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// assert!(policy.excess_of_role(anna, "member", Visibility::Own).is_empty());
    /// assert!(!policy.excess_of_role(ben, "owner", Visibility::Own).is_empty());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
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
        let excessive = self.grantable_cells().zip(row).filter(|(cell, relations)| {
            let is_held = |relation: Relations| {
                is_held(*cell, relation)
                    || !self.gives(grantor, self, Some(&key), *cell, relation)
            };
            !relations.action.iter().all(is_held)
        });
        excessive.map(|(cell, _)| cell).collect()
    }

    /// The relations that the grants of a member admit on a cell: first their own, then those of each
    /// team by its position.
    pub(crate) fn relations_by_row(
        &self,
        member: MemberIndex,
        cell: Cell,
    ) -> Vec<(u32, BoundRelations)> {
        let Some(row) = self.member_table.rows.get(member.0) else { return Vec::new() };
        let teams = self.member_table.teams_of(row).iter();
        let team_grants = teams.map(|team| (*team, self.team_grants.relations(*team, cell.0)));
        let own = (ABSENT, self.classes.rows.get(row.class, cell.0));
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

    /// Whether the grantor holds every relation that the member's grants admit after the change.
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
        let Some(mine) = self.grantable_cell(resource, action) else { return false };
        let own = after.classes.rows.get(row.class, cell.0).action;
        let teams = after.member_table.teams_of(row);
        let is_held = |relation: Relations, teams: &[u32]| {
            self.holds(grantor, mine, |held| {
                self.covers_relation(grantor, held, after, row, relation, teams)
            })
        };
        let is_own_held = |relation: Relations| {
            is_held(relation, teams)
                || !self.gives(grantor, after, after.classes.key(row.class), cell, relation)
        };
        own.iter().all(is_own_held)
            && teams.iter().all(|team| {
                let relations = after.team_grants.relations(*team, cell.0).action;
                relations.iter().all(|relation| is_held(relation, std::slice::from_ref(team)))
            })
    }

    /// Whether a class is given a relation by who makes someone its member. What a switch gives is
    /// not, as far as it does not depend on where the member is: every active member has it, and
    /// [`Policy::excess_of_containers`] checks who turns the switch on.
    fn gives(
        &self,
        grantor: MemberIndex,
        after: &Policy,
        class: Option<&ClassKey>,
        cell: Cell,
        relation: Relations,
    ) -> bool {
        if !self.is_active(grantor) || !Relations::WHEREVER.contains(relation) {
            return true;
        }
        let (mine, then) = (&self.compiled, &after.compiled);
        let has_same_switches = Arc::ptr_eq(&mine.blueprint, &then.blueprint);
        let was_on = |switch: usize| mine.switches.get(switch).is_some_and(|on| *on);
        let counts = |source: OwnSource| match source {
            OwnSource::Switch(switch) => !has_same_switches || !was_on(switch),
            OwnSource::Role { .. } | OwnSource::Level(_) | OwnSource::BillingContact => true,
        };
        let given = class.map(|class| then.relations_from(class, cell, counts));
        given.is_none_or(|given| given.intersects(relation))
    }

    /// Whether a member's grants pass a test, both on a cell and on the read cell that bounds it.
    fn holds(
        &self,
        member: MemberIndex,
        cell: Cell,
        test: impl Fn(&HeldGrants<'_>) -> bool,
    ) -> bool {
        let cells = [Some(cell), self.compiled.catalog.bound(cell)].into_iter().flatten();
        let Some(row) = self.member_table.rows.get(member.0).filter(|_| self.is_active(member))
        else {
            return false;
        };
        let mut held = cells.map(|cell| {
            let limit = self.limit_on(member, cell);
            let own = limit.cap(self.classes.rows.get(row.class, cell.0).action);
            HeldGrants { policy: self, row, cell, own, limit }
        });
        held.all(|held| test(&held))
    }

    fn covers_relation(
        &self,
        grantor: MemberIndex,
        held: &HeldGrants<'_>,
        after: &Policy,
        row: &Row,
        relation: Relations,
        teams: &[u32],
    ) -> bool {
        let every = held.every();
        if every.contains(Relations::ALL) {
            return true;
        }
        // A member without a team or department may get one later, without this check.
        let in_team = |any: Relations| {
            if teams.is_empty() {
                return held.in_any_team().intersects(any);
            }
            teams.iter().all(|team| held.covers_team(after, *team, any))
        };
        let is_below = || {
            let mine = self
                .member_table
                .rows
                .get(grantor.0)
                .map_or("", |row| self.member_table.tree.id(row.department));
            let mine = after.member_table.tree.find(mine);
            mine.is_some_and(|mine| {
                after.member_table.tree.is_at_or_below(row.department, mine)
            })
        };
        let in_department = || every.contains(Relations::DEPARTMENT) && is_below();
        match relation {
            Relations::SELF => every.contains(Relations::SELF),
            Relations::ASSIGNED => every.contains(Relations::ASSIGNED),
            Relations::TEAM => in_team(Relations::TEAM),
            Relations::DEPARTMENT if row.department == ABSENT => {
                every.contains(Relations::DEPARTMENT)
            }
            Relations::DEPARTMENT => in_department(),
            Relations::ASSIGNED_IN_DEPARTMENT => {
                every.intersects(Relations::ASSIGNED.union(Relations::ASSIGNED_IN_DEPARTMENT))
                    || in_department()
            }
            Relations::TEAM_IN_DEPARTMENT => {
                let in_both = in_team(Relations::TEAM_IN_DEPARTMENT)
                    && (teams.is_empty() || row.department == ABSENT || is_below());
                in_both || in_team(Relations::TEAM) || in_department()
            }
            Relations::UNOWNED => every.contains(Relations::UNOWNED),
            _ => false,
        }
    }
}

/// The grants of a grantor on a cell.
struct HeldGrants<'p> {
    policy: &'p Policy,
    row: &'p Row,
    cell: Cell,
    own: Relations,
    /// What the boundary of the grantor leaves of the grants of teams.
    limit: Limit,
}

impl HeldGrants<'_> {
    /// The relations that any of the grants admits.
    fn every(&self) -> Relations {
        let teams = self.policy.member_table.teams_of(self.row).iter();
        teams.map(|team| self.of_team(*team)).fold(self.own, Relations::union)
    }

    /// The relations that any of the grants admits whichever team a member is in: a profile lets
    /// members of its team reach the records of that team alone.
    fn in_any_team(&self) -> Relations {
        let every = self.every().difference(Relations::TEAM);
        every.union(self.own.intersection(Relations::TEAM))
    }

    /// Whether the grants have one of some relations to the members of a team.
    fn covers_team(&self, after: &Policy, team: u32, any: Relations) -> bool {
        let id =
            after.team_grants.team_grant(team).map_or("", |team_grant| team_grant.id.as_str());
        let Some(team) = self.policy.team_grants.find(id) else { return false };
        self.policy.member_table.teams_of(self.row).contains(&team)
            && self.own.union(self.of_team(team)).intersects(any)
    }

    fn of_team(&self, team: u32) -> Relations {
        self.limit.cap(self.policy.team_grants.relations(team, self.cell.0).action)
    }
}

/// Whether a relation is held for a recipient whose team and department are unknown.
fn covers_any(held: &HeldGrants<'_>, relation: Relations) -> bool {
    held.in_any_team().intersects(Relations::ALL.union(relation))
}
