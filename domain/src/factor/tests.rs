//! Which factors an account has, and which code is which.

use super::*;

#[test]
fn recovery_codes_alone_are_no_second_factor() {
    let none = Factors { recovery_codes: 10, ..Factors::default() };

    assert!(!none.is_enabled());
    assert!(none.list().is_empty());
}

#[test]
fn an_app_or_a_passkey_is_a_second_factor() {
    let app = Factors { totp_since: Some(Timestamp::from_seconds(1)), ..Factors::default() };
    let passkey = Factors { passkeys: 1, recovery_codes: 3, ..Factors::default() };

    assert_eq!(app.list(), [Factor::Totp]);
    assert_eq!(passkey.list(), [Factor::Passkey, Factor::RecoveryCode]);
}

#[test]
fn a_typed_code_is_of_the_app_or_a_recovery_code() {
    let check = |typed: &str, expected: &str| {
        let found = match TypedCode::parse(typed) {
            Some(TypedCode::Totp(code)) => format!("totp {code}"),
            Some(TypedCode::Recovery(code)) => format!("recovery {code}"),
            None => "none".to_owned(),
        };
        assert_eq!(found, expected, "{typed}");
    };

    check("123456", "totp 123456");
    check(" 123 456 ", "totp 123456");
    check("0123-4567-89ab-cdef", "recovery 0123-4567-89ab-cdef");
    check("1234567", "none");
    check("12345", "none");
    check("", "none");
    check("١٢٣٤٥٦", "none");
}
