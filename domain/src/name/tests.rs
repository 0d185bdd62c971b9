//! Names and descriptions.

use super::*;

#[test]
fn a_name_is_trimmed() {
    assert_eq!(Name::parse("  Anna  Müller ").unwrap().as_str(), "Anna  Müller");
}

#[test]
fn empty_long_and_invisible_names_are_rejected() {
    for (text, why) in [
        ("", NameError::Empty),
        ("   ", NameError::Empty),
        ("a\u{202E}b", NameError::Invisible('\u{202E}')),
        ("a\nb", NameError::Invisible('\n')),
        ("a\0b", NameError::Invisible('\0')),
        (&"x".repeat(101), NameError::TooLong(100)),
    ] {
        assert_eq!(Name::parse(text), Err(why), "{text:?}");
    }
}

#[test]
fn names_are_compared_without_case_and_composition() {
    let key = |text: &str| Name::parse(text).unwrap().key();
    assert_eq!(key("SALES"), key("sales"));
    assert_eq!(key("Mu\u{0308}ller"), key("MÜLLER"));
    assert_ne!(key("Sales"), key("Sale"));
}

#[test]
fn a_description_keeps_its_lines() {
    assert_eq!(description(" one\ntwo ").unwrap(), "one\ntwo");
    assert_eq!(description(&"x".repeat(2_001)), Err(NameError::TooLong(2_000)));
}
