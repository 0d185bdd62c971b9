//! The identities of the person who is signed in: the connections of a workspace, and whether their
//! account is connected to each.

use hallpass_domain::connection::Provider;
use hallpass_domain::id::ConnectionId;
use hallpass_domain::time::Timestamp;
use serde_json::json;

use super::Identities;
use crate::boxed;
use crate::connection::address::ConnectionRef;
use crate::connection::given::check_nothing_given;
use crate::error::Error;
use crate::gate::permission::Disconnect;
use crate::principal::Principal;
use crate::secret::Token;

/// A connection of a workspace, as one of its members sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnConnection {
    /// Which connection.
    pub of: ConnectionRef,
    /// Its name.
    pub name: String,
    /// The kind of provider, as a word.
    pub kind: &'static str,
    /// Whether people may sign in by it.
    pub is_on: bool,
    /// Whether its provider says when it has authenticated a person, so that it can do so again where a
    /// recent sign-in is needed. Google never does.
    pub can_authenticate_again: bool,
    /// Since when the account is connected, and when its person last came in by it.
    pub connected: Option<(Timestamp, Timestamp)>,
}

/// The connections of a workspace, as one of its members sees them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnConnections {
    /// Each of them.
    pub list: Vec<OwnConnection>,
    /// Whether the session enters the workspace as it is.
    pub is_entered: bool,
}

impl Identities<'_> {
    /// The connections of a workspace that are on, and those that the principal's account is connected
    /// to. The session may lack what the workspace requires.
    ///
    /// # Errors
    ///
    /// `Missing` for those who are no active members.
    #[boxed]
    pub async fn list_own(
        &self,
        principal: &Principal,
        workspace: &str,
    ) -> Result<OwnConnections, Error> {
        let account = principal.person()?;
        let id = self.0.workspace_id(workspace).await?;
        let is_entered = match self.0.enter(principal, workspace).await {
            Ok(_) => true,
            Err(Error::StepUp(_)) => false,
            Err(error) => return Err(error),
        };
        let missing = || Error::Missing { noun: "workspace" };
        let mut tx = self.0.db().read_in(id.0).await?.ok_or_else(missing)?;
        let known = tx.identities().list_of(account).await?;
        let connections = tx.connections().list().await?;
        let own = connections.into_iter().map(|connection| {
            let identity = known.iter().find(|one| one.connection == connection.id);
            OwnConnection {
                of: ConnectionRef { workspace: id, connection: connection.id },
                kind: connection.provider.word(),
                can_authenticate_again: !matches!(connection.provider, Provider::Google { .. }),
                name: connection.name,
                is_on: connection.is_on,
                connected: identity.map(|one| (one.created_at, one.seen_at)),
            }
        });
        let list = own.filter(|one| one.is_on || one.connected.is_some()).collect();
        Ok(OwnConnections { list, is_entered })
    }

    /// Disconnects the principal's account from a connection. Its other sessions that began there end,
    /// and the present one goes on with another token and without it.
    ///
    /// # Errors
    ///
    /// `StepUp` without a recent sign-in to the account itself; `Missing` for a connection that the
    /// account is not connected to; `InUse` while the member has a role or a team by its groups, which
    /// would not follow them any more.
    #[boxed]
    pub async fn disconnect(
        &self,
        principal: &Principal,
        workspace: &str,
        connection: ConnectionId,
    ) -> Result<Token, Error> {
        let account = principal.holder()?;
        principal.check_recent(self.0.now())?;
        let mut ctx = self.0.enter_to_write(principal, workspace).await?;
        let pass = ctx.check(Disconnect).await?;
        let missing = || Error::Missing { noun: "connection" };
        check_nothing_given(&mut ctx, &pass, Some(connection), account).await?;
        let tx = ctx.tx(&pass)?;
        if !tx.identities().disconnect(connection, account).await? {
            return Err(missing());
        }
        let own = principal.session()?;
        for session in tx.identities().take_sessions_of(connection, account).await? {
            if session != own {
                tx.global().sessions().delete(account, session).await?;
            }
        }
        let token = self.0.sessions().lower(tx.global(), principal, connection).await?;
        let view = json!({"account": account.to_string()});
        let subject = connection.to_string();
        ctx.record_audit(&pass, "identity.disconnect", subject, &view, &()).await?;
        ctx.commit(&pass).await?;
        Ok(token)
    }
}
