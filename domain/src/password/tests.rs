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
    let most = format!("!{}", long.repeat(17));
    assert_eq!(most.len(), LONGEST);
    assert!(Password::choose(&most, Factors::Password, &ANNA).is_ok());
    assert_eq!(why(&format!("{most}!")), PasswordError::TooLong);
}

/// A text that is longer than any password is cut, so that it costs no more to hash; its beginning is
/// not the password.
#[test]
fn what_is_typed_is_the_password_whole() {
    let longest = "ü".repeat(LONGEST);
    let beyond = format!("{longest}ü");
    let chosen = Password::choose("correct horse battery", Factors::Password, &[]).unwrap();
    assert_eq!(chosen.expose(), "correct horse battery");

    for text in ["", " Tr0ub4dor ", &longest, &beyond] {
        assert_eq!(Password::typed(text).expose(), text);
    }
    assert_eq!(Password::typed(&format!("{beyond}!")).expose(), beyond);
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

/// Half of the letters and digits are not of a name: 8 of 15, 4 of 8.
#[test]
fn a_password_has_enough_beside_its_names() {
    for (factors, enough) in [
        (Factors::Password, "annabellique k7m-qz-vr2"),
        (Factors::PasswordAndSecond, "annabellique k7m-q"),
        (Factors::PasswordAndSecond, "k7hallpass-mq"),
    ] {
        assert!(Password::choose(enough, factors, &ANNA).is_ok(), "{enough}");
        let (one_less, _) = enough.split_at(enough.len() - 1);
        let refused = Password::choose(&format!("{one_less}!!"), factors, &ANNA);
        assert_eq!(refused, Err(PasswordError::Personal), "{one_less}!!");
    }
}

#[test]
fn no_form_shows_the_password() {
    let text = "correct horse battery";
    for password in
        [Password::typed(text), Password::choose(text, Factors::Password, &[]).unwrap()]
    {
        assert_eq!(format!("{password:?}"), "Password(…)");
        assert_eq!(format!("{:?}", Some(&password)), "Some(Password(…))");
        assert!(!format!("{password:#?}").contains("horse"));
    }
    for text in ["hunter2", "annabellique!!!!", "password12345678"] {
        let refused = Password::choose(text, Factors::Password, &ANNA);
        let said = format!("{} {refused:?}", refused.as_ref().unwrap_err());
        assert!(!said.contains(text), "{said}");
    }
}

#[test]
fn one_password_has_one_normal_form() {
    let composed = Password::choose("Zürich und Genève", Factors::Password, &[]).unwrap();
    let apart =
        Password::choose("Zu\u{308}rich und Gene\u{300}ve", Factors::Password, &[]).unwrap();

    assert_eq!(composed, apart);
    assert_eq!(Password::typed("Zu\u{308}rich und Gene\u{300}ve"), composed);
}
