//! Profiles: a scope for each action of each record type, granted to members through their teams.

use std::collections::BTreeMap;
use std::fmt;

use crate::blueprint::{EVERY, Resource};
use crate::grant::ResourceKind;
use crate::scope::Scope;
use crate::text::{one_of, suggestion};

/// The scopes that a profile may use.
const SCOPES: [Scope; 3] = [Scope::Own, Scope::Team, Scope::All];

/// The cells of a profile: a record type and an action, with the scope own, team or all. A cell
/// that is not set grants nothing.
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

/// Why a cell is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellError {
    /// The part that is invalid.
    pub part: CellPart,
    /// What is wrong.
    pub message: String,
    /// What to do about it, when there is a suggestion.
    pub hint: Option<String>,
}

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, "; {hint}"))
    }
}

impl std::error::Error for CellError {}

/// The parts of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellPart {
    /// The record type, or [`EVERY`].
    Resource,
    /// The action.
    Action,
    /// The scope.
    Scope,
}

impl Cells {
    /// Sets a cell; `None` grants nothing.
    pub fn set(&mut self, resource: &str, action: &str, scope: Option<Scope>) {
        self.0.entry(resource.to_owned()).or_default().insert(action.to_owned(), scope);
    }

    /// Removes a cell: for a record type, that of [`EVERY`] applies again.
    pub fn unset(&mut self, resource: &str, action: &str) {
        if let Some(row) = self.0.get_mut(resource) {
            row.remove(action);
        }
        self.0.retain(|_, row| !row.is_empty());
    }

    /// The scope in a cell; `None` when the cell grants nothing or is not set.
    #[must_use]
    pub fn scope(&self, resource: &str, action: &str) -> Option<Scope> {
        self.0.get(resource)?.get(action).copied().flatten()
    }

    /// The scope that the profile grants for an action of a resource: that of its own cell, else, for
    /// a record type, that of [`EVERY`].
    #[must_use]
    pub fn grants(&self, resource: &Resource, action: &str) -> Option<Scope> {
        let cell = |key: &str| self.0.get(key)?.get(action).copied();
        let every = || cell(EVERY).filter(|_| resource.kind == ResourceKind::Records);
        cell(&resource.key).or_else(every).flatten().filter(|_| resource.scoped)
    }

    /// The cells that are set, ordered by record type and action.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, Option<Scope>)> {
        self.0.iter().flat_map(|(key, row)| {
            row.iter().map(move |(action, scope)| (key.as_str(), action.as_str(), *scope))
        })
    }

    /// Parses a cell whose scope is `none`, `own`, `team` or `all`.
    ///
    /// ```
    /// use hallpass_engine::{Cells, Scope};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// let scope = Cells::check(&blueprint.resources, "contacts", "read", "team");
    /// assert_eq!(scope, Ok(Some(Scope::Team)));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the record type, the action or the scope is unknown.
    pub fn check(
        resources: &[Resource],
        resource: &str,
        action: &str,
        scope: &str,
    ) -> Result<Option<Scope>, CellError> {
        check_action(resources, resource, action)?;
        if scope == "none" {
            return Ok(None);
        }
        let parsed = Scope::parse(scope).filter(|scope| SCOPES.contains(scope));
        parsed.map(Some).ok_or_else(|| CellError {
            part: CellPart::Scope,
            message: format!("unknown profile scope `{}`", scope.escape_debug()),
            hint: Some(format!("expected {}", one_of(["none", "own", "team", "all"]))),
        })
    }
}

fn check_action(resources: &[Resource], key: &str, action: &str) -> Result<(), CellError> {
    let scoped = || resources.iter().filter(|resource| resource.scoped);
    let is_on = |known: &&Resource| match key {
        EVERY => known.kind == ResourceKind::Records,
        key => known.key == key,
    };
    let on: Vec<&Resource> = scoped().filter(is_on).collect();
    if on.is_empty() {
        let keys = scoped().map(|resource| resource.key.as_str()).chain([EVERY]);
        let hint = suggestion(key, keys.collect::<Vec<_>>());
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
