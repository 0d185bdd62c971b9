//! A profile: a matrix of record types and actions that reaches members through their teams.

use hallpass_engine::{CellPart, Cells, Change, Resource};
use serde_json::{Map, Value};

use crate::id::ProfileId;
use crate::name::Name;
use crate::refusal::{FieldError, Refusal};
use crate::text::escape_pointer;

/// A profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The id.
    pub id: ProfileId,
    /// The key of the template that it was created from; requests may refer to the profile by it.
    pub template: Option<String>,
    /// The name.
    pub name: Name,
    /// The description.
    pub description: String,
    /// What it grants.
    pub cells: Cells,
    /// Increases with each change.
    pub version: i64,
}

impl Profile {
    /// The change that adds it to a model, or replaces it there.
    #[must_use]
    pub fn put(&self) -> Change {
        Change::PutProfile(hallpass_engine::Profile {
            id: self.id.to_string(),
            cells: self.cells.clone(),
        })
    }
}

/// Changes the cells that a matrix names, such as `{"contacts": {"read": "team"}}`; the others stay.
/// Null removes a cell.
///
/// # Errors
///
/// `Fields` with every cell that the access model does not know.
pub fn change_cells(
    resources: &[Resource],
    cells: &Cells,
    grants: &Map<String, Value>,
) -> Result<Cells, Refusal> {
    let mut cells = cells.clone();
    let mut errors = Vec::new();
    for (resource, row) in grants {
        let Some(row) = row.as_object() else {
            let detail =
                "expected an object of actions and scopes, such as `{\"read\": \"team\"}`";
            let pointer = format!("/grants/{}", escape_pointer(resource));
            errors.push(FieldError::new(pointer, "wrong_type", detail));
            continue;
        };
        for (action, scope) in row {
            let is_removed = scope.is_null();
            let scope = if is_removed { "none" } else { scope.as_str().unwrap_or_default() };
            match Cells::check(resources, resource, action, scope) {
                Ok(_) if is_removed => cells.unset(resource, action),
                Ok(scope) => cells.set(resource, action, scope),
                Err(bad) => {
                    let code = match bad.part {
                        CellPart::Resource => "unknown_record_type",
                        CellPart::Action => "unknown_action",
                        CellPart::Scope => "unknown_scope",
                    };
                    let pointer = format!(
                        "/grants/{}/{}",
                        escape_pointer(resource),
                        escape_pointer(action)
                    );
                    errors.push(FieldError::new(pointer, code, bad.to_string()));
                }
            }
        }
    }
    Refusal::unless_valid(errors)?;
    Ok(cells)
}

/// A matrix in the form that [`change_cells`] reads.
#[must_use]
pub fn write_cells(cells: &Cells) -> Map<String, Value> {
    let mut grants: Map<String, Value> = Map::new();
    for (resource, action, scope) in cells.iter() {
        let row = grants.entry(resource).or_insert_with(|| Value::Object(Map::new()));
        let word = scope.map_or_else(|| "none".to_owned(), |scope| scope.to_string());
        if let Some(row) = row.as_object_mut() {
            row.insert(action.to_owned(), Value::String(word));
        }
    }
    grants
}
