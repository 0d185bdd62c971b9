//! `cargo xtask tidy`: reports every breach of the conventions that a machine can see.

mod blueprints;
mod elevator;
mod floors;
mod links;
mod purity;
mod sources;
mod tenants;

use std::fmt;

use crate::tree::{self, File};

/// A breach: where it is and what is wrong there.
#[derive(Debug, PartialEq)]
struct Violation {
    path: String,
    line: usize,
    message: String,
}

impl Violation {
    fn new(file: &File, line: usize, message: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line, message: message.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// Looks at the whole repository and fails when anything breaks a rule.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    if let Some(extra) = args.first() {
        return Err(format!("tidy takes no arguments, and `{extra}` is one"));
    }
    let root = tree::root()?;
    let files: Vec<File> = tree::read(&root)?.into_iter().filter(concerns_tidy).collect();
    let found = check(&files, &|path| root.join(path).exists());
    for violation in &found {
        println!("{violation}");
    }
    if found.is_empty() {
        println!("tidy: nothing to mend in {} files", files.len());
        return Ok(());
    }
    Err(format!("tidy: {} to mend in {} files", found.len(), files.len()))
}

fn concerns_tidy(file: &File) -> bool {
    file.is_rust() || file.is_markdown() || file.is_sql() || floors::is_manifest(file)
}

fn check(files: &[File], exists: &dyn Fn(&str) -> bool) -> Vec<Violation> {
    let tables = tenants::tables(files);
    let mut found: Vec<Violation> =
        files.iter().flat_map(|file| check_one(file, &tables, exists)).collect();
    found.extend(elevator::check(files));
    found
}

fn check_one(file: &File, tables: &[String], exists: &dyn Fn(&str) -> bool) -> Vec<Violation> {
    if file.is_markdown() {
        return links::check(file, exists);
    }
    if file.is_sql() {
        return Vec::new();
    }
    if !file.is_rust() {
        return floors::check(file);
    }
    let lines = crate::source::split(&file.text);
    let mut found = sources::check(file, &lines);
    found.extend(purity::check(file, &lines));
    found.extend(blueprints::check(file, &lines));
    found.extend(tenants::check(file, &lines, tables));
    found.sort_by_key(|violation| violation.line);
    found
}

#[cfg(test)]
mod tests;
