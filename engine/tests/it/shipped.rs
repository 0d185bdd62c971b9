//! Reads the shipped blueprints into the reference's model, independently of the engine.

use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;

use crate::model::CustomRule;
use crate::model::KINDS;
use crate::model::Level;
use crate::model::Model;
use crate::model::Permission;
use crate::model::Profile;
use crate::model::Resource;
use crate::model::ResourceKind;
use crate::model::Role;
use crate::model::Scope;
use crate::model::Switch;

/// The shipped blueprints: ids and texts.
pub(crate) const SHIPPED: [(&str, &str); 6] = [
    ("harmonia", include_str!("../../../blueprints/harmonia.toml")),
    ("harmony", include_str!("../../../blueprints/harmony.toml")),
    ("hari", include_str!("../../../blueprints/hari.toml")),
    ("team-management", include_str!("../../../blueprints/team-management.toml")),
    ("halo", include_str!("../../../blueprints/halo.toml")),
    ("standard", include_str!("../../../blueprints/standard.toml")),
];

type Value<'t> = Spanned<DeValue<'t>>;

/// The model of a blueprint, and its profile templates.
pub(crate) fn read(text: &str) -> (Model, Vec<Profile>) {
    let file = DeTable::parse(text).unwrap().into_inner();
    let actions = |table: &DeTable<'_>| {
        texts(table, "actions").map(|list| list.iter().map(key_of).collect())
    };
    let model = Model {
        resources: resources(&file),
        roles: tables(&file, "roles")
            .into_iter()
            .map(|(key, role)| read_role(key, role))
            .collect(),
        custom: table(&file, "custom_roles").map(read_custom),
        unowned_is_visible: table(&file, "unowned").is_some_and(|rule| flag(rule, "visible")),
        teams: table(&file, "teams").is_some(),
        profiles: table(&file, "profiles").is_some(),
        departments: table(&file, "departments").is_some(),
        managers: table(&file, "managers").is_some(),
        visibility: table(&file, "visibility").is_some(),
        billing: table(&file, "billing_contact").map(|rule| permissions(rule, "grants")),
        switches: tables(&file, "switches")
            .into_iter()
            .map(|(key, one)| read_switch(key, one))
            .collect(),
        entity_actions: table(&file, "custom_entities").map(|rule| {
            actions(rule).unwrap_or_else(|| default_actions(ResourceKind::Records))
        }),
    };
    let templates = table(&file, "profiles").map(|rule| tables(rule, "templates"));
    let templates = templates.into_iter().flatten();
    (model, templates.map(|(key, template)| read_template(key, template)).collect())
}

fn find<'t>(table: &'t DeTable<'t>, key: &str) -> Option<&'t Value<'t>> {
    table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
}

fn table<'t>(table: &'t DeTable<'t>, key: &str) -> Option<&'t DeTable<'t>> {
    find(table, key).map(|value| value.get_ref().as_table().unwrap())
}

/// The tables under a key in the order of the text.
fn tables<'t>(parent: &'t DeTable<'t>, key: &str) -> Vec<(String, &'t DeTable<'t>)> {
    let mut found: Vec<_> = table(parent, key).into_iter().flatten().collect();
    found.sort_by_key(|(name, _)| name.span().start);
    let tables = found.into_iter();
    tables
        .map(|(key, value)| (key.get_ref().to_string(), value.get_ref().as_table().unwrap()))
        .collect()
}

fn text(table: &DeTable<'_>, key: &str) -> Option<String> {
    find(table, key).map(|value| value.get_ref().as_str().unwrap().to_owned())
}

fn texts(table: &DeTable<'_>, key: &str) -> Option<Vec<String>> {
    let list = find(table, key)?.get_ref().as_array().unwrap().iter();
    Some(list.map(|text| text.get_ref().as_str().unwrap().to_owned()).collect())
}

fn flag(table: &DeTable<'_>, key: &str) -> bool {
    find(table, key).is_some_and(|value| value.get_ref().as_bool().unwrap())
}

fn rows<'t>(table: &'t DeTable<'t>, key: &str) -> Vec<&'t DeTable<'t>> {
    let list = find(table, key).map(|value| value.get_ref().as_array().unwrap());
    list.into_iter().flatten().map(|row| row.get_ref().as_table().unwrap()).collect()
}

fn permissions(table: &DeTable<'_>, key: &str) -> Vec<Permission> {
    texts(table, key).into_iter().flatten().map(|text| Permission::of(&text)).collect()
}

/// `close` of `close = Close it`.
#[expect(clippy::ptr_arg, reason = "it is mapped over texts")]
fn key_of(action: &String) -> String {
    action.split('=').next().unwrap().trim().to_owned()
}

fn default_actions(kind: ResourceKind) -> Vec<String> {
    let keys: &[&str] = match kind {
        ResourceKind::Records => &["create", "read", "update", "delete"],
        ResourceKind::Modules | ResourceKind::Settings => &["read", "update"],
    };
    keys.iter().map(|key| (*key).to_owned()).collect()
}

fn resources(file: &DeTable<'_>) -> Vec<Resource> {
    let mut found = Vec::new();
    for (kind, word) in KINDS {
        for (key, declared) in tables(file, word) {
            let actions = texts(declared, "actions");
            let actions: Vec<String> = actions.map_or_else(
                || default_actions(kind),
                |list| list.iter().map(key_of).collect(),
            );
            let read = text(declared, "read").unwrap_or_else(|| "read".to_owned());
            found.push(Resource {
                read: Some(read).filter(|read| actions.contains(read)),
                scoped: kind == ResourceKind::Records || flag(declared, "scoped"),
                ladder: rows(declared, "ladder").into_iter().map(read_level).collect(),
                key,
                kind,
                actions,
            });
        }
    }
    found
}

fn read_level(row: &DeTable<'_>) -> Level {
    Level {
        level: text(row, "level").unwrap(),
        actions: texts(row, "actions").unwrap(),
        scope: text(row, "scope").map_or(Scope::All, |word| Scope::of(&word)),
    }
}

fn is_bounded(table: &DeTable<'_>) -> bool {
    text(table, "visibility").is_some_and(|word| word == "bounds")
}

fn read_role(key: String, role: &DeTable<'_>) -> Role {
    Role {
        key,
        grants: permissions(role, "grants"),
        bounded: is_bounded(role),
        levels: flag(role, "levels"),
    }
}

fn read_custom(rule: &DeTable<'_>) -> CustomRule {
    CustomRule {
        resources: texts(rule, "resources").unwrap_or_default(),
        actions: texts(rule, "actions").unwrap_or_default(),
        scopes: texts(rule, "scopes").unwrap().iter().map(|word| Scope::of(word)).collect(),
        bounded: is_bounded(rule),
        levels: flag(rule, "levels"),
    }
}

fn read_switch(key: String, switch: &DeTable<'_>) -> Switch {
    let replaces = rows(switch, "replaces").into_iter();
    Switch {
        key,
        starts_on: flag(switch, "starts_on"),
        adds: permissions(switch, "adds"),
        replaces: replaces
            .map(|row| (text(row, "role").unwrap(), permissions(row, "grants")))
            .collect(),
        counts_indirect_reports: flag(switch, "counts_indirect_reports"),
    }
}

fn read_template(key: String, template: &DeTable<'_>) -> Profile {
    let mut cells = Vec::new();
    for (resource, row) in tables(template, "grants") {
        for (action, far) in row {
            let word = far.get_ref().as_str().unwrap();
            let far = (word != "none").then(|| Scope::of(word));
            cells.push((resource.clone(), action.get_ref().to_string(), far));
        }
    }
    Profile { id: key, cells }
}
