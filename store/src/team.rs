//! Teams as they are kept.

use std::collections::HashMap;

use hallpass_domain::id::{ProfileId, TeamId};
use hallpass_domain::name::Name;
use hallpass_domain::team::Team;
use hallpass_engine::Sharing;

use crate::error::Error;
use crate::tx::WorkspaceTx;
use crate::value::{Row, Value};

const COLUMNS: &str = "id, name, description, profile_id, sharing, version";

/// The teams of a workspace, in a transaction.
pub struct Teams<'t>(&'t mut WorkspaceTx);

impl WorkspaceTx {
    /// The teams.
    pub fn teams(&mut self) -> Teams<'_> {
        Teams(self)
    }
}

impl Teams<'_> {
    /// Every team, by name.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::query`], here and below.
    pub async fn list_all(&mut self) -> Result<Vec<Team>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM teams WHERE workspace_id = ?1 ORDER BY name_key");
        self.0.query(&sql, &[]).await?.iter().map(from_row).collect()
    }

    /// The teams that carry a profile, by name.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn list_with_profile(&mut self, profile: ProfileId) -> Result<Vec<Team>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM teams WHERE workspace_id = ?1 AND profile_id = ?2 \
             ORDER BY name_key"
        );
        self.0.query(&sql, &[profile.into()]).await?.iter().map(from_row).collect()
    }

    /// The team of an id.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn find(&mut self, id: TeamId) -> Result<Option<Team>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM teams WHERE workspace_id = ?1 AND id = ?2");
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// How many members each team has.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn member_counts(&mut self) -> Result<HashMap<TeamId, i64>, Error> {
        let sql = "SELECT team_id, count(*) FROM team_members WHERE workspace_id = ?1 \
                   GROUP BY team_id";
        let rows = self.0.query(sql, &[]).await?;
        rows.iter().map(|row| Ok((row.id(0)?.into(), row.int(1)?))).collect()
    }

    /// Adds a team.
    ///
    /// # Errors
    ///
    /// `Conflict` when its name is taken.
    pub async fn insert(&mut self, team: &Team) -> Result<(), Error> {
        let sql = "INSERT INTO teams (workspace_id, id, name, name_key, description, profile_id, \
                   sharing, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        self.0.execute(sql, &values(team)).await.map(drop)
    }

    /// Keeps a team as it is now; says whether it still was as old as it says.
    ///
    /// # Errors
    ///
    /// As for [`Teams::insert`].
    pub async fn update(&mut self, team: &Team) -> Result<bool, Error> {
        let sql = "UPDATE teams SET name = ?3, name_key = ?4, description = ?5, profile_id = ?6, \
                   sharing = ?7, version = version + 1 \
                   WHERE workspace_id = ?1 AND id = ?2 AND version = ?8";
        Ok(self.0.execute(sql, &values(team)).await? == 1)
    }

    /// Takes a team away.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete(&mut self, id: TeamId) -> Result<(), Error> {
        let sql = "DELETE FROM teams WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into()]).await.map(drop)
    }
}

fn values(team: &Team) -> [Value; 7] {
    [
        team.id.into(),
        team.name.as_str().into(),
        team.name.key().into(),
        team.description.as_str().into(),
        team.profile.into(),
        team.sharing.scope().word().into(),
        team.version.into(),
    ]
}

fn from_row(row: &Row) -> Result<Team, Error> {
    Ok(Team {
        id: row.id(0)?.into(),
        name: row.parsed(1, |text| Name::parse(text).ok())?,
        description: row.text(2)?.to_owned(),
        profile: row.optional(3, Row::id)?.map(Into::into),
        sharing: row.parsed(4, Sharing::parse)?,
        version: row.int(5)?,
    })
}
