//! Reads grants in blueprints and checks them against what the blueprint declares.

use super::log::Spot;
use super::read::Section;
use super::resource::Resource;
use crate::grant::{Actions, Grant, GrantTarget};
use crate::scope::Scope;
use crate::text::listed;
use crate::text::suggestion;

/// What grants may name: the resources, and the scopes whose layer is in use.
pub(crate) struct Context<'t> {
    pub(crate) resources: &'t [Resource],
    pub(crate) layers: Layers,
}

/// Which optional layers a blueprint uses.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Layers {
    pub(crate) teams: bool,
    pub(crate) departments: bool,
    pub(crate) managers: bool,
    pub(crate) visibility: bool,
}

/// One thing that is wrong with a grant.
pub(crate) struct Objection {
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

/// Reads a list of permission strings; those with mistakes are reported and left out.
pub(crate) fn read_grants(
    section: &Section<'_>,
    key: &'static str,
    context: &Context<'_>,
) -> Vec<Grant> {
    let spots = section.texts(key).unwrap_or_default();
    let told = spots.iter().take_while(|_| !section.log.is_full());
    told.filter_map(|spot| read_grant(section, spot, context)).collect()
}

fn read_grant(
    section: &Section<'_>,
    spot: &Spot<String>,
    context: &Context<'_>,
) -> Option<Grant> {
    let grant: Grant = match spot.value.parse() {
        Ok(grant) => grant,
        Err(bad) => {
            let bad: crate::grant::GrantError = bad;
            section.log.mistake(spot.at, bad.message, bad.hint);
            return None;
        }
    };
    let objections = objections(&grant, context.resources, context.layers);
    let is_fine = objections.is_empty();
    for objection in objections {
        section.log.mistake(spot.at, objection.message, objection.hint);
    }
    is_fine.then_some(grant)
}

/// Everything that is wrong with a grant, given what there is.
pub(crate) fn objections(
    grant: &Grant,
    resources: &[Resource],
    layers: Layers,
) -> Vec<Objection> {
    let mut found = unknown_resources(grant, resources);
    found.extend(unknown_actions(grant, resources));
    found.extend(unowned_resource(grant, resources));
    found.extend(unused_layer(grant.scope, layers));
    found
}

fn unknown_resources(grant: &Grant, resources: &[Resource]) -> Vec<Objection> {
    let GrantTarget::Named(keys) = &grant.on else { return Vec::new() };
    let unknown = keys.iter().filter(|key| !resources.iter().any(|known| known.key == **key));
    unknown
        .map(|key| Objection {
            message: format!("unknown resource `{key}`"),
            hint: suggestion(key, resources.iter().map(|known| known.key.as_str())),
        })
        .collect()
}

fn unknown_actions(grant: &Grant, resources: &[Resource]) -> Vec<Objection> {
    let Actions::Named(keys) = &grant.actions else { return Vec::new() };
    let on: Vec<&Resource> = resources.iter().filter(|known| known.is_on(grant)).collect();
    let each = matches!(grant.on, GrantTarget::Named(_));
    let mut found = Vec::new();
    for key in keys {
        let lacking = || on.iter().filter(|resource| resource.action(key).is_none());
        if each {
            found.extend(lacking().map(|resource| Objection {
                message: format!("unknown action `{key}` of `{}`", resource.key),
                hint: suggestion(
                    key,
                    resource.actions.iter().map(|action| action.key.as_str()),
                ),
            }));
        } else if lacking().count() == on.len() {
            let actions = on.iter().flat_map(|resource| &resource.actions);
            found.push(Objection {
                message: format!(
                    "unknown action `{key}`: no resource of `{}` has it",
                    grant.on
                ),
                hint: suggestion(key, actions.map(|action| action.key.as_str())),
            });
        }
    }
    found
}

fn unowned_resource(grant: &Grant, resources: &[Resource]) -> Vec<Objection> {
    if grant.scope == Scope::All {
        return Vec::new();
    }
    let lacking = |resource: &&Resource| resource.is_on(grant) && !resource.scoped;
    let keys: Vec<&str> =
        resources.iter().filter(lacking).map(|known| known.key.as_str()).collect();
    if keys.is_empty() {
        return Vec::new();
    }
    let hint = match grant.on {
        GrantTarget::Named(_) | GrantTarget::ResourceKind(_) => "write the scope `all`",
        GrantTarget::Everything => "write `@records`, or the scope `all`",
    };
    vec![Objection {
        message: format!("{} has no owner, so no scope `{}`", listed(keys), grant.scope),
        hint: Some(hint.to_owned()),
    }]
}

/// Says that a scope speaks of a layer that the blueprint does not use.
pub(crate) fn unused_layer(scope: Scope, layers: Layers) -> Option<Objection> {
    let (is_used, table) = match scope {
        Scope::Own | Scope::Unowned | Scope::All => return None,
        Scope::Assigned => (layers.managers, "managers"),
        Scope::Team => (layers.teams, "teams"),
        Scope::Department => (layers.departments, "departments"),
        Scope::Visible => (layers.visibility, "visibility"),
    };
    (!is_used).then(|| Objection {
        message: format!("the scope `{scope}` means nothing here"),
        hint: Some(format!("declare `[{table}]`, or choose another scope")),
    })
}
