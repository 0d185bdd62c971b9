//! Create, update and delete a record.

use hallpass_domain::id::RecordId;
use hallpass_domain::record::{Record, Schema, Write};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Resource;
use serde_json::{Map, Value, json};

use super::ownership::{check_create, check_hand_over};
use super::part::{creating, deleting, updating};
use super::stage::{Mover, move_to};
use super::{
    RecordDetails, Records, audit_view, details, insert_event, load_visible, owner_word,
};
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::RecordWritePermission;
use crate::gate::{Pass, WritePermission};
use crate::naming::{self, OwnerRef};

/// A record to be created.
#[derive(Clone, Debug, Default)]
pub struct NewRecord {
    /// Its values.
    pub fields: Map<String, Value>,
    /// Its owner; the caller by default.
    pub owner: Option<OwnerRef>,
    /// Its stage; the first one by default.
    pub stage: Option<String>,
}

/// A change of a record; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct RecordChange {
    /// Values; null removes one.
    pub fields: Map<String, Value>,
    /// The owner.
    pub owner: Option<OwnerRef>,
    /// The stage.
    pub stage: Option<String>,
}

impl Records<'_> {
    /// Creates a record.
    #[boxed]
    pub async fn create(
        &mut self,
        entity: &str,
        new: &NewRecord,
    ) -> Result<RecordDetails, Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let (record, pass) = prepare(ctx, &resource, new).await?;
        insert(ctx, &pass, &record).await?;
        let action = format!("{entity}.{}", creating(&resource));
        let view = audit_view(&record);
        ctx.record_audit(&pass, &action, record.id, &(), &view).await?;
        ctx.commit(&pass).await?;
        Ok(details(ctx, &resource, record))
    }

    /// Updates a record. Values need the action that updates, the owner the one that reassigns, the
    /// stage those that the stages name.
    #[boxed]
    pub async fn update(
        &mut self,
        entity: &str,
        id: RecordId,
        change: &RecordChange,
    ) -> Result<RecordDetails, Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let (before, _) = load_visible(ctx, &resource, id).await?;
        let mut pass = None;
        let mut after = before.clone();
        let target = ctx.owner_target(before.owner);
        let owner = change.owner.map(|owner| naming::owner(ctx, owner));
        let owner = owner.filter(|owner| *owner != before.owner);
        let stage = change.stage.as_ref();
        let stage = stage.filter(|stage| before.stage.as_ref() != Some(*stage));
        // A change of nothing is an update too: it makes a new version.
        if !change.fields.is_empty() || (owner.is_none() && stage.is_none()) {
            let permission = RecordWritePermission::new(entity, updating(&resource));
            pass = Some(ctx.check_on(permission, target, &id.to_string()).await?);
            let schema = Schema::of(&resource);
            let checked =
                schema.check(&change.fields, Write::Patch).map_err(Refusal::Fields)?;
            after.put(checked, schema);
        }
        if let Some(stage) = stage {
            let moved = move_to(ctx, &resource, &mut after, stage, Mover::Update).await?;
            pass = moved.or(pass);
        }
        if let Some(owner) = owner {
            let owners = (before.owner, owner);
            let record = id.to_string();
            pass = Some(check_hand_over(ctx, &resource, owners, "/owner", &record).await?);
            after.owner = owner;
        }
        // Each of the three cases has asked the gate, and one of them applies.
        let pass = pass.ok_or_else(|| Error::broken("an update without permission"))?;
        ctx.check_version(before.version)?;
        save(ctx, &pass, &resource, &before, after, updating(&resource), None).await
    }

    /// Deletes a record.
    #[boxed]
    pub async fn delete(&mut self, entity: &str, id: RecordId) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let (record, _) = load_visible(ctx, &resource, id).await?;
        let target = ctx.owner_target(record.owner);
        let permission = RecordWritePermission::new(entity, deleting(&resource));
        let pass = ctx.check_on(permission, target, &id.to_string()).await?;
        ctx.check_version(record.version)?;
        if !ctx.tx(&pass)?.records().delete(&record).await? {
            return Err(Refusal::Stale.into());
        }
        let action = format!("{entity}.{}", deleting(&resource));
        let view = audit_view(&record);
        ctx.record_audit(&pass, &action, id, &view, &()).await?;
        ctx.commit(&pass).await.map(drop)
    }
}

/// Returns a record that may be created, with the pass to create it.
pub(super) async fn prepare(
    ctx: &mut WorkspaceContext,
    resource: &Resource,
    new: &NewRecord,
) -> Result<(Record, Pass<RecordWritePermission>), Error> {
    let entity = resource.key.as_str();
    let owner = naming::owner(ctx, new.owner.unwrap_or(OwnerRef::Me));
    let pass = check_create(ctx, resource, owner).await?;
    let schema = Schema::of(resource);
    let checked = schema.check(&new.fields, Write::New).map_err(Refusal::Fields)?;
    let mut record = Record {
        id: ctx.id(),
        entity: entity.to_owned(),
        owner,
        title: String::new(),
        fields: Map::new(),
        stage: None,
        open: true,
        amount: None,
        created_by: ctx.member_id(),
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    };
    record.put(checked, schema);
    let start = schema.start().map(|stage| stage.key.as_str());
    if let Some(stage) = new.stage.as_deref().or(start) {
        move_to(ctx, resource, &mut record, stage, Mover::Creation).await?;
    }
    Ok((record, pass))
}

/// Inserts a new record with the first event of its timeline.
pub(super) async fn insert(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    record: &Record,
) -> Result<(), Error> {
    ctx.tx(pass)?.records().insert(record).await?;
    let detail = json!({"owner": owner_word(record.owner)});
    insert_event(ctx, pass, record, "create", detail).await
}

/// Saves a record after an action, and commits. The event on its timeline describes the change
/// unless it gets a detail of its own.
pub(super) async fn save(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    resource: &Resource,
    before: &Record,
    after: Record,
    action: &str,
    detail: Option<Value>,
) -> Result<RecordDetails, Error> {
    let mut after = after;
    after.updated_at = ctx.now;
    if !ctx.tx(pass)?.records().update(before, &after).await? {
        return Err(Refusal::Stale.into());
    }
    after.version = before.version + 1;
    let detail = detail.unwrap_or_else(|| changes(before, &after));
    insert_event(ctx, pass, &after, action, detail).await?;
    let name = format!("{}.{action}", resource.key);
    let (was, is) = (audit_view(before), audit_view(&after));
    ctx.record_audit(pass, &name, after.id, &was, &is).await?;
    ctx.commit(pass).await?;
    Ok(details(ctx, resource, after))
}

/// Describes an update for the timeline.
fn changes(before: &Record, after: &Record) -> Value {
    let mut detail = Map::new();
    if before.owner != after.owner {
        let owner = json!({"from": owner_word(before.owner), "to": owner_word(after.owner)});
        detail.insert("owner".to_owned(), owner);
    }
    if before.stage != after.stage {
        detail.insert("stage".to_owned(), json!({"from": before.stage, "to": after.stage}));
    }
    let is_changed = |key: &&String| before.fields.get(*key) != after.fields.get(*key);
    let mut keys: Vec<&String> = before.fields.keys().chain(after.fields.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let keys: Vec<&String> = keys.into_iter().filter(is_changed).collect();
    if !keys.is_empty() {
        detail.insert("fields".to_owned(), json!(keys));
    }
    Value::Object(detail)
}
