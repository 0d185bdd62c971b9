//! Records and events as rows.

use hallpass_domain::record::{Event, Owner, Record};
use serde_json::{Map, Value as Json};

use super::query::title_key;
use crate::columns::Columns;
use crate::error::Error;
use crate::row::Row;
use crate::value::Value;

pub(super) static COLUMNS: Columns = Columns::in_workspace(
    "records",
    &[
        "id",
        "version",
        "owner_id",
        "stage",
        "is_open",
        "amount",
        "updated_at",
        "title",
        "fields",
    ],
)
.computed(&["title_key", "search_text"])
.fixed(&["entity", "created_at", "created_by"])
.hidden(&["created_month", "doc"]);

pub(super) static EVENT_COLUMNS: Columns = Columns::in_workspace(
    "timeline",
    &["id", "record_id", "at", "actor_id", "action", "detail"],
);

pub(super) fn from_row(row: &Row) -> Result<Record, Error> {
    Ok(Record {
        id: row.id("id")?.into(),
        version: row.int("version")?,
        owner: Owner::of_key(row.id("owner_id")?),
        stage: row.optional("stage", Row::text)?.map(str::to_owned),
        open: row.bool("is_open")?,
        amount: row.optional("amount", Row::int)?,
        updated_at: row.time("updated_at")?,
        title: row.text("title")?.to_owned(),
        fields: row.json::<Map<String, Json>>("fields")?,
        entity: row.text("entity")?.to_owned(),
        created_at: row.time("created_at")?,
        created_by: row.optional("created_by", Row::id)?.map(Into::into),
    })
}

/// The values of a new record, with its number in the index of search and its text there.
pub(super) fn values(record: &Record, doc: i64, text: &str) -> Vec<Value> {
    let mut values = vec![record.id.into(), record.version.into()];
    values.extend(changing_values(record, text));
    values.extend([
        record.entity.as_str().into(),
        record.created_at.into(),
        record.created_by.into(),
        record.created_at.month().into(),
        doc.into(),
    ]);
    values
}

/// What an update changes, beside the version. It takes the text that is searched.
pub(super) fn changing_values(record: &Record, text: &str) -> [Value; 9] {
    [
        record.owner.key().into(),
        record.stage.clone().into(),
        record.open.into(),
        record.amount.into(),
        record.updated_at.into(),
        record.title.as_str().into(),
        Json::Object(record.fields.clone()).to_string().into(),
        title_key(&record.title).into(),
        text.into(),
    ]
}

pub(super) fn event(row: &Row) -> Result<Event, Error> {
    Ok(Event {
        id: row.id("id")?.into(),
        record: row.id("record_id")?.into(),
        at: row.time("at")?,
        actor: row.optional("actor_id", Row::id)?.map(Into::into),
        action: row.text("action")?.to_owned(),
        detail: row.json("detail")?,
    })
}

pub(super) fn event_values(event: &Event) -> [Value; 6] {
    [
        event.id.into(),
        event.record.into(),
        event.at.into(),
        event.actor.into(),
        event.action.as_str().into(),
        event.detail.to_string().into(),
    ]
}
