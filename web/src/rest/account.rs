//! Accounts over HTTP: sign up, one's own profile, passwords, deletion.

use axum::extract::State;
use hallpass_app::account::{Membership, ProfileChange, SignUp};
use hallpass_app::secret::Token;
use hallpass_domain::account::{Account, NOTIFICATIONS};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::{Body, Client, Path, SignedIn, given, no_session_cookie, session_cookie};
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(sign_up))
        .routes(routes!(me, change_me, delete_me))
        .routes(routes!(change_password))
        .routes(routes!(ask_for_reset))
        .routes(routes!(reset_password))
        .routes(routes!(confirm_address))
}

/// Who signs up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignUpRequest {
    /// The address.
    email: String,
    /// The password: 12 to 256 characters.
    password: String,
    /// First name.
    first_name: String,
    /// Last name.
    #[serde(default)]
    last_name: String,
}

/// An account, as its owner sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountResponse {
    /// The id.
    id: String,
    /// The address, which cannot be changed here.
    email: String,
    /// Whether the address was confirmed.
    email_confirmed: bool,
    /// First name.
    first_name: String,
    /// Last name.
    last_name: String,
    /// The language.
    locale: String,
    /// A picture as `data:` address.
    picture: Option<String>,
    /// What to be told about.
    notifications: Map<String, Value>,
    /// Second factors.
    two_factor: TwoFactorStatus,
    /// When the account was made.
    created_at: String,
}

/// Second factors of an account.
#[derive(Serialize, ToSchema)]
struct TwoFactorStatus {
    /// Whether one is asked for at sign-in.
    enabled: bool,
}

impl AccountResponse {
    pub(crate) fn of(account: &Account) -> AccountResponse {
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
            two_factor: TwoFactorStatus { enabled: false },
            created_at: account.created_at.to_string(),
        }
    }
}

/// An account with its workspaces.
#[derive(Serialize, ToSchema)]
struct MeResponse {
    #[serde(flatten)]
    account: AccountResponse,
    /// The workspaces, the last visited first.
    workspaces: Vec<MyWorkspace>,
}

/// A workspace in which somebody is.
#[derive(Serialize, ToSchema)]
struct MyWorkspace {
    /// The workspace's id.
    id: String,
    /// Its slug.
    slug: String,
    /// Its name.
    name: String,
    /// Who one is there.
    member: String,
    /// The role, by key or id.
    role: String,
    /// The role's name.
    role_name: String,
    /// `active` or `inactive`.
    status: String,
    /// When one was last there.
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

/// Sign up. A mail asks to confirm the address.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "Accounts", security(()), request_body = SignUpRequest,
    responses((status = 201, body = AccountResponse), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn sign_up(
    State(web): State<Web>,
    Client(origin): Client,
    Body(ask): Body<SignUpRequest>,
) -> Answer<AccountResponse> {
    let ask = SignUp {
        email: ask.email,
        password: ask.password,
        first_name: ask.first_name,
        last_name: ask.last_name,
    };
    let (account, token) = web.app.accounts().sign_up(&ask, &origin).await?;
    let view = AccountResponse::of(&account);
    Ok(Reply::created(view).cookie(&session_cookie(&web, &token)))
}

/// One's own account.
#[utoipa::path(get, path = "/api/v1/me", tag = "Accounts",
    responses((status = 200, body = MeResponse), (status = 401, body = Problem)))]
async fn me(State(web): State<Web>, SignedIn(principal): SignedIn) -> Answer<MeResponse> {
    let account = web.app.accounts().load(&principal).await?;
    let workspaces = web.app.accounts().memberships(&principal).await?;
    let workspaces = workspaces.iter().map(MyWorkspace::of).collect();
    Ok(Reply::ok(MeResponse { account: AccountResponse::of(&account), workspaces })
        .version(account.version))
}

/// What to change about oneself; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateMeRequest {
    first_name: Option<String>,
    last_name: Option<String>,
    /// A `data:` address, or null for none.
    #[serde(default, deserialize_with = "given")]
    picture: Option<Option<String>>,
    locale: Option<String>,
    #[serde(default)]
    notifications: Map<String, Value>,
}

/// Change one's own profile.
#[utoipa::path(patch, path = "/api/v1/me", tag = "Accounts", request_body = UpdateMeRequest,
    responses((status = 200, body = AccountResponse), (status = 422, body = Problem)))]
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
    Ok(Reply::ok(AccountResponse::of(&account)).version(account.version))
}

/// A word that confirms.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeleteAccountRequest {
    /// `DELETE`, exactly.
    #[serde(default)]
    confirm: String,
}

/// Delete one's own account. Workspaces and their data stay.
#[utoipa::path(delete, path = "/api/v1/me", tag = "Accounts", request_body = DeleteAccountRequest,
    responses((status = 204), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn delete_me(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Body(ask): Body<DeleteAccountRequest>,
) -> Answer<()> {
    web.app.accounts().delete(&principal, &ask.confirm).await?;
    Ok(Reply::done().cookie(&no_session_cookie(&web)))
}

/// The present password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePasswordRequest {
    /// The present one.
    present: String,
    /// The new one: 12 to 256 characters.
    new: String,
}

/// Change one's own password. Every other session ends.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "Accounts", request_body = ChangePasswordRequest,
    responses((status = 204), (status = 422, body = Problem)))]
async fn change_password(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Body(ask): Body<ChangePasswordRequest>,
) -> Answer<()> {
    web.app.accounts().change_password(&principal, &ask.present, &ask.new).await?;
    Ok(Reply::done())
}

/// Whose password is to be set anew.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordResetRequest {
    /// The address.
    email: String,
}

/// Ask for a link to set a new password. The answer is the same whether there is such an account.
#[utoipa::path(post, path = "/api/v1/password-resets", tag = "Accounts", security(()), request_body = PasswordResetRequest,
    responses((status = 204)))]
async fn ask_for_reset(
    State(web): State<Web>,
    Body(ask): Body<PasswordResetRequest>,
) -> Answer<()> {
    web.app.accounts().request_password_reset(&ask.email).await?;
    Ok(Reply::done())
}

/// The new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetPasswordRequest {
    /// 12 to 256 characters.
    password: String,
}

/// Set a new password by the link of a mail. Every session ends.
#[utoipa::path(put, path = "/api/v1/password-resets/{token}", tag = "Accounts", security(()), request_body = SetPasswordRequest,
    responses((status = 204), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn reset_password(
    State(web): State<Web>,
    Path(token): Path<String>,
    Body(ask): Body<SetPasswordRequest>,
) -> Answer<()> {
    web.app.accounts().reset_password(&Token::received(&token), &ask.password).await?;
    Ok(Reply::done())
}

/// `DeleteAccountRequest` an address by the link of a mail.
#[utoipa::path(post, path = "/api/v1/confirmations/{token}", tag = "Accounts", security(()),
    responses((status = 204), (status = 409, body = Problem)))]
async fn confirm_address(State(web): State<Web>, Path(token): Path<String>) -> Answer<()> {
    web.app.accounts().confirm_address(&Token::received(&token)).await?;
    Ok(Reply::done())
}
