//! The statements that lists are read by. No planner chooses among indexes here: on SQLite each is
//! named, on PostgreSQL it follows from the order that is asked for, see [`Dialect`].

use super::counter;
use super::list::counting;
use super::query::{GroupBy, RecordPosition, SortOrder};
use super::row::{COLUMNS, EVENT_COLUMNS};
use super::summary::summing;
use crate::dialect::Dialect;
use crate::dialect::list::{Lookup, Merge, sorted};
use crate::value::Value;

/// How many rows a statement is asked for: a statement for every number would fill the cache.
const STEPS: [usize; 8] = [26, 51, 101, 201, 501, 1_001, 2_501, 5_001];

/// The primary key, as SQLite calls its index.
const PRIMARY: &str = "sqlite_autoindex_records_1";

/// What a stream is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StreamKind {
    /// Every record.
    Walk,
    /// Every record, with its owner.
    Scan,
    /// Those of one owner.
    One,
    /// Those of many owners.
    Merge,
}

/// The first step that is not less.
pub(super) fn step(limit: usize) -> usize {
    STEPS.into_iter().find(|step| *step >= limit).unwrap_or(5_001)
}

impl SortOrder {
    pub(super) const fn keys(self) -> &'static [&'static str] {
        match self {
            SortOrder::Newest | SortOrder::Oldest => &["id"],
            SortOrder::Title | SortOrder::TitleDown => &["title_key", "id"],
        }
    }

    const fn direction(self) -> &'static str {
        match self {
            SortOrder::Newest | SortOrder::TitleDown => "DESC",
            SortOrder::Oldest | SortOrder::Title => "ASC",
        }
    }

    /// How a row compares with the place before it, and with the far end.
    const fn past(self) -> [&'static str; 2] {
        match self {
            SortOrder::Newest | SortOrder::TitleDown => ["<", ">"],
            SortOrder::Oldest | SortOrder::Title => [">", "<"],
        }
    }

    const fn index(self, kind: StreamKind) -> &'static str {
        match (self, kind) {
            (SortOrder::Newest | SortOrder::Oldest, StreamKind::Walk | StreamKind::Scan) => {
                PRIMARY
            }
            (SortOrder::Newest | SortOrder::Oldest, StreamKind::One | StreamKind::Merge) => {
                "records_owner"
            }
            (SortOrder::Title | SortOrder::TitleDown, StreamKind::Walk | StreamKind::Scan) => {
                "records_title"
            }
            (SortOrder::Title | SortOrder::TitleDown, StreamKind::One | StreamKind::Merge) => {
                "records_owner_title"
            }
        }
    }

    /// Parameters of the place before, of the far end, and of the owner or owners.
    const fn parameters(self) -> [&'static str; 3] {
        match self {
            SortOrder::Newest | SortOrder::Oldest => ["?3", "?4", "?5"],
            SortOrder::Title | SortOrder::TitleDown => ["?3, ?4", "?5, ?6", "?7"],
        }
    }

    /// What is bound for a place.
    pub(super) fn values(self, place: &RecordPosition) -> Vec<Value> {
        match self {
            SortOrder::Newest | SortOrder::Oldest => vec![place.id.0.into()],
            SortOrder::Title | SortOrder::TitleDown => {
                vec![place.title_key.as_str().into(), place.id.0.into()]
            }
        }
    }
}

/// The keys of the next rows of a stream, and for a scan their owners. It takes the record type,
/// the place before, the far end, and the owner or owners.
pub(super) fn stream(
    dialect: Dialect,
    order: SortOrder,
    kind: StreamKind,
    limit: usize,
) -> String {
    let [before, end, owner] = order.parameters();
    let (keys, direction, past) = (order.keys(), order.direction(), order.past());
    let index = order.index(kind);
    let whose = match kind {
        StreamKind::Merge => {
            let places = [before, end];
            let merge = Merge { keys, index, direction, past, places, owners: owner, limit };
            return dialect.merge(&merge);
        }
        StreamKind::Walk | StreamKind::Scan => String::new(),
        StreamKind::One => format!(" AND owner_id = {owner}"),
    };
    let [near, far] = past;
    format!(
        "SELECT {keys}{owner_id} FROM records{by_index} WHERE workspace_id = ?1 \
         AND entity = ?2{whose} AND ({keys}) {near} ({before}) AND ({keys}) {far} ({end}) \
         ORDER BY {sorted} LIMIT {limit}",
        owner_id = if kind == StreamKind::Scan { ", owner_id" } else { "" },
        by_index = dialect.by_index(index),
        sorted = sorted(keys, direction),
        keys = keys.join(", "),
    )
}

/// The records with given ids, of which a filter may leave some out. It takes the record type, the
/// ids and what the filter takes.
pub(super) fn rows(dialect: Dialect, filter: &str) -> String {
    dialect.lookup(&Lookup {
        columns: COLUMNS,
        table: "records",
        index: PRIMARY,
        key: "id",
        filter,
        keys: "?3",
    })
}

/// A record of whatever type. It takes the id.
pub(super) fn any() -> String {
    format!(
        "SELECT {COLUMNS} FROM records WHERE workspace_id = ?1 AND id = ?2 AND entity IN \
         (SELECT entity FROM record_totals WHERE workspace_id = ?1)"
    )
}

/// What happened to a record. It takes the record, the entry before, and how many.
pub(super) fn timeline() -> String {
    format!(
        "SELECT {EVENT_COLUMNS} FROM timeline WHERE workspace_id = ?1 AND record_id = ?2 \
         AND id < ?3 ORDER BY id DESC LIMIT ?4"
    )
}

/// Writes so many entries into timelines. It takes the columns of each.
pub(super) fn noting(entries: usize) -> String {
    let entry = |number: usize| {
        let columns = [2, 3, 4, 5, 6, 7].map(|column| format!("?{}", column + 6 * number));
        format!("(?1, {})", columns.join(", "))
    };
    let entries: Vec<String> = (0..entries).map(entry).collect();
    format!(
        "INSERT INTO timeline (workspace_id, {EVENT_COLUMNS}) VALUES {}",
        entries.join(", ")
    )
}

/// Whose records are counted or summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Everybody's.
    All,
    /// Those of the owners in `?3`.
    Owners,
}

/// Follows SELECT: the records of some owners.
pub(super) fn of_owners(dialect: Dialect, whose: Whose) -> String {
    match whose {
        Whose::All => format!(
            "FROM records{} WHERE workspace_id = ?1 AND entity = ?2",
            dialect.by_index(PRIMARY)
        ),
        Whose::Owners => format!(
            "FROM records{} WHERE workspace_id = ?1 AND entity = ?2 AND owner_id {}",
            dialect.by_index("records_owner"),
            dialect.in_ids("?3")
        ),
    }
}

/// Every statement that lists are read by, with a name: what the golden files of plans hold.
#[must_use]
pub fn statements(dialect: Dialect) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for order in [SortOrder::Newest, SortOrder::Oldest, SortOrder::Title, SortOrder::TitleDown]
    {
        for kind in [StreamKind::Walk, StreamKind::Scan, StreamKind::One, StreamKind::Merge] {
            let name = format!("{kind:?} {order:?}").to_lowercase();
            all.push((name, stream(dialect, order, kind, 51)));
        }
    }
    let filter = |first: usize| {
        format!(" AND stage = ?{first} AND search_text LIKE ?{} ESCAPE '\\'", first + 1)
    };
    let others = [
        ("rows", rows(dialect, "")),
        ("rows behind a filter", rows(dialect, &filter(4))),
        ("count behind a filter", counting(dialect, Whose::All, &filter(4))),
        ("count of owners behind a filter", counting(dialect, Whose::Owners, &filter(5))),
        ("sums by stage", summing(dialect, Whose::All, GroupBy::Stage)),
        ("sums of owners by month", summing(dialect, Whose::Owners, GroupBy::Month)),
        ("total", counter::TOTAL.to_owned()),
        ("counters of a type", counter::ALL.to_owned()),
        ("counters", counter::of_owners(dialect)),
        ("workloads", counter::of_members(dialect)),
        ("named records of an owner", counter::named(dialect)),
        ("gift of all", counter::GIVE.to_owned()),
        ("gift of some", counter::giving(dialect)),
        ("records of an owner", counter::own(dialect, "")),
        ("some records of an owner", counter::own(dialect, "?4")),
        ("record of any type", any()),
        ("timeline", timeline()),
    ];
    all.extend(others.map(|(name, sql)| (name.to_owned(), sql)));
    all
}
