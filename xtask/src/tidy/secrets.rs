//! No `Debug` prints a secret: what ships derives it for no type with a secret as plain text or bytes.
//!
//! A secret goes into `Secret<T>`, whose `Debug` hides it, or its type has none.

use super::repository::{Repository, Source, Violation};
use crate::source::{self, is_word};

/// The last words of the names of fields that hold a secret.
const NAMES: [&str; 5] = ["password", "passphrase", "secret", "token", "verifier"];

/// The types that show what they hold.
const PLAIN: [&str; 3] = ["String", "str", "u8"];

/// A field that is named like a secret and is none: each domain publishes this one in its DNS.
const PUBLIC: [(&str, &str); 1] = [("domain/src/proven_domain.rs", "secret")];

pub(super) fn check(all: &Repository<'_>) -> Vec<Violation> {
    let shipped = all.rust.iter().filter(|source| {
        let path = source.file.path.as_str();
        path.contains("/src/") && !path.starts_with("xtask/") && !source.file.is_test()
    });
    shipped.flat_map(check_source).collect()
}

fn check_source(source: &Source) -> Vec<Violation> {
    let lines: Vec<&str> = source.lines.iter().map(|line| line.code.as_str()).collect();
    let code = lines.join("\n");
    let mut found = Vec::new();
    for (at, derive) in code.match_indices("#[derive(") {
        let rest = code.get(at + derive.len()..).unwrap_or_default();
        let Some((traits, rest)) = rest.split_once(")]") else { continue };
        if !traits.split(',').any(|one| one.trim() == "Debug") {
            continue;
        }
        let Some((body, start)) = body(rest) else { continue };
        let offset = code.len() - rest.len() + start;
        for (field, name) in secrets(body) {
            if PUBLIC.contains(&(source.file.path.as_str(), name)) {
                continue;
            }
            let message =
                format!("`Debug` prints `{name}`: put it into `Secret`, or derive no `Debug`");
            let line = source::line_of(&code, offset + field);
            found.push(Violation::new(&source.file, line, message));
        }
    }
    found
}

/// What is between the braces of the type that follows, and where it begins; none for a type without
/// named fields.
fn body(rest: &str) -> Option<(&str, usize)> {
    let start = rest.find(['{', ';', '('])?;
    // An attribute or a visibility before the type may have parentheses.
    let start = if rest.get(start..)?.starts_with('(') {
        let name = rest.find("struct ").into_iter().chain(rest.find("enum ")).min()?;
        name + rest.get(name..)?.find(['{', ';', '('])?
    } else {
        start
    };
    if !rest.get(start..)?.starts_with('{') {
        return None;
    }
    let mut depth = 0_usize;
    for (at, letter) in rest.get(start..)?.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some((rest.get(start + 1..start + at)?, start + 1));
        }
    }
    None
}

/// The fields of a body that hold a secret as it is: where each begins, and its name.
fn secrets(body: &str) -> impl Iterator<Item = (usize, &str)> {
    body.match_indices(':').filter_map(|(at, _)| {
        let before = body.get(..at)?;
        let name = before.rsplit(|letter| !is_word(letter)).next()?;
        let last = name.rsplit('_').next()?;
        let of_type = body.get(at + 1..)?.split(['\n', '}']).next()?;
        let is_hidden = of_type.contains("Secret<");
        let mut words = of_type.split(|letter| !is_word(letter));
        let is_plain = !is_hidden && words.any(|word| PLAIN.contains(&word));
        (NAMES.contains(&last) && is_plain).then_some((at - name.len(), name))
    })
}

#[cfg(test)]
mod tests;
