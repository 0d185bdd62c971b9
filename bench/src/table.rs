//! The table of figures.

use std::time::Duration;

/// One line: what was measured, the figure, and what it may be at most.
pub(crate) struct Row {
    /// What was measured.
    pub(crate) what: &'static str,
    /// The figure, in `unit`.
    pub(crate) figure: f64,
    /// What the figure may be at most, in `unit`; none where there is no bound.
    pub(crate) at_most: Option<f64>,
    /// The unit.
    pub(crate) unit: &'static str,
}

impl Row {
    /// A time in nanoseconds.
    pub(crate) fn nanoseconds(what: &'static str, figure: f64, at_most: f64) -> Row {
        Row { what, figure, at_most: Some(at_most), unit: "ns" }
    }

    /// A time in microseconds.
    pub(crate) fn microseconds(what: &'static str, time: Duration, at_most: f64) -> Row {
        Row { what, figure: time.as_secs_f64() * 1e6, at_most: Some(at_most), unit: "us" }
    }

    /// A time in milliseconds.
    pub(crate) fn milliseconds(what: &'static str, time: Duration, at_most: f64) -> Row {
        Row { what, figure: time.as_secs_f64() * 1e3, at_most: Some(at_most), unit: "ms" }
    }
}

/// The rows as text.
pub(crate) fn render(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let bound = row.at_most.map_or_else(String::new, |most| {
            let verdict = if row.figure <= most { "" } else { "  OVER" };
            format!("(at most {most} {}){verdict}", row.unit)
        });
        format!("  {:<52} {:>10.2} {:<5} {bound}\n", row.what, row.figure, row.unit)
    };
    rows.iter().map(line).collect()
}
