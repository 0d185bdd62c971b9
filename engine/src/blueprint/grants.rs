//! Reads the grants in a blueprint and checks them against what it declares.

use super::layers::Layers;
use super::log::Located;
use super::resource::Resource;
use super::section::Section;
use crate::grant::{Actions, Grant, GrantError, GrantTarget};
use crate::scope::Scope;
use crate::text::{listed, suggestion};

/// What grants are checked against: the resources, and the layers that scopes need.
pub(crate) struct Context<'t> {
    pub(crate) resources: &'t [Resource],
    pub(crate) layers: Layers,
}

/// Reads a list of permission strings; invalid ones are reported and left out.
pub(crate) fn read_grants(
    section: &Section<'_>,
    key: &'static str,
    context: &Context<'_>,
) -> Vec<Grant> {
    let texts = section.texts(key).unwrap_or_default();
    let read = texts.iter().take_while(|_| !section.log.is_full());
    read.filter_map(|text| read_grant(section, text, context)).collect()
}

fn read_grant(
    section: &Section<'_>,
    text: &Located<String>,
    context: &Context<'_>,
) -> Option<Grant> {
    let parsed = text.value.parse().map_err(|error: GrantError| vec![error]);
    let checked = parsed.and_then(|grant| {
        let errors = check_grant(&grant, context.resources, context.layers);
        if errors.is_empty() { Ok(grant) } else { Err(errors) }
    });
    match checked {
        Ok(grant) => Some(grant),
        Err(errors) => {
            for error in errors {
                section.log.add(text.at, error.message, error.hint);
            }
            None
        }
    }
}

/// Checks a grant against the resources and layers; returns everything that is wrong with it.
pub(crate) fn check_grant(
    grant: &Grant,
    resources: &[Resource],
    layers: Layers,
) -> Vec<GrantError> {
    let mut errors = unknown_resources(grant, resources);
    errors.extend(unknown_actions(grant, resources));
    errors.extend(check_owners(grant, resources));
    errors.extend(layers.check_scope(grant.scope));
    errors
}

pub(crate) fn unknown_resources(grant: &Grant, resources: &[Resource]) -> Vec<GrantError> {
    let GrantTarget::Named(keys) = &grant.on else { return Vec::new() };
    let unknown = keys.iter().filter(|key| !resources.iter().any(|known| known.key == **key));
    unknown
        .map(|key| GrantError {
            message: format!("unknown resource `{key}`"),
            hint: suggestion(key, resources.iter().map(|known| known.key.as_str())),
        })
        .collect()
}

/// Each named resource must have each action; of a wildcard, one resource has to.
pub(crate) fn unknown_actions(grant: &Grant, resources: &[Resource]) -> Vec<GrantError> {
    let Actions::Named(keys) = &grant.actions else { return Vec::new() };
    let on: Vec<&Resource> = resources.iter().filter(|known| known.is_on(grant)).collect();
    let is_wildcard = !matches!(grant.on, GrantTarget::Named(_));
    let mut errors = Vec::new();
    for key in keys {
        let lacking = || on.iter().filter(|resource| resource.action(key).is_none());
        if !is_wildcard {
            errors.extend(lacking().map(|resource| GrantError {
                message: format!("unknown action `{key}` of `{}`", resource.key),
                hint: suggestion(
                    key,
                    resource.actions.iter().map(|action| action.key.as_str()),
                ),
            }));
        } else if lacking().count() == on.len() {
            let actions = on.iter().flat_map(|resource| &resource.actions);
            errors.push(GrantError {
                message: format!(
                    "unknown action `{key}`: no resource of `{}` has it",
                    grant.on
                ),
                hint: suggestion(key, actions.map(|action| action.key.as_str())),
            });
        }
    }
    errors
}

/// A scope other than `all` needs records with owners.
pub(crate) fn check_owners(grant: &Grant, resources: &[Resource]) -> Option<GrantError> {
    let lacks_owners = |resource: &&Resource| resource.is_on(grant) && !resource.scoped;
    let keys: Vec<&str> =
        resources.iter().filter(lacks_owners).map(|known| known.key.as_str()).collect();
    if grant.scope == Scope::All || keys.is_empty() {
        return None;
    }
    let hint = match grant.on {
        GrantTarget::Named(_) | GrantTarget::ResourceKind(_) => "use the scope `all`",
        GrantTarget::Everything => "use `@records`, or the scope `all`",
    };
    Some(GrantError {
        message: format!(
            "the scope `{}` needs owners, which {} lack{}",
            grant.scope,
            listed(&keys),
            if keys.len() == 1 { "s" } else { "" }
        ),
        hint: Some(hint.to_owned()),
    })
}
