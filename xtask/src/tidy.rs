//! `cargo xtask tidy`: reports violations of the conventions.

mod blueprints;
mod layers;
mod links;
mod nouns;
mod purity;
mod sources;
mod tenants;

use std::fmt;

use crate::source::{self, Line};
use crate::tree::{self, File};

/// What the checks read.
struct Repository<'e> {
    rust: Vec<Source>,
    markdown: Vec<File>,
    sql: Vec<File>,
    manifests: Vec<File>,
    /// Whether a path from the root exists.
    exists: &'e dyn Fn(&str) -> bool,
}

/// A Rust file and its lines, split into code, strings and comments.
struct Source {
    file: File,
    lines: Vec<Line>,
}

/// A violation: its location and what is wrong.
#[derive(Debug, PartialEq)]
struct Violation {
    path: String,
    line: usize,
    message: String,
}

/// A check of the whole repository.
type Check = fn(&Repository<'_>) -> Vec<Violation>;

const CHECKS: [(&str, Check); 7] = [
    ("blueprints", |all| each_source(all, blueprints::check)),
    ("layers", |all| all.manifests.iter().flat_map(layers::check).collect()),
    ("links", |all| {
        all.markdown.iter().flat_map(|file| links::check(file, all.exists)).collect()
    }),
    ("nouns", nouns::check),
    ("purity", |all| each_source(all, purity::check)),
    ("sources", |all| each_source(all, sources::check)),
    ("tenants", tenants::check),
];

impl<'e> Repository<'e> {
    fn new(files: Vec<File>, exists: &'e dyn Fn(&str) -> bool) -> Self {
        let (mut rust, mut markdown) = (Vec::new(), Vec::new());
        let (mut sql, mut manifests) = (Vec::new(), Vec::new());
        for file in files {
            if file.is_rust() {
                rust.push(Source::new(file));
            } else if file.is_markdown() {
                markdown.push(file);
            } else if file.is_sql() {
                sql.push(file);
            } else if layers::is_manifest(&file) {
                manifests.push(file);
            }
        }
        Self { rust, markdown, sql, manifests, exists }
    }

    fn count(&self) -> usize {
        self.rust.len() + self.markdown.len() + self.sql.len() + self.manifests.len()
    }
}

impl Source {
    fn new(file: File) -> Self {
        let lines = source::split(&file.text);
        Self { file, lines }
    }
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

/// Checks the repository and fails if there are violations.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    if let Some(extra) = args.first() {
        return Err(format!("`tidy` takes no arguments, but got `{extra}`"));
    }
    let root = tree::root()?;
    let exists = |path: &str| root.join(path).exists();
    let all = Repository::new(tree::read(&root)?, &exists);
    let found = check(&all, |_| true);
    for violation in &found {
        println!("{violation}");
    }
    if found.is_empty() {
        println!("tidy: no violations in {} files", all.count());
        return Ok(());
    }
    Err(format!("tidy: {} violations in {} files", found.len(), all.count()))
}

/// Runs the selected checks and sorts what they find by location.
fn check(all: &Repository<'_>, is_selected: impl Fn(&str) -> bool) -> Vec<Violation> {
    let checks = CHECKS.into_iter().filter(|(name, _)| is_selected(name));
    let mut found: Vec<Violation> = checks.flat_map(|(_, check)| check(all)).collect();
    found.sort_by(|one, other| (&one.path, one.line).cmp(&(&other.path, other.line)));
    found
}

fn each_source(
    all: &Repository<'_>,
    check: fn(&File, &[Line]) -> Vec<Violation>,
) -> Vec<Violation> {
    all.rust.iter().flat_map(|source| check(&source.file, &source.lines)).collect()
}

#[cfg(test)]
mod tests;
