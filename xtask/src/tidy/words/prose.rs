//! Finds phrases in prose, also where a line break divides them.

use crate::source::is_word;

/// A word in lower case with its line, or `None` where a sentence or clause ends.
type Token = Option<(usize, String)>;

/// Finds phrases with the line on which each begins. Case does not matter, and the last word of a
/// phrase matches its plural too.
pub(super) fn find<'t, 'p>(
    lines: impl Iterator<Item = (usize, &'t str)>,
    phrases: impl Iterator<Item = &'p str>,
) -> Vec<(usize, &'p str)> {
    let tokens = tokens(lines);
    let mut found = Vec::new();
    for phrase in phrases {
        let words: Vec<&str> = phrase.split(' ').collect();
        for window in tokens.windows(words.len()) {
            if let Some(line) = line_of_match(window, &words) {
                found.push((line, phrase));
            }
        }
    }
    found
}

fn line_of_match(window: &[Token], words: &[&str]) -> Option<usize> {
    let last = words.len().checked_sub(1)?;
    let is_match = window.iter().zip(words).enumerate().all(|(at, (token, word))| {
        token.as_ref().is_some_and(|(_, text)| {
            text == word || (at == last && text.strip_suffix('s') == Some(word))
        })
    });
    let (line, _) = window.first()?.as_ref()?;
    is_match.then_some(*line)
}

/// Splits lines into words. A hyphen joins words, so that `stand-in` is one.
fn tokens<'t>(lines: impl Iterator<Item = (usize, &'t str)>) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (number, line) in lines {
        let text = line.trim_start().trim_start_matches(['/', '!', '*', '#', '>']);
        if text.trim().is_empty() {
            tokens.push(None);
        }
        let mut word = String::new();
        for letter in text.chars().chain([' ']) {
            if is_word(letter) || letter == '-' {
                word.extend(letter.to_lowercase());
                continue;
            }
            if !word.is_empty() {
                tokens.push(Some((number, std::mem::take(&mut word))));
            }
            if !letter.is_whitespace() && !matches!(letter, '*' | '`' | '\'' | '’') {
                tokens.push(None);
            }
        }
    }
    tokens
}

#[cfg(test)]
mod tests;
