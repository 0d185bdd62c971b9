//! Prose: text in which what stands in backticks is code.

use std::fmt;

use askama::filters::{Html, HtmlSafe, escape};
use serde_json::Value;

/// Text in which what stands in backticks is code. It writes itself as HTML.
pub(super) struct Prose(String);

impl Prose {
    pub(super) fn new(text: &str) -> Prose {
        Prose(text.to_owned())
    }

    /// The text of a value; nothing of what is no text.
    pub(super) fn of(value: &Value) -> Prose {
        Prose::new(value.as_str().unwrap_or_default())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Prose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, part) in self.0.split('`').enumerate() {
            let part = escape(part, Html).map_err(|_| fmt::Error)?;
            if place % 2 == 1 {
                write!(f, "<code>{part}</code>")?;
            } else {
                write!(f, "{part}")?;
            }
        }
        Ok(())
    }
}

/// Everything in it is escaped where it is written.
impl HtmlSafe for Prose {}
