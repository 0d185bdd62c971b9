//! Random access models, with every part of a blueprint that decisions depend on.

use crate::model::CustomRule;
use crate::model::Doing;
use crate::model::GrantTarget;
use crate::model::Level;
use crate::model::Model;
use crate::model::Permission;
use crate::model::Resource;
use crate::model::ResourceKind;
use crate::model::Role;
use crate::model::SCOPES;
use crate::model::Scope;
use crate::model::Switch;
use crate::rng::Rng;

const ACTIONS: [&str; 7] = ["create", "read", "update", "delete", "close", "claim", "share"];

/// The layers that a model uses, which decide about its scopes.
#[expect(clippy::struct_excessive_bools, reason = "each layer is used or not")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layers {
    pub(crate) teams: bool,
    pub(crate) departments: bool,
    pub(crate) managers: bool,
    pub(crate) visibility: bool,
}

impl Layers {
    pub(crate) fn of(model: &Model) -> Layers {
        let Model { teams, departments, managers, visibility, .. } = *model;
        Layers { teams, departments, managers, visibility }
    }

    pub(crate) fn scopes(self) -> Vec<Scope> {
        let means_something = |scope: &Scope| match scope {
            Scope::Own | Scope::Unowned | Scope::All => true,
            Scope::Assigned => self.managers,
            Scope::Team => self.teams,
            Scope::Department => self.departments,
            Scope::Visible => self.visibility,
        };
        SCOPES.iter().map(|(scope, _)| *scope).filter(means_something).collect()
    }
}

/// A random valid model.
pub(crate) fn model(rng: &mut Rng) -> Model {
    let layers = Layers {
        teams: rng.percent(80),
        departments: rng.percent(75),
        managers: rng.percent(75),
        visibility: rng.percent(75),
    };
    let scopes = layers.scopes();
    let resources = resources(rng, &scopes);
    let mut roles = Vec::new();
    for number in 0..rng.between(1, 4) {
        let most = if number == 0 { 3 } else { 5 };
        roles.push(Role {
            key: format!("role{number}"),
            grants: permissions(rng, &resources, &scopes, None, most),
            bounded: layers.visibility && rng.percent(35),
            levels: rng.percent(60),
        });
    }
    let custom = rng.percent(70).then(|| custom_rule(rng, &resources, layers));
    let billing = rng.percent(60).then(|| permissions(rng, &resources, &scopes, None, 2));
    let switches = switches(rng, &resources, &roles, layers);
    let entity_actions = rng.percent(50).then(|| {
        let mut actions = actions(rng);
        if !actions.iter().any(|action| action == "read") {
            actions.push("read".to_owned());
        }
        actions
    });
    Model {
        resources,
        roles,
        custom,
        unowned_is_visible: rng.percent(50),
        teams: layers.teams,
        profiles: layers.teams && rng.percent(85),
        departments: layers.departments,
        managers: layers.managers,
        visibility: layers.visibility,
        billing,
        switches,
        entity_actions,
    }
}

fn actions(rng: &mut Rng) -> Vec<String> {
    let words: Vec<String> = ACTIONS.iter().map(|word| (*word).to_owned()).collect();
    let mut some = rng.at_least_one(&words, 55);
    rng.shuffle(&mut some);
    some
}

fn resources(rng: &mut Rng, scopes: &[Scope]) -> Vec<Resource> {
    let mut found = Vec::new();
    for (kind, keys) in [
        (ResourceKind::Records, ["contacts", "deals", "tickets"]),
        (ResourceKind::Modules, ["charts", "figures", "assistant"]),
        (ResourceKind::Settings, ["safety", "labels", "fields"]),
    ] {
        let first = usize::from(kind == ResourceKind::Records);
        for key in &keys[..rng.between(first, keys.len() - 1)] {
            found.push(resource(rng, key, kind, scopes));
        }
    }
    rng.shuffle(&mut found);
    found
}

fn resource(rng: &mut Rng, key: &str, kind: ResourceKind, scopes: &[Scope]) -> Resource {
    let actions = actions(rng);
    let usual = actions.iter().find(|action| *action == "read").cloned();
    let read = if rng.percent(20) { Some(rng.pick(&actions).clone()) } else { usual };
    let says_whose =
        kind == ResourceKind::Records || (kind == ResourceKind::Modules && rng.percent(60));
    // A resource with owners needs a read action.
    let read = read.or_else(|| says_whose.then(|| rng.pick(&actions).clone()));
    let levels = if rng.percent(60) { rng.between(1, 3) } else { 0 };
    let ladder = (0..levels).map(|number| Level {
        level: format!("level{number}"),
        actions: rng.some(&actions, 50),
        scope: if kind == ResourceKind::Records { *rng.pick(scopes) } else { Scope::All },
    });
    Resource {
        key: key.to_owned(),
        kind,
        read,
        scoped: says_whose,
        ladder: ladder.collect(),
        actions,
    }
}

fn custom_rule(rng: &mut Rng, resources: &[Resource], layers: Layers) -> CustomRule {
    let keys: Vec<String> = resources.iter().map(|resource| resource.key.clone()).collect();
    let mut known: Vec<String> =
        resources.iter().flat_map(|resource| resource.actions.clone()).collect();
    known.sort();
    known.dedup();
    CustomRule {
        resources: if rng.percent(30) { rng.at_least_one(&keys, 60) } else { Vec::new() },
        actions: if rng.percent(30) { rng.at_least_one(&known, 60) } else { Vec::new() },
        scopes: rng.at_least_one(&layers.scopes(), 70),
        bounded: layers.visibility && rng.percent(60),
        levels: rng.percent(60),
    }
}

fn switches(
    rng: &mut Rng,
    resources: &[Resource],
    roles: &[Role],
    layers: Layers,
) -> Vec<Switch> {
    let scopes = layers.scopes();
    let mut found = Vec::new();
    for number in 0..rng.between(0, 3) {
        let adds = usize::from(rng.percent(40));
        let touched = rng.some(roles, 30);
        let replaces = touched
            .into_iter()
            .map(|role| (role.key, permissions(rng, resources, &scopes, None, 4)));
        found.push(Switch {
            key: format!("switch{number}"),
            replaces: replaces.collect(),
            starts_on: rng.percent(30),
            adds: permissions(rng, resources, &scopes, None, adds),
            counts_indirect_reports: layers.managers && rng.percent(40),
        });
    }
    found
}

/// Random permissions that are valid for the resources and the rules for custom roles.
pub(crate) fn permissions(
    rng: &mut Rng,
    resources: &[Resource],
    scopes: &[Scope],
    rule: Option<&CustomRule>,
    most: usize,
) -> Vec<Permission> {
    let count = rng.between(0, most);
    (0..count).filter_map(|_| permission(rng, resources, scopes, rule)).collect()
}

fn permission(
    rng: &mut Rng,
    resources: &[Resource],
    scopes: &[Scope],
    rule: Option<&CustomRule>,
) -> Option<Permission> {
    let scope = *rng.pick(scopes);
    let named_only = rule.is_some_and(|rule| !rule.resources.is_empty());
    let may_name = |resource: &&Resource| {
        let allowed = rule.is_none_or(|rule| {
            rule.resources.is_empty() || rule.resources.contains(&resource.key)
        });
        allowed && (scope == Scope::All || resource.scoped)
    };
    let on = match rng.below(6) {
        0 if !named_only => GrantTarget::Everything,
        1 if !named_only => GrantTarget::ResourceKind(*rng.pick(&[
            ResourceKind::Records,
            ResourceKind::Records,
            ResourceKind::Modules,
        ])),
        _ => {
            let keys: Vec<String> =
                resources.iter().filter(may_name).map(|known| known.key.clone()).collect();
            GrantTarget::Named(rng.at_least_one(&keys, 40))
        }
    };
    let mut permission = Permission { on, doing: Doing::Everything, scope };
    let meant: Vec<&Resource> =
        resources.iter().filter(|resource| permission.is_on(resource)).collect();
    if meant.is_empty() || (scope != Scope::All && meant.iter().any(|known| !known.scoped)) {
        return None;
    }
    let is_named = matches!(permission.on, GrantTarget::Named(_));
    let has =
        |resource: &&&Resource, action: &str| resource.actions.iter().any(|one| one == action);
    let fits = |action: &&str| {
        let holders = meant.iter().filter(|resource| has(resource, action)).count();
        let allowed = rule.is_none_or(|rule| {
            rule.actions.is_empty() || rule.actions.iter().any(|known| known == action)
        });
        allowed && if is_named { holders == meant.len() } else { holders > 0 }
    };
    let fitting: Vec<String> =
        ACTIONS.iter().copied().filter(fits).map(str::to_owned).collect();
    if !fitting.is_empty() && rng.percent(75) {
        permission.doing = Doing::Named(rng.at_least_one(&fitting, 45));
    }
    Some(permission)
}
