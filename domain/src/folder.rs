//! A workspace as a folder of JSON lines, with questions and their expected answers.

mod line;
mod quiz;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use hallpass_engine::{
    Blueprint, Cells, CustomRole, Department, Grant, Member, Mistakes, Policy, Profile, Scope,
    Sharing, Team, Visibility, Workspace,
};
use serde::de::DeserializeOwned;

use crate::blueprint;
pub use line::{Check, Record, WhatCheck, WhoCheck};
use line::{DepartmentLine, Grants, MemberLine, Meta, ProfileLine, RoleLine, TeamLine};
pub use quiz::{Quiz, Wrong};

/// The files that a folder may hold; `meta.json` and `members.jsonl` must be there.
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

/// The one more file, of who-questions.
pub const WHO_FILE: &str = "who.jsonl";

/// A folder that was read.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The access model.
    pub blueprint: Arc<Blueprint>,
    /// People, groups, roles and profiles.
    pub workspace: Workspace,
    /// Records with their owners.
    pub records: Vec<Record>,
    /// May this member do this?
    pub checks: Vec<Check>,
    /// What may this member do it to?
    pub what: Vec<WhatCheck>,
    /// Who may do it?
    pub who: Vec<WhoCheck>,
}

/// Why a folder cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadFolder {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 when it is not about one line.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for BadFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{}:{line}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for BadFolder {}

impl Folder {
    /// Reads the texts of a folder's files, by name.
    ///
    /// # Errors
    ///
    /// The first file and line that cannot be read, and why.
    pub fn parse(files: &BTreeMap<String, String>) -> Result<Folder, BadFolder> {
        let meta = files.get("meta.json").ok_or_else(|| bad("meta.json", 0, "is missing"))?;
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

fn bad(file: &str, line: usize, message: impl fmt::Display) -> BadFolder {
    BadFolder { file: file.to_owned(), line, message: message.to_string() }
}

/// The blueprint that a folder names, or the one in its own `blueprint.toml`.
fn read_blueprint(
    model: &str,
    files: &BTreeMap<String, String>,
) -> Result<Blueprint, BadFolder> {
    let own = files.get("blueprint.toml").map(String::as_str);
    let text = own.or_else(|| blueprint::find(model)).ok_or_else(|| {
        bad(
            "meta.json",
            0,
            format!("there is no blueprint `{model}`, and no blueprint.toml here"),
        )
    })?;
    Blueprint::parse(text).map_err(|mistakes| bad("blueprint.toml", 0, mistakes))
}

fn lines<T: DeserializeOwned>(
    files: &BTreeMap<String, String>,
    name: &str,
) -> Result<Vec<T>, BadFolder> {
    let text = files.get(name).map_or("", String::as_str);
    let full = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    full.map(|(at, line)| serde_json::from_str(line).map_err(|error| bad(name, at + 1, error)))
        .collect()
}

fn each<L, T>(
    file: &str,
    lines: Vec<L>,
    turn: impl Fn(L) -> Result<T, String>,
) -> Result<Vec<T>, BadFolder> {
    let numbered = lines.into_iter().enumerate();
    numbered
        .map(|(at, line)| turn(line).map_err(|message| bad(file, at + 1, message)))
        .collect()
}

/// Record types that records have and the blueprint does not: those that the workspace added.
fn entities(blueprint: &Blueprint, records: &[Record]) -> Vec<String> {
    let used: BTreeSet<&str> = records.iter().map(|record| record.entity.as_str()).collect();
    let strange = used.into_iter().filter(|key| blueprint.resource(key).is_none());
    strange.map(str::to_owned).collect()
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
    let sharing =
        Sharing::parse(sharing).ok_or_else(|| format!("unknown ceiling `{sharing}`"))?;
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
    })
}
