//! The lines of a workspace folder's files.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `meta.json`; what generators note beside it is of no matter.
#[derive(Debug, Deserialize)]
pub(super) struct Meta {
    pub(super) model: String,
    #[serde(default)]
    pub(super) switches: BTreeMap<String, bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberLine {
    pub(super) id: String,
    pub(super) role: String,
    pub(super) active: Option<bool>,
    #[serde(default)]
    pub(super) teams: Vec<String>,
    pub(super) department: Option<String>,
    pub(super) manager: Option<String>,
    pub(super) visibility: Option<String>,
    pub(super) preset: Option<String>,
    #[serde(default)]
    pub(super) levels: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) billing_contact: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TeamLine {
    pub(super) id: String,
    pub(super) profile: Option<String>,
    pub(super) record_sharing: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileLine {
    pub(super) id: String,
    pub(super) grants: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DepartmentLine {
    pub(super) id: String,
    pub(super) parent: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleLine {
    pub(super) id: String,
    pub(super) grants: Grants,
}

/// Grants as permission strings, or as resource × action → scope.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Grants {
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
    /// The member who owns it, or nobody.
    pub owner: Option<String>,
}

/// May this member do this action?
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The member's id.
    pub member: String,
    /// The action's key.
    pub action: String,
    /// The resource's key.
    pub entity: String,
    /// The record's id; none when it is not about a record.
    pub record: Option<String>,
    /// The record's owner; for `create`, the owner-to-be.
    pub owner: Option<String>,
    /// The right answer.
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
