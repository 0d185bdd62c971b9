//! The list of retired words, parsed from TOML.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::source::line_of;

/// Where a retired word is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Identifiers,
    Types,
    Endings,
    Functions,
    Files,
    Prose,
}

/// Retired words of each section with what to write instead, and exceptions.
#[derive(Debug, Default)]
pub(super) struct List {
    words: BTreeMap<Section, BTreeMap<String, String>>,
    pub(super) exceptions: Vec<Exception>,
}

/// Words that are allowed in some places.
#[derive(Debug, PartialEq)]
pub(super) struct Exception {
    /// The line in the list.
    pub(super) line: usize,
    /// The words, or all of them if empty.
    words: Vec<String>,
    /// Beginnings of paths, or all files if empty.
    paths: Vec<String>,
    /// What the line must contain.
    text: Option<String>,
}

impl Section {
    const ALL: [(&'static str, Section); 6] = [
        ("identifiers", Self::Identifiers),
        ("types", Self::Types),
        ("endings", Self::Endings),
        ("functions", Self::Functions),
        ("files", Self::Files),
        ("prose", Self::Prose),
    ];
}

impl List {
    /// Parses a list.
    ///
    /// # Errors
    ///
    /// With the line and the problem if the text is not a list.
    pub(super) fn parse(text: &str) -> Result<Self, (usize, String)> {
        let table = DeTable::parse(text)
            .map_err(|error| {
                let at = error.span().map_or(0, |span| span.start);
                (line_of(text, at), error.message().to_owned())
            })?
            .into_inner();
        let mut list = Self::default();
        for (key, value) in &table {
            let line = line_of(text, key.span().start);
            let name = key.get_ref().as_ref();
            if name == "exceptions" {
                list.exceptions = exceptions(value.get_ref(), text)
                    .map_err(|(at, problem)| (at.unwrap_or(line), problem))?;
                continue;
            }
            let section = Section::ALL.into_iter().find(|(known, _)| *known == name);
            let (_, section) = section.ok_or((line, format!("unknown section `{name}`")))?;
            let words = value.get_ref().as_table().and_then(words);
            let words = words.ok_or((line, format!("`{name}` is not a table of strings")))?;
            list.words.insert(section, words);
        }
        Ok(list)
    }

    /// The words of a section with what to write instead.
    pub(super) fn words(&self, section: Section) -> impl Iterator<Item = (&str, &str)> {
        let words = self.words.get(&section).into_iter().flatten();
        words.map(|(word, instead)| (word.as_str(), instead.as_str()))
    }

    /// What to write instead of a word of a section.
    pub(super) fn instead(&self, section: Section, word: &str) -> Option<&str> {
        self.words.get(&section)?.get(word).map(String::as_str)
    }
}

impl Exception {
    /// Whether the exception allows a word in a line of a file.
    pub(super) fn allows(&self, word: &str, path: &str, line: &str) -> bool {
        (self.words.is_empty() || self.words.iter().any(|allowed| allowed == word))
            && (self.paths.is_empty() || self.paths.iter().any(|start| path.starts_with(start)))
            && self.text.as_ref().is_none_or(|text| line.contains(text))
    }
}

fn words(table: &DeTable<'_>) -> Option<BTreeMap<String, String>> {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let key: &std::borrow::Cow<'_, str> = key.get_ref();
        Some((key.to_string(), value.get_ref().as_str()?.to_owned()))
    };
    table.iter().map(entry).collect()
}

type Problem = (Option<usize>, String);

fn exceptions(value: &DeValue<'_>, text: &str) -> Result<Vec<Exception>, Problem> {
    let array = value.as_array().ok_or((None, "`exceptions` is not an array".to_owned()))?;
    let one = |value: &Spanned<DeValue<'_>>| {
        let line = line_of(text, value.span().start);
        exception(value.get_ref(), line).map_err(|problem| (Some(line), problem))
    };
    array.iter().map(one).collect()
}

fn exception(value: &DeValue<'_>, line: usize) -> Result<Exception, String> {
    let table = value.as_table().ok_or("an exception is a table")?;
    let known = ["words", "paths", "text", "reason"];
    let unknown = table.keys().find(|key| !known.contains(&key.get_ref().as_ref()));
    if let Some(unknown) = unknown {
        return Err(format!("unknown field `{}`", unknown.get_ref()));
    }
    let string = |key: &str| table.get(key).and_then(|value| value.get_ref().as_str());
    let strings = |key: &str| match table.get(key).map(|value| value.get_ref().as_array()) {
        None => Ok(Vec::new()),
        Some(None) => Err(format!("`{key}` is not an array")),
        Some(Some(array)) => array
            .iter()
            .map(|value| value.get_ref().as_str().map(str::to_owned))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| format!("`{key}` is not an array of strings")),
    };
    if string("reason").is_none_or(str::is_empty) {
        return Err("an exception needs a `reason`".to_owned());
    }
    let exception = Exception {
        line,
        words: strings("words")?,
        paths: strings("paths")?,
        text: string("text").map(str::to_owned),
    };
    if exception.paths.is_empty() && exception.text.is_none() {
        return Err("an exception needs `paths` or `text`".to_owned());
    }
    Ok(exception)
}

#[cfg(test)]
mod tests;
