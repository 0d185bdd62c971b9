//! Reads TOML tables so that every mistake is found, each with its line and column.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::log::{Log, Spot};
use crate::grant::is_key;

/// What keys look like.
const KEYS: &str = "keys are lower-case letters, digits, `_` and `-`, at most 64";

/// At most this many entries of a table or list, so that comparing each with each stays cheap.
const MOST_ENTRIES: usize = 1_000;

/// One table of the file; knows which keys were asked for, so that the others can be refused.
pub(crate) struct Section<'t> {
    pub(crate) log: &'t Log,
    pub(crate) path: String,
    pub(crate) at: usize,
    table: &'t DeTable<'t>,
    asked: RefCell<BTreeSet<&'static str>>,
}

type Found<'t> = (Range<usize>, &'t Spanned<DeValue<'t>>);

impl<'t> Section<'t> {
    pub(crate) fn root(log: &'t Log, table: &'t DeTable<'t>) -> Section<'t> {
        Section { log, path: String::new(), at: 0, table, asked: RefCell::default() }
    }

    fn child(&self, key: &str, at: usize, table: &'t DeTable<'t>) -> Section<'t> {
        let path =
            if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Section { log: self.log, path, at, table, asked: RefCell::default() }
    }

    fn find(&self, key: &'static str) -> Option<Found<'t>> {
        self.asked.borrow_mut().insert(key);
        let (name, value) = self.table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some((name.span(), value))
    }

    /// The first entries of a list or table; says when there are too many.
    fn at_most<T>(&self, key: &str, at: usize, mut entries: Vec<T>) -> Vec<T> {
        if self.log.is_full() {
            return Vec::new();
        }
        if entries.len() > MOST_ENTRIES {
            let message = format!("`{}` has {} entries", self.name_of(key), entries.len());
            self.log.mistake(at, message, Some(format!("at most {MOST_ENTRIES}")));
            entries.truncate(MOST_ENTRIES);
        }
        entries
    }

    fn wrong(&self, value: &Spanned<DeValue<'_>>, key: &str, wanted: &str) {
        let is = value.get_ref().type_str();
        let message = format!("`{}` is {is}, not {wanted}", self.name_of(key));
        self.log.mistake(value.span().start, message, None);
    }

    fn name_of(&self, key: &str) -> String {
        if key.is_empty() {
            return self.path.clone();
        }
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// An optional text.
    pub(crate) fn text(&self, key: &'static str) -> Option<Spot<String>> {
        let (_, value) = self.find(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some(Spot { value: text.to_owned(), at: value.span().start }),
            None => {
                self.wrong(value, key, "a text in quotes");
                None
            }
        }
    }

    /// An optional text, or the given one.
    pub(crate) fn text_or(&self, key: &'static str, otherwise: &str) -> String {
        self.text(key).map_or_else(|| otherwise.to_owned(), |spot| spot.value)
    }

    /// A text that must be there.
    pub(crate) fn required(&self, key: &'static str) -> Spot<String> {
        if self.find(key).is_none() {
            self.missing(key);
        }
        self.text(key).unwrap_or(Spot { value: String::new(), at: self.at })
    }

    pub(crate) fn missing(&self, key: &str) {
        let message = format!("`{}` is missing", self.name_of(key));
        self.log.mistake(self.at, message, None);
    }

    /// An optional yes or no.
    pub(crate) fn flag(&self, key: &'static str) -> Option<bool> {
        let (_, value) = self.find(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong(value, key, "`true` or `false`");
        }
        flag
    }

    /// An optional whole number within bounds.
    pub(crate) fn number(&self, key: &'static str, bounds: Range<u32>) -> Option<u32> {
        let (_, value) = self.find(key)?;
        let number =
            value.get_ref().as_integer().and_then(|digits| digits.as_str().parse().ok());
        let number = number.filter(|number| bounds.contains(number));
        if number.is_none() {
            let wanted = format!(
                "a whole number from {} to {}",
                bounds.start,
                bounds.end.saturating_sub(1)
            );
            self.wrong(value, key, &wanted);
        }
        number
    }

    /// An optional list of texts; a single text is a list of one.
    pub(crate) fn texts(&self, key: &'static str) -> Option<Vec<Spot<String>>> {
        let (_, value) = self.find(key)?;
        if let Some(text) = value.get_ref().as_str() {
            return Some(vec![Spot { value: text.to_owned(), at: value.span().start }]);
        }
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(value, key, "a list of texts");
            return None;
        };
        let items = self.at_most(key, value.span().start, array.iter().collect());
        let read = items.into_iter().filter_map(|item| match item.get_ref().as_str() {
            Some(text) => Some(Spot { value: text.to_owned(), at: item.span().start }),
            None => {
                self.wrong(item, key, "a text in quotes");
                None
            }
        });
        Some(read.collect())
    }

    /// One of some words, by a parser that knows them.
    pub(crate) fn word<T>(
        &self,
        key: &'static str,
        words: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let spot = self.text(key)?;
        let parsed = parse(&spot.value);
        if parsed.is_none() {
            self.unknown(&spot, key, words);
        }
        parsed
    }

    /// A text that must be there and be a key.
    pub(crate) fn required_key(&self, key: &'static str) -> Spot<String> {
        let spot = self.required(key);
        if !is_key(&spot.value) && self.has(key) {
            let message = format!("`{}` is not a key", spot.value.escape_debug());
            self.log.mistake(spot.at, message, Some(KEYS.to_owned()));
        }
        spot
    }

    /// Whether a text stands there.
    fn has(&self, key: &'static str) -> bool {
        self.find(key).is_some_and(|(_, value)| value.get_ref().is_str())
    }

    /// Whether anything stands there.
    pub(crate) fn mentions(&self, key: &'static str) -> bool {
        self.find(key).is_some()
    }

    /// Says that a word is none of those that may stand here.
    pub(crate) fn unknown(&self, spot: &Spot<String>, noun: &str, words: &[&str]) {
        let message = format!("unknown {noun} `{}`", spot.value.escape_debug());
        self.log.misspelt(spot.at, message, &spot.value, words.iter().copied());
    }

    /// An optional table.
    pub(crate) fn section(&self, key: &'static str) -> Option<Section<'t>> {
        let (name, value) = self.find(key)?;
        match value.get_ref().as_table() {
            Some(table) => Some(self.child(key, name.start, table)),
            None => {
                self.wrong(value, key, "a table");
                None
            }
        }
    }

    /// The tables under a key, `[roles.owner]`, in the order of the text; their keys are checked.
    pub(crate) fn sections(&self, key: &'static str) -> Vec<(Spot<String>, Section<'t>)> {
        let Some(parent) = self.section(key) else { return Vec::new() };
        parent
            .entries()
            .into_iter()
            .filter_map(|(spot, value)| match value.get_ref().as_table() {
                Some(table) => {
                    let section = parent.child(&spot.value, spot.at, table);
                    Some((spot, section))
                }
                None => {
                    parent.wrong(value, &spot.value, "a table");
                    None
                }
            })
            .collect()
    }

    /// Tables in a list, `fields = [{ ... }, { ... }]`.
    pub(crate) fn rows(&self, key: &'static str) -> Vec<Section<'t>> {
        let Some((_, value)) = self.find(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(value, key, "a list of tables");
            return Vec::new();
        };
        let items = self.at_most(key, value.span().start, array.iter().collect());
        let read = items.into_iter().filter_map(|item| match item.get_ref().as_table() {
            Some(table) => Some(self.child(key, item.span().start, table)),
            None => {
                self.wrong(item, key, "a table");
                None
            }
        });
        read.collect()
    }

    /// Every entry with a key that the author chose, in the order of the text; keys are checked.
    pub(crate) fn entries(&self) -> Vec<(Spot<String>, &'t Spanned<DeValue<'t>>)> {
        let mut entries: Vec<_> = self
            .table
            .iter()
            .map(|(name, value)| {
                (Spot { value: name.get_ref().to_string(), at: name.span().start }, value)
            })
            .collect();
        entries.sort_by_key(|(spot, _)| spot.at);
        let entries = self.at_most("", self.at, entries);
        for (spot, _) in &entries {
            if !is_key(&spot.value) {
                let message = format!("`{}` is not a key", spot.value.escape_debug());
                self.log.mistake(spot.at, message, Some(KEYS.to_owned()));
            }
        }
        entries
    }

    /// Entries whose values are texts: `levels = { inbox = "manage" }`.
    pub(crate) fn pairs(&self) -> Vec<(Spot<String>, Spot<String>)> {
        self.entries()
            .into_iter()
            .filter_map(|(key, value)| match value.get_ref().as_str() {
                Some(text) => {
                    let spot = Spot { value: text.to_owned(), at: value.span().start };
                    Some((key, spot))
                }
                None => {
                    self.wrong(value, &key.value, "a text in quotes");
                    None
                }
            })
            .collect()
    }

    /// Refuses the keys that nobody asked for.
    pub(crate) fn finish(self) {
        let asked = self.asked.borrow();
        for (name, _) in self.table {
            if self.log.is_full() {
                return;
            }
            if !asked.contains(name.get_ref().as_ref()) {
                let message = format!("unknown key `{}`", self.name_of(name.get_ref()));
                let known = asked.iter().copied();
                self.log.misspelt(name.span().start, message, name.get_ref(), known);
            }
        }
    }
}
