//! One part of an engine for each entity and action, so that a question evaluates no other rules.

use std::collections::{BTreeMap, BTreeSet};

use crate::workload::Cell;

/// The parts: looked up by cell before the timing, and by index during it.
pub(crate) struct Slices<Slice> {
    indexes: BTreeMap<Cell, usize>,
    slices: Vec<Slice>,
}

impl<Slice> Slices<Slice> {
    /// Builds the part of every cell.
    pub(crate) fn build(
        cells: &BTreeSet<Cell>,
        build: impl FnMut(&Cell) -> Result<Slice, String>,
    ) -> Result<Self, String> {
        let indexes = cells.iter().cloned().zip(0..).collect();
        Ok(Self { indexes, slices: cells.iter().map(build).collect::<Result<_, _>>()? })
    }

    /// The index of the part of a cell.
    pub(crate) fn index(&self, cell: &Cell) -> Result<usize, String> {
        self.indexes.get(cell).copied().ok_or_else(|| format!("no rules for `{cell}`"))
    }

    /// The part at an index.
    pub(crate) fn at(&self, index: usize) -> Option<&Slice> {
        self.slices.get(index)
    }
}
