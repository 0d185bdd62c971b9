//! Password hashes: Argon2id, as many at a time as the machine has threads.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use hallpass_domain::password::Password;
use tokio::sync::Semaphore;

use crate::environment::RandomSource;
use crate::error::Error;

/// Hashes and verifies passwords.
pub struct Hasher {
    permits: Arc<Semaphore>,
    cost: HashCost,
    /// The hash that is verified where there is no account, so that the time does not reveal it.
    decoy: String,
}

/// The cost of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashCost {
    /// 19 MiB, two rounds (OWASP).
    Usual,
    /// Almost none, for tests that sign many people in.
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
    /// Creates a hasher for so many hashes at a time; each takes a thread and 19 MiB for some
    /// milliseconds.
    pub fn new(
        threads: usize,
        cost: HashCost,
        random: &dyn RandomSource,
    ) -> Result<Hasher, Error> {
        let decoy = hash(cost, "", &salt(random))?;
        Ok(Hasher { permits: Arc::new(Semaphore::new(threads.max(1))), cost, decoy })
    }

    /// Hashes a password.
    pub async fn hash(
        &self,
        password: &Password,
        random: &dyn RandomSource,
    ) -> Result<String, Error> {
        let (password, salt, cost) = (password.clone(), salt(random), self.cost);
        self.on_a_thread(move || hash(cost, password.expose(), &salt)).await?
    }

    /// Verifies a password. Without a hash the answer is no, after the same time.
    pub async fn verify(&self, password: &Password, hash: Option<&str>) -> Result<bool, Error> {
        let (password, has_hash) = (password.clone(), hash.is_some());
        let (hash, cost) = (hash.unwrap_or(&self.decoy).to_owned(), self.cost);
        let verify = move || {
            let hash = PasswordHash::new(&hash).ok();
            hash.is_some_and(|hash| {
                cost.argon2().verify_password(password.expose().as_bytes(), &hash).is_ok()
            })
        };
        Ok(self.on_a_thread(verify).await? && has_hash)
    }

    async fn on_a_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_| Error::broken("the hasher is closed"))?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        done.await.map_err(|error| Error::broken(format!("hashing was aborted: {error}")))
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
        .map_err(|error| Error::broken(format!("cannot hash a password: {error}")))
}
