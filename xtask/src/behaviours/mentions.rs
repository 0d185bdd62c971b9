//! Finds mentions of behaviours: `HALO-055`, or the inclusive range `HALO-055..HALO-063`.

use crate::source::is_word;

const SYSTEMS: [&str; 5] = ["HARMONIA", "HARMONY", "HARI", "CRM", "HALO"];

/// A mention of an id or range with its line; an invalid range is an error.
#[derive(Debug, PartialEq)]
pub(super) struct Mention {
    pub(super) line: usize,
    pub(super) ids: Result<Vec<String>, String>,
}

/// An id in two parts, with its digits unchanged.
#[derive(Clone, Copy)]
struct Id<'a> {
    system: &'a str,
    digits: &'a str,
}

/// Finds all ids and ranges in a text.
pub(super) fn find(text: &str) -> Vec<Mention> {
    let on_line = |(line, text)| {
        find_in_line(text).into_iter().map(move |ids| Mention { line, ids }).collect::<Vec<_>>()
    };
    (1..).zip(text.lines()).flat_map(on_line).collect()
}

fn find_in_line(line: &str) -> Vec<Result<Vec<String>, String>> {
    let mut found = Vec::new();
    let mut rest = line;
    let mut before = None;
    while let Some(letter) = rest.chars().next() {
        let is_start = !before.is_some_and(|before| is_word(before) || before == '-');
        if is_start && let Some((ids, after)) = mention(rest) {
            found.push(ids);
            (rest, before) = (after, Some('0'));
        } else {
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            before = Some(letter);
        }
    }
    found
}

/// Parses an id or range at the start of the text and returns it with the rest.
fn mention(text: &str) -> Option<(Result<Vec<String>, String>, &str)> {
    let (first, after) = id(text)?;
    let end = after.strip_prefix("..=").or_else(|| after.strip_prefix("..")).and_then(id);
    match end {
        Some((last, after)) => Some((expand(first, last), after)),
        None => Some((Ok(vec![format!("{}-{}", first.system, first.digits)]), after)),
    }
}

fn id(text: &str) -> Option<(Id<'_>, &str)> {
    let (system, rest) = SYSTEMS
        .iter()
        .find_map(|system| Some((*system, text.strip_prefix(system)?.strip_prefix('-')?)))?;
    let length = rest.chars().take_while(char::is_ascii_digit).count();
    let (digits, after) =
        rest.split_at_checked(length).filter(|(digits, _)| !digits.is_empty())?;
    Some((Id { system, digits }, after))
}

fn expand(first: Id<'_>, last: Id<'_>) -> Result<Vec<String>, String> {
    let problem = || {
        let Id { system, digits } = first;
        format!("`{system}-{digits}..{}-{}` is not a valid range", last.system, last.digits)
    };
    let number = |id: Id<'_>| id.digits.parse::<u16>().map_err(|_| problem());
    let (from, to) = (number(first)?, number(last)?);
    if first.system != last.system || from > to {
        return Err(problem());
    }
    let width = first.digits.len();
    Ok((from..=to).map(|number| format!("{}-{number:0width$}", first.system)).collect())
}

#[cfg(test)]
mod tests;
