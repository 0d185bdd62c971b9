//! Requests with an `Idempotency-Key`, and the responses they received.

use hallpass_domain::id::AccountId;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::row::Row;
use crate::tx::Tx;

/// A request with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotentRequest {
    /// The hash of the request.
    pub request_hash: Vec<u8>,
    /// Status and body of the response; `None` while the request is running.
    pub response: Option<(i64, String)>,
    /// When the request arrived.
    pub received_at: Timestamp,
}

/// The requests with a key, in a transaction.
pub struct IdempotentRequests<'t>(&'t mut Tx);

impl Tx {
    /// The requests with a key.
    pub fn idempotent_requests(&mut self) -> IdempotentRequests<'_> {
        IdempotentRequests(self)
    }
}

impl IdempotentRequests<'_> {
    /// Finds the request that used a key.
    pub async fn find(
        &mut self,
        account: AccountId,
        key: &str,
    ) -> Result<Option<IdempotentRequest>, Error> {
        let sql = "SELECT request_key, request_hash, status, body, at FROM answers \
                   WHERE account_id = ?1 AND request_key = ?2";
        let row = self.0.find(sql, &[account.into(), key.into()]).await?;
        row.map(|row| from_row(&row)).transpose()
    }

    /// Inserts a running request; returns whether its key was free.
    pub async fn begin(
        &mut self,
        account: AccountId,
        key: &str,
        request_hash: &[u8],
        now: Timestamp,
    ) -> Result<bool, Error> {
        let sql = "INSERT INTO answers (account_id, request_key, request_hash, status, body, at) \
                   VALUES (?1, ?2, ?3, NULL, NULL, ?4) \
                   ON CONFLICT (account_id, request_key) DO NOTHING";
        let values = [account.into(), key.into(), request_hash.to_vec().into(), now.into()];
        Ok(self.0.execute(sql, &values).await? == 1)
    }

    /// Stores the response to a request.
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

    /// Deletes a request that failed, so that it can be repeated.
    pub async fn delete(&mut self, account: AccountId, key: &str) -> Result<(), Error> {
        let sql = "DELETE FROM answers WHERE account_id = ?1 AND request_key = ?2";
        self.0.execute(sql, &[account.into(), key.into()]).await.map(drop)
    }

    /// Deletes the requests that arrived before a time.
    pub async fn delete_before(&mut self, time: Timestamp) -> Result<u64, Error> {
        self.0.execute("DELETE FROM answers WHERE at < ?1", &[time.into()]).await
    }
}

fn from_row(row: &Row) -> Result<IdempotentRequest, Error> {
    let status = row.optional("status", Row::int)?;
    let body = row.optional("body", Row::text)?.map(str::to_owned);
    Ok(IdempotentRequest {
        request_hash: row.bytes("request_hash")?.to_vec(),
        response: status.zip(body),
        received_at: row.time("at")?,
    })
}
