//! The problems of a configuration, all reported at once.

use std::fmt::Display;

/// What is wrong, a line each.
#[derive(Default)]
pub(crate) struct Problems(Vec<String>);

impl Problems {
    pub(super) fn add(&mut self, problem: impl Display) {
        self.0.push(problem.to_string());
    }

    /// The value, if there is no problem.
    pub(super) fn or<T>(self, value: Option<T>) -> Result<T, String> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            Some(_) | None => Err(self.0.join("\nhallpass: ")),
        }
    }
}
