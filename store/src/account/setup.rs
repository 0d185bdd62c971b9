//! The link by which the first account of a server is created, stored by the hash of its token.

use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::tx::Tx;

/// The set-up link, in a transaction.
pub struct SetupLinks<'t>(&'t mut Tx);

impl Tx {
    /// The set-up link.
    pub fn setup_links(&mut self) -> SetupLinks<'_> {
        SetupLinks(self)
    }
}

impl SetupLinks<'_> {
    /// Inserts a link in place of the earlier one.
    pub async fn replace(&mut self, token: &[u8], expires_at: Timestamp) -> Result<(), Error> {
        self.delete().await?;
        let sql = "INSERT INTO setup_links (token, expires_at) VALUES (?1, ?2)";
        self.0.execute(sql, &[token.to_vec().into(), expires_at.into()]).await.map(drop)
    }

    /// Whether a link exists that has not expired.
    pub async fn is_valid(&mut self, token: &[u8], now: Timestamp) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM setup_links WHERE token = ?1 AND expires_at > ?2";
        Ok(self.0.find(sql, &[token.to_vec().into(), now.into()]).await?.is_some())
    }

    /// Deletes a link that has not expired. Returns whether there was one.
    pub async fn consume(&mut self, token: &[u8], now: Timestamp) -> Result<bool, Error> {
        let sql = "DELETE FROM setup_links WHERE token = ?1 AND expires_at > ?2";
        Ok(self.0.execute(sql, &[token.to_vec().into(), now.into()]).await? == 1)
    }

    /// Deletes the link.
    pub async fn delete(&mut self) -> Result<(), Error> {
        let none: [crate::value::Value; 0] = [];
        self.0.execute("DELETE FROM setup_links", &none).await.map(drop)
    }
}
