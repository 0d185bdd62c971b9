//! Records: rows with an owner, to which every rule of access applies.

use hallpass_domain::id::{EventId, MemberId, RecordId};
use hallpass_domain::record::{Event, Owner, Record, Schema, Write};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Filter, Kind, Resource, Target};
pub use hallpass_store::record::{Order, Place};
use hallpass_store::record::{Query, Reach};
use serde_json::{Map, Value, json};

use crate::access::About;
use crate::error::Error;
use crate::gate::door::Deed;
use crate::member::check_version;
use crate::snapshot::Snapshot;
use crate::visit::Visit;

pub mod action;
pub mod import;
pub mod reassignment;

/// How many records a count of a filtered list counts.
pub const MOST_COUNTED: i64 = 10_000;

/// Which records are asked for.
#[derive(Clone, Debug, Default)]
pub struct RecordQuery {
    /// A part of the title or of a field.
    pub text: Option<String>,
    /// Those of one owner.
    pub owner: Option<Owner>,
    /// Those in one stage.
    pub stage: Option<String>,
    /// In which order; the latest first where none is named.
    pub order: Option<Order>,
    /// Those behind a place.
    pub after: Option<Place>,
    /// At most so many.
    pub limit: usize,
}

/// A page of records.
pub struct RecordPage {
    /// The records.
    pub records: Vec<Record>,
    /// Where the next page begins, if there is one.
    pub next: Option<Place>,
    /// How many there are in all; none where a filter finds more than [`MOST_COUNTED`].
    pub total: Option<i64>,
}

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

fn no_record() -> Error {
    Error::Missing { noun: "record" }
}

impl Snapshot {
    /// A record type, with the fields and stages that the workspace gave it.
    #[must_use]
    pub fn record_type(&self, entity: &str) -> Option<Resource> {
        let known = self.model.policy().resources().iter().find(|known| known.key == entity)?;
        if known.kind != Kind::Records {
            return None;
        }
        let mut resource = known.clone();
        if let Some(own) = self.entities.iter().find(|own| own.entity == entity) {
            hallpass_domain::entity::overlay(&mut resource, own.said());
        }
        Some(resource)
    }
}

impl Visit {
    /// The record type of a key, if it is switched on.
    pub(crate) fn record_type(&self, entity: &str) -> Result<Resource, Error> {
        let resource = self.snapshot().record_type(entity);
        let resource = resource.ok_or(Error::Missing { noun: "record type" })?;
        if !self.snapshot().is_on(entity) {
            return Err(Refusal::SwitchedOff { resource: resource.name }.into());
        }
        Ok(resource)
    }

    /// A page of the records that the visitor may see.
    ///
    /// # Errors
    ///
    /// `Denied`; `Missing` when there is no such record type; `Fields` for an unknown stage.
    pub async fn list_records(
        &mut self,
        entity: &str,
        ask: &RecordQuery,
    ) -> Result<RecordPage, Error> {
        let resource = self.record_type(entity)?;
        let pass = self.check(Deed::new(entity, reading(&resource))).await?;
        let schema = Schema::of(&resource);
        if let Some(stage) = &ask.stage {
            schema.stage(stage).map_err(|wrong| Refusal::Fields(vec![wrong]))?;
        }
        let query = Query {
            entity: entity.to_owned(),
            reach: self.reach(pass.filter()),
            owner: ask.owner,
            stage: ask.stage.clone(),
            text: ask.text.clone().filter(|text| !text.trim().is_empty()),
            order: ask.order.unwrap_or(Order::Newest),
            after: ask.after.clone(),
            limit: ask.limit,
        };
        let page = self.tx()?.records().page(&query).await?;
        let total = match page.total {
            Some(total) => Some(total),
            None => {
                let counted = self.tx()?.records().count(&query, MOST_COUNTED + 1).await?;
                Some(counted).filter(|n| *n <= MOST_COUNTED)
            }
        };
        Ok(RecordPage { records: page.records, next: page.next, total })
    }

    /// A record, with the actions that the visitor may do to it.
    ///
    /// # Errors
    ///
    /// `Missing` when there is none, or the visitor may not see it.
    pub async fn load_record(
        &mut self,
        entity: &str,
        id: RecordId,
    ) -> Result<(Record, Vec<String>), Error> {
        let resource = self.record_type(entity)?;
        let record = self.visible_record(&resource, id).await?;
        let allowed = self.allowed(&resource, &record);
        Ok((record, allowed))
    }

    /// A record that the visitor may see.
    pub(crate) async fn visible_record(
        &mut self,
        resource: &Resource,
        id: RecordId,
    ) -> Result<Record, Error> {
        let record =
            self.tx()?.records().find(&resource.key, id).await?.ok_or_else(no_record)?;
        let door = Deed::new(&resource.key, reading(resource));
        match self.check_on(door, self.owned(&record), &id.to_string()).await {
            Ok(_) => Ok(record),
            // To those who may not see it, it is not there.
            Err(Error::Denied(_)) => Err(no_record()),
            Err(error) => Err(error),
        }
    }

    /// What the visitor may do to a record, by key.
    #[must_use]
    pub fn allowed(&self, resource: &Resource, record: &Record) -> Vec<String> {
        let (policy, target) = (self.policy(), self.owned(record));
        let may = |key: &str| match self.index() {
            Some(me) => policy
                .cell(&resource.key, key)
                .is_some_and(|cell| policy.decide(me, cell, target)),
            None => true,
        };
        let keys = resource.actions.iter().map(|action| action.key.as_str());
        keys.filter(|key| *key != "create" && may(key)).map(str::to_owned).collect()
    }

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
        let record = self.new_record(&resource, ask).await?;
        self.keep_new(&record).await?;
        self.note(&format!("{entity}.create"), record.id, &(), &facts(&record)).await?;
        self.commit().await?;
        let allowed = self.allowed(&resource, &record);
        Ok((record, allowed))
    }

    /// A record that may be made, not yet kept.
    pub(crate) async fn new_record(
        &mut self,
        resource: &Resource,
        ask: &NewRecord,
    ) -> Result<Record, Error> {
        let entity = resource.key.as_str();
        let me = self.member();
        let owner = ask.owner.or(me.map(Owner::Member)).unwrap_or(Owner::Nobody);
        self.check_owner(owner)?;
        let target = self.target_of(owner);
        self.check_on(Deed::new(entity, "create"), target, "").await?;
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
        Ok(record)
    }

    /// Keeps a new record and begins its timeline.
    pub(crate) async fn keep_new(&mut self, record: &Record) -> Result<(), Error> {
        self.tx()?.records().insert(record).await?;
        self.tell(record, "create", json!({"owner": owner_word(record.owner)})).await
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
        let before = self.visible_record(&resource, id).await?;
        let mut after = before.clone();
        let target = self.owned(&before);
        if !ask.fields.is_empty() || (ask.owner.is_none() && ask.stage.is_none()) {
            self.check_on(Deed::new(entity, "update"), target, &id.to_string()).await?;
            let schema = Schema::of(&resource);
            let checked = schema.check(&ask.fields, Write::Patch).map_err(Refusal::Fields)?;
            after.put(checked, schema);
        }
        if let Some(stage) = &ask.stage {
            self.check_stage_move(&resource, &mut after, stage, Move::Later).await?;
        }
        if let Some(owner) = ask.owner.filter(|owner| *owner != before.owner) {
            self.check_on(Deed::new(entity, reassigning(&resource)), target, &id.to_string())
                .await?;
            self.check_owner(owner)?;
            after.owner = owner;
        }
        check_version(before.version, version)?;
        self.save_record(&resource, &before, after, "update", Value::Null).await
    }

    /// Saves a record after a change, with its timeline, audit entry and commit.
    pub(crate) async fn save_record(
        &mut self,
        resource: &Resource,
        before: &Record,
        after: Record,
        action: &str,
        detail: Value,
    ) -> Result<(Record, Vec<String>), Error> {
        let mut after = after;
        after.updated_at = self.now;
        if !self.tx()?.records().save(before, &after).await? {
            return Err(Refusal::Stale.into());
        }
        after.version = before.version + 1;
        let detail = if detail.is_null() { changes(before, &after) } else { detail };
        self.tell(&after, action, detail).await?;
        let name = format!("{}.{action}", resource.key);
        self.note(&name, after.id, &facts(before), &facts(&after)).await?;
        self.commit().await?;
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
        let record = self.visible_record(&resource, id).await?;
        let target = self.owned(&record);
        self.check_on(Deed::new(entity, "delete"), target, &id.to_string()).await?;
        if !self.tx()?.records().delete(&record).await? {
            return Err(Refusal::Stale.into());
        }
        self.note(&format!("{entity}.delete"), id, &facts(&record), &()).await?;
        self.commit().await.map(drop)
    }

    /// What happened to a record, the latest first.
    ///
    /// # Errors
    ///
    /// `Missing` when there is none, or the visitor may not see it.
    pub async fn timeline(
        &mut self,
        entity: &str,
        id: RecordId,
        before: Option<EventId>,
        limit: usize,
    ) -> Result<(Vec<Event>, bool), Error> {
        let resource = self.record_type(entity)?;
        self.visible_record(&resource, id).await?;
        let mut events = self.tx()?.records().timeline(id, before, limit + 1).await?;
        let has_more = events.len() > limit;
        events.truncate(limit);
        Ok((events, has_more))
    }

    /// What a question about a record is about: what its owner owns.
    ///
    /// # Errors
    ///
    /// `Missing` when there is none, or the visitor may not see it.
    pub async fn about_record(&mut self, entity: &str, id: RecordId) -> Result<About, Error> {
        let resource = self.record_type(entity)?;
        let record = self.visible_record(&resource, id).await?;
        Ok(match record.owner {
            Owner::Nobody => About::Unowned,
            Owner::Member(member) => About::OwnedBy(member),
        })
    }

    /// The owners that a filter lets through, as lists are asked for.
    pub(crate) fn reach(&self, filter: &Filter) -> Reach {
        match filter {
            Filter::Nothing => Reach::Nothing,
            Filter::All => Reach::All,
            Filter::Owners(owners) => {
                let policy = self.policy();
                let members = owners
                    .members
                    .iter()
                    .filter_map(|member| policy.id(*member).parse::<MemberId>().ok())
                    .map(Owner::Member);
                Reach::owners(members.chain(owners.unowned.then_some(Owner::Nobody)))
            }
        }
    }

    /// A record as the policy is asked about it.
    pub(crate) fn owned(&self, record: &Record) -> Target {
        self.target_of(record.owner)
    }

    pub(crate) fn target_of(&self, owner: Owner) -> Target {
        match owner {
            Owner::Nobody => Target::Unowned,
            Owner::Member(member) => self.target(About::OwnedBy(member)),
        }
    }

    /// Whether somebody can own a record from now on: an active member, or nobody.
    pub(crate) fn check_owner(&self, owner: Owner) -> Result<(), Error> {
        let Owner::Member(id) = owner else { return Ok(()) };
        match self.model().member(id) {
            Some(member) if member.is_active => Ok(()),
            Some(_) => {
                let detail = "the member is inactive: choose an active one";
                Err(Refusal::field("/owner", "inactive", detail).into())
            }
            None => Err(Refusal::field("/owner", "unknown", "there is no such member").into()),
        }
    }

    /// Moves a record to a stage, by the actions that the stage it leaves and the one it comes to
    /// name; `update` where one names none.
    pub(crate) async fn check_stage_move(
        &mut self,
        resource: &Resource,
        record: &mut Record,
        stage: &str,
        when: Move,
    ) -> Result<(), Error> {
        let schema = Schema::of(resource);
        let wrong = |error| Error::Refused(Refusal::Fields(vec![error]));
        let to = schema.stage(stage).map_err(wrong)?;
        if record.stage.as_deref() == Some(stage) {
            return Ok(());
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
        let target = self.owned(record);
        for action in needed {
            let door = Deed::new(&resource.key, &action);
            self.check_on(door, target, &record.id.to_string()).await?;
        }
        record.stand(stage, schema).map_err(wrong)
    }

    /// Writes down what happened to a record.
    pub(crate) async fn tell(
        &mut self,
        record: &Record,
        action: &str,
        detail: Value,
    ) -> Result<(), Error> {
        let event = Event {
            id: self.id(),
            record: record.id,
            at: self.now,
            actor: self.member(),
            action: action.to_owned(),
            detail,
        };
        Ok(self.tx()?.records().note(&event).await?)
    }
}

/// When a record comes to a stage.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    OnCreation,
    Later,
}

/// The action that reads a record type.
pub(crate) fn reading(resource: &Resource) -> &str {
    action(resource, resource.read, "read")
}

/// The action that changes the owner of a record.
pub(crate) fn reassigning(resource: &Resource) -> &str {
    action(resource, resource.reassign, "update")
}

fn action<'r>(resource: &'r Resource, index: Option<usize>, usual: &'r str) -> &'r str {
    let named = index.and_then(|index| resource.actions.get(index));
    named.map_or(usual, |action| action.key.as_str())
}

/// An owner as the API writes it.
#[must_use]
pub fn owner_word(owner: Owner) -> String {
    match owner {
        Owner::Nobody => "unowned".to_owned(),
        Owner::Member(member) => member.to_string(),
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

/// What the audit log says of a record.
pub(crate) fn facts(record: &Record) -> Value {
    json!({
        "title": record.title,
        "owner": owner_word(record.owner),
        "stage": record.stage,
        "fields": record.fields,
    })
}
