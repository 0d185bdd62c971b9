//! As much of DER as certificates need: reading the key of one, and writing one of our own.

/// The universal tags in use.
pub(crate) mod tag {
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const UTF8: u8 = 0x0c;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERAL_TIME: u8 = 0x18;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;
    pub(crate) const EXPLICIT_0: u8 = 0xa0;
}

/// Reads values one after the other. `None` means malformed, everywhere.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader(bytes)
    }

    pub(crate) fn is_at_end(self) -> bool {
        self.0.is_empty()
    }

    /// The tag of the next value.
    pub(crate) fn peek(self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The contents of the next value and its tag.
    pub(crate) fn any(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x83 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let length =
                    bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
                // The shortest form is the only one.
                let is_shortest = length > 0x7f && bytes.first() != Some(&0);
                if !is_shortest {
                    return None;
                }
                (length, rest)
            }
            _ => return None,
        };
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, value))
    }

    /// The contents of the next value, which has this tag.
    pub(crate) fn value(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (found, value) = self.any()?;
        (found == tag).then_some(value)
    }

    pub(crate) fn sequence(&mut self) -> Option<Reader<'a>> {
        self.value(tag::SEQUENCE).map(Reader)
    }

    /// The bytes of a bit string without unused bits.
    pub(crate) fn bits(&mut self) -> Option<&'a [u8]> {
        let (unused, bytes) = self.value(tag::BIT_STRING)?.split_first()?;
        (*unused == 0).then_some(bytes)
    }
}

/// Writes one value.
pub(crate) fn write(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = vec![tag];
    match u8::try_from(length) {
        Ok(short @ 0..=0x7f) => out.push(short),
        _ => {
            let bytes = length.to_be_bytes();
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            out.push(0x80 | u8::try_from(bytes.len() - zeros).unwrap_or(8));
            out.extend(bytes.iter().skip(zeros));
        }
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// Writes an unsigned number.
pub(crate) fn write_unsigned(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = bytes.get(zeros..).unwrap_or_default();
    match bytes.first() {
        None => write(tag::INTEGER, &[&[0]]),
        Some(0x80..) => write(tag::INTEGER, &[&[0], bytes]),
        Some(_) => write(tag::INTEGER, &[bytes]),
    }
}

#[cfg(test)]
mod tests;
