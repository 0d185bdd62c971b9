//! The HARi model: teams with a profile, and a ceiling on what it grants.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
};

use serde::Deserialize;

use super::model::{Cell, Member, OwnerGroup, Reach, Workload, cells, read_lines};

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

struct Grants {
    cells: BTreeSet<Cell>,
    /// What each team grants, limited by its ceiling.
    teams: HashMap<String, Vec<(Cell, Scope)>>,
}

/// Reads the members, with what their role and teams give them.
pub(super) fn load(folder: &Path) -> Result<Workload, String> {
    let grants = load_grants(folder)?;
    let rows: Vec<MemberRow> = read_lines(&folder.join("members.jsonl"))?;
    let members = rows.into_iter().map(|row| member(&grants, row)).collect();
    Ok(Workload { members, cells: grants.cells })
}

fn load_grants(folder: &Path) -> Result<Grants, String> {
    let profiles: Vec<ProfileRow> = read_lines(&folder.join("profiles.jsonl"))?;
    let teams: Vec<TeamRow> = read_lines(&folder.join("teams.jsonl"))?;
    let granted = |team: &TeamRow| -> Vec<(Cell, Scope)> {
        let of_team = profiles.iter().filter(|one| Some(&one.id) == team.profile.as_ref());
        let cells = of_team.flat_map(|profile| cells(&profile.grants));
        cells.map(|(cell, scope)| (cell, scope.min(team.record_sharing))).collect()
    };
    Ok(Grants {
        cells: profiles
            .iter()
            .flat_map(|one| cells(&one.grants))
            .map(|(cell, _)| cell)
            .collect(),
        teams: teams.iter().map(|team| (team.id.clone(), granted(team))).collect(),
    })
}

fn member(grants: &Grants, row: MemberRow) -> Member {
    let mut groups: BTreeSet<OwnerGroup> =
        row.teams.iter().cloned().map(OwnerGroup::Team).collect();
    for first in &row.teams {
        groups.extend(row.teams.iter().filter_map(|second| both_teams(first, second)));
    }
    Member { groups, reach: reach(grants, &row), id: row.id }
}

fn both_teams(first: &String, second: &String) -> Option<OwnerGroup> {
    (first < second).then(|| OwnerGroup::BothTeams(first.clone(), second.clone()))
}

fn reach(grants: &Grants, row: &MemberRow) -> BTreeMap<Cell, Reach> {
    if row.role == "admin" {
        let everyone = Reach { everyone: true, ..Reach::default() };
        return grants.cells.iter().map(|cell| (cell.clone(), everyone.clone())).collect();
    }
    let mut granted: BTreeMap<Cell, Reach> = BTreeMap::new();
    for team in &row.teams {
        for (cell, scope) in grants.teams.get(team).into_iter().flatten() {
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
        reach.groups.insert(OwnerGroup::Team(team.to_owned()));
    }
}

/// What both reach: two teams of which each side reaches one can have members in common.
fn bounded(write: &Reach, read: &Reach) -> Reach {
    if write.everyone {
        return read.clone();
    }
    if read.everyone {
        return write.clone();
    }
    let mut groups = &write.groups & &read.groups;
    for written in write.groups.difference(&read.groups) {
        for read in read.groups.difference(&write.groups) {
            if let (OwnerGroup::Team(written), OwnerGroup::Team(read)) = (written, read) {
                groups.extend(both_teams(written.min(read), written.max(read)));
            }
        }
    }
    Reach { everyone: false, own: write.own && read.own, groups }
}
