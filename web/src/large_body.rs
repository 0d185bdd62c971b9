//! Large bodies: how many are in memory at once, of one address and of all.
//!
//! **Invariant:** what clients can make the server keep in memory by sending bodies slowly is bounded,
//! also by clients that are not signed in.

pub(crate) mod layer;

use std::sync::Arc;
use std::time::Duration;

use hallpass_app::Error;
use hallpass_app::share::{Place, ShareLimits, Shares};
use hallpass_domain::refusal::Refusal;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Problem;

/// How many large bodies there are at once.
const AT_ONCE: usize = 48;

/// How many of them one address sends, and how many more of it wait.
const OF_ADDRESS: usize = 8;
const WAITING: usize = 64;

/// How long one waits.
const WAIT: Duration = Duration::from_secs(5);

/// After how many seconds a client may try again.
const RETRY_AFTER: i64 = 5;

/// The places for large bodies.
pub struct LargeBodies {
    all: Arc<Semaphore>,
    of_address: Arc<Shares<String>>,
}

/// A place for a large body, until the request is answered.
pub(crate) struct BodyPlace {
    _all: OwnedSemaphorePermit,
    _of_address: Place<String>,
}

impl Default for LargeBodies {
    fn default() -> LargeBodies {
        let limits = ShareLimits { most: OF_ADDRESS, waiting: WAITING, wait: WAIT };
        LargeBodies { all: Arc::new(Semaphore::new(AT_ONCE)), of_address: Shares::new(limits) }
    }
}

impl LargeBodies {
    /// Waits for a place for the large body of a client.
    ///
    /// # Errors
    ///
    /// `busy` when too many of the address wait already, or none becomes free in time.
    async fn enter(&self, network: String) -> Result<BodyPlace, Problem> {
        let busy = || Problem::from(Error::from(Refusal::Busy { seconds: RETRY_AFTER }));
        let own = Shares::enter(&self.of_address, network).await.map_err(|_| busy())?;
        let all = tokio::time::timeout(WAIT, Arc::clone(&self.all).acquire_owned()).await;
        let all = all.map_err(|_| busy())?.map_err(|_| busy())?;
        Ok(BodyPlace { _all: all, _of_address: own })
    }
}
