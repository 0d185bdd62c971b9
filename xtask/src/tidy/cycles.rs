//! Imports between the files of a crate form no cycle.
//!
//! A child that imports from its parent while the parent uses the child is a cycle too. A file that
//! only declares modules and re-exports their items is not part of any cycle: an import of a
//! re-exported item counts as one of the file that defines it.

mod modules;
mod paths;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::repository::{Repository, Source, Violation};
use modules::{Found, Modules, module_of};
use paths::Paths;

/// The imports between modules: importer, imported, and the line of the first import.
type Imports = BTreeMap<String, BTreeMap<String, usize>>;

pub(super) fn check(all: &Repository<'_>) -> Vec<Violation> {
    let mut crates: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
    for source in all.rust.iter().filter(|source| !source.file.is_test()) {
        if let Some((folder, _)) = source.file.path.split_once("/src/") {
            crates.entry(folder).or_default().push(source);
        }
    }
    crates.into_iter().flat_map(|(folder, sources)| check_crate(folder, &sources)).collect()
}

fn check_crate(folder: &str, sources: &[&Source]) -> Vec<Violation> {
    let root = format!("{folder}/src/");
    let has_library = sources.iter().any(|source| source.file.name() == "lib.rs");
    let mut by_module = BTreeMap::new();
    let mut modules = BTreeMap::new();
    for source in sources {
        let Some(path) = source.file.path.strip_prefix(&root) else { continue };
        // Beside a library, `main.rs` is a crate of its own.
        if has_library && path == "main.rs" {
            continue;
        }
        by_module.insert(module_of(path), *source);
        modules.insert(module_of(path), paths::read(&source.lines));
    }
    let imports = imports(&Modules(modules));
    let describe = |cycle: &Vec<String>| {
        let first = cycle.first()?;
        let source = by_module.get(first)?;
        let line = cycle.get(1).and_then(|next| imports.get(first)?.get(next));
        let file = |module: &String| Some(by_module.get(module)?.file.path.as_str());
        let mut chain: Vec<&str> = cycle.iter().filter_map(file).collect();
        chain.push(source.file.path.as_str());
        let message = format!("imports form a cycle: {}", chain.join(" → "));
        Some(Violation::new(&source.file, line.copied().unwrap_or(1), message))
    };
    cycles(&imports).iter().filter_map(describe).collect()
}

fn imports(modules: &Modules) -> Imports {
    let mut imports = Imports::new();
    for (module, paths) in modules.0.iter().filter(|(_, paths)| paths.has_items) {
        let imported = imports.entry(module.clone()).or_default();
        for (line, other) in references(modules, module, paths) {
            if other != *module && modules.0.get(&other).is_some_and(|other| other.has_items) {
                imported.entry(other).or_insert(line);
            }
        }
    }
    imports
}

/// Lists the modules whose items a module uses. A re-export alone is no use.
fn references(modules: &Modules, module: &str, paths: &Paths) -> Vec<(usize, String)> {
    let used = paths
        .imports
        .iter()
        .filter(|import| !import.is_reexport || paths.words.contains(&import.name));
    let all = used.map(|import| &import.path).chain(&paths.inline);
    let resolve = |path: &paths::Path| match modules.resolve(module, &path.segments)? {
        Found::ItemOf(other) => Some((path.line, other)),
        Found::Module(_) => None,
    };
    all.filter_map(resolve).collect()
}

/// Lists the shortest cycle through each import, each once and from its smallest module.
fn cycles(imports: &Imports) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    for (from, imported) in imports {
        for to in imported.keys() {
            if let Some(mut cycle) = shortest_path(imports, to, from) {
                let smallest = cycle.iter().min().cloned();
                let at = cycle.iter().position(|module| Some(module) == smallest.as_ref());
                cycle.rotate_left(at.unwrap_or_default());
                found.insert(cycle);
            }
        }
    }
    found
}

/// Finds the modules on the shortest way from one module to another, both included.
fn shortest_path(imports: &Imports, from: &str, to: &str) -> Option<Vec<String>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(module) = queue.pop_front() {
        if module == to {
            let mut path = vec![module.to_owned()];
            let mut at = module;
            while let Some(before) = came_from.get(at).filter(|_| at != from) {
                path.push((*before).to_owned());
                at = before;
            }
            path.reverse();
            return Some(path);
        }
        for next in imports.get(module).into_iter().flat_map(BTreeMap::keys) {
            if next != from && !came_from.contains_key(next.as_str()) {
                came_from.insert(next, module);
                queue.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests;
