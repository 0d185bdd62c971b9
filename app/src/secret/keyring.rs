//! Secrets at rest: what the server must be able to read again, encrypted in the database.
//!
//! AES-256-GCM with a random nonce of 96 bits. What a secret is for and whose it is are authenticated:
//! a ciphertext that is moved to another row or column does not open.

use std::fmt;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};

use crate::environment::RandomSource;
use crate::error::Error;

/// The length of a key, in bytes.
pub const KEY_LENGTH: usize = 32;

/// The first byte of a ciphertext: how it is made.
const FORMAT: u8 = 1;

/// The length of the id of a key, in bytes.
const ID_LENGTH: usize = 4;

/// A key that encrypts secrets; its `Debug` form hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey([u8; KEY_LENGTH]);

impl SecretKey {
    /// Takes a key that was kept.
    #[must_use]
    pub fn kept(bytes: [u8; KEY_LENGTH]) -> SecretKey {
        SecretKey(bytes)
    }

    /// Makes a random key.
    pub fn random(random: &dyn RandomSource) -> SecretKey {
        let mut bytes = [0_u8; KEY_LENGTH];
        random.fill(&mut bytes);
        SecretKey(bytes)
    }

    /// The key itself, to keep it.
    #[must_use]
    pub fn expose(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }

    fn id(&self) -> [u8; ID_LENGTH] {
        let hash = Sha256::digest(self.0);
        let mut id = [0_u8; ID_LENGTH];
        id.iter_mut().zip(hash.iter()).for_each(|(to, from)| *to = *from);
        id
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// The keys of the server: the first one encrypts, each one decrypts.
pub struct Keyring(Vec<([u8; ID_LENGTH], LessSafeKey)>);

impl Keyring {
    /// Makes the keyring of some keys, the one that encrypts first. Without a key nothing is encrypted
    /// and nothing is read.
    ///
    /// # Errors
    ///
    /// `Broken` when the library takes no such key.
    pub fn new(keys: &[SecretKey]) -> Result<Keyring, Error> {
        let key = |key: &SecretKey| {
            let bound = UnboundKey::new(&AES_256_GCM, &key.0);
            let bound = bound.map_err(|_| Error::broken("a key of 32 bytes was refused"))?;
            Ok((key.id(), LessSafeKey::new(bound)))
        };
        keys.iter().map(key).collect::<Result<_, Error>>().map(Keyring)
    }

    /// Encrypts a secret. `purpose` says what it is for, such as `totp`, and `owner` whose it is, such as
    /// the bytes of an id: it opens for the same ones only.
    ///
    /// # Errors
    ///
    /// `Broken` when the server has no key.
    pub fn seal(
        &self,
        (purpose, owner): (&str, &[u8]),
        plain: &[u8],
        random: &dyn RandomSource,
    ) -> Result<Vec<u8>, Error> {
        let (id, key) = self.0.first().ok_or_else(no_key)?;
        let mut nonce = [0_u8; NONCE_LEN];
        random.fill(&mut nonce);
        let mut text = plain.to_vec();
        let about = Aad::from(about(purpose, owner));
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), about, &mut text)
            .map_err(|_| Error::broken("a secret is too long to encrypt"))?;
        Ok([&[FORMAT], id.as_slice(), &nonce, &text].concat())
    }

    /// Decrypts a secret.
    ///
    /// # Errors
    ///
    /// `Broken` when it was sealed for another purpose or owner, was changed, or its key is missing.
    pub fn open(
        &self,
        (purpose, owner): (&str, &[u8]),
        sealed: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let broken = || Error::broken(format!("a stored secret of `{purpose}` does not open"));
        let rest = sealed.strip_prefix(&[FORMAT]).ok_or_else(broken)?;
        let (id, rest) = rest.split_first_chunk::<ID_LENGTH>().ok_or_else(broken)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>().ok_or_else(broken)?;
        let (_, key) = self.0.iter().find(|(known, _)| known == id).ok_or_else(no_key)?;
        let mut text = text.to_vec();
        let about = Aad::from(about(purpose, owner));
        let nonce = Nonce::assume_unique_for_key(*nonce);
        key.open_in_place(nonce, about, &mut text)
            .map(|plain| plain.to_vec())
            .map_err(|_| broken())
    }

    /// Whether a secret was sealed with the key that encrypts now.
    #[must_use]
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        let id = sealed.strip_prefix(&[FORMAT]).and_then(|rest| rest.get(..ID_LENGTH));
        self.0.first().is_some_and(|(current, _)| id == Some(current.as_slice()))
    }
}

/// What is authenticated beside the secret. The length keeps `ab` of `c` from being `a` of `bc`.
fn about(purpose: &str, owner: &[u8]) -> Vec<u8> {
    let length = u64::try_from(purpose.len()).unwrap_or(u64::MAX).to_be_bytes();
    [&length, purpose.as_bytes(), owner].concat()
}

fn no_key() -> Error {
    Error::broken(
        "the server lacks the key of a stored secret; see `secret_key` in docs/configuration.md",
    )
}

#[cfg(test)]
mod tests;
