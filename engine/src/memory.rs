//! The memory that a policy takes, and how far it may grow.

use std::mem::size_of;

use crate::class::ClassKey;
use crate::member_table::Row;
use crate::mistake::Mistake;
use crate::policy::Policy;
use crate::relations::BoundRelations;
use crate::scope::Scopes;
use crate::size::Rows;

/// The memory of a member, in bytes: the row, and the id in the list and in the directory.
const MEMBER: usize = size_of::<Row>() + 180;

/// The memory of an entry with an id, such as a team or a role, beside what grows with the cells.
const ENTRY: usize = 250;

/// The memory of a cell in the catalog, with its names.
const CELL: usize = 60;

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
