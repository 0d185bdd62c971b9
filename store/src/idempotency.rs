//! The keys of requests with an `Idempotency-Key`, and the responses to these requests.

use hallpass_domain::id::AccountId;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::query::json;
use crate::row::Row;
use crate::tx::Tx;

/// A response as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredResponse {
    /// The status.
    pub status: u16,
    /// The headers that are repeated, by name.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// A request with a key that has been answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnsweredRequest {
    /// The hash of the request.
    pub hash: Vec<u8>,
    /// The response.
    pub response: StoredResponse,
    /// When it was stored.
    pub at: Timestamp,
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
    ) -> Result<Option<AnsweredRequest>, Error> {
        let sql = "SELECT request_key, request_hash, status, headers, body, at FROM stored_responses \
             WHERE account_id = ?1 AND request_key = ?2";
        let row = self.0.find(sql, &[account.into(), key.into()]).await?;
        row.map(|row| from_row(&row)).transpose()
    }

    /// Counts the stored responses of an account, and finds the time of the first.
    pub async fn count(
        &mut self,
        account: AccountId,
    ) -> Result<(i64, Option<Timestamp>), Error> {
        let sql = "SELECT COUNT(*) AS n, MIN(at) AS first FROM stored_responses \
                   WHERE account_id = ?1";
        let row = self.0.query_one(sql, &[account.into()]).await?;
        Ok((row.int("n")?, row.optional("first", Row::time)?))
    }

    /// Inserts a request, and returns whether its key was free. If another transaction has used the
    /// key, waits for its end.
    pub async fn insert(
        &mut self,
        account: AccountId,
        key: &str,
        request: &AnsweredRequest,
    ) -> Result<bool, Error> {
        let sql = "INSERT INTO stored_responses \
                   (account_id, request_key, request_hash, status, headers, body, at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
                   ON CONFLICT (account_id, request_key) DO NOTHING";
        let response = &request.response;
        let values = [
            account.into(),
            key.into(),
            request.hash.clone().into(),
            i64::from(response.status).into(),
            json(&response.headers),
            response.body.as_str().into(),
            request.at.into(),
        ];
        Ok(self.0.execute(sql, &values).await? == 1)
    }

    /// Replaces the stored response of a request.
    pub async fn update(
        &mut self,
        account: AccountId,
        key: &str,
        response: &StoredResponse,
    ) -> Result<(), Error> {
        let sql = "UPDATE stored_responses SET status = ?3, headers = ?4, body = ?5 \
                   WHERE account_id = ?1 AND request_key = ?2";
        let values = [
            account.into(),
            key.into(),
            i64::from(response.status).into(),
            json(&response.headers),
            response.body.as_str().into(),
        ];
        self.0.execute(sql, &values).await?;
        Ok(())
    }

    /// Deletes a request, whose key is free then.
    pub async fn delete(&mut self, account: AccountId, key: &str) -> Result<(), Error> {
        let sql = "DELETE FROM stored_responses WHERE account_id = ?1 AND request_key = ?2";
        self.0.execute(sql, &[account.into(), key.into()]).await?;
        Ok(())
    }

    /// Deletes the responses that were stored before a time.
    pub async fn delete_before(&mut self, time: Timestamp) -> Result<u64, Error> {
        self.0.execute("DELETE FROM stored_responses WHERE at < ?1", &[time.into()]).await
    }
}

fn from_row(row: &Row) -> Result<AnsweredRequest, Error> {
    let status = row.int("status")?;
    let response = StoredResponse {
        status: u16::try_from(status).map_err(|_| row.corrupt("status"))?,
        headers: row.json("headers")?,
        body: row.text("body")?.to_owned(),
    };
    let hash = row.bytes("request_hash")?.to_vec();
    Ok(AnsweredRequest { hash, response, at: row.time("at")? })
}
