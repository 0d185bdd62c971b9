//! Reads TOML tables, and reports every mistake in them with its line and column.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::log::{Located, Log};
use crate::grant::{KEY_RULE, is_key};

/// The most entries of a table or list. Some checks compare each entry with each other one.
const MOST_ENTRIES: usize = 1_000;

/// A table of the blueprint. It remembers which keys were read, so that `finish` can report the
/// others.
pub(crate) struct Section<'t> {
    pub(crate) log: &'t Log,
    /// The path of the table, such as `roles.owner`; empty for the root.
    pub(crate) path: String,
    /// The position of the table in the text.
    pub(crate) at: usize,
    table: &'t DeTable<'t>,
    read: RefCell<BTreeSet<&'static str>>,
}

type Value<'t> = Spanned<DeValue<'t>>;

/// An entry of a list that holds strings and tables.
pub(crate) enum Entry<'t> {
    /// A string.
    Text(Located<String>),
    /// A table.
    Row(Section<'t>),
}

impl<'t> Section<'t> {
    pub(crate) fn root(log: &'t Log, table: &'t DeTable<'t>) -> Section<'t> {
        Section { log, path: String::new(), at: 0, table, read: RefCell::default() }
    }

    fn child(&self, key: &str, at: usize, table: &'t DeTable<'t>) -> Section<'t> {
        Section { log: self.log, path: self.path_of(key), at, table, read: RefCell::default() }
    }

    fn find(&self, key: &'static str) -> Option<(Range<usize>, &'t Value<'t>)> {
        self.read.borrow_mut().insert(key);
        let (name, value) = self.table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some((name.span(), value))
    }

    /// Limits the entries of a list or table, and reports when there are more.
    fn at_most<T>(&self, key: &str, at: usize, mut entries: Vec<T>) -> Vec<T> {
        if self.log.is_full() {
            return Vec::new();
        }
        if entries.len() > MOST_ENTRIES {
            let message = format!("`{}` has {} entries", self.path_of(key), entries.len());
            self.log.add(at, message, Some(format!("the limit is {MOST_ENTRIES}")));
            entries.truncate(MOST_ENTRIES);
        }
        entries
    }

    /// Reports a value of another type than expected.
    fn wrong_type(&self, value: &Value<'_>, key: &str, expected: &str) {
        let article = match value.get_ref().type_str() {
            word @ ("array" | "integer") => format!("an {word}"),
            word => format!("a {word}"),
        };
        let message = format!("`{}` is {article}", self.path_of(key));
        self.log.add(value.span().start, message, Some(format!("expected {expected}")));
    }

    fn path_of(&self, key: &str) -> String {
        match (self.path.as_str(), key) {
            (path, "") => path.to_owned(),
            ("", key) => key.to_owned(),
            (path, key) => format!("{path}.{key}"),
        }
    }

    /// Reads an optional string.
    pub(crate) fn text(&self, key: &'static str) -> Option<Located<String>> {
        let (_, value) = self.find(key)?;
        self.text_of(value, key)
    }

    fn text_of(&self, value: &Value<'_>, key: &str) -> Option<Located<String>> {
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(value, key, "a string");
            return None;
        };
        Some(Located { value: text.to_owned(), at: value.span().start })
    }

    /// Reads an optional string with a default.
    pub(crate) fn text_or(&self, key: &'static str, default: &str) -> String {
        self.text(key).map_or_else(|| default.to_owned(), |text| text.value)
    }

    /// Reads a required string.
    pub(crate) fn required(&self, key: &'static str) -> Located<String> {
        if self.find(key).is_none() {
            self.missing(key);
        }
        self.text(key).unwrap_or(Located { value: String::new(), at: self.at })
    }

    /// Reports a required key as missing.
    pub(crate) fn missing(&self, key: &str) {
        let message = format!("`{}` is missing", self.path_of(key));
        self.log.add(self.at, message, None);
    }

    /// Reads an optional boolean.
    pub(crate) fn flag(&self, key: &'static str) -> Option<bool> {
        let (_, value) = self.find(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type(value, key, "`true` or `false`");
        }
        flag
    }

    /// Reads an optional integer within bounds.
    pub(crate) fn number(&self, key: &'static str, bounds: Range<u32>) -> Option<u32> {
        let (_, value) = self.find(key)?;
        let digits = value.get_ref().as_integer();
        let number = digits.and_then(|digits| digits.as_str().parse().ok());
        let number = number.filter(|number| bounds.contains(number));
        if number.is_none() {
            let last = bounds.end.saturating_sub(1);
            let expected = format!("a whole number from {} to {last}", bounds.start);
            if digits.is_some() {
                let message = format!("`{}` is out of range", self.path_of(key));
                self.log.add(value.span().start, message, Some(format!("expected {expected}")));
            } else {
                self.wrong_type(value, key, &expected);
            }
        }
        number
    }

    /// Reads an optional list of strings; a single string is a list of one.
    pub(crate) fn texts(&self, key: &'static str) -> Option<Vec<Located<String>>> {
        let (_, value) = self.find(key)?;
        if value.get_ref().is_str() {
            return self.text_of(value, key).map(|text| vec![text]);
        }
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(value, key, "a list of strings");
            return None;
        };
        let items = self.at_most(key, value.span().start, array.iter().collect());
        Some(items.into_iter().filter_map(|item| self.text_of(item, key)).collect())
    }

    /// Reads an optional word out of a choice of words.
    pub(crate) fn word<T>(
        &self,
        key: &'static str,
        words: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let word = self.text(key)?;
        let parsed = parse(&word.value);
        if parsed.is_none() {
            self.unknown(&word, key, words);
        }
        parsed
    }

    /// Reads a required string that must be a key.
    pub(crate) fn required_key(&self, key: &'static str) -> Located<String> {
        let text = self.required(key);
        let is_text = self.find(key).is_some_and(|(_, value)| value.get_ref().is_str());
        if is_text {
            self.check_key(&text);
        }
        text
    }

    fn check_key(&self, key: &Located<String>) {
        if !is_key(&key.value) {
            let message = format!("invalid key `{}`", key.value.escape_debug());
            self.log.add(key.at, message, Some(KEY_RULE.to_owned()));
        }
    }

    /// Whether the table has a key, of whatever type.
    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.find(key).is_some()
    }

    /// Reports a word that is none of the known ones.
    pub(crate) fn unknown(&self, word: &Located<String>, noun: &str, known: &[&str]) {
        let message = format!("unknown {noun} `{}`", word.value.escape_debug());
        self.log.add_misspelt(word.at, message, &word.value, known.iter().copied());
    }

    /// Reads an optional table.
    pub(crate) fn section(&self, key: &'static str) -> Option<Section<'t>> {
        let (name, value) = self.find(key)?;
        self.section_of(value, key, name.start)
    }

    fn section_of(&self, value: &'t Value<'t>, key: &str, at: usize) -> Option<Section<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(value, key, "a table");
        }
        Some(self.child(key, at, table?))
    }

    /// Reads the tables under a key, such as `[roles.owner]`, in the order of the text.
    pub(crate) fn sections(&self, key: &'static str) -> Vec<(Located<String>, Section<'t>)> {
        let Some(parent) = self.section(key) else { return Vec::new() };
        let entries = parent.entries().into_iter();
        let read = entries.filter_map(|(key, value)| {
            let section = parent.section_of(value, &key.value, key.at)?;
            Some((key, section))
        });
        read.collect()
    }

    /// Reads a list of tables, such as `fields = [{ … }, { … }]`.
    pub(crate) fn rows(&self, key: &'static str) -> Vec<Section<'t>> {
        let Some((_, value)) = self.find(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(value, key, "a list of tables");
            return Vec::new();
        };
        let items = self.at_most(key, value.span().start, array.iter().collect()).into_iter();
        items.filter_map(|item| self.section_of(item, key, item.span().start)).collect()
    }

    /// Reads a list of strings and tables.
    pub(crate) fn texts_or_rows(&self, key: &'static str) -> Vec<Entry<'t>> {
        let Some((_, value)) = self.find(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(value, key, "a list of strings or tables");
            return Vec::new();
        };
        let items = self.at_most(key, value.span().start, array.iter().collect()).into_iter();
        let read = items.filter_map(|item| {
            if item.get_ref().is_str() {
                return self.text_of(item, key).map(Entry::Text);
            }
            self.section_of(item, key, item.span().start).map(Entry::Row)
        });
        read.collect()
    }

    /// Reads every entry of a table whose keys the author chooses, in the order of the text.
    pub(crate) fn entries(&self) -> Vec<(Located<String>, &'t Value<'t>)> {
        let entries = self.table.iter().map(|(name, value)| {
            (Located { value: name.get_ref().to_string(), at: name.span().start }, value)
        });
        let mut entries: Vec<_> = entries.collect();
        entries.sort_by_key(|(key, _)| key.at);
        let entries = self.at_most("", self.at, entries);
        for (key, _) in &entries {
            self.check_key(key);
        }
        entries
    }

    /// Reads entries whose values are strings, such as `{ inbox = "manage" }`.
    pub(crate) fn pairs(&self) -> Vec<(Located<String>, Located<String>)> {
        let entries = self.entries().into_iter();
        let read = entries.filter_map(|(key, value)| {
            let text = self.text_of(value, &key.value)?;
            Some((key, text))
        });
        read.collect()
    }

    /// Reports the keys that were not read.
    pub(crate) fn finish(self) {
        let read = self.read.borrow();
        for (name, _) in self.table {
            if self.log.is_full() {
                return;
            }
            if !read.contains(name.get_ref().as_ref()) {
                let message = format!("unknown key `{}`", self.path_of(name.get_ref()));
                let known = read.iter().copied();
                self.log.add_misspelt(name.span().start, message, name.get_ref(), known);
            }
        }
    }
}
