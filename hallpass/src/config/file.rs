//! The configuration file.
//!
//! **Invariant:** a message never repeats a line of the file, which may hold a secret.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::NAMES;
use super::plan::{self, Plan};
use super::setting::{Mistakes, Raw, Setting, Settings, Source, nearest};

const PLAN_KEYS: [&str; 3] = ["key", "name", "entitlements"];

/// Reads a file into the settings.
pub(super) fn read(path: &Path, settings: &mut Settings, mistakes: &mut Mistakes) {
    let name = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return mistakes.add(format_args!("cannot read `{name}`: {error}")),
    };
    let file = File { name, text: &text };
    let (table, errors) = DeTable::parse_recoverable(&text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        mistakes.add(format_args!("{}: not TOML: {}", file.place(at), error.message()));
    }
    if errors.is_empty() {
        file.read(table.get_ref(), settings, mistakes);
    }
}

struct File<'f> {
    name: String,
    text: &'f str,
}

impl File<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.get(..at).unwrap_or_default().matches('\n').count() + 1
    }

    fn place(&self, at: usize) -> String {
        format!("{}:{}", self.name, self.line(at))
    }

    fn read(&self, table: &DeTable<'_>, settings: &mut Settings, mistakes: &mut Mistakes) {
        for (key, value) in table {
            let word: &str = key.get_ref();
            let at = key.span().start;
            let Some(name) = NAMES.into_iter().find(|known| *known == word) else {
                self.unknown(word, at, &NAMES, mistakes);
                continue;
            };
            if let Some(raw) = self.value(name, value, mistakes) {
                let source = Source::File { name: self.name.clone(), line: self.line(at) };
                settings.set(name, Setting { raw, source });
            }
        }
    }

    fn unknown(&self, word: &str, at: usize, names: &[&'static str], mistakes: &mut Mistakes) {
        let dashed = word.replace('-', "_");
        let hint = match nearest(&dashed, names.iter().copied(), 4) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there is `{}`", names.join("`, `")),
        };
        mistakes.add(format_args!("{}: unknown key `{word}`: {hint}", self.place(at)));
    }

    fn value(
        &self,
        name: &str,
        value: &Spanned<DeValue<'_>>,
        mistakes: &mut Mistakes,
    ) -> Option<Raw> {
        let wanted = match name {
            "plans" => "a list of tables `[[plans]]`",
            "trusted_proxies" => "a list of texts in quotes",
            "self_serve" => "`true` or `false`",
            _ => "a text in quotes",
        };
        let read = match (name, value.get_ref()) {
            ("plans", DeValue::Array(items)) => {
                let tables = items.iter().map(|item| item.get_ref().as_table());
                let tables: Option<Vec<_>> = tables.collect();
                tables.map(|tables| {
                    let plans = tables.into_iter().zip(items.iter());
                    let plans = plans.filter_map(|(table, item)| {
                        self.plan(table, item.span().start, mistakes)
                    });
                    Raw::Plans(plans.collect())
                })
            }
            ("trusted_proxies", DeValue::Array(items)) => texts(items.iter()).map(Raw::List),
            ("self_serve", DeValue::Boolean(yes)) => Some(Raw::Text(yes.to_string())),
            ("plans" | "trusted_proxies" | "self_serve", _) => None,
            (_, other) => other.as_str().map(|text| Raw::Text(text.to_owned())),
        };
        if read.is_none() {
            let (place, is) = (self.place(value.span().start), value.get_ref().type_str());
            mistakes.add(format_args!("{place}: `{name}` is {is}; it accepts {wanted}"));
        }
        read
    }

    fn plan(&self, table: &DeTable<'_>, at: usize, mistakes: &mut Mistakes) -> Option<Plan> {
        for (key, _) in table {
            let word: &str = key.get_ref();
            if !PLAN_KEYS.contains(&word) {
                self.unknown(word, key.span().start, &PLAN_KEYS, mistakes);
            }
        }
        let text = |name: &str| table.get(name).map(|value| value.get_ref().as_str());
        let opens = table
            .get("entitlements")
            .map(|value| value.get_ref().as_array().and_then(|items| texts(items.iter())));
        let (Some(Some(key)), name, opens) = (text("key"), text("name"), opens) else {
            let place = self.place(at);
            mistakes.add(format_args!("{place}: a plan has a `key` in quotes"));
            return None;
        };
        let (name, entitlements) = match (name, opens) {
            (Some(None), _) | (_, Some(None)) => {
                mistakes.add(format_args!(
                    "{}: the plan `{key}` has a `name` in quotes and `entitlements` as a list of \
                     texts in quotes",
                    self.place(at)
                ));
                return None;
            }
            (name, opens) => (name.flatten(), opens.flatten().unwrap_or_default()),
        };
        let name = name.map_or_else(|| plan::name_of(key), str::to_owned);
        Some(Plan { key: key.to_owned(), name, entitlements })
    }
}

fn texts<'t>(items: impl Iterator<Item = &'t Spanned<DeValue<'t>>>) -> Option<Vec<String>> {
    items.map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
}
