//! What was set and where, before it is read.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::mask::mask;
use super::plan::{self, Plan};

/// Where something was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// On the command line.
    Flag,
    /// In the environment.
    Variable,
    /// In a file, on a line.
    File { name: String, line: usize },
    /// Nowhere.
    Default,
}

/// What was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    /// A text; a list has commas, plans have colons.
    Text(String),
    /// A list in the file.
    List(Vec<String>),
    /// Plans in the file.
    Plans(Vec<Plan>),
}

/// What was set, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) raw: Raw,
    pub(super) source: Source,
}

impl Setting {
    /// The place, as somebody would look for it.
    fn place(&self, name: &str) -> String {
        match &self.source {
            Source::Flag => format!("`--{}`", name.replace('_', "-")),
            Source::Variable => format!("`HALLPASS_{}`", name.to_ascii_uppercase()),
            Source::File { name: file, line } => format!("{file}:{line}: `{name}`"),
            Source::Default => format!("`{name}`"),
        }
    }

    fn items(&self) -> Vec<String> {
        match &self.raw {
            Raw::Text(text) => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                items.map(str::to_owned).collect()
            }
            Raw::List(items) => items.clone(),
            Raw::Plans(_) => Vec::new(),
        }
    }
}

/// All that was set, by name.
#[derive(Default)]
pub(super) struct Settings(pub(super) BTreeMap<&'static str, Setting>);

impl Settings {
    /// Sets something, whatever it was set to before.
    pub(super) fn set(&mut self, name: &'static str, setting: Setting) {
        self.0.insert(name, setting);
    }

    pub(super) fn find(&self, name: &'static str) -> Option<Setting> {
        self.0.get(name).cloned()
    }

    /// What was set, or from now on the default.
    pub(super) fn or(&mut self, name: &'static str, default: impl FnOnce() -> Raw) -> Setting {
        let absent = || Setting { raw: default(), source: Source::Default };
        self.0.entry(name).or_insert_with(absent).clone()
    }

    pub(super) fn text_or(&mut self, name: &'static str, default: &str) -> Setting {
        self.or(name, || Raw::Text(default.to_owned()))
    }

    pub(super) fn list_or(&mut self, name: &'static str, default: &[&str]) -> Setting {
        self.or(name, || Raw::List(default.iter().map(|&item| item.to_owned()).collect()))
    }
}

/// What is wrong, a line each.
#[derive(Default)]
pub(super) struct Mistakes(Vec<String>);

impl Mistakes {
    pub(super) fn add(&mut self, mistake: impl Display) {
        self.0.push(mistake.to_string());
    }

    /// The value, if nothing is wrong.
    pub(super) fn or<T>(self, value: Option<T>) -> Result<T, String> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            Some(_) | None => Err(self.0.join("\nhallpass: ")),
        }
    }

    /// Reads a text; the error of the reader says what is accepted.
    pub(super) fn parse<T>(
        &mut self,
        name: &str,
        setting: &Setting,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let Raw::Text(text) = &setting.raw else {
            self.add(format_args!("{} is a list, not a text", setting.place(name)));
            return None;
        };
        let accepts = match read(text) {
            Ok(value) => return Some(value),
            Err(accepts) => accepts,
        };
        let place = setting.place(name);
        self.add(format_args!("{place} is `{}`; it accepts {accepts}", mask(name, text)));
        None
    }

    /// As [`Mistakes::parse`], of what may be absent.
    pub(super) fn parse_if<T>(
        &mut self,
        name: &str,
        setting: Option<Setting>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        setting.and_then(|setting| self.parse(name, &setting, read))
    }

    /// As [`Mistakes::parse`], of every item of a list.
    pub(super) fn parse_each<T>(
        &mut self,
        name: &str,
        setting: &Setting,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let mut read_one = |item: String| {
            let source = setting.source.clone();
            self.parse(name, &Setting { raw: Raw::Text(item), source }, &read)
        };
        setting.items().into_iter().filter_map(&mut read_one).collect()
    }

    /// Reads the plans.
    pub(super) fn plans(&mut self, name: &str, setting: &Setting) -> Vec<Plan> {
        let plans = match &setting.raw {
            Raw::Plans(plans) => plans.clone(),
            Raw::Text(_) | Raw::List(_) => {
                setting.items().iter().map(|item| Plan::parse(item)).collect()
            }
        };
        for mistake in plan::mistakes(&plans) {
            self.add(format_args!("{}: {mistake}", setting.place(name)));
        }
        plans
    }
}

/// The name that a word was probably meant to be, at most so many strokes away.
pub(super) fn nearest(
    word: &str,
    names: impl IntoIterator<Item = &'static str>,
    strokes: usize,
) -> Option<&'static str> {
    let away = |name: &str| strsim::damerau_levenshtein(word, name);
    // A short word is near to everything.
    let strokes = strokes.min(word.chars().count() / 3);
    let near = names.into_iter().map(|name| (away(name), name));
    near.filter(|(away, _)| *away <= strokes).min().map(|(_, name)| name)
}
