//! Reading claims that were verified.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The longest text that is taken over.
const LONGEST: usize = 512;
const MOST_GROUPS: usize = 500;

/// A text that is not empty and not longer than anything real.
pub(crate) fn text(claims: &Map<String, Value>, name: &str) -> Option<String> {
    let text = claims.get(name)?.as_str()?;
    let is_accepted =
        !text.is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control);
    is_accepted.then(|| text.to_owned())
}

/// A list of texts, or one.
pub(crate) fn texts(claims: &Map<String, Value>, name: &str) -> Vec<String> {
    match claims.get(name) {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(list)) => {
            let texts = list.iter().filter_map(Value::as_str);
            texts.take(MOST_GROUPS).map(ToOwned::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether there are more groups than were sent: more than are read, or Microsoft says where to ask for
/// them instead (the "groups overage claim").
pub(crate) fn leaves_groups_out(claims: &Map<String, Value>) -> bool {
    let is_elsewhere = claims
        .get("_claim_names")
        .and_then(Value::as_object)
        .is_some_and(|names| names.contains_key("groups"));
    let is_implied = claims.get("hasgroups").is_some_and(|value| *value != Value::Bool(false));
    let groups = claims.get("groups").and_then(Value::as_array);
    is_elsewhere || is_implied || groups.is_some_and(|groups| groups.len() > MOST_GROUPS)
}

/// Everything, as text, to show.
pub(crate) fn all(claims: &Map<String, Value>) -> BTreeMap<String, Vec<String>> {
    let plain =
        |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    claims
        .iter()
        .map(|(name, value)| match value.as_array() {
            Some(list) => (name.clone(), list.iter().map(plain).collect()),
            None => (name.clone(), vec![plain(value)]),
        })
        .collect()
}
