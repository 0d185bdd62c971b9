//! A saved view: the filter, the order and the columns of a list of records, and whose it is.
//!
//! **Invariant:** a view has no records of its own. It is a query, which each reader asks in their own name.

use hallpass_engine::Resource;

use crate::id::ViewId;
use crate::name::Name;
use crate::record::{Condition, OwnerRef, RecordFilter, Schema};
use crate::refusal::FieldError;
use crate::sharing::Sharing;
use crate::text::unknown;

mod stored;

pub use stored::{FilterParts, LONGEST_CONDITIONS};

/// The most views of a member who creates them.
pub const MOST_VIEWS: usize = 100;

/// The most columns of a view.
pub const MOST_COLUMNS: usize = 12;

/// What a list can show of a record beside its fields.
pub const OWN_COLUMNS: [&str; 4] = ["stage", "owner", "created", "updated"];

/// The orders of a list beside those by a field.
pub const OWN_ORDERS: [&str; 4] = ["created", "title", "updated", "amount"];

/// Which records a view lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewFilter {
    /// Words, each of which the title or a field contains.
    pub text: Option<String>,
    /// The owner; `me` is each reader.
    pub owner: Option<OwnerRef>,
    /// The stage, by key.
    pub stage: Option<String>,
    /// What else the records have in common.
    pub rest: RecordFilter,
}

/// What a list shows, and how.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewSettings {
    /// Which records.
    pub filter: ViewFilter,
    /// Their order, in the words of lists: `-created`, `amount`; none for the order of lists.
    pub sort: Option<String>,
    /// The columns beside the title, by key of a field or one of [`OWN_COLUMNS`]; none for those of lists.
    pub columns: Option<Vec<String>>,
}

/// A saved view.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedView {
    /// The id.
    pub id: ViewId,
    /// The name.
    pub name: Name,
    /// Whose it is.
    pub sharing: Sharing,
    /// The record type, by key.
    pub entity: String,
    /// What its list shows.
    pub settings: ViewSettings,
    /// Increases with each change.
    pub version: i64,
}

impl ViewFilter {
    /// What a record type lacks that the filter needs: such a filter finds nothing.
    #[must_use]
    pub fn faults(&self, resource: &Resource) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if let Some(stage) = &self.stage
            && let Err(error) = Schema::of(resource).stage(stage)
        {
            faults.push(FieldError { pointer: "/filter/stage".to_owned(), ..error });
        }
        for (at, (key, test)) in self.rest.conditions.iter().enumerate() {
            let pointer = format!("/filter/conditions/{at}");
            let checked = Condition::check(&resource.fields, key, test.clone(), &pointer);
            faults.extend(checked.err());
        }
        faults
    }
}

impl ViewSettings {
    /// What a record type lacks that the settings need: a view with them is outdated, and lists nothing.
    #[must_use]
    pub fn faults(&self, resource: &Resource) -> Vec<FieldError> {
        let mut faults = self.filter.faults(resource);
        let fields = || resource.fields.iter().map(|field| field.key.as_str());
        if let Some(sort) = &self.sort {
            let names = OWN_ORDERS.into_iter().chain(fields());
            let by = sort.strip_prefix('-').unwrap_or(sort);
            faults.extend(lacking("/sort", ("order", by), names));
        }
        for (at, column) in self.columns.iter().flatten().enumerate() {
            let names = OWN_COLUMNS.into_iter().chain(fields());
            faults.extend(lacking(&format!("/columns/{at}"), ("column", column), names));
        }
        faults
    }
}

fn lacking<'n>(
    pointer: &str,
    (noun, key): (&str, &str),
    names: impl Iterator<Item = &'n str> + Clone,
) -> Option<FieldError> {
    if names.clone().any(|name| name == key) {
        return None;
    }
    Some(FieldError::new(pointer, "unknown", unknown(noun, key, names)))
}

#[cfg(test)]
mod tests;
