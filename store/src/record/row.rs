//! A record as a row, and back.

use hallpass_domain::id::{EventId, MemberId, RecordId};
use hallpass_domain::record::{Event, Owner, Record, month};
use hallpass_domain::text::fold;
use hallpass_domain::time::Timestamp;
use serde_json::Value as Json;

use super::query::title_key;
use crate::error::Error;
use crate::value::{Row, Value};

/// What [`from_row`] reads.
pub(super) const COLUMNS: &str = "entity, id, owner_id, stage, is_open, amount, created_at, \
    updated_at, version, created_by, title, fields";

pub(super) fn from_row(row: &Row) -> Result<Record, Error> {
    let Json::Object(fields) = json(row, 11, "records", "fields")? else {
        return Err(corrupt("records", "fields"));
    };
    Ok(Record {
        entity: row.text(0)?.to_owned(),
        id: RecordId(row.id(1)?),
        owner: Owner::of_key(row.id(2)?),
        stage: row.optional(3, Row::text)?.map(str::to_owned),
        open: row.bool(4)?,
        amount: row.optional(5, Row::int)?,
        created_at: Timestamp(row.int(6)?),
        updated_at: Timestamp(row.int(7)?),
        version: row.int(8)?,
        created_by: row.optional(9, Row::id)?.map(MemberId),
        title: row.text(10)?.to_owned(),
        fields,
    })
}

/// What may change in a record: its owner, key of the title, stage, whether it is open, amount, when
/// it was changed, title, fields and text to search.
pub(super) fn changing(record: &Record) -> Vec<Value> {
    vec![
        record.owner.key().into(),
        title_key(&record.title).into(),
        record.stage.clone().into(),
        record.open.into(),
        record.amount.into(),
        record.updated_at.0.into(),
        record.title.as_str().into(),
        Json::Object(record.fields.clone()).to_string().into(),
        search_text(record).into(),
    ]
}

/// What never changes: its type, id, month, when it was made, and by whom.
pub(super) fn fixed(record: &Record) -> Vec<Value> {
    vec![
        record.entity.as_str().into(),
        record.id.0.into(),
        month(record.created_at).into(),
        record.created_at.0.into(),
        record.created_by.map(|member| member.0).into(),
    ]
}

/// The title and every text, a line for each.
fn search_text(record: &Record) -> String {
    let texts = record.fields.values().filter_map(Json::as_str);
    let others = texts.filter(|text| *text != record.title);
    let lines: Vec<String> =
        std::iter::once(record.title.as_str()).chain(others).map(fold).collect();
    lines.join("\n")
}

/// What [`event`] reads.
pub(super) const EVENT_COLUMNS: &str = "record_id, id, at, actor_id, action, detail";

pub(super) fn event(row: &Row) -> Result<Event, Error> {
    Ok(Event {
        record: RecordId(row.id(0)?),
        id: EventId(row.id(1)?),
        at: Timestamp(row.int(2)?),
        actor: row.optional(3, Row::id)?.map(MemberId),
        action: row.text(4)?.to_owned(),
        detail: json(row, 5, "timeline", "detail")?,
    })
}

/// What is kept of an entry, in the order of the columns.
pub(super) fn of_event(event: &Event) -> [Value; 6] {
    [
        event.record.0.into(),
        event.id.0.into(),
        event.at.0.into(),
        event.actor.map(|member| member.0).into(),
        event.action.as_str().into(),
        event.detail.to_string().into(),
    ]
}

fn json(row: &Row, column: usize, table: &str, name: &str) -> Result<Json, Error> {
    serde_json::from_str(row.text(column)?).map_err(|_| corrupt(table, name))
}

fn corrupt(table: &str, column: &str) -> Error {
    Error::Corrupt { table: table.to_owned(), column: column.to_owned() }
}
