//! Values of every length are read as they were written, and in one form only.

use super::{Reader, tag, write, write_unsigned};

#[test]
fn what_is_written_is_read() {
    for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
        let body = vec![7; length];
        let bytes = write(tag::UTF8, &[&body]);
        let mut reader = Reader::new(&bytes);

        assert_eq!(reader.peek(), Some(tag::UTF8));
        assert_eq!(reader.value(tag::UTF8), Some(body.as_slice()));
        assert!(reader.is_at_end());
    }
}

#[test]
fn numbers_have_no_sign_and_no_zeros() {
    assert_eq!(write_unsigned(&[0, 0]), [2, 1, 0]);
    assert_eq!(write_unsigned(&[0, 0x7f]), [2, 1, 0x7f]);
    assert_eq!(write_unsigned(&[0x80]), [2, 2, 0, 0x80]);
}

#[test]
fn another_form_or_a_cut_is_malformed() {
    for bytes in [
        &[][..],
        &[0x0c],
        &[0x0c, 1],
        &[0x0c, 0x80, 0, 0],
        &[0x0c, 0x81, 1, 0],
        &[0x0c, 0x82, 0, 1, 0],
        &[0x0c, 0x84, 0, 0, 0, 1, 0],
    ] {
        assert!(Reader::new(bytes).any().is_none(), "{bytes:?}");
    }
    assert!(Reader::new(&[0x03, 2, 1, 0]).bits().is_none());
    assert_eq!(Reader::new(&[0x03, 2, 0, 9]).bits(), Some(&[9][..]));
    assert!(Reader::new(&[0x0c, 0]).sequence().is_none());
}
