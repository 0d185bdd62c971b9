//! Records over HTTP: list, make, look at, change, delete, act, reassign.

use hallpass_app::naming::OwnerRef;
use hallpass_app::record::action::ActionInput;
use hallpass_app::record::change::{NewRecord, RecordChange};
use hallpass_app::record::{RecordDetails, RecordPosition, RecordQuery, SortOrder, owner_word};
use hallpass_domain::id::{EventId, MemberId, RecordId};
use hallpass_domain::record::Event;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cursor;
use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{IfMatch, Params, Path, field_id, id, limit};
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

mod export;
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
    id: String,
    /// The record type, by key.
    entity: String,
    /// A member's id, or `unowned`.
    owner: String,
    /// `active`, `inactive` or `removed`; null where nobody owns it.
    owner_status: Option<String>,
    /// What it is called in lists.
    title: String,
    /// Its values, by key.
    fields: Map<String, Value>,
    /// Where it stands, for a record type with stages.
    stage: Option<String>,
    /// Whether it still needs work.
    open: bool,
    created_by: Option<String>,
    created_at: String,
    updated_at: String,
    version: i64,
    /// What the asker may do to it, by key.
    allowed: Vec<String>,
}

impl From<RecordDetails> for RecordResponse {
    fn from(details: RecordDetails) -> RecordResponse {
        let RecordDetails { record, owner_status, allowed } = details;
        RecordResponse {
            id: record.id.to_string(),
            owner: owner_word(record.owner),
            owner_status: owner_status.map(|status| status.word().to_owned()),
            entity: record.entity,
            title: record.title,
            fields: record.fields,
            stage: record.stage,
            open: record.open,
            created_by: record.created_by.map(|id| id.to_string()),
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
    /// A part of the title or of a field.
    q: Option<String>,
    /// `me`, `unowned` or a member's id.
    owner: Option<String>,
    /// A stage, by key.
    stage: Option<String>,
    /// `-created` (the default), `created`, `title` or `-title`.
    sort: Option<String>,
    /// 1 to 200.
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The records of a type that one may see.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/records/{entity}", tag = "Records", params(RecordParams),
    responses((status = 200, body = Page<RecordResponse>), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Path((_, entity)): Path<(String, String)>,
    Params(ask): Params<RecordParams>,
) -> Answer<Page<RecordResponse>> {
    let limit = limit(ask.limit)?;
    let (order, word) = order(ask.sort.as_deref())?;
    let name = format!("records {entity} {word}");
    let after = ask.cursor.as_deref().map(|text| place(&name, text)).transpose()?;
    let owner = ask.owner.as_deref().map(|text| owner("/owner", text)).transpose()?;
    let (text, stage) = (ask.q, ask.stage);
    let query = RecordQuery { text, owner, stage, order: Some(order), after, limit };
    let page = ctx.records().list(&entity, &query).await?;
    let items = page.records.into_iter().map(RecordResponse::from).collect();
    let next_cursor =
        page.next.map(|place| cursor::write(&name, &(place.title_key, place.id.to_string())));
    Ok(Reply::ok(Page { items, next_cursor, total: page.total }).at(ctx.revision()))
}

fn order(sort: Option<&str>) -> Result<(SortOrder, &'static str), Problem> {
    match sort {
        None | Some("-created") => Ok((SortOrder::Newest, "-created")),
        Some("created") => Ok((SortOrder::Oldest, "created")),
        Some("title") => Ok((SortOrder::Title, "title")),
        Some("-title") => Ok((SortOrder::TitleDown, "-title")),
        Some(_) => {
            let detail = "sort by `-created`, `created`, `title` or `-title`";
            Err(Problem::field("/sort", "unknown", detail))
        }
    }
}

fn place(list: &str, text: &str) -> Result<RecordPosition, Problem> {
    let (title_key, record): (String, String) = cursor::read(list, text)?;
    Ok(RecordPosition { title_key, id: field_id("/cursor", &record)? })
}

/// An owner as the API writes it.
fn owner(pointer: &str, text: &str) -> Result<OwnerRef, Problem> {
    field_id(pointer, text)
}

/// A record to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateRecordRequest {
    /// Its values, by key.
    #[serde(default)]
    fields: Map<String, Value>,
    /// `me` (the default), `unowned` or a member's id.
    owner: Option<String>,
    /// A stage; the first where none is named.
    stage: Option<String>,
}

/// Make a record.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/records/{entity}", tag = "Records", request_body = CreateRecordRequest,
    responses((status = 201, body = RecordResponse), (status = 403, body = Problem), (status = 422, body = Problem)))]
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

/// A record.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}", tag = "Records",
    responses((status = 200, body = RecordResponse), (status = 404, body = Problem)))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, entity, record)): Path<(String, String, String)>,
) -> Answer<RecordResponse> {
    let record = id(&record, "record")?;
    let record = ctx.records().load(&entity, record).await?;
    let version = record.record.version;
    Ok(Reply::ok(record.into()).at(ctx.revision()).version(version))
}

/// What to change about a record; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateRecordRequest {
    /// Other values; null takes one away.
    #[serde(default)]
    fields: Map<String, Value>,
    /// `me`, `unowned` or a member's id.
    owner: Option<String>,
    /// Another stage.
    stage: Option<String>,
}

/// Change a record.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}", tag = "Records", request_body = UpdateRecordRequest,
    responses((status = 200, body = RecordResponse), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 412, body = Problem), (status = 422, body = Problem)))]
async fn change(
    Path((_, entity, record)): Path<(String, String, String)>,
    IfMatch(version): IfMatch,
    WriteContextWith(mut ctx, ask): WriteContextWith<UpdateRecordRequest>,
) -> Answer<RecordResponse> {
    let record = id(&record, "record")?;
    let owner = ask.owner.as_deref().map(|text| owner("/owner", text)).transpose()?;
    let change = RecordChange { fields: ask.fields, owner, stage: ask.stage };
    let record = ctx.records().update(&entity, record, &change, version).await?;
    let version = record.record.version;
    Ok(Reply::ok(record.into()).at(ctx.revision()).version(version))
}

/// Delete a record.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}", tag = "Records",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn delete(
    WriteContext(mut ctx): WriteContext,
    Path((_, entity, record)): Path<(String, String, String)>,
) -> Answer<()> {
    let record = id(&record, "record")?;
    ctx.records().delete(&entity, record).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// What there is to say about an action.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ActionRequest {
    /// To whom the record goes, for the action that reassigns: `me`, `unowned` or a member's id.
    to: Option<String>,
    /// A text: a reply, a reason.
    text: Option<String>,
}

/// Do a custom action of the access model: reply, assign, close, publish, send, claim, …
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}/actions/{action}", tag = "Records", request_body = ActionRequest,
    responses((status = 200, body = RecordResponse), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
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
    /// 1 to 200.
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Something that happened to a record.
#[derive(Serialize, ToSchema)]
struct TimelineEvent {
    id: String,
    at: String,
    /// The member who did it.
    actor: Option<String>,
    /// What was done: `create`, `update`, or a custom action.
    action: String,
    /// What else there is to say.
    detail: Value,
}

/// What happened to a record, the latest first.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}/timeline", tag = "Records", params(TimelineParams),
    responses((status = 200, body = Page<TimelineEvent>), (status = 404, body = Problem)))]
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
        action: event.action,
        detail: event.detail,
    };
    let items = events.into_iter().map(view).collect();
    Ok(Reply::ok(Page { items, next_cursor, total: None }).at(ctx.revision()))
}

/// Who may do what to a record.
#[derive(Serialize, ToSchema)]
struct AllowedMembers {
    /// The action, by key.
    action: String,
    /// The members who may, by id.
    members: Vec<String>,
}

/// Who may do what to a record.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/records/{entity}/{id}/access", tag = "Records",
    responses((status = 200, body = Page<AllowedMembers>), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn access(
    ReadContext(mut ctx): ReadContext,
    Path((_, entity, record)): Path<(String, String, String)>,
) -> Answer<Page<AllowedMembers>> {
    let record = id(&record, "record")?;
    let access = ctx.records().access(&entity, record).await?;
    let item = |(action, members): (String, Vec<MemberId>)| AllowedMembers {
        action,
        members: members.iter().map(ToString::to_string).collect(),
    };
    let items = access.into_iter().map(item).collect();
    Ok(Reply::ok(Page::whole(items)).at(ctx.revision()))
}
