//! What a request expects of the version that it changes.
//!
//! **Invariant:** a request with a precondition that no use case has checked does not commit.

use hallpass_domain::refusal::Refusal;

use super::WorkspaceContext;

impl WorkspaceContext {
    /// Checks the version of what a request changes against the one that it expects.
    pub(crate) fn check_version(&mut self, stored: i64) -> Result<(), Refusal> {
        self.check_tag(&stored.to_string())
    }

    /// Like [`WorkspaceContext::check_version`], for what has a text as its version.
    pub(crate) fn check_tag(&mut self, stored: &str) -> Result<(), Refusal> {
        self.expected.check(stored)
    }

    /// Refuses a precondition that no use case has checked: what has no version matches none.
    pub(crate) fn check_nothing_expected(&self) -> Result<(), Refusal> {
        self.expected.check_consumed()
    }
}
