//! Records: written, listed by who reaches them, counted, reassigned.
//!
//! **Invariant:** the counters of owners and the total of a record type change in the transaction
//! that changes the records, so they are exact whenever they are read; so do the sums by stage and month.
//! Each change of them gives the counters of the type a new version.

mod backfill;
mod budget;
mod counter;
mod document;
mod figure;
mod fill;
mod filter;
mod list;
mod match_count;
mod plan;
mod query;
mod read;
mod reassignment;
mod records;
mod repair;
mod report;
mod row;
mod search;
mod sort_key;
mod sorted;
mod source;
mod statement;
mod stream;
pub(crate) mod sum;
mod timeline;
mod total;
mod type_search;
mod walk;
mod write;

pub use backfill::IndexProgress;
pub use budget::ListBounds;
pub(crate) use document::remove as remove_document;
pub use fill::RecordFill;
pub use plan::{is_planned_for_values, statements};
pub(crate) use query::title_key;
pub use query::{
    CountMode, GroupBy, GroupKey, GroupSum, ListQuery, MonthStarts, Narrowing, OwnerChange,
    OwnerCounts, Reach, RecordFigures, RecordPage, RecordPosition, RecordTotal, SortBy,
    SortOrder, Sorting, TimeRange, Total,
};
pub use records::Records;
pub use repair::{CounterGroup, WrongCounter};
pub use report::ReportQuery;
pub use type_search::{TypeMatches, TypeSearch};
