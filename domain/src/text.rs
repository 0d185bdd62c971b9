//! Text: how it is compared and searched, and how it is escaped.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization as _;

/// A text as search and uniqueness see it: compatible characters and cases are the same (the
/// compatibility caseless matching of the Unicode standard, composed).
#[must_use]
pub fn fold(text: &str) -> String {
    let folded = text.nfd().default_case_fold().nfkd().default_case_fold();
    folded.nfkc().collect()
}

/// The pattern of a `LIKE` with `ESCAPE '\'` that finds a text anywhere in a folded one.
#[must_use]
pub fn contains_pattern(text: &str) -> String {
    format!("%{}%", escape_like(&fold(text)))
}

/// A text as a part of the pattern of a `LIKE` with `ESCAPE '\'`, in which each character stands for
/// itself.
#[must_use]
pub fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A key as a part of a JSON pointer (RFC 6901).
#[must_use]
pub fn escape_pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The names that a list spells out before it counts the rest.
const MOST_LISTED: usize = 10;

/// Names in backticks, the first ten of them.
pub fn shortlist<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut names = names.into_iter();
    let first: Vec<String> =
        names.by_ref().take(MOST_LISTED).map(|name| format!("`{name}`")).collect();
    let listed = if first.is_empty() { "none".to_owned() } else { first.join(", ") };
    match names.count() {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}

#[cfg(test)]
mod tests;
