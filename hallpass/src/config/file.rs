//! The configuration file.
//!
//! **Invariant:** a message never repeats a line of the file, which may hold a secret.

use std::path::Path;

use hallpass_engine::text::suggestion;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::entry::{Entries, Raw, Source};
use super::plan::{self, Plan};
use super::problem::Problems;
use super::setting::{Format, Setting};

const PLAN_KEYS: [&str; 3] = ["key", "name", "entitlements"];

/// Reads the settings of a file.
pub(super) fn read(
    path: &Path,
    known: &'static [Setting],
    entries: &mut Entries,
    problems: &mut Problems,
) {
    let name = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            return problems
                .add(format_args!("cannot read the configuration `{name}`: {error}"));
        }
    };
    let file = File { name, text: &text, known };
    let (table, errors) = DeTable::parse_recoverable(&text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        problems.add(format_args!("{}: invalid TOML: {}", file.place(at), error.message()));
    }
    if errors.is_empty() {
        file.read(table.get_ref(), entries, problems);
    }
}

struct File<'f> {
    name: String,
    text: &'f str,
    known: &'static [Setting],
}

impl File<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.get(..at).unwrap_or_default().matches('\n').count() + 1
    }

    fn place(&self, at: usize) -> String {
        format!("{}:{}", self.name, self.line(at))
    }

    fn read(&self, table: &DeTable<'_>, entries: &mut Entries, problems: &mut Problems) {
        for (key, value) in table {
            let word: &str = key.get_ref();
            let at = key.span().start;
            let Some(setting) = self.known.iter().find(|known| known.key == word) else {
                let keys: Vec<&str> = self.known.iter().map(|known| known.key).collect();
                self.unknown(word, at, &keys, problems);
                continue;
            };
            if let Some(raw) = self.value(setting, value, problems) {
                let source = Source::File { name: self.name.clone(), line: self.line(at) };
                entries.set(setting.key, raw, source);
            }
        }
    }

    fn unknown(&self, word: &str, at: usize, keys: &[&str], problems: &mut Problems) {
        let listed = || "`hallpass config show` lists all keys".to_owned();
        let hint = suggestion(word, keys.iter().copied()).unwrap_or_else(listed);
        problems.add(format_args!("{}: unknown key `{word}`; {hint}", self.place(at)));
    }

    fn value(
        &self,
        setting: &Setting,
        value: &Spanned<DeValue<'_>>,
        problems: &mut Problems,
    ) -> Option<Raw> {
        let (raw, expected) = match setting.format {
            Format::Text => {
                let text = value.get_ref().as_str();
                (text.map(|text| Raw::Text(text.to_owned())), "a string in quotes")
            }
            Format::Boolean => {
                let boolean = value.get_ref().as_bool();
                (boolean.map(|yes| Raw::Text(yes.to_string())), "`true` or `false`")
            }
            Format::List => {
                let items = value.get_ref().as_array();
                let list = items.and_then(|items| strings(items.iter()));
                (list.map(Raw::List), "an array of strings")
            }
            Format::Plans => {
                let items = value.get_ref().as_array();
                let plans = items.and_then(|items| self.plans(items, problems));
                (plans, "an array of tables `[[plans]]`")
            }
        };
        if raw.is_none() {
            let (place, key) = (self.place(value.span().start), setting.key);
            let found = value.get_ref().type_str();
            problems.add(format_args!("{place}: `{key}`: expected {expected}, found {found}"));
        }
        raw
    }

    fn plans(&self, items: &DeArray<'_>, problems: &mut Problems) -> Option<Raw> {
        let tables: Option<Vec<_>> =
            items.iter().map(|item| item.get_ref().as_table()).collect();
        let plans = tables?.into_iter().zip(items.iter());
        let plans =
            plans.filter_map(|(table, item)| self.plan(table, item.span().start, problems));
        Some(Raw::Plans(plans.collect()))
    }

    fn plan(&self, table: &DeTable<'_>, at: usize, problems: &mut Problems) -> Option<Plan> {
        for (key, _) in table {
            let word: &str = key.get_ref();
            if !PLAN_KEYS.contains(&word) {
                self.unknown(word, key.span().start, &PLAN_KEYS, problems);
            }
        }
        let text = |name: &str| table.get(name).map(|value| value.get_ref().as_str());
        let entitlements = table
            .get("entitlements")
            .map(|value| value.get_ref().as_array().and_then(|items| strings(items.iter())));
        let Some(Some(key)) = text("key") else {
            let place = self.place(at);
            problems.add(format_args!("{place}: plan without a `key`; expected a string"));
            return None;
        };
        let (name, entitlements) = match (text("name"), entitlements) {
            (Some(None), _) | (_, Some(None)) => {
                problems.add(format_args!(
                    "{}: plan `{key}`: expected `name` to be a string and `entitlements` an array \
                     of strings",
                    self.place(at)
                ));
                return None;
            }
            (name, entitlements) => {
                (name.flatten(), entitlements.flatten().unwrap_or_default())
            }
        };
        let name = name.map_or_else(|| plan::default_name(key), str::to_owned);
        Some(Plan { key: key.to_owned(), name, entitlements })
    }
}

fn strings<'t>(items: impl Iterator<Item = &'t Spanned<DeValue<'t>>>) -> Option<Vec<String>> {
    items.map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
}
