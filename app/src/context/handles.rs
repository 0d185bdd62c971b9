//! The handles of a workspace context: one for each noun, by which a use case is called.
//!
//! A handle borrows the context for one call: `ctx.search().find(text)`. Its file holds the use cases
//! of its noun and nothing else.

use super::WorkspaceContext;
use crate::access::Access;
use crate::api_key::ApiKeys;
use crate::audit::AuditLog;
use crate::billing::WorkspaceBilling;
use crate::dashboard::Dashboard;
use crate::export::Export;
use crate::ownership::Ownership;
use crate::report::Reports;
use crate::search::Search;
use crate::workspace::CurrentWorkspace;

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident: $handle:ident;)*) => {
        impl WorkspaceContext {$(
            $(#[$doc])*
            pub fn $name(&mut self) -> $handle<'_> {
                $handle(self)
            }
        )*}
    };
}

handles! {
    /// Questions about access.
    access: Access;
    /// API keys.
    api_keys: ApiKeys;
    /// The audit log.
    audit: AuditLog;
    /// Plan, billing details, invoices, billing contact.
    billing: WorkspaceBilling;
    /// The dashboard.
    dashboard: Dashboard;
    /// The export of the whole workspace.
    export: Export;
    /// The ownership of the workspace.
    ownership: Ownership;
    /// Reports.
    reports: Reports;
    /// Search in the records of every type.
    search: Search;
    /// The workspace as a whole, and the acting member's own membership.
    workspace: CurrentWorkspace;
}
