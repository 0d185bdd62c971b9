//! The ladder model: built-in and custom roles, departments, and a visibility setting per member.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    iter::successors,
    path::Path,
};

use serde::Deserialize;

use super::{Cell, Circle, Member, read_lines};

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

struct House {
    roles: Vec<RoleRow>,
    parents: HashMap<String, Option<String>>,
}

/// Reads everybody, with what their role and visibility give them.
pub(super) fn members(folder: &Path) -> Result<Vec<Member>, String> {
    let departments: Vec<DepartmentRow> = read_lines(&folder.join("departments.jsonl"))?;
    let house = House {
        roles: read_lines(&folder.join("roles.jsonl"))?,
        parents: departments.into_iter().map(|row| (row.id, row.parent)).collect(),
    };
    let rows: Vec<MemberRow> = read_lines(&folder.join("members.jsonl"))?;
    Ok(rows.into_iter().map(|row| member(&house, row)).collect())
}

fn member(house: &House, row: MemberRow) -> Member {
    let own = [Circle::Everyone, Circle::Member(row.id.clone())];
    let manager = row.manager.iter().cloned().map(Circle::PeopleOf);
    let above = |id: &String| house.parents.get(id).cloned().flatten();
    let departments = successors(row.department.clone(), above).map(Circle::Department);
    Member {
        stands_in: own.into_iter().chain(manager).chain(departments).collect(),
        reach: reach(house, &row),
        id: row.id,
    }
}

fn reach(house: &House, row: &MemberRow) -> BTreeMap<Cell, BTreeSet<Circle>> {
    let custom = house.roles.iter().find(|role| role.id == row.role);
    // Every custom role names every cell, so any of them lists the cells for the built-in roles.
    custom.or(house.roles.first()).into_iter().flat_map(cells).map(|(cell, scope)| {
        let reading = cell.action == "read";
        let circles = match custom {
            Some(_) => custom_role(row, scope, reading),
            None => built_in_role(row, reading),
        };
        (cell, circles)
    }).collect()
}

fn cells(role: &RoleRow) -> impl Iterator<Item = (Cell, Scope)> {
    role.grants.iter().flat_map(|(entity, actions)| {
        actions.iter().map(|(action, scope)| {
            (Cell { entity: entity.clone(), action: action.clone() }, *scope)
        })
    })
}

fn built_in_role(row: &MemberRow, reading: bool) -> BTreeSet<Circle> {
    if matches!(row.role.as_str(), "owner" | "admin") {
        return BTreeSet::from([Circle::Everyone]);
    }
    let mut circles = BTreeSet::from([Circle::Member(row.id.clone())]);
    if row.role == "manager" {
        circles.insert(Circle::PeopleOf(row.id.clone()));
    }
    if reading {
        circles.extend(visible(row));
        circles.insert(Circle::Unowned);
    }
    circles
}

/// Visibility bounds what a custom role reads; what it writes is bounded by reading, in the engine.
fn custom_role(row: &MemberRow, scope: Scope, reading: bool) -> BTreeSet<Circle> {
    let mut circles = match scope {
        Scope::None => return BTreeSet::new(),
        Scope::Own => BTreeSet::from([Circle::Member(row.id.clone())]),
        Scope::All if reading => visible(row),
        Scope::All => BTreeSet::from([Circle::Everyone]),
    };
    if reading {
        circles.insert(Circle::Unowned);
    }
    circles
}

fn visible(row: &MemberRow) -> BTreeSet<Circle> {
    let department = row.department.iter().cloned().map(Circle::Department);
    let own = Circle::Member(row.id.clone());
    match row.visibility {
        Visibility::Own => BTreeSet::from([own]),
        Visibility::Department => department.chain([own]).collect(),
        Visibility::All => BTreeSet::from([Circle::Everyone]),
    }
}
