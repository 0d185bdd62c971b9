//! Schemas as rows: each field with the way to it, its kind and what it is.

use serde_json::Value;

use super::at;
use super::prose::Prose;

/// How deep fields of fields are told.
const DEEPEST: usize = 4;

/// A field or a parameter.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) is_required: bool,
    pub(super) about: Prose,
}

/// The schemas that have a name.
#[derive(Clone, Copy)]
pub(super) struct Schemas<'s>(pub(super) &'s Value);

impl<'s> Schemas<'s> {
    pub(super) fn parameter(self, parameter: &Value) -> Row {
        Row {
            name: at(parameter, "/name").as_str().unwrap_or_default().to_owned(),
            kind: format!(
                "{} in the {}",
                self.kind(at(parameter, "/schema")),
                at(parameter, "/in").as_str().unwrap_or_default()
            ),
            is_required: *at(parameter, "/required") == true && at(parameter, "/in") != "path",
            about: about(parameter),
        }
    }

    /// The fields of a schema, with those that they have themselves.
    pub(super) fn rows(self, schema: &Value) -> Vec<Row> {
        let mut rows = Vec::new();
        self.walk(schema, "", 0, &mut rows);
        rows
    }

    /// The same of an answer, of which nothing is asked.
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

    /// A schema, or the named one that it refers to.
    fn found<'v>(self, schema: &'v Value) -> &'v Value
    where
        's: 'v,
    {
        let name = at(schema, "/$ref").as_str().and_then(|way| way.rsplit('/').next());
        name.and_then(|name| self.0.get(name)).unwrap_or(schema)
    }

    fn kind(self, schema: &Value) -> String {
        let schema = self.found(schema);
        if let Some(items) = schema.get("items") {
            return format!("list of {}", self.kind(items));
        }
        let kinds: Vec<String> = match at(schema, "/type") {
            Value::String(kind) => vec![kind.clone()],
            Value::Array(kinds) => {
                kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
                parts(schema).map(|part| self.kind(part)).collect()
            }
        };
        let word = |kind: String| match kind.as_str() {
            "string" => "text".to_owned(),
            "integer" => "number".to_owned(),
            _ => kind,
        };
        kinds
            .into_iter()
            .map(word)
            .filter(|kind| !kind.is_empty())
            .collect::<Vec<_>>()
            .join(" or ")
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
