//! What a schema accepts, in words: `text, 1 to 100 characters`.

use serde_json::Value;

use super::json::at;
use super::schema::Schemas;

/// The longest pattern that is shown.
const LONGEST_PATTERN: usize = 60;

impl Schemas<'_> {
    /// The kind of a value and its limits, in words.
    pub(super) fn kind(self, schema: &Value) -> String {
        let schema = self.found(schema);
        if let Some(ways) = schema.get("oneOf").and_then(Value::as_array) {
            let kinds: Vec<String> = ways.iter().map(|way| self.kind(way)).collect();
            return kinds.join(" or ");
        }
        if schema.get("allOf").is_some() {
            return "object".to_owned();
        }
        let kind = at(schema, "/type");
        let several = kind.as_array().into_iter().flatten();
        let kinds = kind.as_str().into_iter().chain(several.filter_map(Value::as_str));
        let each: Vec<String> = kinds.map(|kind| self.one_kind(kind, schema)).collect();
        let mut text = each.join(" or ");
        if let Some(value) = schema.get("default") {
            text = format!("{text}, by default {value}");
        }
        text
    }

    fn one_kind(self, kind: &str, schema: &Value) -> String {
        match kind {
            "array" => self.list(schema),
            "integer" | "number" => with_range("number", schema, "minimum", "maximum", ""),
            "string" => string(schema),
            "boolean" => "true or false".to_owned(),
            other => other.to_owned(),
        }
    }

    fn list(self, schema: &Value) -> String {
        let list = with_range("list", schema, "minItems", "maxItems", "");
        let items = self.kind(at(schema, "/items"));
        let unique =
            if *at(schema, "/uniqueItems") == true { ", without duplicates" } else { "" };
        format!("{list} of {items}{unique}")
    }
}

fn string(schema: &Value) -> String {
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        let words: Vec<String> =
            words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        return words.join(" | ");
    }
    let kind = match at(schema, "/format").as_str() {
        Some("date-time") => "time",
        Some("email") => "e-mail address",
        Some("uri") => "URL",
        _ => "text",
    };
    let kind = with_range(kind, schema, "minLength", "maxLength", " characters");
    match at(schema, "/pattern").as_str().filter(|text| text.len() <= LONGEST_PATTERN) {
        Some(pattern) => format!("{kind} like {pattern}"),
        None => kind,
    }
}

fn with_range(kind: &str, schema: &Value, least: &str, most: &str, unit: &str) -> String {
    let limit = |key: &str| schema.get(key).filter(|value| value.is_number());
    match (limit(least), limit(most)) {
        (Some(least), Some(most)) => format!("{kind}, {least} to {most}{unit}"),
        (Some(least), None) if *least != 0 && *least != 1 => {
            format!("{kind}, at least {least}{unit}")
        }
        (None, Some(most)) => format!("{kind}, up to {most}{unit}"),
        _ => kind.to_owned(),
    }
}
