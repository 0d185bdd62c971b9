//! Names and descriptions.

use super::*;

#[test]
fn a_name_is_trimmed() {
    let name = Name::parse("  Anna  Müller ").unwrap();

    assert_eq!(name.as_str(), "Anna  Müller");
    assert_eq!(name.to_string(), "Anna  Müller");
    assert_eq!(name.into_string(), "Anna  Müller");
}

#[test]
fn a_name_has_a_hundred_characters_at_most() {
    for letter in ["x", "ü", "u\u{308}"] {
        assert!(Name::parse(&letter.repeat(100)).is_ok(), "{letter}");
        assert_eq!(Name::parse(&letter.repeat(101)), Err(NameError::TooLong(100)), "{letter}");
    }
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
        ("\u{3164}", NameError::Empty),
        ("\u{2800}", NameError::Empty),
        ("\u{200D}", NameError::Empty),
        ("a\u{3164}b", NameError::Invisible('\u{3164}')),
        ("a\u{115F}b", NameError::Invisible('\u{115F}')),
        ("a\u{034F}b", NameError::Invisible('\u{034F}')),
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
}

#[test]
fn a_description_has_a_limited_length_in_all_its_lines_together() {
    let lines = |last: usize| format!("{}\n{}", "x".repeat(1_000), "x".repeat(last));

    assert_eq!(description(&lines(999)), Ok(lines(999)));
    assert_eq!(description(&lines(1_000)), Err(NameError::TooLong(2_000)));
    assert!(description(&"x".repeat(2_000)).is_ok());
    assert_eq!(description(&"x".repeat(2_001)), Err(NameError::TooLong(2_000)));
}

#[test]
fn real_names_keep_their_joiners_and_emoji_theirs() {
    for name in [
        "علی\u{200C}رضا",
        "ශ්\u{200D}රී",
        "👩\u{200D}🚀 Team",
        "Love ❤\u{FE0F}",
        "葛\u{E0100}城",
        "O'Brien-Łukasz",
    ] {
        assert_eq!(Name::parse(name).unwrap().as_str(), name);
    }
}

#[test]
fn no_character_makes_two_names_of_one_look() {
    for c in ('\0'..=char::MAX).filter(|c| is_ignorable(*c)) {
        let Ok(name) = Name::parse(&format!("Ad{c}min")) else { continue };
        assert_eq!(name.key(), "admin", "U+{:04X}", u32::from(c));
    }
}

#[test]
fn a_name_has_no_web_address() {
    for text in [
        "https://evil.example",
        "Win at http://x.y now",
        "www.evil.example",
        "(WWW.evil.example)",
        "evil.example/login",
        "ｗｗｗ.evil.example",
        "pay:evil.example/x",
        "evil.example?x",
        "EVIL.example#a",
    ] {
        assert!(matches!(Name::parse(text), Err(NameError::Link(_))), "{text}");
    }
    for text in [
        "Booking.com",
        "Dr. No",
        "Müller/Söhne",
        "A/B tests",
        "24/7",
        "C#",
        "J.R.R. Tolkien",
        "Q3/2026",
        "Why?",
        "1.50/2.50",
        "v2.10/3",
        "J.R/Sons",
        ".NET/Java",
    ] {
        assert!(Name::parse(text).is_ok(), "{text}");
    }
}

#[test]
fn a_stored_name_is_read_under_any_rule() {
    assert_eq!(Name::stored("\u{3164}").unwrap().as_str(), "\u{3164}");
    assert!(Name::stored("").is_none());
}
