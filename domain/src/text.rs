//! Text: how it is compared and searched, and how it is escaped.

use caseless::Caseless;
pub use hallpass_engine::text::{listed, nearest, one_of};
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

/// Says that a word names nothing: ``no role `sals`; did you mean `sales`? Roles: `sales`, …``.
#[must_use]
pub fn unknown<'n>(
    noun: &str,
    word: &str,
    names: impl IntoIterator<Item = &'n str> + Clone,
) -> String {
    let word = printable(word);
    let known = shortlist(names.clone());
    match nearest(&word, names) {
        Some(near) => {
            let noun_first = noun.get(..1).unwrap_or_default().to_uppercase();
            let noun_rest = noun.get(1..).unwrap_or_default();
            format!(
                "no {noun} `{word}`; did you mean `{near}`? {noun_first}{noun_rest}s: {known}"
            )
        }
        None => format!("no {noun} `{word}`; {noun}s: {known}"),
    }
}

/// The characters of a word that a message repeats.
const LONGEST_WORD: usize = 64;

/// A word of a request as a message repeats it: short, without control characters.
#[must_use]
pub fn printable(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).take(LONGEST_WORD).collect()
}

#[cfg(test)]
mod tests;
