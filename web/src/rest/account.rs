//! Accounts over HTTP: sign up, one's own profile, password and deletion.

use axum::extract::State;
use hallpass_app::account::{Membership, ProfileChange, SignUp};
use hallpass_domain::account::{Account, NOTIFICATIONS};
use hallpass_domain::factor::Factors;
use hallpass_domain::secret::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Body, Client, SignedIn, given, no_session_cookie, session_cookie};
use crate::openapi::{object, scalar};
use crate::reply::{Answer, Reply};
use crate::state::Web;

mod address;
mod link;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(sign_up))
        .routes(routes!(me, change_me, delete_me))
        .routes(routes!(change_password))
        .merge(address::routes())
        .merge(link::routes())
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignUpRequest {
    /// The address; it identifies the account and cannot be changed.
    #[schema(value_type = scalar::Email)]
    email: String,
    /// The password.
    #[schema(value_type = scalar::Password)]
    password: String,
    /// The first name.
    #[schema(value_type = scalar::Name)]
    first_name: String,
    /// The last name; may be empty.
    #[serde(default)]
    #[schema(value_type = scalar::LastName)]
    last_name: String,
}

impl From<SignUpRequest> for SignUp {
    fn from(ask: SignUpRequest) -> SignUp {
        SignUp {
            email: ask.email,
            password: Secret::new(ask.password),
            first_name: ask.first_name,
            last_name: ask.last_name,
            locale: None,
        }
    }
}

/// Your account.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountResponse {
    /// The id.
    #[schema(value_type = scalar::AccountId)]
    id: String,
    /// The address.
    #[schema(value_type = scalar::Email)]
    email: String,
    /// Whether the address was confirmed.
    email_confirmed: bool,
    /// The first name.
    #[schema(value_type = scalar::Name)]
    first_name: String,
    /// The last name; may be empty.
    #[schema(value_type = scalar::LastName)]
    last_name: String,
    /// The language of mails and pages.
    #[schema(value_type = scalar::Locale)]
    locale: String,
    /// The picture.
    #[schema(value_type = Option<scalar::Picture>)]
    picture: Option<String>,
    /// Whether each kind of notification is sent.
    notifications: Map<String, Value>,
    /// Second factors.
    two_factor: TwoFactorStatus,
    /// When the account was created.
    #[schema(value_type = scalar::Timestamp)]
    created_at: String,
}

/// The state of second factors.
#[derive(Serialize, ToSchema)]
struct TwoFactorStatus {
    /// Whether signing in requires a second factor.
    enabled: bool,
    /// Since when codes of an authenticator app are accepted.
    #[schema(value_type = Option<scalar::Timestamp>)]
    totp_since: Option<String>,
    /// The number of passkeys.
    passkeys: i64,
    /// The number of recovery codes that are left.
    recovery_codes: i64,
}

impl TwoFactorStatus {
    fn of(factors: &Factors) -> TwoFactorStatus {
        TwoFactorStatus {
            enabled: factors.is_enabled(),
            totp_since: factors.totp_since.map(|at| at.to_string()),
            passkeys: factors.passkeys,
            recovery_codes: factors.recovery_codes,
        }
    }
}

impl AccountResponse {
    pub(crate) fn of(account: &Account, factors: &Factors) -> AccountResponse {
        let told = NOTIFICATIONS.map(|(key, _)| (key.to_owned(), account.wants(key).into()));
        AccountResponse {
            id: account.id.to_string(),
            email: account.email.as_str().to_owned(),
            email_confirmed: account.confirmed_at.is_some(),
            first_name: account.first_name.to_string(),
            last_name: account.last_name.clone(),
            locale: account.locale.clone(),
            picture: account.picture.clone(),
            notifications: told.into_iter().collect(),
            two_factor: TwoFactorStatus::of(factors),
            created_at: account.created_at.to_string(),
        }
    }
}

/// Your account with its workspaces.
#[derive(Serialize, ToSchema)]
struct MeResponse {
    #[serde(flatten)]
    account: AccountResponse,
    /// Your workspaces, the most recently used first.
    workspaces: Vec<MyWorkspace>,
}

/// A workspace that you are a member of.
#[derive(Serialize, ToSchema)]
struct MyWorkspace {
    /// The id of the workspace.
    #[schema(value_type = scalar::WorkspaceId)]
    id: String,
    /// The slug of the workspace.
    #[schema(value_type = scalar::Slug)]
    slug: String,
    /// The name of the workspace.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// The id of your membership.
    #[schema(value_type = scalar::MemberId)]
    member: String,
    /// Your role.
    #[schema(value_type = scalar::RoleKey)]
    role: String,
    /// The name of your role.
    role_name: String,
    /// Whether you can use the workspace.
    #[schema(value_type = scalar::MemberStatus)]
    status: String,
    /// When you were last there.
    #[schema(value_type = Option<scalar::Timestamp>)]
    last_visit: Option<String>,
}

impl MyWorkspace {
    fn of(membership: &Membership) -> MyWorkspace {
        MyWorkspace {
            id: membership.workspace.id.to_string(),
            slug: membership.workspace.slug.to_string(),
            name: membership.workspace.name.to_string(),
            member: membership.member.to_string(),
            role: membership.role.clone(),
            role_name: membership.role_name.clone(),
            status: membership.status.word().to_owned(),
            last_visit: membership.visited_at.map(|at| at.to_string()),
        }
    }
}

/// Sign up
///
/// Creates an account, signs it in and sends a mail to confirm the address. The session is in
/// the cookie of the response.
///
/// Nothing in the response tells whether the address has an account already. Where an account has
/// confirmed the address, the mail says so instead, and the new account cannot confirm it. Until its
/// address is confirmed, an account invites no one and creates no API keys. At most 5 mails per hour are
/// sent to an address at the request of a network.
///
/// A password has 15 to 256 characters, is not a common one, and is not made of your name or address. Limited to 60 requests per
/// minute and address.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "Accounts", security(()), request_body = SignUpRequest,
    responses((status = 201, body = AccountResponse)))]
async fn sign_up(
    State(web): State<Web>,
    Client(origin): Client,
    Body(ask): Body<SignUpRequest>,
) -> Answer<AccountResponse> {
    let (account, token) = web.app.accounts().sign_up(&ask.into(), &origin).await?;
    let view = AccountResponse::of(&account, &Factors::default());
    Ok(Reply::created(view).cookie(&session_cookie(&web, &token)))
}

/// Get your account
///
/// Gets the account of the caller with the workspaces that it is a member of, the most
/// recently used first. An API key has no account.
#[utoipa::path(get, path = "/api/v1/me", tag = "Accounts",
    responses((status = 200, body = MeResponse),
        (status = 403, description = "`not_by_key`: an API key has no account; sign in.")))]
async fn me(State(web): State<Web>, SignedIn(principal): SignedIn) -> Answer<MeResponse> {
    let account = web.app.accounts().load(&principal).await?;
    let workspaces = web.app.accounts().memberships(&principal).await?;
    let workspaces = workspaces.iter().map(MyWorkspace::of).collect();
    let factors = web.app.factors().load(&principal).await?;
    let view = MeResponse { account: AccountResponse::of(&account, &factors), workspaces };
    Ok(Reply::ok(view).version(account.version))
}

/// Changes to your account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateMeRequest {
    /// Another first name.
    #[schema(value_type = Option<scalar::Name>)]
    first_name: Option<String>,
    /// Another last name; may be empty.
    #[schema(value_type = Option<scalar::LastName>)]
    last_name: Option<String>,
    /// Another picture, or `null` to remove it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<scalar::Picture>)]
    picture: Option<Option<String>>,
    /// Another language of mails and pages.
    #[schema(value_type = Option<scalar::Locale>)]
    locale: Option<String>,
    /// `true` or `false` for kinds of notifications.
    #[serde(default)]
    #[schema(value_type = object::NotificationChoices)]
    notifications: Map<String, Value>,
}

/// Update your account
///
/// Changes the fields that the request names; the others keep their value. The address cannot
/// be changed here. `notifications` takes `true` or `false` for any of the known keys.
#[utoipa::path(patch, path = "/api/v1/me", tag = "Accounts", request_body = UpdateMeRequest,
    responses((status = 200, body = AccountResponse),
        (status = 403, description = "`not_by_key`: an API key cannot change the account; sign in."),
        (status = 409, description = "`stale`: the account was changed at the same time; repeat the request.")))]
async fn change_me(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Body(ask): Body<UpdateMeRequest>,
) -> Answer<AccountResponse> {
    let change = ProfileChange {
        first_name: ask.first_name,
        last_name: ask.last_name,
        picture: ask.picture,
        locale: ask.locale,
        notifications: ask.notifications,
    };
    let account = web.app.accounts().update(&principal, &change).await?;
    let factors = web.app.factors().load(&principal).await?;
    Ok(Reply::ok(AccountResponse::of(&account, &factors)).version(account.version))
}

/// The confirmation that the account is to be deleted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeleteAccountRequest {
    /// The word `DELETE`, exactly.
    #[serde(default)]
    #[schema(value_type = scalar::DeleteConfirmation, required = true)]
    confirm: String,
}

/// Delete your account
///
/// Deletes the account and its memberships and ends its sessions. Workspaces and their data
/// stay. This cannot be undone.
#[utoipa::path(delete, path = "/api/v1/me", tag = "Accounts", request_body = DeleteAccountRequest,
    responses((status = 204),
        (status = 403, description = "`not_by_key`: an API key cannot delete the account; sign in."),
        (status = 409, description = "`last_top_role` or `billing_contact_stays`: the account is the last holder of the top role, or the billing contact, of the workspaces named in `detail`. Transfer them first."),
        (status = 422, description = "`not_confirmed`: `confirm` is not exactly `DELETE`.")))]
async fn delete_me(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Body(ask): Body<DeleteAccountRequest>,
) -> Answer<()> {
    web.app.accounts().delete(&principal, &ask.confirm).await?;
    Ok(Reply::done().cookie(&no_session_cookie(&web)))
}

/// The current and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePasswordRequest {
    /// The current password.
    #[schema(value_type = scalar::CurrentPassword)]
    present: String,
    /// The new password.
    #[schema(value_type = scalar::NewPassword)]
    new: String,
}

/// Change your password
///
/// Requires the current password, and ends every other session of the account.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "Accounts", request_body = ChangePasswordRequest,
    responses((status = 204),
        (status = 403, description = "`not_by_key`: an API key cannot change the password; sign in."),
        (status = 409, description = "`stale`: the account was changed at the same time; repeat the request."),
        (status = 422, description = "`wrong_password`, or `bad_password` for the new one."),
        (status = 429, description = "`too_many_attempts`: too many wrong passwords, here or at a sign-in.")))]
async fn change_password(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Client(origin): Client,
    Body(ask): Body<ChangePasswordRequest>,
) -> Answer<()> {
    web.app.accounts().change_password(&principal, &ask.present, &ask.new, &origin).await?;
    Ok(Reply::done())
}
