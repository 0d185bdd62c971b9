//! Connections to identity providers: list, create, update, delete.
//!
//! **Invariant:** a client secret or private key is stored encrypted, and no response contains it.

use hallpass_domain::connection::{Connection, Provider};
use hallpass_domain::id::ConnectionId;
use hallpass_domain::name::Name;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::setting::Area;
use hallpass_store::secret::CONNECTION_SECRETS;
use serde_json::{Value, json};

use crate::app::App;
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{ReadAuthentication, UpdateAuthentication};
use crate::gate::{Pass, Permission};
use crate::principal::Principal;

pub mod address;
pub mod creation;
pub(crate) mod given;
pub mod group;
pub(crate) mod matched;
pub mod operator;
pub(crate) mod protocol;
pub mod requirement;

use address::{ConnectionRef, ConnectionUrls};
use protocol::{Protocol, read_metadata};

/// The entitlement that connections need.
pub(crate) const ENTITLEMENT: &str = "sso";

/// The longest client secret.
const LONGEST_SECRET: usize = 1_000;

/// A provider, as it is entered.
#[derive(Clone, Debug)]
pub enum ProviderInput {
    /// By its settings: OpenID Connect.
    Settings(Provider),
    /// By its metadata: SAML.
    Metadata(String),
}

/// A change of a connection; what is left out stays.
#[derive(Clone, Default)]
pub struct ConnectionChange {
    /// The name.
    pub name: Option<String>,
    /// The provider, which is tested again.
    pub provider: Option<ProviderInput>,
    /// Another secret of the same provider.
    pub client_secret: Option<String>,
    /// Whether people may sign in by it.
    pub is_on: Option<bool>,
}

/// A connection, with what belongs to it.
#[derive(Clone, Debug)]
pub struct ConnectionOverview {
    /// The connection.
    pub connection: Connection,
    /// Its addresses.
    pub urls: ConnectionUrls,
    /// How many people have come in by it.
    pub people: i64,
}

/// The connections of a workspace.
pub struct Connections<'c>(pub(crate) &'c mut WorkspaceContext);

impl Connections<'_> {
    /// Lists the connections, the oldest first.
    #[boxed]
    pub async fn list(&mut self) -> Result<Vec<ConnectionOverview>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadAuthentication).await?;
        let mut found = Vec::new();
        for connection in ctx.read(&pass)?.connections().list().await? {
            found.push(overview(ctx, &pass, connection).await?);
        }
        Ok(found)
    }

    /// Loads a connection.
    #[boxed]
    pub async fn load(&mut self, id: ConnectionId) -> Result<ConnectionOverview, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadAuthentication).await?;
        let connection = load(ctx, &pass, id).await?;
        overview(ctx, &pass, connection).await
    }

    /// Updates a connection. Another provider turns it off until it was tested again.
    ///
    /// # Errors
    ///
    /// `PlanNeeded`; `Fields`; `ConnectionUntested`; `InUse` for the last one that is
    /// on, while single sign-on is required.
    #[boxed]
    pub async fn update(
        &mut self,
        principal: &Principal,
        id: ConnectionId,
        change: &ConnectionChange,
    ) -> Result<ConnectionOverview, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateAuthentication).await?;
        principal.person()?;
        let before = load(ctx, &pass, id).await?;
        ctx.check_version(before.version)?;
        // Turning off needs no plan: it is what one does in an emergency.
        let only_turns_off = change.is_on == Some(false)
            && change.name.is_none()
            && change.provider.is_none()
            && change.client_secret.is_none();
        if !only_turns_off {
            check_person(ctx, principal).await?;
        }
        let mut after = before.clone();
        if let Some(name) = &change.name {
            after.name = read_name(name)?;
        }
        if let Some(provider) = &change.provider {
            let provider = read_provider(&ctx.app, provider)?;
            if provider.word() != after.provider.word() {
                let detail = "a connection stays with its protocol; create another one";
                return Err(Refusal::field("/kind", "not_here", detail).into());
            }
            after = after.with_provider(provider);
            if after.provider != before.provider {
                after = group::adopt(ctx, after).await?;
            }
        }
        if let Some(is_on) = change.is_on {
            after = after.turned(is_on)?;
        }
        let secret = match &change.client_secret {
            Some(_) if !after.provider.has_client_secret() => {
                let detail = "SAML has no client secret";
                return Err(Refusal::field("/client_secret", "not_here", detail).into());
            }
            Some(secret) => Some(seal(&ctx.app, id, check_secret(secret)?.as_bytes())?),
            None => None,
        };
        if before.is_on && !after.is_on {
            check_not_last(ctx, &pass, id).await?;
        }
        if !ctx.tx(&pass)?.connections().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        let mut is = audit_view(&after);
        if let Some(secret) = secret {
            ctx.tx(&pass)?.connections().set_secret(id, &secret).await?;
            if let Value::Object(fields) = &mut is {
                fields.insert("client_secret".to_owned(), "changed".into());
            }
        }
        let was = audit_view(&before);
        ctx.record_audit(&pass, "connection.update", id, &was, &is).await?;
        after.version += 1;
        let overview = overview(ctx, &pass, after).await?;
        ctx.commit(&pass).await?;
        Ok(overview)
    }

    /// Turns a connection off, for the operator. Returns whether that is a change. `InUse` for the last one
    /// that is on, while single sign-on is required.
    pub(crate) async fn turn_off(&mut self, id: ConnectionId) -> Result<bool, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateAuthentication).await?;
        let before = load(ctx, &pass, id).await?;
        if !before.is_on {
            return Ok(false);
        }
        check_not_last(ctx, &pass, id).await?;
        let after = before.clone().turned(false)?;
        if !ctx.tx(&pass)?.connections().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        let (was, is) = (audit_view(&before), audit_view(&after));
        ctx.record_audit(&pass, "connection.update", id, &was, &is).await?;
        ctx.commit(&pass).await?;
        Ok(true)
    }

    /// Deletes a connection, and forgets whom its provider has identified.
    ///
    /// # Errors
    ///
    /// `InUse` for the last one that is on, while single sign-on is required.
    #[boxed]
    pub async fn delete(
        &mut self,
        principal: &Principal,
        id: ConnectionId,
    ) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateAuthentication).await?;
        principal.person()?;
        let before = load(ctx, &pass, id).await?;
        ctx.check_version(before.version)?;
        if before.is_on {
            check_not_last(ctx, &pass, id).await?;
        }
        ctx.tx(&pass)?.connections().delete(id).await?;
        let was = audit_view(&before);
        ctx.record_audit(&pass, "connection.delete", id, &was, &()).await?;
        ctx.commit(&pass).await.map(drop)
    }
}

/// Checks that a person changes what the workspace trusts, and that its plan has single sign-on. The
/// gate has checked that they have signed in recently.
pub(crate) async fn check_person(
    ctx: &mut WorkspaceContext,
    principal: &Principal,
) -> Result<(), Error> {
    principal.person()?;
    ctx.billing().check_entitlement(ENTITLEMENT).await
}

/// Encrypts the secret of a connection.
pub(crate) fn seal(app: &App, id: ConnectionId, plain: &[u8]) -> Result<Vec<u8>, Error> {
    app.seal((CONNECTION_SECRETS.purpose, id.0.as_bytes()), plain)
}

/// Decrypts the secret of a connection.
pub(crate) fn open(app: &App, id: ConnectionId, sealed: &[u8]) -> Result<Vec<u8>, Error> {
    app.unseal((CONNECTION_SECRETS.purpose, id.0.as_bytes()), sealed)
}

/// Whether the workspace requires single sign-on of its members.
fn is_required(ctx: &WorkspaceContext) -> bool {
    let values = ctx.snapshot().workspace.settings.get(Area::Authentication.word());
    values
        .and_then(|values| values.get("require_sso"))
        .is_some_and(|value| *value != json!(false))
}

/// Refuses to end the last connection that is on while single sign-on is required.
async fn check_not_last(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    id: ConnectionId,
) -> Result<(), Error> {
    let others = ctx.read(pass)?.connections().list().await?;
    let has_other = others.iter().any(|other| other.id != id && other.is_on);
    if has_other || !is_required(ctx) {
        return Ok(());
    }
    let by = "the requirement of single sign-on; end that first".to_owned();
    Err(Refusal::InUse { noun: "connection", by }.into())
}

pub(crate) async fn load(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    id: ConnectionId,
) -> Result<Connection, Error> {
    let found = ctx.read(pass)?.connections().find(id).await?;
    found.ok_or(Error::Missing { noun: "connection" })
}

async fn overview(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    connection: Connection,
) -> Result<ConnectionOverview, Error> {
    let of = ConnectionRef { workspace: ctx.workspace_id(), connection: connection.id };
    let people = ctx.read(pass)?.identities().count(connection.id).await?;
    let urls = ConnectionUrls::new(&ctx.app.rules().base_url, of);
    Ok(ConnectionOverview { connection, urls, people })
}

fn read_name(name: &str) -> Result<String, Refusal> {
    let name = Name::parse(name);
    let name = name.map_err(|why| Refusal::field("/name", "bad_name", why.to_string()))?;
    Ok(name.into_string())
}

fn read_provider(app: &App, given: &ProviderInput) -> Result<Provider, Refusal> {
    let provider = match given {
        ProviderInput::Settings(provider) => provider.clone().checked()?,
        ProviderInput::Metadata(metadata) => read_metadata(app, metadata)?,
    };
    Protocol::new(app, &provider)?;
    Ok(provider)
}

fn check_secret(secret: &str) -> Result<&str, Refusal> {
    let is_accepted = !secret.is_empty()
        && secret.len() <= LONGEST_SECRET
        && !secret.chars().any(char::is_control);
    if is_accepted {
        return Ok(secret);
    }
    let detail = format!("expected 1 to {LONGEST_SECRET} characters in one line");
    Err(Refusal::field("/client_secret", "bad_text", detail))
}

/// A connection in the audit log.
pub(crate) fn audit_view(connection: &Connection) -> Value {
    json!({
        "name": connection.name,
        "provider": connection.provider,
        "groups": connection.groups,
        "is_on": connection.is_on,
    })
}
