//! Where a sign-in goes on to.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The path of a step of the sign-in that goes on to another path.
pub(super) fn step(path: &str, next: &str) -> String {
    format!("{path}?next={}", utf8_percent_encode(next, NON_ALPHANUMERIC))
}

/// The path of the second step of a sign-in that goes on to another path.
pub(crate) fn code_path(next: &str) -> String {
    step("/sign-in/code", next)
}
