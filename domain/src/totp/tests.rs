//! The vectors of RFC 4226 and RFC 6238, and which codes count.

use super::*;

fn secret() -> TotpSecret {
    TotpSecret::new(b"12345678901234567890".to_vec())
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

#[test]
fn the_codes_are_those_of_rfc_4226() {
    let codes = [
        "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
        "399871", "520489",
    ];
    for (step, code) in (0..).zip(codes) {
        assert_eq!(secret().code(step), code, "counter {step}");
    }
}

#[test]
fn the_codes_are_those_of_rfc_6238() {
    // The RFC has eight digits; six are the last of them.
    for (seconds, code) in [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ] {
        assert_eq!(secret().code(step(at(seconds))), &code[2..], "at {seconds}");
    }
}

#[test]
fn a_code_counts_one_step_early_and_one_late() {
    let now = at(1_234_567_890);
    let current = step(now);
    for (drift, is_accepted) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
        let code = secret().code(current + drift);

        let accepted = secret().accepted_step(&code, None, now);

        assert_eq!(accepted, is_accepted.then_some(current + drift), "{drift} steps");
    }
}

#[test]
fn a_code_counts_once_and_no_earlier_one_after_it() {
    let now = at(1_234_567_890);
    let current = step(now);
    let accepted = |drift: i64, last: i64| {
        secret().accepted_step(&secret().code(current + drift), Some(current + last), now)
    };

    assert_eq!(accepted(0, 0), None);
    assert_eq!(accepted(-1, 0), None);
    assert_eq!(accepted(1, 0), Some(current + 1));
    assert_eq!(accepted(1, 1), None);
}

#[test]
fn what_is_no_code_is_not_accepted() {
    let now = at(59);
    for typed in ["", "287082 ", "28708", "2870820", "94287082", "abcdef", "２８７０８２"]
    {
        assert_eq!(secret().accepted_step(typed, None, now), None, "{typed}");
    }
}

#[test]
fn an_app_gets_the_secret_with_the_account() {
    let email = Email::parse("anna+work@acme.test").unwrap();

    let uri = secret().uri(&email);

    assert_eq!(
        uri,
        "otpauth://totp/Hallpass:anna%2Bwork%40acme%2Etest\
         ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Hallpass&algorithm=SHA1&digits=6&period=30"
    );
}

#[test]
fn every_code_has_six_digits() {
    for step in 0..2_000 {
        let code = secret().code(step);

        assert_eq!(code.len(), DIGITS, "{code}");
        assert!(code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    }
}

#[test]
fn another_secret_has_other_codes() {
    let other = TotpSecret::new(b"12345678901234567891".to_vec());

    let same = (0..1_000).filter(|step| other.code(*step) == secret().code(*step)).count();

    assert!(same < 5, "{same} of 1000 codes are the same");
    assert_ne!(other.base32(), secret().base32());
}
