//! Mistakes in a blueprint or a workspace: where each is, what is wrong, and what to do.

use std::fmt;

/// A mistake in a blueprint or a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line in the text, from 1; 0 when the mistake has no position.
    pub line: usize,
    /// The column in the line, from 1, in characters; 0 when the mistake has no position.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it, when there is a suggestion.
    pub hint: Option<String>,
}

impl Mistake {
    /// A mistake without a position in a text.
    pub(crate) fn unplaced(message: String, hint: Option<String>) -> Mistake {
        Mistake { line: 0, column: 0, message, hint }
    }

    /// The mistake of an id that does not exist.
    pub(crate) fn unknown(noun: &str, id: &str) -> Mistake {
        Mistake::unplaced(format!("unknown {noun} `{}`", id.escape_debug()), None)
    }

    /// The mistake of an id that is used twice.
    pub(crate) fn duplicate(noun: &str, id: &str) -> Mistake {
        Mistake::unplaced(format!("duplicate {noun} `{}`", id.escape_debug()), None)
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
