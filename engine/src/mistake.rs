//! What is wrong in a text that people wrote: where, what, and what to do.

use std::fmt;

/// One mistake in a blueprint or a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Line in the text, from 1; 0 when the mistake is not at one place of a text.
    pub line: usize,
    /// Column in the line, from 1, in characters; 0 when the mistake is not at one place.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it, when that can be said.
    pub hint: Option<String>,
}

impl Mistake {
    /// A mistake that is not at one place of a text.
    pub(crate) fn unplaced(message: String, hint: Option<String>) -> Mistake {
        Mistake { line: 0, column: 0, message, hint }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "{}:{}: ", self.line, self.column)?;
        }
        f.write_str(&self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, "; {hint}"))
    }
}

/// Every mistake that was found, in the order of the text; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{mistake}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
