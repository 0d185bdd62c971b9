//! Times that are far ahead: while a clock was ahead, something was planned for a time that is not near.

use hallpass_domain::time::Span;

use crate::app::App;
use crate::boxed;
use crate::error::Error;

/// How far ahead something is planned at most: a mail is tried again after six hours, and the clocks of servers
/// may differ.
const FURTHEST: Span = Span::hours(7);

/// The times that are far ahead.
pub struct FutureTimes<'a>(pub(crate) &'a App);

impl FutureTimes<'_> {
    /// Brings back what waits for a time that is further ahead than anything is planned: it is due now, or its
    /// period begins now. Returns how many times were brought back.
    #[boxed]
    pub async fn bring_back(&self) -> Result<u64, Error> {
        let now = self.0.now();
        let furthest = now + FURTHEST;
        let mut n = 0;
        // Reading does not keep others from writing.
        while self.0.db().read().await?.has_future_times(furthest).await? {
            let mut tx = self.0.db().write().await?;
            n += tx.bring_back_times(now, furthest).await?;
            tx.commit().await?;
        }
        Ok(n)
    }
}
