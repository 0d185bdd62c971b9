//! Secrets at rest: what the server must be able to read again, encrypted in the database.
//!
//! AES-256-GCM with a random nonce of 96 bits. What a secret is for and whose it is are authenticated:
//! a ciphertext that is moved to another row or column does not open.

use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use hallpass_store::secret::HEAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};

use crate::environment::RandomSource;
use crate::error::Error;

/// The length of a key, in bytes.
pub const KEY_LENGTH: usize = 32;

/// The first byte of a ciphertext: how it is made.
const FORMAT: u8 = 1;

/// The length of the id of a key, in bytes.
const ID_LENGTH: usize = HEAD - 1;

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

/// A key in a keyring: its id, and what encrypts with it.
type Bound = ([u8; ID_LENGTH], Arc<LessSafeKey>);

/// Where the keys are kept, for a process that runs while they change.
pub trait KeySource: Send + Sync {
    /// Loads the keys, the one that encrypts first.
    fn load(&self) -> Result<Vec<SecretKey>, Error>;
}

/// The keys of the server: the first one encrypts, each one decrypts.
///
/// **Invariant:** with a source, a secret is sealed with the key that is current there at that moment, so a
/// process that has started before a rotation stores nothing under the key that is about to go.
pub struct Keyring {
    keys: RwLock<Vec<Bound>>,
    source: OnceLock<Arc<dyn KeySource>>,
}

impl Keyring {
    /// Makes the keyring of some keys, the one that encrypts first. Without a key nothing is encrypted
    /// and nothing is read.
    ///
    /// # Errors
    ///
    /// `Broken` when the library takes no such key.
    pub fn new(keys: &[SecretKey]) -> Result<Keyring, Error> {
        Ok(Keyring { keys: RwLock::new(bind(keys)?), source: OnceLock::new() })
    }

    /// Loads the keys from a source whenever they may have changed.
    pub fn use_source(&self, source: Arc<dyn KeySource>) {
        let _ = self.source.set(source);
    }

    /// Loads the keys again where there is a source.
    fn reload(&self) -> Result<(), Error> {
        let Some(source) = self.source.get() else { return Ok(()) };
        let keys = bind(&source.load()?)?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    fn current(&self) -> Result<Bound, Error> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.first().cloned().ok_or_else(no_key)
    }

    fn find(&self, id: [u8; ID_LENGTH]) -> Option<Arc<LessSafeKey>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.iter().find(|(known, _)| *known == id).map(|(_, key)| Arc::clone(key))
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
        self.reload()?;
        let (id, key) = self.current()?;
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
        let key = match self.find(*id) {
            Some(key) => key,
            // Another process may have made a new key since.
            None => {
                self.reload()?;
                self.find(*id).ok_or_else(no_key)?
            }
        };
        let mut text = text.to_vec();
        let about = Aad::from(about(purpose, owner));
        let nonce = Nonce::assume_unique_for_key(*nonce);
        key.open_in_place(nonce, about, &mut text)
            .map(|plain| plain.to_vec())
            .map_err(|_| broken())
    }

    /// The heads of what the keys have sealed, the current one first.
    pub(crate) fn heads(&self) -> Result<Vec<[u8; HEAD]>, Error> {
        self.reload()?;
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        Ok(keys.iter().map(|(id, _)| head(*id)).collect())
    }
}

fn head(id: [u8; ID_LENGTH]) -> [u8; HEAD] {
    let mut head = [FORMAT; HEAD];
    head.iter_mut().skip(1).zip(id).for_each(|(to, from)| *to = from);
    head
}

fn bind(keys: &[SecretKey]) -> Result<Vec<Bound>, Error> {
    let bind = |key: &SecretKey| {
        let bound = UnboundKey::new(&AES_256_GCM, &key.0);
        let bound = bound.map_err(|_| Error::broken("a key of 32 bytes was refused"))?;
        Ok((key.id(), Arc::new(LessSafeKey::new(bound))))
    };
    keys.iter().map(bind).collect()
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
