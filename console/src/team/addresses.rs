//! Addresses as people paste them: one a line, lists with commas, `Name <address>`, or lines of a CSV file.

pub(crate) mod file;

use std::collections::HashSet;

/// What is between the cells of a line.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// The titles of a column with addresses.
const ADDRESS: [&str; 7] =
    ["email", "e-mail", "mail", "address", "email address", "e-mail address", "e-mail-adresse"];

/// An address with the name beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Addressed {
    pub(crate) address: String,
    pub(crate) name: Option<String>,
}

/// Reads addresses. What is no address is returned as it is, so that it can be named.
pub(crate) fn read(text: &str) -> Vec<Addressed> {
    let mut found: Vec<Addressed> = Vec::new();
    let mut columns = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(head) = name_columns(line) {
            columns = Some(head);
            continue;
        }
        let known = found.len();
        let parts: Vec<&str> = line.split(SEPARATORS).map(trim).collect();
        for part in parts.iter().filter(|part| part.contains('@')) {
            found.extend(read_part(part));
        }
        let addresses = parts.iter().filter(|part| part.contains('@')).count();
        // A line with one address and other cells is a line of a CSV file.
        let is_row = addresses == 1 && found.len() == known + 1;
        let is_name = |place: usize| columns.as_ref().is_none_or(|some| some.contains(&place));
        let cells = parts
            .iter()
            .enumerate()
            .filter(|(place, part)| !part.is_empty() && !part.contains('@') && is_name(*place));
        let cells: Vec<&str> = cells.map(|(_, part)| *part).collect();
        if is_row && let Some(last) = found.last_mut() {
            if last.name.is_none() && !cells.is_empty() {
                last.name = Some(cells.join(" "));
            }
        } else if addresses == 0 {
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

/// The columns with names, if a line is the head of a CSV file; those of the other columns are not names.
fn name_columns(line: &str) -> Option<Vec<usize>> {
    if line.contains('@') || !line.contains(SEPARATORS) {
        return None;
    }
    let titles = line.split(SEPARATORS).map(|title| trim(title).to_lowercase());
    let titles: Vec<String> = titles.collect();
    titles.iter().any(|title| ADDRESS.contains(&title.as_str())).then(|| {
        let is_name = |title: &str| title.contains("name");
        let names = titles.iter().enumerate().filter(|(_, title)| is_name(title));
        names.map(|(place, _)| place).collect()
    })
}

#[cfg(test)]
mod tests;
