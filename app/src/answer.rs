//! Answers to requests that carry a key, so that one that is repeated is not done again.

use crate::app::App;
use crate::error::Error;
use crate::principal::Principal;

/// How a request with a key begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerState {
    /// It is the first with this key.
    Fresh,
    /// It was answered before.
    Answered {
        /// The status of the answer.
        status: u16,
        /// The body of the answer.
        body: String,
    },
    /// The first has no answer yet.
    UnderWay,
    /// The key was used for something else.
    Another,
}

impl App {
    /// Begins a request with a key.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn begin_once(
        &self,
        principal: &Principal,
        key: &str,
        request: &[u8],
    ) -> Result<AnswerState, Error> {
        let mut tx = self.db().write().await?;
        if tx.idempotent_requests().begin(principal.account(), key, request, self.now()).await?
        {
            tx.commit().await?;
            return Ok(AnswerState::Fresh);
        }
        let known = tx.idempotent_requests().find(principal.account(), key).await?;
        Ok(match known {
            Some(known) if known.request_hash != request => AnswerState::Another,
            Some(known) => match known.response {
                Some((status, body)) => {
                    AnswerState::Answered { status: u16::try_from(status).unwrap_or(200), body }
                }
                None => AnswerState::UnderWay,
            },
            None => AnswerState::UnderWay,
        })
    }

    /// Keeps the answer to a request with a key.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn answer_once(
        &self,
        principal: &Principal,
        key: &str,
        status: u16,
        body: &str,
    ) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        tx.idempotent_requests()
            .complete(principal.account(), key, i64::from(status), body)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Forgets a key: its request broke, and may be repeated.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn forget_once(&self, principal: &Principal, key: &str) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        tx.idempotent_requests().delete(principal.account(), key).await?;
        Ok(tx.commit().await?)
    }
}
