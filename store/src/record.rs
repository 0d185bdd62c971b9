//! Records: written, listed by who reaches them, counted, reassigned.
//!
//! **Invariant:** the counters of owners and the total of a record type change in the transaction
//! that changes the records, so they are exact whenever they are read. Each change of how many
//! records an owner has gives the counters of the type a new version.

mod counter;
mod list;
mod plan;
mod query;
mod read;
mod reassignment;
mod records;
mod row;
mod source;
mod statement;
mod summary;
mod timeline;
mod write;

pub use plan::statements;
pub(crate) use query::title_key;
pub use query::{
    GroupBy, GroupKey, GroupSum, ListQuery, MonthStarts, OwnerChange, OwnerCounts, Reach,
    RecordPage, RecordPosition, SortOrder,
};
pub use records::Records;
pub(crate) use row::search_text as record_search_text;
