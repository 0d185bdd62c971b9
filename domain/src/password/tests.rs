//! Accepted and rejected passwords.

use super::*;

#[test]
fn long_and_uncommon_passwords_are_accepted() {
    for text in
        ["correct horse battery", "Tr0ub4dor&3-and-more", "ünïcödé wörds", "aaaa bbbb cccd"]
    {
        assert!(Password::choose(text, &["anna@example.com", "Anna"]).is_ok(), "{text}");
    }
}

#[test]
fn common_and_personal_passwords_are_rejected() {
    let why =
        |text: &str| Password::choose(text, &["anna@example.com", "Annabella"]).unwrap_err();
    assert_eq!(why("short"), PasswordError::TooShort);
    assert_eq!(why(&"x1".repeat(200)), PasswordError::TooLong);
    for text in [
        "aaaaaaaaaaaa",
        "abababababab",
        "123456789012",
        "password1234",
        "PASSWORD!2026",
        "abcdefghijkl",
        "qwertyuiop123",
        "welcomewelcome",
        "admin1234567",
    ] {
        assert_eq!(why(text), PasswordError::Common, "{text}");
    }
    assert_eq!(why("anna@example.com"), PasswordError::Personal);
    assert_eq!(why("Annabella123"), PasswordError::Personal);
}

#[test]
fn the_debug_form_hides_the_password() {
    let password = Password::typed("correct horse battery");
    assert_eq!(format!("{password:?}"), "Password(…)");
}

#[test]
fn one_password_has_one_normal_form() {
    let composed = Password::choose("Zürich und Genève", &[]).unwrap();
    let apart = Password::choose("Zu\u{308}rich und Gene\u{300}ve", &[]).unwrap();

    assert_eq!(composed, apart);
    assert_eq!(Password::typed("Zu\u{308}rich und Gene\u{300}ve"), composed);
}
