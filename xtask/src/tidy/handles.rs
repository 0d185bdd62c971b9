//! Each noun of `app` implements only its own types.
//!
//! A use case is a method of its noun's handle, such as `Invitations<'_>`, so that the context and the
//! shared state do not collect the methods of every noun.

use std::collections::BTreeMap;

use super::repository::{Repository, Source, Violation};
use crate::source::{self, is_word};

const LAYER: &str = "app/src/";

const TYPE_KEYWORDS: [&str; 5] = ["struct", "enum", "trait", "type", "union"];

/// Nouns that may also implement types of another one: the infrastructure of the layer.
const ALSO: [(&str, &[&str]); 2] =
    [("WorkspaceContext", &["context", "gate"]), ("App", &["app", "context", "gate"])];

/// An `impl` block.
#[derive(Debug, PartialEq)]
struct Impl {
    line: usize,
    of_trait: Option<String>,
    of_type: String,
}

pub(super) fn check(all: &Repository<'_>) -> Vec<Violation> {
    let sources: Vec<(&str, &Source)> = all
        .rust
        .iter()
        .filter(|source| !source.file.is_test())
        .filter_map(|source| Some((noun(&source.file.path)?, source)))
        .collect();
    let mut owners: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (noun, source) in &sources {
        for name in definitions(&code(source)) {
            owners.entry(name).or_default().push(noun);
        }
    }
    sources.iter().flat_map(|(noun, source)| check_source(noun, source, &owners)).collect()
}

fn check_source(
    noun: &str,
    source: &Source,
    owners: &BTreeMap<String, Vec<&str>>,
) -> Vec<Violation> {
    let is_own = |name: &str| owners.get(name).is_some_and(|nouns| nouns.contains(&noun));
    let mut found = Vec::new();
    for block in impls(&code(source)) {
        // Types of other crates and types that macros define have no owner here.
        let Some(others) = owners.get(&block.of_type) else { continue };
        let is_allowed =
            ALSO.iter().any(|(name, nouns)| *name == block.of_type && nouns.contains(&noun));
        let has_own_trait = block.of_trait.as_deref().is_some_and(is_own);
        if is_allowed || has_own_trait || is_own(&block.of_type) {
            continue;
        }
        let (name, other) = (&block.of_type, others.join("`, `"));
        let message =
            format!("`{name}` belongs to `{other}`: implement a handle of `{noun}` instead");
        found.push(Violation::new(&source.file, block.line, message));
    }
    found
}

/// Returns the noun of a file of the layer: its name, or that of the folder below the layer.
fn noun(path: &str) -> Option<&str> {
    let noun = path.strip_prefix(LAYER)?.split('/').next()?;
    Some(noun.trim_end_matches(".rs"))
}

fn code(source: &Source) -> String {
    let lines: Vec<&str> = source.lines.iter().map(|line| line.code.as_str()).collect();
    lines.join("\n")
}

/// Lists the names of the types and traits that code defines.
fn definitions(code: &str) -> Vec<String> {
    let words: Vec<&str> =
        code.split(|letter| !is_word(letter)).filter(|word| !word.is_empty()).collect();
    let pairs = words.iter().zip(words.iter().skip(1));
    let definitions = pairs.filter(|(keyword, _)| TYPE_KEYWORDS.contains(keyword));
    definitions.map(|(_, name)| (*name).to_owned()).collect()
}

/// Lists the `impl` blocks of code, that begin at the start of a line.
fn impls(code: &str) -> Vec<Impl> {
    let mut found = Vec::new();
    let starts = code.match_indices("impl").filter(|(at, _)| {
        let line = code.get(..*at).unwrap_or_default().rsplit('\n').next();
        line.is_some_and(|before| matches!(before.trim(), "" | "unsafe"))
    });
    for (at, keyword) in starts {
        let rest = code.get(at + keyword.len()..).unwrap_or_default();
        if rest.starts_with(is_word) {
            continue;
        }
        let header = without_generics(rest.split(['{', ';']).next().unwrap_or_default());
        let header = header.split(" where ").next().unwrap_or_default();
        let (of_trait, of_type) = match header.split_once(" for ") {
            Some((of_trait, of_type)) => (last_word(of_trait), of_type),
            None => (None, header),
        };
        if let Some(of_type) = last_word(of_type) {
            found.push(Impl { line: source::line_of(code, at), of_trait, of_type });
        }
    }
    found
}

/// Removes everything in angle brackets, and puts all on one line.
fn without_generics(header: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    let mut before = ' ';
    for letter in header.chars() {
        match letter {
            '<' => depth += 1,
            '>' if before != '-' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if letter.is_whitespace() => out.push(' '),
            _ => out.push(letter),
        }
        before = letter;
    }
    format!("{out} ")
}

/// Returns the last segment of a path: `App` of `crate::app::App`.
fn last_word(path: &str) -> Option<String> {
    let mut words = path.split(|letter| !is_word(letter)).filter(|word| !word.is_empty());
    words.next_back().map(str::to_owned)
}

#[cfg(test)]
mod tests;
