//! The ladder model: built-in and custom roles, departments, and a visibility for each member.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    iter::successors,
    path::Path,
};

use serde::Deserialize;

use super::model::{Cell, Member, OwnerGroup, Reach, Workload, cells, read_lines};

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Scope {
    None,
    Own,
    All,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Visibility {
    Own,
    Department,
    All,
}

#[derive(Deserialize)]
struct RoleRow {
    id: String,
    grants: BTreeMap<String, BTreeMap<String, Scope>>,
}

#[derive(Deserialize)]
struct DepartmentRow {
    id: String,
    parent: Option<String>,
}

#[derive(Deserialize)]
struct MemberRow {
    id: String,
    role: String,
    department: Option<String>,
    visibility: Visibility,
    manager: Option<String>,
}

struct Grants {
    cells: BTreeSet<Cell>,
    custom_roles: HashMap<String, BTreeMap<Cell, Scope>>,
    parents: HashMap<String, Option<String>>,
}

/// Reads the members, with what their role and visibility give them.
pub(super) fn load(folder: &Path) -> Result<Workload, String> {
    let roles: Vec<RoleRow> = read_lines(&folder.join("roles.jsonl"))?;
    let departments: Vec<DepartmentRow> = read_lines(&folder.join("departments.jsonl"))?;
    let grants = Grants {
        cells: roles
            .iter()
            .flat_map(|role| cells(&role.grants))
            .map(|(cell, _)| cell)
            .collect(),
        custom_roles: roles
            .iter()
            .map(|role| (role.id.clone(), cells(&role.grants).collect()))
            .collect(),
        parents: departments.into_iter().map(|row| (row.id, row.parent)).collect(),
    };
    let rows: Vec<MemberRow> = read_lines(&folder.join("members.jsonl"))?;
    let members = rows.into_iter().map(|row| member(&grants, row)).collect();
    Ok(Workload { members, cells: grants.cells })
}

fn member(grants: &Grants, row: MemberRow) -> Member {
    let above = |id: &String| grants.parents.get(id).cloned().flatten();
    let departments = successors(row.department.clone(), above).map(OwnerGroup::Department);
    let manager = row.manager.iter().cloned().map(OwnerGroup::PeopleOf);
    Member {
        groups: departments.chain(manager).collect(),
        reach: grants
            .cells
            .iter()
            .map(|cell| (cell.clone(), reach(grants, &row, cell)))
            .collect(),
        id: row.id,
    }
}

fn reach(grants: &Grants, row: &MemberRow, cell: &Cell) -> Reach {
    match grants.custom_roles.get(&row.role) {
        Some(of_role) => custom_role(row, of_role, cell),
        None => built_in_role(row, cell.action == "read"),
    }
}

/// These roles can read what they can write, so reading limits nothing.
fn built_in_role(row: &MemberRow, reading: bool) -> Reach {
    if matches!(row.role.as_str(), "owner" | "admin") {
        return Reach { everyone: true, ..Reach::default() };
    }
    let own = Reach { own: true, ..Reach::default() };
    let mut reach = if reading { visible(row) } else { own };
    if row.role == "manager" {
        reach.groups.insert(OwnerGroup::PeopleOf(row.id.clone()));
    }
    reach
}

fn custom_role(row: &MemberRow, grants: &BTreeMap<Cell, Scope>, cell: &Cell) -> Reach {
    let granted = |action: &str| {
        let cell = Cell { entity: cell.entity.clone(), action: action.to_owned() };
        grants.get(&cell).copied().unwrap_or(Scope::None)
    };
    let read = match granted("read") {
        Scope::None => return Reach::default(),
        Scope::Own => {
            Reach { own: true, groups: BTreeSet::from([OwnerGroup::Unowned]), everyone: false }
        }
        Scope::All => visible(row),
    };
    match granted(&cell.action) {
        _ if cell.action == "read" => read,
        Scope::None => Reach::default(),
        Scope::Own => Reach { own: true, ..Reach::default() },
        Scope::All => read,
    }
}

/// What the visibility allows, with the records without owner, which every reader may read.
fn visible(row: &MemberRow) -> Reach {
    let mut reach =
        Reach { own: true, groups: BTreeSet::from([OwnerGroup::Unowned]), everyone: false };
    match row.visibility {
        Visibility::Own => {}
        Visibility::Department => {
            reach.groups.extend(row.department.iter().cloned().map(OwnerGroup::Department));
        }
        Visibility::All => reach.everyone = true,
    }
    reach
}
