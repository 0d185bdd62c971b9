//! Lines of CSV files.

use hallpass_web::csv;

/// Words of the format.
pub const WORDS: &[&str] = &[
    "\0",
    "\"",
    "\"\"",
    ",",
    ";",
    "\r\n",
    "\n",
    "\t",
    "=1+1",
    "=HYPERLINK(\"https://example.com\")",
    "+41 44 000 00 00",
    "-1.5",
    "@SUM(A1)",
    "＝1",
    "\u{FEFF}=1",
    "\u{200B}@x",
    "'",
    "1e5",
    "-inf",
];

/// Writes the texts between NULs as the cells of a line, and reads them again (RFC 4180): each is
/// the text, with an apostrophe before what a spreadsheet would evaluate.
///
/// # Panics
///
/// If a cell is another text, or would be evaluated.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let texts: Vec<&str> = text.split('\0').collect();
    let line = csv::line(texts.iter().copied());
    // A malformed line has no cells.
    let cells = read(&line).unwrap_or_default();
    assert_eq!(cells.len(), texts.len(), "{line:?}");
    for (cell, text) in cells.iter().zip(texts) {
        assert!(cell == text || cell.strip_prefix('\'') == Some(text), "{cell:?} for {text:?}");
        let is_number = cell.parse::<f64>().is_ok();
        let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
        assert!(is_number || !is_formula, "{cell:?}");
    }
}

/// The cells of a line that ends with a line break; none if it is malformed.
fn read(line: &str) -> Option<Vec<String>> {
    let mut rest = line;
    let mut cells = Vec::new();
    loop {
        let mut cell = String::new();
        if let Some(quoted) = rest.strip_prefix('"') {
            rest = quoted;
            loop {
                let (part, after) = rest.split_once('"')?;
                cell.push_str(part);
                match after.strip_prefix('"') {
                    Some(after) => {
                        cell.push('"');
                        rest = after;
                    }
                    None => {
                        rest = after;
                        break;
                    }
                }
            }
        } else {
            let end = rest.find([',', '\r', '\n', '"'])?;
            let (part, after) = rest.split_at(end);
            cell.push_str(part);
            rest = after;
        }
        cells.push(cell);
        if rest == "\r\n" {
            return Some(cells);
        }
        rest = rest.strip_prefix(',')?;
    }
}
