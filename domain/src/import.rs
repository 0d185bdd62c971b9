//! The ids of a workspace that is imported: kept, or replaced without a table of them.
//!
//! **Invariant:** ids that differ stay different, and ids in an order keep it: what is listed by id is listed as it was.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::id::is_id;
use crate::time::Timestamp;

/// The random bits at the end of an id, below its variant.
const LOW: u128 = (1 << 62) - 1;

/// The random bits before the variant and behind the version. Both together hold the order within a millisecond.
const HIGH: u128 = 0xFFF << 64;

/// How far an id may be ahead of the clock, in milliseconds.
const AHEAD: u64 = 60_000;

/// The prefixes of the nouns that belong to a workspace.
const OF_WORKSPACES: [&str; 16] = [
    "wsp", "mbr", "inv", "rol", "prf", "tea", "dep", "rec", "aud", "evt", "ivc", "rpt", "viw",
    "key", "con", "job",
];

/// What becomes of the ids of a workspace that is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdMap {
    /// Each stays as it is.
    Kept,
    /// Each moves on by this distance, which is the same for all of them.
    Moved(u64),
}

impl IdMap {
    /// New ids, by a random number. The distance is larger than any number of ids that are made in a
    /// millisecond, so that none takes the place of another.
    #[must_use]
    pub const fn fresh(random: u64) -> IdMap {
        IdMap::Moved((1 << 32) | (random >> 24))
    }

    /// What becomes of an id. Its time stays, and so do its version and variant.
    #[must_use]
    pub fn id(self, id: Uuid) -> Uuid {
        match self {
            IdMap::Kept => id,
            IdMap::Moved(distance) => {
                let id = id.as_u128();
                // Two bits are not random: the variant.
                let random = ((id & HIGH) >> 2) | (id & LOW);
                let moved = random.wrapping_add(u128::from(distance));
                let (high, low) = ((moved << 2) & HIGH, moved & LOW);
                Uuid::from_u128((id & !(HIGH | LOW)) | high | low)
            }
        }
    }

    /// What becomes of a text: an id of something in a workspace moves, and any other text stays.
    #[must_use]
    pub fn text(self, text: &str) -> String {
        let of_workspace = |prefix: &&str| is_id(text) && OF_WORKSPACES.contains(prefix);
        let parts = text.split_once('_').filter(|(prefix, _)| of_workspace(prefix));
        let moved = parts.and_then(|(prefix, digits)| {
            let id = Uuid::try_parse(digits).ok()?;
            Some(format!("{prefix}_{}", self.id(id).as_simple()))
        });
        moved.unwrap_or_else(|| text.to_owned())
    }

    /// What becomes of a JSON value: the ids in it move, at any depth, also as keys.
    #[must_use]
    pub fn value(self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(list) => {
                Value::Array(list.iter().map(|one| self.value(one)).collect())
            }
            Value::Object(map) => {
                let moved = map.iter().map(|(key, value)| (self.text(key), self.value(value)));
                Value::Object(moved.collect::<Map<_, _>>())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }
}

/// Whether a value has a text with the character NUL, which no database stores.
#[must_use]
pub fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(list) => list.iter().any(has_nul),
        Value::Object(map) => {
            map.iter().any(|(key, value)| key.contains('\0') || has_nul(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Checks an id that comes from outside: new ids go on from the highest one, so that one of the future would take
/// all ids with it, and the id of zeros stands for no one.
///
/// # Errors
///
/// What is wrong with it.
pub fn check_id(id: Uuid, now: Timestamp) -> Result<(), &'static str> {
    if id.get_version_num() != 7 || id.get_variant() != uuid::Variant::RFC4122 {
        return Err("is no id of this kind of server");
    }
    let latest = u64::try_from(now.as_micros() / 1_000).unwrap_or(0).saturating_add(AHEAD);
    let made = u64::try_from(id.as_u128() >> 80).unwrap_or(u64::MAX);
    if made > latest { Err("was made in the future") } else { Ok(()) }
}

#[cfg(test)]
mod tests;
