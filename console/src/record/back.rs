//! Where a change to a record leads back to: the record, or the list or board where it was made.

use super::filter::{self, NAMES};
use crate::form::Form;

/// The field with the query of the list or board.
pub(crate) const BACK: &str = "back";

/// The query of the list where a form was sent, with its question mark; none for the page of the record.
pub(crate) fn query(form: &Form) -> Option<String> {
    let back = Form::parse(form.find(BACK)?.trim_start_matches('?').as_bytes());
    let parts =
        NAMES.into_iter().filter_map(|name| Some((name, back.filled(name)?.to_owned())));
    Some(filter::query(parts))
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
