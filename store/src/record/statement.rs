//! The statements that lists are read by. No planner chooses among indexes here: on SQLite each is
//! named, on PostgreSQL it follows from the order of the rows, see [`Dialect`].

use super::filter::Filter;
use super::query::{MonthStarts, RecordPosition, SortOrder};
use super::row::{COLUMNS, EVENT_COLUMNS};
use crate::dialect::Dialect;
use crate::dialect::list::{Lookup, Merge, sorted};
use crate::query::parameters;
use crate::record::sum::SUM_PART;
use crate::value::Value;

/// The primary key, as SQLite calls its index.
pub(super) const PRIMARY: &str = "sqlite_autoindex_records_1";

/// The records of a stream.
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

/// Whether a stream has the records of one group only: in the orders by age. The last parameter names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GroupFilter {
    /// It has those of every group.
    Every,
    /// It has those in a stage.
    Stage,
    /// It has those that are open, or those that are not.
    Open,
}

impl SortOrder {
    pub(super) const fn keys(self) -> &'static [&'static str] {
        match self {
            SortOrder::Rank | SortOrder::Newest | SortOrder::Oldest => &["id"],
            SortOrder::Title | SortOrder::TitleDown => &["title_key", "id"],
        }
    }

    const fn direction(self) -> &'static str {
        match self {
            SortOrder::Rank | SortOrder::Newest | SortOrder::TitleDown => "DESC",
            SortOrder::Oldest | SortOrder::Title => "ASC",
        }
    }

    /// How a row compares with the position before it, and with the far end.
    const fn comparisons(self) -> [&'static str; 2] {
        match self {
            SortOrder::Rank | SortOrder::Newest | SortOrder::TitleDown => ["<", ">"],
            SortOrder::Oldest | SortOrder::Title => [">", "<"],
        }
    }

    const fn index(self, kind: StreamKind, group: GroupFilter) -> &'static str {
        let has_owner = matches!(kind, StreamKind::One | StreamKind::Merge);
        match (group, has_owner) {
            (GroupFilter::Every, _) => self.index_of_all(kind),
            (GroupFilter::Stage, false) => "records_stage",
            (GroupFilter::Stage, true) => "records_owner_stage",
            (GroupFilter::Open, false) => "records_open",
            (GroupFilter::Open, true) => "records_owner_open",
        }
    }

    const fn index_of_all(self, kind: StreamKind) -> &'static str {
        match (self, kind) {
            (
                SortOrder::Rank | SortOrder::Newest | SortOrder::Oldest,
                StreamKind::Walk | StreamKind::Scan,
            ) => PRIMARY,
            (
                SortOrder::Rank | SortOrder::Newest | SortOrder::Oldest,
                StreamKind::One | StreamKind::Merge,
            ) => "records_owner",
            (SortOrder::Title | SortOrder::TitleDown, StreamKind::Walk | StreamKind::Scan) => {
                "records_title"
            }
            (SortOrder::Title | SortOrder::TitleDown, StreamKind::One | StreamKind::Merge) => {
                "records_owner_title"
            }
        }
    }

    /// The parameters of the position before, of the far end, of the limit, and of the owner or
    /// owners.
    const fn parameters(self) -> [&'static str; 4] {
        match self {
            SortOrder::Rank | SortOrder::Newest | SortOrder::Oldest => ["?3", "?4", "?5", "?6"],
            SortOrder::Title | SortOrder::TitleDown => ["?3, ?4", "?5, ?6", "?7", "?8"],
        }
    }

    /// What is bound for a position.
    pub(super) fn values(self, position: &RecordPosition) -> Vec<Value> {
        match self {
            SortOrder::Rank | SortOrder::Newest | SortOrder::Oldest => vec![position.id.into()],
            SortOrder::Title | SortOrder::TitleDown => {
                vec![position.key.as_str().into(), position.id.into()]
            }
        }
    }
}

/// The keys of the next rows of a stream, and for a scan their owners. It takes the record type, the
/// position before, the far end, the limit, the owner or owners, and the group.
pub(super) fn stream(
    dialect: Dialect,
    order: SortOrder,
    kind: StreamKind,
    group: GroupFilter,
) -> String {
    let [before, end, limit, owner] = order.parameters();
    let (keys, direction, comparisons) = (order.keys(), order.direction(), order.comparisons());
    let index = order.index(kind, group);
    let has_owner = matches!(kind, StreamKind::One | StreamKind::Merge);
    let restriction = match (group, has_owner) {
        (GroupFilter::Every, _) => "",
        (GroupFilter::Stage, false) => " AND stage = ?6",
        (GroupFilter::Stage, true) => " AND stage = ?7",
        (GroupFilter::Open, false) => " AND is_open = ?6",
        (GroupFilter::Open, true) => " AND is_open = ?7",
    };
    let of_owner = match kind {
        StreamKind::Merge => {
            let positions = [before, end];
            let owners = owner;
            let entity = "?2";
            let merge = Merge {
                entity,
                keys,
                columns: "",
                index,
                direction,
                comparisons,
                positions,
                owners,
                restriction,
                limit,
            };
            return dialect.merge(&merge);
        }
        StreamKind::Walk | StreamKind::Scan => String::new(),
        StreamKind::One => format!(" AND owner_id = {owner}"),
    };
    let [near, far] = comparisons;
    format!(
        "SELECT {keys}{owner_id} FROM records{by_index} WHERE workspace_id = ?1 \
         AND entity = ?2{of_owner}{restriction} AND ({keys}) {near} ({before}) AND ({keys}) {far} ({end}) \
         ORDER BY {sorted} LIMIT {limit}",
        owner_id = if kind == StreamKind::Scan { ", owner_id" } else { "" },
        by_index = dialect.by_index(index),
        sorted = sorted(keys, direction),
        keys = keys.join(", "),
    )
}

/// The next records of a stream of PostgreSQL in an order by age, with whether they have so many words, and whether all
/// are in the title. It takes what [`stream`] does without a group, then the words.
pub(super) fn walked(order: SortOrder, kind: StreamKind, words: usize) -> String {
    let dialect = Dialect::Postgres;
    let [before, end, limit, owners] = order.parameters();
    let [near, far] = order.comparisons();
    let direction = order.direction();
    let (first, rows) = match kind {
        StreamKind::Merge => {
            let (entity, index) = ("?2", order.index(kind, GroupFilter::Every));
            let (keys, columns) = (order.keys(), ", search_text");
            let (comparisons, positions) = ([near, far], [before, end]);
            let restriction = "";
            let merge = Merge {
                entity,
                keys,
                columns,
                index,
                direction,
                comparisons,
                positions,
                owners,
                restriction,
                limit,
            };
            (7, dialect.merge(&merge))
        }
        StreamKind::Walk | StreamKind::Scan | StreamKind::One => {
            let (first, of_owner) = match kind {
                StreamKind::One => (7, format!(" AND owner_id = {owners}")),
                StreamKind::Walk | StreamKind::Scan | StreamKind::Merge => (6, String::new()),
            };
            let rows = format!(
                "SELECT id, search_text FROM records WHERE workspace_id = ?1 AND entity = ?2{of_owner} \
                 AND id {near} {before} AND id {far} {end} ORDER BY id {direction} LIMIT {limit}"
            );
            (first, rows)
        }
    };
    let [in_text, in_title] = contains_words(dialect, first, words);
    format!(
        "SELECT id, ({in_text}) AS is_match, ({in_text} AND {in_title}) AS in_title \
         FROM ({rows}) AS walked"
    )
}

/// How many of so many records of a type on PostgreSQL there are, and how many of them a filter admits: of the newest,
/// or of any of some owners. It takes the record type, how many records, the owners, and what the filter takes.
pub(super) fn count_first(has_owners: bool, filter: &str) -> String {
    let of_owners = format!(" AND owner_id {}", Dialect::Postgres.seek_ids("?4"));
    let which = if has_owners { of_owners.as_str() } else { " ORDER BY id DESC" };
    format!(
        "SELECT count(*) AS walked, count(*) FILTER (WHERE TRUE{filter}) AS n FROM \
         (SELECT * FROM records WHERE workspace_id = ?1 AND entity = ?2{which} LIMIT ?3) AS first_rows"
    )
}

/// Whether a text has so many words, and whether its first line has; from a parameter on.
pub(super) fn contains_words(dialect: Dialect, first: usize, words: usize) -> [String; 2] {
    ["search_text".to_owned(), dialect.first_line("search_text")].map(|text| {
        let words =
            (first..first + words).map(|word| dialect.contains(&text, &format!("?{word}")));
        words.collect::<Vec<_>>().join(" AND ")
    })
}

/// The records with given ids, without those that a filter excludes. It takes the record type, the
/// ids and what the filter takes.
pub(super) fn rows(dialect: Dialect, filter: &str) -> String {
    columns_of(dialect, COLUMNS.list(), filter)
}

/// The bytes of the records with given ids, like [`rows`].
pub(super) fn sizes(dialect: Dialect, filter: &str) -> String {
    columns_of(dialect, &format!("id, {BYTES}"), filter)
}

/// The bytes of a record, as far as they depend on it. Neither engine reads a value for its length.
pub(super) const BYTES: &str =
    "CAST(octet_length(title) + octet_length(fields) AS BIGINT) AS bytes";

/// What the records with given ids are sorted by, like [`rows`].
pub(super) fn heads(dialect: Dialect, filter: &Filter) -> String {
    let columns =
        format!("id, title_key, fields, updated_at, amount, ({}) AS in_title", filter.in_title);
    columns_of(dialect, &columns, &filter.sql)
}

/// How many of the records with given ids a filter admits, like [`rows`].
pub(super) fn count_of(dialect: Dialect, filter: &str) -> String {
    format!("SELECT count(*) AS n FROM ({}) AS found_rows", columns_of(dialect, "id", filter))
}

fn columns_of(dialect: Dialect, columns: &str, filter: &str) -> String {
    dialect.lookup(&Lookup {
        columns,
        table: "records",
        index: PRIMARY,
        key: "id",
        filter,
        keys: "?3",
    })
}

/// The owners of the records with the pairs of a type and an id in `?2`.
pub(super) fn owners(dialect: Dialect) -> String {
    dialect.lookup_pairs("entity, id, owner_id", "records", ["entity", "id"], "?2")
}

/// A record of any type. It takes the id.
pub(super) fn any() -> String {
    format!(
        "{} WHERE workspace_id = ?1 AND id = ?2 AND entity IN \
         (SELECT entity FROM record_totals WHERE workspace_id = ?1)",
        COLUMNS.select()
    )
}

/// The events of a record. It takes the record, the event before, and the limit.
pub(super) fn events() -> String {
    format!(
        "{} WHERE workspace_id = ?1 AND record_id = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4",
        EVENT_COLUMNS.select()
    )
}

/// The events of a record, the first one first. It takes the record, the event before, and the limit.
pub(super) fn events_after() -> String {
    format!(
        "{} WHERE workspace_id = ?1 AND record_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4",
        EVENT_COLUMNS.select()
    )
}

/// Inserts so many events. It takes the columns of each.
pub(super) fn insert_events(count: usize) -> String {
    let row = |number: usize| format!("(?1, {})", parameters(2 + 6 * number, 6));
    let rows: Vec<String> = (0..count).map(row).collect();
    format!(
        "INSERT INTO timeline (workspace_id, {}) VALUES {}",
        EVENT_COLUMNS.list(),
        rows.join(", ")
    )
}

/// Whose records are counted or summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OwnerFilter {
    /// Those of every owner.
    All,
    /// Those of the owners in `?3`.
    Owners,
}

/// The records in the stage `?3` by month. It takes the record type, the stage, for a list of owners these,
/// and for months that begin elsewhere than in UTC the beginning of each.
pub(super) fn months_of_stage(
    dialect: Dialect,
    owners: OwnerFilter,
    months: &MonthStarts,
) -> String {
    let (first, of_owners) = match owners {
        OwnerFilter::All => {
            (4, format!("records{} WHERE workspace_id = ?1", dialect.by_index(PRIMARY)))
        }
        OwnerFilter::Owners => (
            5,
            format!(
                "records{} WHERE workspace_id = ?1 AND owner_id {}",
                dialect.by_index("records_owner"),
                dialect.seek_ids("?4")
            ),
        ),
    };
    let month =
        if months.is_empty() { "created_month".to_owned() } else { zoned_month(first, months) };
    format!(
        "SELECT {month} AS grouped, count(*) AS n, \
         CAST(coalesce(sum(amount / {SUM_PART}), 0) AS BIGINT) AS amount_high, \
         CAST(coalesce(sum(amount % {SUM_PART}), 0) AS BIGINT) AS amount_low, \
         CAST(sum(CASE WHEN is_open THEN 1 ELSE 0 END) AS BIGINT) AS open_n \
         FROM {of_owners} AND entity = ?2 AND stage = ?3 GROUP BY 1"
    )
}

/// The month of a record in a time zone. The latest months come first, because most records are new.
fn zoned_month(first: usize, months: &MonthStarts) -> String {
    let branches = months.iter().enumerate().rev().map(|(place, (month, _))| {
        format!("WHEN created_at >= ?{} THEN {month}", first + place)
    });
    let branches: Vec<String> = branches.collect();
    format!("CAST(CASE {} ELSE created_month END AS BIGINT)", branches.join(" "))
}
