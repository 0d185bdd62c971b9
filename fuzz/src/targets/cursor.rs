//! Cursors of lists.

use hallpass_web::cursor;

/// Words of the format.
pub const WORDS: &[&str] = &[
    "WyJhIiwxXQ",
    "WyJhIixbIngiLDFdXQ",
    "[\"a\",1]",
    "\\u0000",
    "=",
    "==",
    "-",
    "_",
    "%2B",
    "null",
    "1e400",
    "[[[[[[[[",
];

/// Reads a text as a cursor, and writes it as a position: that is read again in its list, and refused
/// in another.
///
/// # Panics
///
/// If one of these does not hold.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    for list in ["a", ""] {
        if let Ok(position) = cursor::read::<(String, i64)>(list, &text) {
            let again = cursor::read::<(String, i64)>(list, &cursor::write(list, &position));
            assert_eq!(again.ok(), Some(position), "{text:?}");
        }
    }
    let written = cursor::write("members", &(&text, 1));
    let is_url_safe = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    assert!(written.chars().all(is_url_safe), "{written:?}");
    let read = cursor::read::<(String, i64)>("members", &written).ok();
    let expected = (!text.contains('\0')).then(|| (text.clone(), 1));
    assert_eq!(read, expected, "{text:?}");
    assert!(cursor::read::<(String, i64)>("teams", &written).is_err(), "{text:?}");
}
