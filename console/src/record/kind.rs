//! A record type as pages show it: its words, and what the reader may do with its records.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{ReassignRecords, RecordPermission};
use hallpass_engine::{Resource, ResourceKind};

use crate::failure::Failure;
use crate::frame::Frame;
use crate::rail;
use crate::text::{Language, Text};

/// A record type as pages show it.
#[derive(Clone, Debug)]
pub(crate) struct Kind {
    /// The key.
    pub(crate) key: String,
    /// The name, as a title.
    pub(crate) name: String,
    /// The name in a sentence.
    pub(crate) many: String,
    /// The singular of the name in a sentence.
    pub(crate) one: String,
    /// The path of its list.
    pub(crate) path: String,
    /// The icon.
    pub(crate) icon: &'static str,
    /// Whether the reader may create records.
    pub(crate) may_create: bool,
    /// Whether the reader may reassign many records at once.
    pub(crate) may_reassign_many: bool,
    /// Whether its records move through stages.
    pub(crate) has_stages: bool,
    /// The record type.
    pub(crate) resource: Resource,
}

impl Kind {
    /// The record type with a key.
    pub(crate) fn find(
        ctx: &WorkspaceContext,
        frame: &Frame,
        entity: &str,
    ) -> Result<Kind, Failure> {
        let resource = ctx.snapshot().record_type(entity);
        let resource = resource.ok_or_else(|| Failure::missing("record type"))?;
        Ok(Kind::of(ctx, frame, resource))
    }

    /// A record type.
    pub(crate) fn of(ctx: &WorkspaceContext, frame: &Frame, resource: Resource) -> Kind {
        let reassigns = resource.reassign.or(resource.update);
        Kind {
            name: resource.name.clone(),
            many: in_sentence(frame.text, &resource.many),
            one: in_sentence(frame.text, &resource.one),
            path: format!("{}/records/{}", frame.base, resource.key),
            icon: rail::icon(&resource.key, ResourceKind::Records),
            may_create: may(ctx, &resource, resource.create),
            may_reassign_many: ctx.opens(&ReassignRecords) && may(ctx, &resource, reassigns),
            has_stages: !resource.stages.is_empty(),
            key: resource.key.clone(),
            resource,
        }
    }

    /// The path of a record.
    pub(crate) fn path_of(&self, id: &impl ToString) -> String {
        format!("{}/{}", self.path, id.to_string())
    }

    /// The name of a stage; its key where the record type has it no longer.
    pub(crate) fn stage_name(&self, key: &str) -> String {
        let known = self.resource.stages.iter().find(|stage| stage.key == key);
        known.map_or(key, |stage| &stage.name).to_owned()
    }

    /// The name of an action.
    pub(crate) fn action_name(&self, key: &str) -> String {
        let known = self.resource.actions.iter().find(|action| action.key == key);
        known.map_or(key, |action| &action.name).to_owned()
    }

    /// The key of the action that changes the owner.
    pub(crate) fn reassigning(&self) -> Option<&str> {
        self.resource.key_of(self.resource.reassign.or(self.resource.update))
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Kind {
        let shipped = hallpass_domain::blueprint::SHIPPED.iter();
        let mut parsed =
            shipped.map(|text| hallpass_engine::Blueprint::parse(text).expect("valid"));
        let deals =
            |blueprint: hallpass_engine::Blueprint| blueprint.resource("deals").cloned();
        let resource = parsed.find_map(deals).expect("a record type");
        Kind {
            key: "deals".to_owned(),
            name: "Deals".to_owned(),
            many: "deals".to_owned(),
            one: "deal".to_owned(),
            path: "/workspace/northwind/records/deals".to_owned(),
            icon: "handshake",
            may_create: true,
            may_reassign_many: true,
            has_stages: true,
            resource,
        }
    }
}

/// Whether the reader may do an action to any record of a type.
fn may(ctx: &WorkspaceContext, resource: &Resource, action: Option<usize>) -> bool {
    let key = resource.key_of(action);
    key.is_some_and(|key| ctx.opens(&RecordPermission::new(&resource.key, key)))
}

/// A name in a sentence: German writes nouns with a capital letter, English does not.
pub(crate) fn in_sentence(text: Text, name: &str) -> String {
    match text.language {
        Language::English => name.to_lowercase(),
        Language::German => name.to_owned(),
    }
}
