//! REST under `/api/v1`: one file a noun.

pub mod access;
pub mod account;
pub mod api_key;
pub mod audit;
pub mod billing;
pub mod blueprint;
pub mod bulk_job;
pub mod comparison;
pub mod connection;
pub mod dashboard;
pub mod department;
pub mod device;
pub mod entity;
pub mod export_file;
pub mod invitation;
pub mod member;
pub mod passkey;
mod pick;
pub mod preview;
pub mod profile;
pub mod proven_domain;
pub mod record;
pub mod recovery_code;
pub mod report;
pub mod role;
pub mod saved_report;
pub mod saved_view;
pub mod search;
pub mod service_account;
pub mod session;
pub mod setting;
pub mod team;
pub mod totp;
pub mod view;
pub mod workspace;

use utoipa_axum::router::OpenApiRouter;

use crate::state::Web;

/// Every route.
pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .merge(access::routes())
        .merge(account::routes())
        .merge(api_key::routes())
        .merge(service_account::routes())
        .merge(audit::routes())
        .merge(billing::routes())
        .merge(blueprint::routes())
        .merge(bulk_job::routes())
        .merge(export_file::routes())
        .merge(comparison::routes())
        .merge(connection::routes())
        .merge(dashboard::routes())
        .merge(department::routes())
        .merge(device::routes())
        .merge(entity::routes())
        .merge(invitation::routes())
        .merge(member::routes())
        .merge(passkey::routes())
        .merge(pick::routes())
        .merge(preview::routes())
        .merge(profile::routes())
        .merge(proven_domain::routes())
        .merge(record::routes())
        .merge(recovery_code::routes())
        .merge(report::routes())
        .merge(saved_report::routes())
        .merge(saved_view::routes())
        .merge(role::routes())
        .merge(search::routes())
        .merge(session::routes())
        .merge(setting::routes())
        .merge(team::routes())
        .merge(totp::routes())
        .merge(view::routes())
        .merge(workspace::routes())
}
