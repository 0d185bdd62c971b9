//! Connections to other systems: a kind, a name, what people see of it, and secrets.
//!
//! **Invariant:** no response shows a text of `config`. What is no secret is declared as such: it is in
//! `options`. Names of keys are not asked, since any of them can hold a secret.

use serde_json::{Map, Value, json};

use crate::entity::{KEY_SHAPE, check_key};
use crate::refusal::FieldError;
use crate::text::escape_pointer;

/// What responses show in place of a secret; in a request, it keeps the stored secret.
pub const MASK: &str = "••••••••";

const LONGEST: usize = 10_000;
const LONGEST_KEY: usize = 64;
const MOST: usize = 100;
const KNOWN: [&str; 5] = ["kind", "name", "enabled", "options", "config"];

/// What a change does to the connections of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConnectionEffect {
    /// It connects something.
    pub connects: bool,
    /// It configures something that is connected, or changes nothing.
    pub configures: bool,
    /// It disconnects something.
    pub disconnects: bool,
}

impl ConnectionEffect {
    /// The effects of both.
    #[must_use]
    pub fn and(self, other: ConnectionEffect) -> ConnectionEffect {
        ConnectionEffect {
            connects: self.connects || other.connects,
            configures: self.configures || other.configures,
            disconnects: self.disconnects || other.disconnects,
        }
    }
}

/// Compares the value of a request with the stored connections; null clears all of them.
pub(super) fn effect(value: &Value, kept: Option<&Value>) -> ConnectionEffect {
    let is_kept = |key: &str| kept.is_some_and(|kept| kept.get(key).is_some());
    let mut effect = ConnectionEffect::default();
    match value {
        Value::Null => {
            effect.disconnects =
                kept.and_then(Value::as_object).is_some_and(|all| !all.is_empty());
        }
        Value::Object(changes) => {
            for (key, change) in changes {
                match (change.is_null(), is_kept(key)) {
                    (true, true) => effect.disconnects = true,
                    (false, false) => effect.connects = true,
                    // An integration that is off does nothing: switching one off or on is the same
                    // as removing and adding it.
                    (false, true) => {
                        match switched(change, kept.and_then(|kept| kept.get(key))) {
                            Some(true) => effect.connects = true,
                            Some(false) => effect.disconnects = true,
                            None => effect.configures = true,
                        }
                    }
                    (true, false) => effect.configures = true,
                }
                effect.configures |= is_kept(key) && configures(change);
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            effect.configures = true;
        }
    }
    effect
}

/// Whether a change switches a connection on or off.
fn switched(change: &Value, kept: Option<&Value>) -> Option<bool> {
    let is_on = |connection: &Value| connection.get("enabled").and_then(Value::as_bool);
    let was = kept.and_then(is_on).unwrap_or(true);
    is_on(change).filter(|is| *is != was)
}

/// Whether a change names anything but the switch of a connection.
fn configures(change: &Value) -> bool {
    change.as_object().is_some_and(|change| change.keys().any(|key| key != "enabled"))
}

/// A value with every text of a `config` hidden, at any depth.
pub(super) fn masked(value: &Value) -> Value {
    let Some(map) = value.as_object() else { return value.clone() };
    let shown = map.iter().map(|(key, value)| {
        let shown = match value.as_object().filter(|_| key == "config") {
            Some(config) => hidden(config),
            None => masked(value),
        };
        (key.clone(), shown)
    });
    Value::Object(shown.collect())
}

fn hidden(config: &Map<String, Value>) -> Value {
    let mask = |value: &Value| if value == "" { value.clone() } else { json!(MASK) };
    Value::Object(config.iter().map(|(key, value)| (key.clone(), mask(value))).collect())
}

/// Updates the stored connections: adds or configures one, or removes it by null.
pub(super) fn check(
    pointer: &str,
    value: &Value,
    kept: Option<&Value>,
) -> Result<Value, Vec<FieldError>> {
    let Some(given) = value.as_object() else {
        let detail = "expected an object of connections by key, such as \
                      `{\"slack\": {\"kind\": \"slack\", \"name\": \"Slack\"}}`";
        return Err(vec![FieldError::new(pointer, "wrong_type", detail)]);
    };
    let mut all = kept.and_then(Value::as_object).cloned().unwrap_or_default();
    let mut errors = Vec::new();
    for (key, change) in given {
        let at = format!("{pointer}/{}", escape_pointer(key));
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
        let detail = format!("expected at most {MOST} connections, got {}", all.len());
        errors.push(FieldError::new(pointer, "too_many", detail));
    }
    if errors.is_empty() { Ok(Value::Object(all)) } else { Err(errors) }
}

fn merged(at: &str, change: &Value, kept: Option<&Value>) -> Result<Value, Vec<FieldError>> {
    let Some(change) = change.as_object() else {
        return Err(vec![FieldError::new(
            at,
            "wrong_type",
            "expected an object, or null to disconnect",
        )]);
    };
    let start = || {
        Map::from_iter([
            ("enabled".to_owned(), json!(true)),
            ("options".to_owned(), json!({})),
            ("config".to_owned(), json!({})),
        ])
    };
    let mut connection = kept.and_then(Value::as_object).cloned().unwrap_or_else(start);
    let mut errors = Vec::new();
    for (key, value) in change {
        let at = format!("{at}/{}", escape_pointer(key));
        let fits = match key.as_str() {
            "kind" => value.as_str().is_some_and(|kind| check_key(kind).is_none()),
            "name" => value.as_str().is_some_and(|name| crate::name::Name::parse(name).is_ok()),
            "enabled" => value.is_boolean(),
            "config" | "options" => {
                match configured(&at, value, connection.get(key)) {
                    Ok(texts) => {
                        connection.insert(key.clone(), texts);
                    }
                    Err(wrong) => errors.extend(wrong),
                }
                continue;
            }
            _ => {
                errors.push(FieldError::unknown(at, "unknown_setting", ("field", key), KNOWN));
                continue;
            }
        };
        if fits {
            connection.insert(key.clone(), value.clone());
        } else {
            let detail = match key.as_str() {
                "kind" => KEY_SHAPE,
                "name" => "expected a name of 1 to 100 characters",
                _ => "expected `true` or `false`",
            };
            errors.push(FieldError::new(at, "bad_value", detail));
        }
    }
    for key in ["kind", "name"] {
        if errors.is_empty() && !connection.contains_key(key) {
            errors.push(FieldError::missing(format!("{at}/{key}")));
        }
    }
    if errors.is_empty() { Ok(Value::Object(connection)) } else { Err(errors) }
}

/// The mistake of a map of texts whose key is too long.
pub(super) fn long_key(at: &str, key: &str) -> Option<FieldError> {
    let detail = format!("expected a key of at most {LONGEST_KEY} bytes");
    (key.len() > LONGEST_KEY).then(|| FieldError::new(at, "bad_key", detail))
}

fn configured(
    at: &str,
    change: &Value,
    kept: Option<&Value>,
) -> Result<Value, Vec<FieldError>> {
    let Some(change) = change.as_object() else {
        return Err(vec![FieldError::new(at, "wrong_type", "expected an object of texts")]);
    };
    let mut config = kept.and_then(Value::as_object).cloned().unwrap_or_default();
    let mut errors = Vec::new();
    for (key, value) in change {
        let at = format!("{at}/{}", escape_pointer(key));
        let text = value.as_str().filter(|text| text.len() <= LONGEST);
        if value.is_null() {
            config.remove(key);
        } else if let Some(error) = long_key(&at, key) {
            errors.push(error);
        } else if text == Some(MASK) {
            // The mask of a response: the stored secret stays.
        } else if text.is_some() {
            config.insert(key.clone(), value.clone());
        } else {
            let detail = format!("expected a text of at most {LONGEST} bytes, or null");
            errors.push(FieldError::new(at, "bad_text", detail));
        }
    }
    if config.len() > MOST {
        errors.push(FieldError::new(
            at,
            "too_many",
            format!("expected at most {MOST} entries, got {}", config.len()),
        ));
    }
    if errors.is_empty() { Ok(Value::Object(config)) } else { Err(errors) }
}
