//! What roles, switches, profiles, teams and departments give, whether or not they have members.
//!
//! **Invariant:** a container is checked when it changes, because a member who enters it later is
//! let in by another grantor, who may hold more.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{HeldGrants, covers_any};
use crate::blueprint::VisibilityMode;
use crate::catalog::Cell;
use crate::member_table::{MemberIndex, Row};
use crate::policy::Policy;
use crate::profile::Cells;
use crate::relations::Relations;
use crate::scope::{Scope, Scopes, Visibility};

/// What a container gives its members in a cell, beyond what it gave before. The cell is one of the
/// policy after the change.
struct Gain {
    cell: Cell,
    relations: Relations,
    /// The position of the team in which it counts; `None` for wherever the member is.
    team: Option<u32>,
}

impl Policy {
    /// The cells, of the policy after it, in which a change of roles, switches, profiles, teams or
    /// departments gives their present and future members more than before, and more than the grantor
    /// holds. It does not depend on who is in them now. A role with the scope `visible` gives own
    /// records here; to set a member's visibility is a grant of its own.
    ///
    /// ```
    /// use hallpass_engine::{Cells, Change, Profile, Scope};
    /// # let before = hallpass_engine::doc::policy()?;
    /// let mut cells = Cells::default();
    /// cells.set("contacts", "read", Some(Scope::All));
    /// let after = before.apply(&[Change::PutProfile(Profile { id: "clerk".into(), cells })])?;
    /// let (anna, ben) = (before.member("anna").unwrap(), before.member("ben").unwrap());
    /// assert!(before.excess_of_containers(anna, &after).is_empty());
    /// assert_eq!(before.excess_of_containers(ben, &after).len(), 1);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn excess_of_containers(&self, grantor: MemberIndex, after: &Policy) -> Vec<Cell> {
        let mut gains = self.gains_of_roles(after);
        gains.extend(self.gains_of_switches(after));
        gains.extend(self.gains_of_profiles(after));
        gains.extend(self.gains_of_teams(after));
        let excessive = gains.iter().filter(|gain| !self.covers_gain(grantor, after, gain));
        let mut found: BTreeSet<Cell> = excessive.map(|gain| gain.cell).collect();
        found.extend(self.excess_of_departments(grantor, after));
        found.extend(self.excess_of_indirect_reports(grantor, after));
        found.into_iter().collect()
    }

    /// The scope that the cells of a profile grant in a cell of this policy.
    #[must_use]
    pub fn scope_in(&self, cells: &Cells, cell: Cell) -> Option<Scope> {
        let resource = self.compiled.catalog.resource(cell)?;
        cells.grants(resource, self.compiled.catalog.action(cell))
    }

    fn gains_of_roles(&self, after: &Policy) -> Vec<Gain> {
        let (mine, then) = (&self.compiled, &after.compiled);
        let mut gains = Vec::new();
        for (id, index) in &then.role_by_id {
            let Some(role) = then.roles.get(*index as usize) else { continue };
            let known =
                mine.role_by_id.get(id).and_then(|index| mine.roles.get(*index as usize));
            if known.is_some_and(|known| Arc::ptr_eq(known, role)) {
                continue;
            }
            let before = |cell: Cell| known.map(|known| scopes_at(&known.scopes, cell));
            gains.extend(self.gains_of_scopes(after, &role.scopes, before));
        }
        gains
    }

    fn gains_of_switches(&self, after: &Policy) -> Vec<Gain> {
        let is_on = |key: &str| {
            let switches = self.compiled.blueprint.switches.iter().zip(&self.compiled.switches);
            switches.into_iter().any(|(switch, on)| *on && switch.key == key)
        };
        let then = &after.compiled;
        let switches = then.blueprint.switches.iter().zip(&then.switches).zip(&then.added);
        let turned_on = switches.filter(|((switch, on), _)| **on && !is_on(&switch.key));
        turned_on.flat_map(|(_, added)| self.gains_of_scopes(after, added, |_| None)).collect()
    }

    /// The cells in which a list of scopes, one for each cell, has more than another.
    fn gains_of_scopes(
        &self,
        after: &Policy,
        scopes: &[Scopes],
        before: impl Fn(Cell) -> Option<Scopes>,
    ) -> Vec<Gain> {
        let gain = |cell: Cell| {
            let was = self.same_cell(after, cell).and_then(&before).unwrap_or_default();
            let now = Relations::of(scopes_at(scopes, cell), Visibility::Own);
            gained(cell, now, Relations::of(was, Visibility::Own), None)
        };
        after.grantable_cells().filter_map(gain).collect()
    }

    fn gains_of_profiles(&self, after: &Policy) -> Vec<Gain> {
        let (mine, then) = (&self.compiled, &after.compiled);
        let mut gains = Vec::new();
        for (id, index) in &then.profile_by_id {
            let profile = then.profiles.get(*index as usize).and_then(Option::as_ref);
            let Some(profile) = profile else { continue };
            let known = mine.profile_by_id.get(id);
            let known = known.and_then(|index| mine.profiles.get(*index as usize)?.as_ref());
            if known.is_some_and(|known| Arc::ptr_eq(known, profile)) {
                continue;
            }
            let scopes = |policy: &Policy, cells: &Cells, cell: Cell| {
                policy.scope_in(cells, cell).map(Scopes::from)
            };
            let now: Vec<Scopes> = after
                .grantable_cells()
                .map(|cell| scopes(after, &profile.cells, cell).unwrap_or_default())
                .collect();
            let was = |cell: Cell| scopes(self, &known?.cells, cell);
            gains.extend(self.gains_of_scopes(after, &now, was));
        }
        gains
    }

    fn gains_of_teams(&self, after: &Policy) -> Vec<Gain> {
        let (mine, then) = (&self.team_grants, &after.team_grants);
        if mine.is_same(then) {
            return Vec::new();
        }
        let teams = then.ids().map(|(id, team)| (mine.find(id), team));
        let gains = teams.flat_map(|(known, team)| {
            after.grantable_cells().filter_map(move |cell| {
                let was = self.same_cell(after, cell).zip(known);
                let was = was.map(|(cell, team)| mine.relations(team, cell.0).action);
                let now = then.relations(team, cell.0).action;
                gained(cell, now, was.unwrap_or_default(), Some(team))
            })
        });
        gains.collect()
    }

    fn covers_gain(&self, grantor: MemberIndex, after: &Policy, gain: &Gain) -> bool {
        let Some(cell) = self.same_cell(after, gain.cell) else { return false };
        let is_held = |held: &HeldGrants<'_>, relation: Relations| match gain.team {
            Some(team) => {
                self.covers_relation(grantor, held, after, &Row::EMPTY, relation, &[team])
            }
            None => covers_any(held, relation),
        };
        let mut relations = gain.relations.iter();
        relations.all(|relation| self.holds(grantor, cell, |held| is_held(held, relation)))
    }

    /// The cells in which a member of a department can reach departments that are below it only after
    /// a change, and that the grantor does not reach. Departments without members have no records;
    /// who enters one is checked then.
    fn excess_of_departments(&self, grantor: MemberIndex, after: &Policy) -> Vec<Cell> {
        let (mine, then) = (&self.member_table, &after.member_table);
        if mine.tree.is_same(&then.tree) {
            return Vec::new();
        }
        let was_below = |id: &str, above: &str| {
            let both = mine.tree.find(id).zip(mine.tree.find(above));
            both.is_some_and(|(id, above)| mine.tree.is_at_or_below(id, above))
        };
        let mut added: BTreeSet<&str> = BTreeSet::new();
        for above in then.tree.departments() {
            let Some(index) = then.tree.find(&above.id) else { continue };
            for below in then.tree.subtree(index) {
                let id = then.tree.id(*below);
                let has_members = !then.department_members.get(*below).is_empty();
                if *below != index && has_members && !was_below(id, &above.id) {
                    added.insert(id);
                }
            }
        }
        if added.is_empty() {
            return Vec::new();
        }
        let own = mine.rows.get(grantor.0).map_or("", |row| mine.tree.id(row.department));
        let in_own = added.iter().all(|id| was_below(id, own));
        let is_covered = |cell: Cell| {
            let Some(cell) = self.same_cell(after, cell) else { return false };
            self.holds(grantor, cell, |held| {
                let every = held.every();
                every.contains(Relations::ALL)
                    || (in_own && every.contains(Relations::DEPARTMENT))
            })
        };
        let reached = after.cells().filter(|cell| after.may_reach(*cell, Scope::Department));
        reached.filter(|cell| !is_covered(*cell)).collect()
    }

    /// The cells in which managers reach indirectly assigned members only after a change, and the
    /// grantor does not reach every record.
    fn excess_of_indirect_reports(&self, grantor: MemberIndex, after: &Policy) -> Vec<Cell> {
        if self.member_table.counts_indirect || !after.member_table.counts_indirect {
            return Vec::new();
        }
        let reached = after.cells().filter(|cell| after.may_reach(*cell, Scope::Assigned));
        let is_covered = |cell: Cell| {
            self.same_cell(after, cell).is_some_and(|cell| self.reaches_all(grantor, cell))
        };
        reached.filter(|cell| !is_covered(*cell)).collect()
    }

    /// Whether some member could have a scope, or one that bounds it, on a cell.
    fn may_reach(&self, cell: Cell, scope: Scope) -> bool {
        let compiled = &self.compiled;
        let by_visibility =
            scope == Scope::Department && compiled.blueprint.visibility.is_some();
        let has = |scopes: Scopes| {
            scopes.contains(scope) || (by_visibility && scopes.contains(Scope::Visible))
        };
        let mut roles = compiled.roles.iter();
        let by_role = roles.any(|role| {
            let scopes = scopes_at(&role.scopes, cell);
            let is_bounded = by_visibility && role.visibility_mode == VisibilityMode::Bounds;
            has(scopes) || (is_bounded && !scopes.is_empty())
        });
        let mut added = compiled.added.iter().chain([&compiled.billing_contact]);
        let ladder = compiled.catalog.resource(cell).map(|resource| &resource.ladder);
        let action = compiled.catalog.action_index(cell);
        let mut levels = ladder.into_iter().flatten();
        by_role
            || added.any(|scopes| has(scopes_at(scopes, cell)))
            || levels.any(|level| level.actions.contains(&action) && has(level.scope.into()))
    }

    /// The cell of this policy with the keys of one of another.
    fn same_cell(&self, other: &Policy, cell: Cell) -> Option<Cell> {
        if Arc::ptr_eq(&self.compiled.catalog, &other.compiled.catalog) {
            return Some(cell);
        }
        let (resource, action) = other.keys(cell);
        self.grantable_cell(resource, action)
    }
}

fn scopes_at(scopes: &[Scopes], cell: Cell) -> Scopes {
    scopes.get(usize::from(cell.0)).copied().unwrap_or_default()
}

fn gained(cell: Cell, now: Relations, was: Relations, team: Option<u32>) -> Option<Gain> {
    let relations = now.difference(was);
    let is_gain = !was.contains(Relations::ALL) && !relations.is_empty();
    is_gain.then_some(Gain { cell, relations, team })
}
