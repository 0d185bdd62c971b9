//! Requests to identity providers that are not answered yet, by the hash of their state.

use hallpass_domain::id::{AccountId, ConnectionId};
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::row::Row;
use crate::tx::Tx;
use crate::workspace_tx::WorkspaceTx;

/// A request that is not answered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOnRequest {
    /// The connection.
    pub connection: ConnectionId,
    /// The hash of the secret that the browser has.
    pub browser: Vec<u8>,
    /// What it is for.
    pub purpose: String,
    /// Who tests or connects.
    pub account: Option<AccountId>,
    /// Where to go on to.
    pub landing: String,
    /// The id that an answer of SAML repeats.
    pub request: String,
    /// What the provider has answered, encrypted.
    pub answer: Option<Vec<u8>>,
    /// From this time on, it counts no longer.
    pub expires_at: Timestamp,
}

/// The requests of a workspace, in a transaction.
pub struct SignOnRequests<'t>(&'t mut WorkspaceTx);

impl WorkspaceTx {
    /// The requests to identity providers.
    pub fn sign_on_requests(&mut self) -> SignOnRequests<'_> {
        SignOnRequests(self)
    }
}

impl SignOnRequests<'_> {
    /// Inserts a request.
    pub async fn insert(&mut self, state: &[u8], request: &SignOnRequest) -> Result<(), Error> {
        let sql = "INSERT INTO sign_on_requests (workspace_id, state, connection_id, browser, \
                   purpose, account_id, landing, request_id, answer, expires_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let values = [
            state.to_vec().into(),
            request.connection.into(),
            request.browser.clone().into(),
            request.purpose.as_str().into(),
            request.account.into(),
            request.landing.as_str().into(),
            request.request.as_str().into(),
            request.answer.clone().into(),
            request.expires_at.into(),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Finds a request that counts.
    pub async fn find(
        &mut self,
        state: &[u8],
        now: Timestamp,
    ) -> Result<Option<SignOnRequest>, Error> {
        let sql = "SELECT connection_id, browser, purpose, account_id, landing, request_id, \
                   answer, expires_at FROM sign_on_requests \
                   WHERE workspace_id = ?1 AND state = ?2 AND expires_at > ?3";
        let found = self.0.find(sql, &[state.to_vec().into(), now.into()]).await?;
        found.map(|row| from_row(&row)).transpose()
    }

    /// Takes a request away; returns whether it was there, so that it is used once.
    pub async fn delete(&mut self, state: &[u8]) -> Result<bool, Error> {
        let sql = "DELETE FROM sign_on_requests WHERE workspace_id = ?1 AND state = ?2";
        Ok(self.0.execute(sql, &[state.to_vec().into()]).await? == 1)
    }

    /// Stores what the provider has answered; returns whether there was no answer before.
    pub async fn save_answer(&mut self, state: &[u8], answer: &[u8]) -> Result<bool, Error> {
        let sql = "UPDATE sign_on_requests SET answer = ?3 \
                   WHERE workspace_id = ?1 AND state = ?2 AND answer IS NULL";
        let values = [state.to_vec().into(), answer.to_vec().into()];
        Ok(self.0.execute(sql, &values).await? == 1)
    }
}

impl Tx {
    /// Deletes the requests to providers and the used messages that count no longer, and the notes on
    /// sessions that began before a time.
    pub async fn delete_expired_sign_on(
        &mut self,
        now: Timestamp,
        began_before: Timestamp,
    ) -> Result<(), Error> {
        let sql = "DELETE FROM sign_on_requests WHERE expires_at <= ?1";
        self.execute(sql, &[now.into()]).await?;
        let sql = "DELETE FROM used_messages WHERE until <= ?1";
        self.execute(sql, &[now.into()]).await?;
        let sql = "DELETE FROM provider_sessions WHERE created_at < ?1";
        self.execute(sql, &[began_before.into()]).await.map(drop)
    }
}

fn from_row(row: &Row) -> Result<SignOnRequest, Error> {
    Ok(SignOnRequest {
        connection: row.id("connection_id")?.into(),
        browser: row.bytes("browser")?.to_vec(),
        purpose: row.text("purpose")?.to_owned(),
        account: row.optional("account_id", Row::id)?.map(Into::into),
        landing: row.text("landing")?.to_owned(),
        request: row.text("request_id")?.to_owned(),
        answer: row.optional("answer", Row::bytes)?.map(<[u8]>::to_vec),
        expires_at: row.time("expires_at")?,
    })
}
