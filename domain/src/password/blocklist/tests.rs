//! The list of common passwords, and what is made of them.

use super::*;
use crate::text::fold;

#[test]
fn the_list_is_whole_sorted_and_folded() {
    let text = String::from_utf8(LIST.clone()).unwrap();
    let entries: Vec<&str> = text.lines().collect();

    assert!(entries.len() >= 100_000, "{}", entries.len());
    assert!(entries.is_sorted_by(|a, b| a.as_bytes() < b.as_bytes()));
    for entry in &entries {
        assert!(entry.chars().count() >= crate::password::SHORTEST_WITH_FACTOR, "{entry}");
        assert_eq!(fold(entry), **entry);
    }
}

#[test]
fn every_entry_is_found_and_nothing_beside_it() {
    let text = String::from_utf8(LIST.clone()).unwrap();
    let entries: std::collections::BTreeSet<&str> = text.lines().collect();

    for (n, entry) in text.lines().enumerate() {
        assert!(is_listed(entry), "{entry}");
        let near = format!("{entry}{}", char::from(b'a' + u8::try_from(n % 26).unwrap()));
        assert_eq!(is_listed(&near), entries.contains(near.as_str()), "{near}");
    }
    for other in ["", "\n", "a", "~~~~~~~~~~~~~~~~", "correct horse battery", "\u{10ffff}"] {
        assert!(!is_listed(other), "{other}");
    }
}

#[test]
fn long_passwords_made_of_common_ones_are_common() {
    for text in [
        "1qaz2wsx3edc4rfv",
        "passwordpassword",
        "sunshine baseball",
        "michelle!!2026!!",
        "12345678901234567890",
        "abcdefghijklmnop",
        "zyxwvutsrqponmlkj",
        "lemons lemons lemons",
        "qwertyuiopasdfgh",
    ] {
        assert!(is_common(text), "{text}");
    }
    for text in ["correct horse battery", "look around freely", "aaaa bbbb cccd dddd"] {
        assert!(!is_common(text), "{text}");
    }
}
