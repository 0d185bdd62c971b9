//! Addresses as people paste them: one a line, lists with commas, `Name <address>`, or lines of a CSV file.

use std::collections::HashSet;

/// An address with the name beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Addressed {
    pub(crate) address: String,
    pub(crate) name: Option<String>,
}

/// Reads addresses. What is no address is returned as it is, so that it can be named.
pub(crate) fn read(text: &str) -> Vec<Addressed> {
    let mut found: Vec<Addressed> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let known = found.len();
        let parts = line.split([',', ';', '\t']).map(trim).filter(|part| !part.is_empty());
        let parts: Vec<&str> = parts.collect();
        let addresses = parts.iter().filter(|part| part.contains('@')).count();
        for part in parts.iter().filter(|part| part.contains('@')) {
            found.extend(read_part(part));
        }
        // A line with one address and other cells is a line of a CSV file.
        let is_row = addresses == 1 && found.len() == known + 1;
        let cells: Vec<&str> = parts.into_iter().filter(|part| !part.contains('@')).collect();
        if is_row && let Some(last) = found.last_mut() {
            if last.name.is_none() && !cells.is_empty() {
                last.name = Some(cells.join(" "));
            }
        } else if addresses == 0 && !is_head(line) {
            found.push(Addressed { address: line.to_owned(), name: None });
        }
    }
    let mut seen = HashSet::new();
    found.retain(|one| seen.insert(one.address.to_lowercase()));
    found
}

/// The addresses of a part between commas: `Name <address>`, or some with spaces between them.
fn read_part(part: &str) -> Vec<Addressed> {
    if let Some((name, rest)) = part.split_once('<') {
        let address = rest.trim_end_matches('>').trim().to_owned();
        let name = trim(name);
        return vec![Addressed { address, name: (!name.is_empty()).then(|| name.to_owned()) }];
    }
    let words = part.split_whitespace();
    words.map(|word| Addressed { address: trim(word).to_owned(), name: None }).collect()
}

fn trim(text: &str) -> &str {
    text.trim().trim_matches(['"', '\'']).trim()
}

/// Whether a line is the head of a CSV file.
fn is_head(line: &str) -> bool {
    let first = line.split([',', ';', '\t']).next().map(trim).unwrap_or_default();
    line.contains([',', ';', '\t'])
        && ["email", "e-mail", "mail", "address", "name"]
            .contains(&first.to_lowercase().as_str())
}

#[cfg(test)]
mod tests;
