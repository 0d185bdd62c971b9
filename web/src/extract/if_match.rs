//! `If-Match`: the versions of which a change expects one (RFC 9110, section 13.1.1).

use axum::http::{HeaderMap, header};
use hallpass_app::version::Precondition;

/// Reads the precondition of a request: any of a list of strong tags, or `*` for whatever exists.
/// A weak tag, and text that is no tag, match nothing.
pub(crate) fn precondition(headers: &HeaderMap) -> Precondition {
    let lines: Vec<&str> = headers
        .get_all(header::IF_MATCH)
        .iter()
        .map(|line| line.to_str().unwrap_or_default().trim())
        .collect();
    if lines.is_empty() || lines.contains(&"*") {
        return Precondition::default();
    }
    Precondition::any_of(lines.into_iter().flat_map(strong_tags).collect())
}

/// The strong tags of a list, without their quotes. A tag may contain commas.
fn strong_tags(list: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let (is_weak, quoted) = match rest.strip_prefix("W/") {
            Some(quoted) => (true, quoted),
            None => (false, rest),
        };
        let Some((tag, after)) = quoted.strip_prefix('"').and_then(|tag| tag.split_once('"'))
        else {
            return tags;
        };
        if !is_weak {
            tags.push(tag.to_owned());
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests;
