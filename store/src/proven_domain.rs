//! Domains that workspaces have proven, or are about to.

use std::marker::PhantomData;

use hallpass_domain::id::{ConnectionId, WorkspaceId};
use hallpass_domain::proven_domain::{ProvenBy, ProvenDomain};

use crate::columns::Columns;
use crate::error::Error;
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::tx::Tx;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns = Columns::in_workspace(
    "proven_domains",
    &["domain", "secret", "proven_at", "proven_by", "created_at"],
);

/// How many ways in an address is offered at most.
const MOST_WAYS: i64 = 10;

/// The domains of a workspace, in a transaction.
pub struct ProvenDomains<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

/// A connection by which the people of a domain sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayIn {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The connection.
    pub connection: ConnectionId,
    /// Its name.
    pub name: String,
}

impl WorkspaceTx {
    /// The domains.
    pub fn proven_domains(&mut self) -> ProvenDomains<'_> {
        ProvenDomains(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The domains.
    #[must_use]
    pub fn proven_domains(self) -> ProvenDomains<'t, Read> {
        ProvenDomains(self.0, PhantomData)
    }
}

impl Tx {
    /// Lists the connections by which the people of a domain sign in, in every workspace that has
    /// proven it.
    pub async fn list_ways_in(&mut self, domain: &str) -> Result<Vec<WayIn>, Error> {
        let sql = "SELECT c.workspace_id AS workspace_id, c.id AS id, c.name AS name \
                   FROM proven_domains d \
                   JOIN workspaces w ON w.id = d.workspace_id AND w.deleted_at IS NULL \
                   JOIN connections c ON c.workspace_id = d.workspace_id AND c.is_on \
                   WHERE d.domain = ?1 AND d.proven_at IS NOT NULL \
                   ORDER BY d.proven_at, c.id LIMIT ?2";
        let rows = self.query(sql, &[domain.into(), MOST_WAYS.into()]).await?;
        let way_in = |row: &Row| {
            Ok(WayIn {
                workspace: row.id("workspace_id")?.into(),
                connection: row.id("id")?.into(),
                name: row.text("name")?.to_owned(),
            })
        };
        rows.iter().map(way_in).collect()
    }
}

impl<A> ProvenDomains<'_, A> {
    /// Lists every domain by name.
    pub async fn list(&mut self) -> Result<Vec<ProvenDomain>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 ORDER BY domain", COLUMNS.select());
        self.0.query(&sql, &[]).await?.iter().map(from_row).collect()
    }

    /// Finds a domain.
    pub async fn find(&mut self, domain: &str) -> Result<Option<ProvenDomain>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND domain = ?2", COLUMNS.select());
        self.0.find(&sql, &[domain.into()]).await?.map(|row| from_row(&row)).transpose()
    }
}

impl ProvenDomains<'_> {
    /// Inserts a domain.
    ///
    /// # Errors
    ///
    /// `Conflict` when the workspace has it already.
    pub async fn insert(&mut self, domain: &ProvenDomain) -> Result<(), Error> {
        self.0.execute(COLUMNS.insert(), &values(domain)).await.map(drop)
    }

    /// Updates a domain; returns whether it exists.
    pub async fn update(&mut self, domain: &ProvenDomain) -> Result<bool, Error> {
        Ok(self.0.execute(COLUMNS.update(), &values(domain)).await? == 1)
    }

    /// Deletes a domain; returns whether it existed.
    pub async fn delete(&mut self, domain: &str) -> Result<bool, Error> {
        let sql = "DELETE FROM proven_domains WHERE workspace_id = ?1 AND domain = ?2";
        Ok(self.0.execute(sql, &[domain.into()]).await? > 0)
    }
}

fn values(domain: &ProvenDomain) -> [crate::value::Value; 5] {
    [
        domain.domain.as_str().into(),
        domain.secret.as_str().into(),
        domain.proven.map(|(at, _)| at).into(),
        domain.proven.map(|(_, by)| by.word().to_owned()).into(),
        domain.created_at.into(),
    ]
}

fn from_row(row: &Row) -> Result<ProvenDomain, Error> {
    let at = row.optional("proven_at", Row::time)?;
    let by = row.optional("proven_by", |row, column| row.parsed(column, ProvenBy::parse))?;
    Ok(ProvenDomain {
        domain: row.text("domain")?.to_owned(),
        secret: row.text("secret")?.to_owned(),
        proven: at.zip(by),
        created_at: row.time("created_at")?,
    })
}
