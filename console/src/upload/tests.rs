//! Tests of uploads: what a file really is decides, and not its name.

use super::*;

fn table(name: &str, bytes: &[u8]) -> Result<String, &'static str> {
    Upload { name: name.to_owned(), content: bytes.to_vec() }.table()
}

fn utf_16(text: &str, write: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let units = format!("\u{feff}{text}");
    units.encode_utf16().flat_map(write).collect()
}

#[test]
fn a_table_is_read_in_the_encodings_that_spreadsheets_write() {
    let text = "Name;Amount\nZürich;5\n";
    assert_eq!(table("a.csv", text.as_bytes()).as_deref(), Ok(text));
    let marked = format!("\u{feff}{text}");
    assert_eq!(table("A.CSV", marked.as_bytes()).as_deref(), Ok(text));
    assert_eq!(table("a.txt", &utf_16(text, u16::to_le_bytes)).as_deref(), Ok(text));
    assert_eq!(table("a", &utf_16(text, u16::to_be_bytes)).as_deref(), Ok(text));
}

#[test]
fn a_file_that_is_not_what_its_name_says_is_refused_with_a_reason() {
    let cases: [(&str, &[u8], &str); 9] = [
        ("a.csv", b"PK\x03\x04\x14\x00\x06\x00", "upload-workbook"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1", "upload-workbook"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "upload-not-csv"),
        ("a.csv", b"name\nZ\x00rich", "upload-not-csv"),
        ("a.csv", b"<!doctype html><p>Sign in", "upload-not-csv"),
        ("a.csv", b"{\"name\": 1}", "upload-not-csv"),
        ("a.pdf", b"name\nAcme\n", "upload-not-csv"),
        ("a.csv", b"name\nZ\xfcrich\n", "upload-encoding"),
        ("a.csv", b"\xff\xfeN\x00a", "upload-encoding"),
    ];
    for (name, bytes, reason) in cases {
        assert_eq!(table(name, bytes), Err(reason), "{name} {bytes:?}");
    }
    assert_eq!(table("a.csv", &vec![b'a'; LARGEST + 1]), Err("upload-too-large"));
}
