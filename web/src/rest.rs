//! REST under `/api/v1`: one file a noun.

pub mod access;
pub mod account;
pub mod blueprint;
pub mod invitation;
pub mod member;
pub mod record;
pub mod session;
pub mod workspace;

use utoipa_axum::router::OpenApiRouter;

use crate::state::Web;

/// Every route.
pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .merge(access::routes())
        .merge(account::routes())
        .merge(blueprint::routes())
        .merge(invitation::routes())
        .merge(member::routes())
        .merge(record::routes())
        .merge(session::routes())
        .merge(workspace::routes())
}
