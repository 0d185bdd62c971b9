//! Profiles as they are kept.

use hallpass_domain::id::ProfileId;
use hallpass_domain::name::Name;
use hallpass_domain::profile::{Profile, write_cells};
use hallpass_engine::{Cells, Scope};
use serde_json::{Map, Value as Json};

use crate::error::Error;
use crate::query::json;
use crate::tx::WorkspaceTx;
use crate::value::{Row, Value};

const COLUMNS: &str = "id, template, name, description, cells, version";

/// The profiles of a workspace, in a transaction.
pub struct Profiles<'t>(&'t mut WorkspaceTx);

impl WorkspaceTx {
    /// The profiles.
    pub fn profiles(&mut self) -> Profiles<'_> {
        Profiles(self)
    }
}

impl Profiles<'_> {
    /// Every profile, by name.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::query`], here and below.
    pub async fn list_all(&mut self) -> Result<Vec<Profile>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM profiles WHERE workspace_id = ?1 ORDER BY name_key");
        self.0.query(&sql, &[]).await?.iter().map(from_row).collect()
    }

    /// The profile of an id.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn find(&mut self, id: ProfileId) -> Result<Option<Profile>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM profiles WHERE workspace_id = ?1 AND id = ?2");
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Adds a profile.
    ///
    /// # Errors
    ///
    /// `Conflict` when its name is taken.
    pub async fn insert(&mut self, profile: &Profile) -> Result<(), Error> {
        let sql = "INSERT INTO profiles (workspace_id, id, template, name, name_key, description, \
                   cells, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        self.0.execute(sql, &values(profile)).await.map(drop)
    }

    /// Keeps a profile as it is now; says whether it still was as old as it says.
    ///
    /// # Errors
    ///
    /// As for [`Profiles::insert`].
    pub async fn update(&mut self, profile: &Profile) -> Result<bool, Error> {
        let sql = "UPDATE profiles SET template = ?3, name = ?4, name_key = ?5, description = ?6, \
                   cells = ?7, version = version + 1 \
                   WHERE workspace_id = ?1 AND id = ?2 AND version = ?8";
        Ok(self.0.execute(sql, &values(profile)).await? == 1)
    }

    /// Takes a profile away.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete(&mut self, id: ProfileId) -> Result<(), Error> {
        let sql = "DELETE FROM profiles WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into()]).await.map(drop)
    }
}

fn values(profile: &Profile) -> [Value; 7] {
    [
        profile.id.into(),
        profile.template.clone().into(),
        profile.name.as_str().into(),
        profile.name.key().into(),
        profile.description.as_str().into(),
        json(&write_cells(&profile.cells)),
        profile.version.into(),
    ]
}

fn from_row(row: &Row) -> Result<Profile, Error> {
    Ok(Profile {
        id: row.id(0)?.into(),
        template: row.optional(1, Row::text)?.map(str::to_owned),
        name: row.parsed(2, |text| Name::parse(text).ok())?,
        description: row.text(3)?.to_owned(),
        cells: cells(&row.json(4)?),
        version: row.int(5)?,
    })
}

fn cells(grants: &Map<String, Json>) -> Cells {
    let mut cells = Cells::default();
    for (resource, row) in grants {
        for (action, scope) in row.as_object().into_iter().flatten() {
            cells.set(resource, action, scope.as_str().and_then(Scope::parse));
        }
    }
    cells
}
