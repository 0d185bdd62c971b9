//! The modules of a crate, and the file that a path in one of them leads to.

use std::collections::BTreeMap;

use super::paths::{Import, Paths};

/// How many re-exports a path may pass through.
const MOST_HOPS: usize = 16;

/// The modules of a crate by their path from its root, which is empty for the root.
pub(super) struct Modules(pub(super) BTreeMap<String, Paths>);

/// Where a path leads.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    /// To a module itself.
    Module(String),
    /// To an item that this module defines.
    ItemOf(String),
}

/// Derives the path of a module from that of its file below `src`.
pub(super) fn module_of(file: &str) -> String {
    let path = file.trim_end_matches(".rs");
    if path == "lib" || path == "main" { String::new() } else { path.replace('/', "::") }
}

impl Modules {
    /// Resolves a path that is written in a module; other crates' paths lead nowhere.
    pub(super) fn resolve(&self, from: &str, segments: &[String]) -> Option<Found> {
        self.resolve_within(from, segments, MOST_HOPS)
    }

    fn resolve_within(&self, from: &str, segments: &[String], hops: usize) -> Option<Found> {
        let hops = hops.checked_sub(1)?;
        let (first, rest) = segments.split_first()?;
        match first.as_str() {
            "crate" => self.walk("", rest, hops),
            "self" => self.walk(from, rest, hops),
            "super" => self.walk_up(parent(from)?, rest, hops),
            name => {
                let child = child(from, name);
                if self.0.contains_key(&child) {
                    return self.walk(&child, rest, hops);
                }
                let import = self.import(from, name)?;
                self.follow(from, import, rest, hops)
            }
        }
    }

    fn walk_up(&self, module: &str, segments: &[String], hops: usize) -> Option<Found> {
        match segments.split_first() {
            Some((first, rest)) if first == "super" => {
                self.walk_up(parent(module)?, rest, hops)
            }
            _ => self.walk(module, segments, hops),
        }
    }

    fn walk(&self, module: &str, segments: &[String], hops: usize) -> Option<Found> {
        let Some((first, rest)) = segments.split_first() else {
            return Some(Found::Module(module.to_owned()));
        };
        let child = child(module, first);
        if self.0.contains_key(&child) {
            return self.walk(&child, rest, hops);
        }
        match self.import(module, first) {
            Some(import) => self.follow(module, import, rest, hops),
            None => Some(Found::ItemOf(module.to_owned())),
        }
    }

    fn follow(
        &self,
        module: &str,
        import: &Import,
        rest: &[String],
        hops: usize,
    ) -> Option<Found> {
        let segments = [import.path.segments.as_slice(), rest].concat();
        self.resolve_within(module, &segments, hops)
    }

    fn import(&self, module: &str, name: &str) -> Option<&Import> {
        self.0.get(module)?.imports.iter().find(|import| import.name == name)
    }
}

fn parent(module: &str) -> Option<&str> {
    match module.rsplit_once("::") {
        Some((parent, _)) => Some(parent),
        None if module.is_empty() => None,
        None => Some(""),
    }
}

fn child(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

#[cfg(test)]
mod tests;
