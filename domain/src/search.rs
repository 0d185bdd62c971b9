//! Search: the words that are searched for, and the text of a record in which they are found.
//!
//! **Invariant:** both are folded by [`search_key`], so that a word finds what looks the same without
//! regard to case and accents.

use serde_json::{Map, Value};

use crate::text::search_key;

/// The characters of the parts by which databases index a text.
pub const GRAM: usize = 3;

/// The most parts of a word that are looked up; they cover the whole word.
const MOST_GRAMS: usize = 8;

/// The most parts of all words that are looked up.
const MOST_GRAMS_OF_ALL: usize = 24;

/// The least digits of a number whose separators are left out.
const LEAST_DIGITS: usize = 5;

/// The words that are searched for. A text matches when it contains each of them, in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// The words of a text; none for a text without a visible character. A word that is a part of
    /// another says nothing, and is left out.
    #[must_use]
    pub fn parse(text: &str) -> Option<Words> {
        let key = search_key(text);
        let mut words: Vec<&str> = key.split(' ').filter(|word| !word.is_empty()).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let mut kept: Vec<String> = Vec::new();
        for word in words {
            if !kept.iter().any(|known| known.contains(word)) {
                kept.push(word.to_owned());
            }
        }
        (!kept.is_empty()).then_some(Words(kept))
    }

    /// The words, the longest first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether a folded text contains all of them.
    #[must_use]
    pub fn are_in(&self, key: &str) -> bool {
        self.iter().all(|word| key.contains(word))
    }

    /// The words that an index serves: those of three characters and more.
    pub fn long(&self) -> impl Iterator<Item = &str> {
        self.iter().filter(|word| word.chars().nth(GRAM - 1).is_some())
    }

    /// Parts of three characters that every match contains; none for short words only. Of an address they leave
    /// the end of the host out.
    #[must_use]
    pub fn grams(&self) -> Vec<String> {
        let mut grams: Vec<String> = Vec::new();
        for word in self.long() {
            for gram in grams_of(distinct(word)) {
                if !grams.contains(&gram) && grams.len() < MOST_GRAMS_OF_ALL {
                    grams.push(gram);
                }
            }
        }
        grams
    }

    /// Whether a text that contains the [`grams`](Words::grams) contains the words.
    #[must_use]
    pub fn are_grams(&self) -> bool {
        self.0.len() <= MOST_GRAMS_OF_ALL
            && self.iter().all(|word| word.chars().count() == GRAM)
    }
}

/// An address without the end of its host, which very many have: looking that up finds nothing less.
#[must_use]
pub fn distinct(word: &str) -> &str {
    match word.rsplit_once('.') {
        Some((rest, _)) if rest.contains('@') && rest.chars().nth(2 * GRAM).is_some() => rest,
        Some(_) | None => word,
    }
}

/// Parts of a word that cover it: all, or every third one of a long word.
fn grams_of(word: &str) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    let all: Vec<String> = chars.windows(GRAM).map(|gram| gram.iter().collect()).collect();
    if all.len() <= MOST_GRAMS {
        return all;
    }
    let last = all.last().cloned();
    all.into_iter().step_by(GRAM).take(MOST_GRAMS - 1).chain(last).collect()
}

/// The text of a record that is searched: the title, then a line for each value that is a text or a
/// number. A number that is written with separators is there without them, too.
#[must_use]
pub fn searched_text(title: &str, fields: &Map<String, Value>) -> String {
    let mut text = search_key(title);
    text.push('\n');
    for value in fields.values() {
        match value {
            Value::String(line) if line != title => push(&mut text, &search_key(line)),
            Value::Number(number) => push(&mut text, &number.to_string()),
            Value::String(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Array(_)
            | Value::Object(_) => {}
        }
        if let Some(digits) = value.as_str().and_then(digits) {
            push(&mut text, &digits);
        }
    }
    text
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// The digits of a number that is written with separators, such as a phone number.
fn digits(line: &str) -> Option<String> {
    let is_separator = |c: char| " +-()./".contains(c);
    let is_number = line.chars().all(|c| c.is_ascii_digit() || is_separator(c));
    if !is_number || !line.contains(is_separator) {
        return None;
    }
    let digits: String = line.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= LEAST_DIGITS).then_some(digits)
}

#[cfg(test)]
mod tests;
