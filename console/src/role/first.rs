//! The page without a choice: the one of the first role, or another projection.

use super::page::RolePage;
use super::{by_person, by_resource};
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The page without a choice: one of the projections, by default that of the first role.
pub(crate) async fn first(viewer: Viewer) -> Shown {
    match viewer.query.text("by") {
        "resource" => by_resource::show(viewer).await,
        "person" => by_person::show(viewer).await,
        _ => {
            let Viewer { mut ctx, frame, query } = viewer;
            let roles = ctx.roles().list().await?;
            let id = roles.first().map(|role| role.id.clone());
            reply::page(&RolePage::load(&mut ctx, frame, id.as_deref(), &query).await?)
        }
    }
}
