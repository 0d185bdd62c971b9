//! Reads what the audit log stores of members, roles, profiles, teams and departments.

use std::collections::BTreeMap;
use std::str::FromStr;

use hallpass_engine::{
    Cells, CustomRole, Department, Grant, Member, Profile, Scope, Sharing, Team, Visibility,
};
use serde_json::Value;

/// Why an entry cannot be undone, as a sentence about it.
pub(super) type Why = String;

/// What a value describes; none for what does not exist.
type Read<T> = Result<Option<T>, Why>;

pub(super) fn member(id: &str, value: &Value) -> Read<Member> {
    if value.is_null() || value.get("status").and_then(Value::as_str) == Some("removed") {
        return Ok(None);
    }
    let is_active = match text(value, "status")?.as_str() {
        "active" => true,
        "inactive" => false,
        _ => return Err(unreadable("status")),
    };
    let levels = value.get("levels").and_then(Value::as_object);
    let levels = levels.ok_or_else(|| unreadable("levels"))?;
    let level =
        |(key, level): (&String, &Value)| Some((key.clone(), level.as_str()?.to_owned()));
    let levels = levels.iter().map(level).collect::<Option<_>>();
    let teams = value.get("teams").ok_or_else(|| unreadable("teams"))?;
    let flag = value.get("billing_contact").and_then(Value::as_bool);
    Ok(Some(sorted(Member {
        id: id.to_owned(),
        role: text(value, "role")?,
        is_active,
        teams: texts(teams)?,
        department: reference(value, "department")?,
        manager: reference(value, "manager")?,
        visibility: word(value, "visibility", Visibility::parse)?,
        levels: levels.ok_or_else(|| unreadable("levels"))?,
        is_billing_contact: flag.ok_or_else(|| unreadable("billing_contact"))?,
        is_service: value.get("service_account").and_then(Value::as_bool) == Some(true),
    })))
}

/// A member with teams and levels in order, so that equal members compare as equal.
pub(super) fn sorted(mut member: Member) -> Member {
    member.teams.sort_unstable();
    member.levels.sort_unstable();
    member
}

pub(super) fn role(id: &str, value: &Value) -> Read<CustomRole> {
    if value.is_null() {
        return Ok(None);
    }
    let grants = texts(value.get("grants").ok_or_else(|| unreadable("grants"))?)?;
    let grants = grants.iter().map(|text| Grant::from_str(text));
    let grants = grants.collect::<Result<_, _>>().map_err(|_| unreadable("grants"))?;
    Ok(Some(CustomRole { id: id.to_owned(), grants }))
}

pub(super) fn profile(id: &str, value: &Value) -> Read<Profile> {
    if value.is_null() {
        return Ok(None);
    }
    let wrong = || unreadable("grants");
    let mut cells = Cells::default();
    let grants = value.get("grants").and_then(Value::as_object).ok_or_else(wrong)?;
    for (resource, row) in grants {
        for (action, scope) in row.as_object().ok_or_else(wrong)? {
            let scope = match scope.as_str().ok_or_else(wrong)? {
                "none" => None,
                word => Some(Scope::parse(word).ok_or_else(wrong)?),
            };
            cells.set(resource, action, scope);
        }
    }
    Ok(Some(Profile { id: id.to_owned(), cells }))
}

pub(super) fn team(id: &str, value: &Value) -> Read<Team> {
    if value.is_null() {
        return Ok(None);
    }
    let sharing = word(value, "record_sharing", Sharing::parse)?;
    Ok(Some(Team { id: id.to_owned(), profile: reference(value, "profile")?, sharing }))
}

pub(super) fn department(id: &str, value: &Value) -> Read<Department> {
    if value.is_null() {
        return Ok(None);
    }
    Ok(Some(Department { id: id.to_owned(), parent: reference(value, "parent")? }))
}

/// The switches of a map, by key.
pub(super) fn bools(value: &Value) -> Result<BTreeMap<String, bool>, Why> {
    let map = value.as_object().ok_or_else(|| unreadable("switches"))?;
    let each = map.iter().map(|(key, on)| Some((key.clone(), on.as_bool()?)));
    each.collect::<Option<_>>().ok_or_else(|| unreadable("switches"))
}

/// The texts of a list.
pub(super) fn texts(value: &Value) -> Result<Vec<String>, Why> {
    let list = value.as_array().ok_or_else(|| unreadable("list"))?;
    let each = list.iter().map(|one| one.as_str().map(str::to_owned));
    each.collect::<Option<_>>().ok_or_else(|| unreadable("list"))
}

fn text(value: &Value, field: &str) -> Result<String, Why> {
    let text = value.get(field).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| unreadable(field))
}

/// A field that is an id, or null.
fn reference(value: &Value, field: &str) -> Read<String> {
    match value.get(field) {
        Some(Value::Null) => Ok(None),
        Some(_) => text(value, field).map(Some),
        None => Err(unreadable(field)),
    }
}

fn word<T>(value: &Value, field: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Why> {
    parse(&text(value, field)?).ok_or_else(|| unreadable(field))
}

fn unreadable(field: &str) -> Why {
    format!("has no readable `{field}`")
}
