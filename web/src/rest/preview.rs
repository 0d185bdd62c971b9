//! Previews over HTTP: what the request of another route would do.

pub(crate) mod response;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Extension, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, Method, StatusCode, Uri, header};
use axum::response::Response;
use hallpass_app::dry_run::DryRun;
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt as _;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::context::ReadContextWith;
use crate::extract::{
    Client, LARGEST_BODY, PREVIEW, Params, RequestId, SignedIn, limit, unreadable,
};
use crate::idempotency::KEY;
use crate::reply::{Answer, PageParams, Reply};
use crate::state::Web;
use response::{LIST, PreviewResponse, position};

/// The nouns whose changes can be previewed: those that access depends on.
const NOUNS: [&str; 11] = [
    "blueprint",
    "departments",
    "invitations",
    "leave",
    "members",
    "ownership",
    "profiles",
    "roles",
    "service-accounts",
    "settings",
    "teams",
];

/// Other changes that can be previewed, by path.
const PATHS: [&str; 2] = ["schema/entities", "billing/contact"];

/// The headers of the request for a preview that are not those of the change.
const OWN_HEADERS: [HeaderName; 4] = [header::IF_MATCH, header::CONTENT_LENGTH, KEY, PREVIEW];

/// The routes that a preview runs.
#[derive(Clone)]
pub(crate) struct PreviewedRoutes(Arc<Router>);

impl PreviewedRoutes {
    pub(crate) fn new(routes: Router) -> PreviewedRoutes {
        PreviewedRoutes(Arc::new(routes))
    }
}

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(preview))
}

/// A change to be previewed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PreviewRequest {
    /// The request that would make the change.
    change: ChangeRequest,
}

/// A request inside the workspace.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeRequest {
    /// Its method.
    #[schema(pattern = "^(POST|PUT|PATCH|DELETE)$")]
    method: String,
    /// Its path after the workspace, as in `/members/mem_…`.
    #[schema(pattern = "^/[!-~]+$", max_length = 500)]
    path: String,
    /// Its body, if it has one.
    #[schema(value_type = Option<Object>)]
    body: Option<Value>,
}

/// Preview a change
///
/// Runs the request of another route without its writes, and describes what it would do: whether
/// it would be refused, and by which rule; which people gain and lose which actions, with the
/// number of records; what their navigation shows; which API keys and open invitations stop
/// working. Nothing is saved, no lock is taken, and no mail is sent.
///
/// The routes of members, service accounts, invitations, roles, profiles, teams, departments, record types,
/// settings, the access model, the ownership, the billing contact and the mapping of a connection's
/// groups can be previewed, by the members who may call them. People are listed, and records counted, as far as the caller may read
/// them.
///
/// To make exactly the change that was previewed, send the request with the header
/// `Hallpass-Preview: ‹preview›`. It is refused with 412 `preview_outdated` if other people would
/// gain or lose, or the same people something else.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/access/preview", tag = "Decisions", params(PageParams), request_body = PreviewRequest,
    responses((status = 200, body = PreviewResponse)))]
async fn preview(
    State(web): State<Web>,
    Extension(routes): Extension<PreviewedRoutes>,
    parts: Parts,
    SignedIn(principal): SignedIn,
    Params(ask): Params<PageParams>,
    ReadContextWith(ctx, request): ReadContextWith<PreviewRequest>,
) -> Answer<PreviewResponse> {
    let most = limit(ask.limit)?;
    let cursor = ask.cursor.as_deref();
    let after = cursor.map(|cursor| position(LIST, cursor)).transpose()?;
    let workspace = ctx.workspace_id().to_string();
    // One transaction at a time: the change runs in one of its own.
    drop(ctx);
    let dry_run = DryRun::default();
    let change = change_request(&parts, &workspace, request.change, &dry_run)?;
    let response = match routes.0.as_ref().clone().oneshot(change).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let effect = dry_run.take_effect();
    if effect.is_none()
        && let Some(refused) = refusal(response).await?
    {
        return Ok(Reply::ok(PreviewResponse::refused(refused)));
    }
    let mut ctx = web.app.enter(&principal, &workspace).await?;
    let preview = ctx.previews().describe(effect, after, most).await?;
    let revision = preview.revision;
    Ok(Reply::ok(PreviewResponse::of(preview)).at(revision))
}

/// The request of the change, with the credentials of the request for the preview.
fn change_request(
    parts: &Parts,
    workspace: &str,
    change: ChangeRequest,
    dry_run: &DryRun,
) -> Result<Request, Problem> {
    let method = match change.method.as_str() {
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "PATCH" => Method::PATCH,
        "DELETE" => Method::DELETE,
        _ => {
            let detail = "the methods of changes are `POST`, `PUT`, `PATCH` and `DELETE`";
            return Err(Problem::field("/change/method", "unknown_method", detail));
        }
    };
    let uri = format!("/api/v1/workspaces/{workspace}{}", change.path).parse::<Uri>();
    let uri =
        uri.ok().filter(|uri| uri.path().ends_with(&change.path) && can_preview(&change.path));
    let uri = uri.ok_or_else(not_previewed)?;
    let mut headers = parts.headers.clone();
    for name in OWN_HEADERS {
        headers.remove(name);
    }
    let body = change.body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    let extensions = request.extensions_mut();
    extensions.insert(RequestId::of(parts));
    if let Some(client) = parts.extensions.get::<Client>() {
        extensions.insert(client.clone());
    }
    extensions.insert(dry_run.clone());
    Ok(request)
}

/// Whether an operation can be previewed, by its whole path.
pub(crate) fn is_previewed(path: &str, method: &str) -> bool {
    let path = path.strip_prefix("/api/v1/workspaces/{ws}");
    method != "get" && path.is_some_and(can_preview)
}

/// Whether the changes of a path inside a workspace can be previewed.
fn can_preview(path: &str) -> bool {
    let Some(path) = path.strip_prefix('/') else { return false };
    let noun = path.split('/').next().unwrap_or_default();
    let is_below = |known: &&str| {
        path.strip_prefix(*known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is_mapping = path.starts_with("sso/") && path.ends_with("/groups");
    path != "blueprint/compare"
        && (is_mapping || NOUNS.contains(&noun) || PATHS.iter().any(is_below))
}

fn not_previewed() -> Problem {
    let nouns = NOUNS.iter().chain(&PATHS).map(|known| format!("`/{known}`"));
    let nouns = nouns.collect::<Vec<_>>().join(", ");
    let detail = format!(
        "not the path of a change that can be previewed; they begin, after the workspace, with \
         {nouns}, or are `/sso/{{id}}/groups`"
    );
    Problem::field("/change/path", "not_previewed", detail)
}

/// The problem with which the route of the change refuses it; none where it has nothing to do.
async fn refusal(response: Response) -> Result<Option<Value>, Problem> {
    let status = response.status();
    if status.is_success() {
        return Ok(None);
    }
    if status == StatusCode::METHOD_NOT_ALLOWED {
        let detail = "the path does not support the method";
        return Err(Problem::field("/change/method", "method_not_allowed", detail));
    }
    let body = to_bytes(response.into_body(), LARGEST_BODY).await.map_err(unreadable)?;
    match serde_json::from_slice::<Value>(&body) {
        Ok(problem) if !status.is_server_error() => Ok(Some(problem)),
        Ok(_) => Err(Problem::internal(None)),
        // A path without a route has no body here.
        Err(_) => Err(not_previewed()),
    }
}
