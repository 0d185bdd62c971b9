//! What narrows a list of records beside owner, stage and text, and the orders that no index has.

use hallpass_domain::record::Condition;
pub use hallpass_domain::record::{MOST_CONDITIONS, RecordFilter, TimeRange};
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::saved_view::OWN_ORDERS;
use hallpass_domain::text::{is_visible, unknown};
use hallpass_engine::Resource;
use hallpass_store::record::{Narrowing, SortBy, SortOrder, Sorting};

/// What a filter means for a record type. Every mistake is reported.
pub(crate) fn narrowing(
    filter: &RecordFilter,
    resource: &Resource,
) -> Result<Narrowing, Refusal> {
    if filter.conditions.len() > MOST_CONDITIONS {
        let detail = format!("a list has at most {MOST_CONDITIONS} conditions");
        return Err(Refusal::field("/filter", "too_many", detail));
    }
    let (mut conditions, mut errors) = (Vec::new(), Vec::new());
    for (at, (key, test)) in filter.conditions.iter().enumerate() {
        let pointer = format!("/filter/{at}");
        match Condition::check(&resource.fields, key, test.clone(), &pointer) {
            Ok(condition) => conditions.push(condition),
            Err(error) => errors.push(error),
        }
    }
    Refusal::unless_valid(errors)?;
    let RecordFilter { open, created, updated, .. } = *filter;
    Ok(Narrowing { open, created, updated, conditions })
}

/// An order as lists name it, and the word that its cursors have.
#[derive(Clone, Debug)]
pub struct Order {
    /// An order that an index has.
    pub order: Option<SortOrder>,
    /// One that none has.
    pub sorting: Option<SortingInput>,
    /// The word.
    pub word: String,
}

impl Order {
    /// The order that a word names, of records that a text finds. Which fields there are is for the record
    /// type to say.
    #[must_use]
    pub fn parse(sort: Option<&str>, text: Option<&str>) -> Order {
        let (order, word) = match sort {
            None if text.is_some_and(is_visible) => (Some(SortOrder::Rank), "rank"),
            None | Some("-created") => (Some(SortOrder::Newest), "-created"),
            Some("created") => (Some(SortOrder::Oldest), "created"),
            Some("title") => (Some(SortOrder::Title), "title"),
            Some("-title") => (Some(SortOrder::TitleDown), "-title"),
            Some(other) => (None, other),
        };
        let sorting = order.is_none().then(|| {
            let (by, is_descending) =
                word.strip_prefix('-').map_or((word, false), |by| (by, true));
            SortingInput { by: by.to_owned(), is_descending }
        });
        Order { order, sorting, word: word.to_owned() }
    }
}

/// A computed order as the API names it: `updated`, `amount`, or the key of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortingInput {
    /// What it compares.
    pub by: String,
    /// Whether the highest value comes first.
    pub is_descending: bool,
}

impl SortingInput {
    fn by(&self, resource: &Resource) -> Option<SortBy> {
        Some(match self.by.as_str() {
            "updated" => SortBy::Updated,
            "amount" => SortBy::Amount,
            key => {
                SortBy::Field(resource.fields.iter().find(|field| field.key == key)?.clone())
            }
        })
    }

    pub(crate) fn check(&self, resource: &Resource) -> Result<Sorting, Refusal> {
        let by = self.by(resource).ok_or_else(|| {
            let fields = resource.fields.iter().map(|field| field.key.as_str());
            let names = OWN_ORDERS.into_iter().chain(fields);
            let detail = unknown("order", &self.by, names);
            Refusal::Fields(vec![FieldError::new("/sort", "unknown", detail)])
        })?;
        Ok(Sorting { by, is_descending: self.is_descending })
    }
}
