//! Idempotent requests: a request that is repeated with its key gets the first response.
//!
//! **Invariant:** what a request writes, its key and its response are committed by one transaction.
//! The commit of a use case hands the transaction over, and [`IdempotentRequests::settle`] commits it
//! once the response is known; a request that is not settled has written nothing. The form of a page is
//! different: see its file.

use hallpass_domain::time::Span;
use hallpass_store::idempotency::AnsweredRequest;
pub use hallpass_store::idempotency::StoredResponse;

pub use self::request::IdempotentRequest;
use self::request::Uncommitted;
use crate::app::App;
use crate::boxed;
use crate::error::Error;

pub(crate) mod count;
pub mod form;
pub(crate) mod request;

/// How long a key and its response are stored.
const RETENTION: Span = Span::days(1);

/// How many keys of an account are stored at once.
const MOST: i64 = 50_000;

/// What is known of a request with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It is the first with this key.
    Free,
    /// It was answered before.
    Answered(StoredResponse),
    /// The key was used for another request.
    Reused,
    /// The key is free, and the account has used as many as are stored.
    TooMany {
        /// How many are stored.
        most: i64,
        /// Seconds until the first of them is deleted.
        seconds: i64,
    },
}

/// Requests with an idempotency key, by the account of the principal.
pub struct IdempotentRequests<'a>(pub(crate) &'a App);

impl IdempotentRequests<'_> {
    /// Finds out whether a request was answered before.
    #[boxed]
    pub async fn find(&self, request: &IdempotentRequest) -> Result<KeyState, Error> {
        let mut tx = self.0.db().read().await?;
        let known = tx.idempotent_requests().find(request.account(), request.key()).await?;
        if let Some(known) = known {
            let is_same = known.hash == request.hash();
            return Ok(if is_same {
                KeyState::Answered(known.response)
            } else {
                KeyState::Reused
            });
        }
        // Counting thousands of keys for each request would take longer than most requests.
        let (account, now) = (request.account(), self.0.now());
        if self.0.key_counts().has_room(account, MOST, now) {
            return Ok(KeyState::Free);
        }
        let (stored, first) = tx.idempotent_requests().count(account).await?;
        self.0.key_counts().note(account, stored, now);
        let Some(first) = first.filter(|_| stored >= MOST) else { return Ok(KeyState::Free) };
        let rest = first + RETENTION - now;
        let seconds = rest.0.div_euclid(1_000_000).max(1);
        Ok(KeyState::TooMany { most: MOST, seconds })
    }

    /// Stores the response to a request, in the transaction that the request has written in, and
    /// commits it. Returns what is known of the request instead, and commits nothing, when a
    /// concurrent one has used the key first.
    ///
    /// # Errors
    ///
    /// `Broken` when the commit is not known to have happened: [`IdempotentRequests::find`] knows it
    /// as soon as the database does.
    #[boxed]
    pub async fn settle(
        &self,
        request: &IdempotentRequest,
        response: StoredResponse,
    ) -> Result<KeyState, Error> {
        let (mut tx, next, effects) = match request.take() {
            Some(Uncommitted { tx, next, effects }) => (tx, next, effects),
            None => (self.0.db().write().await?, None, Vec::new()),
        };
        let hash = request.hash().to_vec();
        let answered = AnsweredRequest { hash, response, at: self.0.now() };
        let (account, key) = (request.account(), request.key());
        if !tx.idempotent_requests().insert(account, key, &answered).await? {
            drop(tx);
            return self.find(request).await;
        }
        tx.commit().await?;
        if let Some(next) = &next {
            self.0.snapshots().insert(next);
        }
        for effect in effects {
            effect.await;
        }
        Ok(KeyState::Free)
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
