//! The ladder model: built-in and custom roles, departments, and a visibility for each member.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    iter::successors,
    path::Path,
};

use serde::Deserialize;

use super::{Cell, Circle, Member, Reach, Workload, cells, read_lines};

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

struct App {
    cells: BTreeSet<Cell>,
    custom_roles: HashMap<String, BTreeMap<Cell, Scope>>,
    parents: HashMap<String, Option<String>>,
}

/// Reads everybody, with what their role and visibility give them.
pub(super) fn load(folder: &Path) -> Result<Workload, String> {
    let roles: Vec<RoleRow> = read_lines(&folder.join("roles.jsonl"))?;
    let departments: Vec<DepartmentRow> = read_lines(&folder.join("departments.jsonl"))?;
    let house = App {
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
    let members = rows.into_iter().map(|row| member(&house, row)).collect();
    Ok(Workload { members, cells: house.cells })
}

fn member(house: &App, row: MemberRow) -> Member {
    let above = |id: &String| house.parents.get(id).cloned().flatten();
    let departments = successors(row.department.clone(), above).map(Circle::Department);
    let manager = row.manager.iter().cloned().map(Circle::PeopleOf);
    Member {
        stands_in: departments.chain(manager).collect(),
        reach: house
            .cells
            .iter()
            .map(|cell| (cell.clone(), reach(house, &row, cell)))
            .collect(),
        id: row.id,
    }
}

fn reach(house: &App, row: &MemberRow, cell: &Cell) -> Reach {
    match house.custom_roles.get(&row.role) {
        Some(grants) => custom_role(row, grants, cell),
        None => built_in_role(row, cell.action == "read"),
    }
}

/// What these roles write they also read, so nothing is left to bound.
fn built_in_role(row: &MemberRow, reading: bool) -> Reach {
    if matches!(row.role.as_str(), "owner" | "admin") {
        return Reach { everyone: true, ..Reach::default() };
    }
    let own = Reach { own: true, ..Reach::default() };
    let mut reach = if reading { visible(row) } else { own };
    if row.role == "manager" {
        reach.circles.insert(Circle::PeopleOf(row.id.clone()));
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
            Reach { own: true, circles: BTreeSet::from([Circle::Unowned]), everyone: false }
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

/// What the visibility setting shows, with the unowned records that every reader sees.
fn visible(row: &MemberRow) -> Reach {
    let mut reach =
        Reach { own: true, circles: BTreeSet::from([Circle::Unowned]), everyone: false };
    match row.visibility {
        Visibility::Own => {}
        Visibility::Department => {
            reach.circles.extend(row.department.iter().cloned().map(Circle::Department));
        }
        Visibility::All => reach.everyone = true,
    }
    reach
}
