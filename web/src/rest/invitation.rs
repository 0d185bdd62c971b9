//! Invitations over HTTP: invite, list, resend, revoke; look at one by its link, accept it.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hallpass_app::account::SignUp;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::invitation::NewInvitation;
use hallpass_app::invitation::acceptance::Acceptance;
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::{DepartmentRef, RoleRef, TeamRef};
use hallpass_app::secret::Token;
use hallpass_domain::id::{InvitationId, TeamId};
use hallpass_domain::invitation::Invitation;
use hallpass_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::member::visibility;
use crate::cursor;
use crate::error::Problem;
use crate::extract::context::{WriteContext, WriteContextWith};
use crate::extract::{
    Anyone, Body, Client, Params, Path, RequestId, SignedIn, field_id, id, limit,
    session_cookie,
};
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

const LIST: &str = "invitations";

/// The most addresses that are invited at once.
const MOST: usize = 100;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, invite))
        .routes(routes!(resend))
        .routes(routes!(revoke))
        .routes(routes!(show))
        .routes(routes!(accept))
}

/// An invitation.
#[derive(Serialize, ToSchema)]
struct InvitationResponse {
    id: String,
    email: String,
    name: Option<String>,
    /// `pending`, `accepted`, `revoked` or `expired`.
    status: String,
    /// The role, by key or id.
    role: String,
    role_name: String,
    /// The level on each resource that has one.
    levels: BTreeMap<String, String>,
    /// The preset whose levels these are exactly.
    preset: Option<String>,
    visibility: String,
    department: Option<String>,
    teams: Vec<String>,
    billing_contact: bool,
    landing: Option<String>,
    /// The member who invited, or resent it last.
    invited_by: Option<String>,
    invited_at: String,
    expires_at: String,
    /// Why its mail has not gone out yet.
    undelivered: Option<String>,
}

impl InvitationResponse {
    fn of(ctx: &WorkspaceContext, one: &Invitation, now: Timestamp) -> InvitationResponse {
        let (snapshot, access) = (ctx.snapshot(), &one.access);
        let preset = snapshot.blueprint().preset_of(&access.levels);
        InvitationResponse {
            id: one.id.to_string(),
            email: one.email.as_str().to_owned(),
            name: one.name.clone(),
            status: one.status(now).to_owned(),
            role_name: snapshot.role_name(&access.role),
            role: access.role.clone(),
            levels: access.levels.iter().cloned().collect(),
            preset: preset
                .filter(|_| !access.levels.is_empty())
                .map(|preset| preset.key.clone()),
            visibility: access.visibility.scope().word().to_owned(),
            department: access.department.map(|id| id.to_string()),
            teams: access.teams.iter().map(TeamId::to_string).collect(),
            billing_contact: access.is_billing_contact,
            landing: one.landing.clone(),
            invited_by: one.invited_by.map(|id| id.to_string()),
            invited_at: one.invited_at.to_string(),
            expires_at: one.expires_at.to_string(),
            undelivered: None,
        }
    }
}

/// Who is to be invited, and to what. What the access model does not have is refused.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateInvitationRequest {
    /// One address, or several in `emails`.
    email: Option<String>,
    /// Several addresses: all are invited, or none.
    emails: Option<Vec<String>>,
    name: Option<String>,
    /// A role, by key, id or name.
    role: Option<String>,
    levels: Option<BTreeMap<String, String>>,
    /// A preset, by key: its levels are copied.
    preset: Option<String>,
    visibility: Option<String>,
    /// A department's id or name.
    department: Option<String>,
    /// The ids or names of teams.
    teams: Option<Vec<String>>,
    /// The page where they land.
    landing: Option<String>,
    /// Whether they become the billing contact when they accept.
    billing_contact: Option<bool>,
}

impl CreateInvitationRequest {
    fn read(self) -> Result<Vec<NewInvitation>, Problem> {
        let given = self.given();
        let emails = match (self.email, self.emails) {
            (Some(email), None) => vec![email],
            (None, Some(emails)) if emails.len() <= MOST && !emails.is_empty() => emails,
            (None, Some(_)) => {
                let detail = format!("from 1 to {MOST} addresses at once");
                return Err(Problem::field("/emails", "bad_count", detail));
            }
            (Some(_), Some(_)) => {
                let detail = "name one address or several, not both";
                return Err(Problem::field("/emails", "ambiguous", detail));
            }
            (None, None) => {
                return Err(Problem::field("/email", "missing", "an address is required"));
            }
        };
        let teams = self.teams.map(|teams| teams.into_iter().map(TeamRef::from).collect());
        let access = AccessChange {
            role: self.role.map(RoleRef::from),
            levels: self.levels.map(|levels| levels.into_iter().collect()),
            preset: self.preset,
            visibility: self.visibility.as_deref().map(visibility).transpose()?,
            department: self.department.map(|text| Some(DepartmentRef::from(text))),
            manager: None,
            teams,
            billing_contact: self.billing_contact,
        };
        let ask = |email: String| NewInvitation {
            email,
            name: self.name.clone(),
            access: access.clone(),
            landing: self.landing.clone(),
            given: given.clone(),
        };
        Ok(emails.into_iter().map(ask).collect())
    }

    /// The fields that the request names.
    fn given(&self) -> Vec<&'static str> {
        let all = [
            ("email", true),
            ("name", self.name.is_some()),
            ("role", self.role.is_some()),
            ("levels", self.levels.is_some()),
            ("preset", self.preset.is_some()),
            ("visibility", self.visibility.is_some()),
            ("department", self.department.is_some()),
            ("teams", self.teams.is_some()),
            ("landing", self.landing.is_some()),
            ("billing_contact", self.billing_contact.is_some()),
        ];
        all.into_iter().filter(|(_, is_given)| *is_given).map(|(field, _)| field).collect()
    }
}

/// Invite somebody, or several.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/invitations", tag = "Invitations", request_body = CreateInvitationRequest,
    responses((status = 201, body = InvitationResponse, description = "one; a page of them for several addresses"),
        (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn invite(
    State(web): State<Web>,
    WriteContextWith(mut ctx, ask): WriteContextWith<CreateInvitationRequest>,
) -> Result<Response, Problem> {
    let is_one = ask.email.is_some();
    let invitations = ctx.invitations().send(&ask.read()?).await?;
    let now = web.app.now();
    let mut views: Vec<InvitationResponse> =
        invitations.iter().map(|one| InvitationResponse::of(&ctx, one, now)).collect();
    let revision = ctx.revision();
    if let Some(view) = views.pop_if(|_| is_one) {
        return Ok(Reply::created(view).at(revision).into_response());
    }
    Ok(Reply::created(Page::whole(views)).at(revision).into_response())
}

/// How much of a list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct InvitationParams {
    /// 1 to 200.
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The invitations, the latest first.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/invitations", tag = "Invitations", params(InvitationParams),
    responses((status = 200, body = Page<InvitationResponse>), (status = 403, body = Problem)))]
async fn list(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(ws): Path<String>,
    Params(ask): Params<InvitationParams>,
) -> Answer<Page<InvitationResponse>> {
    let most = limit(ask.limit)?;
    let below = match ask.cursor.as_deref() {
        Some(text) => {
            let id: String = cursor::read(LIST, text)?;
            Some(field_id::<InvitationId>("/cursor", &id)?)
        }
        None => None,
    };
    let mut ctx = web.app.enter(&principal, &ws).await?;
    let page = ctx.invitations().list(below, most).await?;
    let now = web.app.now();
    let view = |one: &Invitation| {
        let view = InvitationResponse::of(&ctx, one, now);
        let undelivered = page.undelivered.get(&view.id).cloned();
        InvitationResponse { undelivered, ..view }
    };
    let items = page.invitations.iter().map(view).collect();
    let last = page.invitations.last().filter(|_| page.has_more);
    let next_cursor = last.map(|one| cursor::write(LIST, &one.id.to_string()));
    let total = Some(page.total);
    Ok(Reply::ok(Page { items, next_cursor, total }).at(ctx.revision()))
}

/// Send an invitation anew: another link, and its days begin again.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/invitations/{id}/resend", tag = "Invitations",
    responses((status = 200, body = InvitationResponse), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn resend(
    WriteContext(mut ctx): WriteContext,
    State(web): State<Web>,
    Path((_, invitation)): Path<(String, String)>,
) -> Answer<InvitationResponse> {
    let invitation = id(&invitation, "invitation")?;
    let invitation = ctx.invitations().resend(invitation).await?;
    let view = InvitationResponse::of(&ctx, &invitation, web.app.now());
    Ok(Reply::ok(view).at(ctx.revision()))
}

/// Take an invitation back.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/invitations/{id}", tag = "Invitations",
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn revoke(
    WriteContext(mut ctx): WriteContext,
    Path((_, invitation)): Path<(String, String)>,
) -> Answer<()> {
    let invitation = id(&invitation, "invitation")?;
    ctx.invitations().revoke(invitation).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// An invitation as whoever has its link sees it.
#[derive(Serialize, ToSchema)]
struct InvitationPreview {
    /// The name of the workspace.
    workspace: String,
    /// Its slug.
    slug: String,
    /// Who invited.
    invited_by: String,
    /// Whom.
    email: String,
    name: Option<String>,
    role_name: String,
    /// `pending`, `accepted`, `revoked` or `expired`.
    status: String,
    expires_at: String,
}

/// Look at an invitation by its link. It consumes nothing.
#[utoipa::path(get, path = "/api/v1/invitations/{token}", tag = "Invitations", security(()),
    responses((status = 200, body = InvitationPreview), (status = 404, body = Problem)))]
async fn show(State(web): State<Web>, Path(token): Path<String>) -> Answer<InvitationPreview> {
    let shown = web.app.invitations().load(&Token::received(&token)).await?;
    let one = &shown.invitation;
    Ok(Reply::ok(InvitationPreview {
        workspace: shown.workspace.name.to_string(),
        slug: shown.workspace.slug.to_string(),
        invited_by: shown.inviter,
        email: one.email.as_str().to_owned(),
        name: one.name.clone(),
        role_name: shown.role_name,
        status: one.status(web.app.now()).to_owned(),
        expires_at: one.expires_at.to_string(),
    }))
}

/// Who accepts: nothing for somebody who has signed in, else what makes an account; for an address
/// that has one, its password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptInvitationRequest {
    /// A password: 12 to 256 characters.
    password: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
}

/// Where somebody is now a member.
#[derive(Serialize, ToSchema)]
struct AcceptInvitationResponse {
    /// The workspace's id.
    workspace: String,
    slug: String,
    /// Who they are there.
    member: String,
    /// What the invitation promised and nobody can give any more, in words.
    notices: Vec<String>,
}

impl AcceptInvitationResponse {
    fn of(joined: &Acceptance) -> AcceptInvitationResponse {
        AcceptInvitationResponse {
            workspace: joined.workspace.id.to_string(),
            slug: joined.workspace.slug.to_string(),
            member: joined.member.id.to_string(),
            notices: joined.lapsed.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Accept an invitation: as somebody who has signed in with its address, with a new account, or by
/// the password of the account that there is; then sign in.
#[utoipa::path(post, path = "/api/v1/invitations/{token}/accept", tag = "Invitations", security(()), request_body = AcceptInvitationRequest,
    responses((status = 201, body = AcceptInvitationResponse), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn accept(
    State(web): State<Web>,
    Anyone(principal): Anyone,
    Client(origin): Client,
    RequestId(request): RequestId,
    Path(token): Path<String>,
    Body(ask): Body<AcceptInvitationRequest>,
) -> Answer<AcceptInvitationResponse> {
    let token = Token::received(&token);
    if let Some(principal) = principal {
        let joined = web.app.invitations().accept(&principal, &token).await?;
        return Ok(Reply::created(AcceptInvitationResponse::of(&joined)));
    }
    let Some(password) = ask.password else {
        let detail = "sign in with the invited address, or send a password and a first name to make \
                      an account";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "not_signed_in", detail));
    };
    let sign_up = SignUp {
        email: String::new(),
        password,
        first_name: ask.first_name.unwrap_or_default(),
        last_name: ask.last_name.unwrap_or_default(),
    };
    let (session, joined) =
        web.app.invitations().accept_with_password(&token, &sign_up, &origin, &request).await?;
    let reply = Reply::created(AcceptInvitationResponse::of(&joined));
    Ok(match session {
        Some(session) => reply.cookie(&session_cookie(&web, &session)),
        None => reply,
    })
}
