//! The head that the tabs of a record type share.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::entity::Entity;
use hallpass_app::gate::permission::{DeleteSchema, ReadProfiles, ReadRoles, ReadSchema};

use crate::failure::Failure;
use crate::frame::Frame;

/// The head of a record type.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) path: String,
    pub(crate) tab: &'static str,
    pub(crate) fields: usize,
    pub(crate) stages: usize,
    pub(crate) reads_permissions: bool,
    pub(crate) is_added: bool,
    pub(crate) is_off: bool,
    pub(crate) may_delete: bool,
}

impl Head {
    pub(super) fn of(
        ctx: &WorkspaceContext,
        frame: &Frame,
        tab: &'static str,
        entity: &Entity,
    ) -> Head {
        let resource = &entity.resource;
        let reads_rows = if ctx.model().blueprint().profiles.is_some() {
            ctx.opens(&ReadProfiles)
        } else {
            ctx.opens(&ReadRoles)
        };
        Head {
            name: resource.name.clone(),
            description: resource.description.clone(),
            path: format!("{}/settings/schema/{}", frame.base, resource.key),
            tab,
            fields: resource.fields.len(),
            stages: resource.stages.len(),
            reads_permissions: reads_rows && ctx.opens(&ReadSchema),
            is_added: entity.is_added,
            is_off: !entity.is_on,
            may_delete: entity.is_added && ctx.opens(&DeleteSchema),
        }
    }

    #[cfg(test)]
    pub(crate) fn sample(tab: &'static str) -> Head {
        Head {
            name: "Contacts <script>".to_owned(),
            description: "<script>".to_owned(),
            path: "#".to_owned(),
            tab,
            fields: 4,
            stages: 2,
            reads_permissions: true,
            is_added: true,
            is_off: true,
            may_delete: true,
        }
    }
}

/// Loads a record type.
pub(super) async fn load(ctx: &mut WorkspaceContext, key: &str) -> Result<Entity, Failure> {
    Ok(ctx.entities().load(key).await?)
}
