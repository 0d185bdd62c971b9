//! The columns of sealed secrets, and their ciphertexts under one key or another.
//!
//! **Invariant:** [`SEALED`] lists every column with a ciphertext. What is not in it is not sealed again when
//! the key changes, and is lost with the key.

use uuid::Uuid;

use crate::error::Error;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;

/// How many bytes at the beginning of a ciphertext name its format and its key.
pub const HEAD: usize = 5;

/// A column of sealed secrets.
#[derive(Debug, PartialEq, Eq)]
pub struct SealedColumn {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The column with the id of the owner, which is authenticated beside the secret.
    owner: &'static str,
    /// What the secrets are for, which is authenticated too.
    pub purpose: &'static str,
}

/// The secrets of authenticator apps.
pub static TOTP_SECRETS: SealedColumn =
    SealedColumn { table: "totps", column: "secret", owner: "account_id", purpose: "totp" };

/// The client secrets and private keys of connections.
pub static CONNECTION_SECRETS: SealedColumn =
    SealedColumn { table: "connections", column: "secret", owner: "id", purpose: "connection" };

/// What identity providers have answered.
pub static SIGN_ON_ANSWERS: SealedColumn = SealedColumn {
    table: "sign_on_requests",
    column: "answer",
    owner: "connection_id",
    purpose: "connection",
};

/// Every column of sealed secrets.
pub static SEALED: [&SealedColumn; 3] = [&TOTP_SECRETS, &CONNECTION_SECRETS, &SIGN_ON_ANSWERS];

/// A stored ciphertext.
pub struct SealedSecret {
    /// The id of the owner.
    pub owner: Uuid,
    /// The ciphertext.
    pub sealed: Vec<u8>,
}

/// The ciphertexts, in a transaction.
pub struct SealedSecrets<'t>(&'t mut Tx);

impl Tx {
    /// The ciphertexts.
    pub fn sealed_secrets(&mut self) -> SealedSecrets<'_> {
        SealedSecrets(self)
    }
}

impl SealedSecrets<'_> {
    /// Counts the ciphertexts of a column by their heads.
    pub async fn count(&mut self, of: &SealedColumn) -> Result<Vec<(Vec<u8>, i64)>, Error> {
        let SealedColumn { table, column, .. } = of;
        let sql = format!(
            "SELECT substr({column}, 1, {HEAD}) AS head, count(*) AS n FROM {table} \
             WHERE {column} IS NOT NULL GROUP BY substr({column}, 1, {HEAD}) ORDER BY head"
        );
        let none: [Value; 0] = [];
        let rows = self.0.query(&sql, &none).await?;
        rows.iter().map(|row| Ok((row.bytes("head")?.to_vec(), row.int("n")?))).collect()
    }

    /// Lists ciphertexts of a column with another head than one, in their own order; those after one of
    /// them.
    pub async fn list_others(
        &mut self,
        of: &SealedColumn,
        head: &[u8],
        after: &[u8],
        limit: i64,
    ) -> Result<Vec<SealedSecret>, Error> {
        let SealedColumn { table, column, owner, .. } = of;
        let sql = format!(
            "SELECT {owner} AS owner, {column} AS sealed FROM {table} \
             WHERE {column} > ?1 AND substr({column}, 1, {HEAD}) <> ?2 ORDER BY {column} LIMIT ?3"
        );
        let values = [after.to_vec().into(), head.to_vec().into(), limit.into()];
        let secret = |row: &Row| {
            Ok(SealedSecret { owner: row.id("owner")?, sealed: row.bytes("sealed")?.to_vec() })
        };
        self.0.query(&sql, &values).await?.iter().map(secret).collect()
    }

    /// Replaces a ciphertext, unless it has changed. Returns whether it was still there.
    pub async fn replace(
        &mut self,
        of: &SealedColumn,
        before: &SealedSecret,
        after: &[u8],
    ) -> Result<bool, Error> {
        let SealedColumn { table, column, owner, .. } = of;
        let sql =
            format!("UPDATE {table} SET {column} = ?3 WHERE {owner} = ?1 AND {column} = ?2");
        let values = [before.owner.into(), before.sealed.clone().into(), after.to_vec().into()];
        Ok(self.0.execute(&sql, &values).await? > 0)
    }
}
