//! No code branches on a blueprint's id: the ids of the shipped ones are data.

use super::repository::Violation;
use crate::source::{Line, is_word};
use crate::tree::File;

/// Ids that no string literal may contain.
const IDS: [&str; 5] = ["harmonia", "harmony", "hari", "halo", "team-management"];

/// The default, whose id is also a plain word: code may use it, but not compare with it.
const DEFAULT: &str = "\"standard\"";

/// The file that names the shipped blueprints.
const SHIPPED: &str = "domain/src/blueprint.rs";

/// Crates that are not part of the product.
const DEVELOPMENT: [&str; 5] = ["testkit", "xtask", "bench", "peers", "fuzz"];

pub(super) fn check(file: &File, lines: &[Line]) -> Vec<Violation> {
    let ships = file.path.contains("/src/") && !DEVELOPMENT.contains(&file.folder());
    if !ships || file.is_test() || file.path == SHIPPED {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (number, line) in (1..).zip(lines) {
        let named = IDS.iter().find(|id| line.strings.iter().any(|text| names(text, id)));
        if let Some(id) = named {
            let message = format!(
                "`{id}` is the id of a blueprint: put the difference into the blueprint format"
            );
            found.push(Violation::new(file, number, message));
        }
        if compares_default(&line.code_with_strings) {
            let message = format!(
                "comparison with {DEFAULT}: put the difference into the blueprint format"
            );
            found.push(Violation::new(file, number, message));
        }
    }
    found
}

/// Returns whether a text contains an id as a whole word.
fn names(text: &str, id: &str) -> bool {
    text.match_indices(id).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + id.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// Returns whether code compares with the default's id, by an operator or as a pattern.
fn compares_default(code: &str) -> bool {
    code.match_indices(DEFAULT).any(|(at, _)| {
        let before = code.get(..at).unwrap_or_default().trim_end_matches("Some(").trim_end();
        let after = code.get(at + DEFAULT.len()..).unwrap_or_default();
        let after = after.trim_start_matches([')', ' ']);
        ["==", "!=", "|", ".eq(", ".ne("].iter().any(|mark| before.ends_with(mark))
            || ["==", "!=", "|", "=>"].iter().any(|mark| after.starts_with(mark))
            || (code.contains("matches!(") && before.ends_with(','))
    })
}

#[cfg(test)]
mod tests;
