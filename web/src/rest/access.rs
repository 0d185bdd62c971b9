//! Decisions over HTTP: check, explain, who, what, and the effective access of a member.

use hallpass_app::access::{About, EffectiveRight, Question, check_number};
use hallpass_app::admission::Decisions;
use hallpass_domain::advice::MOST_ACTS;
use hallpass_domain::id::{MemberId, RecordId};
use hallpass_engine::Filter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cursor;
use crate::error::Problem;
use crate::extract::context::{DecisionRequest, ReadContext, ReadContextWith};
use crate::extract::{Path, field_id, id, limit};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

mod explanation;
mod question;

use explanation::ExplainResponse;
use question::{AccessQuestion, parsed, put_owners, question};

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(check))
        .routes(routes!(explain))
        .routes(routes!(who))
        .routes(routes!(what))
        .routes(routes!(rights))
}

/// Questions about one member.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckRequest {
    /// The member that the questions are about; the caller if absent.
    #[schema(value_type = Option<scalar::MemberId>)]
    member: Option<String>,
    /// The questions.
    #[schema(min_items = 1, max_items = 1000)]
    checks: Vec<AccessQuestion>,
}

/// The answers.
#[derive(Serialize, ToSchema)]
struct CheckResponse {
    /// `true` where the action is allowed, in the order of the questions.
    #[schema(max_items = 1000)]
    results: Vec<bool>,
}

/// Check permissions
///
/// Answers up to 1,000 questions about one member in one call, in the order of the questions,
/// all at the same revision. A question asks for an action on a resource in general, on a
/// record, or on records of an owner.
///
/// Without `member` the questions are about the caller. Every member may ask about themselves;
/// asking about another member requires `members: read`. The answer for a record that the caller
/// cannot read, or that does not exist, is `false`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/access/check", tag = "Decisions", request_body = CheckRequest,
    responses((status = 200, body = CheckResponse),
        (status = 403, description = "`denied`: the question is about another member and the caller may not read members."),
        (status = 404, description = "There is no such workspace or member, or the caller may not know of it.")))]
async fn check(
    DecisionRequest(entry, body): DecisionRequest<CheckRequest>,
) -> Answer<CheckResponse> {
    let mut entry = entry;
    let asked = body.and_then(Checks::parse);
    if let Ok(Checks { member, questions, records }) = &asked
        && records.is_empty()
        && let Some(decisions) = entry.decide(*member, questions).await
    {
        let Decisions { answers: results, revision } = decisions;
        return Ok(Reply::ok(CheckResponse { results }).at(revision));
    }
    let mut ctx = entry.enter().await?;
    // What is wrong with the body is for members.
    let Checks { member, mut questions, records } = asked?;
    put_owners(&mut ctx, &mut questions, &records).await?;
    let results = ctx.access().check(member, &questions).await?;
    Ok(Reply::ok(CheckResponse { results }).at(ctx.revision()))
}

/// The questions of a request, and the records that some of them are about, by their places.
struct Checks {
    member: Option<MemberId>,
    questions: Vec<Question>,
    records: Vec<(usize, RecordId)>,
}

impl Checks {
    fn parse(ask: CheckRequest) -> Result<Checks, Problem> {
        let member = asked_about("/member", ask.member.as_deref())?;
        check_number(ask.checks.len())?;
        let mut questions = Vec::with_capacity(ask.checks.len());
        let mut records = Vec::new();
        for (place, one) in ask.checks.into_iter().enumerate() {
            let (question, record) = parsed(|| format!("/checks/{place}"), one)?;
            records.extend(record.map(|record| (place, record)));
            questions.push(question);
        }
        Ok(Checks { member, questions, records })
    }
}

/// A question about one member. `record` and `owner` exclude each other.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExplainRequest {
    /// The member that the question is about; the caller if absent.
    #[schema(value_type = Option<scalar::MemberId>)]
    member: Option<String>,
    /// The key of the resource.
    #[schema(value_type = scalar::Key)]
    resource: String,
    /// The key of the action.
    #[schema(value_type = scalar::Key)]
    action: String,
    /// The record that the action is performed on.
    #[schema(value_type = Option<scalar::RecordId>)]
    record: Option<String>,
    /// The owner of the records that the action is performed on: a member's id or `unowned`.
    #[schema(value_type = Option<scalar::RecordOwner>)]
    owner: Option<String>,
    /// `true` for a question about the list of the records that the action reaches, with their number.
    #[serde(default)]
    #[schema(default = false)]
    list: bool,
    /// The number of acts that would turn a denial, at most.
    #[serde(default)]
    #[schema(default = 0, maximum = 3)]
    acts: u8,
}

/// A question about the records that a member may act on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WhatRequest {
    /// The member that the question is about; the caller if absent.
    #[schema(value_type = Option<scalar::MemberId>)]
    member: Option<String>,
    /// The key of the resource.
    #[schema(value_type = scalar::Key)]
    resource: String,
    /// The key of the action.
    #[schema(value_type = scalar::Key)]
    action: String,
}

/// Explain a permission decision
///
/// Answers one question with its reasons: one sentence, the rule that decides with a link to it, the
/// way by which the owner is reached.
///
/// With `acts` an answer that is no has up to three acts that would turn it: each as a request, with who
/// may send it. Acts are verified: with any of them the answer is yes, and each member who is named may
/// do it. Each is tried on a copy of the workspace's access, so ask for them only to show them.
///
/// With `list` the answer also says which records the action reaches and how many of each: those of
/// the member, of the members assigned to them, and so on. Numbers are exact; they are left out where the
/// caller may not read the records.
///
/// Without `member` the question is about the caller. Asking about another member requires
/// `members: read`. Members, teams, profiles and roles that the caller may not read are not named.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/access/explain", tag = "Decisions", request_body = ExplainRequest,
    responses((status = 200, body = ExplainResponse),
        (status = 403, description = "`denied`: the question is about another member and the caller may not read members."),
        (status = 404, description = "There is no such workspace, member or record, or the caller may not know of it."),
        (status = 422, description = "`not_a_record_type`: only record types have lists; `too_many`: more than three acts.")))]
async fn explain(
    ReadContextWith(mut ctx, ask): ReadContextWith<ExplainRequest>,
) -> Answer<ExplainResponse> {
    let ExplainRequest { member, resource, action, record, owner, list: is_list, acts } = ask;
    if is_list && (record.is_some() || owner.is_some()) {
        let detail = "remove `record` and `owner`: a list has the records of several owners";
        return Err(Problem::field("/list", "ambiguous", detail));
    }
    let most = usize::from(acts);
    if most > MOST_ACTS {
        let detail = format!("expected at most {MOST_ACTS} acts, got {most}");
        return Err(Problem::field("/acts", "too_many", detail));
    }
    let ask = AccessQuestion { resource, action, record, owner };
    let member = asked_about("/member", member.as_deref())?;
    let question = question(&mut ctx, String::new, ask).await?;
    let list =
        if is_list { Some(ctx.access().explain_list(member, &question).await?) } else { None };
    let why = ctx.access().explain(member, &question, most).await?;
    let subject = member.or(ctx.member_id());
    let response = ExplainResponse::of(&ctx, subject, &why, list);
    Ok(Reply::ok(response).at(ctx.revision()))
}

/// A question about all members, and the page of its answer. `record` and `owner` exclude each other.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WhoRequest {
    /// The key of the resource.
    #[schema(value_type = scalar::Key)]
    resource: String,
    /// The key of the action.
    #[schema(value_type = scalar::Key)]
    action: String,
    /// The record that the action is performed on.
    #[schema(value_type = Option<scalar::RecordId>)]
    record: Option<String>,
    /// The owner of the records that the action is performed on: a member's id or `unowned`.
    #[schema(value_type = Option<scalar::RecordOwner>)]
    owner: Option<String>,
    /// The members per page, from 1 to 200. Without it and without `cursor` the list is complete and has
    /// no names.
    #[schema(value_type = Option<scalar::Limit>)]
    limit: Option<usize>,
    /// The `next_cursor` of the previous page.
    #[schema(value_type = Option<scalar::Cursor>)]
    cursor: Option<String>,
}

/// A member who may perform the action.
#[derive(Serialize, ToSchema)]
struct AllowedMember {
    /// The id of the member.
    #[schema(value_type = scalar::MemberId)]
    member: String,
    /// First and last name, on a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    name: Option<String>,
}

/// The list that cursors of [`who`] belong to.
const WHO: &str = "who";

/// List members who may act
///
/// Lists the active members who may perform an action, by id: on a resource in general, on a record,
/// or on records of an owner. With `limit` or `cursor` it gives a page, with names; without either,
/// the ids of all of them. Requires `members: read`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/access/who", tag = "Decisions", request_body = WhoRequest,
    responses((status = 200, body = Page<AllowedMember>),
        (status = 403, description = "`denied`: the caller may not read members.")))]
async fn who(
    ReadContextWith(mut ctx, ask): ReadContextWith<WhoRequest>,
) -> Answer<Page<AllowedMember>> {
    let WhoRequest { resource, action, record, owner, limit: most, cursor } = ask;
    let ask = AccessQuestion { resource, action, record, owner };
    let is_paged = most.is_some() || cursor.is_some();
    let most = limit(most)?;
    let after: Option<String> = cursor.map(|text| cursor::read(WHO, &text)).transpose()?;
    let after = after.map(|id| field_id("/cursor", &id)).transpose()?;
    let question = question(&mut ctx, String::new, ask).await?;
    if !is_paged {
        let members = ctx.access().who(&question).await?.into_iter();
        let items = members.map(|id| AllowedMember { member: id.to_string(), name: None });
        return Ok(Reply::ok(Page::whole(items.collect())).at(ctx.revision()));
    }
    let page = ctx.access().who_page(&question, after, most).await?;
    let next_cursor = page.next().map(|id| cursor::write(WHO, &id.to_string()));
    let item = |(id, name): (MemberId, String)| AllowedMember {
        member: id.to_string(),
        name: Some(name),
    };
    let items = page.members.into_iter().map(item).collect();
    Ok(Reply::ok(Page::new(items, next_cursor, None)).at(ctx.revision()))
}

/// The owners whose records an action reaches.
#[derive(Serialize, ToSchema)]
struct WhatResponse {
    /// Whether the action reaches `nothing`, `all` records, or those of some `owners`.
    #[schema(value_type = scalar::FilterReach)]
    reach: &'static str,
    /// The members whose records it reaches, if `reach` is `owners`.
    #[schema(value_type = Vec<scalar::MemberId>)]
    owners: Vec<String>,
    /// Whether it reaches records without an owner.
    unowned: bool,
}

/// Get a permission filter
///
/// Gives the owners whose records an action reaches, so that an application can filter its own
/// lists by it: `nothing`, `all`, or the ids in `owners` and, with `unowned`, records without
/// an owner.
///
/// Without `member` the question is about the caller; asking about another member requires
/// `members: read`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/access/what", tag = "Decisions", request_body = WhatRequest,
    responses((status = 200, body = WhatResponse),
        (status = 403, description = "`denied`: the question is about another member and the caller may not read members.")))]
async fn what(
    ReadContextWith(mut ctx, ask): ReadContextWith<WhatRequest>,
) -> Answer<WhatResponse> {
    let WhatRequest { member, resource, action } = ask;
    let member = asked_about("/member", member.as_deref())?;
    let question = Question { resource, action, about: About::Anything };
    let told = match ctx.access().what(member, &question).await? {
        Filter::Nothing => {
            WhatResponse { reach: "nothing", owners: Vec::new(), unowned: false }
        }
        Filter::All => WhatResponse { reach: "all", owners: Vec::new(), unowned: true },
        Filter::Owners(owners) => {
            let policy = ctx.policy();
            let ids = owners.members.iter().map(|member| policy.id(*member).to_owned());
            WhatResponse { reach: "owners", owners: ids.collect(), unowned: owners.unowned }
        }
    };
    Ok(Reply::ok(told).at(ctx.revision()))
}

/// An effective permission of a member.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberRight {
    /// The key of the resource.
    resource: String,
    /// The key of the action.
    action: String,
    /// How far the action reaches, in words.
    reach: String,
    /// Where the permission comes from, in words.
    from: Vec<String>,
}

impl MemberRight {
    pub(crate) fn of(right: &EffectiveRight) -> MemberRight {
        MemberRight {
            resource: right.resource.clone(),
            action: right.action.clone(),
            reach: right.reach.clone(),
            from: right.sources.clone(),
        }
    }
}

/// List effective permissions
///
/// Lists every action that the member may perform, how far it reaches and which role, level,
/// profile or switch it comes from. Members may list their own permissions; those of others
/// require `members: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/members/{id}/access", tag = "Decisions",
    responses((status = 200, body = Page<MemberRight>),
        (status = 403, description = "`denied`: the caller may not read members.")))]
async fn rights(
    ReadContext(mut ctx): ReadContext,
    Path((_, member)): Path<(String, String)>,
) -> Answer<Page<MemberRight>> {
    let rights = ctx.access().rights(id(&member, "member")?).await?;
    let items = rights.iter().map(MemberRight::of).collect();
    Ok(Reply::ok(Page::whole(items)).at(ctx.revision()))
}

fn asked_about(pointer: &str, member: Option<&str>) -> Result<Option<MemberId>, Problem> {
    member.map(|text| field_id(pointer, text)).transpose()
}
