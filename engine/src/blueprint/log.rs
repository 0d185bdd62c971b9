//! The mistakes of a text as they are found, each with its line and column.

use std::cell::{Cell, RefCell};

use crate::mistake::Mistake;
use crate::text::suggestion;

/// Messages are cut behind so many characters.
const LONGEST_MESSAGE: usize = 300;

/// At most this many mistakes are told; then reading stops.
const MOST_MISTAKES: usize = 100;

/// The text that is read and the mistakes found so far.
pub(crate) struct Log {
    line_starts: Vec<usize>,
    text: String,
    mistakes: RefCell<Vec<(usize, Mistake)>>,
    untold: Cell<usize>,
}

/// A value with the place where it stands, for mistakes that are found later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot<T> {
    pub(crate) value: T,
    pub(crate) at: usize,
}

impl Log {
    pub(crate) fn new(text: &str) -> Log {
        let starts = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
        Log {
            line_starts: std::iter::once(0).chain(starts).collect(),
            text: text.to_owned(),
            mistakes: RefCell::default(),
            untold: Cell::default(),
        }
    }

    /// How many mistakes are told so far.
    pub(crate) fn told(&self) -> usize {
        self.mistakes.borrow().len()
    }

    /// Whether enough mistakes were found: then nothing more needs to be read.
    pub(crate) fn is_full(&self) -> bool {
        self.mistakes.borrow().len() >= MOST_MISTAKES
    }

    pub(crate) fn mistake(&self, at: usize, message: String, hint: Option<String>) {
        if self.is_full() {
            self.untold.set(self.untold.get() + 1);
            return;
        }
        let line = self.line_starts.partition_point(|start| *start <= at).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let message = cut(message);
        let hint = hint.map(cut);
        let column = self.text.get(start..at).map_or(0, |before| before.chars().count()) + 1;
        self.mistakes.borrow_mut().push((at, Mistake { line, column, message, hint }));
    }

    /// A mistake with the word that was probably meant, which is only looked for while mistakes are
    /// still told.
    pub(crate) fn misspelt<'a>(
        &self,
        at: usize,
        message: String,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str> + Clone,
    ) {
        let hint = if self.is_full() { None } else { suggestion(word, candidates) };
        self.mistake(at, message, hint);
    }

    /// The mistakes in the order of the text.
    pub(crate) fn into_mistakes(self) -> Vec<Mistake> {
        let mut mistakes = self.mistakes.into_inner();
        mistakes.sort_by_key(|(at, _)| *at);
        let mut told: Vec<Mistake> = mistakes.into_iter().map(|(_, mistake)| mistake).collect();
        let untold = self.untold.get();
        if untold > 0 {
            told.push(Mistake::unplaced("and more mistakes".to_owned(), None));
        }
        told
    }
}

/// A text that echoes what was written, cut where it would fill the screen.
fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(LONGEST_MESSAGE) {
        text.truncate(end);
        text.push('…');
    }
    text
}
