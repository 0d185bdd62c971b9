//! What a file says after the setup: records with their history, and the audit log.
//!
//! **Invariant:** ids come in the order of an export, records of a type from the oldest, entries from the latest, so
//! that one that is there twice is found without a table of all.

use std::collections::{HashMap, HashSet};

use hallpass_domain::audit::{Entry, Outcome};
use hallpass_domain::id::{AuditId, EventId, MemberId, RecordId};
use hallpass_domain::import::{check_id, has_nul};
use hallpass_domain::record::{Event, Owner, Record, Schema, Write};
use hallpass_engine::Resource;

use super::file::Line;
use super::form::{EntryForm, EventForm, RecordForm, SubjectForm};
use super::reading::{Ids, Wrong, known, word};
use super::setup::Setup;

/// What is known of a file when its log is read.
#[derive(Clone, Copy)]
pub(super) struct Known<'k> {
    pub(super) types: &'k HashMap<String, Resource>,
    /// The setup with the ids of the file.
    pub(super) setup: &'k Setup,
    pub(super) ids: Ids,
}

impl Known<'_> {
    fn member(&self, key: &str, id: Option<MemberId>) -> Result<(), Wrong> {
        match id.filter(|id| !self.setup.has_member(*id)) {
            Some(id) => Err(vec![format!("`{key}`: no member of the file has the id `{id}`")]),
            None => Ok(()),
        }
    }
}

/// Reads the lines of a log, in their order.
#[derive(Default)]
pub(super) struct Log {
    /// The type of the last record, and the types before it.
    entity: String,
    done: HashSet<String>,
    record: Option<RecordId>,
    event: Option<EventId>,
    entry: Option<AuditId>,
    /// The records of all types, to find one that is there twice.
    records: Vec<u128>,
    /// The entries, the latest first.
    entries: Vec<u128>,
    /// The highest revision of an entry.
    pub(super) revision: i64,
}

impl Log {
    pub(super) fn record(&mut self, line: &Line, known: Known<'_>) -> Result<Record, Wrong> {
        let form: RecordForm = line.read().map_err(|why| vec![why])?;
        check_own(form.id.0, known.ids)?;
        let RecordForm { id, entity, owner, fields, stage, created_by, .. } = form;
        if entity != self.entity {
            let before = std::mem::replace(&mut self.entity, entity.clone());
            self.done.insert(before);
            self.record = None;
        }
        if self.done.contains(&entity) || self.record.is_some_and(|last| last >= id) {
            return Err(vec![
                "its place is wrong: an export has the records of a type together, the oldest first"
                    .to_owned(),
            ]);
        }
        (self.record, self.event) = (Some(id), None);
        self.records.push(id.0.as_u128());
        let Some(resource) = known.types.get(&entity) else {
            let entity = hallpass_domain::text::printable(&entity);
            return Err(vec![format!("there is no record type `{entity}`")]);
        };
        if let Owner::Member(owner) = owner {
            known.member("owner", Some(owner))?;
        }
        known.member("created_by", created_by)?;
        let schema = Schema::of(resource);
        let checked = schema.check(&fields, Write::Patch).map_err(|errors| {
            let each = errors.iter().map(|one| format!("{}: {}", one.pointer, one.detail));
            each.collect::<Vec<_>>()
        })?;
        let mut made = Record {
            id: known.ids.of(id.0),
            entity,
            owner: known.ids.owner(owner),
            title: String::new(),
            fields: serde_json::Map::new(),
            stage: None,
            open: schema.is_open(None),
            amount: None,
            created_by: known.ids.member(created_by),
            created_at: form.created_at,
            updated_at: form.updated_at,
            version: 1,
        };
        made.put(checked, schema);
        if let Some(stage) = stage {
            made.stand(&stage, schema).map_err(|error| vec![error.detail])?;
        }
        Ok(made)
    }

    pub(super) fn event(&mut self, line: &Line, known: Known<'_>) -> Result<Event, Wrong> {
        let form: EventForm = line.read().map_err(|why| vec![why])?;
        check_own(form.id.0, known.ids)?;
        if self.record != Some(form.record) {
            return Err(vec!["its record is not the one before it".to_owned()]);
        }
        if self.event.is_some_and(|last| last >= form.id) {
            return Err(vec!["its place is wrong: the first event comes first".to_owned()]);
        }
        self.event = Some(form.id);
        known.member("actor", form.actor)?;
        if has_nul(&form.detail) {
            return Err(vec!["`detail` has the character NUL".to_owned()]);
        }
        Ok(Event {
            id: known.ids.of(form.id.0),
            record: known.ids.of(form.record.0),
            at: form.at,
            actor: known.ids.member(form.actor),
            action: word(&form.action)?,
            detail: known.ids.map.value(&form.detail),
        })
    }

    pub(super) fn entry(&mut self, line: &Line, known: Known<'_>) -> Result<Entry, Wrong> {
        let form: EntryForm = line.read().map_err(|why| vec![why])?;
        check_own(form.id.0, known.ids)?;
        if self.entry.is_some_and(|last| last <= form.id) {
            return Err(vec!["its place is wrong: the latest entry comes first".to_owned()]);
        }
        self.entry = Some(form.id);
        self.entries.push(form.id.0.as_u128());
        known.member("actor", form.actor)?;
        if has_nul(&form.before) || has_nul(&form.after) {
            return Err(vec!["`before` or `after` has the character NUL".to_owned()]);
        }
        // What comes after is counted from the highest.
        if !(0..i64::MAX / 2).contains(&form.revision) || form.times < 1 {
            return Err(vec!["`revision` or `times` is out of range".to_owned()]);
        }
        self.revision = self.revision.max(form.revision);
        Ok(Entry {
            id: known.ids.of(form.id.0),
            at: form.at,
            actor: known.ids.member(form.actor),
            actor_name: line_of(&form.actor_name, "actor_name")?,
            action: word(&form.action)?,
            outcome: self::known(Outcome::parse(&form.outcome), "outcome", &form.outcome)?,
            subject: known.ids.map.text(&line_of(&form.subject, "subject")?),
            before: known.ids.map.value(&form.before),
            after: known.ids.map.value(&form.after),
            revision: form.revision,
            request: line_of(&form.request, "request")?,
            times: form.times,
            last_at: form.last_at,
        })
    }

    pub(super) fn subjects(
        &mut self,
        line: &Line,
        known: Known<'_>,
    ) -> Result<Vec<(String, AuditId)>, Wrong> {
        let form: SubjectForm = line.read().map_err(|why| vec![why])?;
        let subject = line_of(&form.id, "id")?;
        let is_entry = |id: &AuditId| {
            let found = self.entries.binary_search_by(|entry| id.0.as_u128().cmp(entry));
            found.is_ok()
        };
        if let Some(id) = form.entries.iter().find(|id| !is_entry(id)) {
            return Err(vec![format!("`entries`: there is no entry `{id}`")]);
        }
        let moved = known.ids.map.text(&subject);
        let entries = form.entries.iter();
        Ok(entries.map(|id| (moved.clone(), known.ids.of(id.0))).collect())
    }

    /// A record that is there twice, with different types.
    pub(super) fn record_twice(&mut self) -> Option<RecordId> {
        self.records.sort_unstable();
        let found = self.records.windows(2).find_map(|two| match two {
            [one, other] if one == other => Some(*one),
            _ => None,
        });
        found.map(|id| RecordId(uuid::Uuid::from_u128(id)))
    }
}

fn check_own(id: uuid::Uuid, ids: Ids) -> Result<(), Wrong> {
    check_id(id, ids.now).map_err(|why| vec![format!("its id {why}")])
}

/// A text that is kept as it is.
fn line_of(text: &str, key: &str) -> Result<String, Wrong> {
    const LONGEST: usize = 2_000;
    if text.len() > LONGEST || text.contains('\0') {
        return Err(vec![format!(
            "`{key}` has more than {LONGEST} bytes, or the character NUL"
        )]);
    }
    Ok(text.to_owned())
}
