//! `cargo xtask tidy`: reports violations of the conventions.

mod blueprints;
mod cycles;
mod handles;
mod layers;
mod links;
mod nouns;
mod purity;
mod repository;
mod sources;
mod tenants;
mod words;

use crate::source::Line;
use crate::tree::{self, File};
use repository::{Repository, Violation};

/// A check of the whole repository.
type Check = fn(&Repository<'_>) -> Vec<Violation>;

/// Checks that only `--all` runs, until the repository passes them.
const NOT_YET: [&str; 3] = ["cycles", "handles", "words"];

const CHECKS: [(&str, Check); 10] = [
    ("blueprints", |all| each_source(all, blueprints::check)),
    ("cycles", cycles::check),
    ("handles", handles::check),
    ("layers", |all| all.manifests.iter().flat_map(layers::check).collect()),
    ("links", |all| {
        all.markdown.iter().flat_map(|file| links::check(file, all.exists)).collect()
    }),
    ("nouns", nouns::check),
    ("purity", |all| each_source(all, purity::check)),
    ("sources", |all| each_source(all, sources::check)),
    ("tenants", tenants::check),
    ("words", words::check),
];

/// Checks the repository and fails if there are violations.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let is_all = match args {
        [] => false,
        [all] if all == "--all" => true,
        _ => {
            return Err(format!(
                "unknown options `{}`; the only one is `--all`",
                args.join(" ")
            ));
        }
    };
    let root = tree::root()?;
    let exists = |path: &str| root.join(path).exists();
    let all = Repository::new(tree::read(&root)?, &exists);
    let found = check(&all, |name| is_all || !NOT_YET.contains(&name));
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
