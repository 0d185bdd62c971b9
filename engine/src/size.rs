//! The size of a policy: how much a workspace may make of an access model, and the memory that it takes.
//!
//! Roles, profiles and combinations of levels each have a row with a place for every action of every
//! resource. Each list is bounded by itself, and so is their product.

use std::mem::size_of;

use crate::class::ClassKey;
use crate::compiled_grants::CompiledGrants;
use crate::member_table::Row;
use crate::mistake::Mistake;
use crate::policy::Policy;
use crate::relations::BoundRelations;
use crate::scope::{Scopes, Sharing};

/// The most places in all rows.
pub(crate) const MOST_PLACES: usize = 8_000_000;

/// The memory of a member, in bytes: the row, and the id in the list and in the directory.
const MEMBER: usize = size_of::<Row>() + 180;

/// The memory of an entry with an id, such as a team or a role, beside what grows with the cells.
const ENTRY: usize = 250;

/// The memory of a cell in the catalog, with its names.
const CELL: usize = 60;

/// The rows of roles, switches and profiles, and those of classes.
#[derive(Clone, Copy)]
pub(crate) struct Rows {
    pub(crate) fixed: usize,
    pub(crate) classes: usize,
}

impl Rows {
    /// Checks that so many rows are not too large.
    pub(crate) fn check(self, cells: usize) -> Result<(), Mistake> {
        let rows = self.fixed.saturating_add(self.classes);
        let places = rows.saturating_mul(cells);
        if places <= MOST_PLACES {
            return Ok(());
        }
        let message = format!(
            "{rows} roles, profiles and combinations of levels, each with {cells} actions, make {places} cells"
        );
        let hint = format!("the limit is {MOST_PLACES}: use fewer of them");
        Err(Mistake::unplaced(message, Some(hint)))
    }
}

/// The rows of roles, flags, switches and profiles, whether they are compiled yet or not.
pub(crate) fn fixed_rows(roles: usize, switches: usize, profiles: usize) -> usize {
    roles + switches + profiles * Sharing::EVERY.len() + 2
}

impl CompiledGrants {
    pub(crate) fn fixed_rows(&self) -> usize {
        fixed_rows(self.role_by_id.len(), self.added.len(), self.profile_by_id.len())
    }
}

impl Policy {
    pub(crate) fn rows(&self) -> Rows {
        Rows { fixed: self.compiled.fixed_rows(), classes: self.classes.len() }
    }

    /// Checks that a change of a policy has not made it too large. One that is too large already can be
    /// made smaller.
    pub(crate) fn check_growth(&self, before: &Policy) -> Result<(), Mistake> {
        let (rows, was) = (self.rows(), before.rows());
        if rows.fixed + rows.classes <= was.fixed + was.classes {
            return Ok(());
        }
        rows.check(self.compiled.catalog.len())
    }

    /// The memory that the policy takes, in bytes, without its blueprint: an estimate from the lengths of
    /// its tables, by which a cache can be bounded. What it shares with other policies counts in full.
    ///
    /// ```
    /// assert!(hallpass_engine::doc::policy()?.memory() > 1_000);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn memory(&self) -> usize {
        let cells = self.compiled.catalog.len();
        let Rows { fixed, classes } = self.rows();
        let class = size_of::<ClassKey>() + ENTRY + cells * size_of::<BoundRelations>();
        let scopes = self.compiled.roles.len() + self.compiled.added.len() + 1;
        self.member_table.rows.len() * MEMBER
            + classes * class
            + self.team_grants.len() * ENTRY
            + fixed * (ENTRY + cells * size_of::<BoundRelations>())
            + scopes * cells * size_of::<Scopes>()
            + self.member_table.tree.departments().len() * ENTRY
            + cells * CELL
    }
}
