//! The heads of columns, by which a list is sorted, and the orders that it can have.

use super::filter::Filter;
use super::kind::Kind;
use super::row::{self, Column};
use crate::frame::Frame;
use crate::picker::Choice;

/// The head of a column.
#[derive(Clone, Debug)]
pub(crate) struct Heading {
    pub(crate) name: String,
    pub(crate) is_number: bool,
    /// The list sorted by it; none for a column by which no list is sorted.
    pub(crate) href: Option<String>,
    /// `ascending` or `descending` where the list is sorted by it.
    pub(crate) sorted: Option<&'static str>,
}

/// The heads of the columns, that of the title first.
pub(crate) fn headings(kind: &Kind, filter: &Filter, columns: &[Column]) -> Vec<Heading> {
    let fields = &kind.resource.fields;
    let title = row::title_key(kind);
    let named = fields.iter().find(|field| field.key == title);
    let title = heading(
        (kind, filter),
        named.map_or(&kind.resource.one, |field| &field.name),
        ("title", false, false),
    );
    let others = columns.iter().map(|column| {
        let key = column.key.as_str();
        let key = if ["stage", "owner"].contains(&key) { "" } else { key };
        heading((kind, filter), &column.name, (key, column.is_number, column.falls))
    });
    std::iter::once(title).chain(others).collect()
}

fn heading(
    (kind, filter): (&Kind, &Filter),
    name: &str,
    (key, is_number, falls): (&str, bool, bool),
) -> Heading {
    let (up, down) = (key.to_owned(), format!("-{key}"));
    let sorted = match filter.order() {
        order if order == up => Some("ascending"),
        order if order == down => Some("descending"),
        _ => None,
    };
    let next = match sorted {
        Some("ascending") => &down,
        Some(_) => &up,
        None if falls => &down,
        None => &up,
    };
    Heading {
        name: name.to_owned(),
        is_number,
        href: (!key.is_empty())
            .then(|| format!("{}{}", kind.path, filter.sorted(next).as_query())),
        sorted: sorted.filter(|_| !key.is_empty()),
    }
}

/// The orders to choose from.
pub(crate) fn orders(frame: &Frame, kind: &Kind, filter: &Filter) -> Vec<Choice> {
    let mut orders: Vec<(String, String)> = Vec::new();
    if !filter.text().is_empty() {
        orders.push((String::new(), frame.t("records-sort-rank")));
    }
    for (word, name) in [
        ("-created", "records-sort-newest"),
        ("created", "records-sort-oldest"),
        ("title", "records-sort-title"),
        ("-title", "records-sort-title-down"),
        ("-updated", "records-sort-updated"),
        ("updated", "records-sort-updated-first"),
    ] {
        orders.push((word.to_owned(), frame.t(name)));
    }
    for column in row::every_column(frame, kind, false) {
        let key = column.key;
        if ["stage", "created", "updated", "title"].contains(&key.as_str()) {
            continue;
        }
        let up = frame.with("records-sort-up", "field", &column.name);
        let down = frame.with("records-sort-down", "field", &column.name);
        orders.push((key.clone(), up));
        orders.push((format!("-{key}"), down));
    }
    let chosen = filter.order();
    let choice =
        |(value, name): (String, String)| Choice { is_chosen: value == chosen, value, name };
    orders.into_iter().map(choice).collect()
}
