//! A code is read as it was written, however it is typed.

use super::*;

fn code(bytes: [u8; LENGTH]) -> String {
    RecoveryCode::from_bytes(bytes).to_string()
}

#[test]
fn a_code_has_four_groups_of_four_symbols() {
    assert_eq!(code([0; LENGTH]), "0000-0000-0000-0000");
    assert_eq!(code([0xff; LENGTH]), "zzzz-zzzz-zzzz-zzzz");
    assert_eq!(
        code([0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf]),
        "0123-4567-89ab-cdef"
    );
}

#[test]
fn every_bit_of_the_bytes_is_in_the_code() {
    for bit in 0..LENGTH * 8 {
        let mut bytes = [0; LENGTH];
        bytes[bit / 8] = 1 << (bit % 8);

        assert_ne!(code(bytes), code([0; LENGTH]), "bit {bit}");
    }
}

#[test]
fn a_code_is_read_however_it_is_typed() {
    let written =
        RecoveryCode::from_bytes([0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf]);
    for typed in [
        "0123-4567-89ab-cdef",
        "0123456789abcdef",
        " 0123 4567 89AB CDEF ",
        "o1234567-89ABCDEF",
        "OI23-4567-89ab-cdef",
        "0l23-4567-89ab-cdef",
    ] {
        assert!(RecoveryCode::parse(typed) == Some(written.clone()), "{typed}");
    }
}

#[test]
fn what_is_no_code_is_not_read() {
    for typed in [
        "",
        "123456",
        "0123-4567-89ab-cde",
        "0123-4567-89ab-cdefg",
        "0123-4567-89ab-cdeu",
        "0123-4567-89ab-cdeé",
    ] {
        assert!(RecoveryCode::parse(typed).is_none(), "{typed}");
    }
}
