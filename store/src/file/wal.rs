//! A write-ahead log, read without SQLite: which pages of which commits are in it.
//!
//! The format is <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>. What SQLite would ignore
//! (a commit that was not finished, what an earlier log has left behind) is ignored here too.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::header::{Header, Mark, word};

const HEADER: usize = 32;

const FRAME: usize = 24;

/// The magic number; its lowest bit says which byte of a word comes first in checksums.
const MAGIC: u32 = 0x377f_0682;

/// The largest page.
const MAX_PAGE: u64 = 65_536;

/// The commits of a write-ahead log.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Wal {
    pub(super) page_size: u64,
    /// How many pages the database has after the last commit; 0 without one.
    pub(super) pages: u32,
    /// The pages that the commits have changed.
    pub(super) changed: HashSet<u32>,
    /// The marks of the first and the last commit that have one.
    pub(super) marks: Option<(Mark, Mark)>,
}

impl Wal {
    /// Reads a log. One without a valid header has no commits.
    pub(super) fn read(file: &Path) -> io::Result<Wal> {
        let mut log = BufReader::with_capacity(1 << 20, File::open(file)?);
        let mut header = [0; HEADER];
        if !fill(&mut log, &mut header)? {
            return Ok(Wal::default());
        }
        let Some(mut reader) = Checked::new(&header) else { return Ok(Wal::default()) };
        let mut wal = Wal { page_size: reader.page_size, ..Wal::default() };
        let mut page = vec![0; usize::try_from(reader.page_size).unwrap_or_default()];
        let (mut head, mut open) = ([0; FRAME], Wal::default());
        while fill(&mut log, &mut head)? && fill(&mut log, &mut page)? {
            let Some(frame) = reader.frame(&head, &page) else { break };
            open.changed.insert(frame.page);
            if frame.page == 1
                && let Some(header) = Header::parse(&page).filter(|page| !page.mark.is_none())
            {
                let first = open.marks.map_or(header.mark, |(first, _)| first);
                open.marks = Some((first, header.mark));
            }
            if frame.pages_after > 0 {
                wal.add(std::mem::take(&mut open), frame.pages_after);
            }
        }
        Ok(wal)
    }

    fn add(&mut self, commit: Wal, pages: u32) {
        self.pages = pages;
        self.changed.extend(commit.changed);
        self.marks = match (self.marks, commit.marks) {
            (Some((first, _)), Some((_, last))) => Some((first, last)),
            (before, new) => before.or(new),
        };
    }
}

/// Fills a buffer; returns whether there was enough to read.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Checks each frame against the log's header and the frames before it.
struct Checked {
    page_size: u64,
    salts: [u8; 8],
    has_high_byte_first: bool,
    sums: (u32, u32),
}

struct Frame {
    page: u32,
    /// How many pages the database has after the commit that this frame ends; 0 in the other frames.
    pages_after: u32,
}

impl Checked {
    fn new(header: &[u8; HEADER]) -> Option<Checked> {
        let magic = word(header, 0)?;
        let page_size = u64::from(word(header, 8)?);
        let is_valid = magic & !1 == MAGIC
            && page_size.is_power_of_two()
            && (512..=MAX_PAGE).contains(&page_size);
        let mut checked = Checked {
            page_size,
            salts: header.get(16..24)?.try_into().ok()?,
            has_high_byte_first: magic & 1 == 1,
            sums: (0, 0),
        };
        checked.add(header.get(..24)?);
        let is_whole = checked.sums == (word(header, 24)?, word(header, 28)?);
        (is_valid && is_whole).then_some(checked)
    }

    fn frame(&mut self, head: &[u8; FRAME], page: &[u8]) -> Option<Frame> {
        if head.get(8..16)? != self.salts {
            return None;
        }
        self.add(head.get(..8)?);
        self.add(page);
        let is_whole = self.sums == (word(head, 16)?, word(head, 20)?);
        is_whole.then_some(Frame { page: word(head, 0)?, pages_after: word(head, 4)? })
    }

    fn add(&mut self, bytes: &[u8]) {
        let of = if self.has_high_byte_first { u32::from_be_bytes } else { u32::from_le_bytes };
        let (mut first, mut second) = self.sums;
        let (pairs, _) = bytes.as_chunks::<8>();
        for [a, b, c, d, e, f, g, h] in pairs {
            first = first.wrapping_add(of([*a, *b, *c, *d])).wrapping_add(second);
            second = second.wrapping_add(of([*e, *f, *g, *h])).wrapping_add(first);
        }
        self.sums = (first, second);
    }
}
