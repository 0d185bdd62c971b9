//! Which signatures are valid.

use super::*;

const NOW: Timestamp = Timestamp::from_micros(1_773_576_000_000_000);
const SECRET: &str = "whsec_s3cret";

#[test]
fn a_signature_equals_that_of_openssl() {
    // From `openssl dgst -sha256 -hmac whsec_s3cret`.
    let header =
        "t=1773576000,v1=5971501978a3fee548119cadb8018d6a998f31e5bcd6969de4cad28a7942b5db";

    assert_eq!(sign(SECRET, b"{\"id\":\"evt_1\"}", NOW), header);
    assert!(is_valid(SECRET, header, b"{\"id\":\"evt_1\"}", NOW));
}

#[test]
fn another_body_secret_or_time_is_refused() {
    let header = sign(SECRET, b"body", NOW);

    assert!(is_valid(SECRET, &header, b"body", NOW));
    assert!(!is_valid(SECRET, &header, b"Body", NOW));
    assert!(!is_valid("whsec_other", &header, b"body", NOW));
    let later = header.replace("t=1773576000", "t=1773576001");
    assert!(!is_valid(SECRET, &later, b"body", NOW));
}

#[test]
fn a_signature_is_valid_for_five_minutes() {
    let header = sign(SECRET, b"body", NOW);
    let check = |seconds: i64, expected: bool| {
        assert_eq!(is_valid(SECRET, &header, b"body", NOW + Span::seconds(seconds)), expected);
    };

    check(300, true);
    check(301, false);
    check(-300, true);
    check(-301, false);
}

#[test]
fn one_valid_signature_of_several_is_enough() {
    let header = sign(SECRET, b"body", NOW);
    let (time, good) = header.split_once(',').unwrap();
    let bad = format!("v1={}", "0".repeat(64));

    assert!(is_valid(SECRET, &format!("{time},{bad},{good}"), b"body", NOW));
    assert!(is_valid(SECRET, &format!("{time}, v0=x, {good},{bad}"), b"body", NOW));
    assert!(!is_valid(SECRET, &format!("{time},{bad}"), b"body", NOW));
}

#[test]
fn a_malformed_header_is_refused() {
    let header = sign(SECRET, b"body", NOW);
    let v1 = header.split_once("v1=").unwrap().1;
    for wrong in [
        String::new(),
        "t=".to_owned(),
        format!("v1={v1}"),
        "t=1773576000".to_owned(),
        "t=1773576000,v1=".to_owned(),
        format!("t=1773576000,v1={v1}0"),
        "t=1773576000,v1=zz".to_owned(),
        format!("t=9223372036854775807,v1={v1}"),
        format!("t=-1,v1={v1}"),
        "t=1773576000,v1=ü".to_owned(),
    ] {
        assert!(!is_valid(SECRET, &wrong, b"body", NOW), "{wrong}");
    }
}

/// Only two digits are a byte, although a sign or one digit can be read as a number too.
#[test]
fn a_signature_has_one_spelling() {
    let is_body = |body: &String| sign(SECRET, body.as_bytes(), NOW).ends_with("0f");
    let body = (0..100_000).map(|n| format!("body {n}")).find(is_body).unwrap();
    let header = sign(SECRET, body.as_bytes(), NOW);
    let all_but_last = header.strip_suffix("0f").unwrap();
    let check =
        |last: &str| is_valid(SECRET, &format!("{all_but_last}{last}"), body.as_bytes(), NOW);

    assert!(check("0f"));
    for other in ["f", "+f", "0f0", "0f00", ""] {
        assert!(!check(other), "{other}");
    }
}
