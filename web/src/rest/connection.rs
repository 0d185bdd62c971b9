//! Connections to identity providers over HTTP: list, create, update, delete. A test takes a browser, so
//! it begins on a page.

mod given;
mod group;

use std::collections::BTreeMap;

use hallpass_app::connection::creation::NewConnection;
use hallpass_app::connection::{ConnectionChange, ConnectionOverview};
use hallpass_domain::connection::{Provider, Test};
use hallpass_domain::id::ConnectionId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::context::{
    PreparedContextWith, ReadContext, WriteContext, WriteContextWith,
};
use crate::extract::{Params, Path, SignedIn, id};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

use given::{Given, given};

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(load, change, remove))
        .merge(group::routes())
}

/// The last test of a connection.
#[derive(Serialize, ToSchema)]
struct ConnectionTestResponse {
    /// When it was.
    #[schema(value_type = scalar::Timestamp)]
    at: String,
    /// The member who tested.
    #[schema(value_type = scalar::MemberId)]
    member: String,
    /// Why it failed; `null` if it went well.
    failure: Option<String>,
    /// What would happen to the person if they signed in.
    #[schema(value_type = Option<scalar::Arrival>)]
    arrival: Option<String>,
    /// The role that their groups would give them.
    #[schema(value_type = Option<scalar::RoleKey>)]
    role: Option<String>,
    /// The level on each resource that their groups would give them.
    #[schema(value_type = BTreeMap<scalar::Key, scalar::Key>)]
    levels: BTreeMap<String, String>,
    /// The ids of the teams that their groups would give them.
    #[schema(value_type = Vec<scalar::TeamId>)]
    teams: Vec<String>,
    /// What the provider said: a list of texts by name.
    #[schema(value_type = Object)]
    claims: Value,
}

impl From<Test> for ConnectionTestResponse {
    fn from(test: Test) -> ConnectionTestResponse {
        let gives = test.gives.unwrap_or_default();
        let claims = test.claims.into_iter();
        ConnectionTestResponse {
            at: test.at.to_string(),
            member: test.member.to_string(),
            failure: test.failure,
            arrival: test.arrival,
            role: gives.role,
            levels: gives.levels.into_iter().flatten().collect(),
            teams: gives.teams.iter().map(ToString::to_string).collect(),
            claims: claims.map(|(name, values)| (name, json!(values))).collect(),
        }
    }
}

/// The addresses of a connection, to enter at the provider.
#[derive(Serialize, ToSchema)]
struct ConnectionUrlsResponse {
    /// Where people start to sign in.
    start: String,
    /// The redirect URI of OpenID Connect.
    callback: String,
    /// The back-channel logout URI of OpenID Connect.
    back_channel_logout: String,
    /// The front-channel logout URI of OpenID Connect.
    front_channel_logout: String,
    /// The assertion consumer service of SAML.
    consumer: String,
    /// The metadata, and the entity id, of SAML.
    metadata: String,
    /// The single logout service of SAML.
    logout: String,
}

/// A connection to an identity provider.
#[derive(Serialize, ToSchema)]
struct ConnectionResponse {
    /// The id.
    #[schema(value_type = scalar::ConnectionId)]
    id: String,
    /// The name, which people read when they sign in.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// The kind of provider.
    #[schema(value_type = scalar::ConnectionKind)]
    kind: String,
    /// Our id at the provider; `null` with SAML.
    client_id: Option<String>,
    /// The secret, as `***`; `null` with SAML. No response contains it.
    client_secret: Option<String>,
    /// With `google`: the domains of the organisation.
    hosted_domains: Vec<String>,
    /// With `microsoft`: the id of the tenant.
    tenant: Option<String>,
    /// The issuer, or the entity id of the provider; `null` for Google and Microsoft.
    issuer: Option<String>,
    /// Whether people may sign in by it.
    is_on: bool,
    /// How many people have come in by it.
    #[schema(minimum = 0)]
    people: i64,
    /// The last test since it changed.
    test: Option<ConnectionTestResponse>,
    /// What to enter at the provider.
    urls: ConnectionUrlsResponse,
    /// When it was created.
    #[schema(value_type = scalar::Timestamp)]
    created_at: String,
}

impl From<ConnectionOverview> for ConnectionResponse {
    fn from(overview: ConnectionOverview) -> ConnectionResponse {
        let ConnectionOverview { connection, urls, people } = overview;
        let kind = connection.provider.word().to_owned();
        let masked = connection.provider.has_client_secret().then(|| "***".to_owned());
        let (mut client_id, mut hosted_domains, mut tenant, mut issuer) =
            (None, Vec::new(), None, None);
        match connection.provider {
            Provider::Google { client_id: id, hosted_domains: domains } => {
                (client_id, hosted_domains) = (Some(id), domains);
            }
            Provider::Microsoft { client_id: id, tenant: own } => {
                (client_id, tenant) = (Some(id), Some(own));
            }
            Provider::Oidc { client_id: id, issuer: name } => {
                (client_id, issuer) = (Some(id), Some(name));
            }
            Provider::Saml { entity_id, .. } => issuer = Some(entity_id),
        }
        let test = connection.test.map(ConnectionTestResponse::from);
        ConnectionResponse {
            id: connection.id.to_string(),
            name: connection.name,
            kind,
            client_id,
            client_secret: masked,
            hosted_domains,
            tenant,
            issuer,
            is_on: connection.is_on,
            people,
            test,
            urls: ConnectionUrlsResponse {
                start: urls.start,
                callback: urls.callback,
                back_channel_logout: urls.back_channel_logout,
                front_channel_logout: urls.front_channel_logout,
                consumer: urls.consumer,
                metadata: urls.metadata,
                logout: urls.logout,
            },
            created_at: connection.created_at.to_string(),
        }
    }
}

/// List connections to identity providers
///
/// Lists the connections of the workspace, the oldest first, without their secrets. Requires
/// `authentication: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/sso", tag = "Administration", params(PageParams),
    responses((status = 200, body = Page<ConnectionResponse>),
        (status = 403, description = "`denied`: the caller may not read how people sign in.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<ConnectionResponse>> {
    let found = ctx.connections().list().await?;
    let items = found.into_iter().map(ConnectionResponse::from).collect();
    let page = Page::part("connections", &ask, items, |one| &one.id)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// A new connection.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateConnectionRequest {
    /// The name, which people read when they sign in.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// The kind of provider.
    #[schema(value_type = scalar::ConnectionKind)]
    kind: String,
    /// Our id at the provider; not with `saml`.
    #[schema(value_type = Option<scalar::ClientKey>)]
    client_id: Option<String>,
    /// The secret that the provider has given us; not with `saml`.
    #[schema(value_type = Option<scalar::ClientSecret>)]
    client_secret: Option<String>,
    /// With `google`: the domains of your Google Workspace.
    #[schema(value_type = Option<Vec<scalar::Domain>>, max_items = 20)]
    hosted_domains: Option<Vec<String>>,
    /// With `microsoft`: the id of your tenant.
    #[schema(value_type = Option<scalar::Tenant>)]
    tenant: Option<String>,
    /// With `oidc`: the issuer.
    #[schema(value_type = Option<scalar::Issuer>)]
    issuer: Option<String>,
    /// With `saml`: the metadata of the provider, in XML.
    #[schema(value_type = Option<scalar::SamlMetadata>)]
    metadata: Option<String>,
}

/// Changes of a connection.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeConnectionRequest {
    /// The name, which people read when they sign in.
    #[schema(value_type = Option<scalar::Name>)]
    name: Option<String>,
    /// Our id at the provider; not with `saml`.
    #[schema(value_type = Option<scalar::ClientKey>)]
    client_id: Option<String>,
    /// Another secret; not with `saml`.
    #[schema(value_type = Option<scalar::ClientSecret>)]
    client_secret: Option<String>,
    /// With `google`: the domains of your Google Workspace.
    #[schema(value_type = Option<Vec<scalar::Domain>>, max_items = 20)]
    hosted_domains: Option<Vec<String>>,
    /// With `microsoft`: the id of your tenant.
    #[schema(value_type = Option<scalar::Tenant>)]
    tenant: Option<String>,
    /// With `oidc`: the issuer.
    #[schema(value_type = Option<scalar::Issuer>)]
    issuer: Option<String>,
    /// With `saml`: the metadata of the provider, in XML.
    #[schema(value_type = Option<scalar::SamlMetadata>)]
    metadata: Option<String>,
    /// Whether people may sign in by it; it must be tested first.
    is_on: Option<bool>,
}

/// Create a connection to an identity provider
///
/// Creates a connection by OpenID Connect or SAML 2.0. It is off until it was tested; its addresses
/// in `urls` are entered at the provider. A workspace has at most 20 connections.
///
/// Requires `authentication: update`, a recent sign-in, and a plan with single sign-on.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/sso", tag = "Administration", request_body = CreateConnectionRequest,
    responses((status = 201, body = ConnectionResponse),
        (status = 403, description = "`denied`, `plan_needed`: the plan of the workspace has no single sign-on, or `not_by_key`: an API key cannot change what the workspace trusts.")))]
async fn create(
    SignedIn(principal): SignedIn,
    PreparedContextWith(mut ctx, entry, ask): PreparedContextWith<CreateConnectionRequest>,
) -> Answer<ConnectionResponse> {
    let given = given!(ask);
    let new = NewConnection {
        name: ask.name,
        provider: given.read(&ask.kind)?,
        client_secret: ask.client_secret,
    };
    // Making a key keeps no one from writing.
    let prepared = ctx.connections().prepare(&principal, &new).await?;
    drop(ctx);
    let mut ctx = entry.enter().await?;
    let made = ctx.connections().create(&principal, prepared).await?;
    let version = made.connection.version;
    Ok(Reply::created(made.into()).at(ctx.revision()).version(version))
}

/// Get a connection to an identity provider
///
/// Requires `authentication: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/sso/{id}", tag = "Administration",
    responses((status = 200, body = ConnectionResponse),
        (status = 403, description = "`denied`: the caller may not read how people sign in.")))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, connection)): Path<(String, String)>,
) -> Answer<ConnectionResponse> {
    let found = ctx.connections().load(id(&connection, "connection")?).await?;
    let version = found.connection.version;
    Ok(Reply::ok(found.into()).at(ctx.revision()).version(version))
}

/// Update a connection to an identity provider
///
/// Changes the fields that the request names; the others keep their value. A change of the provider
/// turns the connection off until it was tested again. Requires `authentication: update`, a recent
/// sign-in, and a plan with single sign-on; turning it off alone requires neither of the two.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/sso/{id}", tag = "Administration", request_body = ChangeConnectionRequest,
    responses((status = 200, body = ConnectionResponse),
        (status = 403, description = "`denied`, `plan_needed`, or `not_by_key`."),
        (status = 409, description = "`connection_untested`: test it before you turn it on, or `in_use`: single sign-on is required, and this is the last connection that is on.")))]
async fn change(
    SignedIn(principal): SignedIn,
    Path((_, connection)): Path<(String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<ChangeConnectionRequest>,
) -> Answer<ConnectionResponse> {
    let connection: ConnectionId = id(&connection, "connection")?;
    let given = given!(ask);
    let before = ctx.connections().load(connection).await?.connection;
    let change = ConnectionChange {
        name: ask.name,
        provider: given.over(&before.provider)?,
        client_secret: ask.client_secret,
        is_on: ask.is_on,
    };
    let changed = ctx.connections().update(&principal, connection, &change).await?;
    let version = changed.connection.version;
    Ok(Reply::ok(changed.into()).at(ctx.revision()).version(version))
}

/// Delete a connection to an identity provider
///
/// Deletes the connection, and forgets whom its provider has identified: they do not come in by
/// another connection to the same provider. Requires `authentication: update`.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/sso/{id}", tag = "Administration",
    responses((status = 204),
        (status = 403, description = "`denied`, or `not_by_key`."),
        (status = 409, description = "`in_use`: single sign-on is required, and this is the last connection that is on.")))]
async fn remove(
    SignedIn(principal): SignedIn,
    WriteContext(mut ctx): WriteContext,
    Path((_, connection)): Path<(String, String)>,
) -> Answer<()> {
    let connection = id(&connection, "connection")?;
    ctx.connections().delete(&principal, connection).await?;
    Ok(Reply::done().at(ctx.revision()))
}
