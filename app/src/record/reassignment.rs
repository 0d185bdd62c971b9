//! Reassignments: many records from one owner to another, at once and exactly counted.

use hallpass_domain::id::RecordId;
use hallpass_domain::record::{Event, Owner};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Filter, ResourceKind};
use hallpass_store::record::OwnerChange;
use serde_json::{Map, Value, json};

use super::{owner_word, reassigning};
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::RecordPermission;
use crate::gate::{Pass, Permission};

/// The most records that are named one by one.
const MOST_NAMED: usize = 10_000;

/// Entries of timelines that are made at a time.
const EVENTS: usize = 1_000;

/// What is to be reassigned.
#[derive(Clone, Debug)]
pub struct Reassignment {
    /// Whose records: a member's, also one who has left, or nobody's.
    pub from: Owner,
    /// Who gets them.
    pub to: Owner,
    /// Which record types; all that are on and the visitor may reassign where none is named.
    pub entities: Option<Vec<String>>,
    /// Which records; all of the owner's where none is named.
    pub records: Option<Vec<RecordId>>,
}

impl WorkspaceContext {
    /// Counts, by record type, what a reassignment would move.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::reassign`].
    pub async fn preview_reassignment(
        &mut self,
        ask: &Reassignment,
    ) -> Result<Vec<(String, i64)>, Error> {
        let (change, pass) = self.plan(ask).await?;
        Ok(self.tx(&pass)?.records().preview_reassign(&change).await?)
    }

    /// Reassigns, and counts by record type what moved. Records that are not chosen keep their
    /// owner (CRM-150). Each record's timeline tells of it; there is one audit entry.
    ///
    /// # Errors
    ///
    /// `Denied` when the visitor may reassign none, or not of a record type that they named;
    /// `SwitchedOff` for one that is; `Fields` when an owner or a record type is unknown.
    pub async fn reassign(&mut self, ask: &Reassignment) -> Result<Vec<(String, i64)>, Error> {
        let (change, pass) = self.plan(ask).await?;
        let moving = self.tx(&pass)?.records().list_reassigned(&change).await?;
        let moved = self.tx(&pass)?.records().reassign(&change).await?;
        if moved.iter().all(|(_, n)| *n == 0) {
            return Ok(moved);
        }
        let counts: Map<String, Value> =
            moved.iter().map(|(entity, n)| (entity.clone(), Value::from(*n))).collect();
        let (from, to) = (owner_word(ask.from), owner_word(ask.to));
        let before = json!({"owner": from});
        let after = json!({"owner": to, "records": counts});
        let detail = json!({"owner": {"from": from, "to": to}});
        for some in moving.chunks(EVENTS) {
            let event = |record: &RecordId| self.event(*record, "reassign", detail.clone());
            let events: Vec<Event> = some.iter().map(event).collect();
            self.tx(&pass)?.records().insert_events(&events).await?;
        }
        self.record_audit(&pass, "records.reassign", &from, &before, &after).await?;
        self.commit(&pass).await?;
        Ok(moved)
    }

    async fn plan(
        &mut self,
        ask: &Reassignment,
    ) -> Result<(OwnerChange, Pass<RecordPermission>), Error> {
        if ask.from == ask.to {
            let detail = "they have them already: choose another owner";
            return Err(Refusal::field("/to", "same", detail).into());
        }
        if ask.records.as_ref().is_some_and(|records| records.len() > MOST_NAMED) {
            let detail = format!("at most {MOST_NAMED} records are named at once");
            return Err(Refusal::field("/records", "too_many", detail).into());
        }
        let (mut entities, mut let_in) = (Vec::new(), None);
        for (entity, action) in self.reassigned(ask)? {
            let pass = self.check(RecordPermission::new(&entity, &action)).await?;
            if *pass.filter() != Filter::Nothing {
                entities.push((entity, self.reach(pass.filter())));
            }
            let_in = Some(pass);
        }
        let pass = let_in.ok_or_else(|| {
            let detail = "name a record type, or leave it out for all that you may reassign";
            Refusal::field("/entities", "missing", detail)
        })?;
        self.check_from(&pass, ask.from).await?;
        self.check_owner(ask.to).map_err(|error| match error {
            Error::Refused(_) => {
                Refusal::field("/to", "unknown", "there is no such active member").into()
            }
            Error::NotSignedIn
            | Error::Denied(_)
            | Error::Missing { .. }
            | Error::Broken(_) => error,
        })?;
        let at = self.now;
        let records = ask.records.clone();
        Ok((OwnerChange { from: ask.from, to: ask.to, entities, records, at }, pass))
    }

    /// The record types with the action that reassigns each: those that were named, or those that
    /// are on and the visitor may reassign at all.
    fn reassigned(&self, ask: &Reassignment) -> Result<Vec<(String, String)>, Error> {
        let policy = self.policy();
        let types =
            policy.resources().iter().filter(|known| known.kind == ResourceKind::Records);
        let all: Vec<(String, String)> =
            types.map(|known| (known.key.clone(), reassigning(known).to_owned())).collect();
        if let Some(named) = &ask.entities {
            for (place, entity) in named.iter().enumerate() {
                if !all.iter().any(|(known, _)| known == entity) {
                    let pointer = format!("/entities/{place}");
                    let detail = format!("there is no record type `{entity}`");
                    return Err(Refusal::field(pointer, "unknown", detail).into());
                }
                self.record_type(entity)?;
            }
            return Ok(all.into_iter().filter(|(key, _)| named.contains(key)).collect());
        }
        let may = |(entity, action): &&(String, String)| {
            let cell = policy.cell(entity, action);
            match self.member_index() {
                Some(me) => cell.is_some_and(|cell| policy.filter(me, cell) != Filter::Nothing),
                None => true,
            }
        };
        let mut mine: Vec<_> = all.iter().filter(may).cloned().collect();
        let first = mine.first().cloned();
        mine.retain(|(entity, _)| self.snapshot().is_on(entity));
        match first {
            // Whoever may reassign nothing is told so by the gate.
            None => Ok(all.into_iter().take(1).collect()),
            Some((entity, _)) if mine.is_empty() => self.record_type(&entity).map(|_| mine),
            Some(_) => Ok(mine),
        }
    }

    /// Whose records they are: a member's here, also one who has left.
    async fn check_from(
        &mut self,
        pass: &Pass<impl Permission>,
        from: Owner,
    ) -> Result<(), Error> {
        let Owner::Member(id) = from else { return Ok(()) };
        if self.tx(pass)?.members().find(id).await?.is_some() {
            return Ok(());
        }
        Err(Refusal::field("/from", "unknown", "there is no such member").into())
    }
}
