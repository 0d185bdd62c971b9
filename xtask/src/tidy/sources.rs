//! Rules for every Rust file: its first line, name, length and forbidden code.

use super::repository::Violation;
use crate::source::{self, Line};
use crate::tree::File;

/// The longest file that needs no reason for its length, in lines.
const LONG: usize = 400;

const EXCUSE: &str = "//! Long because";

/// File names that say nothing about the content.
const EMPTY_NAMES: [&str; 7] =
    ["common", "helper", "helpers", "misc", "util", "utilities", "utils"];

/// Endings of type names that say nothing about the type.
const EMPTY_ENDINGS: [&str; 2] = ["Manager", "Service"];

/// Code that is forbidden everywhere, and what to do instead.
const FORBIDDEN: [(&str, &str); 6] = [
    (
        "#[allow(",
        "`#[expect(lint, reason = \"…\")]` gives the reason, and warns when it is no longer needed",
    ),
    (
        "#![allow(",
        "`#![expect(lint, reason = \"…\")]` gives the reason, and warns when it is no longer needed",
    ),
    ("#[ignore", "a test that does not run proves nothing"),
    ("#[should_panic", "assert on a value instead"),
    ("#[non_exhaustive", "a new variant must break every `match` that does not handle it"),
    ("#![non_exhaustive", "a new variant must break every `match` that does not handle it"),
];

pub(super) fn check(file: &File, lines: &[Line]) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut report = |line: usize, message: String| {
        found.push(Violation::new(file, line, message));
    };
    if !begins_with_a_sentence(&file.text) {
        report(
            1,
            "line 1 must be `//!` and say in one sentence what the file is for".to_owned(),
        );
    }
    if let Some(message) = name_is_empty(file) {
        report(1, message);
    }
    if is_long_without_excuse(file) {
        report(LONG + 1, format!("longer than {LONG} lines without a line `{EXCUSE} …`"));
    }
    for (number, line) in (1..).zip(lines) {
        for message in line_breaches(file, line) {
            report(number, message);
        }
    }
    found
}

/// Returns whether the text opens with `//!` and its first paragraph reads as a sentence.
fn begins_with_a_sentence(text: &str) -> bool {
    let paragraph: Vec<&str> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    let sentence = paragraph.join(" ");
    let end = sentence.trim_end_matches(['*', '`', ')']);
    sentence.chars().next().is_some_and(|first| !first.is_lowercase())
        && end.ends_with(['.', '!', '?', ':'])
}

fn name_is_empty(file: &File) -> Option<String> {
    if file.name() == "mod.rs" {
        return Some("write `noun.rs` instead of `noun/mod.rs`".to_owned());
    }
    let parts = file.path.split('/').map(|part| part.trim_end_matches(".rs"));
    let empty = parts.into_iter().find(|part| EMPTY_NAMES.contains(part))?;
    Some(format!("`{empty}` says nothing about the content: use a noun"))
}

fn is_long_without_excuse(file: &File) -> bool {
    let is_excused = file.text.lines().take(3).any(|line| line.starts_with(EXCUSE));
    !file.is_test() && !is_excused && file.text.lines().count() > LONG
}

fn line_breaches(file: &File, line: &Line) -> Vec<String> {
    let mut found: Vec<String> = FORBIDDEN
        .iter()
        .filter(|(code, _)| line.code.contains(code))
        .map(|(code, instead)| format!("`{code}`: {instead}"))
        .collect();
    let left_open =
        ["TODO", "FIXME"].into_iter().find(|mark| source::contains(&line.comment, mark));
    found.extend(left_open.map(|mark| format!("`{mark}`: open an issue instead")));
    found.extend(
        empty_type(&line.code).map(|name| format!("`{name}` has a meaningless ending")),
    );
    if file.is_test() && source::contains(&line.code, "sleep(") {
        found
            .push("`sleep` in a test: wait for the condition, or advance the clock".to_owned());
    }
    found
}

/// Finds a type defined here whose name has a meaningless ending. A plain `Manager` is allowed: it
/// is a domain term, the member to whom another is assigned.
fn empty_type(code: &str) -> Option<&str> {
    let words =
        || code.split(|letter| !source::is_word(letter)).filter(|word| !word.is_empty());
    words()
        .zip(words().skip(1))
        .filter(|(keyword, _)| ["struct", "enum", "trait", "type", "union"].contains(keyword))
        .map(|(_, name)| name)
        .find(|name| {
            EMPTY_ENDINGS
                .iter()
                .any(|ending| name.ends_with(ending) && name.len() > ending.len())
        })
}

#[cfg(test)]
mod tests;
