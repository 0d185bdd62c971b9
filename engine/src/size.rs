//! The size of a policy: how much a workspace may make of an access model.
//!
//! Roles, profiles and combinations of levels each have a row with a place for every action of every
//! resource. Each list is bounded by itself, and so is their product.

use crate::mistake::Mistake;
use crate::scope::Sharing;

/// The most places in all rows.
pub(crate) const MOST_PLACES: usize = 8_000_000;

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
