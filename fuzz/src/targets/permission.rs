//! Permission strings, `resource:action:scope`.

use hallpass_engine::{Grant, MAX_GRANT_BYTES};

/// Words of the format.
pub const WORDS: &[&str] = &[
    "*",
    ":",
    ",",
    "@records",
    "@modules",
    "@settings",
    "create",
    "read",
    "update",
    "delete",
    ":own",
    ":assigned",
    ":team",
    ":department",
    ":all",
    ":unowned",
    ":none",
];

/// Parses a permission string; what is printed parses to the same.
///
/// # Panics
///
/// If that does not hold.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match text.parse::<Grant>() {
        Ok(grant) => {
            assert!(text.len() <= MAX_GRANT_BYTES, "{} bytes are accepted", text.len());
            let printed = grant.to_string();
            assert_eq!(
                printed.parse::<Grant>().as_ref(),
                Ok(&grant),
                "{text:?} as {printed:?}"
            );
        }
        Err(error) => assert!(!error.message.trim().is_empty(), "{text:?}: no message"),
    }
}
