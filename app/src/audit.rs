//! The audit log: reading it.

use hallpass_domain::audit::Entry;
use hallpass_domain::id::AuditId;
pub use hallpass_store::audit::AuditQuery;

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::ReadAudit;
use crate::gate::{Pass, Permission};

impl WorkspaceContext {
    /// A page of the audit log, the latest first, and whether there is more.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn list_audit(
        &mut self,
        query: &AuditQuery,
        below: Option<AuditId>,
        limit: usize,
    ) -> Result<(Vec<Entry>, bool), Error> {
        let pass = self.check(ReadAudit).await?;
        self.audit_page(&pass, query, below, limit).await
    }

    pub(crate) async fn audit_page(
        &mut self,
        pass: &Pass<impl Permission>,
        query: &AuditQuery,
        below: Option<AuditId>,
        limit: usize,
    ) -> Result<(Vec<Entry>, bool), Error> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX - 1);
        let mut entries = self.tx(pass)?.audit().list(query, below, most + 1).await?;
        let has_more = entries.len() > limit;
        entries.truncate(limit);
        Ok((entries, has_more))
    }
}
