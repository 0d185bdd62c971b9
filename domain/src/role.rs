//! A custom role: grants that a workspace names, beside the built-in roles of its blueprint.

use hallpass_engine::{Actions, Change, CustomRole, Grant, GrantTarget, Resource, Scope};
use serde_json::{Map, Value};

use crate::id::RoleId;
use crate::name::Name;
use crate::refusal::{FieldError, Refusal};
use crate::text::{escape_pointer, one_of, printable, unknown};

/// The maximum number of grants of a role.
pub const MOST_GRANTS: usize = 1_000;

/// A custom role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The id.
    pub id: RoleId,
    /// The name.
    pub name: Name,
    /// The description.
    pub description: String,
    /// What it grants.
    pub grants: Vec<Grant>,
    /// Increases with each change.
    pub version: i64,
}

impl Role {
    /// The change that adds it to a model, or replaces it there.
    #[must_use]
    pub fn put(&self) -> Change {
        Change::PutRole(CustomRole { id: self.id.to_string(), grants: self.grants.clone() })
    }
}

/// Parses permission strings.
///
/// # Errors
///
/// `Fields` with every string that is not a permission.
pub fn read_grants(texts: &[String]) -> Result<Vec<Grant>, Refusal> {
    if texts.len() > MOST_GRANTS {
        let detail = format!("expected at most {MOST_GRANTS} grants, got {}", texts.len());
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
    Refusal::unless_valid(errors)?;
    Ok(grants)
}

/// Parses grants in the form of a matrix: `{"contacts": {"read": "own + assigned", "delete": "none"}}`.
///
/// # Errors
///
/// `Fields` with every cell that names an unknown resource, action or scope.
pub fn read_matrix(
    resources: &[Resource],
    matrix: &Map<String, Value>,
) -> Result<Vec<Grant>, Refusal> {
    let mut grants = Vec::new();
    let mut errors = Vec::new();
    for (key, row) in matrix {
        let resource = resources.iter().find(|known| known.key == *key);
        let (Some(resource), Some(row)) = (resource, row.as_object()) else {
            let pointer = format!("/matrix/{}", escape_pointer(key));
            errors.push(match resource {
                None => {
                    let known = resources.iter().map(|known| known.key.as_str());
                    FieldError::unknown(pointer, "unknown_resource", ("resource", key), known)
                }
                Some(_) => {
                    let detail = "expected an object of actions and scopes, such as \
                                  `{\"read\": \"own\"}`";
                    FieldError::new(pointer, "wrong_type", detail)
                }
            });
            continue;
        };
        let mut by_scope: Vec<(Scope, Vec<String>)> = Vec::new();
        for (action, word) in row {
            match read_cell(resource, action, word) {
                Ok(scopes) => {
                    for scope in scopes {
                        match by_scope.iter_mut().find(|(known, _)| *known == scope) {
                            Some((_, actions)) => actions.push(action.clone()),
                            None => by_scope.push((scope, vec![action.clone()])),
                        }
                    }
                }
                Err((code, detail)) => {
                    let pointer =
                        format!("/matrix/{}/{}", escape_pointer(key), escape_pointer(action));
                    errors.push(FieldError::new(pointer, code, detail));
                }
            }
        }
        grants.extend(by_scope.into_iter().map(|(scope, actions)| Grant {
            on: GrantTarget::Named(vec![key.clone()]),
            actions: Actions::Named(actions),
            scope,
        }));
    }
    Refusal::unless_valid(errors)?;
    Ok(grants)
}

fn read_cell(
    resource: &Resource,
    action: &str,
    word: &Value,
) -> Result<Vec<Scope>, (&'static str, String)> {
    if resource.action(action).is_none() {
        let known = resource.actions.iter().map(|action| action.key.as_str());
        return Err(("unknown_action", unknown("action", action, known)));
    }
    let word = word.as_str().unwrap_or_default();
    if word == "none" {
        return Ok(Vec::new());
    }
    let scopes: Option<Vec<Scope>> =
        word.split('+').map(|scope| Scope::parse(scope.trim())).collect();
    scopes.ok_or_else(|| {
        let known = one_of(Scope::EVERY.iter().map(|scope| scope.word()));
        let detail = format!(
            "unknown scope `{}`; expected `none`, {known}, or several joined by ` + `",
            printable(word)
        );
        ("unknown_scope", detail)
    })
}

/// The holders that a refusal names.
pub const MOST_HOLDERS_NAMED: usize = 5;

/// Checks that no member has a role; the names are those of its first holders, for a caller who may
/// read members.
///
/// # Errors
///
/// `InUse` with its holders (CRM-114).
pub fn check_unused(holders: usize, names: Option<&[String]>) -> Result<(), Refusal> {
    if holders == 0 {
        return Ok(());
    }
    let Some(names) = names else {
        return Err(Refusal::InUse { noun: "role", by: "members".to_owned() });
    };
    let names = names.get(..MOST_HOLDERS_NAMED).unwrap_or(names);
    let named = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let by = match holders.saturating_sub(names.len()) {
        0 => named,
        1 => format!("{named} and one other"),
        n => format!("{named} and {n} others"),
    };
    Err(Refusal::InUse { noun: "role", by })
}
