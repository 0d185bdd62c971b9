//! CSV (RFC 4180), escaped so that no spreadsheet evaluates a text as a formula.

use axum::http::{HeaderName, HeaderValue, header};

/// Formats a line, with its line break.
pub(crate) fn line<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    format!("{}\r\n", cells.join(","))
}

/// The headers of a response that is a CSV file with this name.
pub(crate) fn headers(name: &str) -> [(HeaderName, HeaderValue); 2] {
    let file = format!("attachment; filename=\"{name}.csv\"");
    let file = HeaderValue::from_str(&file);
    let file = file.unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, file)]
}

fn cell(text: &str) -> String {
    let text = if is_formula(text) { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\r', '\n']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

/// Whether a spreadsheet would evaluate the text. A number may begin with a sign.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err()
}

#[cfg(test)]
mod tests;
