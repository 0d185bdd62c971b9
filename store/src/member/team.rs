//! The teams of members.

use std::collections::HashMap;

use hallpass_domain::id::{MemberId, TeamId};
use uuid::Uuid;

use crate::error::Error;
use crate::query::parameters;
use crate::row::Rows;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

/// How many members one statement names.
const CHUNK: usize = 200;

type Teams = HashMap<MemberId, Vec<TeamId>>;

pub(super) async fn join(
    tx: &mut WorkspaceTx,
    member: MemberId,
    teams: &[TeamId],
) -> Result<(), Error> {
    let sql = "INSERT INTO team_members (workspace_id, team_id, member_id) VALUES (?1, ?2, ?3)";
    for team in teams {
        tx.execute(sql, &[(*team).into(), member.into()]).await?;
    }
    Ok(())
}

pub(super) async fn leave_all(tx: &mut WorkspaceTx, member: MemberId) -> Result<(), Error> {
    let sql = "DELETE FROM team_members WHERE workspace_id = ?1 AND member_id = ?2";
    tx.execute(sql, &[member.into()]).await.map(drop)
}

pub(super) async fn all_teams(tx: &mut WorkspaceTx) -> Result<Teams, Error> {
    let sql = "SELECT member_id, team_id FROM team_members WHERE workspace_id = ?1 \
               ORDER BY member_id, team_id";
    let mut teams = Teams::new();
    insert_all(&mut teams, &tx.query(sql, &[]).await?)?;
    Ok(teams)
}

pub(super) async fn teams_of(tx: &mut WorkspaceTx, members: &[Uuid]) -> Result<Teams, Error> {
    let mut teams = Teams::new();
    for chunk in members.chunks(CHUNK) {
        let sql = format!(
            "SELECT member_id, team_id FROM team_members WHERE workspace_id = ?1 \
             AND member_id IN ({})",
            parameters(2, chunk.len())
        );
        let values: Vec<Value> = chunk.iter().map(|id| Value::Id(*id)).collect();
        insert_all(&mut teams, &tx.query(&sql, &values).await?)?;
    }
    // PostgreSQL, which sorts nothing where an index has an order, would read the teams of every member in it.
    for of_member in teams.values_mut() {
        of_member.sort_unstable();
    }
    Ok(teams)
}

fn insert_all(teams: &mut Teams, rows: &Rows) -> Result<(), Error> {
    for row in rows {
        teams.entry(row.id("member_id")?.into()).or_default().push(row.id("team_id")?.into());
    }
    Ok(())
}
