//! Links in mails, stored by the hash of their token; each can be used once, for one purpose.

use hallpass_domain::id::AccountId;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::tx::Tx;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// To confirm the address of an account.
    Confirm,
    /// To set a new password.
    Reset,
}

impl LinkKind {
    /// The kind in a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            LinkKind::Confirm => "confirm",
            LinkKind::Reset => "reset",
        }
    }
}

/// The links, in a transaction.
pub struct Links<'t>(&'t mut Tx);

impl Tx {
    /// The links.
    pub fn links(&mut self) -> Links<'_> {
        Links(self)
    }
}

impl Links<'_> {
    /// Inserts a link beside the account's other links.
    pub async fn insert(
        &mut self,
        kind: LinkKind,
        account: AccountId,
        token: &[u8],
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        let sql =
            "INSERT INTO links (token, kind, account_id, expires_at) VALUES (?1, ?2, ?3, ?4)";
        let values =
            [token.to_vec().into(), kind.word().into(), account.into(), expires_at.into()];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Finds the account of a link that has not expired.
    pub async fn find(
        &mut self,
        kind: LinkKind,
        token: &[u8],
        now: Timestamp,
    ) -> Result<Option<AccountId>, Error> {
        let sql = "SELECT account_id FROM links WHERE token = ?1 AND kind = ?2 \
                   AND expires_at > ?3";
        let values = [token.to_vec().into(), kind.word().into(), now.into()];
        let row = self.0.find(sql, &values).await?;
        row.map(|row| row.id("account_id").map(AccountId)).transpose()
    }

    /// Deletes a link that has not expired, and returns the account that it was for.
    pub async fn consume(
        &mut self,
        kind: LinkKind,
        token: &[u8],
        now: Timestamp,
    ) -> Result<Option<AccountId>, Error> {
        let sql = "DELETE FROM links WHERE token = ?1 AND kind = ?2 AND expires_at > ?3 \
                   RETURNING account_id";
        let values = [token.to_vec().into(), kind.word().into(), now.into()];
        let row = self.0.find(sql, &values).await?;
        row.map(|row| row.id("account_id").map(AccountId)).transpose()
    }

    /// Deletes an account's links of a kind.
    pub async fn delete(&mut self, kind: LinkKind, account: AccountId) -> Result<(), Error> {
        let sql = "DELETE FROM links WHERE account_id = ?1 AND kind = ?2";
        self.0.execute(sql, &[account.into(), kind.word().into()]).await.map(drop)
    }

    /// Deletes the links that have expired.
    pub async fn delete_expired(&mut self, now: Timestamp) -> Result<u64, Error> {
        self.0.execute("DELETE FROM links WHERE expires_at <= ?1", &[now.into()]).await
    }
}
