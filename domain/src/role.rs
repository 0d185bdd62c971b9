//! A role that a workspace made: named grants, beside those that the blueprint builds in.

use hallpass_engine::{Change, CustomRole, Grant};

use crate::id::RoleId;
use crate::model::Model;
use crate::name::Name;
use crate::refusal::{FieldError, Refusal};

/// The most grants of a role.
pub const MOST_GRANTS: usize = 1_000;

/// A custom role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The id.
    pub id: RoleId,
    /// The name.
    pub name: Name,
    /// What it is for.
    pub description: String,
    /// What it grants.
    pub grants: Vec<Grant>,
    /// Goes up with each change.
    pub version: i64,
}

impl Role {
    /// The change that makes it part of a model.
    #[must_use]
    pub fn put(&self) -> Change {
        Change::PutRole(CustomRole { id: self.id.to_string(), grants: self.grants.clone() })
    }
}

/// Reads permission strings.
///
/// # Errors
///
/// `Fields` with every string that is none.
pub fn read_grants(texts: &[String]) -> Result<Vec<Grant>, Refusal> {
    if texts.len() > MOST_GRANTS {
        let detail = format!("a role has at most {MOST_GRANTS} grants");
        return Err(Refusal::field("/grants", "too_many", detail));
    }
    let mut grants = Vec::new();
    let mut errors = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        match text.parse::<Grant>() {
            Ok(grant) if grants.contains(&grant) => {}
            Ok(grant) => grants.push(grant),
            Err(error) => {
                let pointer = format!("/grants/{index}");
                errors.push(FieldError::new(pointer, "bad_grant", error.to_string()));
            }
        }
    }
    if errors.is_empty() { Ok(grants) } else { Err(Refusal::Fields(errors)) }
}

/// Whether a role may go: it is custom, and nobody has it.
///
/// # Errors
///
/// `InUse` with the number of its holders.
pub fn check_unused(model: &Model, role: RoleId) -> Result<(), Refusal> {
    match model.count_holders(&role.to_string()) {
        0 => Ok(()),
        1 => Err(Refusal::InUse { noun: "role", by: "one member".to_owned() }),
        n => Err(Refusal::InUse { noun: "role", by: format!("{n} members") }),
    }
}
