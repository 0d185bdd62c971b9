//! Custom roles.

use std::marker::PhantomData;

use hallpass_domain::id::RoleId;
use hallpass_domain::name::Name;
use hallpass_domain::role::Role;

use crate::columns::Columns;
use crate::error::Error;
use crate::query::{json, sorted_by_name};
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns =
    Columns::in_workspace("roles", &["id", "name", "description", "grants", "version"])
        .computed(&["name_key"]);

/// The custom roles of a workspace, in a transaction.
pub struct Roles<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

impl WorkspaceTx {
    /// The custom roles.
    pub fn roles(&mut self) -> Roles<'_> {
        Roles(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The custom roles.
    #[must_use]
    pub fn roles(self) -> Roles<'t, Read> {
        Roles(self.0, PhantomData)
    }
}

impl<A> Roles<'_, A> {
    /// Lists every custom role by name.
    pub async fn list_all(&mut self) -> Result<Vec<Role>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 ORDER BY id", COLUMNS.select());
        let rows = self.0.query(&sql, &[]).await?;
        sorted_by_name(&rows, from_row, |role: &Role| &role.name)
    }

    /// Finds a role by id.
    pub async fn find(&mut self, id: RoleId) -> Result<Option<Role>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND id = ?2", COLUMNS.select());
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }
}

impl Roles<'_> {
    /// Inserts a role.
    ///
    /// # Errors
    ///
    /// `Conflict` when another role has its name.
    pub async fn insert(&mut self, role: &Role) -> Result<(), Error> {
        self.0.execute(COLUMNS.insert(), &values(role)).await.map(drop)
    }

    /// Updates a role. Returns whether its version was still current.
    ///
    /// # Errors
    ///
    /// `Conflict` when another role has its name.
    pub async fn update(&mut self, role: &Role) -> Result<bool, Error> {
        Ok(self.0.execute(COLUMNS.update(), &values(role)).await? == 1)
    }

    /// Deletes a role.
    pub async fn delete(&mut self, id: RoleId) -> Result<(), Error> {
        let sql = "DELETE FROM roles WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into()]).await.map(drop)
    }
}

fn values(role: &Role) -> [Value; 6] {
    let grants: Vec<String> = role.grants.iter().map(ToString::to_string).collect();
    [
        role.id.into(),
        role.name.as_str().into(),
        role.description.as_str().into(),
        json(&grants),
        role.version.into(),
        role.name.key().into(),
    ]
}

fn from_row(row: &Row) -> Result<Role, Error> {
    let grants: Vec<String> = row.json("grants")?;
    let grants = grants.iter().map(|text| text.parse()).collect::<Result<_, _>>();
    Ok(Role {
        id: row.id("id")?.into(),
        name: row.parsed("name", Name::stored)?,
        description: row.text("description")?.to_owned(),
        grants: grants.map_err(|_| row.corrupt("grants"))?,
        version: row.int("version")?,
    })
}
