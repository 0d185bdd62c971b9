//! Invitations over HTTP: invite, list, resend, revoke; look at one by its link, accept it.
//!
//! Long because the descriptions of the operations are the doc comments of their handlers.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hallpass_app::account::SignUp;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::invitation::NewInvitation;
use hallpass_app::invitation::acceptance::Acceptance;
use hallpass_app::invitation::list::InvitationFilter;
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::{DepartmentRef, RoleRef, TeamRef};
use hallpass_app::secret::Token;
use hallpass_domain::id::{InvitationId, TeamId};
use hallpass_domain::invitation::Invitation;
use hallpass_domain::secret::Secret;
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
use crate::openapi::scalar;
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
    /// The id.
    #[schema(value_type = scalar::InvitationId)]
    id: String,
    /// The invited address.
    #[schema(value_type = scalar::Email)]
    email: String,
    /// The name of the invited person.
    name: Option<String>,
    /// The state of the invitation.
    #[schema(value_type = scalar::InvitationStatus)]
    status: String,
    /// The role.
    #[schema(value_type = scalar::RoleKey)]
    role: String,
    /// The name of the role.
    role_name: String,
    /// The level on each resource that has levels.
    levels: BTreeMap<String, String>,
    /// The key of the preset that has exactly these levels; a preset that only reads is shown if
    /// nothing else lets the member do more than read.
    preset: Option<String>,
    /// Whose records the member will see.
    #[schema(value_type = scalar::VisibilityLevel)]
    visibility: String,
    /// The department.
    #[schema(value_type = Option<scalar::DepartmentId>)]
    department: Option<String>,
    /// The teams.
    #[schema(value_type = Vec<scalar::TeamId>)]
    teams: Vec<String>,
    /// Whether the member will become the billing contact.
    billing_contact: bool,
    /// The page to start on.
    landing: Option<String>,
    /// The member who invited, or sent the last mail; `null` for the operator.
    #[schema(value_type = Option<scalar::MemberId>)]
    invited_by: Option<String>,
    /// When the last mail was sent.
    #[schema(value_type = scalar::Timestamp)]
    invited_at: String,
    /// When the link expires.
    #[schema(value_type = scalar::Timestamp)]
    expires_at: String,
    /// Why the mail has not been sent; `null` if it has.
    undelivered: Option<String>,
    /// Why a pending invitation can no longer be accepted; `null` if it can.
    outdated: Option<String>,
}

impl InvitationResponse {
    fn of(ctx: &WorkspaceContext, one: &Invitation, now: Timestamp) -> InvitationResponse {
        let (snapshot, access) = (ctx.snapshot(), &one.access);
        let preset = snapshot.model.preset_of(access);
        InvitationResponse {
            id: one.id.to_string(),
            email: one.email.as_str().to_owned(),
            name: one.name.clone(),
            status: one.status(now).to_owned(),
            role_name: snapshot.role_name(&access.role),
            role: access.role.clone(),
            levels: access.levels.iter().cloned().collect(),
            preset: preset.map(|preset| preset.key.clone()),
            visibility: access.visibility.scope().word().to_owned(),
            department: access.department.map(|id| id.to_string()),
            teams: access.teams.iter().map(TeamId::to_string).collect(),
            billing_contact: access.is_billing_contact,
            landing: one.landing.clone(),
            invited_by: one.invited_by.map(|id| id.to_string()),
            invited_at: one.invited_at.to_string(),
            expires_at: one.expires_at.to_string(),
            undelivered: None,
            outdated: None,
        }
    }
}

/// An invitation for one or several addresses. Exactly one of `email` and `emails` is required.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateInvitationRequest {
    /// The address to invite.
    #[schema(value_type = Option<scalar::Email>)]
    email: Option<String>,
    /// Several addresses to invite: all of them, or none. An address that is in the list twice
    /// counts once.
    #[schema(value_type = Option<Vec<scalar::Email>>, min_items = 1, max_items = 100)]
    emails: Option<Vec<String>>,
    /// The name of the invited person.
    #[schema(value_type = Option<scalar::Name>)]
    name: Option<String>,
    /// The role.
    #[schema(value_type = Option<scalar::RoleKey>)]
    role: Option<String>,
    /// The level on each resource, by keys.
    #[schema(value_type = Option<BTreeMap<scalar::Key, scalar::Key>>)]
    levels: Option<BTreeMap<String, String>>,
    /// The key of a preset: its levels are copied.
    #[schema(value_type = Option<scalar::Key>)]
    preset: Option<String>,
    /// Whose records the member will see.
    #[schema(value_type = Option<scalar::VisibilityLevel>)]
    visibility: Option<String>,
    /// The department, by id or name.
    #[schema(value_type = Option<scalar::DepartmentNamed>)]
    department: Option<String>,
    /// The teams, by id or name.
    #[schema(value_type = Option<Vec<scalar::TeamNamed>>, max_items = 1000)]
    teams: Option<Vec<String>>,
    /// The page to start on: the key of a resource.
    #[schema(value_type = Option<scalar::Key>)]
    landing: Option<String>,
    /// Whether the member becomes the billing contact.
    billing_contact: Option<bool>,
}

impl CreateInvitationRequest {
    fn read(self) -> Result<Vec<NewInvitation>, Problem> {
        let given = self.given();
        let emails = match (self.email, self.emails) {
            (Some(email), None) => vec![(email, None)],
            (None, Some(emails)) if emails.len() <= MOST && !emails.is_empty() => emails
                .into_iter()
                .enumerate()
                .map(|(place, email)| (email, Some(place)))
                .collect(),
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
        let ask = |(email, place): (String, Option<usize>)| NewInvitation {
            email,
            place,
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

/// Invite members
///
/// Invites one address (`email`) or up to 100 (`emails`, all of them or none) and sends each a
/// mail with a link that works for 14 days. `role` is required unless the access model has a
/// default. Fields that the access model does not have are refused (422). Of a list, every address
/// that cannot be invited is reported at once, with its place (422).
///
/// Requires `members: create`. Nothing can be given that the caller may not do, and roles only
/// as the access model's rules allow.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/invitations", tag = "Invitations", request_body = CreateInvitationRequest,
    responses((status = 201, body = InvitationResponse, description = "The invitation; for `emails` a page of all of them."),
        (status = 403, description = "`denied`, `grant_ceiling`: it would give more than the caller may do, `may_not_give`: the caller's role may not give this role, or `address_not_confirmed`: the caller has not confirmed their address."),
        (status = 429, description = "`too_many_mails`: the workspace has sent the mails of a day."),
        (status = 409, description = "`already_member`, `already_invited` (it names the pending invitation), `second_billing_contact` or `transfer_only`.")))]
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
        let version = invitations.first().map(|one| one.version);
        return Ok(Reply::created(view).at(revision).version_if(version).into_response());
    }
    Ok(Reply::created(Page::whole(views)).at(revision).into_response())
}

/// How much of a list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct InvitationParams {
    /// The largest number of items on the page.
    #[param(value_type = Option<scalar::Limit>)]
    limit: Option<usize>,
    /// `next_cursor` of the previous page.
    #[param(value_type = Option<scalar::Cursor>)]
    cursor: Option<String>,
}

/// List invitations
///
/// Lists the invitations of every status, the latest first. `undelivered` says why a mail has
/// not been sent, `outdated` why a pending invitation can no longer be accepted. Requires `members: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/invitations", tag = "Invitations", params(InvitationParams),
    responses((status = 200, body = Page<InvitationResponse>),
        (status = 403, description = "`denied`: the caller may not read members.")))]
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
    let page = ctx.invitations().list(&InvitationFilter::default(), below, most).await?;
    let now = web.app.now();
    let view = |one: &Invitation| {
        let view = InvitationResponse::of(&ctx, one, now);
        let undelivered = page.undelivered.get(&view.id).cloned();
        let outdated = page.outdated.get(&one.id).map(|why| why.reason().to_owned());
        InvitationResponse { undelivered, outdated, ..view }
    };
    let items = page.invitations.iter().map(view).collect();
    let last = page.invitations.last().filter(|_| page.has_more);
    let next_cursor = last.map(|one| cursor::write(LIST, &one.id.to_string()));
    let total = Some(page.total);
    Ok(Reply::ok(Page::new(items, next_cursor, total)).at(ctx.revision()))
}

/// Resend an invitation
///
/// Sends a new link by mail. The old link stops working, and the 14 days start again. Requires
/// `members: create`, and that the caller could give the same invitation.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/invitations/{id}/resend", tag = "Invitations",
    responses((status = 200, body = InvitationResponse),
        (status = 403, description = "`denied`, `grant_ceiling` or `may_not_give`: the caller could not give this invitation. `address_not_confirmed`: the caller has not confirmed their address."),
        (status = 429, description = "`too_many_mails`: the workspace has sent the mails of a day."),
        (status = 409, description = "`invitation_accepted`, `invitation_revoked` or `already_member`.")))]
async fn resend(
    WriteContext(mut ctx): WriteContext,
    State(web): State<Web>,
    Path((_, invitation)): Path<(String, String)>,
) -> Answer<InvitationResponse> {
    let invitation = id(&invitation, "invitation")?;
    let invitation = ctx.invitations().resend(invitation).await?;
    let view = InvitationResponse::of(&ctx, &invitation, web.app.now());
    Ok(Reply::ok(view).at(ctx.revision()).version(invitation.version))
}

/// Revoke an invitation
///
/// The link stops working. Requires `members: delete`.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/invitations/{id}", tag = "Invitations",
    responses((status = 204),
        (status = 403, description = "`denied`: the caller may not revoke invitations."),
        (status = 409, description = "`invitation_accepted` or `invitation_revoked`.")))]
async fn revoke(
    WriteContext(mut ctx): WriteContext,
    Path((_, invitation)): Path<(String, String)>,
) -> Answer<()> {
    let invitation = id(&invitation, "invitation")?;
    ctx.invitations().revoke(invitation).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// An invitation, as it is shown to those who have its link.
#[derive(Serialize, ToSchema)]
struct InvitationPreview {
    /// The name of the workspace.
    workspace: String,
    /// The slug of the workspace.
    #[schema(value_type = scalar::Slug)]
    slug: String,
    /// The name of the member who invited.
    invited_by: String,
    /// The invited address.
    #[schema(value_type = scalar::Email)]
    email: String,
    /// The name of the invited person.
    name: Option<String>,
    /// The name of the role.
    role_name: String,
    /// The state of the invitation.
    #[schema(value_type = scalar::InvitationStatus)]
    status: String,
    /// When the link expires.
    #[schema(value_type = scalar::Timestamp)]
    expires_at: String,
    /// Why a pending invitation can no longer be accepted; `null` if it can.
    outdated: Option<String>,
}

/// Get an invitation by its link
///
/// Shows who invited whom to which workspace. It changes nothing, and needs no authentication:
/// the token is the proof.
#[utoipa::path(get, path = "/api/v1/invitations/{token}", tag = "Invitations", security(()),
    responses((status = 200, body = InvitationPreview)))]
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
        outdated: shown.outdated.map(|why| why.reason().to_owned()),
    }))
}

/// Empty for a caller who is signed in; else a password, and a name for a new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptInvitationRequest {
    /// The password of the existing account, or of the new one (15 to 256 characters).
    #[schema(value_type = Option<scalar::CurrentPassword>)]
    password: Option<String>,
    /// The first name, for a new account.
    #[schema(value_type = Option<scalar::Name>)]
    first_name: Option<String>,
    /// The last name, for a new account.
    #[schema(value_type = Option<scalar::LastName>)]
    last_name: Option<String>,
}

/// A new membership.
#[derive(Serialize, ToSchema)]
struct AcceptInvitationResponse {
    /// The id of the workspace.
    #[schema(value_type = scalar::WorkspaceId)]
    workspace: String,
    /// The slug of the workspace.
    #[schema(value_type = scalar::Slug)]
    slug: String,
    /// The id of the new member.
    #[schema(value_type = scalar::MemberId)]
    member: String,
    /// What the invitation offered and was left out, in words.
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

/// Accept an invitation
///
/// Makes the invited person a member. There are three ways: signed in with the invited address
/// (empty body); a new account (`password`, `first_name`, `last_name`), which is signed in by
/// the cookie of the response; or the password of the existing account.
///
/// What the invitation gives and the inviter could no longer give is left out and explained in
/// `notices`.
#[utoipa::path(post, path = "/api/v1/invitations/{token}/accept", tag = "Invitations", security(()), request_body = AcceptInvitationRequest,
    responses((status = 201, body = AcceptInvitationResponse),
        (status = 401, description = "`not_signed_in`: there is neither a session nor a password. `bad_credentials`: the password is wrong."),
        (status = 403, description = "`wrong_account`: the caller is signed in with another address."),
        (status = 404, description = "There is no invitation with this token."),
        (status = 409, description = "`invitation_expired`, `invitation_revoked`, `invitation_accepted`, `invitation_outdated`, `already_member` or `address_taken`."),
        (status = 429, description = "`too_many_attempts`: too many wrong passwords, or too many requests from this address.")))]
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
        password: Secret::new(password),
        first_name: ask.first_name.unwrap_or_default(),
        last_name: ask.last_name.unwrap_or_default(),
        locale: None,
    };
    let (session, joined) =
        web.app.invitations().accept_with_password(&token, &sign_up, &origin, &request).await?;
    let reply = Reply::created(AcceptInvitationResponse::of(&joined));
    Ok(match session {
        Some(session) => reply.cookie(&session_cookie(&web, &session)),
        None => reply,
    })
}
