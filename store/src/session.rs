//! Sessions as they are kept: by the hash of their token, which itself is nowhere.

pub mod attempt;
pub mod lookup;

use hallpass_domain::id::{AccountId, SessionId};
use hallpass_domain::session::Session;
use hallpass_domain::time::Timestamp;

use crate::account::MAY_SIGN_IN;
use crate::error::Error;
use crate::tx::Tx;
use crate::value::Row;

const COLUMNS: &str = "s.id, s.account_id, s.created_at, s.seen_at, s.client";

/// The sessions, in a transaction.
pub struct Sessions<'t>(&'t mut Tx);

impl Tx {
    /// The sessions.
    pub fn sessions(&mut self) -> Sessions<'_> {
        Sessions(self)
    }
}

impl Sessions<'_> {
    /// The session of a token's hash, unless its account was deleted or may not sign in.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`], here and below.
    pub async fn find(&mut self, token: &[u8]) -> Result<Option<Session>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM sessions s JOIN accounts a ON a.id = s.account_id \
             WHERE s.token = ?1 AND {MAY_SIGN_IN}"
        );
        self.0.find(&sql, &[token.to_vec().into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Every session of an account, the latest first.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn list(&mut self, account: AccountId) -> Result<Vec<Session>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM sessions s WHERE s.account_id = ?1 ORDER BY s.id DESC"
        );
        self.0.query(&sql, &[account.into()]).await?.iter().map(from_row).collect()
    }

    /// Adds a session.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn insert(&mut self, token: &[u8], session: &Session) -> Result<(), Error> {
        let sql = "INSERT INTO sessions (token, id, account_id, created_at, seen_at, client) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let values = [
            token.to_vec().into(),
            session.id.into(),
            session.account.into(),
            session.created_at.into(),
            session.seen_at.into(),
            session.client.as_str().into(),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn update_seen_at(&mut self, token: &[u8], now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE sessions SET seen_at = ?2 WHERE token = ?1";
        self.0.execute(sql, &[token.to_vec().into(), now.into()]).await.map(drop)
    }

    /// Whether a session of an account has not been ended.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn exists(&mut self, account: AccountId, id: SessionId) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM sessions WHERE account_id = ?1 AND id = ?2";
        Ok(self.0.find(sql, &[account.into(), id.into()]).await?.is_some())
    }

    /// Ends a session of an account; says whether there was one.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete(&mut self, account: AccountId, id: SessionId) -> Result<bool, Error> {
        let sql = "DELETE FROM sessions WHERE account_id = ?1 AND id = ?2";
        Ok(self.0.execute(sql, &[account.into(), id.into()]).await? > 0)
    }

    /// Ends every session of an account, but one where it is named.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete_all(
        &mut self,
        account: AccountId,
        but: Option<SessionId>,
    ) -> Result<(), Error> {
        let but = but.unwrap_or(SessionId(uuid::Uuid::nil()));
        let sql = "DELETE FROM sessions WHERE account_id = ?1 AND id <> ?2";
        self.0.execute(sql, &[account.into(), but.into()]).await.map(drop)
    }

    /// Takes away what has not been used since a time, or was begun before another.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete_expired(
        &mut self,
        seen: Timestamp,
        created: Timestamp,
    ) -> Result<u64, Error> {
        let sql = "DELETE FROM sessions WHERE seen_at < ?1 OR created_at < ?2";
        self.0.execute(sql, &[seen.into(), created.into()]).await
    }
}

fn from_row(row: &Row) -> Result<Session, Error> {
    Ok(Session {
        id: row.id(0)?.into(),
        account: row.id(1)?.into(),
        created_at: row.time(2)?,
        seen_at: row.time(3)?,
        client: row.text(4)?.to_owned(),
    })
}
