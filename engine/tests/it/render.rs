//! Writes a model as a blueprint and a world as a workspace of the engine.

use std::fmt::Write as _;
use std::sync::Arc;

use hallpass_engine::Blueprint;
use hallpass_engine::Cells;
use hallpass_engine::CustomRole;
use hallpass_engine::Department;
use hallpass_engine::Member;
use hallpass_engine::Policy;
use hallpass_engine::Profile;
use hallpass_engine::Sharing;
use hallpass_engine::Visibility;
use hallpass_engine::Workspace;

use crate::model;
use crate::model::Model;
use crate::model::Permission;
use crate::model::Person;
use crate::model::Resource;
use crate::model::Scope;
use crate::model::VisibilityLevel;
use crate::model::World;

/// The text of a blueprint for a model.
pub(crate) fn blueprint_text(model: &Model) -> String {
    let mut text = "[blueprint]\nid = \"random\"\nname = \"Random\"\n".to_owned();
    for resource in &model.resources {
        write_resource(&mut text, resource);
    }
    for (number, role) in model.roles.iter().enumerate() {
        let rank = model.roles.len() - number;
        let _ = writeln!(text, "\n[roles.{}]\nrank = {rank}", role.key);
        if number == 0 {
            text.push_str("top = true\n");
        }
        write_permissions(&mut text, "grants", &role.grants);
        write_modes(&mut text, role.bounded, role.levels);
    }
    if let Some(rule) = &model.custom {
        text.push_str("\n[custom_roles]\nrank = 1\n");
        let scopes: Vec<&str> = rule.scopes.iter().map(|scope| scope.word()).collect();
        let _ = writeln!(text, "scopes = {scopes:?}");
        if !rule.resources.is_empty() {
            let _ = writeln!(text, "resources = {:?}", rule.resources);
        }
        if !rule.actions.is_empty() {
            let _ = writeln!(text, "actions = {:?}", rule.actions);
        }
        write_modes(&mut text, rule.bounded, rule.levels);
    }
    write_layers(&mut text, model);
    for switch in &model.switches {
        let _ = writeln!(text, "\n[switches.{}]\nstarts_on = {}", switch.key, switch.starts_on);
        write_permissions(&mut text, "adds", &switch.adds);
        let replaced = switch.replaces.iter();
        let rows: Vec<String> = replaced
            .map(|(role, grants)| {
                format!("{{ role = {role:?}, grants = {:?} }}", words(grants))
            })
            .collect();
        let _ = writeln!(text, "replaces = [{}]", rows.join(", "));
        if switch.counts_indirect_reports {
            text.push_str("counts_indirect_reports = true\n");
        }
    }
    text
}

fn words(permissions: &[Permission]) -> Vec<String> {
    permissions.iter().map(Permission::to_string).collect()
}

fn write_permissions(text: &mut String, key: &str, permissions: &[Permission]) {
    let _ = writeln!(text, "{key} = {:?}", words(permissions));
}

fn write_modes(text: &mut String, bounded: bool, levels: bool) {
    if bounded {
        text.push_str("visibility = \"bounds\"\n");
    }
    if levels {
        text.push_str("levels = true\n");
    }
}

fn write_resource(text: &mut String, resource: &Resource) {
    let Resource { key, kind, actions, read, scoped, ladder } = resource;
    let _ = writeln!(text, "\n[{}.{key}]\nactions = {actions:?}", kind.word());
    if let Some(read) = read.as_ref().filter(|read| *read != "read") {
        let _ = writeln!(text, "read = {read:?}");
    }
    if *scoped && *kind != model::ResourceKind::Records {
        text.push_str("scoped = true\n");
    }
    if !ladder.is_empty() {
        text.push_str("ladder = [\n");
        for declared in ladder {
            let model::Level { level, actions, scope } = declared;
            let scope = scope.word();
            let row =
                format!("{{ level = {level:?}, actions = {actions:?}, scope = {scope:?} }}");
            let _ = writeln!(text, "  {row},");
        }
        text.push_str("]\n");
    }
}

fn write_layers(text: &mut String, model: &Model) {
    let layers = [
        (model.teams, "[teams]"),
        (model.profiles, "[profiles]"),
        (model.departments, "[departments]"),
        (model.managers, "[managers]"),
        (model.visibility, "[visibility]"),
        (model.unowned_is_visible, "[unowned]\nvisible = true"),
    ];
    for (_, layer) in layers.iter().filter(|(is_used, _)| *is_used) {
        let _ = writeln!(text, "\n{layer}");
    }
    if let Some(actions) = &model.entity_actions {
        let _ = writeln!(text, "\n[custom_entities]\nactions = {actions:?}");
    }
    if let Some(grants) = &model.billing {
        text.push_str("\n[billing_contact]\n");
        write_permissions(text, "grants", grants);
    }
}

/// A scope of the engine.
pub(crate) fn scope(scope: Scope) -> hallpass_engine::Scope {
    hallpass_engine::Scope::parse(scope.word()).unwrap()
}

pub(crate) fn role((id, grants): &(String, Vec<Permission>)) -> CustomRole {
    let grants = grants.iter().map(|grant| grant.to_string().parse().unwrap());
    CustomRole { id: id.clone(), grants: grants.collect() }
}

pub(crate) fn profile(profile: &model::Profile) -> Profile {
    let mut cells = Cells::default();
    for (resource, action, far) in &profile.cells {
        cells.set(resource, action, far.map(scope));
    }
    Profile { id: profile.id.clone(), cells }
}

pub(crate) fn team(team: &model::Team) -> hallpass_engine::Team {
    hallpass_engine::Team {
        id: team.id.clone(),
        profile: team.profile.clone(),
        sharing: Sharing::parse(team.ceiling.word()).unwrap(),
    }
}

pub(crate) fn department((id, parent): &(String, Option<String>)) -> Department {
    Department { id: id.clone(), parent: parent.clone() }
}

pub(crate) fn member(person: &Person) -> Member {
    Member {
        id: person.id.clone(),
        role: person.role.clone(),
        is_active: person.active,
        teams: person.teams.clone(),
        department: person.department.clone(),
        manager: person.manager.clone(),
        visibility: match person.sight {
            VisibilityLevel::Own => Visibility::Own,
            VisibilityLevel::Department => Visibility::Department,
            VisibilityLevel::All => Visibility::All,
        },
        levels: person.levels.clone(),
        is_billing_contact: person.billing,
        is_service: false,
    }
}

/// A workspace of the engine for a world.
pub(crate) fn workspace(world: &World) -> Workspace {
    Workspace {
        switches: world.switches.clone(),
        entities: world.entities.clone(),
        roles: world.roles.iter().map(role).collect(),
        profiles: world.profiles.iter().map(profile).collect(),
        teams: world.teams.iter().map(team).collect(),
        departments: world.departments.iter().map(department).collect(),
        members: world.people.iter().map(member).collect(),
    }
}

/// Parses a valid blueprint.
pub(crate) fn blueprint(text: &str) -> Arc<Blueprint> {
    match Blueprint::parse(text) {
        Ok(blueprint) => Arc::new(blueprint),
        Err(mistakes) => panic!("the blueprint has mistakes:\n{mistakes}\n\n{text}"),
    }
}

/// Compiles a valid world.
pub(crate) fn compile(blueprint: &Arc<Blueprint>, world: &World) -> Policy {
    match Policy::compile(blueprint, &workspace(world)) {
        Ok(policy) => policy,
        Err(mistakes) => panic!("the world has mistakes:\n{mistakes}\n\n{world:#?}"),
    }
}
