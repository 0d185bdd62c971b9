//! The values of settings as they were given, before they are parsed.

use std::collections::BTreeMap;

use super::plan::Plan;

/// Where a value was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// On the command line.
    Flag,
    /// In the environment.
    Variable,
    /// On a line of the configuration file.
    File { name: String, line: usize },
    /// Nowhere: the default.
    Default,
}

/// A value as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Raw {
    /// One text. In a list the items are separated by commas.
    Text(String),
    /// A list of the file.
    List(Vec<String>),
    /// Plans of the file.
    Plans(Vec<Plan>),
}

impl Raw {
    /// The items of a list.
    pub(super) fn items(&self) -> Vec<String> {
        match self {
            Raw::Text(text) => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                items.map(str::to_owned).collect()
            }
            Raw::List(items) => items.clone(),
            Raw::Plans(_) => Vec::new(),
        }
    }
}

/// A value and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(super) raw: Raw,
    pub(super) source: Source,
}

impl Entry {
    /// The value, if it is one text.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.raw {
            Raw::Text(text) => Some(text),
            Raw::List(_) | Raw::Plans(_) => None,
        }
    }
}

/// The entry of each setting that has a value, by key.
#[derive(Default)]
pub(crate) struct Entries(BTreeMap<&'static str, Entry>);

impl Entries {
    /// Sets a value, in place of any earlier one.
    pub(super) fn set(&mut self, key: &'static str, raw: Raw, source: Source) {
        self.0.insert(key, Entry { raw, source });
    }

    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.0.get(key)
    }

    /// The value of a setting that is one text.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }
}
