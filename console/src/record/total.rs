//! How many records a list has, as a text.

use hallpass_app::record::Total;

use crate::frame::Frame;

/// The number of the records: `87`, `1,000+`, or nothing where they were not counted.
pub(crate) fn total(frame: &Frame, total: Total) -> String {
    match total {
        Total::Exact(n) => frame.number(n),
        Total::MoreThan(n) => format!("{}+", frame.number(n)),
        Total::Unknown => String::new(),
    }
}
