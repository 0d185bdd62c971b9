//! Prose: text with `code`, **strong** and *emphasised* words.

use std::fmt;

use askama::filters::{Html, HtmlSafe, escape};
use serde_json::Value;

/// Text with code and emphasis. It writes itself as HTML.
pub(super) struct Prose(String);

impl Prose {
    /// The text of a value; empty if it is no text.
    pub(super) fn of(value: &Value) -> Prose {
        Prose(value.as_str().unwrap_or_default().to_owned())
    }

    /// The paragraphs of a text.
    pub(super) fn paragraphs(value: &Value) -> Vec<Prose> {
        let text = value.as_str().unwrap_or_default();
        let parts = text.split("\n\n").filter(|part| !part.is_empty());
        parts.map(|part| Prose(part.to_owned())).collect()
    }
}

impl fmt::Display for Prose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, part) in self.0.split('`').enumerate() {
            if place % 2 == 1 {
                wrapped(f, "code", part)?;
            } else {
                emphasised(f, part)?;
            }
        }
        Ok(())
    }
}

fn emphasised(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for (place, part) in text.split("**").enumerate() {
        if place % 2 == 1 {
            wrapped(f, "strong", part)?;
            continue;
        }
        for (place, part) in part.split('*').enumerate() {
            if place % 2 == 1 {
                wrapped(f, "em", part)?;
            } else {
                escaped(f, part)?;
            }
        }
    }
    Ok(())
}

fn wrapped(f: &mut fmt::Formatter<'_>, element: &str, text: &str) -> fmt::Result {
    write!(f, "<{element}>")?;
    escaped(f, text)?;
    write!(f, "</{element}>")
}

fn escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let text = escape(text, Html).map_err(|_| fmt::Error)?;
    write!(f, "{text}")
}

/// Everything in it is escaped where it is written.
impl HtmlSafe for Prose {}
