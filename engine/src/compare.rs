//! Compares two policies: which members gain or lose which actions, with the reach on each side.

use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::access::Reach;
use crate::catalog::Cell;
use crate::decide::Target;
use crate::filter::Filter;
use crate::member_table::{MemberIndex, NO_CLASS};
use crate::policy::Policy;

mod pair;

/// An action whose reach differs for a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The member's id.
    pub member: String,
    /// The resource's key.
    pub resource: String,
    /// The action's key.
    pub action: String,
    /// The reach before.
    pub before: Side,
    /// The reach after.
    pub after: Side,
    /// Whether the action covers records after that it did not cover before.
    pub gains: bool,
    /// Whether the action covered records before that it does not cover after.
    pub loses: bool,
}

/// The reach of an action for a member in one of the policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The reach.
    pub reach: Reach,
    /// The reach as a filter, with handles of that policy. Together with the number of records of
    /// each owner it tells how many records are gained or lost.
    pub filter: Filter,
}

/// A cell in both policies; one may lack it.
type CellPair = (Option<Cell>, Option<Cell>);

/// What the grants of a member depend on: the classes in both policies, and the teams.
type GrantKey = (u32, u32, Box<[u32]>);

/// What both policies share, as a whole.
struct Shared {
    lineage: bool,
    reports: bool,
    tree: bool,
    teams: bool,
    departments: bool,
    team_grants: bool,
}

impl Shared {
    fn of(before: &Policy, after: &Policy) -> Shared {
        let (mine, theirs) = (&before.member_table, &after.member_table);
        Shared {
            lineage: before.is_related(after),
            reports: mine.reports.is_same(&theirs.reports),
            tree: mine.tree.is_same(&theirs.tree),
            teams: mine.team_members.is_same(&theirs.team_members),
            departments: mine.department_members.is_same(&theirs.department_members),
            team_grants: before.team_grants.is_same(&after.team_grants),
        }
    }
}

/// Compares members one by one.
struct Comparer<'p> {
    before: &'p Policy,
    after: &'p Policy,
    cells: Rc<[CellPair]>,
    shared: Shared,
    /// The cells on which grants differ, for members with the same owners. Most members share theirs
    /// with many.
    differing: HashMap<GrantKey, Rc<[CellPair]>, FixedState>,
    /// Whether a class grants the same in both, as far as it was needed.
    same_classes: HashMap<u32, bool, FixedState>,
    /// Whether a team grants the same in both.
    same_teams: HashMap<u32, bool, FixedState>,
}

impl<'p> Comparer<'p> {
    fn new(before: &'p Policy, after: &'p Policy, cells: Vec<CellPair>) -> Comparer<'p> {
        let shared = Shared::of(before, after);
        Comparer {
            before,
            after,
            cells: cells.into(),
            shared,
            differing: HashMap::default(),
            same_classes: HashMap::default(),
            same_teams: HashMap::default(),
        }
    }

    /// Compares every member of two policies of one lineage, in which most have not changed.
    fn compare_related(&mut self) -> Vec<Difference> {
        let Comparer { before, after, .. } = *self;
        let places = before.member_table.rows.len().max(after.member_table.rows.len());
        let mut found = Vec::new();
        for place in 0..u32::try_from(places).unwrap_or(u32::MAX) {
            if self.is_unchanged(place) {
                continue;
            }
            let (mine, theirs) = (before.id_at(place), after.id_at(place));
            // Two changes of one policy may give a place to different members.
            for id in mine.into_iter().chain(theirs.filter(|theirs| Some(*theirs) != mine)) {
                let is_theirs = Some(id) != mine;
                // A member of both policies has the same place in both.
                if !is_theirs || before.member(id).is_none() {
                    found.extend(self.compare(id));
                }
            }
        }
        found
    }

    /// Whether the member at a place is the same in both policies, with the same grants and owners.
    /// False where it takes a closer look.
    fn is_unchanged(&mut self, place: u32) -> bool {
        let Comparer { before, after, .. } = *self;
        let (mine, theirs) = (&before.member_table, &after.member_table);
        let rows = mine.rows.get(place).zip(theirs.rows.get(place));
        let Some((row, then)) = rows.filter(|(row, then)| row == then) else { return false };
        if row.class == NO_CLASS {
            return true;
        }
        let names = mine.names.get(place).zip(theirs.names.get(place));
        names.is_some_and(|(mine, theirs)| Arc::ptr_eq(mine, theirs))
            && mine.teams_of(row) == theirs.teams_of(then)
            && self.has_same_class(row.class)
            && (self.shared.team_grants || self.has_same_team_grants(mine.teams_of(row)))
            && self.has_same_owners(MemberIndex(place))
    }

    fn has_same_class(&mut self, class: u32) -> bool {
        let Comparer { before, after, .. } = *self;
        *self.same_classes.entry(class).or_insert_with(|| {
            let (mine, theirs) = (&before.classes.rows, &after.classes.rows);
            before.cells().all(|cell| mine.get(class, cell.0) == theirs.get(class, cell.0))
        })
    }

    fn has_same_team_grants(&mut self, teams: &[u32]) -> bool {
        let Comparer { before, after, .. } = *self;
        teams.iter().all(|team| {
            *self.same_teams.entry(*team).or_insert_with(|| {
                let (mine, theirs) = (&before.team_grants, &after.team_grants);
                let is_same = |cell: Cell| {
                    mine.relations(*team, cell.0) == theirs.relations(*team, cell.0)
                };
                before.cells().all(is_same)
            })
        })
    }

    fn compare(&mut self, id: &str) -> Vec<Difference> {
        let Comparer { before, after, .. } = *self;
        let (mine, theirs) = (before.member(id), after.member(id));
        let stays = mine.filter(|member| self.shared.lineage && Some(*member) == theirs);
        let stays = stays.filter(|member| self.has_same_owners(*member));
        let cells = match stays {
            Some(member) => self.differing(member),
            None => Rc::clone(&self.cells),
        };
        let mut found = Vec::new();
        for (before_cell, after_cell) in cells.iter() {
            let first = before.side(mine, *before_cell);
            let then = after.side(theirs, *after_cell);
            let gains = after.exceeds(&then.filter, before, &first.filter);
            let loses = before.exceeds(&first.filter, after, &then.filter);
            if gains || loses || first.reach.is_empty() != then.reach.is_empty() {
                let named = before_cell.map(|cell| before.keys(cell));
                let (resource, action) = named
                    .or_else(|| after_cell.map(|cell| after.keys(cell)))
                    .unwrap_or_default();
                found.push(Difference {
                    member: id.to_owned(),
                    resource: resource.to_owned(),
                    action: action.to_owned(),
                    before: first,
                    after: then,
                    gains,
                    loses,
                });
            }
        }
        found
    }

    /// Whether a member is related to the same owners in both policies.
    fn has_same_owners(&self, member: MemberIndex) -> bool {
        let (mine, theirs) = (&self.before.member_table, &self.after.member_table);
        let rows = mine.rows.get(member.0).zip(theirs.rows.get(member.0));
        let Some((row, then)) = rows else { return false };
        let has_same_teams = || {
            let mut teams = mine.teams_of(row).iter();
            teams.all(|team| mine.team_members.get(*team) == theirs.team_members.get(*team))
        };
        let has_same_departments = || {
            mine.tree.subtree(row.department).iter().all(|department| {
                mine.department_members.get(*department)
                    == theirs.department_members.get(*department)
            })
        };
        row.without_class() == then.without_class()
            && mine.teams_of(row) == theirs.teams_of(then)
            && mine.counts_indirect == theirs.counts_indirect
            && (!mine.counts_indirect || self.shared.reports)
            && mine.reports.get(member.0) == theirs.reports.get(member.0)
            && self.shared.tree
            && (self.shared.teams || has_same_teams())
            && (self.shared.departments || has_same_departments())
    }

    /// The cells on which a member of both policies has other grants in the second, or on the read cell
    /// that bounds them.
    fn differing(&mut self, member: MemberIndex) -> Rc<[CellPair]> {
        let Comparer { before, after, .. } = *self;
        let rows = (&before.member_table.rows, &after.member_table.rows);
        let rows = rows.0.get(member.0).zip(rows.1.get(member.0));
        let Some((row, then)) = rows else { return Rc::clone(&self.cells) };
        let teams = before.member_table.teams_of(row).into();
        let all = &self.cells;
        let known = self.differing.entry((row.class, then.class, teams));
        Rc::clone(known.or_insert_with(|| {
            let differs = |(mine, theirs): &&CellPair| match mine.zip(*theirs) {
                None => true,
                Some((mine, theirs)) => {
                    before.relations_by_row(member, mine)
                        != after.relations_by_row(member, theirs)
                }
            };
            all.iter().filter(differs).copied().collect()
        }))
    }
}

impl Policy {
    /// Whether changes derive one policy from the other, so that their handles are compatible.
    pub(crate) fn is_related(&self, other: &Policy) -> bool {
        Arc::ptr_eq(&self.lineage, &other.lineage)
    }

    /// Lists the differences to another policy, by member, then by action in the order of the
    /// blueprint. A member or an action that one side lacks has no reach there.
    ///
    /// ```
    /// use hallpass_engine::{Blueprint, Change, Member, Policy, Workspace};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// # let workspace = Workspace { members: vec![Member::new("anna", "member")], ..Workspace::default() };
    /// # let before = Policy::compile(&blueprint, &workspace)?;
    /// let after = before.apply(&[Change::PutMember(Member::new("anna", "manager"))])?;
    /// let gained = before.compare(&after);
    /// let delete = gained.iter().find(|one| one.resource == "deals" && one.action == "delete").unwrap();
    /// assert_eq!(delete.before.reach.to_string(), "none");
    /// assert_eq!(delete.after.reach.to_string(), "own + assigned");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn compare(&self, after: &Policy) -> Vec<Difference> {
        let mut comparer = Comparer::new(self, after, self.matching_cells(after));
        if self.is_related(after) {
            return comparer.compare_related();
        }
        self.ids_of_both(after).flat_map(|id| comparer.compare(id)).collect()
    }

    /// Like [`Policy::compare`], for some members and cells only. Both are handles of `after`.
    ///
    /// ```
    /// use hallpass_engine::{Change, Member};
    /// # let before = hallpass_engine::doc::policy()?;
    /// let after = before.apply(&[Change::PutMember(Member::new("ben", "manager"))])?;
    /// let delete = after.cell("deals", "delete").unwrap();
    /// assert_eq!(before.compare_some(&after, after.members(), &[delete]).len(), 1);
    /// assert!(before.compare_some(&after, [], &[delete]).is_empty());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn compare_some(
        &self,
        after: &Policy,
        members: impl IntoIterator<Item = MemberIndex>,
        cells: &[Cell],
    ) -> Vec<Difference> {
        let matching = |cell: &Cell| {
            let (resource, action) = after.keys(*cell);
            (self.cell(resource, action), Some(*cell))
        };
        let mut comparer = Comparer::new(self, after, cells.iter().map(matching).collect());
        let members = members.into_iter();
        members.flat_map(|member| comparer.compare(after.id(member))).collect()
    }

    /// What members gain and lose by a question that each of the policies answers by a cell of its own, or
    /// by none. The differences name the cell of this policy, else that of the other.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let (read, delete) = (policy.cell("deals", "read"), policy.cell("deals", "delete"));
    /// let found = policy.compare_cells(&policy, delete, read);
    /// assert_eq!(found.len(), 1, "ben may read deals, and not delete them");
    /// assert!(found[0].gains && found[0].member == "ben");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn compare_cells(
        &self,
        after: &Policy,
        mine: Option<Cell>,
        theirs: Option<Cell>,
    ) -> Vec<Difference> {
        let mut comparer = Comparer::new(self, after, vec![(mine, theirs)]);
        self.ids_of_both(after).flat_map(|id| comparer.compare(id)).collect()
    }

    /// The ids of the members of this policy, then of those who are only in the other.
    fn ids_of_both<'p>(&'p self, after: &'p Policy) -> impl Iterator<Item = &'p str> {
        let joined = after.members().map(|member| after.id(member));
        let joined = joined.filter(|id| self.member(id).is_none());
        self.members().map(|member| self.id(member)).chain(joined)
    }

    /// Matches the cells of both policies by key: those of this one, then those only in the other.
    fn matching_cells(&self, after: &Policy) -> Vec<(Option<Cell>, Option<Cell>)> {
        let named = |policy: &Policy, other: &Policy, cell: Cell| {
            let (resource, action) = other.keys(cell);
            policy.cell(resource, action)
        };
        let mine = self.cells().map(|cell| (Some(cell), named(after, self, cell)));
        let theirs = after.cells().filter(|cell| named(self, after, *cell).is_none());
        mine.chain(theirs.map(|cell| (None, Some(cell)))).collect()
    }

    fn side(&self, member: Option<MemberIndex>, cell: Option<Cell>) -> Side {
        match member.zip(cell) {
            Some((member, cell)) => {
                Side { reach: self.reach(member, cell), filter: self.filter(member, cell) }
            }
            None => Side { reach: Reach::default(), filter: Filter::Nothing },
        }
    }

    /// Whether a filter of this policy admits records that a filter of the other does not, if every
    /// member has records, and there are unowned records and records of non-members.
    fn exceeds(&self, filter: &Filter, other: &Policy, bound: &Filter) -> bool {
        let in_other = |member: MemberIndex| {
            other.member(self.id(member)).map_or(Target::OwnedByNonMember, Target::OwnedBy)
        };
        match (filter, bound) {
            (Filter::Nothing, _) | (_, Filter::All) => false,
            (Filter::All, Filter::Nothing | Filter::Owners(_)) => true,
            (Filter::Owners(_), Filter::Nothing) => filter.has_owners(),
            (Filter::Owners(mine), Filter::Owners(theirs)) => {
                (mine.unowned && !theirs.unowned)
                    || mine.members.iter().any(|member| !bound.admits(in_other(*member)))
            }
        }
    }
}
