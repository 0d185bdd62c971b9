//! Parts of lists: as many rows as are wanted, and no more than fit into memory beside those of others.
//!
//! **Invariant:** a list of rows of any size is read in parts, which are cut here and nowhere else, so that what a list takes
//! does not depend on how large its rows are. A part has a row at least where there is one, however large.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::error::Error;
use crate::row::{Header, Row, Rows};
use crate::value::Value;

/// The most bytes of the rows of a part, unless its first row has more.
pub const PART_BYTES: usize = 2 << 20;

/// A part of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// Whether the list goes on behind the last of them.
    pub has_more: bool,
}

impl<T> Part<T> {
    /// The same part of other items.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Part<U> {
        Part { items: self.items.into_iter().map(change).collect(), has_more: self.has_more }
    }
}

/// How much of a part is left.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    left: usize,
    is_unused: bool,
}

impl Default for Room {
    fn default() -> Room {
        Room::of(PART_BYTES)
    }
}

impl Room {
    pub(crate) fn of(bytes: usize) -> Room {
        Room { left: bytes, is_unused: true }
    }

    /// Takes so many bytes, if they fit or are the first ones.
    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        let fits = self.is_unused || bytes <= self.left;
        if fits {
            self.left = self.left.saturating_sub(bytes);
            self.is_unused = false;
        }
        fits
    }
}

/// What becomes of the rows of a statement while they are read.
///
/// A statement may be begun a second time, with a clone of the sink in which no row is yet.
pub(crate) trait Sink: Clone + Send + 'static {
    /// Takes the next row, and tells whether it wants another.
    fn take(&mut self, row: Row) -> Result<ControlFlow<()>, Error>;
}

/// Every row, as far as there is room.
#[derive(Clone)]
pub(crate) struct Collected {
    room: Option<Room>,
    rows: Vec<Row>,
    is_cut: bool,
}

impl Collected {
    /// Every row.
    pub(crate) fn all() -> Collected {
        Collected { room: None, rows: Vec::new(), is_cut: false }
    }

    /// The first rows that fit.
    pub(crate) fn within(room: Room) -> Collected {
        Collected { room: Some(room), ..Collected::all() }
    }

    /// The rows, and whether there are more.
    pub(crate) fn into_rows(self, header: Arc<Header>) -> (Rows, bool) {
        (Rows::new(header, self.rows), self.is_cut)
    }
}

impl Sink for Collected {
    fn take(&mut self, row: Row) -> Result<ControlFlow<()>, Error> {
        if self.room.as_mut().is_none_or(|room| room.take(row.size())) {
            self.rows.push(row);
            return Ok(ControlFlow::Continue(()));
        }
        self.is_cut = true;
        Ok(ControlFlow::Break(()))
    }
}

/// The number to bind as the LIMIT of a part: one more than it has, which shows whether the list goes on.
pub(crate) fn one_more(limit: usize) -> Value {
    Value::Int(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1))
}

/// The part of the rows that were read, at most so many.
pub(crate) fn cut<T>(
    (rows, is_cut): (Rows, bool),
    limit: usize,
    from_row: impl Fn(&Row) -> Result<T, Error>,
) -> Result<Part<T>, Error> {
    let has_more = is_cut || rows.len() > limit;
    // Each row is dropped once it is an item.
    let items = rows.into_iter().take(limit).map(|row| from_row(&row));
    Ok(Part { items: items.collect::<Result<_, _>>()?, has_more })
}

#[cfg(test)]
mod tests;
