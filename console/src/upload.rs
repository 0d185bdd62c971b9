//! Uploads: the table in a file, whatever the file is called.

use crate::form::Upload;

/// The bytes of a file at most.
pub(crate) const LARGEST: usize = 1_000_000;

/// What files of tables are called.
const ENDINGS: [&str; 4] = ["csv", "tsv", "txt", "tab"];

impl Upload {
    /// The table in the file as text, or the key of the sentence that says why there is none.
    pub(crate) fn table(&self) -> Result<String, &'static str> {
        let bytes = self.content.as_slice();
        let ending = self.name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        if bytes.len() > LARGEST {
            return Err("upload-too-large");
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
            return Err("upload-workbook");
        }
        let text = text(bytes)?;
        let begins_as_markup = text.trim_start().starts_with(['<', '{']);
        let is_known = ending.is_none_or(|ending| ENDINGS.contains(&ending.as_str()));
        if begins_as_markup || !is_known {
            return Err("upload-not-csv");
        }
        Ok(text)
    }
}

/// The text of a file: UTF-8, or UTF-16 with its mark.
fn text(bytes: &[u8]) -> Result<String, &'static str> {
    let wide = |read: fn([u8; 2]) -> u16| {
        let (units, rest) = bytes.as_chunks::<2>();
        let units = units.iter().skip(1).map(|unit| read(*unit));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        text.ok().filter(|_| rest.is_empty()).ok_or("upload-encoding")
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes)?,
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes)?,
        _ => {
            let text =
                std::str::from_utf8(bytes).map(|text| text.trim_start_matches('\u{feff}'));
            let is_binary = bytes.iter().any(|byte| is_binary(char::from(*byte)));
            text.map_err(|_| if is_binary { "upload-not-csv" } else { "upload-encoding" })?
                .to_owned()
        }
    };
    if text.chars().any(is_binary) { Err("upload-not-csv") } else { Ok(text) }
}

/// Whether a character is in no text.
fn is_binary(letter: char) -> bool {
    letter < ' ' && !['\t', '\n', '\r', '\u{c}'].contains(&letter)
}

#[cfg(test)]
mod tests;
