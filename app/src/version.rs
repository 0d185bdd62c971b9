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
