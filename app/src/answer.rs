//! Answers to requests that carry a key, so that one that is repeated is not done again.

use crate::caller::Caller;
use crate::error::Error;
use crate::house::House;

/// How a request with a key begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
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

impl House {
    /// Begins a request with a key.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn begin_once(
        &self,
        caller: &Caller,
        key: &str,
        request: &[u8],
    ) -> Result<Begun, Error> {
        let mut tx = self.db().write().await?;
        if tx.answers().begin(caller.account(), key, request, self.now()).await? {
            tx.commit().await?;
            return Ok(Begun::Fresh);
        }
        let known = tx.answers().find(caller.account(), key).await?;
        Ok(match known {
            Some(known) if known.request != request => Begun::Another,
            Some(known) => match known.given {
                Some((status, body)) => {
                    Begun::Answered { status: u16::try_from(status).unwrap_or(200), body }
                }
                None => Begun::UnderWay,
            },
            None => Begun::UnderWay,
        })
    }

    /// Keeps the answer to a request with a key.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn answer_once(
        &self,
        caller: &Caller,
        key: &str,
        status: u16,
        body: &str,
    ) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        tx.answers().give(caller.account(), key, i64::from(status), body).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets a key: its request broke, and may be repeated.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn forget_once(&self, caller: &Caller, key: &str) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        tx.answers().forget(caller.account(), key).await?;
        Ok(tx.commit().await?)
    }
}
