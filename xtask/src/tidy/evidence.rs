//! What the tables of the security pages name as evidence exists: tests and files.

use std::collections::BTreeSet;

use super::links::looks_like_a_path;
use super::repository::{Repository, Source, Violation};
use crate::source::is_word;
use crate::tree::File;

/// The pages whose tables are checked.
const PAGES: [&str; 3] = ["docs/asvs.md", "docs/limits.md", "docs/security.md"];

/// A snake case name of fewer words may be that of a key or a field.
const FEWEST_WORDS: usize = 3;

pub(super) fn check(all: &Repository<'_>) -> Vec<Violation> {
    let pages = all.markdown.iter().filter(|file| PAGES.contains(&file.path.as_str()));
    let mut functions = BTreeSet::new();
    let mut found = Vec::new();
    for page in pages {
        if functions.is_empty() {
            functions = all.rust.iter().flat_map(functions_of).collect();
        }
        found.extend(check_page(page, &functions, all.exists));
    }
    found
}

/// The names of the functions of a file, also of those inside of macros.
fn functions_of(source: &Source) -> impl Iterator<Item = &str> {
    source.lines.iter().flat_map(|line| {
        let after = line.code.match_indices("fn ").filter_map(|(at, keyword)| {
            let is_whole = !line.code.get(..at)?.ends_with(is_word);
            is_whole.then(|| line.code.get(at + keyword.len()..)).flatten()
        });
        after.map(|rest| rest.split(|letter| !is_word(letter)).next().unwrap_or_default())
    })
}

fn check_page(
    page: &File,
    functions: &BTreeSet<&str>,
    exists: &dyn Fn(&str) -> bool,
) -> Vec<Violation> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(page.text.lines()) {
        let Some(cells) = cells(line) else { continue };
        let mut report = |message| found.push(Violation::new(page, number, message));
        if cells.iter().any(|cell| cell.trim().is_empty()) {
            report("a cell of this row is empty".to_owned());
        }
        for span in spans(line).filter(|span| looks_like_a_path(span) && !exists(span)) {
            report(format!("`{span}` does not exist"));
        }
        let tests = spans(cells.last().copied().unwrap_or_default()).filter_map(test_name);
        for test in tests.filter(|test| !functions.contains(test)) {
            report(format!("there is no test `{test}`"));
        }
    }
    found
}

/// The cells of a row of a table.
fn cells(line: &str) -> Option<Vec<&str>> {
    let row = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(row.split('|').collect())
}

/// What is in backticks.
fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The name of a test, if a span is one, with or without the modules that lead to it.
fn test_name(span: &str) -> Option<&str> {
    let name = span.rsplit("::").next()?;
    let is_snake_case =
        name.chars().all(|letter| matches!(letter, 'a'..='z' | '0'..='9' | '_'));
    (is_snake_case && name.split('_').count() >= FEWEST_WORDS).then_some(name)
}

#[cfg(test)]
mod tests;
