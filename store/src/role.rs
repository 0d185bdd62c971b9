//! Roles that workspaces made, as they are kept.

use hallpass_domain::id::RoleId;
use hallpass_domain::name::Name;
use hallpass_domain::role::Role;

use crate::error::Error;
use crate::query::json;
use crate::tx::WorkspaceTx;
use crate::value::{Row, Value};

const COLUMNS: &str = "id, name, description, grants, version";

/// The custom roles of a workspace, in a transaction.
pub struct Roles<'t>(&'t mut WorkspaceTx);

impl WorkspaceTx {
    /// The custom roles.
    pub fn roles(&mut self) -> Roles<'_> {
        Roles(self)
    }
}

impl Roles<'_> {
    /// Every custom role, by name.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::query`], here and below.
    pub async fn list_all(&mut self) -> Result<Vec<Role>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM roles WHERE workspace_id = ?1 ORDER BY name_key");
        self.0.query(&sql, &[]).await?.iter().map(from_row).collect()
    }

    /// The role of an id.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn find(&mut self, id: RoleId) -> Result<Option<Role>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM roles WHERE workspace_id = ?1 AND id = ?2");
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Adds a role.
    ///
    /// # Errors
    ///
    /// `Conflict` when its name is taken.
    pub async fn insert(&mut self, role: &Role) -> Result<(), Error> {
        let sql = "INSERT INTO roles (workspace_id, id, name, name_key, description, grants, version) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.0.execute(sql, &values(role)).await.map(drop)
    }

    /// Keeps a role as it is now; says whether it still was as old as it says.
    ///
    /// # Errors
    ///
    /// As for [`Roles::insert`].
    pub async fn update(&mut self, role: &Role) -> Result<bool, Error> {
        let sql = "UPDATE roles SET name = ?3, name_key = ?4, description = ?5, grants = ?6, \
                   version = version + 1 WHERE workspace_id = ?1 AND id = ?2 AND version = ?7";
        Ok(self.0.execute(sql, &values(role)).await? == 1)
    }

    /// Takes a role away.
    ///
    /// # Errors
    ///
    /// As above.
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
        role.name.key().into(),
        role.description.as_str().into(),
        json(&grants),
        role.version.into(),
    ]
}

fn from_row(row: &Row) -> Result<Role, Error> {
    let grants: Vec<String> = row.json(3)?;
    let grants = grants.iter().map(|text| text.parse()).collect::<Result<_, _>>();
    Ok(Role {
        id: row.id(0)?.into(),
        name: row.parsed(1, |text| Name::parse(text).ok())?,
        description: row.text(2)?.to_owned(),
        grants: grants.map_err(|_| Error::Corrupt {
            table: "roles".to_owned(),
            column: "grants".to_owned(),
        })?,
        version: row.int(4)?,
    })
}
