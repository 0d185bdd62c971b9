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
    fn read(
        &self,
        setting: &Setting,
        entry: Option<&Entry>,
        problems: &mut Problems,
    ) -> Option<Self::Value>;
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

    fn read(
        &self,
        setting: &Setting,
        entry: Option<&Entry>,
        problems: &mut Problems,
    ) -> Option<T> {
        let entry = entry?;
        // The file is read by format, so the value of such a setting is a text.
        parse(self.0, setting, entry, entry.text()?, problems)
    }
}

impl<T> Kind for Optional<T> {
    type Value = Option<T>;

    const FORMAT: Format = Format::Text;

    fn read(
        &self,
        setting: &Setting,
        entry: Option<&Entry>,
        problems: &mut Problems,
    ) -> Option<Option<T>> {
        let Some(entry) = entry else { return Some(None) };
        parse(self.0, setting, entry, entry.text()?, problems).map(Some)
    }
}

impl Kind for Boolean {
    type Value = bool;

    const FORMAT: Format = Format::Boolean;

    fn read(
        &self,
        setting: &Setting,
        entry: Option<&Entry>,
        problems: &mut Problems,
    ) -> Option<bool> {
        let boolean =
            |text: &str| text.parse::<bool>().map_err(|_| "`true` or `false`".to_owned());
        Required(boolean).read(setting, entry, problems)
    }
}

impl<T> Kind for List<T> {
    type Value = Vec<T>;

    const FORMAT: Format = Format::List;

    fn read(
        &self,
        setting: &Setting,
        entry: Option<&Entry>,
        problems: &mut Problems,
    ) -> Option<Vec<T>> {
        let entry = entry?;
        let mut item = |text: String| parse(self.0, setting, entry, &text, problems);
        // Every item is read, so that every problem is reported.
        let values: Vec<Option<T>> = entry.raw.items().into_iter().map(&mut item).collect();
        values.into_iter().collect()
    }
}

impl Kind for Plans {
    type Value = Vec<Plan>;

    const FORMAT: Format = Format::Plans;

    fn read(
        &self,
        setting: &Setting,
        entry: Option<&Entry>,
        problems: &mut Problems,
    ) -> Option<Vec<Plan>> {
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

fn parse<T>(
    parser: Parser<T>,
    setting: &Setting,
    entry: &Entry,
    text: &str,
    problems: &mut Problems,
) -> Option<T> {
    match parser(text) {
        Ok(value) => Some(value),
        Err(expected) => {
            let (place, shown) = (setting.place(entry), setting.masked(text));
            problems.add(format_args!("{place}: invalid value `{shown}`; accepts {expected}"));
            None
        }
    }
}
