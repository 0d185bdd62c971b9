//! `cargo xtask tidy`: reports violations of the conventions.

mod blueprints;
mod cycles;
mod evidence;
mod handles;
mod layers;
mod links;
mod nouns;
mod proportion;
mod purity;
mod repository;
mod secrets;
mod sources;
mod tenants;
mod words;

use crate::source::Line;
use crate::tree::{self, File};
use repository::{Repository, Violation};

/// A check of the whole repository.
type Check = fn(&Repository<'_>) -> Vec<Violation>;

const CHECKS: [Check; 13] = [
    |all| each_source(all, blueprints::check),
    cycles::check,
    evidence::check,
    handles::check,
    |all| all.manifests.iter().flat_map(layers::check).collect(),
    |all| all.markdown.iter().flat_map(|file| links::check(file, all.exists)).collect(),
    nouns::check,
    proportion::check,
    |all| each_source(all, purity::check),
    |all| each_source(all, sources::check),
    secrets::check,
    tenants::check,
    words::check,
];

/// Checks the repository and fails if there are violations.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    if !args.is_empty() {
        return Err(format!("unknown options `{}`; tidy has none", args.join(" ")));
    }
    let root = tree::root()?;
    let exists = |path: &str| root.join(path).exists();
    let all = Repository::new(tree::read(&root)?, &exists);
    let found = check(&all);
    for violation in &found {
        println!("{violation}");
    }
    if found.is_empty() {
        println!("tidy: no violations in {} files", all.count());
        return Ok(());
    }
    Err(format!("tidy: {} violations in {} files", found.len(), all.count()))
}

/// Runs the checks and sorts what they find by location.
fn check(all: &Repository<'_>) -> Vec<Violation> {
    let mut found: Vec<Violation> = CHECKS.into_iter().flat_map(|check| check(all)).collect();
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
