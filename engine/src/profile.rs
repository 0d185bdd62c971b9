//! Profiles: one scope for each action of each record type, given to members through their teams.

use std::collections::BTreeMap;
use std::fmt;

use crate::blueprint::{PROFILE_SCOPES, Resource};
use crate::grant::ResourceKind;
use crate::scope::Scope;
use crate::text::listed;
use crate::text::suggestion;

/// The key that stands for every record type, those added later included.
pub const EVERY: &str = "every";

/// The matrix of a profile: record type × action → own, team or all; what is not set is none.
///
/// ```
/// use hallpass_engine::{Cells, Scope};
/// let mut cells = Cells::default();
/// cells.set("contacts", "read", Some(Scope::Team));
/// assert_eq!(cells.scope("contacts", "read"), Some(Scope::Team));
/// assert_eq!(cells.scope("contacts", "delete"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells(BTreeMap<String, BTreeMap<String, Option<Scope>>>);

/// What is wrong with one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellError {
    /// Which part of it.
    pub part: CellPart,
    /// What is wrong.
    pub message: String,
    /// What to do about it, when that can be said.
    pub hint: Option<String>,
}

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, "; {hint}"))
    }
}

impl std::error::Error for CellError {}

/// The three parts of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellPart {
    /// The row.
    Resource,
    /// The column.
    Action,
    /// What stands in it.
    Scope,
}

impl Cells {
    /// Sets one cell; nothing means none.
    pub fn set(&mut self, resource: &str, action: &str, scope: Option<Scope>) {
        self.0.entry(resource.to_owned()).or_default().insert(action.to_owned(), scope);
    }

    /// What is written for a resource, or for every record type; nothing where it says none.
    #[must_use]
    pub fn scope(&self, resource: &str, action: &str) -> Option<Scope> {
        self.0.get(resource)?.get(action).copied().flatten()
    }

    /// What is granted on a resource: what stands for itself, else, for a record type, what stands
    /// for every record type.
    #[must_use]
    pub fn grants(&self, resource: &Resource, action: &str) -> Option<Scope> {
        let cell = |key: &str| self.0.get(key)?.get(action).copied();
        let every = || cell(EVERY).filter(|_| resource.kind == ResourceKind::Records);
        cell(&resource.key).or_else(every).flatten().filter(|_| resource.scoped)
    }

    /// The cells that are written down, by record type and action.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, Option<Scope>)> {
        self.0.iter().flat_map(|(key, row)| {
            row.iter().map(move |(action, scope)| (key.as_str(), action.as_str(), *scope))
        })
    }

    /// Reads one cell: `none`, `own`, `team` or `all`.
    ///
    /// ```
    /// # use hallpass_engine::*;
    /// # let blueprint = Blueprint::parse(hallpass_engine::doc::SMALL)?;
    /// let scope = Cells::check(&blueprint.resources, "contacts", "read", "team");
    /// assert_eq!(scope, Ok(Some(Scope::Team)));
    /// # Ok::<(), Mistakes>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Says which part is wrong when the record type, the action or the scope is unknown.
    pub fn check(
        resources: &[Resource],
        resource: &str,
        action: &str,
        scope: &str,
    ) -> Result<Option<Scope>, CellError> {
        check_place(resources, resource, action)?;
        if scope == "none" {
            return Ok(None);
        }
        Scope::parse(scope).filter(|scope| PROFILE_SCOPES.contains(scope)).map(Some).ok_or_else(
            || CellError {
                part: CellPart::Scope,
                message: format!("`{}` is no scope of a profile", scope.escape_debug()),
                hint: Some(format!(
                    "a profile gives {}",
                    listed(["none", "own", "team", "all"])
                )),
            },
        )
    }
}

fn check_place(resources: &[Resource], key: &str, action: &str) -> Result<(), CellError> {
    let scoped = || resources.iter().filter(|resource| resource.scoped);
    let is_on = |known: &&Resource| match key {
        EVERY => known.kind == ResourceKind::Records,
        key => known.key == key,
    };
    let on: Vec<&Resource> = scoped().filter(is_on).collect();
    if on.is_empty() {
        let hint = suggestion(
            key,
            scoped().map(|resource| resource.key.as_str()).chain([EVERY]).collect::<Vec<_>>(),
        );
        let message = format!("unknown record type `{}`", key.escape_debug());
        return Err(CellError { part: CellPart::Resource, message, hint });
    }
    if on.iter().all(|resource| resource.action(action).is_none()) {
        let actions: Vec<&str> = on
            .iter()
            .flat_map(|known| &known.actions)
            .map(|action| action.key.as_str())
            .collect();
        let message = format!("unknown action `{}` of `{key}`", action.escape_debug());
        return Err(CellError {
            part: CellPart::Action,
            message,
            hint: suggestion(action, actions),
        });
    }
    Ok(())
}
