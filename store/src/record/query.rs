//! What lists are queried by, and what they return.

use hallpass_domain::id::RecordId;
pub use hallpass_domain::record::TimeRange;
use hallpass_domain::record::{Condition, Owner, Record};
use hallpass_domain::text::sort_key;
use hallpass_domain::time::Timestamp;
use hallpass_engine::Field;
use uuid::Uuid;

use super::budget::ListBounds;

/// Whose records a member reaches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Those of no owner.
    Nothing,
    /// Those of every owner, and the unowned.
    All,
    /// Those of these owners, sorted and without duplicates; the nil id stands for the unowned.
    Owners(Vec<Uuid>),
}

impl Reach {
    /// The reach of some owners.
    #[must_use]
    pub fn owners(owners: impl IntoIterator<Item = Owner>) -> Reach {
        let mut owners: Vec<Uuid> = owners.into_iter().map(Owner::key).collect();
        owners.sort_unstable();
        owners.dedup();
        if owners.is_empty() { Reach::Nothing } else { Reach::Owners(owners) }
    }

    /// Whether it covers all that another one covers.
    #[must_use]
    pub fn includes(&self, other: &Reach) -> bool {
        match (self, other) {
            (_, Reach::Nothing) | (Reach::All, _) => true,
            (Reach::Nothing | Reach::Owners(_), Reach::All)
            | (Reach::Nothing, Reach::Owners(_)) => false,
            (Reach::Owners(mine), Reach::Owners(theirs)) => {
                theirs.iter().all(|owner| mine.binary_search(owner).is_ok())
            }
        }
    }

    /// Whether it covers the records of an owner.
    #[must_use]
    pub fn covers(&self, owner: Owner) -> bool {
        match self {
            Reach::Nothing => false,
            Reach::All => true,
            Reach::Owners(owners) => owners.binary_search(&owner.key()).is_ok(),
        }
    }

    /// Whether it covers nothing.
    pub(super) const fn is_nothing(&self) -> bool {
        matches!(self, Reach::Nothing)
    }

    /// Its part for one owner, where one is given.
    #[must_use]
    pub fn narrowed(&self, owner: Option<Owner>) -> Reach {
        match owner {
            None => self.clone(),
            Some(owner) if self.covers(owner) => Reach::Owners(vec![owner.key()]),
            Some(_) => Reach::Nothing,
        }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortOrder {
    /// Those with every word that is searched for in the title first, then the latest created.
    Rank,
    /// The latest created first.
    Newest,
    /// The first created first.
    Oldest,
    /// By title.
    Title,
    /// By title, descending.
    TitleDown,
}

/// The query of a list.
#[derive(Clone, Debug)]
pub struct ListQuery {
    /// The record type.
    pub entity: String,
    /// Whose records may be listed.
    pub reach: Reach,
    /// Only those of one owner.
    pub owner: Option<Owner>,
    /// Only those in one stage.
    pub stage: Option<String>,
    /// Only those with each word of this text in the title or a field, without regard to case and
    /// accents.
    pub text: Option<String>,
    /// The order.
    pub order: SortOrder,
    /// Only those after this position.
    pub after: Option<RecordPosition>,
    /// At most so many records; 0 counts as 1.
    pub limit: usize,
    /// Whether the records of all pages are counted.
    pub total: CountMode,
    /// How much it reads where it has a filter.
    pub bounds: ListBounds,
    /// What else its records have in common.
    pub narrowing: Narrowing,
    /// What it is sorted by instead of the order, where no index has that.
    pub sorting: Option<Sorting>,
}

/// What the records of a list have in common, beside owner, stage and text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Narrowing {
    /// Whether they are open.
    pub open: Option<bool>,
    /// When they were created.
    pub created: TimeRange,
    /// When they were last changed.
    pub updated: TimeRange,
    /// What their fields fulfil.
    pub conditions: Vec<Condition>,
}

impl Narrowing {
    /// Whether it narrows anything.
    #[must_use]
    pub fn is_some(&self) -> bool {
        *self != Narrowing::default()
    }
}

/// A computed order. Records without a value come last; those with the same value in the order of their
/// ids.
#[derive(Clone, Debug, PartialEq)]
pub struct Sorting {
    /// What it compares.
    pub by: SortBy,
    /// Whether the highest value comes first.
    pub is_descending: bool,
}

/// What a computed order compares.
#[derive(Clone, Debug, PartialEq)]
pub enum SortBy {
    /// When they were last changed.
    Updated,
    /// Their amount.
    Amount,
    /// A field.
    Field(Field),
}

/// Whether the records of all pages are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CountMode {
    /// They are.
    #[default]
    Counted,
    /// They are not, where it takes more than reading a counter.
    Skipped,
}

/// How many records the pages of a list have together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Exactly so many.
    Exact(i64),
    /// More than so many.
    MoreThan(i64),
    /// They were not counted, or counting takes too long.
    Unknown,
}

/// The position of a record in a list. The record may be deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPosition {
    /// What the record is sorted by before its id: the title in the orders by title, `0` or `1` by
    /// whether the title has the words in [`SortOrder::Rank`]; not used in the others.
    pub key: String,
    /// The record.
    pub id: RecordId,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct RecordPage {
    /// The records in their order.
    pub records: Vec<Record>,
    /// The position that the next page begins after; `None` at the end.
    pub next: Option<RecordPosition>,
    /// How many records all pages have.
    pub total: Total,
    /// Whether records may be missing: the list took too long, or the index of search is not complete.
    /// With a next position the pages after it have them. A page of nothing has none: other conditions
    /// are needed.
    pub is_incomplete: bool,
}

/// The most characters that titles are sorted by.
const TITLE_KEY: usize = 80;

/// What a record is sorted by in the orders by title.
pub(crate) fn title_key(title: &str) -> String {
    sort_key(title).chars().take(TITLE_KEY).collect()
}

impl RecordPosition {
    pub(super) fn of(record: &Record) -> RecordPosition {
        RecordPosition { key: title_key(&record.title), id: record.id }
    }

    fn first() -> RecordPosition {
        RecordPosition { key: String::new(), id: RecordId(Uuid::nil()) }
    }

    /// After every title: no character is higher than this one, and no key is so long.
    fn last() -> RecordPosition {
        RecordPosition { key: "\u{10FFFF}".repeat(TITLE_KEY + 1), id: RecordId(Uuid::max()) }
    }
}

impl SortOrder {
    /// The positions before and after every record.
    pub(super) fn ends(self) -> (RecordPosition, RecordPosition) {
        match self {
            SortOrder::Rank | SortOrder::Newest | SortOrder::TitleDown => {
                (RecordPosition::last(), RecordPosition::first())
            }
            SortOrder::Oldest | SortOrder::Title => {
                (RecordPosition::first(), RecordPosition::last())
            }
        }
    }
}

/// How many records of a type an owner has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerCounts {
    /// The record type.
    pub entity: String,
    /// The owner.
    pub owner: Owner,
    /// How many records.
    pub n: i64,
    /// How many of them are open.
    pub open_n: i64,
}

/// A change of owner for many records at once.
#[derive(Clone, Debug)]
pub struct OwnerChange {
    /// The owner before.
    pub from: Owner,
    /// The owner after.
    pub to: Owner,
    /// The record types, and for each the reach within which records may be reassigned.
    pub entities: Vec<(String, Reach)>,
    /// Only these records; `None` for all.
    pub records: Option<Vec<RecordId>>,
    /// When it happens.
    pub at: Timestamp,
}

/// What records are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// Their stage.
    Stage,
    /// Their owner.
    Owner,
    /// The month in which they were created.
    Month,
}

/// When some months begin in a time zone, by their numbers, the earliest first. Records of other
/// months are in the month of UTC; without any, all are.
pub type MonthStarts = [(i64, Timestamp)];

/// What the records of a group have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKey {
    /// A stage, or none.
    Stage(Option<String>),
    /// An owner.
    Owner(Owner),
    /// So many other owners, with fewer records or less of what is measured.
    OtherOwners(i64),
    /// A month, counted from January of the year 0.
    Month(i64),
}

/// A group of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupSum {
    /// The group.
    pub group: GroupKey,
    /// How many records.
    pub n: i64,
    /// How many of them are open.
    pub open: i64,
    /// The sum of their amounts, in hundredths.
    pub amount: i64,
}

/// The figures of the records of a type that a reach covers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordFigures {
    /// The records together.
    pub total: RecordTotal,
    /// By stage, in the order of the keys.
    pub stages: Vec<GroupSum>,
    /// The owners with the most records, then the others as one group.
    pub owners: Vec<GroupSum>,
    /// By month of creation.
    pub months: Vec<GroupSum>,
}

/// The sums of some records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordTotal {
    /// How many records.
    pub n: i64,
    /// How many of them are open.
    pub open: i64,
    /// The sum of their amounts, in hundredths.
    pub amount: i64,
}
