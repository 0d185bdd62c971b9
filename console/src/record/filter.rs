//! The filter of a list, as the query of its page has it.

use std::fmt::Write;

use form_urlencoded::byte_serialize;
use hallpass_app::naming::OwnerRef;
use hallpass_app::record::{CountMode, RecordPosition, RecordQuery, SortOrder};
use hallpass_web::cursor;

use super::kind::Kind;
use crate::failure::Failure;
use crate::form::Form;

/// The filter of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// The text to search for.
    pub(crate) text: String,
    /// `me`, `unowned` or the id of a member; empty for every owner.
    pub(crate) owner: String,
    /// The key of the stage; empty for every stage.
    pub(crate) stage: String,
    /// The order: a word of [`SORTS`].
    pub(crate) sort: String,
    /// Where the page begins; empty for the first.
    pub(crate) after: String,
}

/// The orders, by the words of the API.
pub(crate) const SORTS: [(&str, SortOrder); 4] = [
    ("-created", SortOrder::Newest),
    ("created", SortOrder::Oldest),
    ("title", SortOrder::Title),
    ("-title", SortOrder::TitleDown),
];

impl Filter {
    /// The filter of a query; one that the record type does not have is ignored.
    pub(crate) fn of(kind: &Kind, query: &Form) -> Filter {
        let stage = query.text("stage");
        let is_known = kind.resource.stages.iter().any(|known| known.key == stage);
        let owner = query.text("owner");
        let sort = query.text("sort");
        let sort =
            SORTS.iter().find(|(known, _)| *known == sort).map_or("", |(known, _)| known);
        Filter {
            text: query.text("q").chars().take(200).filter(|c| *c != '\0').collect(),
            owner: if owner.parse::<OwnerRef>().is_ok() {
                owner.to_owned()
            } else {
                String::new()
            },
            stage: if is_known { stage.to_owned() } else { String::new() },
            sort: sort.to_owned(),
            after: query.text("after").to_owned(),
        }
    }

    /// Whether it leaves records out.
    pub(crate) fn is_filtering(&self) -> bool {
        !(self.text.is_empty() && self.owner.is_empty() && self.stage.is_empty())
    }

    /// The query for the records.
    pub(crate) fn query(&self, kind: &Kind, limit: usize) -> Result<RecordQuery, Failure> {
        let order = SORTS.iter().find(|(known, _)| *known == self.sort);
        let after = match self.after.as_str() {
            "" => None,
            after => Some(self.position(kind, after)?),
        };
        Ok(RecordQuery {
            text: Some(self.text.clone()).filter(|text| !text.is_empty()),
            owner: self.owner.parse::<OwnerRef>().ok(),
            stage: Some(self.stage.clone()).filter(|stage| !stage.is_empty()),
            order: order.map(|(_, order)| *order),
            after,
            limit,
            total: CountMode::Counted,
            ..RecordQuery::default()
        })
    }

    fn position(&self, kind: &Kind, after: &str) -> Result<RecordPosition, Failure> {
        let (key, id): (String, String) = cursor::read(&self.list(kind), after)?;
        let id = id.parse().map_err(|_| Failure::missing("page"))?;
        Ok(RecordPosition { key, id })
    }

    fn list(&self, kind: &Kind) -> String {
        format!("page {} {}", kind.key, self.sort)
    }

    /// The filter of the page that begins at a position.
    pub(crate) fn at(&self, kind: &Kind, next: &RecordPosition) -> Filter {
        let place = (&next.key, next.id.to_string());
        Filter { after: cursor::write(&self.list(kind), &place), ..self.clone() }
    }

    /// The query as a browser sends it, with its question mark; empty for no filter.
    pub(crate) fn as_query(&self) -> String {
        let values = [
            ("q", &self.text),
            ("owner", &self.owner),
            ("stage", &self.stage),
            ("sort", &self.sort),
            ("after", &self.after),
        ];
        let mut query = String::new();
        for (name, value) in values.into_iter().filter(|(_, value)| !value.is_empty()) {
            let mark = if query.is_empty() { '?' } else { '&' };
            let value: String = byte_serialize(value.as_bytes()).collect();
            let _ = write!(query, "{mark}{name}={value}");
        }
        query
    }

    /// The filter of another owner, from the first page.
    pub(crate) fn with_owner(&self, owner: &str) -> Filter {
        Filter { owner: owner.to_owned(), after: String::new(), ..self.clone() }
    }
}
