//! Harmony: roles are lists of permission strings.

use std::collections::BTreeSet;

use hallpass_engine::{CUSTOM, Grant, Member, Policy, ResourceKind, Scope};

use super::{
    WorkspaceBuilder, assignable_roles, blueprint, changeable_roles, granted, in_teams, may,
    opens, put, reach_of, rights, role_names, set, text,
};

const EVERY_OWNER: &str = "anna ben cleo unowned nonmember";

/// Anna has a custom role, Ben is in her team, Cleo in no team.
fn workspace(grants: &[&str]) -> WorkspaceBuilder {
    let builder = WorkspaceBuilder::new("harmony").role("made", grants).team("sales", None);
    let builder = builder.with(in_teams("anna", "made", &["sales"]));
    builder.with(in_teams("ben", "member", &["sales"])).with(Member::new("cleo", "member"))
}

/// A role with every permission except those of a resource, some of which are granted.
fn without(resource: &str, spared: &[&str]) -> Policy {
    let others = blueprint("harmony").resources.clone().into_iter();
    let others = others.filter(|known| known.key != resource);
    let mut grants: Vec<String> = others.map(|known| format!("{}:*:all", known.key)).collect();
    grants.extend(spared.iter().map(|grant| (*grant).to_owned()));
    workspace(&grants.iter().map(String::as_str).collect::<Vec<_>>()).compile()
}

/// HARMONY-25
#[test]
fn no_role_is_called_owner() {
    let blueprint = blueprint("harmony");
    let mut names = blueprint.roles.iter().flat_map(|role| [&role.key, &role.name]);
    assert!(names.all(|name| !name.to_lowercase().contains("owner")));
    assert_eq!(blueprint.top_role().map(|role| role.name.as_str()), Some("Admin"));
    let error =
        WorkspaceBuilder::new("harmony").with(Member::new("anna", "owner")).compile_error();
    assert!(error.contains("unknown role `owner`"), "{error}");
}

/// HARMONY-26
#[test]
fn every_workspace_has_the_built_in_admin() {
    let policy = WorkspaceBuilder::new("harmony").with(Member::new("anna", "admin")).compile();
    assert!(
        role_names(policy.blueprint()).contains(&"Admin")
            && may(&policy, "anna", "users:create")
    );
    let replaced =
        WorkspaceBuilder::new("harmony").role("admin", &["contacts:read:own"]).compile_error();
    assert!(replaced.contains("the role `admin` is built in"), "{replaced}");
}

/// Areas of settings that an Admin may open, with a verb for each.
const SETTINGS: [(&str, &str); 12] = [
    ("general", "update"),
    ("branding", "update"),
    ("members", "create"),
    ("teams", "create"),
    ("roles", "create"),
    ("integrations", "update"),
    ("intelligence", "update"),
    ("schema", "update"),
    ("security", "update"),
    ("authentication", "update"),
    ("audit", "read"),
    ("billing", "update"),
];

/// HARMONY-27: only Admins may assign the role Admin.
#[test]
fn settings_are_open_to_holders_of_the_admin_role() {
    let builder = WorkspaceBuilder::new("harmony").with(Member::new("anna", "admin"));
    let before = builder.with(Member::new("ben", "member")).compile();
    let after = put(&before, Member::new("ben", "admin"));
    for (area, verb) in SETTINGS {
        assert!(opens(&before, "anna", area, verb), "{area} {verb}");
        assert!(!opens(&before, "ben", area, verb), "{area} {verb}");
        assert!(opens(&after, "ben", area, verb), "{area} {verb}");
    }
    for resource in
        before.resources().iter().filter(|known| known.kind == ResourceKind::Settings)
    {
        for action in &resource.actions {
            let right = format!("{}:{}", resource.key, action.key);
            assert!(!may(&before, "ben", &right), "{right}");
            assert!(may(&after, "ben", &right), "{right}");
        }
    }
    assert_eq!(assignable_roles(&before, "anna"), format!("admin member {CUSTOM}"));
    assert_eq!(changeable_roles(&before, "anna"), format!("admin member {CUSTOM}"));
    assert_eq!(
        (assignable_roles(&before, "ben"), changeable_roles(&before, "ben")),
        (String::new(), String::new())
    );
    let users = workspace_of_users();
    assert!(
        !assignable_roles(&users, "anna").contains("admin")
            && !changeable_roles(&users, "anna").contains("admin")
    );
}

/// The custom role of Anna manages users and roles, but is not Admin.
fn workspace_of_users() -> Policy {
    workspace(&["users:*:all", "roles:*:all"]).compile()
}

/// HARMONY-28: including those added later.
#[test]
fn an_admin_has_every_permission() {
    let later =
        format!("{}\n[records.boats]\nactions = [\"read\", \"sail\"]\n", text("harmony"));
    let builder = WorkspaceBuilder::from_text(&later).with(Member::new("anna", "admin"));
    let policy = builder.with(Member::new("ben", "member")).compile();
    let every = rights(&policy);
    assert!(every.contains(&"boats:sail".to_owned()));
    for right in every {
        assert_eq!(reach_of(&policy, "anna", &right), "anna ben unowned nonmember", "{right}");
    }
    assert_eq!(reach_of(&policy, "ben", "boats:sail"), "");
}

/// HARMONY-29
#[test]
fn a_permission_grants_one_capability_and_nothing_else() {
    let policy = workspace(&["organization:update:all"]).compile();
    assert_eq!(granted(&policy, "anna"), set(["organization:update"]));
    assert!(opens(&policy, "anna", "general", "update"));
    let policy = workspace(&["billing:read:all", "contacts:read:own"]).compile();
    assert_eq!(granted(&policy, "anna"), set(["billing:read", "contacts:read"]));
}

/// The permission that controls a capability: id, permission, the other grants on its resource,
/// the verbs of the area.
type Control = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
);

const CONTROLS: [Control; 5] = [
    (
        "HARMONY-30",
        "organization:update:all",
        &["organization:read:all"],
        &[("general", "update")],
    ),
    (
        "HARMONY-31",
        "roles:*:all",
        &[],
        &[("roles", "read"), ("roles", "create"), ("roles", "update"), ("roles", "delete")],
    ),
    (
        "HARMONY-32",
        "integrations:*:all",
        &[],
        &[("integrations", "read"), ("integrations", "update"), ("webhooks", "create")],
    ),
    (
        "HARMONY-33",
        "billing:*:all",
        &[],
        &[("billing", "read"), ("billing", "update"), ("billing", "plan")],
    ),
    // Logo and name of the organization; without the permission the page can only be read.
    (
        "HARMONY-66",
        "organization:update:all",
        &["organization:read:all"],
        &[("branding", "update")],
    ),
];

#[test]
fn a_capability_requires_its_permission() {
    for (id, permission, spared, areas) in CONTROLS {
        let resource = permission.split(':').next().unwrap();
        let (with, without) = (workspace(&[permission]).compile(), without(resource, spared));
        for (area, verb) in areas {
            assert!(opens(&with, "anna", area, verb), "{id}: {area} {verb} with {permission}");
            assert!(
                !opens(&without, "anna", area, verb),
                "{id}: {area} {verb} without {permission}"
            );
        }
        assert!(granted(&with, "anna").iter().all(|right| right.starts_with(resource)), "{id}");
        assert!(!opens(&with, "cleo", areas[0].0, areas[0].1), "{id}: another member");
    }
    let reader = workspace(&["organization:read:all"]).compile();
    assert!(opens(&reader, "anna", "branding", "read"), "HARMONY-66");
}

/// HARMONY-34
#[test]
fn permissions_are_resource_action_and_scope() {
    let written: Grant = "roles:*:all".parse().unwrap();
    assert_eq!(written.to_string(), "roles:*:all");
    let policy = workspace(&["roles:*:all", "contacts:read:own"]).compile();
    let star =
        set(["roles:read", "roles:create", "roles:update", "roles:delete", "contacts:read"]);
    assert_eq!(granted(&policy, "anna"), star);
    assert_eq!(reach_of(&policy, "anna", "contacts:read"), "anna");
    let known = blueprint("harmony");
    let words = known.resources.iter().flat_map(|resource| &resource.actions);
    let words: BTreeSet<&str> = words.map(|action| action.key.as_str()).collect();
    let six = ["approve", "create", "delete", "execute", "read", "update"];
    assert_eq!(words.into_iter().collect::<Vec<_>>(), six);
    for wrong in
        ["roles", "roles:create", "roles:create:all:now", "roles:create:some", "roles::all"]
    {
        assert!(wrong.parse::<Grant>().is_err(), "{wrong}");
    }
    let unknown =
        WorkspaceBuilder::new("harmony").role("made", &["roles:fly:all"]).compile_error();
    assert!(unknown.contains("unknown action `fly` of `roles`"), "{unknown}");
}

/// HARMONY-35: for every action on every resource with owners.
#[test]
fn all_includes_team_and_team_includes_own() {
    let known = blueprint("harmony");
    assert_eq!(
        known.custom_roles.as_ref().unwrap().scopes,
        [Scope::Own, Scope::Team, Scope::All]
    );
    for resource in known.resources.iter().filter(|resource| resource.scoped) {
        for action in &resource.actions {
            let right = format!("{}:{}", resource.key, action.key);
            for (scope, owners) in [("own", "anna"), ("team", "anna ben"), ("all", EVERY_OWNER)]
            {
                let reads = format!("{}:read:all", resource.key);
                let mut grants = vec![format!("{right}:{scope}")];
                grants.extend((action.key != "read").then_some(reads));
                let policy =
                    workspace(&grants.iter().map(String::as_str).collect::<Vec<_>>()).compile();
                assert_eq!(reach_of(&policy, "anna", &right), owners, "{right}:{scope}");
            }
        }
    }
    let barred = WorkspaceBuilder::new("harmony")
        .role("made", &["contacts:read:unowned"])
        .compile_error();
    assert!(barred.contains("cannot use the scope `unowned`"), "{barred}");
}
