//! Who asks: somebody who has signed in.

use hallpass_domain::id::{AccountId, SessionId};

/// Somebody who has signed in. Only looking up a session makes one.
#[derive(Clone, Debug)]
pub struct Caller {
    pub(crate) account: AccountId,
    pub(crate) session: SessionId,
    pub(crate) request: String,
}

impl Caller {
    /// Whose account it is.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// By which session.
    #[must_use]
    pub fn session(&self) -> SessionId {
        self.session
    }
}
