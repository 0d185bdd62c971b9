//! Changes of an address that wait for the mailboxes, at most one for each account, stored by the hashes of
//! the tokens in their mails.

use hallpass_domain::address_change::{AddressChange, Mailbox};
use hallpass_domain::email::Email;
use hallpass_domain::id::AccountId;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::row::Row;
use crate::tx::Tx;

const SELECT: &str = "SELECT account_id, email, present_token, is_allowed, is_confirmed \
                      FROM address_changes";

/// The changes of address, in a transaction.
pub struct AddressChanges<'t>(&'t mut Tx);

impl Tx {
    /// The changes of address.
    pub fn address_changes(&mut self) -> AddressChanges<'_> {
        AddressChanges(self)
    }
}

impl AddressChanges<'_> {
    /// Inserts a change in place of the account's earlier one, with the hashes of the tokens for the
    /// present and the new mailbox.
    pub async fn replace(
        &mut self,
        change: &AddressChange,
        present: &[u8],
        new: &[u8],
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        self.delete(change.account).await?;
        let sql = "INSERT INTO address_changes (account_id, email, present_token, new_token, \
                   is_allowed, is_confirmed, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let values = [
            change.account.into(),
            change.email.as_str().into(),
            present.to_vec().into(),
            new.to_vec().into(),
            change.is_allowed.into(),
            change.is_confirmed.into(),
            expires_at.into(),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Finds the change of a token that has not expired, and the mailbox that the token was sent to.
    pub async fn find(
        &mut self,
        token: &[u8],
        now: Timestamp,
    ) -> Result<Option<(AddressChange, Mailbox)>, Error> {
        let sql = format!(
            "{SELECT} WHERE (present_token = ?1 OR new_token = ?1) AND expires_at > ?2"
        );
        let row = self.0.find(&sql, &[token.to_vec().into(), now.into()]).await?;
        let Some(row) = row else { return Ok(None) };
        let is_present = row.bytes("present_token")? == token;
        let mailbox = if is_present { Mailbox::Present } else { Mailbox::New };
        Ok(Some((from_row(&row)?, mailbox)))
    }

    /// Records that the mailbox of a token agrees.
    pub async fn agree(&mut self, token: &[u8]) -> Result<(), Error> {
        let sql = "UPDATE address_changes SET is_allowed = is_allowed OR present_token = ?1, \
                   is_confirmed = is_confirmed OR new_token = ?1 \
                   WHERE present_token = ?1 OR new_token = ?1";
        self.0.execute(sql, &[token.to_vec().into()]).await.map(drop)
    }

    /// Deletes the change of an account that has not expired, and returns it.
    pub async fn consume(
        &mut self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Option<AddressChange>, Error> {
        let sql = "DELETE FROM address_changes WHERE account_id = ?1 AND expires_at > ?2 \
                   RETURNING account_id, email, is_allowed, is_confirmed";
        let row = self.0.find(sql, &[account.into(), now.into()]).await?;
        row.map(|row| from_row(&row)).transpose()
    }

    /// Deletes the change of an account.
    pub async fn delete(&mut self, account: AccountId) -> Result<(), Error> {
        let sql = "DELETE FROM address_changes WHERE account_id = ?1";
        self.0.execute(sql, &[account.into()]).await.map(drop)
    }

    /// Deletes the changes that have expired.
    pub async fn delete_expired(&mut self, now: Timestamp) -> Result<u64, Error> {
        self.0
            .execute("DELETE FROM address_changes WHERE expires_at <= ?1", &[now.into()])
            .await
    }
}

fn from_row(row: &Row) -> Result<AddressChange, Error> {
    Ok(AddressChange {
        account: row.id("account_id")?.into(),
        email: row.parsed("email", Email::stored)?,
        is_allowed: row.bool("is_allowed")?,
        is_confirmed: row.bool("is_confirmed")?,
    })
}
