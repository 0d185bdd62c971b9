//! Compiles custom roles within the blueprint's rules for them.

use super::{CompiledGrants, CompiledRole, built_in, scopes_by_cell};
use crate::blueprint::{CustomRoles, check_grant};
use crate::grant::{Actions, Grant, GrantError, GrantTarget};
use crate::mistake::Mistake;
use crate::scope::Scopes;
use crate::text::suggestion;
use crate::workspace::CustomRole;

impl CompiledGrants {
    /// Adds or replaces a custom role; returns its position.
    pub(crate) fn put_role(&mut self, role: &CustomRole) -> Result<u32, Vec<Mistake>> {
        let Some(rules) = self.blueprint.custom_roles.clone() else {
            let message = format!("the blueprint `{}` has no custom roles", self.blueprint.id);
            return Err(vec![Mistake::unplaced(message, None)]);
        };
        let mut mistakes = Vec::new();
        if self.blueprint.role(&role.id).is_some() {
            mistakes.push(built_in(&role.id));
        }
        for grant in &role.grants {
            mistakes.extend(self.check_custom(grant, &rules).into_iter().map(|error| {
                let message = format!("role `{}`, grant `{grant}`: {}", role.id, error.message);
                Mistake::unplaced(message, error.hint)
            }));
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        Ok(self.insert_role(CompiledRole {
            id: role.id.clone(),
            is_custom: true,
            scopes: self.resolve_custom(&role.grants, &rules),
            visibility_mode: rules.visibility,
            has_levels: rules.has_levels,
        }))
    }

    /// In a custom role, the wildcard means the actions that custom roles may grant.
    fn resolve_custom(&self, grants: &[Grant], rules: &CustomRoles) -> Box<[Scopes]> {
        let may_grant = |action: &str| {
            rules.actions.as_ref().is_none_or(|actions| actions.iter().any(|key| key == action))
        };
        let mut scopes = scopes_by_cell(grants, &self.catalog);
        for (place, cell) in scopes.iter_mut().zip(self.catalog.every_cell()) {
            if !may_grant(self.catalog.action(cell)) {
                *place = Scopes::NONE;
            }
        }
        scopes.into()
    }

    fn check_custom(&self, grant: &Grant, rules: &CustomRoles) -> Vec<GrantError> {
        let mut errors = check_grant(grant, self.catalog.resources(), self.blueprint.layers());
        match (&grant.on, &rules.resources) {
            (GrantTarget::Named(keys), Some(known)) => {
                errors.extend(forbidden(keys, known, "resource"));
            }
            (GrantTarget::Everything | GrantTarget::ResourceKind(_), Some(_)) => {
                errors.push(GrantError {
                    message: format!("custom roles cannot grant on `{}`", grant.on),
                    hint: Some("name the resources".to_owned()),
                });
            }
            (
                GrantTarget::Named(_) | GrantTarget::Everything | GrantTarget::ResourceKind(_),
                None,
            ) => {}
        }
        if let (Actions::Named(keys), Some(known)) = (&grant.actions, &rules.actions) {
            errors.extend(forbidden(keys, known, "action"));
        }
        if !rules.scopes.contains(&grant.scope) {
            let scopes: Vec<String> =
                rules.scopes.iter().map(|scope| scope.word().to_owned()).collect();
            errors.extend(forbidden(&[grant.scope.word().to_owned()], &scopes, "scope"));
        }
        errors
    }
}

/// Objects to each key that custom roles may not use.
fn forbidden<'k>(
    keys: &'k [String],
    allowed: &'k [String],
    noun: &'k str,
) -> impl Iterator<Item = GrantError> + 'k {
    let forbidden = keys.iter().filter(|key| !allowed.contains(key));
    forbidden.map(move |key| GrantError {
        message: format!("custom roles cannot use the {noun} `{key}`"),
        hint: suggestion(key, allowed.iter().map(String::as_str)),
    })
}
