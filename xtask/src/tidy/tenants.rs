//! Every SQL statement on a tenant's table restricts it to one workspace.
//!
//! A table belongs to a tenant if its primary key begins with the workspace; the migrations show
//! which ones do.

use super::repository::{Repository, Source, Violation};
use crate::source::is_word;
use crate::tree::File;

const KEY: &str = "workspace_id";

pub(super) fn check(all: &Repository<'_>) -> Vec<Violation> {
    let tables = tables(&all.sql);
    all.rust.iter().flat_map(|source| check_source(source, &tables)).collect()
}

/// Lists the tables whose rows belong to a workspace.
fn tables(files: &[File]) -> Vec<String> {
    let migrations = files.iter().filter(|file| file.path.starts_with("store/migrations/"));
    let creates = migrations.flat_map(|file| file.text.split("CREATE TABLE ").skip(1));
    let tables = creates.filter_map(|create| {
        let (name, rest) = create.split_once('(')?;
        // The definition ends with its statement.
        let body = rest.split(';').next()?;
        body.contains(&format!("PRIMARY KEY ({KEY}")).then(|| name.trim().to_owned())
    });
    tables.collect()
}

fn check_source(source: &Source, tables: &[String]) -> Vec<Violation> {
    let Source { file, lines } = source;
    if !file.path.starts_with("store/src/") || file.is_test() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (number, line) in (1..).zip(lines) {
        for text in &line.strings {
            let table = tables.iter().find(|table| is_on(text, table));
            if let Some(table) = table.filter(|_| !names(text, KEY)) {
                let message = format!("a statement on `{table}` without `{KEY}`");
                found.push(Violation::new(file, number, message));
            }
        }
    }
    found
}

/// Returns whether a text is a statement on a table.
fn is_on(text: &str, table: &str) -> bool {
    ["FROM ", "INTO ", "UPDATE ", "JOIN "].iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let rest = text.get(at + word.len()..).unwrap_or_default().trim_start();
            let after = rest.strip_prefix(table);
            after.is_some_and(|after| !after.chars().next().is_some_and(is_word))
        })
    })
}

fn names(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests;
