//! Teams.

use std::collections::HashMap;
use std::marker::PhantomData;

use hallpass_domain::id::{ProfileId, TeamId};
use hallpass_domain::name::Name;
use hallpass_domain::team::Team;
use hallpass_domain::text::{contains_pattern, fold};
use hallpass_engine::Sharing;

use crate::columns::Columns;
use crate::error::Error;
use crate::query::sorted_by_name;
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

/// Of so many teams or departments a search looks whether their names contain a text.
pub const MOST_SEARCHED: usize = 2_000;

static COLUMNS: Columns = Columns::in_workspace(
    "teams",
    &["id", "name", "description", "profile_id", "sharing", "version"],
)
.computed(&["name_key"]);

/// The teams of a workspace, in a transaction.
pub struct Teams<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

impl WorkspaceTx {
    /// The teams.
    pub fn teams(&mut self) -> Teams<'_> {
        Teams(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The teams.
    #[must_use]
    pub fn teams(self) -> Teams<'t, Read> {
        Teams(self.0, PhantomData)
    }
}

impl<A> Teams<'_, A> {
    /// Lists every team by name.
    pub async fn list_all(&mut self) -> Result<Vec<Team>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 ORDER BY id", COLUMNS.select());
        let rows = self.0.query(&sql, &[]).await?;
        sorted_by_name(&rows, from_row, |team: &Team| &team.name)
    }

    /// Lists the teams that have a profile, by name.
    pub async fn list_with_profile(&mut self, profile: ProfileId) -> Result<Vec<Team>, Error> {
        let sql = format!(
            "{} WHERE workspace_id = ?1 AND profile_id = ?2 ORDER BY id",
            COLUMNS.select()
        );
        let rows = self.0.query(&sql, &[profile.into()]).await?;
        sorted_by_name(&rows, from_row, |team: &Team| &team.name)
    }

    /// Finds a team by id.
    pub async fn find(&mut self, id: TeamId) -> Result<Option<Team>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND id = ?2", COLUMNS.select());
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Lists the first teams by name that a text finds: those whose names begin with it, of all, then those that
    /// contain it, of the first [`MOST_SEARCHED`].
    pub async fn pick(
        &mut self,
        text: &str,
        limit: usize,
    ) -> Result<Vec<(TeamId, String)>, Error> {
        let text = fold(text);
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let sql = "SELECT id, name FROM teams WHERE workspace_id = ?1 \
                   AND name_key >= ?2 AND name_key < ?3 ORDER BY name_key LIMIT ?4";
        let (first, last) = (Value::from(text.as_str()), Value::from(after_prefix(&text)));
        let rows = self.0.query(sql, &[first.clone(), last.clone(), most.into()]).await?;
        let mut found: Vec<_> = rows.iter().map(named).collect::<Result<_, Error>>()?;
        let rest = limit.saturating_sub(found.len());
        if rest > 0 && !text.is_empty() {
            let sql = "SELECT id, name FROM (SELECT id, name, name_key FROM teams \
                       WHERE workspace_id = ?1 ORDER BY name_key LIMIT ?2) AS first \
                       WHERE name_key LIKE ?3 ESCAPE '\\' AND NOT (name_key >= ?4 AND name_key < ?5) \
                       ORDER BY name_key LIMIT ?6";
            let values = [
                i64::try_from(MOST_SEARCHED).unwrap_or(i64::MAX).into(),
                contains_pattern(&text).into(),
                first,
                last,
                i64::try_from(rest).unwrap_or(i64::MAX).into(),
            ];
            let rows = self.0.query(sql, &values).await?;
            found.extend(rows.iter().map(named).collect::<Result<Vec<_>, Error>>()?);
        }
        Ok(found)
    }

    /// Counts the members of each team.
    pub async fn member_counts(&mut self) -> Result<HashMap<TeamId, i64>, Error> {
        let sql = "SELECT team_id, count(*) AS n FROM team_members WHERE workspace_id = ?1 \
                   GROUP BY team_id";
        let rows = self.0.query(sql, &[]).await?;
        rows.iter().map(|row| Ok((row.id("team_id")?.into(), row.int("n")?))).collect()
    }
}

impl Teams<'_> {
    /// Inserts a team.
    ///
    /// # Errors
    ///
    /// `Conflict` when another team has its name.
    pub async fn insert(&mut self, team: &Team) -> Result<(), Error> {
        self.0.execute(COLUMNS.insert(), &values(team)).await.map(drop)
    }

    /// Updates a team. Returns whether its version was still current.
    ///
    /// # Errors
    ///
    /// `Conflict` when another team has its name.
    pub async fn update(&mut self, team: &Team) -> Result<bool, Error> {
        Ok(self.0.execute(COLUMNS.update(), &values(team)).await? == 1)
    }

    /// Deletes a team.
    pub async fn delete(&mut self, id: TeamId) -> Result<(), Error> {
        let sql = "DELETE FROM teams WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into()]).await.map(drop)
    }
}

fn named(row: &Row) -> Result<(TeamId, String), Error> {
    Ok((row.id("id")?.into(), row.text("name")?.to_owned()))
}

/// What comes after every text that begins with another.
fn after_prefix(text: &str) -> String {
    format!("{text}{}", char::MAX)
}

fn values(team: &Team) -> [Value; 7] {
    [
        team.id.into(),
        team.name.as_str().into(),
        team.description.as_str().into(),
        team.profile.into(),
        team.sharing.scope().word().into(),
        team.version.into(),
        team.name.key().into(),
    ]
}

fn from_row(row: &Row) -> Result<Team, Error> {
    Ok(Team {
        id: row.id("id")?.into(),
        name: row.parsed("name", Name::stored)?,
        description: row.text("description")?.to_owned(),
        profile: row.optional("profile_id", Row::id)?.map(Into::into),
        sharing: row.parsed("sharing", Sharing::parse)?,
        version: row.int("version")?,
    })
}
