//! Custom roles: what they may grant, and what they then do.

use super::{CompiledGrants, CompiledRole, resolve};
use crate::blueprint::{CustomRoles, Objection, objections};
use crate::grant::{Actions, Grant, GrantTarget};
use crate::mistake::Mistake;
use crate::scope::Scopes;
use crate::text::suggestion;
use crate::workspace::CustomRole;

impl CompiledGrants {
    /// Adds or replaces a custom role; gives its position.
    pub(crate) fn put_role(&mut self, role: &CustomRole) -> Result<u32, Vec<Mistake>> {
        let Some(rules) = self.blueprint.custom_roles.clone() else {
            let message = format!("the blueprint `{}` has no custom roles", self.blueprint.id);
            return Err(vec![Mistake::unplaced(message, None)]);
        };
        let mut mistakes = Vec::new();
        if self.blueprint.role(&role.id).is_some() {
            let message = format!("the role `{}` is built in", role.id);
            mistakes
                .push(Mistake::unplaced(message, Some("built-in roles are fixed".to_owned())));
        }
        for grant in &role.grants {
            mistakes.extend(self.check_custom(grant, &rules).into_iter().map(|bad| {
                let message = format!("role `{}`, `{grant}`: {}", role.id, bad.message);
                Mistake::unplaced(message, bad.hint)
            }));
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        Ok(self.keep_role(CompiledRole {
            id: role.id.clone(),
            is_custom: true,
            scopes: self.resolve_custom(&role.grants, &rules),
            visibility_mode: rules.visibility,
            has_levels: rules.has_levels,
        }))
    }

    /// A wildcard in a custom role stands for the actions that custom roles may grant.
    fn resolve_custom(&self, grants: &[Grant], rules: &CustomRoles) -> Box<[Scopes]> {
        let may_grant = |action: &str| {
            rules.actions.as_ref().is_none_or(|actions| actions.iter().any(|key| key == action))
        };
        let mut scopes = resolve(grants, &self.catalog);
        for (place, cell) in scopes.iter_mut().zip(self.catalog.cells()) {
            if !may_grant(self.catalog.action(cell)) {
                *place = Scopes::NONE;
            }
        }
        scopes.into()
    }

    fn check_custom(&self, grant: &Grant, rules: &CustomRoles) -> Vec<Objection> {
        let mut found = objections(grant, &self.catalog.resources, self.blueprint.layers());
        match (&grant.on, &rules.resources) {
            (GrantTarget::Named(keys), Some(known)) => {
                found.extend(barred(keys, known, "grant on"));
            }
            (GrantTarget::Everything | GrantTarget::ResourceKind(_), Some(_)) => {
                found.push(Objection {
                    message: format!("a custom role cannot grant on `{}`", grant.on),
                    hint: Some("name the resources".to_owned()),
                });
            }
            (
                GrantTarget::Named(_) | GrantTarget::Everything | GrantTarget::ResourceKind(_),
                None,
            ) => {}
        }
        if let (Actions::Named(keys), Some(known)) = (&grant.actions, &rules.actions) {
            found.extend(barred(keys, known, "grant the action"));
        }
        if !rules.scopes.contains(&grant.scope) {
            let scopes: Vec<String> =
                rules.scopes.iter().map(|scope| scope.word().to_owned()).collect();
            found.extend(barred(&[grant.scope.word().to_owned()], &scopes, "use the scope"));
        }
        found
    }
}

/// Says of each key that is not among the known ones that a custom role cannot do it.
fn barred<'k>(
    keys: &'k [String],
    known: &'k [String],
    what: &'k str,
) -> impl Iterator<Item = Objection> + 'k {
    let unknown = keys.iter().filter(|key| !known.contains(key));
    unknown.map(move |key| Objection {
        message: format!("a custom role cannot {what} `{key}`"),
        hint: suggestion(key, known.iter().map(String::as_str)),
    })
}
