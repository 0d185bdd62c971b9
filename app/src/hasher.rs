//! Password hashes: Argon2id, as many at a time as the machine has threads, in memory that is reused.
//!
//! **Invariant:** what does not fit into the queue is refused at once, so that a storm of sign-ins neither
//! takes the memory of the machine nor makes the rest of the server wait.

mod cost;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Block, Params, PasswordHasher, Version};
use hallpass_domain::password::Password;
use hallpass_domain::refusal::Refusal;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use cost::HashCost;

use crate::environment::RandomSource;
use crate::error::Error;

/// How many requests wait for each thread.
const WAITING_FOR_EACH: usize = 64;

/// After how many seconds a client may repeat a request that did not fit.
const RETRY_AFTER: i64 = 2;

/// Hashes and verifies passwords.
pub struct Hasher {
    /// The requests that wait or are worked on.
    queue: Arc<Semaphore>,
    threads: Arc<Semaphore>,
    inner: Arc<HasherInner>,
}

struct HasherInner {
    cost: HashCost,
    /// The hash that is verified where there is no account, so that the time does not reveal it.
    decoy: String,
    /// The memory of threads that rest.
    memory: Mutex<Vec<Vec<Block>>>,
    hashes: AtomicU64,
}

/// Whether a password is that of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is another, or there is no hash.
    Wrong,
    /// It is, and the hash has the configured cost.
    Right,
    /// It is, and the hash has another cost.
    RightAtOtherCost,
}

impl Verdict {
    pub(crate) const fn is_right(self) -> bool {
        !matches!(self, Verdict::Wrong)
    }
}

impl Hasher {
    /// Creates a hasher for so many hashes at a time; each takes a thread and the memory of its cost for
    /// some milliseconds.
    pub fn new(
        threads: usize,
        cost: HashCost,
        random: &dyn RandomSource,
    ) -> Result<Hasher, Error> {
        let (threads, memory) = (threads.max(1), Mutex::default());
        let hashes = AtomicU64::new(0);
        let decoy = cost.argon2().hash_password_with_salt(b"", &salt(random));
        let decoy = decoy.map_err(|error| unusable(&error))?.to_string();
        Ok(Hasher {
            queue: Arc::new(Semaphore::new(threads * (1 + WAITING_FOR_EACH))),
            threads: Arc::new(Semaphore::new(threads)),
            inner: Arc::new(HasherInner { cost, decoy, memory, hashes }),
        })
    }

    /// How many hashes have been computed.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.inner.hashes.load(Ordering::Relaxed)
    }

    /// Hashes a password. `Busy` when too many wait.
    pub async fn hash(
        &self,
        password: &Password,
        random: &dyn RandomSource,
    ) -> Result<String, Error> {
        let (password, salt) = (password.clone(), salt(random));
        self.on_a_thread(move |inner| inner.hash(&password, &salt)).await?
    }

    /// Verifies a password against hashes. Each takes the same time, with a hash or without one. `Busy`
    /// when too many wait.
    pub(crate) async fn verify<const N: usize>(
        &self,
        password: &Password,
        hashes: [Option<&str>; N],
    ) -> Result<[Verdict; N], Error> {
        let password = password.clone();
        let hashes = hashes.map(|hash| hash.map(str::to_owned));
        self.on_a_thread(move |inner| hashes.map(|hash| inner.verify(&password, hash))).await
    }

    async fn on_a_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&HasherInner) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let place = Arc::clone(&self.queue).try_acquire_owned();
        let place = place.map_err(|_| Refusal::Busy { seconds: RETRY_AFTER })?;
        let thread = Arc::clone(&self.threads).acquire_owned().await;
        let thread = thread.map_err(|_| Error::broken("the hasher is closed"))?;
        let (inner, permits): (_, [OwnedSemaphorePermit; 2]) =
            (Arc::clone(&self.inner), [place, thread]);
        let done = tokio::task::spawn_blocking(move || {
            let done = work(&inner);
            drop(permits);
            done
        });
        done.await.map_err(|error| Error::broken(format!("hashing was aborted: {error}")))
    }
}

impl HasherInner {
    fn hash(&self, password: &Password, salt: &[u8]) -> Result<String, Error> {
        let (argon2, mut output) = (self.cost.argon2(), [0_u8; Params::DEFAULT_OUTPUT_LEN]);
        self.fill(&argon2, password, salt, &mut output).map_err(|error| unusable(&error))?;
        self.cost.encode(salt, &output).map_err(|error| unusable(&error))
    }

    fn verify(&self, password: &Password, hash: Option<String>) -> Verdict {
        let is_known = hash.is_some();
        let verified = self.compare(password, &hash.unwrap_or_else(|| self.decoy.clone()));
        match verified {
            Some(cost) if is_known && cost == self.cost => Verdict::Right,
            Some(_) if is_known => Verdict::RightAtOtherCost,
            Some(_) | None => Verdict::Wrong,
        }
    }

    /// The cost of a hash, if the password is right.
    fn compare(&self, password: &Password, hash: &str) -> Option<HashCost> {
        let hash = PasswordHash::new(hash).ok()?;
        let (salt, expected) = (hash.salt?, hash.hash?);
        let params = Params::try_from(&hash).ok()?;
        let cost = HashCost::of(&params);
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = hash.version.map_or(Ok(Version::V0x13), Version::try_from).ok()?;
        let mut output = vec![0_u8; expected.len()];
        let argon2 = Argon2::new(algorithm, version, params);
        self.fill(&argon2, password, &salt, &mut output).ok()?;
        let output = argon2::password_hash::phc::Output::new(&output).ok()?;
        // The comparison takes the same time wherever they differ.
        (output == expected).then_some(cost)
    }

    /// Computes a hash in memory that is reused.
    fn fill(
        &self,
        argon2: &Argon2<'_>,
        password: &Password,
        salt: &[u8],
        output: &mut [u8],
    ) -> argon2::Result<()> {
        self.hashes.fetch_add(1, Ordering::Relaxed);
        let mut memory = self.memory().pop().unwrap_or_default();
        let blocks = argon2.params().block_count();
        memory.resize(blocks.max(memory.len()), Block::default());
        let password = password.expose().as_bytes();
        let done = argon2.hash_password_into_with_memory(password, salt, output, &mut memory);
        // A hash of a larger cost, of an earlier configuration, does not keep its memory.
        memory.truncate(self.cost.argon2().params().block_count());
        memory.shrink_to_fit();
        self.memory().push(memory);
        done
    }

    fn memory(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn salt(random: &dyn RandomSource) -> [u8; 16] {
    let mut salt = [0_u8; 16];
    random.fill(&mut salt);
    salt
}

fn unusable(error: &dyn std::fmt::Display) -> Error {
    Error::broken(format!("cannot hash a password: {error}"))
}

#[cfg(test)]
mod tests;
