//! Record types: those of the access model and those that a workspace adds, with fields and stages.

use std::sync::Arc;

use hallpass_domain::entity::{
    FieldForm, StageForm, check_fields, check_key, check_name, check_stages, lost_fields,
    lost_stages,
};
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_engine::{GrantTarget, Resource, ResourceKind};
use hallpass_store::entity::StoredEntity;
use hallpass_store::record::{GroupBy, GroupKey, Reach};
use serde::Serialize;
use serde_json::{Value, json};

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{AnyOf, ReadSchema, UpdatePipelines, UpdateSchema};
use crate::gate::{Pass, Permission};
use crate::member::check_version;

pub mod permission;

/// The most record types that a workspace adds.
pub const MOST_ADDED: usize = 100;

/// A record type that somebody asks for.
#[derive(Clone, Debug, Default)]
pub struct NewEntity {
    /// The word in addresses and permission strings.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// The name of one of it.
    pub one: Option<String>,
    /// Its fields.
    pub fields: Vec<FieldForm>,
    /// Its stages.
    pub stages: Vec<StageForm>,
}

/// What to change about a record type: what is not named stays; what is named as nothing becomes
/// again what the access model says.
#[derive(Clone, Debug, Default)]
pub struct EntityChange {
    /// Another name.
    pub name: Option<Option<String>>,
    /// Another name for one of it.
    pub one: Option<Option<String>>,
    /// All of its fields.
    pub fields: Option<Option<Vec<FieldForm>>>,
    /// All of its stages.
    pub stages: Option<Option<Vec<StageForm>>>,
}

impl EntityChange {
    fn names_schema(&self) -> bool {
        self.name.is_some() || self.one.is_some() || self.fields.is_some()
    }
}

/// A record type as it is in a workspace.
#[derive(Clone, Debug)]
pub struct Entity {
    /// What it is, with the workspace's own fields and stages.
    pub resource: Resource,
    /// Whether the workspace added it.
    pub is_added: bool,
    /// Whether it is switched on.
    pub is_on: bool,
    /// Goes up with each change; 0 while the workspace has said nothing about it.
    pub version: i64,
}

fn no_entity() -> Error {
    Error::Missing { noun: "record type" }
}

impl WorkspaceContext {
    /// The record types, in the order of the access model, those that were added last.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn list_entities(&mut self) -> Result<Vec<Entity>, Error> {
        self.check(ReadSchema).await?;
        let records = self
            .policy()
            .resources()
            .iter()
            .filter(|known| known.kind == ResourceKind::Records);
        Ok(records.filter_map(|known| self.entity(&known.key)).collect())
    }

    /// A record type.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`.
    pub async fn load_entity(&mut self, key: &str) -> Result<Entity, Error> {
        self.check(ReadSchema).await?;
        self.entity(key).ok_or_else(no_entity)
    }

    pub(crate) fn entity(&self, key: &str) -> Option<Entity> {
        let resource = self.snapshot().record_type(key)?;
        let stored = self.snapshot().entities.iter().find(|stored| stored.entity == key);
        Some(Entity {
            resource,
            is_added: stored.is_some_and(|stored| stored.is_added),
            is_on: self.snapshot().is_on(key),
            version: stored.map_or(0, |stored| stored.version),
        })
    }

    /// Adds a record type. Whoever has a grant on all of them has one on it at once.
    ///
    /// # Errors
    ///
    /// `Denied`; `NoSuchLayer` where workspaces add none; `Fields`.
    pub async fn add_entity(&mut self, ask: &NewEntity) -> Result<Entity, Error> {
        let pass = self.check(UpdateSchema).await?;
        let Some(rules) = self.model().blueprint().custom_entities.clone() else {
            return Err(Refusal::NoSuchLayer { layer: "record types of one's own" }.into());
        };
        let mut errors = Vec::new();
        if let Some(why) = check_key(&ask.key) {
            errors.push(FieldError::new("/key", "bad_key", why));
        }
        if self.policy().resources().iter().any(|known| known.key == ask.key) {
            let detail = format!("there is a resource `{}` already", ask.key);
            errors.push(FieldError::new("/key", "taken", detail));
        }
        errors.extend(check_name("/name", &ask.name));
        errors.extend(ask.one.as_deref().and_then(|one| check_name("/one", one)));
        errors.extend(check_fields(&ask.fields));
        let known = |action: &Option<String>| {
            action
                .as_ref()
                .is_none_or(|key| rules.actions.iter().any(|action| action.key == *key))
        };
        let strange = ask.stages.iter().enumerate().filter(|(_, stage)| !known(&stage.by));
        errors.extend(strange.map(|(place, _)| {
            let pointer = format!("/stages/{place}/by");
            FieldError::new(pointer, "unknown_action", "record types here have no such action")
        }));
        let added = self.snapshot().entities.iter().filter(|known| known.is_added).count();
        if added >= MOST_ADDED {
            let detail = format!("a workspace adds at most {MOST_ADDED} record types");
            errors.push(FieldError::new("", "too_many", detail));
        }
        refuse(errors)?;
        let stored = StoredEntity {
            entity: ask.key.clone(),
            is_added: true,
            name: Some(ask.name.trim().to_owned()),
            one: ask.one.as_deref().map(|one| one.trim().to_owned()),
            fields: forms(&ask.fields),
            stages: forms(&ask.stages),
            version: 1,
        };
        self.tx(&pass)?.entities().upsert(&stored).await?;
        self.recompile(&pass).await?;
        // Only now there is something to hold the other rules of stages against.
        let entity = self.entity(&ask.key).ok_or_else(no_entity)?;
        refuse(check_stages(&ask.stages, &entity.resource))?;
        self.record_audit(&pass, "entity.create", &ask.key, &(), &audit_view(&entity.resource))
            .await?;
        self.commit(&pass).await?;
        Ok(entity)
    }

    /// The schema for names and fields, the pipelines for stages; both where both are changed.
    async fn check_changing_entity(
        &mut self,
        ask: &EntityChange,
    ) -> Result<Pass<AnyOf>, Error> {
        if ask.stages.is_none() {
            return self.check(UpdateSchema.as_any_of()).await;
        }
        if ask.names_schema() {
            self.check(UpdateSchema).await?;
        }
        self.check(UpdatePipelines.as_any_of()).await
    }

    /// Changes a record type: names and fields as the schema, stages as the pipelines.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`, `Stale`, `Fields`; `InUse` when records would lose a value, or stand in a
    /// stage that goes.
    pub async fn change_entity(
        &mut self,
        key: &str,
        ask: &EntityChange,
        version: Option<i64>,
    ) -> Result<Entity, Error> {
        let pass = self.check_changing_entity(ask).await?;
        let before = self.entity(key).ok_or_else(no_entity)?;
        check_version(before.version, version)?;
        refuse(wrong(&before.resource, ask))?;
        let stored = self.stored(key, ask)?;
        self.tx(&pass)?.entities().upsert(&stored).await?;
        let next = self.snapshot_mut();
        let entities = Arc::make_mut(&mut next.entities);
        entities.retain(|known| known.entity != key);
        entities.push(stored);
        entities.sort_by(|a, b| a.entity.cmp(&b.entity));
        let after = self.entity(key).ok_or_else(no_entity)?;
        self.check_unused_fields(&pass, &before.resource, &after.resource).await?;
        self.check_unused_stages(&pass, &before.resource, &after.resource).await?;
        self.record_audit(
            &pass,
            "entity.update",
            key,
            &audit_view(&before.resource),
            &audit_view(&after.resource),
        )
        .await?;
        self.commit(&pass).await?;
        Ok(after)
    }

    /// What is kept of a record type after a change.
    fn stored(&self, key: &str, ask: &EntityChange) -> Result<StoredEntity, Error> {
        let known = self.snapshot().entities.iter().find(|stored| stored.entity == key);
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
        if let Some(name) = &ask.name {
            stored.name = trimmed(name);
        }
        if let Some(one) = &ask.one {
            stored.one = trimmed(one);
        }
        if let Some(fields) = &ask.fields {
            stored.fields = fields.as_ref().and_then(|fields| forms(fields));
        }
        if let Some(stages) = &ask.stages {
            stored.stages = stages.as_ref().and_then(|stages| forms(stages));
        }
        stored.version += 1;
        if stored.is_added && (stored.fields.is_none() || stored.name.is_none()) {
            let pointer = if stored.name.is_none() { "/name" } else { "/fields" };
            let detail =
                "the access model says nothing about this record type: it cannot be null";
            return Err(Refusal::field(pointer, "missing", detail).into());
        }
        Ok(stored)
    }

    async fn check_unused_fields(
        &mut self,
        pass: &Pass<impl Permission>,
        before: &Resource,
        after: &Resource,
    ) -> Result<(), Error> {
        for field in lost_fields(&before.fields, &after.fields) {
            if self.tx(pass)?.records().any_has_field(&before.key, field).await? {
                let by = format!("records that hold a value in `{field}`");
                return Err(Refusal::InUse { noun: "field", by }.into());
            }
        }
        Ok(())
    }

    async fn check_unused_stages(
        &mut self,
        pass: &Pass<impl Permission>,
        before: &Resource,
        after: &Resource,
    ) -> Result<(), Error> {
        let lost = lost_stages(&before.stages, &after.stages);
        if lost.is_empty() {
            return Ok(());
        }
        let sums =
            self.tx(pass)?.records().summary(&before.key, &Reach::All, GroupBy::Stage).await?;
        for sum in sums {
            if let GroupKey::Stage(Some(stage)) = &sum.group
                && lost.contains(&stage.as_str())
            {
                let word = if sum.n == 1 { "record stands" } else { "records stand" };
                let by = format!("{} {word} in `{stage}`", sum.n);
                return Err(Refusal::InUse { noun: "stage", by }.into());
            }
        }
        Ok(())
    }

    /// Deletes a record type that the workspace added and of which there are no records.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`, `BuiltInEntity`, `InUse`.
    pub async fn delete_entity(&mut self, key: &str) -> Result<(), Error> {
        let pass = self.check(UpdateSchema).await?;
        let entity = self.entity(key).ok_or_else(no_entity)?;
        if !entity.is_added {
            return Err(Refusal::BuiltInEntity { entity: entity.resource.name }.into());
        }
        let in_use = |by: String| Error::Refused(Refusal::InUse { noun: "record type", by });
        let n = self.tx(&pass)?.records().total(key, &Reach::All).await?;
        if n > 0 {
            return Err(in_use(if n == 1 {
                "one record".to_owned()
            } else {
                format!("{n} records")
            }));
        }
        let names_it = |grant: &hallpass_engine::Grant| matches!(&grant.on, GrantTarget::Named(keys) if keys.iter().any(|known| known == key));
        let roles = self.tx(&pass)?.roles().list_all().await?;
        if let Some(role) = roles.iter().find(|role| role.grants.iter().any(names_it)) {
            return Err(in_use(format!("the role {}", role.name)));
        }
        let profiles = self.tx(&pass)?.profiles().list_all().await?;
        let on_it =
            |(resource, _, _): (&str, &str, Option<hallpass_engine::Scope>)| resource == key;
        if let Some(profile) = profiles.iter().find(|one| one.cells.iter().any(on_it)) {
            return Err(in_use(format!("the profile {}", profile.name)));
        }
        self.tx(&pass)?.entities().delete(key).await?;
        self.recompile(&pass).await?;
        self.record_audit(&pass, "entity.delete", key, &audit_view(&entity.resource), &())
            .await?;
        self.commit(&pass).await.map(drop)
    }
}

/// Everything that is wrong with a change.
fn wrong(resource: &Resource, ask: &EntityChange) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (pointer, name) in [("/name", &ask.name), ("/one", &ask.one)] {
        errors.extend(name.iter().flatten().filter_map(|name| check_name(pointer, name)));
    }
    errors.extend(ask.fields.iter().flatten().flat_map(|fields| check_fields(fields)));
    let stages = ask.stages.iter().flatten();
    errors.extend(stages.flat_map(|stages| check_stages(stages, resource)));
    errors
}

fn refuse(errors: Vec<FieldError>) -> Result<(), Refusal> {
    if errors.is_empty() { Ok(()) } else { Err(Refusal::Fields(errors)) }
}

fn forms<T: Serialize>(forms: &[T]) -> Option<Value> {
    serde_json::to_value(forms).ok()
}

/// What the audit log says of a record type.
fn audit_view(resource: &Resource) -> Value {
    let stages = resource.stages.iter().map(|stage| StageForm::of(stage, resource));
    json!({
        "name": resource.name,
        "one": resource.one,
        "fields": resource.fields.iter().map(FieldForm::of).collect::<Vec<_>>(),
        "stages": stages.collect::<Vec<_>>(),
    })
}
