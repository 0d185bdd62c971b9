//! Reads a workload into what any engine can load: who stands in which circle, and who reaches it.
//!
//! The rules that need no owner (ceilings, visibility, reading bounds writing) are applied here, as
//! a host would when grants change. That favours the peers: they only decide about one owner.

mod hari;
mod ladder;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
};

use serde::{Deserialize, de::DeserializeOwned};

/// The owner to name for a record that nobody owns.
pub(crate) const UNOWNED: &str = "unowned";

/// A group of owners that a grant can reach as one.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Circle {
    /// No owner at all.
    Unowned,
    /// The members who have this member as their manager.
    PeopleOf(String),
    /// The members of a team.
    Team(String),
    /// The members who are in both teams, the lesser id first.
    BothTeams(String, String),
    /// The members of a department and of the departments below it.
    Department(String),
}

impl fmt::Display for Circle {
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
    /// The kind of record.
    pub(crate) entity: String,
    /// What is done to it.
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
    /// Every record, so that nothing else matters.
    pub(crate) everyone: bool,
    /// The member's own records.
    pub(crate) own: bool,
    /// The records of the owners who stand in these.
    pub(crate) circles: BTreeSet<Circle>,
}

/// One member, as an owner of records and as one who asks.
pub(crate) struct Member {
    /// The id that the questions name.
    pub(crate) id: String,
    /// The circles that reach the member's records.
    pub(crate) stands_in: BTreeSet<Circle>,
    /// What the member reaches, writing already bounded by reading; a missing cell is denied.
    pub(crate) reach: BTreeMap<Cell, Reach>,
}

/// Everything that a peer loads before it is asked.
pub(crate) struct Workload {
    /// Everybody who asks or owns.
    pub(crate) members: Vec<Member>,
    /// Every entity with every action on it.
    pub(crate) cells: BTreeSet<Cell>,
}

impl Workload {
    /// Reads the folder of either model; `meta.json` says which.
    pub(crate) fn load(folder: &Path) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Meta {
            model: String,
        }
        let text = read(&folder.join("meta.json"))?;
        let meta: Meta = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        match meta.model.as_str() {
            "hari" => hari::load(folder),
            "team-management" => ladder::load(folder),
            other => Err(format!("the peers do not know the model `{other}`")),
        }
    }
}

/// The cells of a table that has a column for each entity and action.
fn cells<Scope: Copy>(
    grants: &BTreeMap<String, BTreeMap<String, Scope>>,
) -> impl Iterator<Item = (Cell, Scope)> {
    grants.iter().flat_map(|(entity, actions)| {
        actions.iter().map(|(action, scope)| {
            (Cell { entity: entity.clone(), action: action.clone() }, *scope)
        })
    })
}

/// Reads a file of one JSON value a line.
pub(crate) fn read_lines<Row: DeserializeOwned>(path: &Path) -> Result<Vec<Row>, String> {
    let row = |line| {
        serde_json::from_str(line).map_err(|error| format!("`{}`: {error}", path.display()))
    };
    read(path)?.lines().map(row).collect()
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("`{}`: {error}", path.display()))
}
