//! The rotation of the key: what is sealed with an earlier key is sealed with the current one, in batches.
//!
//! **Invariant:** a secret is replaced only where it has not changed since it was read, and an earlier key is
//! needed until no secret is left under it. So a rotation can end at any moment, and another one continues.

use hallpass_store::secret::{SEALED, SealedColumn, SealedSecret};
use serde_json::json;

use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::operation::Operator;

/// How many secrets of a column there are under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretCount {
    /// The column, as `table.column`.
    pub column: String,
    /// The id of the key, in hexadecimal digits.
    pub key: String,
    /// Whether that is the current key, an earlier one, or one that the server does not have.
    pub state: KeyState,
    /// How many secrets.
    pub count: i64,
}

/// What a key is to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It encrypts.
    Current,
    /// It decrypts.
    Earlier,
    /// The server does not have it.
    Missing,
}

/// How far a rotation has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many secrets were sealed with the current key.
    pub sealed: u64,
    /// How many do not open, because their key is missing or they were changed.
    pub unreadable: u64,
}

/// Where a rotation is: the column, and the last ciphertext that it has looked at.
#[derive(Clone, Debug, Default)]
pub struct Cursor {
    column: usize,
    after: Vec<u8>,
}

/// The stored secrets.
pub struct StoredSecrets<'a>(pub(crate) &'a App);

impl StoredSecrets<'_> {
    /// Returns the ids of the keys, the current one first.
    pub fn keys(&self, _: &Operator) -> Result<Vec<String>, Error> {
        Ok(self.0.key_heads()?.iter().map(|head| key_of(head)).collect())
    }

    /// Counts the secrets of each column by their keys.
    #[boxed]
    pub async fn count(&self, _: &Operator) -> Result<Vec<SecretCount>, Error> {
        let heads = self.0.key_heads()?;
        let mut tx = self.0.db().read().await?;
        let mut counts = Vec::new();
        for of in SEALED {
            for (head, count) in tx.sealed_secrets().count(of).await? {
                let state = match heads.iter().position(|known| known.as_slice() == head) {
                    Some(0) => KeyState::Current,
                    Some(_) => KeyState::Earlier,
                    None => KeyState::Missing,
                };
                let column = format!("{}.{}", of.table, of.column);
                counts.push(SecretCount { column, key: key_of(&head), state, count });
            }
        }
        Ok(counts)
    }

    /// Seals a batch of secrets with the current key. Returns where to continue; none after the last one.
    #[boxed]
    pub async fn seal_batch(
        &self,
        _: &Operator,
        cursor: Cursor,
        limit: i64,
        progress: &mut Progress,
    ) -> Result<Option<Cursor>, Error> {
        let Some(of) = SEALED.get(cursor.column).copied() else { return Ok(None) };
        let Some(head) = self.0.key_heads()?.first().copied() else { return Ok(None) };
        let mut tx = self.0.db().read().await?;
        let found = tx.sealed_secrets().list_others(of, &head, &cursor.after, limit).await?;
        drop(tx);
        let Some(last) = found.last().map(|last| last.sealed.clone()) else {
            return Ok(Some(Cursor { column: cursor.column + 1, after: Vec::new() }));
        };
        let mut tx = self.0.db().write().await?;
        for secret in &found {
            match self.seal_again(of, secret) {
                Some(sealed) => {
                    let sealed = sealed?;
                    if tx.sealed_secrets().replace(of, secret, &sealed).await? {
                        progress.sealed += 1;
                    }
                }
                None => progress.unreadable += 1,
            }
        }
        tx.commit().await?;
        Ok(Some(Cursor { column: cursor.column, after: last }))
    }

    /// Records that a rotation has come to its end.
    #[boxed]
    pub async fn record_rotation(
        &self,
        operator: &Operator,
        progress: Progress,
    ) -> Result<(), Error> {
        let key = self.keys(operator)?.into_iter().next().unwrap_or_default();
        let Progress { sealed, unreadable } = progress;
        let detail = json!({"sealed": sealed, "unreadable": unreadable});
        let operation = self.0.operations().build(operator, "secrets.rotate", &key, detail);
        let mut tx = self.0.db().write().await?;
        tx.operations().insert(&operation).await?;
        Ok(tx.commit().await?)
    }

    /// A secret under the current key; none where it does not open.
    fn seal_again(
        &self,
        of: &SealedColumn,
        secret: &SealedSecret,
    ) -> Option<Result<Vec<u8>, Error>> {
        let about = (of.purpose, secret.owner.as_bytes().as_slice());
        let plain = self.0.unseal(about, &secret.sealed).ok()?;
        Some(self.0.seal(about, &plain))
    }
}

/// The id of a key in the head of a ciphertext, in hexadecimal digits.
fn key_of(head: &[u8]) -> String {
    head.iter().skip(1).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}
