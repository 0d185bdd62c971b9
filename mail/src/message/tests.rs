//! Senders that are accepted.

use super::*;

#[test]
fn a_sender_is_one_address_with_an_optional_name() {
    for text in ["a@b.c", "Hallpass <a@b.c>", "\"Hall, pass\" <a@b.c>"] {
        assert!(text.parse::<Sender>().is_ok(), "{text}");
    }
    for text in ["", "Hallpass", "a@b.c\r\nBcc: d@e.f", "a@b.c, d@e.f"] {
        assert!(text.parse::<Sender>().is_err(), "{text}");
    }
}
