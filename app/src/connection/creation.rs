//! New connections: what they sign and decrypt with is made before the workspace is locked.

use hallpass_domain::connection::group::GroupMapping;
use hallpass_domain::connection::{Connection, MOST};
use hallpass_domain::id::ConnectionId;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::secret::Secret;
use hallpass_sso::saml::PrivateKey;
use hallpass_store::connection::ConnectionKeys;

use super::{
    ConnectionOverview, Connections, ProviderInput, audit_view, check_person, check_secret,
    overview, protocol, read_name, read_provider, seal,
};
use crate::app::App;
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::Pass;
use crate::gate::permission::UpdateAuthentication;
use crate::principal::Principal;

/// A request to create a connection.
#[derive(Clone)]
pub struct NewConnection {
    /// The name.
    pub name: String,
    /// The provider.
    pub provider: ProviderInput,
    /// The secret that the provider has given us, with OpenID Connect.
    pub client_secret: Option<String>,
}

/// A valid connection that is not stored yet, with its keys.
pub struct PreparedConnection {
    connection: Connection,
    keys: ConnectionKeys,
}

impl Connections<'_> {
    /// Checks a connection and makes its keys, which takes long, so that no one waits for that when it is created.
    /// Changes nothing.
    ///
    /// # Errors
    ///
    /// Those of [`create`](Connections::create); `Fields`.
    #[boxed]
    pub async fn prepare(
        &mut self,
        principal: &Principal,
        new: &NewConnection,
    ) -> Result<PreparedConnection, Error> {
        let ctx = &mut *self.0;
        let _pass = check_creation(ctx, principal).await?;
        let provider = read_provider(&ctx.app, &new.provider)?;
        let id: ConnectionId = ctx.id();
        let keys = match (&new.client_secret, provider.has_client_secret()) {
            (Some(secret), true) => {
                let sealed = seal(&ctx.app, id, check_secret(secret)?.as_bytes())?;
                ConnectionKeys { certificate: None, secret: Some(Secret::new(sealed)) }
            }
            (None, true) => {
                let detail = "the secret that the provider has given you is required";
                return Err(Refusal::field("/client_secret", "missing", detail).into());
            }
            (Some(_), false) => {
                let detail = "SAML has no client secret";
                return Err(Refusal::field("/client_secret", "not_here", detail).into());
            }
            (None, false) => make_keys(ctx.app.clone(), id).await?,
        };
        let connection = Connection {
            id,
            name: read_name(&new.name)?,
            provider,
            groups: GroupMapping::default(),
            is_on: false,
            test: None,
            created_at: ctx.now,
            version: 1,
        };
        Ok(PreparedConnection { connection, keys })
    }

    /// Creates a connection, which is off until it was tested.
    ///
    /// # Errors
    ///
    /// `PlanNeeded`; `Fields` when the workspace has as many as it can have.
    #[boxed]
    pub async fn create(
        &mut self,
        principal: &Principal,
        prepared: PreparedConnection,
    ) -> Result<ConnectionOverview, Error> {
        let ctx = &mut *self.0;
        let pass = check_creation(ctx, principal).await?;
        let PreparedConnection { connection, keys } = prepared;
        ctx.tx(&pass)?.connections().insert(&connection, &keys).await?;
        let after = audit_view(&connection);
        ctx.record_audit(&pass, "connection.create", connection.id, &(), &after).await?;
        let overview = overview(ctx, &pass, connection).await?;
        ctx.commit(&pass).await?;
        Ok(overview)
    }
}

async fn check_creation(
    ctx: &mut WorkspaceContext,
    principal: &Principal,
) -> Result<Pass<UpdateAuthentication>, Error> {
    let pass = ctx.check(UpdateAuthentication).await?;
    check_person(ctx, principal).await?;
    if ctx.read(&pass)?.connections().list().await?.len() >= MOST {
        let detail = format!("the workspace has {MOST} connections; delete one first");
        return Err(Refusal::field("", "too_many", detail).into());
    }
    Ok(pass)
}

/// Makes the key with which a SAML connection signs and decrypts, on a thread of its own.
async fn make_keys(app: App, id: ConnectionId) -> Result<ConnectionKeys, Error> {
    let broken = |error: String| Error::broken(error);
    let now = protocol::time(app.now())?;
    let number = *app.id::<uuid::Uuid>().as_bytes();
    let made = tokio::task::spawn_blocking(move || {
        let key = PrivateKey::generate()?;
        let certificate = key.certify("Hallpass", number, now)?;
        Ok::<_, hallpass_sso::Refusal>((key.to_pkcs8().to_vec(), certificate))
    });
    let made = made.await.map_err(|error| broken(error.to_string()))?;
    let (key, certificate) = made.map_err(|error| broken(error.to_string()))?;
    let sealed = Secret::new(seal(&app, id, &key)?);
    Ok(ConnectionKeys { certificate: Some(certificate), secret: Some(sealed) })
}
