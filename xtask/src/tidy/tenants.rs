//! Every statement on a table of a tenant names its workspace.
//!
//! Which tables are a tenant's follows from the migrations: those whose primary key begins with the
//! workspace.

use super::Violation;
use crate::source::{Line, is_word};
use crate::tree::File;

const KEY: &str = "workspace_id";

/// The tables whose rows belong to a workspace.
pub(super) fn tables(files: &[File]) -> Vec<String> {
    let migrations =
        files.iter().filter(|file| file.path.starts_with("store/migrations/") && file.is_sql());
    let creates = migrations.flat_map(|file| file.text.split("CREATE TABLE ").skip(1));
    let tables = creates.filter_map(|create| {
        let (name, rest) = create.split_once('(')?;
        // A table ends where the next statement does.
        let body = rest.split(';').next()?;
        body.contains(&format!("PRIMARY KEY ({KEY}")).then(|| name.trim().to_owned())
    });
    tables.collect()
}

/// What is wrong in one file of the store.
pub(super) fn check(file: &File, lines: &[Line], tables: &[String]) -> Vec<Violation> {
    if !file.path.starts_with("store/src/") || file.is_test() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (number, line) in (1..).zip(lines) {
        for text in &line.strings {
            let table = tables.iter().find(|table| is_on(text, table));
            if let Some(table) = table.filter(|_| !names(text, KEY)) {
                let message =
                    format!("a statement on `{table}` does not name its workspace: `{KEY}`");
                found.push(Violation::new(file, number, message));
            }
        }
    }
    found
}

/// Whether a text is a statement on a table.
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
