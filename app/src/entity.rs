//! Record types: those of the access model and those that a workspace adds, with fields and stages.

use std::sync::Arc;

use hallpass_domain::entity::{
    FieldForm, StageForm, check_fields, check_key, check_name, check_stages,
};
use hallpass_domain::invitation::Invitation;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_engine::text::suggestion;
use hallpass_engine::{Resource, ResourceKind};
use hallpass_store::entity::StoredEntity;
use serde::Serialize;
use serde_json::{Value, json};

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{
    AnyMember, AnyWriteOf, CreateSchema, DeleteSchema, ReadPipelines, ReadSchema,
    UpdatePipelines, UpdateSchema,
};
use crate::gate::{Pass, WritePermission};
use crate::invitation::check_not_invited;

pub mod permission;
mod stage;
mod usage;

pub use usage::{Lost, LostPart};
use usage::{check_scopes, check_unused, check_unused_fields, check_unused_stages};
pub(crate) use usage::{find_replaced, list_keys_with_other_scopes};

/// The number of record types that a workspace may add.
pub const MOST_ADDED: usize = 100;

/// A record type to be created.
#[derive(Clone, Debug, Default)]
pub struct NewEntity {
    /// The key in paths and permission strings.
    pub key: String,
    /// The name.
    pub name: String,
    /// The singular of the name.
    pub one: Option<String>,
    /// Its fields.
    pub fields: Vec<FieldForm>,
    /// Its stages.
    pub stages: Vec<StageForm>,
}

/// A change of a record type: what is left out stays; none restores what the access model says.
#[derive(Clone, Debug, Default)]
pub struct EntityChange {
    /// The name.
    pub name: Option<Option<String>>,
    /// The singular of the name.
    pub one: Option<Option<String>>,
    /// All of its fields.
    pub fields: Option<Option<Vec<FieldForm>>>,
    /// All of its stages.
    pub stages: Option<Option<Vec<StageForm>>>,
}

impl EntityChange {
    fn changes_schema(&self) -> bool {
        self.name.is_some() || self.one.is_some() || self.fields.is_some()
    }
}

/// A record type as it is in a workspace.
#[derive(Clone, Debug)]
pub struct Entity {
    /// The resource, with the workspace's own fields and stages.
    pub resource: Resource,
    /// Whether the workspace added it.
    pub is_added: bool,
    /// Whether it is switched on.
    pub is_on: bool,
    /// Increases with each change; 0 while the workspace has changed nothing about it.
    pub version: i64,
}

/// The record types of a workspace.
pub struct Entities<'c>(pub(crate) &'c mut WorkspaceContext);

impl Entities<'_> {
    /// Lists the record types in the order of the access model, those that the workspace added last.
    /// Without the permission to read the schema or the pipelines, those with whose records the caller works.
    #[boxed]
    pub async fn list(&mut self) -> Result<Vec<Entity>, Error> {
        let ctx = &mut *self.0;
        let reads_stages = ctx.opens(&ReadPipelines);
        let reads_all = reads_stages || ctx.opens(&ReadSchema);
        let resources = ctx.policy().resources().iter();
        let records = resources.filter(|known| known.kind == ResourceKind::Records);
        let visible = records.filter(|known| reads_all || ctx.works_with(known));
        let found: Vec<Entity> = visible.filter_map(|known| find(ctx, &known.key)).collect();
        if !reads_all && !found.is_empty() {
            ctx.check(AnyMember).await?;
        } else if reads_stages {
            ctx.check(ReadPipelines).await?;
        } else {
            ctx.check(ReadSchema).await?;
        }
        Ok(found)
    }

    /// Loads a record type. That takes the permission to read the schema or the pipelines, or any on
    /// its records.
    #[boxed]
    pub async fn load(&mut self, key: &str) -> Result<Entity, Error> {
        let ctx = &mut *self.0;
        let known = ctx.policy().resources().iter().find(|known| known.key == key);
        if known.is_some_and(|known| ctx.works_with(known)) {
            ctx.check(AnyMember).await?;
        } else if ctx.opens(&ReadPipelines) {
            ctx.check(ReadPipelines).await?;
        } else {
            ctx.check(ReadSchema).await?;
        }
        load(ctx, key)
    }

    /// Creates a record type. Grants on all record types apply to it at once.
    ///
    /// # Errors
    ///
    /// `NoSuchLayer` where the access model does not let workspaces add record types.
    #[boxed]
    pub async fn create(&mut self, new: &NewEntity) -> Result<Entity, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(CreateSchema).await?;
        refuse(wrong_new(ctx, new)?)?;
        let stored = StoredEntity {
            entity: new.key.clone(),
            is_added: true,
            name: Some(new.name.trim().to_owned()),
            one: new.one.as_deref().map(|one| one.trim().to_owned()),
            fields: forms(&new.fields),
            stages: forms(&new.stages),
            version: 1,
        };
        let mut entities = ctx.snapshot().entities.to_vec();
        entities.push(stored.clone());
        let before = ctx.policy().resources().to_vec();
        set_entities(ctx, entities)?;
        let after = ctx.policy().resources().to_vec();
        check_scopes(ctx, &pass, "key", (&before, &after)).await?;
        // The other rules of stages need the compiled record type.
        let entity = load(ctx, &new.key)?;
        refuse(check_stages(&new.stages, &entity.resource))?;
        ctx.tx(&pass)?.entities().upsert(&stored).await?;
        let view = audit_view(&entity.resource);
        ctx.record_audit(&pass, "entity.create", &new.key, &(), &view).await?;
        ctx.commit(&pass).await?;
        Ok(entity)
    }

    /// Updates a record type. The names and
    /// fields are part of the schema, the stages of the pipelines.
    ///
    /// # Errors
    ///
    /// `InUse` when records have a value in a field, or are in a stage, that the change removes.
    #[boxed]
    pub async fn update(&mut self, key: &str, change: &EntityChange) -> Result<Entity, Error> {
        let ctx = &mut *self.0;
        let pass = check_update(ctx, change).await?;
        let before = load(ctx, key)?;
        ctx.check_version(before.version)?;
        refuse(wrong(&before.resource, change))?;
        let stored = stored(ctx, key, change)?;
        let entities = Arc::make_mut(&mut ctx.snapshot_mut().entities);
        entities.retain(|known| known.entity != key);
        entities.push(stored.clone());
        entities.sort_by(|a, b| a.entity.cmp(&b.entity));
        let after = load(ctx, key)?;
        check_unused_fields(ctx, &pass, &before.resource, &after.resource).await?;
        check_unused_stages(ctx, &pass, &before.resource, &after.resource).await?;
        stage::check_stage_actions(ctx, &before.resource, &after.resource)?;
        ctx.tx(&pass)?.entities().upsert(&stored).await?;
        let (was, is) = (audit_view(&before.resource), audit_view(&after.resource));
        ctx.record_audit(&pass, "entity.update", key, &was, &is).await?;
        ctx.commit(&pass).await?;
        Ok(after)
    }

    /// Deletes a record type that the workspace added, that has no records and that no pending
    /// invitation names.
    ///
    /// # Errors
    ///
    /// `BuiltInEntity` for a record type of the access model; `InUse`.
    #[boxed]
    pub async fn delete(&mut self, key: &str) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(DeleteSchema).await?;
        let entity = load(ctx, key)?;
        ctx.check_version(entity.version)?;
        if !entity.is_added {
            return Err(Refusal::BuiltInEntity { entity: entity.resource.name }.into());
        }
        check_unused(ctx, &pass, key).await?;
        let names = |invitation: &Invitation| {
            invitation.landing.as_deref() == Some(key)
                || invitation.access.levels.iter().any(|(resource, _)| resource == key)
        };
        check_not_invited(ctx, &pass, "record type", names).await?;
        let others = ctx.snapshot().entities.iter().filter(|known| known.entity != key);
        set_entities(ctx, others.cloned().collect())?;
        ctx.tx(&pass)?.entities().delete(key).await?;
        let view = audit_view(&entity.resource);
        ctx.record_audit(&pass, "entity.delete", key, &view, &()).await?;
        ctx.commit(&pass).await.map(drop)
    }
}

fn find(ctx: &WorkspaceContext, key: &str) -> Option<Entity> {
    let resource = ctx.snapshot().record_type(key)?;
    let stored = ctx.snapshot().entities.iter().find(|stored| stored.entity == key);
    Some(Entity {
        resource,
        is_added: stored.is_some_and(|stored| stored.is_added),
        is_on: ctx.snapshot().is_on(key),
        version: stored.map_or(0, |stored| stored.version),
    })
}

/// Gives the workspace other record types of its own, from the commit on.
fn set_entities(
    ctx: &mut WorkspaceContext,
    mut entities: Vec<StoredEntity>,
) -> Result<(), Error> {
    entities.sort_by(|a, b| a.entity.cmp(&b.entity));
    let added = entities.iter().filter(|known| known.is_added);
    let model = ctx.model().with_entities(added.map(|known| known.entity.clone()).collect());
    let model = model.map_err(|mistakes| Error::broken(mistakes.to_string()))?;
    ctx.set_model(model);
    ctx.snapshot_mut().entities = Arc::new(entities);
    Ok(())
}

fn load(ctx: &WorkspaceContext, key: &str) -> Result<Entity, Error> {
    find(ctx, key).ok_or(Error::Missing { noun: "record type" })
}

/// Lists everything that is wrong with a new record type.
fn wrong_new(ctx: &WorkspaceContext, new: &NewEntity) -> Result<Vec<FieldError>, Refusal> {
    let Some(rules) = &ctx.model().blueprint().custom_entities else {
        return Err(Refusal::NoSuchLayer { layer: "custom record types" });
    };
    let mut errors = Vec::new();
    if let Some(why) = check_key(&new.key) {
        errors.push(FieldError::new("/key", "bad_key", why));
    }
    let is_added = || ctx.policy().resources().iter().any(|known| known.key == new.key);
    let reserved = ctx.model().blueprint().reserved_for(&new.key);
    if let Some(noun) = reserved.or_else(|| is_added().then_some("a record type")) {
        let detail = format!("`{}` is already the key of {noun}; choose another", new.key);
        errors.push(FieldError::new("/key", "taken", detail));
    }
    errors.extend(check_name("/name", &new.name));
    errors.extend(new.one.as_deref().and_then(|one| check_name("/one", one)));
    errors.extend(check_fields(&new.fields));
    let actions = rules.actions.iter().map(|action| action.key.as_str());
    for (index, stage) in new.stages.iter().enumerate() {
        let Some(action) = &stage.by else { continue };
        if !actions.clone().any(|known| known == action) {
            let suggestion =
                suggestion(action, actions.clone()).map(|text| format!("; {text}"));
            let detail = format!("no action `{action}`{}", suggestion.unwrap_or_default());
            let pointer = format!("/stages/{index}/by");
            errors.push(FieldError::new(pointer, "unknown_action", detail));
        }
    }
    let added = ctx.snapshot().entities.iter().filter(|known| known.is_added).count();
    if added >= MOST_ADDED {
        let detail = format!("a workspace may add {MOST_ADDED} record types; delete one first");
        errors.push(FieldError::new("/key", "too_many", detail));
    }
    Ok(errors)
}

/// Asks the gate for the schema to change names and fields, for the pipelines to change stages.
async fn check_update(
    ctx: &mut WorkspaceContext,
    change: &EntityChange,
) -> Result<Pass<AnyWriteOf>, Error> {
    if change.stages.is_none() {
        return ctx.check(UpdateSchema.as_any_write_of()).await;
    }
    if change.changes_schema() {
        ctx.check(UpdateSchema).await?;
    }
    ctx.check(UpdatePipelines.as_any_write_of()).await
}

/// Returns what is stored of a record type after a change.
fn stored(
    ctx: &WorkspaceContext,
    key: &str,
    change: &EntityChange,
) -> Result<StoredEntity, Refusal> {
    let known = ctx.snapshot().entities.iter().find(|stored| stored.entity == key);
    let mut stored = known.cloned().unwrap_or_else(|| StoredEntity {
        entity: key.to_owned(),
        is_added: false,
        name: None,
        one: None,
        fields: None,
        stages: None,
        version: 0,
    });
    let trimmed = |text: &Option<String>| text.as_ref().map(|text| text.trim().to_owned());
    if let Some(name) = &change.name {
        stored.name = trimmed(name);
    }
    if let Some(one) = &change.one {
        stored.one = trimmed(one);
    }
    if let Some(fields) = &change.fields {
        stored.fields = fields.as_ref().and_then(|fields| forms(fields));
    }
    if let Some(stages) = &change.stages {
        stored.stages = stages.as_ref().and_then(|stages| forms(stages));
    }
    stored.version += 1;
    if stored.is_added && (stored.fields.is_none() || stored.name.is_none()) {
        let pointer = if stored.name.is_none() { "/name" } else { "/fields" };
        let detail = "null restores what the access model says, which has no such record type";
        return Err(Refusal::field(pointer, "missing", detail));
    }
    Ok(stored)
}

/// Lists everything that is wrong with a change.
fn wrong(resource: &Resource, change: &EntityChange) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (pointer, name) in [("/name", &change.name), ("/one", &change.one)] {
        errors.extend(name.iter().flatten().filter_map(|name| check_name(pointer, name)));
    }
    errors.extend(change.fields.iter().flatten().flat_map(|fields| check_fields(fields)));
    let stages = change.stages.iter().flatten();
    errors.extend(stages.flat_map(|stages| check_stages(stages, resource)));
    errors
}

fn refuse(errors: Vec<FieldError>) -> Result<(), Refusal> {
    Refusal::unless_valid(errors)
}

fn forms<T: Serialize>(forms: &[T]) -> Option<Value> {
    serde_json::to_value(forms).ok()
}

/// Returns a record type as the audit log shows it.
fn audit_view(resource: &Resource) -> Value {
    let stages = resource.stages.iter().map(|stage| StageForm::of(stage, resource));
    json!({
        "name": resource.name,
        "one": resource.one,
        "fields": resource.fields.iter().map(FieldForm::of).collect::<Vec<_>>(),
        "stages": stages.collect::<Vec<_>>(),
    })
}
