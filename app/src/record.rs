//! Records: rows with an owner, to which every rule of access applies.

use hallpass_domain::id::{EventId, MemberId, RecordId};
use hallpass_domain::record::{Event, Owner, Record, Schema};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Filter, Resource, ResourceKind, Target};
use hallpass_store::record::{ListQuery, Reach};
pub use hallpass_store::record::{RecordPosition, SortOrder};
use serde_json::{Value, json};

use crate::access::About;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::Pass;
use crate::gate::permission::RecordPermission;
use crate::snapshot::Snapshot;

pub mod action;
pub mod change;
pub mod import;
pub mod owner;
pub mod reassignment;
pub mod share;

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
    pub order: Option<SortOrder>,
    /// Those behind a place.
    pub after: Option<RecordPosition>,
    /// At most so many.
    pub limit: usize,
}

/// A page of records.
pub struct RecordPage {
    /// The records.
    pub records: Vec<Record>,
    /// Where the next page begins, if there is one.
    pub next: Option<RecordPosition>,
    /// How many there are in all; none where a filter finds more than [`MOST_COUNTED`].
    pub total: Option<i64>,
}

impl Snapshot {
    /// A record type, with the fields and stages that the workspace gave it.
    #[must_use]
    pub fn record_type(&self, entity: &str) -> Option<Resource> {
        let known = self.model.policy().resources().iter().find(|known| known.key == entity)?;
        if known.kind != ResourceKind::Records {
            return None;
        }
        let mut resource = known.clone();
        if let Some(own) = self.entities.iter().find(|own| own.entity == entity) {
            hallpass_domain::entity::overlay(&mut resource, own.said());
        }
        Some(resource)
    }
}

impl WorkspaceContext {
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
        let pass = self.check(RecordPermission::new(entity, reading(&resource))).await?;
        let schema = Schema::of(&resource);
        if let Some(stage) = &ask.stage {
            schema.stage(stage).map_err(|wrong| Refusal::Fields(vec![wrong]))?;
        }
        let query = ListQuery {
            entity: entity.to_owned(),
            reach: self.reach(pass.filter()),
            owner: ask.owner,
            stage: ask.stage.clone(),
            text: ask.text.clone().filter(|text| !text.trim().is_empty()),
            order: ask.order.unwrap_or(SortOrder::Newest),
            after: ask.after.clone(),
            limit: ask.limit,
        };
        let page = self.tx(&pass)?.records().list(&query).await?;
        let total = match page.total {
            Some(total) => Some(total),
            None => {
                let counted = self.tx(&pass)?.records().count(&query, MOST_COUNTED + 1).await?;
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
        let (record, _) = self.visible_record(&resource, id).await?;
        let allowed = self.allowed(&resource, &record);
        Ok((record, allowed))
    }

    /// A record that the visitor may see, with the pass to see it.
    pub(crate) async fn visible_record(
        &mut self,
        resource: &Resource,
        id: RecordId,
    ) -> Result<(Record, Pass<RecordPermission>), Error> {
        let permission = RecordPermission::new(&resource.key, reading(resource));
        let seen = self.check_record(permission, id).await;
        seen.map_err(|error| match error {
            // To those who may not see it, it is not there.
            Error::Denied(_) => Error::Missing { noun: "record" },
            Error::NotSignedIn
            | Error::Missing { .. }
            | Error::Refused(_)
            | Error::Broken(_) => error,
        })
    }

    /// What the visitor may do to a record, by key.
    #[must_use]
    pub fn allowed(&self, resource: &Resource, record: &Record) -> Vec<String> {
        let (policy, target) = (self.policy(), self.owned(record));
        let may = |key: &str| match self.member_index() {
            Some(me) => policy
                .cell(&resource.key, key)
                .is_some_and(|cell| policy.decide(me, cell, target)),
            None => true,
        };
        let keys = resource.actions.iter().map(|action| action.key.as_str());
        keys.filter(|key| *key != "create" && may(key)).map(str::to_owned).collect()
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
        let (_, pass) = self.visible_record(&resource, id).await?;
        let mut events = self.tx(&pass)?.records().list_events(id, before, limit + 1).await?;
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
        let (record, _) = self.visible_record(&resource, id).await?;
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
}

/// The action that reads a record type.
pub(crate) fn reading(resource: &Resource) -> &str {
    action(resource, resource.read, "read")
}

/// The action that a link to a record needs.
pub(crate) fn sharing(resource: &Resource) -> &str {
    action(resource, resource.share, reading(resource))
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

/// What the audit log says of a record.
pub(crate) fn audit_view(record: &Record) -> Value {
    json!({
        "title": record.title,
        "owner": owner_word(record.owner),
        "stage": record.stage,
        "fields": record.fields,
    })
}
