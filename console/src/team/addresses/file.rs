//! Files with addresses: what is accepted, and how the text in them is encoded.

use crate::form::Upload;

/// The bytes of a file at most.
pub(crate) const LARGEST: usize = 256 << 10;

/// Why a file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileFault {
    /// It is larger than a list of addresses is.
    Large,
    /// It is no text: a workbook, a picture.
    Kind,
    /// Its text is in an encoding that cannot be recognised.
    Encoding,
    /// There is nothing in it.
    Empty,
}

/// Reads the text of a file: UTF-8, or UTF-16 with its mark, as spreadsheets write them.
pub(crate) fn read(file: &Upload) -> Result<String, FileFault> {
    if file.content.len() > LARGEST {
        return Err(FileFault::Large);
    }
    let extension = file.name.rsplit_once('.').map(|(_, extension)| extension);
    let is_text = |extension: &str| {
        ["csv", "tsv", "txt"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    };
    if !extension.is_some_and(is_text) {
        return Err(FileFault::Kind);
    }
    let text = match file.content.as_slice() {
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, u16::from_le_bytes)?,
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, u16::from_be_bytes)?,
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf_8(rest)?,
        bytes => utf_8(bytes)?,
    };
    let is_binary = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n');
    if text.contains(is_binary) {
        return Err(FileFault::Kind);
    }
    if text.trim().is_empty() { Err(FileFault::Empty) } else { Ok(text) }
}

/// Bytes that no text has are the sign of another kind of file, whatever its name.
fn utf_8(bytes: &[u8]) -> Result<String, FileFault> {
    let fault = if bytes.contains(&0) { FileFault::Kind } else { FileFault::Encoding };
    String::from_utf8(bytes.to_vec()).map_err(|_| fault)
}

fn utf_16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Result<String, FileFault> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(FileFault::Encoding);
    }
    let units = pairs.iter().map(|pair| unit(*pair));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.map_err(|_| FileFault::Encoding)
}

#[cfg(test)]
mod tests;
