//! CSV (RFC 4180), escaped so that no spreadsheet evaluates a text as a formula.

/// The mark by which spreadsheets recognise UTF-8.
const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// What a file begins with: the byte order mark, where it is requested.
#[must_use]
pub const fn start(has_mark: bool) -> &'static str {
    if has_mark { BYTE_ORDER_MARK } else { "" }
}

/// Formats a line, with its line break.
#[must_use]
pub fn line<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    format!("{}\r\n", cells.join(","))
}

fn cell(text: &str) -> String {
    let text = if is_formula(text) { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', ';', '\t', '\r', '\n']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

/// What a formula begins with, also in the full-width forms that spreadsheets read alike.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet would evaluate the text (OWASP, CSV injection): it begins with a sign of a
/// formula, behind any white space and marks that nothing shows. A number may begin with a sign.
fn is_formula(text: &str) -> bool {
    let is_skipped = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{2060}')
    };
    let bare = text.trim_start_matches(is_skipped);
    let begins_with_break = text.starts_with(['\t', '\r', '\n']);
    (begins_with_break || bare.starts_with(SIGNS)) && text.parse::<f64>().is_err()
}

#[cfg(test)]
mod tests;
