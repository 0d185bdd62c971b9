//! One part of an engine for each entity and action: no question meets the rules of another cell.

use std::collections::{BTreeMap, BTreeSet};

use crate::workload::Cell;

/// The parts, found by cell before the clock starts and by place while it runs.
pub(crate) struct Slices<Slice> {
    places: BTreeMap<Cell, usize>,
    slices: Vec<Slice>,
}

impl<Slice> Slices<Slice> {
    /// Builds the part of every cell.
    pub(crate) fn build(
        cells: &BTreeSet<Cell>,
        build: impl FnMut(&Cell) -> Result<Slice, String>,
    ) -> Result<Self, String> {
        let places = cells.iter().cloned().zip(0..).collect();
        Ok(Self { places, slices: cells.iter().map(build).collect::<Result<_, _>>()? })
    }

    /// Where the part of a cell is.
    pub(crate) fn place(&self, cell: &Cell) -> Result<usize, String> {
        self.places.get(cell).copied().ok_or_else(|| format!("no rules for `{cell}`"))
    }

    /// The part at a place.
    pub(crate) fn at(&self, place: usize) -> Option<&Slice> {
        self.slices.get(place)
    }
}
