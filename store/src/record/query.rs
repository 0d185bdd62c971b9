//! What is asked of lists, and what they answer.

use hallpass_domain::id::{MemberId, RecordId};
use hallpass_domain::record::{Owner, Record};
use hallpass_domain::text::{contains_pattern, fold};
use hallpass_domain::time::Timestamp;
use uuid::Uuid;

use crate::value::Value;

/// Whose records somebody reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nobody's.
    Nothing,
    /// Everybody's, and the unowned.
    All,
    /// Those of these owners, sorted and each once; zeros stand for the unowned.
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

    /// Whether it reaches the records of an owner.
    #[must_use]
    pub fn covers(&self, owner: Owner) -> bool {
        match self {
            Reach::Nothing => false,
            Reach::All => true,
            Reach::Owners(owners) => owners.binary_search(&owner.key()).is_ok(),
        }
    }

    /// The part of it that one owner is.
    pub(super) fn narrowed(&self, owner: Option<Owner>) -> Reach {
        match owner {
            None => self.clone(),
            Some(owner) if self.covers(owner) => Reach::Owners(vec![owner.key()]),
            Some(_) => Reach::Nothing,
        }
    }
}

/// In which order a list comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortOrder {
    /// The latest made first.
    Newest,
    /// The first made first.
    Oldest,
    /// By title.
    Title,
    /// By title, from the end.
    TitleDown,
}

/// A list that is asked for.
#[derive(Clone, Debug)]
pub struct ListQuery {
    /// The record type.
    pub entity: String,
    /// Whose records whoever asks may see.
    pub reach: Reach,
    /// Only those of one owner.
    pub owner: Option<Owner>,
    /// Only those in one stage.
    pub stage: Option<String>,
    /// Only those with this text in the title or a field, in whatever case.
    pub text: Option<String>,
    /// In which order.
    pub order: SortOrder,
    /// Only those behind this place.
    pub after: Option<RecordPosition>,
    /// At most so many, at least one.
    pub limit: usize,
}

/// A place in a list: that of a record, which may be gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPosition {
    /// What the record is sorted by in the orders by title; else it does not matter.
    pub title_key: String,
    /// The record.
    pub id: RecordId,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct RecordPage {
    /// The records in their order.
    pub records: Vec<Record>,
    /// Where the next page begins; none at the end. With a filter a page may hold fewer records
    /// than asked for, even none, and there may still be more: it looks through some thousands.
    pub next: Option<RecordPosition>,
    /// How many there are on all pages, when that is known: without a stage and a text.
    pub total: Option<i64>,
}

/// The most characters that titles are sorted by.
const TITLE_KEY: usize = 80;

/// What a record is sorted by in the orders by title.
pub(super) fn title_key(title: &str) -> String {
    fold(title).chars().take(TITLE_KEY).collect()
}

impl RecordPosition {
    pub(super) fn of(record: &Record) -> RecordPosition {
        RecordPosition { title_key: title_key(&record.title), id: record.id }
    }

    fn first() -> RecordPosition {
        RecordPosition { title_key: String::new(), id: RecordId(Uuid::nil()) }
    }

    /// Behind every title: no character is higher than this one, and no key so long.
    fn last() -> RecordPosition {
        RecordPosition {
            title_key: "\u{10FFFF}".repeat(TITLE_KEY + 1),
            id: RecordId(Uuid::max()),
        }
    }
}

impl SortOrder {
    /// The places before everything and behind everything.
    pub(super) fn ends(self) -> (RecordPosition, RecordPosition) {
        match self {
            SortOrder::Newest | SortOrder::TitleDown => {
                (RecordPosition::last(), RecordPosition::first())
            }
            SortOrder::Oldest | SortOrder::Title => {
                (RecordPosition::first(), RecordPosition::last())
            }
        }
    }
}

/// The conditions of a query that no index serves.
pub(super) struct Filter {
    /// What a statement says, with parameters from a number on.
    pub(super) sql: String,
    /// What it takes.
    pub(super) values: Vec<Value>,
}

impl ListQuery {
    pub(super) fn filter(&self, first: usize) -> Filter {
        let mut filter = Filter { sql: String::new(), values: Vec::new() };
        if let Some(stage) = &self.stage {
            filter.sql = format!(" AND stage = ?{first}");
            filter.values.push(stage.as_str().into());
        }
        if let Some(text) = self.text.as_deref().filter(|text| !text.is_empty()) {
            let number = first + filter.values.len();
            filter.sql = format!("{} AND search_text LIKE ?{number} ESCAPE '\\'", filter.sql);
            filter.values.push(contains_pattern(text).into());
        }
        filter
    }
}

/// How many records of a type an owner has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerCounts {
    /// The record type.
    pub entity: String,
    /// The owner.
    pub owner: Owner,
    /// All of them.
    pub n: i64,
    /// Those that still need work.
    pub open_n: i64,
}

/// A change of owner for many records at once.
#[derive(Clone, Debug)]
pub struct OwnerChange {
    /// Who has them.
    pub from: Owner,
    /// Who gets them.
    pub to: Owner,
    /// Which record types, and for each whose records may be given away.
    pub entities: Vec<(String, Reach)>,
    /// Only these, or all.
    pub records: Option<Vec<RecordId>>,
    /// When.
    pub at: Timestamp,
}

/// What records are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// Their stage.
    Stage,
    /// Their owner.
    Owner,
    /// The month in which they were made, in UTC.
    Month,
}

/// What the records of a group have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKey {
    /// A stage, or none.
    Stage(Option<String>),
    /// An owner.
    Owner(Owner),
    /// A month, counted from January of the year 0.
    Month(i64),
}

/// A group of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupSum {
    /// Which.
    pub group: GroupKey,
    /// How many records.
    pub n: i64,
    /// How many of them still need work.
    pub open: i64,
    /// Their money together, in hundredths.
    pub amount: i64,
}

/// The owners of some members' records.
pub(super) fn keys(members: &[MemberId]) -> impl Iterator<Item = Uuid> {
    members.iter().map(|member| member.0)
}
