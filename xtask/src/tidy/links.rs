//! Paths in backticks in Markdown exist.

use super::repository::Violation;
use crate::tree::File;

/// Characters that show that the text is a pattern, a placeholder, a command or a URL.
const NO_PATH: [char; 21] = [
    ' ', '{', '}', '<', '>', '*', '…', '~', ':', '$', '=', '|', '(', ')', '[', ']', '"', '\'',
    ',', '?', '#',
];

/// Finds paths that do not exist. A path counts as one of this repository only if its first part
/// exists at the root.
pub(super) fn check(file: &File, exists: &dyn Fn(&str) -> bool) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut is_fenced = false;
    for (number, line) in (1..).zip(file.text.lines()) {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        }
        if is_fenced {
            continue;
        }
        let broken = line.split('`').skip(1).step_by(2).filter(|span| is_broken(span, exists));
        found.extend(
            broken.map(|span| Violation::new(file, number, format!("`{span}` does not exist"))),
        );
    }
    found
}

fn is_broken(span: &str, exists: &dyn Fn(&str) -> bool) -> bool {
    looks_like_a_path(span)
        && span.split('/').next().is_some_and(exists)
        && !exists(span.trim_end_matches('/'))
}

/// Whether a span in backticks is a path of a file or folder.
pub(super) fn looks_like_a_path(span: &str) -> bool {
    let Some((_, last)) = span.rsplit_once('/') else { return false };
    let has_extension = last.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && extension.starts_with(|first: char| first.is_ascii_alphabetic())
    });
    (last.is_empty() || has_extension)
        && !span.contains(NO_PATH)
        && !["/", "..", "http"].iter().any(|start| span.starts_with(start))
}

#[cfg(test)]
mod tests;
