//! The draft of a role or profile: what a form holds, over what is saved.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::form::Form;

/// The prefix of the fields with cells: `cell.contacts.read`.
const CELL: &str = "cell.";

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
    /// How many texts differ from what is saved.
    texts: usize,
}

impl Draft {
    /// The draft without changes.
    pub(crate) fn new(name: &str, description: &str, cells: Cells) -> Draft {
        Draft {
            name: name.to_owned(),
            description: description.to_owned(),
            saved: cells.clone(),
            cells,
            texts: 0,
        }
    }

    /// The draft with the values of a form.
    #[must_use]
    pub(crate) fn with(mut self, form: &Form) -> Draft {
        for (field, text) in [("name", &mut self.name), ("description", &mut self.description)]
        {
            if let Some(value) = form.find(field) {
                self.texts += usize::from(value != text.as_str());
                value.clone_into(text);
            }
        }
        for (cell, value) in form.below(CELL) {
            if let Some((row, action)) = cell.split_once('.') {
                self.set(row, action, value);
            }
        }
        self
    }

    /// The draft of something new, with the cells of this one.
    #[must_use]
    pub(crate) fn copy(self, name: String) -> Draft {
        Draft { name, saved: Cells::new(), ..self }
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
