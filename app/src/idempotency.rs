//! Idempotent requests: a request that is repeated with its key gets the first response.

use hallpass_domain::time::Span;

use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::principal::Principal;

/// How long a key and its response are stored.
const RETENTION: Span = Span::days(1);

/// What is known of a request with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It is the first with this key: run it.
    New,
    /// It was answered before.
    Answered {
        /// The status of the response.
        status: u16,
        /// The body of the response.
        body: String,
    },
    /// The first one is still running.
    InProgress,
    /// The key was used for another request.
    Reused,
}

/// Requests with an idempotency key, by the account of the principal.
pub struct IdempotentRequests<'a>(pub(crate) &'a App);

impl IdempotentRequests<'_> {
    /// Reserves a key for a request, given by its hash.
    #[boxed]
    pub async fn begin(
        &self,
        principal: &Principal,
        key: &str,
        request_hash: &[u8],
    ) -> Result<KeyState, Error> {
        let (account, now) = (principal.account(), self.0.now());
        let mut tx = self.0.db().write().await?;
        if tx.idempotent_requests().begin(account, key, request_hash, now).await? {
            tx.commit().await?;
            return Ok(KeyState::New);
        }
        let known = tx.idempotent_requests().find(account, key).await?;
        Ok(match known {
            Some(known) if known.request_hash != request_hash => KeyState::Reused,
            Some(known) => match known.response {
                Some((status, body)) => {
                    KeyState::Answered { status: u16::try_from(status).unwrap_or(200), body }
                }
                None => KeyState::InProgress,
            },
            None => KeyState::InProgress,
        })
    }

    /// Stores the response to a request with a key.
    #[boxed]
    pub async fn complete(
        &self,
        principal: &Principal,
        key: &str,
        status: u16,
        body: &str,
    ) -> Result<(), Error> {
        let (account, status) = (principal.account(), i64::from(status));
        let mut tx = self.0.db().write().await?;
        tx.idempotent_requests().complete(account, key, status, body).await?;
        Ok(tx.commit().await?)
    }

    /// Releases a key whose request failed, so that the client can retry.
    #[boxed]
    pub async fn release(&self, principal: &Principal, key: &str) -> Result<(), Error> {
        let mut tx = self.0.db().write().await?;
        tx.idempotent_requests().delete(principal.account(), key).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes the keys and responses that have expired.
    #[boxed]
    pub async fn delete_expired(&self) -> Result<(), Error> {
        let before = self.0.now() - RETENTION;
        let mut tx = self.0.db().write().await?;
        tx.idempotent_requests().delete_before(before).await?;
        Ok(tx.commit().await?)
    }
}
