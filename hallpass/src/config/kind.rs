//! The kinds of settings: how an entry becomes a value.

use super::entry::{Entry, Raw};
use super::plan::{self, Plan};
use super::problem::Problems;
use super::setting::{Format, Setting};

/// Reads a text; the error says what is expected.
pub(crate) type Parser<T> = fn(&str) -> Result<T, String>;

/// A kind of setting.
pub(crate) trait Kind {
    /// What is read.
    type Value;

    /// How it is written in the file.
    const FORMAT: Format;

    /// Reads an entry; none when it is missing or wrong. What is wrong is reported.
    fn read(&self, from: Reading<'_>) -> Option<Self::Value>;
}

/// What a setting is read from, and where its problems are reported.
pub(crate) struct Reading<'r> {
    pub(super) setting: &'r Setting,
    pub(super) entry: Option<&'r Entry>,
    pub(super) problems: &'r mut Problems,
}

/// A text that always has a value.
pub(crate) struct Required<T>(pub(super) Parser<T>);

/// A text that may be unset.
pub(crate) struct Optional<T>(pub(super) Parser<T>);

/// `true` or `false`.
pub(crate) struct Boolean;

/// A list of texts.
pub(crate) struct List<T>(pub(super) Parser<T>);

/// The plans on offer.
pub(crate) struct Plans;

impl<T> Kind for Required<T> {
    type Value = T;

    const FORMAT: Format = Format::Text;

    fn read(&self, from: Reading<'_>) -> Option<T> {
        let mut from = from;
        // The file is read by format, so the value of such a setting is a text.
        let text = from.entry?.text()?;
        from.parse(self.0, text)
    }
}

impl<T> Kind for Optional<T> {
    type Value = Option<T>;

    const FORMAT: Format = Format::Text;

    fn read(&self, from: Reading<'_>) -> Option<Option<T>> {
        match from.entry {
            None => Some(None),
            Some(_) => Required(self.0).read(from).map(Some),
        }
    }
}

impl Kind for Boolean {
    type Value = bool;

    const FORMAT: Format = Format::Boolean;

    fn read(&self, from: Reading<'_>) -> Option<bool> {
        let boolean =
            |text: &str| text.parse::<bool>().map_err(|_| "`true` or `false`".to_owned());
        Required(boolean).read(from)
    }
}

impl<T> Kind for List<T> {
    type Value = Vec<T>;

    const FORMAT: Format = Format::List;

    fn read(&self, from: Reading<'_>) -> Option<Vec<T>> {
        let mut from = from;
        // Every item is read, so that every problem is reported.
        let items = from.entry?.raw.items().into_iter();
        let values: Vec<Option<T>> = items.map(|text| from.parse(self.0, &text)).collect();
        values.into_iter().collect()
    }
}

impl Kind for Plans {
    type Value = Vec<Plan>;

    const FORMAT: Format = Format::Plans;

    fn read(&self, from: Reading<'_>) -> Option<Vec<Plan>> {
        let Reading { setting, entry, problems } = from;
        let entry = entry?;
        let plans = match &entry.raw {
            Raw::Plans(plans) => plans.clone(),
            Raw::Text(_) | Raw::List(_) => {
                entry.raw.items().iter().map(|item| Plan::parse(item)).collect()
            }
        };
        let wrong = plan::problems(&plans);
        for problem in &wrong {
            problems.add(format_args!("{}: {problem}", setting.place(entry)));
        }
        wrong.is_empty().then_some(plans)
    }
}

impl Reading<'_> {
    /// Parses a text of the entry.
    fn parse<T>(&mut self, parser: Parser<T>, text: &str) -> Option<T> {
        match parser(text) {
            Ok(value) => Some(value),
            Err(expected) => {
                let (place, shown) =
                    (self.setting.place(self.entry?), self.setting.masked(text));
                self.problems
                    .add(format_args!("{place}: invalid value `{shown}`; accepts {expected}"));
                None
            }
        }
    }
}
