//! How many exports of a workspace there are at once: each takes memory for what its client has not read.

use std::sync::Arc;
use std::time::Duration;

use hallpass_domain::id::WorkspaceId;
use hallpass_store::share::{Place, ShareLimits, Shares};

/// How many there are.
const AT_ONCE: usize = 8;

/// A place among the exports of a workspace, until it is dropped.
pub struct ExportPlace(#[expect(dead_code, reason = "it is held")] Place<WorkspaceId>);

impl ExportPlace {
    pub(super) fn new(place: Place<WorkspaceId>) -> ExportPlace {
        ExportPlace(place)
    }
}

/// The places of every workspace. No export waits for one.
pub(crate) fn places() -> Arc<Shares<WorkspaceId>> {
    Shares::new(ShareLimits { most: AT_ONCE, waiting: 0, wait: Duration::ZERO })
}
