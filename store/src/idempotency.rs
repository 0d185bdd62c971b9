//! Requests with an `Idempotency-Key`, and the responses they received.

use hallpass_domain::id::AccountId;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::tx::Tx;
use crate::value::Row;

/// What is known of a request's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotentRequest {
    /// The hash of the request.
    pub request_hash: Vec<u8>,
    /// Status and body; none while the request is under way.
    pub response: Option<(i64, String)>,
    /// When the request came.
    pub received_at: Timestamp,
}

/// The answers, in a transaction.
pub struct IdempotentRequests<'t>(&'t mut Tx);

impl Tx {
    /// The answers.
    pub fn idempotent_requests(&mut self) -> IdempotentRequests<'_> {
        IdempotentRequests(self)
    }
}

impl IdempotentRequests<'_> {
    /// What is known of a key.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`], here and below.
    pub async fn find(
        &mut self,
        account: AccountId,
        key: &str,
    ) -> Result<Option<IdempotentRequest>, Error> {
        let sql = "SELECT request_hash, status, body, at FROM answers \
                   WHERE account_id = ?1 AND request_key = ?2";
        let row = self.0.find(sql, &[account.into(), key.into()]).await?;
        row.map(|row| {
            let status = row.optional(1, Row::int)?;
            let body = row.optional(2, Row::text)?.map(str::to_owned);
            Ok(IdempotentRequest {
                request_hash: row.bytes(0)?.to_vec(),
                response: status.zip(body),
                received_at: row.time(3)?,
            })
        })
        .transpose()
    }

    /// Notes that a request is under way; says whether its key was free.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn begin(
        &mut self,
        account: AccountId,
        key: &str,
        request: &[u8],
        now: Timestamp,
    ) -> Result<bool, Error> {
        let sql = "INSERT INTO answers (account_id, request_key, request_hash, status, body, at) \
                   VALUES (?1, ?2, ?3, NULL, NULL, ?4) \
                   ON CONFLICT (account_id, request_key) DO NOTHING";
        let values = [account.into(), key.into(), request.to_vec().into(), now.into()];
        Ok(self.0.execute(sql, &values).await? == 1)
    }

    /// Notes the answer to a request.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn complete(
        &mut self,
        account: AccountId,
        key: &str,
        status: i64,
        body: &str,
    ) -> Result<(), Error> {
        let sql = "UPDATE answers SET status = ?3, body = ?4 \
                   WHERE account_id = ?1 AND request_key = ?2";
        let values = [account.into(), key.into(), status.into(), body.into()];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Forgets a key: its request came to nothing and may be repeated.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete(&mut self, account: AccountId, key: &str) -> Result<(), Error> {
        let sql = "DELETE FROM answers WHERE account_id = ?1 AND request_key = ?2";
        self.0.execute(sql, &[account.into(), key.into()]).await.map(drop)
    }

    /// Takes away what is older than a time.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete_before(&mut self, before: Timestamp) -> Result<u64, Error> {
        self.0.execute("DELETE FROM answers WHERE at < ?1", &[before.into()]).await
    }
}
