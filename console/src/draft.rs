//! The draft of a role or profile: what a form holds, over what is saved.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::form::{Form, VERSION};
use crate::reach::Reach;
use crate::text::Text;

/// The prefix of the fields with cells: `cell.contacts.read`.
const CELL: &str = "cell.";

/// The field with what the form was made from, so that a stale form changes only what was touched.
const BASE: &str = "base";

/// The changes of another person that a sentence names at most.
const NAMED: usize = 6;

/// Scopes by row and action.
pub(crate) type Cells = BTreeMap<String, BTreeMap<String, String>>;

/// The draft of a role or profile.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    /// The name.
    pub(crate) name: String,
    /// What it is for.
    pub(crate) description: String,
    saved: Cells,
    cells: Cells,
    /// The name and the description that are saved.
    saved_texts: [String; 2],
    /// The cells that another person changed since the form was made, by row and action.
    others: Vec<(String, String)>,
    /// The texts that another person changed: keys of their names.
    other_texts: Vec<&'static str>,
    /// How many texts differ from what is saved.
    texts: usize,
    /// The version that the form was opened with and what it was made from, where it keeps them.
    opened: Option<(String, String)>,
}

/// What a form was made from.
#[derive(Deserialize, Serialize)]
struct Base {
    texts: [String; 2],
    cells: Cells,
}

impl Draft {
    /// The draft without changes.
    pub(crate) fn new(name: &str, description: &str, cells: Cells) -> Draft {
        Draft {
            name: name.to_owned(),
            description: description.to_owned(),
            saved: cells.clone(),
            cells,
            saved_texts: [name.to_owned(), description.to_owned()],
            ..Draft::default()
        }
    }

    /// What the form is made from, for its field `base`.
    pub(crate) fn base(&self) -> String {
        if let Some((_, base)) = &self.opened {
            return base.clone();
        }
        let base = Base { texts: self.saved_texts.clone(), cells: self.saved.clone() };
        serde_json::to_string(&base).unwrap_or_default()
    }

    /// The version that the form was opened with; the one that is saved, where it keeps none.
    pub(crate) fn version(&self, saved: impl Display) -> String {
        self.opened.as_ref().map_or_else(|| saved.to_string(), |(version, _)| version.clone())
    }

    /// Keeps what a form was opened with, until it is saved or another person has saved first: a preview
    /// between does not hide that.
    pub(crate) fn keep_base(&mut self, form: &Form) {
        let version = form.filled(VERSION).map(str::to_owned);
        self.opened = version.map(|version| (version, form.exact(BASE).to_owned()));
    }

    /// The draft with the values of a form. What the form says as it was made is not touched: there the
    /// draft keeps what is saved now.
    #[must_use]
    pub(crate) fn with(mut self, form: &Form) -> Draft {
        let base: Option<Base> = serde_json::from_str(form.exact(BASE)).ok();
        let texts = [("name", &mut self.name), ("description", &mut self.description)];
        for (place, (field, text)) in texts.into_iter().enumerate() {
            let was = base.as_ref().and_then(|base| base.texts.get(place));
            if was.is_some_and(|was| was != text) {
                self.other_texts.push(field);
            }
            let typed = form.find(field).filter(|value| was.is_none_or(|was| was != value));
            if let Some(value) = typed {
                self.texts += usize::from(value != text.as_str());
                value.clone_into(text);
            }
        }
        for (cell, value) in form.below(CELL) {
            let Some((row, action)) = cell.split_once('.') else { continue };
            let was = base.as_ref().map(|base| scopes(&base.cells, row, action));
            if was.is_some_and(|was| was != self.saved(row, action)) {
                self.others.push((row.to_owned(), action.to_owned()));
            }
            if was != Some(value) {
                self.set(row, action, value);
            }
        }
        self
    }

    /// Says that another person saved first, what they changed, and what is saved of that where the sender
    /// changed it too.
    pub(crate) fn stale(
        &self,
        text: Text,
        label: impl Fn(&str, &str) -> String,
    ) -> Vec<String> {
        let part = |part: String, was: &str, is: &str| {
            let none = text.get("none");
            let shown =
                |value: &str| if value.is_empty() { none.clone() } else { value.to_owned() };
            let (was, is) = (shown(was), shown(is));
            text!(text, "access-stale-part", part = part, was = was, is = is)
        };
        let typed = [("name", &self.name), ("description", &self.description)];
        let texts = typed.into_iter().zip(&self.saved_texts);
        let texts =
            texts.filter(|((key, is), was)| self.other_texts.contains(key) && is != was);
        let texts = texts.map(|((key, is), was)| part(text.get(key), was, is));
        let cells = self.others.iter().filter_map(|(row, action)| {
            let (was, is) = (self.saved(row, action), self.cell(row, action));
            let word = |scope: &str| Reach::of(text, scope).word;
            (was != is).then(|| part(label(row, action), &word(was), &word(is)))
        });
        let both: Vec<String> = texts.chain(cells).take(NAMED).collect();
        std::iter::once(self.changed_first(text, &label)).chain(both).collect()
    }

    fn changed_first(&self, text: Text, label: &impl Fn(&str, &str) -> String) -> String {
        let texts = self.other_texts.iter().map(|key| text.get(key));
        let cells = self.others.iter().map(|(row, action)| label(row, action));
        let mut names: Vec<String> = texts.chain(cells).collect();
        if names.is_empty() {
            return text.get("stale-matrix");
        }
        let rest = names.len().saturating_sub(NAMED);
        names.truncate(NAMED);
        if rest > 0 {
            names.push(text!(text, "compare-and-more", n = rest));
        }
        text!(text, "stale-changed", what = names.join(", "))
    }

    /// The draft of something new, with the cells of this one.
    #[must_use]
    pub(crate) fn copy(self, name: String) -> Draft {
        Draft { name, saved: Cells::new(), saved_texts: Default::default(), ..self }
    }

    /// Sets a cell.
    pub(crate) fn set(&mut self, row: &str, action: &str, value: &str) {
        let cells = self.cells.entry(row.to_owned()).or_default();
        cells.insert(action.to_owned(), value.to_owned());
    }

    /// What a cell holds; `none` where it grants nothing.
    pub(crate) fn cell(&self, row: &str, action: &str) -> &str {
        scopes(&self.cells, row, action)
    }

    /// What is saved of a cell.
    pub(crate) fn saved(&self, row: &str, action: &str) -> &str {
        scopes(&self.saved, row, action)
    }

    /// How many cells and texts differ from what is saved.
    pub(crate) fn changes(&self) -> usize {
        self.changed().values().filter_map(Value::as_object).map(Map::len).sum::<usize>()
            + self.texts
    }

    /// The cells that differ from what is saved, by row and action.
    pub(crate) fn changed(&self) -> Map<String, Value> {
        self.select(|row, action, value| self.saved(row, action) != value)
    }

    /// The cells that grant something, by row and action.
    pub(crate) fn granted(&self) -> Map<String, Value> {
        self.select(|_, _, value| value != "none")
    }

    fn select(&self, is_in: impl Fn(&str, &str, &str) -> bool) -> Map<String, Value> {
        let mut rows = Map::new();
        for (row, cells) in &self.cells {
            let chosen = cells.iter().filter(|(action, value)| is_in(row, action, value));
            let chosen = chosen.map(|(action, value)| (action.clone(), value.as_str().into()));
            let chosen: Map<String, Value> = chosen.collect();
            if !chosen.is_empty() {
                rows.insert(row.clone(), chosen.into());
            }
        }
        rows
    }
}

fn scopes<'c>(cells: &'c Cells, row: &str, action: &str) -> &'c str {
    let cells = cells.get(row);
    cells.and_then(|cells| cells.get(action)).map_or("none", String::as_str)
}

#[cfg(test)]
mod tests;
