//! Reads a workload folder into what any engine can load: who stands in which circle, and which circles each member reaches.

mod hari;
mod ladder;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
};

use serde::{Deserialize, de::DeserializeOwned};

/// A set of records, told by who owns them.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Circle {
    /// Every record, owned or not.
    Everyone,
    /// The records that nobody owns.
    Unowned,
    /// The records of one member.
    Member(String),
    /// The records of the members whose manager is this one.
    PeopleOf(String),
    /// The records of the members of a team.
    Team(String),
    /// both
    Teams(String, String),
    /// The records of the members of a department and of the departments below it.
    Department(String),
}

impl fmt::Display for Circle {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => text.write_str("everyone"),
            Self::Unowned => text.write_str("unowned"),
            Self::Member(id) => write!(text, "member:{id}"),
            Self::PeopleOf(id) => write!(text, "people:{id}"),
            Self::Team(id) => write!(text, "team:{id}"),
            Self::Teams(a, b) => write!(text, "team:{a}+{b}"),
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

impl Cell {
    /// The cell that must be reached as well: reading bounds writing, but not creating.
    pub(crate) fn bound(&self) -> Option<Self> {
        let entity = self.entity.clone();
        matches!(self.action.as_str(), "update" | "delete")
            .then(|| Self { entity, action: "read".to_owned() })
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(text, "{}_{}", self.entity, self.action)
    }
}

/// One member, as an owner of records and as one who asks.
pub(crate) struct Member {
    /// The id that the questions name.
    pub(crate) id: String,
    /// The circles that the member's own records belong to.
    pub(crate) stands_in: BTreeSet<Circle>,
    /// The circles that the member's grants reach, before reading bounds writing.
    pub(crate) reach: BTreeMap<Cell, BTreeSet<Circle>>,
}

impl Member {
    pub(crate) fn effective(&self, cell: &Cell) -> BTreeSet<Circle> {
        let first = &self.reach[cell];
        let Some(bound) = cell.bound() else { return first.clone() };
        let second = &self.reach[&bound];
        let mut out = BTreeSet::new();
        for a in first { for b in second {
            match (a, b) {
                (Circle::Everyone, x) | (x, Circle::Everyone) => { out.insert(x.clone()); }
                (a, b) if a == b => { out.insert(a.clone()); }
                (Circle::Team(a), Circle::Team(b)) => { out.insert(Circle::Teams(a.min(b).clone(), a.max(b).clone())); }
                (Circle::Member(_), Circle::Team(_) | Circle::Department(_)) | (Circle::Team(_) | Circle::Department(_), Circle::Member(_)) => { out.insert(Circle::Member(self.id.clone())); }
                _ => {}
            }
        } }
        if out.contains(&Circle::Everyone) { out = BTreeSet::from([Circle::Everyone]); }
        out.iter().filter(|x| !matches!(x, Circle::Teams(a, b) if out.contains(&Circle::Team(a.clone())) || out.contains(&Circle::Team(b.clone())))).cloned().collect()
    }
}
/// Everything a peer loads before it is asked.
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
        let members = match meta.model.as_str() {
            "hari" => hari::members(folder)?,
            "team-management" => ladder::members(folder)?,
            other => return Err(format!("the model `{other}` has no peers")),
        };
        let cells = members.iter().flat_map(|member| member.reach.keys().cloned()).collect();
        Ok(Self { members, cells })
    }
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
