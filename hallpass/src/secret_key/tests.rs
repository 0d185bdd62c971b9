//! Keys in texts and files.

use super::*;

#[test]
fn keys_are_read_as_they_are_written() {
    let keys = [SecretKey::kept([1; 32]), SecretKey::kept([2; 32])];
    let text = text_of(&keys);
    assert_eq!(parse(&text).unwrap(), keys);
    assert_eq!(parse(&text.replace('\n', ",")).unwrap(), keys);
}

#[test]
fn what_is_no_key_is_refused() {
    for wrong in ["", ",", "secret", "AAAA", "AAAA,AAAA", &BASE64_STANDARD.encode([1; 31])] {
        assert!(parse(wrong).is_none(), "{wrong}");
    }
    let one_is_wrong = format!("{},x", BASE64_STANDARD.encode([1; 32]));
    assert!(parse(&one_is_wrong).is_none());
}
