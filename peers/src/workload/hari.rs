//! The HARi model: profiles on teams, each team with a ceiling on what comes through it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
};

use serde::Deserialize;

use super::{Cell, Circle, Member, read_lines};

#[derive(Clone, Copy, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
#[serde(rename_all = "lowercase")]
enum Scope {
    None,
    Own,
    Team,
    All,
}

#[derive(Deserialize)]
struct ProfileRow {
    id: String,
    grants: BTreeMap<String, BTreeMap<String, Scope>>,
}

#[derive(Deserialize)]
struct TeamRow {
    id: String,
    profile: Option<String>,
    record_sharing: Scope,
}

#[derive(Deserialize)]
struct MemberRow {
    id: String,
    role: String,
    teams: Vec<String>,
}

struct House {
    profiles: Vec<ProfileRow>,
    teams: HashMap<String, TeamRow>,
}

/// Reads everybody, with what their role and teams give them.
pub(super) fn members(folder: &Path) -> Result<Vec<Member>, String> {
    let teams = read_lines(&folder.join("teams.jsonl"))?;
    let house = House {
        profiles: read_lines(&folder.join("profiles.jsonl"))?,
        teams: teams.into_iter().map(|team: TeamRow| (team.id.clone(), team)).collect(),
    };
    let rows: Vec<MemberRow> = read_lines(&folder.join("members.jsonl"))?;
    Ok(rows.into_iter().map(|row| member(&house, row)).collect())
}

fn member(house: &House, row: MemberRow) -> Member {
    let own = [Circle::Everyone, Circle::Member(row.id.clone())];
    let teams = row.teams.iter().cloned().map(Circle::Team).chain(row.teams.iter().flat_map(|a| row.teams.iter().filter(move |b| a < b).map(move |b| Circle::Teams(a.clone(), b.clone()))));
    Member { stands_in: own.into_iter().chain(teams).collect(), reach: reach(house, &row), id: row.id }
}

fn reach(house: &House, row: &MemberRow) -> BTreeMap<Cell, BTreeSet<Circle>> {
    let mut reach: BTreeMap<Cell, BTreeSet<Circle>> = BTreeMap::new();
    // Every profile names every cell, so any of them gives an admin the whole list.
    let every = house.profiles.iter().take(1).filter(|_| row.role == "admin");
    for (cell, _) in every.flat_map(cells) {
        reach.entry(cell).or_default().insert(Circle::Everyone);
    }
    for team in row.teams.iter().filter_map(|id| house.teams.get(id)) {
        let carried = house.profiles.iter().filter(|one| team.profile.as_ref() == Some(&one.id));
        for (cell, scope) in carried.flat_map(cells) {
            let circles = reach.entry(cell).or_default();
            circles.extend(circles_of(scope.min(team.record_sharing), &row.id, &team.id));
        }
    }
    reach
}

fn cells(profile: &ProfileRow) -> impl Iterator<Item = (Cell, Scope)> {
    profile.grants.iter().flat_map(|(entity, actions)| {
        actions.iter().map(|(action, scope)| {
            (Cell { entity: entity.clone(), action: action.clone() }, *scope)
        })
    })
}

fn circles_of(scope: Scope, member: &str, team: &str) -> Vec<Circle> {
    let own = Circle::Member(member.to_owned());
    match scope {
        Scope::None => vec![],
        Scope::Own => vec![own],
        Scope::Team => vec![own, Circle::Team(team.to_owned())],
        Scope::All => vec![Circle::Everyone],
    }
}
