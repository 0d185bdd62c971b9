//! Where the records of a list come from: the plan, chosen from the counters.
//!
//! Everything costs as many rows as are walked, or as many seeks as there are owners, whichever is
//! less, whatever the order in which the records were made.

use hallpass_domain::id::RecordId;
use uuid::Uuid;

use super::Records;
use super::counter::Visible;
use super::query::{Reach, RecordPosition, SortOrder};
use super::statement::{StreamKind, step, stream};
use crate::error::Error;
use crate::value::{Row, Value};

/// A seek costs about as much as so many rows of a scan.
const ROWS_OF_A_SEEK: i64 = 4;

/// The least number of rows for which a scan is worth its while.
const LEAST_BUDGET: i64 = 500;

/// The places of a list, one after the other.
pub(super) struct Source {
    entity: String,
    order: SortOrder,
    /// The last place that was passed.
    place: RecordPosition,
    plan: Plan,
}

enum Plan {
    /// There is nothing.
    Nothing,
    /// Everything, in order.
    Walk,
    /// The stream of one owner.
    One(Uuid),
    /// Everything, leaving out what others own, for so many rows; then merged.
    Scan { owners: Vec<Uuid>, share: Share, budget: i64 },
    /// The streams of many owners together.
    Merge(Vec<Uuid>),
}

/// How many of all records are visible.
#[derive(Clone, Copy)]
struct Share {
    n: i64,
    total: i64,
}

impl Share {
    /// How many rows are walked until so many visible ones were met, if they lie evenly.
    fn rows_for(self, wanted: usize) -> i64 {
        let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
        wanted.saturating_mul(self.total) / self.n.max(1)
    }
}

impl Source {
    pub(super) fn new(
        entity: &str,
        order: SortOrder,
        after: Option<RecordPosition>,
        wanted: usize,
        visible: Visible,
    ) -> Source {
        let place = after.unwrap_or_else(|| order.ends().0);
        let plan = choose(wanted, visible);
        Source { entity: entity.to_owned(), order, place, plan }
    }

    /// The next places, as many as wanted unless the list ends.
    pub(super) async fn next(
        &mut self,
        records: &mut Records<'_>,
        wanted: usize,
    ) -> Result<Vec<RecordPosition>, Error> {
        let mut found = Vec::new();
        while found.len() < wanted {
            let missing = wanted - found.len();
            let limit = step(self.rows(missing));
            let rows = self.read(records, limit).await?;
            let has_ended = rows.len() < limit;
            for row in rows {
                let place = self.order.place(&row)?;
                if found.len() < wanted {
                    self.place = place.clone();
                    if self.shows(&row)? {
                        found.push(place);
                    }
                }
            }
            if has_ended {
                break;
            }
            self.spend(limit);
        }
        Ok(found)
    }

    /// The last place that was passed.
    pub(super) fn place(&self) -> RecordPosition {
        self.place.clone()
    }

    /// How many rows are to be read until so many records were found.
    fn rows(&self, wanted: usize) -> usize {
        match &self.plan {
            Plan::Nothing | Plan::Walk | Plan::One(_) | Plan::Merge(_) => wanted,
            Plan::Scan { share, .. } => {
                let rows = share.rows_for(wanted);
                usize::try_from(rows + rows / 4).unwrap_or(usize::MAX)
            }
        }
    }

    fn shows(&self, row: &Row) -> Result<bool, Error> {
        match &self.plan {
            Plan::Nothing | Plan::Walk | Plan::One(_) | Plan::Merge(_) => Ok(true),
            Plan::Scan { owners, .. } => {
                let owner = row.id(self.order.keys().len())?;
                Ok(owners.binary_search(&owner).is_ok())
            }
        }
    }

    /// A scan that has found too little goes on as a merge.
    fn spend(&mut self, rows: usize) {
        let Plan::Scan { owners, budget, .. } = &mut self.plan else { return };
        *budget -= i64::try_from(rows).unwrap_or(i64::MAX);
        if *budget <= 0 {
            self.plan = Plan::Merge(std::mem::take(owners));
        }
    }

    async fn read(&self, records: &mut Records<'_>, limit: usize) -> Result<Vec<Row>, Error> {
        let dialect = records.tx.dialect();
        let (kind, owner): (StreamKind, Option<Value>) = match &self.plan {
            Plan::Nothing => return Ok(Vec::new()),
            Plan::Walk => (StreamKind::Walk, None),
            Plan::Scan { .. } => (StreamKind::Scan, None),
            Plan::One(owner) => (StreamKind::One, Some((*owner).into())),
            Plan::Merge(owners) => {
                (StreamKind::Merge, Some(dialect.ids(owners.iter().copied())))
            }
        };
        let mut values = vec![self.entity.as_str().into()];
        values.extend(self.order.values(&self.place));
        values.extend(self.order.values(&self.order.ends().1));
        values.extend(owner);
        records.tx.query(&stream(dialect, self.order, kind, limit), &values).await
    }
}

fn choose(wanted: usize, visible: Visible) -> Plan {
    let Visible { n, total, owners } = visible;
    if n == 0 {
        return Plan::Nothing;
    }
    let Some(owners) = owners.filter(|_| n < total) else { return Plan::Walk };
    if let [owner] = owners.as_slice() {
        return Plan::One(*owner);
    }
    let share = Share { n, total };
    let rows = share.rows_for(wanted);
    let seeks = i64::try_from(owners.len()).unwrap_or(i64::MAX);
    if rows < seeks.saturating_mul(ROWS_OF_A_SEEK) {
        let budget = rows.saturating_mul(4).max(LEAST_BUDGET);
        return Plan::Scan { owners, share, budget };
    }
    Plan::Merge(owners)
}

impl SortOrder {
    /// The place of a row that begins with the keys of the order.
    fn place(self, row: &Row) -> Result<RecordPosition, Error> {
        match self {
            SortOrder::Newest | SortOrder::Oldest => {
                Ok(RecordPosition { title_key: String::new(), id: RecordId(row.id(0)?) })
            }
            SortOrder::Title | SortOrder::TitleDown => Ok(RecordPosition {
                title_key: row.text(0)?.to_owned(),
                id: RecordId(row.id(1)?),
            }),
        }
    }
}

impl Reach {
    /// Whether it is worth asking.
    pub(super) const fn is_nothing(&self) -> bool {
        matches!(self, Reach::Nothing)
    }
}
