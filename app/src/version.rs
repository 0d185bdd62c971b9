//! Versions: a request that expects another version than the stored one is refused.

use hallpass_domain::refusal::Refusal;

/// The versions of which a request expects one (RFC 9110, `If-Match`); by default it expects none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Precondition(Option<Vec<String>>);

impl Precondition {
    /// Expects one of some versions, as `ETag` writes them.
    #[must_use]
    pub fn any_of(versions: Vec<String>) -> Precondition {
        Precondition(Some(versions))
    }

    /// Whether the request expects anything.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.0.is_some()
    }

    /// Checks the version that is stored.
    pub(crate) fn check(&self, stored: &str) -> Result<(), Refusal> {
        match &self.0 {
            Some(expected) if !expected.iter().any(|version| version == stored) => {
                Err(Refusal::Stale)
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// A precondition, and whether the use case has checked it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expected {
    precondition: Precondition,
    is_checked: bool,
}

impl Expected {
    pub(crate) fn new(precondition: &Precondition) -> Expected {
        Expected { precondition: precondition.clone(), is_checked: false }
    }

    /// Checks the version that is stored.
    pub(crate) fn check(&mut self, stored: &str) -> Result<(), Refusal> {
        self.is_checked = true;
        self.precondition.check(stored)
    }

    /// Refuses a precondition that was not checked.
    pub(crate) fn check_consumed(&self) -> Result<(), Refusal> {
        if self.precondition.is_given() && !self.is_checked {
            return Err(Refusal::Stale);
        }
        Ok(())
    }
}
