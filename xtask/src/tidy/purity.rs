//! The engine and the domain are pure: no clock, randomness, IO or async.

use super::repository::Violation;
use crate::source::{self, Line};
use crate::tree::File;

const PURE: [&str; 2] = ["engine", "domain"];

const FORBIDDEN: [&str; 7] =
    ["SystemTime", "Instant::now", "std::fs", "std::net", "std::env", "rand::", "async"];

/// Modules of the standard library with side effects, which a grouped import may name.
const OUTSIDE: [&str; 3] = ["fs", "net", "env"];

pub(super) fn check(file: &File, lines: &[Line]) -> Vec<Violation> {
    if !PURE.contains(&file.folder()) || !file.path.contains("/src/") || file.is_test() {
        return Vec::new();
    }
    let mut found: Vec<Violation> = grouped_imports(lines)
        .into_iter()
        .filter(|(_, module)| OUTSIDE.contains(&module.as_str()))
        .map(|(line, module)| breach(file, line, &format!("std::{module}")))
        .collect();
    for (number, line) in (1..).zip(lines) {
        let used = FORBIDDEN.into_iter().filter(|phrase| source::contains(&line.code, phrase));
        found.extend(used.map(|phrase| breach(file, number, phrase)));
    }
    found
}

fn breach(file: &File, line: usize, phrase: &str) -> Violation {
    let message =
        format!("`{phrase}` in `{}`, which is pure: take it as a parameter", file.folder());
    Violation::new(file, line, message)
}

/// Lists the modules of `use std::{a, b::{c}, d};` with their lines.
fn grouped_imports(lines: &[Line]) -> Vec<(usize, String)> {
    let code: Vec<&str> = lines.iter().map(|line| line.code.as_str()).collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    for (at, start) in code.match_indices("std::{") {
        let begins = at + start.len();
        for (offset, module) in modules(code.get(begins..).unwrap_or_default()) {
            found.push((source::line_of(&code, begins + offset), module.to_owned()));
        }
    }
    found
}

/// Lists the first word of each part of a group with its offset, up to the closing brace.
fn modules(group: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut depth = 0_u32;
    let mut begins = 0;
    for (at, letter) in group.char_indices() {
        if depth == 0 && matches!(letter, ',' | '}') {
            found.extend(first_word(group, begins, at));
            begins = at + 1;
        }
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            _ => {}
        }
    }
    found
}

fn first_word(text: &str, begins: usize, ends: usize) -> Option<(usize, &str)> {
    let part = text.get(begins..ends)?;
    let trimmed = part.trim_start();
    let word = trimmed.split(|letter| !source::is_word(letter)).next()?;
    Some((begins + part.len() - trimmed.len(), word))
}

#[cfg(test)]
mod tests;
