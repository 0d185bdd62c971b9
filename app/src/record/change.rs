//! Making, changing and deleting a record.

use hallpass_domain::id::RecordId;
use hallpass_domain::record::{Event, Owner, Record, Schema, Write};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Resource;
use serde_json::{Map, Value, json};

use super::{audit_view, owner_word, reassigning};
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::RecordPermission;
use crate::gate::{Pass, Permission};
use crate::member::check_version;

/// A record that somebody asks for.
#[derive(Clone, Debug, Default)]
pub struct NewRecord {
    /// Its values.
    pub fields: Map<String, Value>,
    /// Who is to own it; whoever makes it where nobody is named.
    pub owner: Option<Owner>,
    /// Where it is to stand; at the start where no stage is named.
    pub stage: Option<String>,
}

/// What somebody asks to change about a record; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct RecordChange {
    /// Other values; null takes one away.
    pub fields: Map<String, Value>,
    /// Another owner.
    pub owner: Option<Owner>,
    /// Another stage.
    pub stage: Option<String>,
}

/// When a record comes to a stage.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    OnCreation,
    Later,
}

impl WorkspaceContext {
    /// Makes a record.
    ///
    /// # Errors
    ///
    /// `Denied` for this owner-to-be; `Fields` with what is wrong.
    pub async fn create_record(
        &mut self,
        entity: &str,
        ask: &NewRecord,
    ) -> Result<(Record, Vec<String>), Error> {
        let resource = self.record_type(entity)?;
        let (record, pass) = self.new_record(&resource, ask).await?;
        self.keep_new(&pass, &record).await?;
        self.record_audit(
            &pass,
            &format!("{entity}.create"),
            record.id,
            &(),
            &audit_view(&record),
        )
        .await?;
        self.commit(&pass).await?;
        let allowed = self.allowed(&resource, &record);
        Ok((record, allowed))
    }

    /// A record that may be made, not yet kept, with the pass to make it.
    pub(crate) async fn new_record(
        &mut self,
        resource: &Resource,
        ask: &NewRecord,
    ) -> Result<(Record, Pass<RecordPermission>), Error> {
        let entity = resource.key.as_str();
        let me = self.member_id();
        let owner = ask.owner.or(me.map(Owner::Member)).unwrap_or(Owner::Nobody);
        self.check_owner(owner)?;
        let target = self.target_of(owner);
        let pass = self.check_on(RecordPermission::new(entity, "create"), target, "").await?;
        let schema = Schema::of(resource);
        let checked = schema.check(&ask.fields, Write::New).map_err(Refusal::Fields)?;
        let mut record = Record {
            id: self.id(),
            entity: entity.to_owned(),
            owner,
            title: String::new(),
            fields: Map::new(),
            stage: schema.start().map(|stage| stage.key.clone()),
            open: schema.start().is_none_or(|stage| stage.open),
            amount: None,
            created_by: me,
            created_at: self.now,
            updated_at: self.now,
            version: 1,
        };
        record.put(checked, schema);
        if let Some(stage) = &ask.stage {
            self.check_stage_move(resource, &mut record, stage, Move::OnCreation).await?;
        }
        Ok((record, pass))
    }

    /// Keeps a new record and begins its timeline.
    pub(crate) async fn keep_new(
        &mut self,
        pass: &Pass<impl Permission>,
        record: &Record,
    ) -> Result<(), Error> {
        self.tx(pass)?.records().insert(record).await?;
        self.tell(pass, record, "create", json!({"owner": owner_word(record.owner)})).await
    }

    /// Changes a record: values by `update`, the owner by the action that reassigns, the stage by
    /// the action that the stages name.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`, `Stale`, `Fields`.
    pub async fn change_record(
        &mut self,
        entity: &str,
        id: RecordId,
        ask: &RecordChange,
        version: Option<i64>,
    ) -> Result<(Record, Vec<String>), Error> {
        let resource = self.record_type(entity)?;
        let (before, mut pass) = self.visible_record(&resource, id).await?;
        let mut after = before.clone();
        let target = self.owned(&before);
        let owner = ask.owner.filter(|owner| *owner != before.owner);
        let stage = ask.stage.as_ref().filter(|stage| before.stage.as_ref() != Some(*stage));
        // What changes nothing is an update like any other: it makes a new version.
        if !ask.fields.is_empty() || (owner.is_none() && stage.is_none()) {
            pass = self
                .check_on(RecordPermission::new(entity, "update"), target, &id.to_string())
                .await?;
            let schema = Schema::of(&resource);
            let checked = schema.check(&ask.fields, Write::Patch).map_err(Refusal::Fields)?;
            after.put(checked, schema);
        }
        if let Some(stage) = stage {
            let moves =
                self.check_stage_move(&resource, &mut after, stage, Move::Later).await?;
            pass = moves.unwrap_or(pass);
        }
        if let Some(owner) = owner {
            let permission = RecordPermission::new(entity, reassigning(&resource));
            pass = self.check_on(permission, target, &id.to_string()).await?;
            self.check_owner(owner)?;
            after.owner = owner;
        }
        check_version(before.version, version)?;
        self.save_record(&pass, &resource, &before, after, "update", Value::Null).await
    }

    /// Saves a record after a change, with its timeline, audit entry and commit.
    pub(crate) async fn save_record(
        &mut self,
        pass: &Pass<impl Permission>,
        resource: &Resource,
        before: &Record,
        after: Record,
        action: &str,
        detail: Value,
    ) -> Result<(Record, Vec<String>), Error> {
        let mut after = after;
        after.updated_at = self.now;
        if !self.tx(pass)?.records().update(before, &after).await? {
            return Err(Refusal::Stale.into());
        }
        after.version = before.version + 1;
        let detail = if detail.is_null() { changes(before, &after) } else { detail };
        self.tell(pass, &after, action, detail).await?;
        let name = format!("{}.{action}", resource.key);
        self.record_audit(pass, &name, after.id, &audit_view(before), &audit_view(&after))
            .await?;
        self.commit(pass).await?;
        let allowed = self.allowed(resource, &after);
        Ok((after, allowed))
    }

    /// Deletes a record.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`.
    pub async fn delete_record(&mut self, entity: &str, id: RecordId) -> Result<(), Error> {
        let resource = self.record_type(entity)?;
        let (record, _) = self.visible_record(&resource, id).await?;
        let target = self.owned(&record);
        let pass = self
            .check_on(RecordPermission::new(entity, "delete"), target, &id.to_string())
            .await?;
        if !self.tx(&pass)?.records().delete(&record).await? {
            return Err(Refusal::Stale.into());
        }
        self.record_audit(&pass, &format!("{entity}.delete"), id, &audit_view(&record), &())
            .await?;
        self.commit(&pass).await.map(drop)
    }

    /// Moves a record to a stage, by the actions that the stage it leaves and the one it comes to
    /// name; `update` where one names none. Gives the last pass, if any was needed.
    pub(crate) async fn check_stage_move(
        &mut self,
        resource: &Resource,
        record: &mut Record,
        stage: &str,
        when: Move,
    ) -> Result<Option<Pass<RecordPermission>>, Error> {
        let schema = Schema::of(resource);
        let wrong = |error| Error::Refused(Refusal::Fields(vec![error]));
        let to = schema.stage(stage).map_err(wrong)?;
        if record.stage.as_deref() == Some(stage) {
            return Ok(None);
        }
        let from = record.stage.as_deref().and_then(|key| schema.stage(key).ok());
        let key = |by: Option<usize>| by.and_then(|by| resource.actions.get(by));
        let mut needed: Vec<String> = Vec::new();
        for stage in from.into_iter().chain([to]) {
            match (key(stage.by), when) {
                (Some(action), _) => needed.push(action.key.clone()),
                (None, Move::Later) => needed.push("update".to_owned()),
                // Whoever makes a record chooses among the stages that ask for nothing more.
                (None, Move::OnCreation) => {}
            }
        }
        needed.dedup();
        // What a stage asks for is enough: closing takes `close`, not `update` as well.
        if needed.iter().any(|action| action != "update") {
            needed.retain(|action| action != "update");
        }
        let (target, mut pass) = (self.owned(record), None);
        for action in needed {
            let permission = RecordPermission::new(&resource.key, &action);
            pass = Some(self.check_on(permission, target, &record.id.to_string()).await?);
        }
        record.stand(stage, schema).map_err(wrong)?;
        Ok(pass)
    }

    /// Writes down what happened to a record.
    pub(crate) async fn tell(
        &mut self,
        pass: &Pass<impl Permission>,
        record: &Record,
        action: &str,
        detail: Value,
    ) -> Result<(), Error> {
        let event = self.event(record.id, action, detail);
        Ok(self.tx(pass)?.records().insert_event(&event).await?)
    }

    /// An entry of a record's timeline, of what happens now.
    pub(crate) fn event(&self, record: RecordId, action: &str, detail: Value) -> Event {
        Event {
            id: self.id(),
            record,
            at: self.now,
            actor: self.member_id(),
            action: action.to_owned(),
            detail,
        }
    }
}

/// What the timeline says of a change.
fn changes(before: &Record, after: &Record) -> Value {
    let mut detail = Map::new();
    if before.owner != after.owner {
        let moved = json!({"from": owner_word(before.owner), "to": owner_word(after.owner)});
        detail.insert("owner".to_owned(), moved);
    }
    if before.stage != after.stage {
        detail.insert("stage".to_owned(), json!({"from": before.stage, "to": after.stage}));
    }
    let changed = |key: &&String| before.fields.get(*key) != after.fields.get(*key);
    let mut keys: Vec<&String> = before.fields.keys().chain(after.fields.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let keys: Vec<&String> = keys.into_iter().filter(changed).collect();
    if !keys.is_empty() {
        detail.insert("fields".to_owned(), json!(keys));
    }
    Value::Object(detail)
}
