//! What an import would do or has done, and what is wrong with its file.

use std::collections::BTreeMap;
use std::fmt;

use hallpass_domain::id::WorkspaceId;

/// The most problems that are told at once; reading ends there.
pub const MOST_PROBLEMS: usize = 50;

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The line, from 1; none for what concerns the file as a whole.
    pub line: Option<u64>,
    /// What is wrong.
    pub text: String,
}

impl Problem {
    pub(super) fn at(line: u64, text: impl Into<String>) -> Problem {
        Problem { line: Some(line), text: text.into() }
    }

    pub(super) fn of_file(text: impl Into<String>) -> Problem {
        Problem { line: None, text: text.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// What an import would do, or has done.
#[derive(Clone, Debug, Default)]
pub struct ImportReport {
    /// The name of the workspace.
    pub name: String,
    /// Its slug.
    pub slug: String,
    /// The id of its access model.
    pub blueprint: String,
    /// How many lines there are of each kind.
    pub counts: BTreeMap<&'static str, u64>,
    /// How many members have an account whose address is confirmed.
    pub with_account: usize,
    /// How many members get an account that no one has confirmed: the holder of the mailbox sets its password.
    pub without_account: usize,
    /// What else the operator should know.
    pub notes: Vec<String>,
    /// What is wrong. Then nothing is imported.
    pub problems: Vec<Problem>,
    /// Whether there may be more problems behind the last one.
    pub is_cut: bool,
    /// The workspace, once it is there.
    pub workspace: Option<WorkspaceId>,
}

impl ImportReport {
    /// Adds problems. Returns whether there is room for more.
    pub(super) fn add(&mut self, problems: impl IntoIterator<Item = Problem>) -> bool {
        for problem in problems {
            if self.problems.len() >= MOST_PROBLEMS {
                self.is_cut = true;
                return false;
            }
            self.problems.push(problem);
        }
        true
    }
}
