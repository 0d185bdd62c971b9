//! What the generated schemas lack: references in pages, descriptions of optional fields, and which
//! fields of responses are always there.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::edit::put;

const SCHEMAS: &str = "#/components/schemas/";

/// Completes the schemas of a document.
pub(super) fn complete(document: &mut Value) {
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        if let Some(item) = name.strip_prefix("Page_") {
            let item = json!({"$ref": format!("{SCHEMAS}{item}")});
            put(schema, "/properties/items", "items", item);
        }
        describe_fields(schema);
    }
    require_nullable_fields(document);
}

/// A field that may be null is described itself, and not the schema of its value.
fn describe_fields(schema: &mut Value) {
    let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
    parts.into_iter().flatten().for_each(describe_fields);
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    for field in fields.into_iter().flatten().map(|(_, field)| field) {
        let ways = field.get_mut("oneOf").and_then(Value::as_array_mut);
        let mut inner = ways.into_iter().flatten().filter_map(Value::as_object_mut);
        let description = inner.find_map(|way| way.remove("description"));
        if let Some(description) = description {
            put(field, "", "description", description);
        }
    }
}

/// In responses a field without a value is `null` and not absent: such fields are required.
fn require_nullable_fields(document: &mut Value) {
    let requests = request_schemas(document);
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        if !requests.contains(name) {
            require_nullable(schema);
        }
    }
}

fn require_nullable(schema: &mut Value) {
    let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
    parts.into_iter().flatten().for_each(require_nullable);
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    let nullable = properties.iter().filter(|(_, field)| is_nullable(field));
    let nullable: Vec<Value> = nullable.map(|(key, _)| json!(key)).collect();
    if nullable.is_empty() {
        return;
    }
    let mut required = schema.get("required").and_then(Value::as_array).cloned();
    let required = required.get_or_insert_default();
    required.extend(nullable);
    let mut seen = BTreeSet::new();
    required.retain(|key| seen.insert(key.to_string()));
    put(schema, "", "required", json!(required));
}

fn is_nullable(field: &Value) -> bool {
    let is_null = |kind: &Value| *kind == "null";
    let kinds = field.get("type").and_then(Value::as_array);
    let ways = field.get("oneOf").and_then(Value::as_array);
    kinds.is_some_and(|kinds| kinds.iter().any(is_null))
        || ways.is_some_and(|ways| ways.iter().any(|way| way.get("type").is_some_and(is_null)))
}

/// The names of the schemas that request bodies use.
fn request_schemas(document: &Value) -> BTreeSet<String> {
    let paths = document.get("paths").and_then(Value::as_object);
    let operations =
        paths.into_iter().flatten().filter_map(|(_, item)| item.as_object()).flatten();
    let mut open: Vec<&Value> =
        operations.filter_map(|(_, operation)| operation.get("requestBody")).collect();
    let mut names = BTreeSet::new();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => open.extend(map.values()),
            Value::Array(list) => open.extend(list),
            Value::String(text) => {
                let name = text.strip_prefix(SCHEMAS);
                if let Some(name) = name.filter(|name| names.insert((*name).to_owned())) {
                    open.extend(document.pointer(&format!("/components/schemas/{name}")));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    names
}
