//! Connections to identity providers, with their secrets as they were encrypted.

use std::marker::PhantomData;

use hallpass_domain::connection::{Connection, Test};
use hallpass_domain::id::ConnectionId;
use hallpass_domain::secret::Secret;

use crate::columns::Columns;
use crate::error::Error;
use crate::query::json;
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns = Columns::in_workspace(
    "connections",
    &["id", "name", "provider", "group_mapping", "is_on", "test", "version"],
)
.fixed(&["created_at"])
.hidden(&["certificate", "secret"]);

/// The connections of a workspace, in a transaction.
pub struct Connections<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

/// What a connection keeps beside its settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionKeys {
    /// Our certificate, in DER.
    pub certificate: Option<Vec<u8>>,
    /// The client secret, or the key of the certificate, encrypted.
    pub secret: Option<Secret<Vec<u8>>>,
}

impl WorkspaceTx {
    /// The connections.
    pub fn connections(&mut self) -> Connections<'_> {
        Connections(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The connections.
    #[must_use]
    pub fn connections(self) -> Connections<'t, Read> {
        Connections(self.0, PhantomData)
    }
}

impl<A> Connections<'_, A> {
    /// Lists every connection, the oldest first.
    pub async fn list(&mut self) -> Result<Vec<Connection>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 ORDER BY id", COLUMNS.select());
        self.0.query(&sql, &[]).await?.iter().map(from_row).collect()
    }

    /// Finds a connection by id.
    pub async fn find(&mut self, id: ConnectionId) -> Result<Option<Connection>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND id = ?2", COLUMNS.select());
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Finds the certificate and the secret of a connection.
    pub async fn find_keys(&mut self, id: ConnectionId) -> Result<ConnectionKeys, Error> {
        let sql = "SELECT certificate, secret FROM connections \
                   WHERE workspace_id = ?1 AND id = ?2";
        let Some(row) = self.0.find(sql, &[id.into()]).await? else {
            return Ok(ConnectionKeys::default());
        };
        let bytes =
            |name: &str| row.optional(name, Row::bytes).map(|found| found.map(<[u8]>::to_vec));
        Ok(ConnectionKeys {
            certificate: bytes("certificate")?,
            secret: bytes("secret")?.map(Secret::new),
        })
    }
}

impl Connections<'_> {
    /// Inserts a connection.
    pub async fn insert(
        &mut self,
        connection: &Connection,
        keys: &ConnectionKeys,
    ) -> Result<(), Error> {
        let secret = keys.secret.as_ref().map(|sealed| sealed.expose().clone());
        let mut values = values(connection);
        values.extend([keys.certificate.clone().into(), secret.into()]);
        self.0.execute(COLUMNS.insert(), &values).await.map(drop)
    }

    /// Updates a connection. Returns whether its version was still current.
    pub async fn update(&mut self, connection: &Connection) -> Result<bool, Error> {
        let values = values(connection);
        Ok(self.0.execute(COLUMNS.update(), COLUMNS.updated(&values)).await? == 1)
    }

    /// Replaces the secret of a connection.
    pub async fn set_secret(&mut self, id: ConnectionId, secret: &[u8]) -> Result<(), Error> {
        let sql = "UPDATE connections SET secret = ?3 WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into(), secret.to_vec().into()]).await.map(drop)
    }

    /// Stores the test of a connection at a version; returns whether it still has it. The version
    /// stays: a test changes nothing of the connection.
    pub async fn save_test(
        &mut self,
        (id, version): (ConnectionId, i64),
        test: &Test,
    ) -> Result<bool, Error> {
        let sql = "UPDATE connections SET test = ?4 \
                   WHERE workspace_id = ?1 AND id = ?2 AND version = ?3";
        let values = [id.into(), version.into(), json(&test.to_json())];
        Ok(self.0.execute(sql, &values).await? == 1)
    }

    /// Deletes a connection with its identities; returns whether it existed.
    pub async fn delete(&mut self, id: ConnectionId) -> Result<bool, Error> {
        for sql in [
            "DELETE FROM identities WHERE workspace_id = ?1 AND connection_id = ?2",
            "DELETE FROM sign_on_requests WHERE workspace_id = ?1 AND connection_id = ?2",
            "DELETE FROM used_messages WHERE workspace_id = ?1 AND connection_id = ?2",
            "DELETE FROM provider_sessions WHERE workspace_id = ?1 AND connection_id = ?2",
        ] {
            self.0.execute(sql, &[id.into()]).await?;
        }
        let sql = "DELETE FROM connections WHERE workspace_id = ?1 AND id = ?2";
        Ok(self.0.execute(sql, &[id.into()]).await? > 0)
    }
}

fn values(connection: &Connection) -> Vec<Value> {
    vec![
        connection.id.into(),
        connection.name.as_str().into(),
        json(&connection.provider),
        json(&connection.groups),
        connection.is_on.into(),
        connection.test.as_ref().map_or(Value::Null, |test| json(&test.to_json())),
        connection.version.into(),
        connection.created_at.into(),
    ]
}

fn from_row(row: &Row) -> Result<Connection, Error> {
    Ok(Connection {
        id: row.id("id")?.into(),
        name: row.text("name")?.to_owned(),
        provider: row.json("provider")?,
        groups: row.optional("group_mapping", Row::json)?.unwrap_or_default(),
        is_on: row.bool("is_on")?,
        test: row.optional("test", |row, column| {
            row.parsed(column, |text| Test::from_json(&serde_json::from_str(text).ok()?))
        })?,
        created_at: row.time("created_at")?,
        version: row.int("version")?,
    })
}
