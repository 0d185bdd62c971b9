//! Reads a folder: the files of a workspace, as JSON lines.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use hallpass_domain::blueprint;
use hallpass_engine::text::suggestion;
use hallpass_engine::{
    Blueprint, Cells, CustomRole, Department, Grant, Member, Mistakes, Policy, Profile, Scope,
    Sharing, Team, Visibility, Workspace,
};
use serde::de::DeserializeOwned;

use crate::line::{
    Check, DepartmentLine, Grants, MemberLine, Meta, ProfileLine, Record, RoleLine, TeamLine,
    WhatCheck, WhoCheck,
};

/// The files of a folder; `meta.json` and `members.jsonl` are required.
pub const FILES: [&str; 9] = [
    "meta.json",
    "members.jsonl",
    "teams.jsonl",
    "profiles.jsonl",
    "departments.jsonl",
    "roles.jsonl",
    "records.jsonl",
    "checks.jsonl",
    "what.jsonl",
];

/// The optional file with questions about who may do an action.
pub const WHO_FILE: &str = "who.jsonl";

/// A workspace with records and questions.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The access model.
    pub blueprint: Arc<Blueprint>,
    /// Members, teams, departments, roles and profiles.
    pub workspace: Workspace,
    /// Records with their owners.
    pub records: Vec<Record>,
    /// Questions whether a member may do an action.
    pub checks: Vec<Check>,
    /// Questions which records a member may do an action on.
    pub what: Vec<WhatCheck>,
    /// Questions which members may do an action.
    pub who: Vec<WhoCheck>,
}

/// Why a folder cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{}{message}", place(*.line))]
pub struct FolderError {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 when the error is not about one line.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

fn place(line: usize) -> String {
    if line == 0 { " ".to_owned() } else { format!("{line}: ") }
}

impl Folder {
    /// Reads a folder from the texts of its files, by name.
    ///
    /// # Errors
    ///
    /// The first file and line that cannot be read, and why.
    pub fn parse(files: &BTreeMap<String, String>) -> Result<Folder, FolderError> {
        let meta =
            files.get("meta.json").ok_or_else(|| bad("meta.json", 0, "the file is missing"))?;
        let meta: Meta = serde_json::from_str(meta)
            .map_err(|error| bad("meta.json", error.line(), error))?;
        let blueprint = read_blueprint(&meta.model, files)?;
        let roles: Vec<RoleLine> = lines(files, "roles.jsonl")?;
        let profiles: Vec<ProfileLine> = lines(files, "profiles.jsonl")?;
        let records: Vec<Record> = lines(files, "records.jsonl")?;
        let members: Vec<MemberLine> = lines(files, "members.jsonl")?;
        let workspace = Workspace {
            switches: meta.switches.into_iter().collect(),
            entities: entities(&blueprint, &records),
            roles: each("roles.jsonl", roles, role)?,
            profiles: each("profiles.jsonl", profiles, profile)?,
            teams: each("teams.jsonl", lines(files, "teams.jsonl")?, team)?,
            departments: each(
                "departments.jsonl",
                lines(files, "departments.jsonl")?,
                department,
            )?,
            members: each("members.jsonl", members, |line| member(&blueprint, line))?,
        };
        Ok(Folder {
            blueprint: Arc::new(blueprint),
            workspace,
            records,
            checks: lines(files, "checks.jsonl")?,
            what: lines(files, "what.jsonl")?,
            who: lines(files, WHO_FILE)?,
        })
    }

    /// Compiles the workspace.
    ///
    /// # Errors
    ///
    /// Every mistake in the workspace.
    pub fn compile(&self) -> Result<Policy, Mistakes> {
        Policy::compile(&self.blueprint, &self.workspace)
    }

    /// A record by id.
    #[must_use]
    pub fn record(&self, id: &str) -> Option<&Record> {
        self.records.iter().find(|record| record.id == id)
    }
}

fn bad(file: &str, line: usize, message: impl fmt::Display) -> FolderError {
    FolderError { file: file.to_owned(), line, message: message.to_string() }
}

/// The blueprint in the folder's `blueprint.toml`, or else the shipped one that it names.
fn read_blueprint(
    model: &str,
    files: &BTreeMap<String, String>,
) -> Result<Blueprint, FolderError> {
    let own = files.get("blueprint.toml").map(String::as_str);
    let text = own.or_else(|| blueprint::find(model)).ok_or_else(|| {
        let hint = suggestion(model, blueprint::ids()).unwrap_or_default();
        bad(
            "meta.json",
            0,
            format!("unknown blueprint `{model}`, and no blueprint.toml; {hint}"),
        )
    })?;
    Blueprint::parse(text).map_err(|mistakes| bad("blueprint.toml", 0, mistakes))
}

fn lines<T: DeserializeOwned>(
    files: &BTreeMap<String, String>,
    name: &str,
) -> Result<Vec<T>, FolderError> {
    let text = files.get(name).map_or("", String::as_str);
    let full = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    full.map(|(at, line)| serde_json::from_str(line).map_err(|error| bad(name, at + 1, error)))
        .collect()
}

fn each<L, T>(
    file: &str,
    lines: Vec<L>,
    convert: impl Fn(L) -> Result<T, String>,
) -> Result<Vec<T>, FolderError> {
    let numbered = lines.into_iter().enumerate();
    numbered
        .map(|(at, line)| convert(line).map_err(|message| bad(file, at + 1, message)))
        .collect()
}

/// The record types that the workspace added: those of records that the blueprint does not have.
fn entities(blueprint: &Blueprint, records: &[Record]) -> Vec<String> {
    let used: BTreeSet<&str> = records.iter().map(|record| record.entity.as_str()).collect();
    let added = used.into_iter().filter(|key| blueprint.resource(key).is_none());
    added.map(str::to_owned).collect()
}

fn role(line: RoleLine) -> Result<CustomRole, String> {
    let grants: Vec<Grant> = match line.grants {
        Grants::Strings(strings) => strings
            .iter()
            .map(|text| Grant::from_str(text).map_err(|bad| bad.to_string()))
            .collect::<Result<_, _>>()?,
        Grants::Matrix(matrix) => matrix
            .iter()
            .flat_map(|(resource, row)| {
                row.iter().map(move |(action, scope)| (resource, action, scope))
            })
            .filter(|(_, _, scope)| *scope != "none")
            .map(|(resource, action, scope)| {
                let text = format!("{resource}:{action}:{scope}");
                text.parse().map_err(|bad: hallpass_engine::GrantError| bad.to_string())
            })
            .collect::<Result<_, _>>()?,
    };
    Ok(CustomRole { id: line.id, grants })
}

fn profile(line: ProfileLine) -> Result<Profile, String> {
    let mut cells = Cells::default();
    for (resource, row) in &line.grants {
        for (action, word) in row {
            let scope = match word.as_str() {
                "none" => None,
                word => {
                    Some(Scope::parse(word).ok_or_else(|| format!("unknown scope `{word}`"))?)
                }
            };
            cells.set(resource, action, scope);
        }
    }
    Ok(Profile { id: line.id, cells })
}

fn team(line: TeamLine) -> Result<Team, String> {
    let sharing = line.record_sharing.as_deref().unwrap_or("all");
    let sharing = Sharing::parse(sharing)
        .ok_or_else(|| format!("unknown `record_sharing` `{sharing}`"))?;
    Ok(Team { id: line.id, profile: line.profile, sharing })
}

#[expect(clippy::unnecessary_wraps, reason = "one shape for every line")]
fn department(line: DepartmentLine) -> Result<Department, String> {
    Ok(Department { id: line.id, parent: line.parent })
}

fn member(blueprint: &Blueprint, line: MemberLine) -> Result<Member, String> {
    let visibility = match line.visibility.as_deref() {
        None => Visibility::Own,
        Some(word) => {
            Visibility::parse(word).ok_or_else(|| format!("unknown visibility `{word}`"))?
        }
    };
    let preset = match &line.preset {
        None => Vec::new(),
        Some(key) => {
            let preset =
                blueprint.preset(key).ok_or_else(|| format!("unknown preset `{key}`"))?;
            preset.levels.clone()
        }
    };
    let levels = line.levels.into_iter();
    Ok(Member {
        id: line.id,
        role: line.role,
        is_active: line.active.unwrap_or(true),
        teams: line.teams,
        department: line.department,
        manager: line.manager,
        visibility,
        levels: preset.into_iter().chain(levels).collect(),
        is_billing_contact: line.billing_contact,
        is_service: false,
    })
}
