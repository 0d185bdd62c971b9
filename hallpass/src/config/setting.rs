//! What a setting is, and its name in each place where it can be given.

use super::entry::{Entries, Entry, Raw, Source};
use super::mask::{HIDDEN, mask_url};

/// The beginning of every environment variable.
pub(super) const PREFIX: &str = "HALLPASS_";

/// One setting of the configuration. Its flag, its variable, its line in the file and its row in the
/// documentation all follow from this.
pub(crate) struct Setting {
    /// The key in the file.
    pub(super) key: &'static str,
    /// What it does, as an instruction without a full stop.
    pub(super) help: &'static str,
    /// The name of its value in help texts.
    pub(super) value_name: &'static str,
    pub(super) format: Format,
    pub(super) default: DefaultValue,
    pub(super) secrecy: Secrecy,
    pub(super) scope: Scope,
}

/// How a value is written in the file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A string.
    Text,
    /// `true` or `false`.
    Boolean,
    /// An array of strings.
    List,
    /// An array of tables.
    Plans,
}

/// The value of a setting that is not given.
#[derive(Clone, Copy)]
pub(crate) enum DefaultValue {
    /// The setting has no value.
    Unset,
    /// Always the same.
    Fixed(&'static str),
    /// From the settings before it in the table; none when one of those is not valid.
    Derived { value: fn(&Entries) -> Option<String>, description: &'static str },
}

/// How much of a value may be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrecy {
    /// All of it.
    Public,
    /// All but the password in a URL.
    Password,
    /// Nothing. There is no flag either, because every user of the machine can read flags.
    Secret,
}

/// Which commands read a setting.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Those that start the server.
    Server,
    /// Those and the ones that print links.
    Links,
    /// Those and the ones that open the database. `is_listed` is whether the help of the latter
    /// shows it.
    Database { is_listed: bool },
}

impl Setting {
    /// The name of the flag, without dashes before it.
    pub(super) fn flag(&self) -> Option<String> {
        (self.secrecy != Secrecy::Secret).then(|| self.key.replace('_', "-"))
    }

    /// The environment variable.
    pub(super) fn variable(&self) -> String {
        format!("{PREFIX}{}", self.key.to_ascii_uppercase())
    }

    /// The description of the default; none when there is no default.
    pub(super) fn default_text(&self) -> Option<&'static str> {
        match self.default {
            DefaultValue::Unset | DefaultValue::Fixed("") => None,
            DefaultValue::Fixed(text) => Some(text),
            DefaultValue::Derived { description, .. } => Some(description),
        }
    }

    /// Gives the setting its default if it has no value.
    pub(super) fn apply_default(&self, entries: &mut Entries) {
        if entries.get(self.key).is_some() {
            return;
        }
        let text = match self.default {
            DefaultValue::Unset => None,
            DefaultValue::Fixed(text) => Some(text.to_owned()),
            DefaultValue::Derived { value, .. } => value(entries),
        };
        if let Some(text) = text {
            entries.set(self.key, Raw::Text(text), Source::Default);
        }
    }

    /// A value with its secret hidden.
    pub(super) fn masked(&self, text: &str) -> String {
        match self.secrecy {
            Secrecy::Public => text.to_owned(),
            Secrecy::Password => mask_url(text),
            Secrecy::Secret => HIDDEN.to_owned(),
        }
    }

    /// Where an entry was given, to begin an error message with.
    pub(super) fn place(&self, entry: &Entry) -> String {
        match &entry.source {
            Source::Flag => format!("`--{}`", self.flag().unwrap_or_default()),
            Source::Variable => format!("`{}`", self.variable()),
            Source::File { name, line } => format!("{name}:{line}: `{}`", self.key),
            Source::Default => format!("default of `{}`", self.key),
        }
    }

    /// Where an entry was given, for a comment behind its value.
    pub(super) fn origin(&self, entry: &Entry) -> String {
        match &entry.source {
            Source::Flag => format!("--{}", self.flag().unwrap_or_default()),
            Source::Variable => self.variable(),
            Source::File { name, line } => {
                format!("{}:{line}", name.replace(char::is_control, "?"))
            }
            Source::Default => "default".to_owned(),
        }
    }
}
