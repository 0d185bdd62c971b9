//! Ids parse what they write, and nothing else.

use super::*;

#[test]
fn an_id_is_parsed_from_its_text() {
    let id = MemberId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_00af));

    let text = id.to_string();

    assert_eq!(text, "mbr_019800000000700080000000000000af");
    assert_eq!(text.parse(), Ok(id));
}

#[test]
fn an_id_has_one_spelling_and_one_noun() {
    let digits = "019800000000700080000000000000af";
    for wrong in [
        String::new(),
        "mbr_".to_owned(),
        digits.to_owned(),
        format!("rol_{digits}"),
        format!("mbr_{}", digits.to_uppercase()),
        format!("mbr_{digits}0"),
        format!("mbr__{digits}"),
        "mbr_01980000-0000-7000-8000-0000000000af".to_owned(),
        format!(" mbr_{digits}"),
    ] {
        assert!(wrong.parse::<MemberId>().is_err(), "{wrong}");
    }
}

#[test]
fn a_text_is_an_id_of_some_noun_by_its_shape() {
    let digits = "0123456789abcdef0123456789abcdef";
    let check = |text: &str, expected: bool| assert_eq!(is_id(text), expected, "{text}");

    check(&MemberId(Uuid::from_u128(7)).to_string(), true);
    check(&format!("xyz_{digits}"), true);
    for prefix in ["", "mb", "mbrs", "MBR", "mb1", "m r", "é_"] {
        check(&format!("{prefix}_{digits}"), false);
    }
    for wrong in
        [&digits[1..], &format!("{digits}0"), &digits.to_uppercase(), &digits.replace('f', "g")]
    {
        check(&format!("mbr_{wrong}"), false);
    }
    check(&format!("mbr{digits}"), false);
    check(&format!("mbr__{}", &digits[1..]), false);
}
