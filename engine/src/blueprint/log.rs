//! Collects the mistakes in a blueprint, each with its line and column.

use std::cell::{Cell, RefCell};

use crate::mistake::Mistake;
use crate::text::suggestion;

/// The longest message or hint, in characters; the rest is cut off.
const LONGEST_MESSAGE: usize = 300;

/// The most mistakes that are reported; then reading stops.
const MOST_MISTAKES: usize = 100;

/// The text of a blueprint and the mistakes found in it so far.
pub(crate) struct Log {
    line_starts: Vec<usize>,
    text: String,
    /// Each mistake with its position in the text.
    mistakes: RefCell<Vec<(usize, Mistake)>>,
    has_more: Cell<bool>,
}

/// A value with its position in the text, for checks that come after parsing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    /// The offset in bytes.
    pub(crate) at: usize,
}

impl Log {
    pub(crate) fn new(text: &str) -> Log {
        let starts = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
        Log {
            line_starts: std::iter::once(0).chain(starts).collect(),
            text: text.to_owned(),
            mistakes: RefCell::default(),
            has_more: Cell::default(),
        }
    }

    /// The number of mistakes so far.
    pub(crate) fn len(&self) -> usize {
        self.mistakes.borrow().len()
    }

    /// Whether the limit is reached, so that reading can stop.
    pub(crate) fn is_full(&self) -> bool {
        self.len() >= MOST_MISTAKES
    }

    /// Adds a mistake at an offset in bytes.
    pub(crate) fn add(&self, at: usize, message: String, hint: Option<String>) {
        if self.is_full() {
            self.has_more.set(true);
            return;
        }
        let line = self.line_starts.partition_point(|start| *start <= at).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let message = cut(message);
        let hint = hint.map(cut);
        let column = self.text.get(start..at).map_or(0, |before| before.chars().count()) + 1;
        self.mistakes.borrow_mut().push((at, Mistake { line, column, message, hint }));
    }

    /// Adds a mistake about an unknown word, with a suggestion from the known ones.
    pub(crate) fn add_misspelt<'a>(
        &self,
        at: usize,
        message: String,
        word: &str,
        known: impl IntoIterator<Item = &'a str> + Clone,
    ) {
        // Searching for a suggestion costs more than the rest, so a full log skips it.
        let hint = if self.is_full() { None } else { suggestion(word, known) };
        self.add(at, message, hint);
    }

    /// The mistakes in the order of the text.
    pub(crate) fn into_mistakes(self) -> Vec<Mistake> {
        let mut mistakes = self.mistakes.into_inner();
        mistakes.sort_by_key(|(at, _)| *at);
        let mut mistakes: Vec<Mistake> =
            mistakes.into_iter().map(|(_, mistake)| mistake).collect();
        if self.has_more.get() {
            mistakes.push(Mistake::unplaced("there are more mistakes".to_owned(), None));
        }
        mistakes
    }
}

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(LONGEST_MESSAGE) {
        text.truncate(end);
        text.push('…');
    }
    text
}
