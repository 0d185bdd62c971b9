//! The HARi model: profiles on teams, each team with a ceiling on what comes through it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
};

use serde::Deserialize;

use super::{Cell, Circle, Member, Reach, Workload, cells, read_lines};

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

struct App {
    cells: BTreeSet<Cell>,
    /// What each team gives, its ceiling applied.
    teams: HashMap<String, Vec<(Cell, Scope)>>,
}

/// Reads everybody, with what their role and teams give them.
pub(super) fn load(folder: &Path) -> Result<Workload, String> {
    let house = load_house(folder)?;
    let rows: Vec<MemberRow> = read_lines(&folder.join("members.jsonl"))?;
    let members = rows.into_iter().map(|row| member(&house, row)).collect();
    Ok(Workload { members, cells: house.cells })
}

fn load_house(folder: &Path) -> Result<App, String> {
    let profiles: Vec<ProfileRow> = read_lines(&folder.join("profiles.jsonl"))?;
    let teams: Vec<TeamRow> = read_lines(&folder.join("teams.jsonl"))?;
    let given = |team: &TeamRow| -> Vec<(Cell, Scope)> {
        let carried = profiles.iter().filter(|one| Some(&one.id) == team.profile.as_ref());
        let granted = carried.flat_map(|profile| cells(&profile.grants));
        granted.map(|(cell, scope)| (cell, scope.min(team.record_sharing))).collect()
    };
    Ok(App {
        cells: profiles
            .iter()
            .flat_map(|one| cells(&one.grants))
            .map(|(cell, _)| cell)
            .collect(),
        teams: teams.iter().map(|team| (team.id.clone(), given(team))).collect(),
    })
}

fn member(house: &App, row: MemberRow) -> Member {
    let mut stands_in: BTreeSet<Circle> = row.teams.iter().cloned().map(Circle::Team).collect();
    for first in &row.teams {
        stands_in.extend(row.teams.iter().filter_map(|second| both_teams(first, second)));
    }
    Member { stands_in, reach: reach(house, &row), id: row.id }
}

fn both_teams(first: &String, second: &String) -> Option<Circle> {
    (first < second).then(|| Circle::BothTeams(first.clone(), second.clone()))
}

fn reach(house: &App, row: &MemberRow) -> BTreeMap<Cell, Reach> {
    if row.role == "admin" {
        let everyone = Reach { everyone: true, ..Reach::default() };
        return house.cells.iter().map(|cell| (cell.clone(), everyone.clone())).collect();
    }
    let mut granted: BTreeMap<Cell, Reach> = BTreeMap::new();
    for team in &row.teams {
        for (cell, scope) in house.teams.get(team).into_iter().flatten() {
            widen(granted.entry(cell.clone()).or_default(), *scope, team);
        }
    }
    let bounded = |(cell, reach): (&Cell, &Reach)| {
        let read = Cell { entity: cell.entity.clone(), action: "read".to_owned() };
        let reach = match cell.action.as_str() {
            "update" | "delete" => granted.get(&read).map(|read| bounded(reach, read)),
            _ => Some(reach.clone()),
        };
        (cell.clone(), reach.unwrap_or_default())
    };
    granted.iter().map(bounded).collect()
}

fn widen(reach: &mut Reach, scope: Scope, team: &str) {
    reach.everyone |= scope == Scope::All;
    reach.own |= scope != Scope::None;
    if scope == Scope::Team {
        reach.circles.insert(Circle::Team(team.to_owned()));
    }
}

/// What both reach: teams that only one of them reaches can still have people in common.
fn bounded(write: &Reach, read: &Reach) -> Reach {
    if write.everyone {
        return read.clone();
    }
    if read.everyone {
        return write.clone();
    }
    let mut circles = &write.circles & &read.circles;
    for written in write.circles.difference(&read.circles) {
        for read in read.circles.difference(&write.circles) {
            if let (Circle::Team(written), Circle::Team(read)) = (written, read) {
                circles.extend(both_teams(written.min(read), written.max(read)));
            }
        }
    }
    Reach { everyone: false, own: write.own && read.own, circles }
}
