//! The output of a command, and errors as text.

use std::fmt::{Display, Write as _};
use std::io::{self, Write as _};
use std::process::ExitCode;

use hallpass_app::Error;
use hallpass_domain::refusal::Refusal;

/// What a command prints when it is done, and whether it succeeded.
pub(crate) struct Output {
    text: String,
    is_success: bool,
}

impl Output {
    /// No text, and success.
    pub(crate) fn new() -> Output {
        Output { text: String::new(), is_success: true }
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, line: impl Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    /// Makes the command fail unless a condition holds.
    pub(crate) fn require(&mut self, holds: bool) {
        self.is_success &= holds;
    }

    /// Prints everything. A reader that closes the pipe early, such as `head`, is not a failure.
    pub(crate) fn print(&self) -> Result<ExitCode, String> {
        print(&self.text)?;
        Ok(if self.is_success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Prints a text at once.
pub(crate) fn print(text: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write to standard output: {error}"))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// An error in one line, with every invalid field.
pub(crate) fn describe(error: &Error) -> String {
    match error {
        Error::Refused(Refusal::Fields(fields)) => {
            let each = fields.iter().map(|one| {
                let name = one.pointer.trim_start_matches('/');
                format!("`{name}`: {}", one.detail)
            });
            each.collect::<Vec<_>>().join("; ")
        }
        Error::Refused(_)
        | Error::NotSignedIn
        | Error::StepUp(_)
        | Error::SecondFactor(_)
        | Error::Denied(_)
        | Error::Missing { .. }
        | Error::DryRun
        | Error::Unconfirmed(_)
        | Error::TooSlow
        | Error::StorageFull(_)
        | Error::StorageFailing(_)
        | Error::Broken(_) => error.to_string(),
    }
}
