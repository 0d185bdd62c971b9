//! CSV as RFC 4180 has it, and so that no spreadsheet takes what somebody wrote for a formula.

use axum::http::{HeaderName, HeaderValue, header};

/// A line, with its end.
pub(crate) fn line<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    format!("{}\r\n", cells.join(","))
}

/// What says that an answer is a file of a name.
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

/// Whether a spreadsheet would compute it; numbers may begin with a sign.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err()
}

#[cfg(test)]
mod tests;
