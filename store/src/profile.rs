//! Profiles.

use std::marker::PhantomData;

use hallpass_domain::id::ProfileId;
use hallpass_domain::name::Name;
use hallpass_domain::profile::{Profile, write_cells};
use hallpass_engine::{Cells, Scope};
use serde_json::{Map, Value as Json};

use crate::columns::Columns;
use crate::error::Error;
use crate::query::{json, sorted_by_name};
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns = Columns::in_workspace(
    "profiles",
    &["id", "template", "name", "description", "cells", "version"],
)
.computed(&["name_key"]);

/// The profiles of a workspace, in a transaction.
pub struct Profiles<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

impl WorkspaceTx {
    /// The profiles.
    pub fn profiles(&mut self) -> Profiles<'_> {
        Profiles(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The profiles.
    #[must_use]
    pub fn profiles(self) -> Profiles<'t, Read> {
        Profiles(self.0, PhantomData)
    }
}

impl<A> Profiles<'_, A> {
    /// Lists every profile by name.
    pub async fn list_all(&mut self) -> Result<Vec<Profile>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 ORDER BY id", COLUMNS.select());
        let rows = self.0.query(&sql, &[]).await?;
        sorted_by_name(&rows, from_row, |profile: &Profile| &profile.name)
    }

    /// Finds a profile by id.
    pub async fn find(&mut self, id: ProfileId) -> Result<Option<Profile>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND id = ?2", COLUMNS.select());
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }
}

impl Profiles<'_> {
    /// Inserts a profile.
    ///
    /// # Errors
    ///
    /// `Conflict` when another profile has its name.
    pub async fn insert(&mut self, profile: &Profile) -> Result<(), Error> {
        self.0.execute(COLUMNS.insert(), &values(profile)).await.map(drop)
    }

    /// Updates a profile. Returns whether its version was still current.
    ///
    /// # Errors
    ///
    /// `Conflict` when another profile has its name.
    pub async fn update(&mut self, profile: &Profile) -> Result<bool, Error> {
        Ok(self.0.execute(COLUMNS.update(), &values(profile)).await? == 1)
    }

    /// Deletes a profile.
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
        profile.description.as_str().into(),
        json(&write_cells(&profile.cells)),
        profile.version.into(),
        profile.name.key().into(),
    ]
}

fn from_row(row: &Row) -> Result<Profile, Error> {
    Ok(Profile {
        id: row.id("id")?.into(),
        template: row.optional("template", Row::text)?.map(str::to_owned),
        name: row.parsed("name", Name::stored)?,
        description: row.text("description")?.to_owned(),
        cells: cells(&row.json("cells")?),
        version: row.int("version")?,
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
