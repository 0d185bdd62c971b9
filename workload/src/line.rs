//! The lines of a folder's files.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `meta.json`; other fields, which generators add, are ignored.
#[derive(Debug, Deserialize)]
pub(crate) struct Meta {
    pub(crate) model: String,
    #[serde(default)]
    pub(crate) switches: BTreeMap<String, bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberLine {
    pub(crate) id: String,
    pub(crate) role: String,
    pub(crate) active: Option<bool>,
    #[serde(default)]
    pub(crate) teams: Vec<String>,
    pub(crate) department: Option<String>,
    pub(crate) manager: Option<String>,
    pub(crate) visibility: Option<String>,
    pub(crate) preset: Option<String>,
    #[serde(default)]
    pub(crate) levels: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) billing_contact: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamLine {
    pub(crate) id: String,
    pub(crate) profile: Option<String>,
    pub(crate) record_sharing: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileLine {
    pub(crate) id: String,
    pub(crate) grants: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DepartmentLine {
    pub(crate) id: String,
    pub(crate) parent: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleLine {
    pub(crate) id: String,
    pub(crate) grants: Grants,
}

/// Grants as permission strings, or as resource × action → scope.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Grants {
    Strings(Vec<String>),
    Matrix(BTreeMap<String, BTreeMap<String, String>>),
}

/// A record with its owner.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// The key of its record type.
    pub entity: String,
    /// The member who owns it; none for an unowned record.
    pub owner: Option<String>,
}

/// Whether a member may do an action.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The member's id.
    pub member: String,
    /// The action's key.
    pub action: String,
    /// The resource's key.
    pub entity: String,
    /// The record's id; none when the question is not about a record.
    pub record: Option<String>,
    /// The record's owner; for `create`, the owner-to-be.
    pub owner: Option<String>,
    /// The expected answer.
    pub expect: bool,
}

/// The records that a member may do an action on.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct WhatCheck {
    /// The member's id.
    pub member: String,
    /// The action's key.
    pub action: String,
    /// The record type's key.
    pub entity: String,
    /// How many records.
    pub count: usize,
    /// SHA-256 of their sorted ids, joined by newlines.
    pub sha256: String,
}

/// The members who may do an action on a record.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct WhoCheck {
    /// The record's id.
    pub record: String,
    /// The record type's key.
    pub entity: String,
    /// The record's owner.
    pub owner: Option<String>,
    /// The action's key.
    pub action: String,
    /// How many members.
    pub count: usize,
    /// SHA-256 of their sorted ids, joined by newlines.
    pub sha256: String,
}
