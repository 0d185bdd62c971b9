//! Work that takes the processor for long: a few at a time, on a thread that serves no other request.
//!
//! **Invariant:** a workspace has one such work at a time, so that another one waits for at most that.

use std::sync::Arc;
use std::time::Duration;

use hallpass_domain::id::WorkspaceId;
use hallpass_domain::refusal::Refusal;
use hallpass_store::share::{ShareLimits, Shares};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Semaphore;

use crate::error::Error;

/// The longest text of an access model, in bytes, that is parsed in a few milliseconds.
pub(crate) const SHORT_MODEL: usize = 64 << 10;

/// So many members, profiles and roles are compiled in a few milliseconds.
pub(crate) const FEW: usize = 1_000;

/// How long work waits until it may begin.
const WAIT: Duration = Duration::from_secs(5);

/// How many of a workspace wait at most: each may have a connection to the database.
const WAITING: usize = 1;

/// After how many seconds a client may ask again for what did not fit.
const RETRY_AFTER: i64 = 5;

/// The places for such work.
pub(crate) struct Computations {
    places: Semaphore,
    shares: Arc<Shares<WorkspaceId>>,
}

impl Default for Computations {
    /// Half of the processors, so that the others are left for requests.
    fn default() -> Computations {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let limits = ShareLimits { most: 1, waiting: WAITING, wait: WAIT };
        Computations {
            places: Semaphore::new((threads / 2).max(1)),
            shares: Shares::new(limits),
        }
    }
}

impl Computations {
    /// Does work that takes the processor for long, for a workspace; what belongs to none yet has the nil
    /// id.
    ///
    /// # Errors
    ///
    /// `Busy` when too much of the workspace waits, or none becomes free in time.
    pub(crate) async fn run<T>(
        &self,
        workspace: WorkspaceId,
        work: impl FnOnce() -> T,
    ) -> Result<T, Error> {
        let busy = || Error::from(Refusal::Busy { seconds: RETRY_AFTER });
        let Computations { places, shares } = self;
        let _share = Shares::enter(shares, workspace).await.map_err(|_| busy())?;
        let place = tokio::time::timeout(WAIT, places.acquire()).await;
        let _place = place.map_err(|_| busy())?.map_err(|_| busy())?;
        Ok(apart(work))
    }
}

/// Does work while the other tasks of this thread go on elsewhere. A runtime of one thread has no other.
pub(crate) fn apart<T>(work: impl FnOnce() -> T) -> T {
    let flavor = Handle::try_current().map(|handle| handle.runtime_flavor());
    if matches!(flavor, Ok(RuntimeFlavor::MultiThread)) {
        tokio::task::block_in_place(work)
    } else {
        work()
    }
}

#[cfg(test)]
mod tests;
