//! The handles of a workspace context: one for each noun, by which a use case is called.
//!
//! A handle borrows the context for one call: `ctx.search().find(text)`. Its file holds the use cases
//! of its noun and nothing else.

use super::WorkspaceContext;
use crate::access::Access;
use crate::api_key::ApiKeys;
use crate::audit::AuditLog;
use crate::billing::WorkspaceBilling;
use crate::blueprint::WorkspaceBlueprint;
use crate::bulk_job::BulkJobs;
use crate::comparison::Comparisons;
use crate::connection::Connections;
use crate::dashboard::Dashboard;
use crate::department::Departments;
use crate::entity::Entities;
use crate::entity::permission::EntityPermissions;
use crate::export_file::ExportFiles;
use crate::group_mapping::GroupMappings;
use crate::invitation::Invitations;
use crate::member::Members;
use crate::ownership::Ownership;
use crate::pick::Picks;
use crate::preview::Previews;
use crate::profile::Profiles;
use crate::proven_domain::ProvenDomains;
use crate::record::Records;
use crate::report::Reports;
use crate::role::Roles;
use crate::role::assignment::RoleAssignments;
use crate::sample::Samples;
use crate::saved_report::SavedReports;
use crate::saved_view::SavedViews;
use crate::search::Search;
use crate::service_account::ServiceAccounts;
use crate::setting::Settings;
use crate::team::Teams;
use crate::view::Views;
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
    /// The previews of changes.
    previews: Previews;
    /// Questions about access.
    access: Access;
    /// API keys.
    api_keys: ApiKeys;
    /// Service accounts.
    service_accounts: ServiceAccounts;
    /// The audit log.
    audit: AuditLog;
    /// Plan, billing details, invoices, billing contact.
    billing: WorkspaceBilling;
    /// The access model: its text, and another one in its place.
    blueprint: WorkspaceBlueprint;
    /// Bulk jobs.
    bulk_jobs: BulkJobs;
    /// Comparisons of access.
    comparisons: Comparisons;
    /// Connections to identity providers.
    connections: Connections;
    /// Files of exports that bulk jobs prepare.
    export_files: ExportFiles;
    /// Mappings of groups of identity providers.
    group_mappings: GroupMappings;
    /// Domains that are proven.
    proven_domains: ProvenDomains;
    /// The dashboard.
    dashboard: Dashboard;
    /// Departments.
    departments: Departments;
    /// Record types.
    entities: Entities;
    /// What profiles and roles grant on record types.
    entity_permissions: EntityPermissions;
    /// Invitations.
    invitations: Invitations;
    /// Members.
    members: Members;
    /// The ownership of the workspace.
    ownership: Ownership;
    /// Choices of members and records.
    picks: Picks;
    /// Profiles.
    profiles: Profiles;
    /// Records of every type.
    records: Records;
    /// Reports.
    reports: Reports;
    /// Sample data.
    samples: Samples;
    /// Saved reports.
    saved_reports: SavedReports;
    /// Saved views of lists of records.
    saved_views: SavedViews;
    /// Which members have which roles.
    role_assignments: RoleAssignments;
    /// Built-in and custom roles.
    roles: Roles;
    /// Search in the records of every type.
    search: Search;
    /// Settings and switches.
    settings: Settings;
    /// Teams.
    teams: Teams;
    /// Views: looks at the workspace through the eyes of another member.
    views: Views;
    /// The workspace as a whole, and the acting member's own membership.
    workspace: CurrentWorkspace;
}
