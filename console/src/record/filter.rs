//! The filter, order and columns of a list, as the query of its page has them: the address holds all of it.
//!
//! **Invariant:** what an address names and the record type does not have is no filter that is left out: the
//! page says so, and lists nothing.

use std::fmt::Write;

use form_urlencoded::byte_serialize;
use hallpass_app::naming::OwnerRef;
use hallpass_app::record::filter::Order;
use hallpass_app::record::{RecordPosition, RecordQuery};
use hallpass_app::saved_view::ViewQuery;
use hallpass_domain::id::ViewId;
use hallpass_domain::record::ConditionParts;
use hallpass_domain::refusal::FieldError;
use hallpass_domain::saved_view::{FilterParts, MOST_COLUMNS, ViewFilter, ViewSettings};
use hallpass_web::cursor;

use super::kind::Kind;
use crate::form::Form;
use crate::frame::Frame;

/// The newest first: the order of a list that has none in its address.
const NEWEST: &str = "-created";

/// What an address says of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filter {
    /// What the list shows.
    pub(crate) settings: ViewSettings,
    /// Where the page begins; empty for the first.
    pub(crate) after: String,
    /// The saved view that it comes from.
    pub(crate) saved: Option<ViewId>,
    /// Whether it is shown as a board.
    pub(crate) is_board: bool,
    /// What the record type does not have, or cannot be read; such a list is empty.
    pub(crate) faults: Vec<Fault>,
}

/// What is wrong with a filter, by the key or name that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is no such stage.
    Stage(String),
    /// There is no such field.
    Field(String),
    /// The field has no such value.
    Value(String),
    /// There is no such order.
    Order(String),
    /// There is no such column.
    Column(String),
    /// It cannot be read.
    Unreadable,
}

impl Fault {
    fn of(settings: &ViewSettings, error: &FieldError) -> Fault {
        let parts: Vec<&str> = error.pointer.split('/').skip(1).collect();
        let at = |text: &str| text.parse::<usize>().unwrap_or_default();
        let field = |place: &str| {
            let condition = settings.filter.rest.conditions.get(at(place));
            condition.map(|(key, _)| key.clone()).unwrap_or_default()
        };
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        match parts.as_slice() {
            ["filter", "stage"] => Fault::Stage(text(&settings.filter.stage)),
            ["filter", "conditions", place, "field"] => Fault::Field(field(place)),
            ["filter", "conditions", place, ..] => Fault::Value(field(place)),
            ["sort"] => Fault::Order(text(&settings.sort)),
            ["columns", place] => {
                let columns = settings.columns.as_deref().unwrap_or_default();
                Fault::Column(columns.get(at(place)).cloned().unwrap_or_default())
            }
            _ => Fault::Unreadable,
        }
    }

    /// The fault as a sentence.
    pub(crate) fn sentence(&self, frame: &Frame, kind: &Kind) -> String {
        let name = |key: &str| {
            let known = kind.resource.fields.iter().find(|field| field.key == key);
            known.map_or(key, |field| &field.name).to_owned()
        };
        match self {
            Fault::Stage(key) => frame.with("records-fault-stage", "name", key),
            Fault::Field(key) | Fault::Order(key) | Fault::Column(key) => {
                frame.with("records-fault-field", "name", key.trim_start_matches('-'))
            }
            Fault::Value(key) => frame.with("records-fault-value", "name", name(key)),
            Fault::Unreadable => frame.t("records-fault-unreadable"),
        }
    }
}

impl Filter {
    /// The filter of a query.
    pub(crate) fn of(kind: &Kind, query: &Form) -> Filter {
        let is_board = kind.has_stages && query.text("view") == "board";
        let read = parts(query).and_then(|parts| parts.read().ok());
        let faults = if read.is_some() { Vec::new() } else { vec![Fault::Unreadable] };
        let mut filter = read.unwrap_or_default();
        if is_board {
            // Its stacks are the stages.
            filter.stage = None;
        }
        let columns = query.every("columns").flat_map(|list| list.split(','));
        let mut listed: Vec<String> = Vec::new();
        for column in columns.take(MOST_COLUMNS) {
            if !listed.iter().any(|known| known == column) {
                listed.push(column.to_owned());
            }
        }
        let settings = ViewSettings {
            filter,
            sort: query.filled("sort").map(str::to_owned),
            columns: (!listed.is_empty()).then_some(listed),
        };
        Filter {
            after: query.text("after").to_owned(),
            saved: query.text("saved").parse().ok(),
            is_board,
            ..Filter::showing(kind, settings, faults)
        }
    }

    /// The filter of settings, of which some could not be read.
    fn showing(kind: &Kind, settings: ViewSettings, mut faults: Vec<Fault>) -> Filter {
        let lacking = settings.faults(&kind.resource);
        faults.extend(lacking.iter().map(|error| Fault::of(&settings, error)));
        faults.dedup();
        Filter { settings, faults, ..Filter::default() }
    }

    /// The filter of a saved view.
    pub(crate) fn of_view(kind: &Kind, id: ViewId, settings: &ViewSettings) -> Filter {
        Filter { saved: Some(id), ..Filter::showing(kind, settings.clone(), Vec::new()) }
    }

    /// Whether it shows what settings say.
    pub(crate) fn shows(&self, settings: &ViewSettings) -> bool {
        normal(self.settings.clone()) == normal(settings.clone())
    }

    /// Whether it leaves records out.
    pub(crate) fn is_filtering(&self) -> bool {
        self.settings.filter != ViewFilter::default() || !self.faults.is_empty()
    }

    /// The text that is searched for; empty for none.
    pub(crate) fn text(&self) -> &str {
        self.settings.filter.text.as_deref().unwrap_or_default()
    }

    /// The owner as addresses have it; empty for every owner.
    pub(crate) fn owner(&self) -> String {
        self.settings.filter.owner.map(|owner| owner.to_string()).unwrap_or_default()
    }

    /// The word of the order; empty for the one that matches best.
    pub(crate) fn order(&self) -> &str {
        match (&self.settings.sort, self.text()) {
            (Some(sort), _) => sort,
            (None, "") => NEWEST,
            (None, _) => "",
        }
    }

    /// The query for the records.
    pub(crate) fn query(&self, kind: &Kind, limit: usize) -> RecordQuery {
        ViewQuery::of(&self.settings).page(self.position(kind), limit)
    }

    /// Where the page begins; none for the first one.
    fn position(&self, kind: &Kind) -> Option<RecordPosition> {
        let (key, id): (String, String) = cursor::read(&self.list(kind), &self.after).ok()?;
        Some(RecordPosition { key, id: id.parse().ok()? })
    }

    /// The filter from a page that this list has: a link to a page of another list leads to the first one.
    pub(crate) fn at_known_page(self, kind: &Kind) -> Filter {
        if self.position(kind).is_some() { self } else { self.first() }
    }

    fn list(&self, kind: &Kind) -> String {
        let text = Some(self.text()).filter(|text| !text.is_empty());
        let word = Order::parse(self.settings.sort.as_deref(), text).word;
        format!("page {} {word}", kind.key)
    }

    /// The filter of the page that begins at a position.
    pub(crate) fn at(&self, kind: &Kind, next: &RecordPosition) -> Filter {
        let place = (&next.key, next.id.to_string());
        Filter { after: cursor::write(&self.list(kind), &place), ..self.clone() }
    }

    /// The filter of the first page.
    pub(crate) fn first(&self) -> Filter {
        Filter { after: String::new(), ..self.clone() }
    }

    /// The filter after a change of what it lists, from the first page.
    pub(crate) fn with(&self, change: impl FnOnce(&mut ViewFilter)) -> Filter {
        let mut filter = self.first();
        change(&mut filter.settings.filter);
        filter
    }

    /// The filter of another owner, from the first page.
    pub(crate) fn with_owner(&self, owner: &str) -> Filter {
        self.with(|filter| filter.owner = owner.parse::<OwnerRef>().ok())
    }

    /// The filter in another order, from the first page.
    pub(crate) fn sorted(&self, sort: &str) -> Filter {
        let mut filter = self.first();
        filter.settings.sort = Some(sort.to_owned()).filter(|sort| !sort.is_empty());
        filter
    }

    /// The filter as a list, or as a board.
    pub(crate) fn as_board(&self, is_board: bool) -> Filter {
        Filter { is_board, ..self.first() }
    }

    /// The values of its query, without those that are empty.
    pub(crate) fn values(&self) -> Vec<(&'static str, String)> {
        let parts = FilterParts::of(&self.settings.filter);
        let conditions = match parts.conditions.as_slice() {
            [] => None,
            some => serde_json::to_string(some).ok(),
        };
        let mut values = vec![
            ("q", parts.q),
            ("owner", parts.owner),
            ("stage", parts.stage),
            ("open", parts.open.map(|open| open.to_string())),
            ("created_from", parts.created_from),
            ("created_to", parts.created_to),
            ("updated_from", parts.updated_from),
            ("updated_to", parts.updated_to),
            ("filter", conditions),
            ("columns", self.settings.columns.as_ref().map(|columns| columns.join(","))),
            ("sort", self.settings.sort.clone()),
            ("view", self.is_board.then(|| "board".to_owned())),
            ("saved", self.saved.map(|id| id.to_string())),
        ];
        if self.saved.is_some() && self.settings.sort.is_none() {
            // An address with nothing but a view is the view as it is saved; this one is what was made of it.
            values.push(("as", Some("shown".to_owned())));
        }
        values.push(("after", Some(self.after.clone())));
        let filled = values.into_iter().filter_map(|(name, value)| Some((name, value?)));
        filled.filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The values of its query but one, for the form that sends that one.
    pub(crate) fn hidden(&self, name: &str) -> Vec<(&'static str, String)> {
        let values = self.first().values().into_iter();
        values.filter(|(known, _)| *known != name).collect()
    }

    /// The query as a browser sends it, with its question mark; empty for no filter.
    pub(crate) fn as_query(&self) -> String {
        query(self.values())
    }

    /// The query of the same list in the API, without an order: for its export.
    pub(crate) fn as_api_query(&self) -> String {
        let own = ["columns", "sort", "view", "saved", "as", "after"];
        query(self.values().into_iter().filter(|(name, _)| !own.contains(name)))
    }
}

/// The names of a query that a list has.
pub(super) const NAMES: [&str; 15] = [
    "q",
    "owner",
    "stage",
    "open",
    "created_from",
    "created_to",
    "updated_from",
    "updated_to",
    "filter",
    "columns",
    "sort",
    "view",
    "saved",
    "as",
    "after",
];

/// Whether a query names a saved view, and nothing of what it shows.
pub(super) fn names_only_a_view(query: &Form) -> bool {
    let own = ["saved", "after", "view"];
    query.filled("saved").is_some()
        && NAMES.iter().all(|name| own.contains(name) || query.find(name).is_none())
}

/// Writes a query.
pub(super) fn query(values: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let mut query = String::new();
    for (name, value) in values {
        let mark = if query.is_empty() { '?' } else { '&' };
        let value: String = byte_serialize(value.as_bytes()).collect();
        let _ = write!(query, "{mark}{name}={value}");
    }
    query
}

/// Settings in which the usual order is not said.
fn normal(settings: ViewSettings) -> ViewSettings {
    let ViewSettings { filter, sort, columns } = settings;
    let sort = sort.filter(|sort| filter.text.is_some() || sort != NEWEST);
    ViewSettings { filter, sort, columns }
}

/// The filter of a query as JSON has it; none where it cannot be read.
fn parts(query: &Form) -> Option<FilterParts> {
    let own = |name: &str| query.filled(name).map(str::to_owned);
    let conditions = match query.filled("filter") {
        None => Vec::new(),
        Some(text) => serde_json::from_str::<Vec<ConditionParts>>(text).ok()?,
    };
    let open = match query.filled("open") {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => return None,
    };
    let text: String = query.text("q").chars().take(200).filter(|c| *c != '\0').collect();
    Some(FilterParts {
        q: Some(text),
        owner: own("owner"),
        stage: own("stage"),
        open,
        created_from: own("created_from"),
        created_to: own("created_to"),
        updated_from: own("updated_from"),
        updated_to: own("updated_to"),
        conditions,
    })
}
