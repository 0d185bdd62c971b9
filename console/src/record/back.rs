//! Where a change to a record leads back to: the record, or the list or board where it was made.

use std::fmt::Write;

use form_urlencoded::byte_serialize;

use crate::form::Form;

/// The field with the query of the list or board.
pub(crate) const BACK: &str = "back";

/// The parts of the query that a list has.
const PARTS: [&str; 6] = ["q", "owner", "stage", "sort", "after", "view"];

/// The query of the list where a form was sent, with its question mark; none for the page of the record.
pub(crate) fn query(form: &Form) -> Option<String> {
    let back = Form::parse(form.find(BACK)?.trim_start_matches('?').as_bytes());
    let mut query = String::new();
    for part in PARTS {
        if let Some(value) = back.filled(part) {
            let mark = if query.is_empty() { '?' } else { '&' };
            let value: String = byte_serialize(value.as_bytes()).collect();
            let _ = write!(query, "{mark}{part}={value}");
        }
    }
    Some(query)
}

/// The page to go back to; the record is marked on a board.
pub(crate) fn path(base: &str, (entity, record): (&str, &str), form: &Form) -> String {
    let list = format!("{base}/records/{entity}");
    match query(form) {
        None => format!("{list}/{record}"),
        Some(query) if query.contains("view=board") => format!("{list}{query}#{record}"),
        Some(query) => format!("{list}{query}"),
    }
}
