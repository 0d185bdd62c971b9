//! The text of an access model, checked: what is wrong at which line, with a correction, and what it does.

use std::sync::Arc;

use hallpass_app::blueprint::BlueprintSource;
use hallpass_engine::{Blueprint, Mistake, Mistakes};
use hallpass_web::error::Problem;

use super::outline::{Table, tables};
use super::{Fault, faults, outline};
use crate::failure::sentence;
use crate::text::Text;

/// The faults and notes that are listed, and the faults for which a correction is looked for, at most.
const LISTED: usize = 20;

/// The longest text, in bytes, for which corrections are looked for: each is tried by reading the text again.
const CORRECTED: usize = 64 * 1024;

/// The lines that are numbered at most.
const NUMBERED: usize = 5_000;

/// The text of an access model with what a check of it found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Checked {
    pub(crate) text: String,
    /// For each line of the text, whether it has a fault.
    pub(crate) lines: Vec<bool>,
    pub(crate) faults: Vec<CheckedFault>,
    /// The number of faults, of which the first are listed.
    count: usize,
    /// How many faults and notes there are, in words.
    pub(crate) heading: String,
    /// What is allowed and makes no sense.
    pub(crate) notes: Vec<String>,
    /// The number of notes, of which the first are listed.
    note_count: usize,
    /// What the access model does, in a sentence; none while it has faults.
    pub(crate) summary: Option<String>,
    pub(crate) tables: Vec<Table>,
}

/// A fault, with the word that corrects it.
#[derive(Clone, Debug)]
pub(crate) struct CheckedFault {
    pub(crate) fault: Fault,
    pub(crate) correction: Option<String>,
}

impl Checked {
    /// Checks a text; nothing is wrong with an empty one.
    pub(crate) fn of(text: Text, source: String) -> Checked {
        if source.trim().is_empty() {
            return Checked { text: source, ..Checked::default() };
        }
        let mut checked = match Blueprint::parse(&source) {
            Ok(blueprint) => Checked::of_blueprint(text, &source, blueprint),
            Err(Mistakes(mistakes)) => Checked::of_mistakes(&source, &mistakes),
        };
        let is_faulty = |line: usize| {
            checked.faults.iter().any(|one| one.fault.line.is_some_and(|known| known == line))
        };
        let lines = source.split('\n').take(NUMBERED).count();
        checked.lines = (1..=lines).map(is_faulty).collect();
        let (faults, notes) = (checked.count, checked.note_count);
        checked.heading = text!(text, "blueprint-found", faults = faults, notes = notes);
        Checked { text: source, ..checked }
    }

    fn of_mistakes(source: &str, mistakes: &[Mistake]) -> Checked {
        let listed = mistakes.iter().take(LISTED).map(|mistake| CheckedFault {
            fault: Fault {
                line: (mistake.line > 0).then_some(mistake.line),
                detail: sentence(&match &mistake.hint {
                    Some(hint) => format!("{}; {hint}", mistake.message),
                    None => mistake.message.clone(),
                }),
            },
            correction: corrected(source, mistake).map(|(word, _)| word),
        });
        Checked { faults: listed.collect(), count: mistakes.len(), ..Checked::default() }
    }

    /// What the server refuses beside mistakes in the text, such as the id of a model that ships.
    fn of_blueprint(text: Text, source: &str, blueprint: Blueprint) -> Checked {
        let asked = BlueprintSource { id: None, text: Some(source.to_owned()) };
        if let Err(refusal) = hallpass_app::blueprint::read(&asked) {
            let problem = Problem::from(hallpass_app::Error::from(refusal));
            let found = faults(&problem).into_iter();
            let faults = found.map(|fault| CheckedFault { fault, correction: None });
            let faults: Vec<_> = faults.collect();
            return Checked { count: faults.len(), faults, ..Checked::default() };
        }
        let notes = blueprint.notes();
        Checked {
            note_count: notes.len(),
            notes: notes.iter().take(LISTED).map(|note| sentence(note)).collect(),
            summary: Some(outline::summary(text, &blueprint)),
            tables: tables(text, &Arc::new(blueprint)),
            ..Checked::default()
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Checked {
        let fault = Fault { line: Some(1), detail: "no `<script>`".into() };
        Checked {
            text: "# <script>".into(),
            lines: vec![true],
            faults: vec![CheckedFault { fault, correction: Some("<script>".into()) }],
            count: 1,
            heading: "1 error".into(),
            notes: vec!["<script>".into()],
            note_count: 1,
            summary: Some("2 roles".into()),
            tables: vec![Table::sample()],
        }
    }
}

/// The text after the correction of a fault, by its number in the list; none where there is none.
pub(crate) fn correct(source: &str, number: usize) -> Option<String> {
    let Mistakes(mistakes) = Blueprint::parse(source).err()?;
    let mistake = mistakes.get(number)?;
    corrected(source, mistake).map(|(_, text)| text)
}

/// The word that a mistake suggests, and the text with it. Only what removes the mistake is a correction.
fn corrected(source: &str, mistake: &Mistake) -> Option<(String, String)> {
    if source.len() > CORRECTED {
        return None;
    }
    let right = mistake.hint.as_deref()?.strip_prefix("did you mean `")?.split('`').next()?;
    let mut quoted = mistake.message.split('`').skip(1).step_by(2);
    quoted.find_map(|wrong| {
        let wrong = wrong.rsplit('.').next()?;
        let text = replaced(source, mistake, (wrong, right))?;
        let remains = Blueprint::parse(&text).err().is_some_and(|Mistakes(left)| {
            let is_same =
                |one: &Mistake| one.line == mistake.line && one.message == mistake.message;
            left.iter().any(is_same)
        });
        (!remains).then(|| (right.to_owned(), text))
    })
}

/// The text with a word in place of another, in the line of a mistake, from its column on.
fn replaced(source: &str, mistake: &Mistake, (wrong, right): (&str, &str)) -> Option<String> {
    let mut lines: Vec<&str> = source.split('\n').collect();
    let line = *lines.get(mistake.line.checked_sub(1)?)?;
    let from =
        line.char_indices().nth(mistake.column.saturating_sub(1)).map_or(0, |(at, _)| at);
    let at = find_word(line, wrong, from).or_else(|| find_word(line, wrong, 0))?;
    let (before, after) = (line.get(..at)?, line.get(at + wrong.len()..)?);
    let new = format!("{before}{right}{after}");
    *lines.get_mut(mistake.line - 1)? = &new;
    Some(lines.join("\n"))
}

/// Where a word begins in a line, from a position on; a part of a longer word is not the word.
fn find_word(line: &str, word: &str, from: usize) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let rest = line.get(from..)?;
    let mut found = rest.match_indices(word).filter(|_| !word.is_empty());
    found.find_map(|(at, _)| {
        let at = from + at;
        let before = line.get(..at)?.chars().next_back();
        let after = line.get(at + word.len()..)?.chars().next();
        (!before.is_some_and(is_part) && !after.is_some_and(is_part)).then_some(at)
    })
}

#[cfg(test)]
mod tests;
