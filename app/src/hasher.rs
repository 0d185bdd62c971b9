//! Hashes of passwords: Argon2id, as many at once as the machine has places for.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use hallpass_domain::password::Password;
use tokio::sync::Semaphore;

use crate::environment::RandomSource;
use crate::error::Error;

/// Makes and checks hashes of passwords.
pub struct Hasher {
    places: Arc<Semaphore>,
    cost: HashCost,
    /// The hash that is checked where there is no account, so that it takes as long.
    decoy: String,
}

/// How dear a hash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashCost {
    /// 19 MiB, two rounds (OWASP).
    Usual,
    /// Next to nothing, for tests that sign many people in.
    Cheap,
}

impl HashCost {
    fn argon2(self) -> Argon2<'static> {
        let params = match self {
            HashCost::Usual => Params::new(19_456, 2, 1, None),
            HashCost::Cheap => Params::new(8, 1, 1, None),
        };
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params.unwrap_or_default())
    }
}

impl Hasher {
    /// A hasher that works on so many at once; each takes a thread and 19 MiB for some milliseconds.
    ///
    /// # Errors
    ///
    /// `Broken` when not even the decoy can be made.
    pub fn new(
        places: usize,
        cost: HashCost,
        random: &dyn RandomSource,
    ) -> Result<Hasher, Error> {
        let decoy = hash(cost, "", &salt(random))?;
        Ok(Hasher { places: Arc::new(Semaphore::new(places.max(1))), cost, decoy })
    }

    /// The hash of a password.
    ///
    /// # Errors
    ///
    /// `Broken` when the machine has no memory for it.
    pub async fn hash(
        &self,
        password: &Password,
        random: &dyn RandomSource,
    ) -> Result<String, Error> {
        let (password, salt, cost) = (password.clone(), salt(random), self.cost);
        self.on_a_thread(move || hash(cost, password.expose(), &salt)).await?
    }

    /// Whether a password is the one that was hashed; where there is no hash it is not, after as
    /// long a time.
    ///
    /// # Errors
    ///
    /// `Broken` when the machine has no memory for it.
    pub async fn verify(&self, password: &Password, hash: Option<&str>) -> Result<bool, Error> {
        let (password, is_there) = (password.clone(), hash.is_some());
        let (hash, cost) = (hash.unwrap_or(&self.decoy).to_owned(), self.cost);
        let verify = move || {
            let hash = PasswordHash::new(&hash).ok();
            hash.is_some_and(|hash| {
                cost.argon2().verify_password(password.expose().as_bytes(), &hash).is_ok()
            })
        };
        Ok(self.on_a_thread(verify).await? && is_there)
    }

    async fn on_a_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|_| Error::broken("the hasher is closed"))?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        });
        done.await.map_err(|error| Error::broken(format!("hashing broke off: {error}")))
    }
}

fn salt(random: &dyn RandomSource) -> [u8; 16] {
    let mut salt = [0_u8; 16];
    random.fill(&mut salt);
    salt
}

fn hash(cost: HashCost, password: &str, salt: &[u8]) -> Result<String, Error> {
    let hash = cost.argon2().hash_password_with_salt(password.as_bytes(), salt);
    hash.map(|hash| hash.to_string())
        .map_err(|error| Error::broken(format!("a password cannot be hashed: {error}")))
}
