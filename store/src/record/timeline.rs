//! The timeline of a record: its events are inserted and read, never changed.

use std::collections::HashSet;

use hallpass_domain::id::{EventId, RecordId};
use hallpass_domain::record::Event;
use uuid::Uuid;

use super::records::Records;
use super::row::{event, event_values};
use super::statement;
use crate::error::Error;
use crate::part::{Part, one_more};
use crate::value::Value;

/// How many events one statement inserts, where there are so many.
const CHUNK: usize = 100;

impl<A> Records<'_, A> {
    /// Lists a page of events of a record, the latest first; with `before`, those before an event.
    pub async fn list_events(
        &mut self,
        record: RecordId,
        before: Option<EventId>,
        limit: usize,
    ) -> Result<Part<Event>, Error> {
        let sql = statement::events();
        let before = before.unwrap_or(EventId(Uuid::max()));
        let values = [record.into(), before.into(), one_more(limit)];
        self.tx.part(&sql, &values, limit, event).await
    }

    /// Which of some records have more than one event.
    pub async fn with_later_events(
        &mut self,
        records: &[RecordId],
    ) -> Result<HashSet<RecordId>, Error> {
        let dialect = self.tx.dialect();
        let sql = format!(
            "SELECT record_id FROM timeline WHERE workspace_id = ?1 AND record_id {} \
             GROUP BY record_id HAVING count(*) > 1",
            dialect.in_ids("?2")
        );
        let ids = dialect.ids(records.iter().map(|id| id.0));
        let rows = self.tx.query(&sql, &[ids]).await?;
        rows.iter().map(|row| Ok(row.id("record_id")?.into())).collect()
    }

    /// Lists a page of events of a record, the first one first; with `after`, those after an event.
    pub async fn list_events_after(
        &mut self,
        record: RecordId,
        after: Option<EventId>,
        limit: usize,
    ) -> Result<Part<Event>, Error> {
        let sql = statement::events_after();
        let after = after.unwrap_or(EventId(Uuid::nil()));
        let values = [record.into(), after.into(), one_more(limit)];
        self.tx.part(&sql, &values, limit, event).await
    }
}

impl Records<'_> {
    /// Inserts an event into the timeline of its record.
    pub async fn insert_event(&mut self, event: &Event) -> Result<(), Error> {
        self.insert_events(std::slice::from_ref(event)).await
    }

    /// Inserts events into the timelines of their records.
    pub async fn insert_events(&mut self, events: &[Event]) -> Result<(), Error> {
        // Chunks of two sizes only, since each size is a statement of its own.
        let full = events.chunks_exact(CHUNK);
        let rest = full.remainder().chunks(1);
        for chunk in full.chain(rest) {
            let values: Vec<Value> = chunk.iter().flat_map(event_values).collect();
            self.tx.execute(&statement::insert_events(chunk.len()), &values).await?;
        }
        Ok(())
    }
}
