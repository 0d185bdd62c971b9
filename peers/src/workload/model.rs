//! The data of a workload, and how its files are read.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
};

use serde::de::DeserializeOwned;

/// The owner to name for a record without owner.
pub(crate) const UNOWNED: &str = "unowned";

/// A group of owners that a grant can reach as one.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum OwnerGroup {
    /// The records without owner.
    Unowned,
    /// The members who have this member as their manager.
    PeopleOf(String),
    /// The members of a team.
    Team(String),
    /// The members who are in both teams, the lower id first.
    BothTeams(String, String),
    /// The members of a department and of the departments below it.
    Department(String),
}

impl fmt::Display for OwnerGroup {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unowned => text.write_str(UNOWNED),
            Self::PeopleOf(id) => write!(text, "people:{id}"),
            Self::Team(id) => write!(text, "team:{id}"),
            Self::BothTeams(first, second) => write!(text, "team:{first}+{second}"),
            Self::Department(id) => write!(text, "department:{id}"),
        }
    }
}

/// An entity and an action on it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Cell {
    /// The record type.
    pub(crate) entity: String,
    /// The action.
    pub(crate) action: String,
}

impl fmt::Display for Cell {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(text, "{}_{}", self.entity, self.action)
    }
}

/// Whose records a member may act on, in one cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    /// Every record.
    pub(crate) everyone: bool,
    /// The member's own records.
    pub(crate) own: bool,
    /// The records of the owners in these groups.
    pub(crate) groups: BTreeSet<OwnerGroup>,
}

/// A member, as an owner of records and as the subject of questions.
pub(crate) struct Member {
    /// The id in the questions.
    pub(crate) id: String,
    /// The groups that the member is in as an owner.
    pub(crate) groups: BTreeSet<OwnerGroup>,
    /// What the member reaches, with writing limited to what they can read; a missing cell is denied.
    pub(crate) reach: BTreeMap<Cell, Reach>,
}

/// Everything that a peer loads.
pub(crate) struct Workload {
    /// All members.
    pub(crate) members: Vec<Member>,
    /// Every action of every record type.
    pub(crate) cells: BTreeSet<Cell>,
}

/// The cells of a table with a column for each entity and action.
pub(super) fn cells<Scope: Copy>(
    grants: &BTreeMap<String, BTreeMap<String, Scope>>,
) -> impl Iterator<Item = (Cell, Scope)> {
    grants.iter().flat_map(|(entity, actions)| {
        actions.iter().map(|(action, scope)| {
            (Cell { entity: entity.clone(), action: action.clone() }, *scope)
        })
    })
}

/// Reads a file with a JSON value on each line.
pub(crate) fn read_lines<Row: DeserializeOwned>(path: &Path) -> Result<Vec<Row>, String> {
    let row = |line| {
        serde_json::from_str(line).map_err(|error| format!("`{}`: {error}", path.display()))
    };
    read(path)?.lines().map(row).collect()
}

pub(super) fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("`{}`: {error}", path.display()))
}
