//! Settings: the keys of each area, and their values.

use hallpass_engine::Resource;
use serde_json::{Map, Value};

use crate::refusal::{FieldError, Refusal};

mod connection;
mod value;

pub use connection::{ConnectionEffect, MASK};

/// The maximum length of a handbook, in characters.
pub const LONGEST_HANDBOOK: usize = 50_000;

/// The fewest and the most minutes for which a session may be unused.
pub const IDLE_MINUTES: (i64, i64) = (5, 20_160);

/// The fewest and the most minutes after which members sign in again, however much they work.
pub const ABSOLUTE_MINUTES: (i64, i64) = (15, 129_600);

/// The fewest and the most minutes for which a sign-in is recent.
pub const STEP_UP_MINUTES: (i64, i64) = (1, 60);

/// An area of settings: a map of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Logo, handbook, language, time zone, currency, start page.
    General,
    /// Colour, logo, footer of mails.
    Branding,
    /// Which modules are switched on.
    Modules,
    /// Connections to other systems.
    Integrations,
    /// AI providers and default models.
    Intelligence,
    /// How members sign in.
    Authentication,
    /// How long sessions last, and from which networks members sign in.
    Security,
}

impl Area {
    /// Every area.
    pub const EVERY: [Area; 7] = [
        Area::General,
        Area::Branding,
        Area::Modules,
        Area::Integrations,
        Area::Intelligence,
        Area::Authentication,
        Area::Security,
    ];

    /// The word in URLs and in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Area::General => "general",
            Area::Branding => "branding",
            Area::Modules => "modules",
            Area::Integrations => "integrations",
            Area::Intelligence => "intelligence",
            Area::Authentication => "authentication",
            Area::Security => "security",
        }
    }

    /// The area of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Area> {
        Area::EVERY.into_iter().find(|area| area.word() == word)
    }

    /// Its keys with the kinds of their values; the keys of modules are those of the access model.
    const fn holds(self) -> &'static [(&'static str, Holds)] {
        match self {
            Area::General => &[
                ("logo", Holds::Picture),
                ("handbook", Holds::Text(LONGEST_HANDBOOK)),
                ("locale", Holds::Locale),
                ("time_zone", Holds::Zone),
                ("currency", Holds::Currency),
                ("landing", Holds::Page),
            ],
            Area::Branding => &[
                ("colour", Holds::Colour),
                ("logo", Holds::Picture),
                ("mail_footer", Holds::Text(2_000)),
            ],
            Area::Modules => &[],
            Area::Integrations => &[("connections", Holds::Connections)],
            Area::Intelligence => {
                &[("providers", Holds::Connections), ("models", Holds::Texts)]
            }
            Area::Authentication => &[
                ("allowed_domains", Holds::Domains),
                ("require_second_factor", Holds::Day),
                ("require_sso", Holds::Flag),
                ("allow_sso_sign_up", Holds::Flag),
            ],
            Area::Security => &[
                ("idle_minutes", Holds::Minutes(IDLE_MINUTES)),
                ("absolute_minutes", Holds::Minutes(ABSOLUTE_MINUTES)),
                ("step_up_minutes", Holds::Minutes(STEP_UP_MINUTES)),
                ("allowed_networks", Holds::Networks),
            ],
        }
    }

    /// The keys of what can be set in it; for modules they are those of the access model.
    pub fn keys(self) -> impl Iterator<Item = &'static str> {
        self.holds().iter().map(|(key, _)| *key)
    }
}

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Picture,
    Text(usize),
    Locale,
    Zone,
    Currency,
    Page,
    Colour,
    Domains,
    Networks,
    Minutes((i64, i64)),
    Day,
    Flag,
    Texts,
    Connections,
}

/// Checks new values of an area, where null clears a key; returns the values to store.
///
/// # Errors
///
/// `Fields` with every mistake.
pub fn check(
    area: Area,
    resources: &[Resource],
    given: &Map<String, Value>,
    kept: &Map<String, Value>,
) -> Result<Map<String, Value>, Refusal> {
    let mut checked = Map::new();
    let mut errors = Vec::new();
    for (key, value) in given {
        let pointer = format!("/{}", crate::text::escape_pointer(key));
        let found = match area {
            Area::Modules => check_module(resources, &pointer, key, value),
            Area::General
            | Area::Branding
            | Area::Integrations
            | Area::Intelligence
            | Area::Authentication
            | Area::Security => match area.holds().iter().find(|(known, _)| *known == key) {
                Some(_) if value.is_null() => Ok(Value::Null),
                Some((_, holds)) => holds.check(&pointer, resources, value, kept.get(key)),
                None => {
                    Err(vec![unknown(&pointer, key, area.holds().iter().map(|(key, _)| *key))])
                }
            },
        };
        match found {
            Ok(value) => {
                checked.insert(key.clone(), value);
            }
            Err(wrong) => errors.extend(wrong),
        }
    }
    Refusal::unless_valid(errors)?;
    Ok(checked)
}

/// What new values of an area do to its connections: adding and removing one are permissions of their
/// own. `None` for an area without connections.
#[must_use]
pub fn effect(
    area: Area,
    given: &Map<String, Value>,
    kept: &Map<String, Value>,
) -> Option<ConnectionEffect> {
    let is_connections = |key: &str| {
        area.holds().iter().any(|(known, holds)| *known == key && *holds == Holds::Connections)
    };
    if !area.holds().iter().any(|(_, holds)| *holds == Holds::Connections) {
        return None;
    }
    let effects = given.iter().map(|(key, value)| {
        if is_connections(key) {
            connection::effect(value, kept.get(key))
        } else {
            ConnectionEffect { configures: true, ..ConnectionEffect::default() }
        }
    });
    Some(effects.fold(ConnectionEffect::default(), ConnectionEffect::and))
}

fn unknown<'k>(
    pointer: &str,
    key: &str,
    known: impl IntoIterator<Item = &'k str> + Clone,
) -> FieldError {
    FieldError::unknown(pointer, "unknown_setting", ("setting", key), known)
}

fn check_module(
    resources: &[Resource],
    pointer: &str,
    key: &str,
    value: &Value,
) -> Result<Value, Vec<FieldError>> {
    let one = |code, detail: String| Err(vec![FieldError::new(pointer, code, detail)]);
    match resources.iter().find(|known| known.key == key) {
        None => {
            let known = resources.iter().filter(|known| known.can_switch_off);
            Err(vec![unknown(pointer, key, known.map(|known| known.key.as_str()))])
        }
        Some(known) if !known.can_switch_off => {
            one("cannot_switch_off", format!("{} cannot be switched off", known.name))
        }
        Some(_) if value.is_boolean() || value.is_null() => Ok(value.clone()),
        Some(_) => one("wrong_type", "expected `true` or `false`".to_owned()),
    }
}

/// Values as responses show them: secrets are hidden.
#[must_use]
pub fn shown(values: &Map<String, Value>) -> Map<String, Value> {
    values.iter().map(|(key, value)| (key.clone(), connection::masked(value))).collect()
}

/// Values as the audit log shows them: secrets are hidden, and pictures replaced by their size.
#[must_use]
pub fn told(values: &Map<String, Value>) -> Map<String, Value> {
    let mut values = shown(values);
    for (_, value) in &mut values {
        if let Some(picture) = value.as_str().filter(|text| text.starts_with("data:")) {
            *value = Value::String(format!("a picture of {} bytes", picture.len()));
        }
    }
    values
}

#[cfg(test)]
mod tests;
