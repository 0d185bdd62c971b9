//! Who asks: somebody who has signed in, or a program with an API key of a member.

use hallpass_domain::api_key::ApiKey;
use hallpass_domain::id::{AccountId, ApiKeyId, SessionId, WorkspaceId};
use hallpass_domain::refusal::Refusal;

use crate::error::Error;

/// Somebody who has signed in, or a program of theirs. Only looking up a session or a key makes one.
#[derive(Clone, Debug)]
pub struct Principal {
    account: AccountId,
    by: By,
    pub(crate) request: String,
}

/// By what somebody is known.
#[derive(Clone, Debug)]
enum By {
    Session(SessionId),
    Key(WorkspaceId, Box<ApiKey>),
}

impl Principal {
    pub(crate) fn of_session(
        account: AccountId,
        session: SessionId,
        request: &str,
    ) -> Principal {
        Principal { account, by: By::Session(session), request: request.to_owned() }
    }

    pub(crate) fn of_key(
        account: AccountId,
        workspace: WorkspaceId,
        key: ApiKey,
        request: &str,
    ) -> Principal {
        Principal {
            account,
            by: By::Key(workspace, Box::new(key)),
            request: request.to_owned(),
        }
    }

    /// Whose account it is, for what only people do: to their account, and outside of workspaces.
    ///
    /// # Errors
    ///
    /// `NotByKey` when a program asks.
    pub fn person(&self) -> Result<AccountId, Error> {
        self.session().map(|_| self.account)
    }

    /// By which session.
    ///
    /// # Errors
    ///
    /// `NotByKey` when a program asks.
    pub fn session(&self) -> Result<SessionId, Error> {
        match &self.by {
            By::Session(session) => Ok(*session),
            By::Key(..) => Err(Refusal::NotByKey.into()),
        }
    }

    /// By which API key, and in which workspace alone it counts; none for somebody who has signed
    /// in.
    pub(crate) fn key(&self) -> Option<(WorkspaceId, &ApiKey)> {
        match &self.by {
            By::Session(_) => None,
            By::Key(workspace, key) => Some((*workspace, key)),
        }
    }

    /// The id of the API key, if it is one.
    #[must_use]
    pub fn key_id(&self) -> Option<ApiKeyId> {
        self.key().map(|(_, key)| key.id)
    }

    /// Whose account it is, whether they ask themselves or a program does.
    pub(crate) fn account(&self) -> AccountId {
        self.account
    }
}
