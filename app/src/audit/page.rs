//! A page of the audit log.

use hallpass_domain::audit::Entry;
use hallpass_domain::id::AuditId;
use hallpass_domain::time::Timestamp;

/// A page of entries, the latest first.
#[derive(Clone, Debug, Default)]
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<Entry>,
    /// The next page has entries below this one; none on the last page.
    pub next: Option<AuditId>,
    /// Where a search has looked at as many entries as it does: the time of the last of them. There may be more
    /// matches before it.
    pub reached: Option<Timestamp>,
}
