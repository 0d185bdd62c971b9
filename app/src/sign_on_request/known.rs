//! A connection as the people who sign in find it, before anyone is signed in.

use hallpass_domain::connection::Connection;
use hallpass_store::connection::ConnectionKeys;

use crate::app::App;
use crate::connection::address::{ConnectionRef, ConnectionUrls};
use crate::error::Error;

/// A connection with its keys and addresses.
pub(crate) struct Known {
    pub(crate) connection: Connection,
    pub(crate) keys: ConnectionKeys,
    pub(crate) urls: ConnectionUrls,
}

impl Known {
    /// Loads a connection of a workspace that exists.
    pub(crate) async fn load(app: &App, of: ConnectionRef) -> Result<Known, Error> {
        let missing = || Error::Missing { noun: "connection" };
        let mut tx = app.db().read_in(of.workspace.0).await?.ok_or_else(missing)?;
        let connection = tx.connections().find(of.connection).await?.ok_or_else(missing)?;
        let keys = tx.connections().find_keys(of.connection).await?;
        let urls = ConnectionUrls::new(&app.rules().base_url, of);
        Ok(Known { connection, keys, urls })
    }
}
