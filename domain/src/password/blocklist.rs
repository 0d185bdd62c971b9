//! Common passwords: a list of the most common ones, and the ways in which people make long ones of them.
//!
//! **Invariant:** the list is exact: what is not in it is not refused because of it.

use std::sync::LazyLock;

use miniz_oxide::inflate::decompress_to_vec;

/// The list, of which `blocklist.md` says where it is from and how it is written.
static COMPRESSED: &[u8] = include_bytes!("blocklist.deflate");

/// The folded passwords in the order of their bytes, each with a line feed after it.
static LIST: LazyLock<Vec<u8>> = LazyLock::new(|| expand(&inflate()));

/// Words that are common with digits and marks around them.
const WORDS: [&str; 24] = [
    "password",
    "passwort",
    "passw",
    "letmein",
    "welcome",
    "iloveyou",
    "administrator",
    "admin",
    "qwerty",
    "qwertz",
    "hallpass",
    "changeme",
    "secret",
    "football",
    "monkey",
    "dragon",
    "sunshine",
    "princess",
    "baseball",
    "superman",
    "trustno",
    "master",
    "login",
    "default",
];

/// Rows of keys.
const ROWS: [&str; 4] = [
    "qwertzuiopasdfghjklyxcvbnm",
    "qwertyuiopasdfghjklzxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "12345678901234567890",
];

/// Whether a folded password is common: in the list, made of two that are, such a one or a common word
/// with digits and marks around it, a run on the keyboard, or a repetition.
pub(super) fn is_common(plain: &str) -> bool {
    let bare: String = plain.chars().filter(|c| c.is_alphabetic()).collect();
    is_listed(plain)
        || is_listed(&bare)
        || WORDS.contains(&bare.as_str())
        || WORDS.iter().any(|word| bare == word.repeat(2))
        || (bare.len() >= 6 && ROWS.iter().any(|row| row.contains(&bare)))
        || is_pair(plain)
        || is_repetition(plain)
        || is_run(plain)
}

/// Whether a folded password is in the list.
pub(super) fn is_listed(plain: &str) -> bool {
    let (mut rest, wanted) = (LIST.as_slice(), plain.as_bytes());
    while !rest.is_empty() {
        let (before, after) = rest.split_at(rest.len() / 2);
        // The entry around the middle.
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (earlier, from_start) = rest.split_at(start);
        let length = from_start.iter().position(|byte| *byte == b'\n');
        let length = length.unwrap_or(before.len() - start + after.len());
        let (entry, later) = from_start.split_at(length);
        rest = match wanted.cmp(entry) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => earlier,
            std::cmp::Ordering::Greater => later.split_first().map_or(&[], |(_, rest)| rest),
        };
    }
    false
}

/// Whether it consists of two of the list.
fn is_pair(plain: &str) -> bool {
    plain.char_indices().any(|(at, _)| {
        let (first, second) = plain.split_at(at);
        is_listed(first.trim()) && is_listed(second.trim())
    })
}

/// Whether it repeats a piece of at most half its length.
fn is_repetition(plain: &str) -> bool {
    let letters: Vec<char> = plain.chars().collect();
    let most = letters.len() / 2;
    (1..=most)
        .any(|period| letters.iter().zip(letters.iter().skip(period)).all(|(a, b)| a == b))
}

/// Whether each character is the successor, or each the predecessor, of the one before it.
fn is_run(plain: &str) -> bool {
    let steps = |by: i64| {
        let codes = plain.chars().map(|c| i64::from(u32::from(c)));
        codes.clone().zip(codes.skip(1)).filter(|(a, b)| b - a == by).count()
    };
    let length = plain.chars().count();
    steps(1) + 2 >= length || steps(-1) + 2 >= length
}

/// The list as it is written. It is part of the program, so that it can be read is a matter of its tests.
fn inflate() -> Vec<u8> {
    decompress_to_vec(COMPRESSED).unwrap_or_default()
}

/// Writes each entry in full.
fn expand(coded: &[u8]) -> Vec<u8> {
    let mut list = Vec::with_capacity(2 * coded.len());
    let (mut rest, mut last) = (coded, Vec::new());
    while let Some((shared, tail)) = rest.split_first() {
        let length = tail.iter().position(|byte| *byte == b'\n').unwrap_or(tail.len());
        let (own, after) = tail.split_at(length);
        last.truncate(usize::from(*shared));
        last.extend_from_slice(own);
        list.extend_from_slice(&last);
        list.push(b'\n');
        rest = after.split_first().map_or(&[], |(_, rest)| rest);
    }
    list
}

#[cfg(test)]
mod tests;
