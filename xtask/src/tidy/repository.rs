//! What the checks of tidy read, and what they report.

use std::fmt;

use crate::source::{self, Line};
use crate::tree::File;

/// What the checks read.
pub(super) struct Repository<'e> {
    pub(super) rust: Vec<Source>,
    pub(super) markdown: Vec<File>,
    pub(super) sql: Vec<File>,
    /// The English texts of pages and of mails.
    pub(super) english: Vec<File>,
    pub(super) manifests: Vec<File>,
    /// Whether a path from the root exists.
    pub(super) exists: &'e dyn Fn(&str) -> bool,
}

/// A Rust file and its lines, split into code, strings and comments.
pub(super) struct Source {
    pub(super) file: File,
    pub(super) lines: Vec<Line>,
}

/// A violation: its location and what is wrong.
#[derive(Debug, PartialEq)]
pub(super) struct Violation {
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) message: String,
}

impl<'e> Repository<'e> {
    pub(super) fn new(files: Vec<File>, exists: &'e dyn Fn(&str) -> bool) -> Self {
        let (mut rust, mut markdown) = (Vec::new(), Vec::new());
        let (mut sql, mut manifests, mut english) = (Vec::new(), Vec::new(), Vec::new());
        for file in files {
            if file.is_rust() {
                rust.push(Source::new(file));
            } else if file.is_markdown() {
                markdown.push(file);
            } else if file.is_sql() {
                sql.push(file);
            } else if file.is_english() {
                english.push(file);
            } else if file.is_manifest() {
                manifests.push(file);
            }
        }
        Self { rust, markdown, sql, english, manifests, exists }
    }

    pub(super) fn count(&self) -> usize {
        let texts = self.markdown.len() + self.english.len();
        self.rust.len() + texts + self.sql.len() + self.manifests.len()
    }
}

impl Source {
    fn new(file: File) -> Self {
        let lines = source::split(&file.text);
        Self { file, lines }
    }
}

impl Violation {
    pub(super) fn new(file: &File, line: usize, message: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line, message: message.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.path, self.line, self.message)
    }
}
