//! Records over HTTP: list, make, look at, change, delete, act, reassign.
//!
//! Long because the descriptions of the operations are the doc comments of their handlers.

use std::collections::BTreeMap;

use hallpass_app::access::who::AllowedPage;
use hallpass_app::naming::OwnerRef;
use hallpass_app::record::action::ActionInput;
use hallpass_app::record::change::{NewRecord, RecordChange};
use hallpass_app::record::filter::Order;
use hallpass_app::record::{
    AccessPart, CountMode, Names, RecordDetails, RecordPage, RecordPosition, RecordQuery,
    owner_word,
};
use hallpass_domain::id::{EventId, RecordId};
use hallpass_domain::record::Event;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cursor;
use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};

use crate::extract::{Params, Path, field_id, id, limit};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

use self::filter::FilterInput;

mod export;
mod filter;
mod owner;
mod reassignment;
mod share;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(load, change, delete))
        .routes(routes!(act))
        .routes(routes!(timeline))
        .routes(routes!(access))
        .merge(export::routes())
        .merge(owner::routes())
        .merge(reassignment::routes())
        .merge(share::routes())
}

/// A record.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecordResponse {
    /// The id.
    #[schema(value_type = scalar::RecordId)]
    id: String,
    /// The key of the record type.
    entity: String,
    /// The owner: a member's id, or `unowned`.
    #[schema(value_type = scalar::RecordOwner)]
    owner: String,
    /// The name of the owner, who may have been removed; `null` if there is none.
    owner_name: Option<String>,
    /// The status of the owner; `null` if there is none.
    #[schema(value_type = Option<scalar::OwnerStatus>)]
    owner_status: Option<String>,
    /// The title: the first required field of the type `text`.
    title: String,
    /// The values, by key of the field.
    fields: Map<String, Value>,
    /// The key of the stage, for a record type with stages.
    stage: Option<String>,
    /// Whether it still needs work.
    open: bool,
    /// The member who created it; `null` for the operator.
    #[schema(value_type = Option<scalar::MemberId>)]
    created_by: Option<String>,
    /// The name of the member who created it; `null` for the operator, and for a caller who may
    /// neither read members nor records of this member.
    created_by_name: Option<String>,
    /// When it was created.
    #[schema(value_type = scalar::Timestamp)]
    created_at: String,
    /// When it was last changed.
    #[schema(value_type = scalar::Timestamp)]
    updated_at: String,
    /// The version, also in `ETag`.
    #[schema(minimum = 1)]
    version: i64,
    /// The keys of the actions that the caller may perform on it.
    allowed: Vec<String>,
}

impl From<RecordDetails> for RecordResponse {
    fn from(details: RecordDetails) -> RecordResponse {
        let RecordDetails { record, owner_status, owner_name, created_by_name, allowed } =
            details;
        RecordResponse {
            id: record.id.to_string(),
            owner: owner_word(record.owner),
            owner_name,
            owner_status: owner_status.map(|status| status.word().to_owned()),
            entity: record.entity,
            title: record.title,
            fields: record.fields,
            stage: record.stage,
            open: record.open,
            created_by: record.created_by.map(|id| id.to_string()),
            created_by_name,
            created_at: record.created_at.to_string(),
            updated_at: record.updated_at.to_string(),
            version: record.version,
            allowed,
        }
    }
}

/// Which records, and how many.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct RecordParams {
    /// Words, each of which the title or a field contains, without regard to case and accents.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only records of this owner: `me`, `unowned` or a member's id.
    #[param(value_type = Option<scalar::OwnerKey>)]
    owner: Option<String>,
    /// Only records in this stage, by key.
    #[param(max_length = 64)]
    stage: Option<String>,
    /// Only open records, or only others.
    open: Option<bool>,
    /// Only records that were created at this time or later.
    #[param(value_type = Option<scalar::Timestamp>)]
    created_from: Option<String>,
    /// Only records that were created at this time or earlier.
    #[param(value_type = Option<scalar::Timestamp>)]
    created_to: Option<String>,
    /// Only records that were last changed at this time or later.
    #[param(value_type = Option<scalar::Timestamp>)]
    updated_from: Option<String>,
    /// Only records that were last changed at this time or earlier.
    #[param(value_type = Option<scalar::Timestamp>)]
    updated_to: Option<String>,
    /// Conditions on fields, as a JSON array: `[{"field": "city", "is": "Berlin"}]`, with one of `is`,
    /// `contains`, `from` and `to`, or `empty`. All of them must be fulfilled.
    #[param(max_length = 2000)]
    filter: Option<String>,
    /// The order: `-created` (the default without `q`), `created`, `title`, `updated`, `amount` or the key of
    /// a field that has none of these names; `-` reverses it. With `q` the records with all words in the title
    /// come first by default, each part the newest first. Orders by `updated`, `amount` and a field sort the
    /// newest 20,000 records at most.
    #[param(value_type = Option<scalar::RecordSort>)]
    sort: Option<String>,
    /// The largest number of items on the page.
    #[param(value_type = Option<scalar::Limit>)]
    limit: Option<usize>,
    /// `next_cursor` of the previous page.
    #[param(value_type = Option<scalar::Cursor>)]
    cursor: Option<String>,
}

/// List records
///
/// Lists the records of a type that the caller may read, and nothing else. `q` matches the records
/// that contain each of its words, in any order, in the title or in a field; the filters combine.
/// With `q` or a filter `total` is exact up to 1,000; `total_is_more` says that there are more. It is
/// absent where counting takes too long.
/// `incomplete` says that records may be missing: the page took too long to fill, and `next_cursor`
/// goes on, or records of an earlier version are still being indexed.
/// Requires the action `read` on the record type.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/records/{entity}", tag = "Records", params(RecordParams),
    responses((status = 200, body = Page<RecordResponse>),
        (status = 403, description = "`denied`: the caller may read no record of this type."),
        (status = 409, description = "`switched_off`: the record type is switched off.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Path((_, entity)): Path<(String, String)>,
    Params(ask): Params<RecordParams>,
) -> Answer<Page<RecordResponse>> {
    let limit = limit(ask.limit)?;
    let order = Order::parse(ask.sort.as_deref(), ask.q.as_deref());
    let name = format!("records {entity} {}", order.word);
    let after = ask.cursor.as_deref().map(|text| place(&name, text)).transpose()?;
    let owner = ask.owner.as_deref().map(|text| owner("/owner", text)).transpose()?;
    let filter = FilterInput {
        open: ask.open,
        created: [ask.created_from.as_deref(), ask.created_to.as_deref()],
        updated: [ask.updated_from.as_deref(), ask.updated_to.as_deref()],
        conditions: ask.filter.as_deref(),
    };
    let (filter, sorting, order) = (filter.read()?, order.sorting, order.order);
    let (text, stage, total) = (ask.q, ask.stage, CountMode::Counted);
    let query = RecordQuery { text, owner, stage, order, after, limit, total, filter, sorting };
    let page = ctx.records().list(&entity, &query).await?;
    Ok(Reply::ok(self::page(&name, page)).at(ctx.revision()))
}

/// A page of a list of records, whose cursors have a name.
pub(super) fn page(name: &str, page: RecordPage) -> Page<RecordResponse> {
    let items = page.records.into_iter().map(RecordResponse::from).collect();
    let next_cursor =
        page.next.map(|place| cursor::write(name, &(place.key, place.id.to_string())));
    Page::filtered(items, next_cursor, page.total, page.is_incomplete)
}

/// The position that a cursor of a list of records has.
pub(super) fn place(list: &str, text: &str) -> Result<RecordPosition, Problem> {
    let (key, record): (String, String) = cursor::read(list, text)?;
    Ok(RecordPosition { key, id: field_id("/cursor", &record)? })
}

/// An owner as the API writes it.
fn owner(pointer: &str, text: &str) -> Result<OwnerRef, Problem> {
    field_id(pointer, text)
}

/// A new record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateRecordRequest {
    /// The values, by key of the field.
    #[serde(default)]
    fields: Map<String, Value>,
    /// The owner: `me` (the default), `unowned` or a member's id.
    #[schema(value_type = Option<scalar::OwnerKey>)]
    owner: Option<String>,
    /// The key of the stage; the first if absent.
    #[schema(value_type = Option<scalar::Key>)]
    stage: Option<String>,
}

/// Create a record
///
/// Creates a record. The caller owns it unless `owner` says otherwise, and it starts in the
/// first stage unless `stage` does. `fields` must have the required fields of the record type.
/// Requires the action `create` on the record type.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/records/{entity}", tag = "Records", request_body = CreateRecordRequest,
    responses((status = 201, body = RecordResponse),
        (status = 403, description = "`denied`: the caller may not create records, or not for this owner."),
        (status = 409, description = "`switched_off`: the record type is switched off.")))]
async fn create(
    Path((_, entity)): Path<(String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<CreateRecordRequest>,
) -> Answer<RecordResponse> {
    let owner = ask.owner.as_deref().map(|text| owner("/owner", text)).transpose()?;
    let new = NewRecord { fields: ask.fields, owner, stage: ask.stage };
    let record = ctx.records().create(&entity, &new).await?;
    let version = record.record.version;
    Ok(Reply::created(record.into()).at(ctx.revision()).version(version))
}

/// Get a record
///
/// Gets a record that the caller may read. `allowed` lists the actions that the caller may
/// perform on it.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}", tag = "Records",
    responses((status = 200, body = RecordResponse),
        (status = 409, description = "`switched_off`: the record type is switched off.")))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, entity, record)): Path<(String, String, String)>,
) -> Answer<RecordResponse> {
    let record = id(&record, "record")?;
    let record = ctx.records().load(&entity, record).await?;
    let version = record.record.version;
    Ok(Reply::ok(record.into()).at(ctx.revision()).version(version))
}

/// Changes to a record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateRecordRequest {
    /// The values to change, by key of the field; `null` clears one.
    #[serde(default)]
    fields: Map<String, Value>,
    /// Another owner: `me`, `unowned` or a member's id.
    #[schema(value_type = Option<scalar::OwnerKey>)]
    owner: Option<String>,
    /// The key of another stage.
    #[schema(value_type = Option<scalar::Key>)]
    stage: Option<String>,
}

/// Update a record
///
/// Changes the fields that the request names; `null` clears a field. Changing `owner` requires
/// the action that the record type has for it, changing `stage` the action of the stage, and
/// everything else `update`.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}", tag = "Records", request_body = UpdateRecordRequest,
    responses((status = 200, body = RecordResponse),
        (status = 403, description = "`denied`: the caller may read the record, but not change it so."),
        (status = 409, description = "`switched_off`: the record type is switched off.")))]
async fn change(
    Path((_, entity, record)): Path<(String, String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<UpdateRecordRequest>,
) -> Answer<RecordResponse> {
    let record = id(&record, "record")?;
    let owner = ask.owner.as_deref().map(|text| owner("/owner", text)).transpose()?;
    let change = RecordChange { fields: ask.fields, owner, stage: ask.stage };
    let record = ctx.records().update(&entity, record, &change).await?;
    let version = record.record.version;
    Ok(Reply::ok(record.into()).at(ctx.revision()).version(version))
}

/// Delete a record
///
/// Deletes a record with its timeline. Requires the action `delete` on the record.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}", tag = "Records",
    responses((status = 204),
        (status = 403, description = "`denied`: the caller may read the record, but not delete it."),
        (status = 409, description = "`switched_off`: the record type is switched off.")))]
async fn delete(
    WriteContext(mut ctx): WriteContext,
    Path((_, entity, record)): Path<(String, String, String)>,
) -> Answer<()> {
    let record = id(&record, "record")?;
    ctx.records().delete(&entity, record).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// What the action needs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ActionRequest {
    /// The new owner, for the action that changes it: `me`, `unowned` or a member's id.
    #[schema(value_type = Option<scalar::OwnerKey>)]
    to: Option<String>,
    /// A text, such as a reply or a reason.
    #[schema(value_type = Option<scalar::Description>)]
    text: Option<String>,
}

/// Perform an action on a record
///
/// Performs a custom action of the access model, such as `reply`, `assign`, `close` or `claim`,
/// and writes it to the record's timeline. `to` is for the action that changes the owner.
/// Requires that action on the record.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}/actions/{action}", tag = "Records", request_body = ActionRequest,
    responses((status = 200, body = RecordResponse),
        (status = 403, description = "`denied`: the caller may read the record, but not perform the action."),
        (status = 409, description = "`switched_off`: the record type is switched off. `stale`: the record was changed at the same time."),
        (status = 422, description = "`no_such_action`: the record type has no such action; `detail` lists those that it has.")))]
async fn act(
    Path((_, entity, record, action)): Path<(String, String, String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<ActionRequest>,
) -> Answer<RecordResponse> {
    let record = id(&record, "record")?;
    let to = ask.to.as_deref().map(|text| owner("/to", text)).transpose()?;
    let ask = ActionInput { to, text: ask.text };
    let record = ctx.records().act(&entity, record, &action, &ask).await?;
    let version = record.record.version;
    Ok(Reply::ok(record.into()).at(ctx.revision()).version(version))
}

/// How much of a timeline.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TimelineParams {
    /// The largest number of items on the page.
    #[param(value_type = Option<scalar::Limit>)]
    limit: Option<usize>,
    /// `next_cursor` of the previous page.
    #[param(value_type = Option<scalar::Cursor>)]
    cursor: Option<String>,
}

/// An event of a record.
#[derive(Serialize, ToSchema)]
struct TimelineEvent {
    /// The id.
    #[schema(value_type = scalar::EventId)]
    id: String,
    /// When it happened.
    #[schema(value_type = scalar::Timestamp)]
    at: String,
    /// The member who acted; `null` for the operator.
    #[schema(value_type = Option<scalar::MemberId>)]
    actor: Option<String>,
    /// The name of the actor; `null` for the operator, and for a caller who may not know it.
    actor_name: Option<String>,
    /// What was done: `create`, `update`, or a custom action.
    action: String,
    /// What changed, or the text of the action.
    detail: Value,
    /// The names of the members in `detail`, by id, as far as the caller may know them.
    #[schema(value_type = BTreeMap<scalar::MemberId, String>)]
    names: BTreeMap<String, String>,
}

/// List events of a record
///
/// Lists what happened to a record, the latest first. Requires the action `read` on the record.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}/timeline", tag = "Records", params(TimelineParams),
    responses((status = 200, body = Page<TimelineEvent>),
        (status = 409, description = "`switched_off`: the record type is switched off.")))]
async fn timeline(
    ReadContext(mut ctx): ReadContext,
    Path((_, entity, record)): Path<(String, String, String)>,
    Params(ask): Params<TimelineParams>,
) -> Answer<Page<TimelineEvent>> {
    let limit = limit(ask.limit)?;
    let id: RecordId = id(&record, "record")?;
    let name = format!("timeline {id}");
    let before = match ask.cursor.as_deref() {
        Some(text) => {
            let event: String = cursor::read(&name, text)?;
            Some(field_id::<EventId>("/cursor", &event)?)
        }
        None => None,
    };
    let (events, has_more) = ctx.records().timeline(&entity, id, before, limit).await?;
    let last = events.last().filter(|_| has_more);
    let next_cursor = last.map(|event| cursor::write(&name, &event.id.to_string()));
    let view = |event: Event| TimelineEvent {
        id: event.id.to_string(),
        at: event.at.to_string(),
        actor: event.actor.map(|id| id.to_string()),
        actor_name: event.actor.and_then(|id| ctx.known_name(id)).map(str::to_owned),
        action: event.action,
        names: ctx.known_names(&event.detail),
        detail: event.detail,
    };
    let items = events.into_iter().map(view).collect();
    Ok(Reply::ok(Page::new(items, next_cursor, None)).at(ctx.revision()))
}

/// An action and the members who may perform it.
#[derive(Serialize, ToSchema)]
struct AllowedMembers {
    /// The key of the action.
    action: String,
    /// The members who may perform it.
    #[schema(value_type = Vec<scalar::MemberId>)]
    members: Vec<String>,
    /// Their names by id, on a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = BTreeMap<scalar::MemberId, String>)]
    names: Option<BTreeMap<String, String>>,
    /// The cursor of the next members, to be sent with the action; on a page that is not the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = scalar::Cursor)]
    next_cursor: Option<String>,
}

/// Which part of the access to a record.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AccessParams {
    /// The key of one action; all if absent.
    #[param(value_type = Option<scalar::Key>)]
    action: Option<String>,
    /// The members of each action, from 1 to 200, with their names. Without it and without `cursor` the
    /// lists are complete and have no names.
    #[param(value_type = Option<scalar::Limit>)]
    limit: Option<usize>,
    /// The `next_cursor` of the action; it needs `action`.
    #[param(value_type = Option<scalar::Cursor>)]
    cursor: Option<String>,
}

/// List who can access a record
///
/// Lists for each action of the record type, or for one, the members who may perform it on this record,
/// by id. With `limit` or `cursor` it lists a page of them, 50 without `limit`, with names. Requires
/// `members: read`, and the action `read` on the record.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}/access", tag = "Records", params(AccessParams),
    responses((status = 200, body = Page<AllowedMembers>),
        (status = 403, description = "`denied`: the caller may not read members."),
        (status = 409, description = "`switched_off`: the record type is switched off.")))]
async fn access(
    ReadContext(mut ctx): ReadContext,
    Path((_, entity, record)): Path<(String, String, String)>,
    Params(ask): Params<AccessParams>,
) -> Answer<Page<AllowedMembers>> {
    let record = id(&record, "record")?;
    let AccessParams { action, limit: most, cursor: after } = ask;
    let is_paged = most.is_some() || after.is_some();
    let list = format!("access {}", action.as_deref().unwrap_or_default());
    let after: Option<String> = after.map(|text| cursor::read(&list, &text)).transpose()?;
    let after = after.map(|id| field_id("/cursor", &id)).transpose()?;
    let names = if is_paged { Names::Shown } else { Names::Omitted };
    // A list without a limit has every member.
    let limit = if is_paged { limit(most)? } else { usize::MAX - 1 };
    let part = AccessPart { action: action.as_deref(), after, limit, names };
    let pages = ctx.records().access(&entity, record, &part).await?;
    let item = |(action, page): (String, AllowedPage)| {
        let next =
            page.next().map(|id| cursor::write(&format!("access {action}"), &id.to_string()));
        let members = page.members.iter();
        AllowedMembers {
            members: members.clone().map(|(id, _)| id.to_string()).collect(),
            names: is_paged
                .then(|| members.map(|(id, name)| (id.to_string(), name.clone())).collect()),
            next_cursor: next,
            action,
        }
    };
    let items = pages.into_iter().map(item).collect();
    Ok(Reply::ok(Page::whole(items)).at(ctx.revision()))
}
