//! Accepted and rejected passwords.

use super::*;

const ANNA: [&str; 4] = ["anna@example.com", "Annabellique", "de la Tour", "Northwind Ltd"];

fn why(text: &str) -> PasswordError {
    Password::choose(text, Factors::Password, &ANNA).unwrap_err()
}

#[test]
fn long_and_uncommon_passwords_are_accepted() {
    for text in [
        "correct horse battery",
        "Tr0ub4dor&3-and-more",
        "ünïcödé wörds äré",
        "aaaa bbbb cccd dddd",
        "annabellique rides a horse",
    ] {
        assert!(Password::choose(text, Factors::Password, &ANNA).is_ok(), "{text}");
    }
}

#[test]
fn the_length_depends_on_the_factors() {
    let long = "k7#mQz!vR2tPw9x";
    for (factors, shortest) in [(Factors::Password, 15), (Factors::PasswordAndSecond, 8)] {
        let cut = |length: usize| long.chars().take(length).collect::<String>();
        assert!(Password::choose(&cut(shortest), factors, &ANNA).is_ok());
        let short = Password::choose(&cut(shortest - 1), factors, &ANNA).unwrap_err();
        assert_eq!(short, PasswordError::TooShort { shortest });
    }
    let most = long.repeat(18).chars().take(LONGEST).collect::<String>();
    assert_eq!(why(&format!("{most}!")), PasswordError::TooLong);
}

#[test]
fn common_passwords_are_refused() {
    for text in [
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "1234567890123456",
        "password12345678",
        "PASSWORD!!!2026!",
        "abcdefghijklmnop",
        "qwertyuiop123456",
        "welcomewelcome12",
        "admin1234567890!",
        "Michelle 1.2.2026",
    ] {
        assert_eq!(why(text), PasswordError::Common, "{text}");
    }
    let short = |text| Password::choose(text, Factors::PasswordAndSecond, &ANNA);
    for text in ["password", "Passw0rd", "iloveyou", "1qaz2wsx", "ＰＡＳＳＷＯＲＤ"] {
        assert_eq!(short(text).unwrap_err(), PasswordError::Common, "{text}");
    }
    assert!(short("k7#mQz!v").is_ok());
}

#[test]
fn passwords_made_of_names_are_refused() {
    for text in [
        "anna@example.com",
        "Annabellique12!",
        "annabellique@example.com",
        "Annabellique de la Tour 99",
        "annabelliquedelatour",
        "northwind-2026-!!",
        "Northwind.Hallpass",
        "98 ANNABELLIQUE 1998",
    ] {
        assert_eq!(why(text), PasswordError::Personal, "{text}");
    }
}

#[test]
fn the_debug_form_hides_the_password() {
    let password = Password::typed("correct horse battery");
    assert_eq!(format!("{password:?}"), "Password(…)");
}

#[test]
fn one_password_has_one_normal_form() {
    let composed = Password::choose("Zürich und Genève", Factors::Password, &[]).unwrap();
    let apart =
        Password::choose("Zu\u{308}rich und Gene\u{300}ve", Factors::Password, &[]).unwrap();

    assert_eq!(composed, apart);
    assert_eq!(Password::typed("Zu\u{308}rich und Gene\u{300}ve"), composed);
}
