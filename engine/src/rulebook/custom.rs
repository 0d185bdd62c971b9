//! Custom roles: what they may grant, and what they then do.

use super::{RuleRole, Rulebook, resolve};
use crate::blueprint::{CustomRoles, objections};
use crate::grant::{Actions, Grant, On};
use crate::mistake::{Mistake, suggest};
use crate::scope::Scopes;
use crate::workspace::CustomRole;

impl Rulebook {
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
            mistakes.extend(self.check_custom(grant, &rules).into_iter().map(
                |(message, hint)| {
                    Mistake::unplaced(format!("role `{}`, `{grant}`: {message}", role.id), hint)
                },
            ));
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        Ok(self.keep_role(RuleRole {
            id: role.id.clone(),
            is_custom: true,
            scopes: self.resolve_custom(&role.grants, &rules.actions),
            treatment: rules.visibility,
            has_levels: rules.has_levels,
        }))
    }

    /// A wildcard in a custom role stands for the actions that custom roles may grant.
    fn resolve_custom(&self, grants: &[Grant], actions: &[String]) -> Box<[Scopes]> {
        let mut scopes = resolve(grants, &self.catalog);
        for (place, cell) in scopes.iter_mut().zip(self.catalog.cells()) {
            if !actions.is_empty()
                && !actions.iter().any(|key| key == self.catalog.action(cell))
            {
                *place = Scopes::NONE;
            }
        }
        scopes.into()
    }

    fn check_custom(
        &self,
        grant: &Grant,
        rules: &CustomRoles,
    ) -> Vec<(String, Option<String>)> {
        let found = objections(grant, &self.catalog.resources, self.blueprint.layers());
        let mut found: Vec<_> = found.into_iter().map(|bad| (bad.message, bad.hint)).collect();
        let resources =
            |key: &String| !rules.resources.is_empty() && !rules.resources.contains(key);
        match &grant.on {
            On::Named(keys) => {
                found.extend(keys.iter().filter(|key| resources(key)).map(|key| {
                    let hint = suggest(key, rules.resources.iter().map(String::as_str));
                    (format!("a custom role cannot grant on `{key}`"), hint)
                }));
            }
            On::Everything | On::Kind(_) if !rules.resources.is_empty() => {
                let hint = Some("name the resources".to_owned());
                found.push((format!("a custom role cannot grant on `{}`", grant.on), hint));
            }
            On::Everything | On::Kind(_) => {}
        }
        if let Actions::Named(keys) = &grant.actions {
            let barred =
                |key: &&String| !rules.actions.is_empty() && !rules.actions.contains(key);
            found.extend(keys.iter().filter(barred).map(|key| {
                let hint = suggest(key, rules.actions.iter().map(String::as_str));
                (format!("a custom role cannot grant the action `{key}`"), hint)
            }));
        }
        if !rules.scopes.contains(&grant.scope) {
            let scopes = rules.scopes.iter().map(|scope| scope.word());
            let hint = suggest(grant.scope.word(), scopes.collect::<Vec<_>>());
            found.push((format!("a custom role cannot use the scope `{}`", grant.scope), hint));
        }
        found
    }
}
