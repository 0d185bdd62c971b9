//! Connections to other systems: a kind, a name, and texts, of which some are secrets.
//!
//! **Invariant:** a secret that was written is never shown again.

use serde_json::{Map, Value, json};

use crate::entity::check_key;
use crate::refusal::FieldError;

/// What stands for a secret where it is shown; sent back, it means that the secret stays.
pub const MASK: &str = "••••••••";

const LONGEST: usize = 10_000;
const MOST: usize = 100;
const KNOWN: [&str; 4] = ["kind", "name", "enabled", "config"];

/// Whether what stands at a key looks like a secret.
#[must_use]
pub fn is_secret(key: &str) -> bool {
    let key = key.to_lowercase();
    let signs = ["secret", "token", "password", "passphrase", "credential", "private"];
    signs.iter().any(|sign| key.contains(sign))
        || key.split(['_', '-', '.', ' ']).any(|part| part == "key")
        || key.ends_with("apikey")
}

/// A value with its secrets hidden, however deep they lie.
pub(super) fn masked(value: &Value) -> Value {
    let Some(map) = value.as_object() else { return value.clone() };
    let hidden = map.iter().map(|(key, value)| {
        let hides = is_secret(key) && value.as_str().is_some_and(|text| !text.is_empty());
        (key.clone(), if hides { json!(MASK) } else { masked(value) })
    });
    Value::Object(hidden.collect())
}

/// Puts connections that are made, configured or, as null, taken away into those that are kept.
pub(super) fn check(
    pointer: &str,
    value: &Value,
    kept: Option<&Value>,
) -> Result<Value, Vec<FieldError>> {
    let Some(given) = value.as_object() else {
        let detail = "an object of connections by key: `{\"slack\": {\"kind\": \"slack\", …}}`";
        return Err(vec![FieldError::new(pointer, "wrong_type", detail)]);
    };
    let mut all = kept.and_then(Value::as_object).cloned().unwrap_or_default();
    let mut errors = Vec::new();
    for (key, change) in given {
        let at = format!("{pointer}/{}", crate::text::escape_pointer(key));
        if let Some(why) = check_key(key) {
            errors.push(FieldError::new(at, "bad_key", why));
            continue;
        }
        if change.is_null() {
            all.remove(key);
            continue;
        }
        match merged(&at, change, all.get(key)) {
            Ok(connection) => {
                all.insert(key.clone(), connection);
            }
            Err(wrong) => errors.extend(wrong),
        }
    }
    if all.len() > MOST {
        let detail = format!("at most {MOST} connections");
        errors.push(FieldError::new(pointer, "too_many", detail));
    }
    if errors.is_empty() { Ok(Value::Object(all)) } else { Err(errors) }
}

fn merged(at: &str, change: &Value, kept: Option<&Value>) -> Result<Value, Vec<FieldError>> {
    let Some(change) = change.as_object() else {
        return Err(vec![FieldError::new(
            at,
            "wrong_type",
            "an object, or null to disconnect",
        )]);
    };
    let start = || {
        Map::from_iter([("enabled".to_owned(), json!(true)), ("config".to_owned(), json!({}))])
    };
    let mut connection = kept.and_then(Value::as_object).cloned().unwrap_or_else(start);
    let mut errors = Vec::new();
    for (key, value) in change {
        let at = format!("{at}/{}", crate::text::escape_pointer(key));
        let fits = match key.as_str() {
            "kind" => value.as_str().is_some_and(|kind| check_key(kind).is_none()),
            "name" => value.as_str().is_some_and(|name| crate::name::Name::parse(name).is_ok()),
            "enabled" => value.is_boolean(),
            "config" => {
                match configured(&at, value, connection.get("config")) {
                    Ok(config) => {
                        connection.insert("config".to_owned(), config);
                    }
                    Err(wrong) => errors.extend(wrong),
                }
                continue;
            }
            _ => {
                let known = KNOWN.map(|key| format!("`{key}`")).join(", ");
                let detail = format!("a connection has {known}");
                errors.push(FieldError::new(at, "unknown_setting", detail));
                continue;
            }
        };
        if fits {
            connection.insert(key.clone(), value.clone());
        } else {
            let detail = "`kind` is a key, `name` a name, `enabled` true or false";
            errors.push(FieldError::new(at, "bad_value", detail));
        }
    }
    for key in ["kind", "name"] {
        if errors.is_empty() && !connection.contains_key(key) {
            errors.push(FieldError::new(format!("{at}/{key}"), "missing", "it is missing"));
        }
    }
    if errors.is_empty() { Ok(Value::Object(connection)) } else { Err(errors) }
}

fn configured(
    at: &str,
    change: &Value,
    kept: Option<&Value>,
) -> Result<Value, Vec<FieldError>> {
    let Some(change) = change.as_object() else {
        return Err(vec![FieldError::new(at, "wrong_type", "an object of texts")]);
    };
    let mut config = kept.and_then(Value::as_object).cloned().unwrap_or_default();
    let mut errors = Vec::new();
    for (key, value) in change {
        let text = value.as_str().filter(|text| text.len() <= LONGEST && key.len() <= 64);
        if value.is_null() {
            config.remove(key);
        } else if text == Some(MASK) && is_secret(key) {
            // It came from what is shown: what is kept stays.
        } else if text.is_some() {
            config.insert(key.clone(), value.clone());
        } else {
            let at = format!("{at}/{}", crate::text::escape_pointer(key));
            let detail = format!("a text of at most {LONGEST} bytes, or null");
            errors.push(FieldError::new(at, "bad_text", detail));
        }
    }
    if config.len() > MOST {
        errors.push(FieldError::new(at, "too_many", format!("at most {MOST}")));
    }
    if errors.is_empty() { Ok(Value::Object(config)) } else { Err(errors) }
}
