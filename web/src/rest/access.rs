//! Decisions over HTTP: check, explain, who, what, and the effective access of a member.

use hallpass_app::access::{About, EffectiveRight, Question, check_number};
use hallpass_app::context::WorkspaceContext;
use hallpass_domain::id::{MemberId, RecordId};
use hallpass_domain::record::Owner;
use hallpass_engine::Filter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::context::{ReadContext, ReadContextWith};
use crate::extract::{Path, field_id, id};
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(check))
        .routes(routes!(explain))
        .routes(routes!(who))
        .routes(routes!(what))
        .routes(routes!(rights))
}

/// Questions about a member.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckRequest {
    /// About whom; oneself where nobody is named.
    member: Option<String>,
    /// The questions, at most 1,000.
    checks: Vec<AccessQuestion>,
}

/// One question: about an action at all, on a record, or on what somebody owns.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccessQuestion {
    /// The resource, by key.
    resource: String,
    /// The action, by key.
    action: String,
    /// A record.
    record: Option<String>,
    /// A member, or `unowned`.
    owner: Option<String>,
}

/// The answers, in the order of the questions.
#[derive(Serialize, ToSchema)]
struct CheckResponse {
    results: Vec<bool>,
}

/// Ask whether a member may.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/access/check", tag = "Decisions", request_body = CheckRequest,
    responses((status = 200, body = CheckResponse), (status = 422, body = Problem)))]
async fn check(
    ReadContextWith(mut ctx, ask): ReadContextWith<CheckRequest>,
) -> Answer<CheckResponse> {
    let member = asked_about("/member", ask.member.as_deref())?;
    check_number(ask.checks.len())?;
    let mut questions = Vec::with_capacity(ask.checks.len());
    for (place, one) in ask.checks.into_iter().enumerate() {
        questions.push(question(&mut ctx, || format!("/checks/{place}"), one).await?);
    }
    let results = ctx.access().check(member, &questions).await?;
    Ok(Reply::ok(CheckResponse { results }).at(ctx.revision()))
}

/// One question about a member.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExplainRequest {
    /// About whom; oneself where nobody is named.
    member: Option<String>,
    /// The resource, by key.
    resource: String,
    /// The action, by key.
    action: String,
    /// A record.
    record: Option<String>,
    /// A member, or `unowned`.
    owner: Option<String>,
}

/// An answer with its reasons.
#[derive(Serialize, ToSchema)]
struct ExplainResponse {
    allowed: bool,
    /// Why, in one sentence.
    because: String,
    /// How it was decided.
    steps: Vec<String>,
    /// What would have been needed.
    would_need: Vec<String>,
}

impl ExplainRequest {
    fn split(self) -> (Option<String>, AccessQuestion) {
        let ExplainRequest { member, resource, action, record, owner } = self;
        (member, AccessQuestion { resource, action, record, owner })
    }
}

/// Ask whether a member may, and why.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/access/explain", tag = "Decisions", request_body = ExplainRequest,
    responses((status = 200, body = ExplainResponse), (status = 422, body = Problem)))]
async fn explain(
    ReadContextWith(mut ctx, ask): ReadContextWith<ExplainRequest>,
) -> Answer<ExplainResponse> {
    let (member, ask) = ask.split();
    let member = asked_about("/member", member.as_deref())?;
    let question = question(&mut ctx, String::new, ask).await?;
    let why = ctx.access().explain(member, &question).await?;
    let told = ExplainResponse {
        allowed: why.allowed,
        because: why.because,
        steps: why.steps,
        would_need: why.would_need,
    };
    Ok(Reply::ok(told).at(ctx.revision()))
}

/// A member who may.
#[derive(Serialize, ToSchema)]
struct AllowedMember {
    /// The member's id.
    member: String,
}

/// Ask who may.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/access/who", tag = "Decisions", request_body = AccessQuestion,
    responses((status = 200, body = Page<AllowedMember>), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn who(
    ReadContextWith(mut ctx, ask): ReadContextWith<AccessQuestion>,
) -> Answer<Page<AllowedMember>> {
    let question = question(&mut ctx, String::new, ask).await?;
    let members = ctx.access().who(&question).await?;
    let items =
        members.into_iter().map(|id| AllowedMember { member: id.to_string() }).collect();
    Ok(Reply::ok(Page::whole(items)).at(ctx.revision()))
}

/// The owners whose records an action reaches.
#[derive(Serialize, ToSchema)]
struct WhatResponse {
    /// `nothing`, `all` or `owners`.
    reach: &'static str,
    /// The members among the owners.
    owners: Vec<String>,
    /// Whether what nobody owns is among it.
    unowned: bool,
}

/// Ask what a member may: a filter to list by.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/access/what", tag = "Decisions", request_body = ExplainRequest,
    responses((status = 200, body = WhatResponse), (status = 422, body = Problem)))]
async fn what(
    ReadContextWith(mut ctx, ask): ReadContextWith<ExplainRequest>,
) -> Answer<WhatResponse> {
    let (member, ask) = ask.split();
    if ask.record.is_some() || ask.owner.is_some() {
        let detail = "what somebody may is asked without a record or an owner";
        return Err(Problem::field("/record", "unknown_field", detail));
    }
    let member = asked_about("/member", member.as_deref())?;
    let question = question(&mut ctx, String::new, ask).await?;
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

/// A right of a member.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberRight {
    /// The resource, by key.
    resource: String,
    /// The action, by key.
    action: String,
    /// How far it reaches.
    reach: String,
    /// Where it comes from.
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

/// Everything that a member may do, how far, and where it comes from.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/members/{id}/access", tag = "Decisions",
    responses((status = 200, body = Page<MemberRight>), (status = 403, body = Problem), (status = 404, body = Problem)))]
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

/// A question as the house asks it: a record stands for its owner, and one that the asker may not
/// see is none. Where the question stands is worked out only where something is wrong with it.
async fn question(
    ctx: &mut WorkspaceContext,
    place: impl Fn() -> String,
    ask: AccessQuestion,
) -> Result<Question, Problem> {
    let AccessQuestion { resource, action, record, owner } = ask;
    let about = match (record, owner.as_deref()) {
        (None, None) => About::Anything,
        (None, Some("unowned")) => About::Unowned,
        (None, Some(owner)) => About::OwnedBy(named_id(place, "owner", owner)?),
        (Some(record), None) => {
            let record: RecordId = named_id(place, "record", &record)?;
            match ctx.records().owner(&resource, record).await? {
                Owner::Nobody => About::Unowned,
                Owner::Member(member) => About::OwnedBy(member),
            }
        }
        (Some(_), Some(_)) => {
            let pointer = format!("{}/owner", place());
            let detail = "name a record or an owner, not both";
            return Err(Problem::field(&pointer, "ambiguous", detail));
        }
    };
    Ok(Question { resource, action, about })
}

fn named_id<T>(place: impl Fn() -> String, field: &str, text: &str) -> Result<T, Problem>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().or_else(|_| field_id(&format!("{}/{field}", place()), text))
}
