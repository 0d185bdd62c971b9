//! The audit log: list entries.

use hallpass_domain::audit::Entry;
use hallpass_domain::id::AuditId;
pub use hallpass_store::audit::AuditQuery;

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::ReadAudit;
use crate::gate::{Pass, Permission};

/// The audit log of a workspace.
pub struct AuditLog<'c>(pub(crate) &'c mut WorkspaceContext);

impl AuditLog<'_> {
    /// Lists a page of entries, the latest first, with whether there are more.
    pub async fn list(
        &mut self,
        query: &AuditQuery,
        below: Option<AuditId>,
        limit: usize,
    ) -> Result<(Vec<Entry>, bool), Error> {
        let pass = self.0.check(ReadAudit).await?;
        self.list_with(&pass, query, below, limit).await
    }

    /// Lists a page of entries under a pass that another noun has asked for.
    pub(crate) async fn list_with(
        &mut self,
        pass: &Pass<impl Permission>,
        query: &AuditQuery,
        below: Option<AuditId>,
        limit: usize,
    ) -> Result<(Vec<Entry>, bool), Error> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX - 1);
        let mut entries = self.0.read(pass)?.audit().list(query, below, most + 1).await?;
        let has_more = entries.len() > limit;
        entries.truncate(limit);
        Ok((entries, has_more))
    }
}
