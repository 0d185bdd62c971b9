//! A workspace to be imported: its file, and what becomes of the ids in it.

use std::fs::File;

/// What becomes of the ids in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportedIds {
    /// They stay, which takes a server that has none of them.
    Kept,
    /// Each is replaced, wherever it is named.
    New,
}

/// A workspace to be imported.
#[derive(Debug)]
pub struct ImportRequest {
    /// Its export. It is read twice.
    pub file: File,
    /// Another slug than the file has.
    pub slug: Option<String>,
    /// What becomes of the ids in the file.
    pub ids: ImportedIds,
}
