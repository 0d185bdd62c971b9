//! Tests of files with addresses.

use super::*;

fn check(name: &str, content: &[u8], expected: Result<&str, FileFault>) {
    let file = Upload { name: name.to_owned(), content: content.to_vec() };
    assert_eq!(read(&file), expected.map(str::to_owned), "{name}: {content:?}");
}

fn utf_16(text: &str, mark: [u8; 2], bytes: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
    mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect()
}

#[test]
fn text_is_read_in_the_encodings_of_spreadsheets() {
    let text = "Zoë,zoe@x.io\r\n";
    check("people.csv", text.as_bytes(), Ok(text));
    check("PEOPLE.TXT", &[b"\xEF\xBB\xBF", text.as_bytes()].concat(), Ok(text));
    check("a.tsv", &utf_16(text, [0xFF, 0xFE], u16::to_le_bytes), Ok(text));
    check("a.csv", &utf_16(text, [0xFE, 0xFF], u16::to_be_bytes), Ok(text));
}

#[test]
fn what_is_not_what_its_name_says_is_refused() {
    check("people.csv", b"PK\x03\x04\x14\x00\x00", Err(FileFault::Kind));
    check("people.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Err(FileFault::Kind));
    check("people.csv", b"a@x.io\x07", Err(FileFault::Kind));
    check("people.xlsx", b"a@x.io", Err(FileFault::Kind));
    check("people", b"a@x.io", Err(FileFault::Kind));
    check("people.csv", b"Zo\xEB,zoe@x.io", Err(FileFault::Encoding));
    check("people.csv", b"\xFF\xFEa", Err(FileFault::Encoding));
    check("people.csv", b"\xFF\xFE\x00\xD8", Err(FileFault::Encoding));
    check("people.csv", b" \r\n", Err(FileFault::Empty));
}

#[test]
fn the_largest_file_is_accepted_and_one_byte_more_is_not() {
    let content = vec![b'a'; LARGEST];
    check("a.csv", &content, Ok(&"a".repeat(LARGEST)));
    check("a.csv", &[content.as_slice(), b"a"].concat(), Err(FileFault::Large));
}
