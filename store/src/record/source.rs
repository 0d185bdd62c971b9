//! Where the records of a list come from: the plan, chosen by the counters.
//!
//! A page costs as many rows as are walked, or as many seeks as there are owners, whichever is less,
//! in whatever order the records were created.

use uuid::Uuid;

use super::counter::Visible;
use super::query::{RecordPosition, SortOrder};
use super::records::Records;
use super::statement::{GroupFilter, StreamKind, stream};
use crate::error::Error;
use crate::row::Rows;
use crate::value::Value;

/// A seek costs about as much as so many rows of a scan.
const ROWS_PER_SEEK: i64 = 4;

/// The least number of rows that a scan may read.
const MIN_BUDGET: i64 = 500;

/// The most rows that one statement reads.
const MAX_ROWS: usize = 5_001;

/// The positions of a list, one after the other.
pub(super) struct Source {
    entity: String,
    order: SortOrder,
    /// The last position that was passed.
    position: RecordPosition,
    plan: Plan,
    /// Only records of this group.
    group: Option<Group>,
}

/// Records that have an index and counters of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// Those in a stage.
    Stage(String),
    /// Those that are open, or those that are not.
    Open(bool),
}

enum Plan {
    /// There is nothing.
    Nothing,
    /// Every record, in order.
    Walk,
    /// The stream of one owner.
    One(Uuid),
    /// Every record, without those of other owners, for so many rows; then the streams merged.
    Scan { owners: Vec<Uuid>, share: Share, budget: i64 },
    /// The streams of many owners, merged.
    Merge(Vec<Uuid>),
}

/// How many of all records are visible.
#[derive(Clone, Copy)]
struct Share {
    n: i64,
    total: i64,
}

impl Share {
    /// How many rows hold so many visible ones, if they are spread evenly.
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
        let position = after.unwrap_or_else(|| order.ends().0);
        let plan = choose(wanted, visible);
        Source { entity: entity.to_owned(), order, position, plan, group: None }
    }

    /// Only the records of a group. There is an index in the orders by age.
    pub(super) fn of_group(mut self, group: Option<Group>) -> Source {
        self.group = group;
        self
    }

    /// The next positions, as many as wanted unless the list ends.
    pub(super) async fn next<A>(
        &mut self,
        records: &mut Records<'_, A>,
        wanted: usize,
    ) -> Result<Vec<RecordPosition>, Error> {
        let mut found = Vec::new();
        while found.len() < wanted {
            let limit = self.limit(wanted - found.len());
            let Some(rows) = self.read(records, limit).await? else { break };
            let has_ended = rows.len() < limit;
            self.pass(&rows, wanted, &mut found)?;
            if has_ended {
                break;
            }
            self.spend(limit);
        }
        Ok(found)
    }

    /// The last position that was passed.
    pub(super) fn position(&self) -> RecordPosition {
        self.position.clone()
    }

    /// How many rows are read to find so many records.
    fn limit(&self, wanted: usize) -> usize {
        let rows = match &self.plan {
            Plan::Nothing | Plan::Walk | Plan::One(_) | Plan::Merge(_) => wanted,
            Plan::Scan { share, .. } => {
                let rows = share.rows_for(wanted);
                usize::try_from(rows.saturating_add(rows / 4)).unwrap_or(usize::MAX)
            }
        };
        rows.clamp(1, MAX_ROWS)
    }

    /// Adds the visible ones among some rows to what was found, until there are as many as wanted.
    fn pass(
        &mut self,
        rows: &Rows,
        wanted: usize,
        found: &mut Vec<RecordPosition>,
    ) -> Result<(), Error> {
        let columns = Columns::of(rows, self.order)?;
        let scanned = match &self.plan {
            Plan::Nothing | Plan::Walk | Plan::One(_) | Plan::Merge(_) => None,
            Plan::Scan { owners, .. } => Some((rows.column("owner_id")?, owners)),
        };
        for row in rows {
            if found.len() == wanted {
                break;
            }
            let title_key = match columns.title_key {
                Some(title_key) => row.text(title_key)?.to_owned(),
                None => String::new(),
            };
            let position = RecordPosition { key: title_key, id: row.id(columns.id)?.into() };
            self.position.clone_from(&position);
            let is_visible = match scanned {
                Some((owner, owners)) => owners.binary_search(&row.id(owner)?).is_ok(),
                None => true,
            };
            if is_visible {
                found.push(position);
            }
        }
        Ok(())
    }

    /// A scan that has found too little continues as a merge.
    fn spend(&mut self, rows: usize) {
        let Plan::Scan { owners, budget, .. } = &mut self.plan else { return };
        *budget -= i64::try_from(rows).unwrap_or(i64::MAX);
        if *budget <= 0 {
            self.plan = Plan::Merge(std::mem::take(owners));
        }
    }

    async fn read<A>(
        &self,
        records: &mut Records<'_, A>,
        limit: usize,
    ) -> Result<Option<Rows>, Error> {
        let dialect = records.tx.dialect();
        let (kind, owner): (StreamKind, Option<Value>) = match &self.plan {
            Plan::Nothing => return Ok(None),
            Plan::Walk => (StreamKind::Walk, None),
            Plan::Scan { .. } => (StreamKind::Scan, None),
            Plan::One(owner) => (StreamKind::One, Some((*owner).into())),
            Plan::Merge(owners) => {
                (StreamKind::Merge, Some(dialect.ids(owners.iter().copied())))
            }
        };
        let mut values = vec![self.entity.as_str().into()];
        values.extend(self.order.values(&self.position));
        values.extend(self.order.values(&self.order.ends().1));
        values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        values.extend(owner);
        let (filter, value): (_, Option<Value>) = match &self.group {
            None => (GroupFilter::Every, None),
            Some(Group::Stage(stage)) => (GroupFilter::Stage, Some(stage.as_str().into())),
            Some(Group::Open(is_open)) => (GroupFilter::Open, Some((*is_open).into())),
        };
        values.extend(value);
        let sql = stream(dialect, self.order, kind, filter);
        records.tx.query(&sql, &values).await.map(Some)
    }
}

/// Where the keys of the order are in the rows.
struct Columns {
    title_key: Option<usize>,
    id: usize,
}

impl Columns {
    fn of(rows: &Rows, order: SortOrder) -> Result<Columns, Error> {
        let title_key = match order {
            SortOrder::Rank | SortOrder::Newest | SortOrder::Oldest => None,
            SortOrder::Title | SortOrder::TitleDown => Some(rows.column("title_key")?),
        };
        Ok(Columns { title_key, id: rows.column("id")? })
    }
}

fn choose(wanted: usize, visible: Visible) -> Plan {
    let Visible { n, total, owners, .. } = visible;
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
    if rows < seeks.saturating_mul(ROWS_PER_SEEK) {
        let budget = rows.saturating_mul(4).max(MIN_BUDGET);
        return Plan::Scan { owners, share, budget };
    }
    Plan::Merge(owners)
}
