//! E-mail addresses.

use hallpass_domain::email::Email;

/// Words of the format.
pub const WORDS: &[&str] = &[
    "@",
    ".",
    "..",
    "-",
    "+",
    "\"",
    "xn--",
    "example.com",
    "[127.0.0.1]",
    "ß",
    "ﬁ",
    "\u{212A}",
    "\u{301}",
    "\u{200B}",
    "\u{202E}",
    "İ",
    "\r\nBcc: ",
    "<",
    ">",
];

/// Parses an address; what is stored parses to the same, and has one key.
///
/// # Panics
///
/// If one of these does not hold.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(email) = Email::parse(&text) else { return };
    let stored = email.as_str();
    let again = Email::parse(stored);
    let again = again.map(|again| (again.as_str().to_owned(), again.key().to_owned()));
    assert_eq!(again, Ok((stored.to_owned(), email.key().to_owned())), "{text:?}");
    assert!(stored.len() <= 254, "{} bytes are accepted", stored.len());
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || c.is_ascii_uppercase();
    assert!(!email.key().contains(is_odd), "the key {:?}", email.key());
    assert!(email.key().ends_with(&format!("@{}", email.domain())), "{stored:?}");
    let upper = Email::parse(&stored.to_ascii_uppercase()).map(|upper| upper.key().to_owned());
    assert_eq!(upper, Ok(email.key().to_owned()), "{stored:?} in capitals");
}
