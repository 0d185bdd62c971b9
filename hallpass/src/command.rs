//! What the command line can do, one command a file.

pub(crate) mod blueprint;
pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod explain;
pub(crate) mod operations;
pub(crate) mod workspace;

use std::fmt::{Display, Write as _};
use std::io::{self, Write as _};
use std::process::ExitCode;

/// What a command says when it is done, and whether it is content.
pub(crate) struct Said {
    text: String,
    is_content: bool,
}

impl Said {
    /// Nothing yet, and no complaint.
    pub(crate) fn nothing() -> Said {
        Said { text: String::new(), is_content: true }
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, line: impl Display) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    /// Makes the command fail unless something holds.
    pub(crate) fn expect(&mut self, holds: bool) {
        self.is_content &= holds;
    }

    /// Prints it all. A reader who has seen enough, as `head` does, is no failure.
    pub(crate) fn print(&self) -> Result<ExitCode, String> {
        match io::stdout().write_all(self.text.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(format!("cannot print: {error}"))
            }
            Ok(()) | Err(_) if self.is_content => Ok(ExitCode::SUCCESS),
            Ok(()) | Err(_) => Ok(ExitCode::FAILURE),
        }
    }
}
