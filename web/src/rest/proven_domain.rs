//! Domains of a workspace over HTTP: list, add, verify, remove.

use axum::extract::State;
use hallpass_domain::proven_domain::ProvenDomain;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Params, Path, SignedIn};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(remove))
        .routes(routes!(verify))
}

/// A domain of the workspace.
#[derive(Serialize, ToSchema)]
struct DomainResponse {
    /// The domain.
    #[schema(value_type = scalar::Domain)]
    domain: String,
    /// The TXT record that proves it.
    record: String,
    /// When it was proven; `null` if it is not.
    #[schema(value_type = Option<scalar::Timestamp>)]
    proven_at: Option<String>,
    /// How it was proven.
    #[schema(value_type = Option<scalar::ProvenBy>)]
    proven_by: Option<String>,
}

impl From<ProvenDomain> for DomainResponse {
    fn from(domain: ProvenDomain) -> DomainResponse {
        DomainResponse {
            record: domain.record(),
            proven_at: domain.proven.map(|(at, _)| at.to_string()),
            proven_by: domain.proven.map(|(_, by)| by.word().to_owned()),
            domain: domain.domain,
        }
    }
}

/// List domains
///
/// Lists the domains of the workspace by name, with those that are not proven yet. The identity
/// providers of the workspace speak for addresses of proven domains only. Requires
/// `authentication: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/domains", tag = "Administration", params(PageParams),
    responses((status = 200, body = Page<DomainResponse>),
        (status = 403, description = "`denied`: the caller may not read how people sign in.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<DomainResponse>> {
    let found = ctx.proven_domains().list().await?;
    let items = found.into_iter().map(DomainResponse::from).collect();
    let page = Page::part("domains", &ask, items, |one| &one.domain)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// A new domain.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddDomainRequest {
    /// The domain.
    #[schema(value_type = scalar::Domain)]
    domain: String,
}

/// Add a domain
///
/// Adds a domain, which the TXT record in the response then proves. A workspace has at most 50.
/// Requires `authentication: update`, a recent sign-in, and a plan with single sign-on.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/domains", tag = "Administration", request_body = AddDomainRequest,
    responses((status = 201, body = DomainResponse),
        (status = 403, description = "`denied`, `plan_needed`, or `not_by_key`."),
        (status = 409, description = "`name_taken`: the workspace has this domain.")))]
async fn add(
    SignedIn(principal): SignedIn,
    WriteContextWith(mut ctx, ask): WriteContextWith<AddDomainRequest>,
) -> Answer<DomainResponse> {
    let domain = ctx.proven_domains().add(&principal, &ask.domain).await?;
    Ok(Reply::created(domain.into()).at(ctx.revision()))
}

/// Remove a domain
///
/// The identity providers of the workspace speak for its addresses no longer. Requires
/// `authentication: update`.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/domains/{domain}", tag = "Administration",
    responses((status = 204),
        (status = 403, description = "`denied`: the caller may not change how people sign in.")))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, domain)): Path<(String, String)>,
) -> Answer<()> {
    ctx.proven_domains().remove(&domain).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// Verify a domain
///
/// Looks for the TXT record of the domain. Requires `authentication: update`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/domains/{domain}/verify", tag = "Administration",
    responses((status = 200, body = DomainResponse),
        (status = 403, description = "`denied`: the caller may not change how people sign in."),
        (status = 422, description = "`invalid`: the domain has no such record, or the DNS does not answer.")))]
async fn verify(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path((workspace, domain)): Path<(String, String)>,
) -> Answer<DomainResponse> {
    // Only a member who may change it makes the server ask the DNS.
    web.app.enter(&principal, &workspace).await?.proven_domains().check_verify().await?;
    let records = web.app.domain_records().look_up(&domain).await?;
    let mut ctx = web.app.enter_to_write(&principal, &workspace).await?;
    let domain = ctx.proven_domains().verify(&domain, &records).await?;
    Ok(Reply::ok(domain.into()).at(ctx.revision()))
}
