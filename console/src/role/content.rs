//! What a cell of a role shows, and the change that saves its draft.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::role::{RoleChange, RoleDetails};
use hallpass_engine::{Action, CustomRoles, Resource, Scope};

use crate::draft::Draft;
use crate::matrix::Content;

/// The draft of a role without changes.
pub(super) fn draft(role: &RoleDetails) -> Draft {
    Draft::new(&role.name, &role.description, role.matrix.clone())
}

/// The change that saves a draft. Grants are left out while no cell differs, so that those on
/// every resource stay as they are.
pub(super) fn change(draft: &Draft) -> RoleChange {
    RoleChange {
        name: Some(draft.name.clone()),
        description: Some(draft.description.clone()),
        grants: None,
        matrix: (!draft.changed().is_empty()).then(|| draft.granted()),
    }
}

/// What a cell shows: a choice where the rules of custom roles allow one.
pub(super) fn content(
    draft: &Draft,
    rules: Option<&CustomRoles>,
    resource: &Resource,
    action: &Action,
) -> Content {
    let reach = draft.cell(&resource.key, &action.key).to_owned();
    let Some(rules) = rules else { return Content { reach, ..Content::default() } };
    let is_in = |keys: &Option<Vec<String>>, key: &str| {
        keys.as_ref().is_none_or(|keys| keys.iter().any(|known| known == key))
    };
    if !is_in(&rules.resources, &resource.key) || !is_in(&rules.actions, &action.key) {
        return Content { reach, is_locked: true, ..Content::default() };
    }
    Content {
        reach,
        was: Some(draft.saved(&resource.key, &action.key).to_owned()),
        choices: choices(rules, resource.scoped),
        ..Content::default()
    }
}

/// The scopes that custom roles may use, and for those without owners whether it is granted.
fn choices(rules: &CustomRoles, is_scoped: bool) -> Vec<String> {
    let none = std::iter::once("none".to_owned());
    if !is_scoped {
        return none.chain(["all".to_owned()]).collect();
    }
    let single = rules.scopes.iter().map(|scope| scope.word().to_owned());
    let mut choices: Vec<String> = none.chain(single).collect();
    if [Scope::Own, Scope::Assigned].iter().all(|scope| rules.scopes.contains(scope)) {
        // What managers have: their own records, and those of the people assigned to them.
        choices.insert(choices.len().saturating_sub(1), "own + assigned".to_owned());
    }
    choices
}

/// The rules for a role that the reader may edit; none where it is read only.
pub(super) fn rules(ctx: &WorkspaceContext, may_edit: bool) -> Option<&CustomRoles> {
    ctx.model().blueprint().custom_roles.as_ref().filter(|_| may_edit)
}
