//! Schemas as rows: each field with the way to it, its kind and what it is.

use serde_json::Value;

use super::json::at;
use super::prose::Prose;

/// How deep fields of fields are shown.
const DEEPEST: usize = 4;

/// A field, a parameter or a header.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) is_required: bool,
    pub(super) about: Prose,
}

/// The document, in which schemas refer to each other.
#[derive(Clone, Copy)]
pub(super) struct Schemas<'s>(pub(super) &'s Value);

impl<'s> Schemas<'s> {
    pub(super) fn parameter(self, parameter: &Value) -> Row {
        let place = at(parameter, "/in").as_str().unwrap_or_default();
        Row {
            name: at(parameter, "/name").as_str().unwrap_or_default().to_owned(),
            kind: format!("{place}: {}", self.kind(at(parameter, "/schema"))),
            is_required: *at(parameter, "/required") == true && place != "path",
            about: about(parameter),
        }
    }

    pub(super) fn header(self, name: &str, header: &Value) -> Row {
        let header = self.found(header);
        Row {
            name: name.to_owned(),
            kind: String::new(),
            is_required: false,
            about: about(header),
        }
    }

    /// The fields of a schema, with those that they have themselves.
    pub(super) fn rows(self, schema: &Value) -> Vec<Row> {
        let mut rows = Vec::new();
        self.walk(schema, "", 0, &mut rows);
        rows
    }

    /// The same of a response, of which nothing is required.
    pub(super) fn answered(self, schema: &Value) -> Vec<Row> {
        let rows = self.rows(schema).into_iter();
        rows.map(|row| Row { is_required: false, ..row }).collect()
    }

    fn walk(self, schema: &Value, way: &str, depth: usize, rows: &mut Vec<Row>) {
        let schema = self.found(schema);
        if let Some(items) = schema.get("items") {
            return self.walk(items, &format!("{way}[]"), depth, rows);
        }
        for part in parts(schema) {
            self.walk(part, way, depth, rows);
        }
        if depth >= DEEPEST {
            return;
        }
        let required = at(schema, "/required").as_array();
        for (key, field) in at(schema, "/properties").as_object().into_iter().flatten() {
            let name = if way.is_empty() { key.clone() } else { format!("{way}.{key}") };
            rows.push(Row {
                name: name.clone(),
                kind: self.kind(field),
                is_required: required
                    .is_some_and(|keys| keys.contains(&Value::from(key.as_str()))),
                about: about(field),
            });
            self.walk(field, &name, depth + 1, rows);
        }
    }

    /// A value, or the component that it refers to.
    pub(super) fn found<'v>(self, value: &'v Value) -> &'v Value
    where
        's: 'v,
    {
        let way = at(value, "/$ref").as_str().and_then(|way| way.strip_prefix('#'));
        way.and_then(|way| self.0.pointer(way)).unwrap_or(value)
    }
}

fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .filter_map(|key| schema.get(key)?.as_array())
        .flatten()
}

fn about(schema: &Value) -> Prose {
    Prose::of(at(schema, "/description"))
}
