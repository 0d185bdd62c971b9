//! Custom roles: permissions by module, on own or all records.

use std::collections::BTreeSet;

use hallpass_engine::{Change, Member, Policy, ResourceKind, Scope, Visibility};

use super::super::{
    WorkspaceBuilder, blueprint, custom, granted, may, put, reach_of, rights, set, sidebar,
};
use super::{EVERY_OWNER, LADDER, MODULES, departments, in_each_module, people, seeing};

const ACTIONS: [&str; 4] = ["read", "create", "update", "delete"];

/// Anna has a custom role, with the visibility that comes with it.
fn with_role(grants: &[&str]) -> Policy {
    let start = blueprint("team-management").custom_roles.clone().unwrap().start_visibility;
    people(seeing(start, Member::new("anna", "made"))).role("made", grants).compile()
}

fn error(grant: &str) -> String {
    WorkspaceBuilder::new("team-management").role("made", &[grant]).compile_error()
}

/// CRM-073
#[test]
fn custom_roles_exist_beside_built_in_roles() {
    let policy = with_role(&["deals:read:all", "deals:update:own"]);
    assert_eq!(granted(&policy, "anna"), set(["deals:read", "deals:update"]));
    assert_eq!(reach_of(&policy, "anna", "deals:read"), EVERY_OWNER);
    assert_eq!(reach_of(&policy, "anna", "deals:update"), "anna");
    for role in LADDER {
        let mixed = put(&policy, Member::new("cleo", role));
        let plain = put(&super::as_role("user"), Member::new("cleo", role));
        assert_eq!(granted(&mixed, "cleo"), granted(&plain, "cleo"), "{role}");
    }
}

/// CRM-074, CRM-099: six modules; nothing else can be granted.
#[test]
fn permissions_are_by_module() {
    let known = blueprint("team-management");
    let rules = known.custom_roles.as_ref().unwrap();
    let modules =
        rules.resources.iter().flatten().map(|key| known.resource(key).unwrap().name.as_str());
    let names = ["Contacts", "Deals", "Accounts", "Activities", "Projects", "Tickets"];
    assert_eq!(modules.collect::<Vec<_>>(), names);
    for resource in &known.resources {
        let grant = format!("{}:{}:all", resource.key, resource.actions[0].key);
        let is_module = MODULES.contains(&resource.key.as_str());
        let builder = WorkspaceBuilder::new("team-management").role("made", &[&grant]);
        if is_module {
            builder.compile();
        } else {
            assert!(
                builder.compile_error().contains("custom roles cannot use the resource"),
                "{grant}"
            );
        }
    }
}

/// One permission: id, module, name that people see, action.
const PERMISSIONS: [(&str, &str, &str, &str); 24] = [
    ("CRM-075", "Contacts", "View", "read"),
    ("CRM-076", "Contacts", "Create", "create"),
    ("CRM-077", "Contacts", "Update", "update"),
    ("CRM-078", "Contacts", "Delete", "delete"),
    ("CRM-079", "Deals", "View", "read"),
    ("CRM-080", "Deals", "Create", "create"),
    ("CRM-081", "Deals", "Update", "update"),
    ("CRM-082", "Deals", "Delete", "delete"),
    ("CRM-083", "Accounts", "View", "read"),
    ("CRM-084", "Accounts", "Create", "create"),
    ("CRM-085", "Accounts", "Update", "update"),
    ("CRM-086", "Accounts", "Delete", "delete"),
    ("CRM-087", "Activities", "View", "read"),
    ("CRM-088", "Activities", "Create", "create"),
    ("CRM-089", "Activities", "Update", "update"),
    ("CRM-090", "Activities", "Delete", "delete"),
    ("CRM-091", "Projects", "View", "read"),
    ("CRM-092", "Projects", "Create", "create"),
    ("CRM-093", "Projects", "Update", "update"),
    ("CRM-094", "Projects", "Delete", "delete"),
    ("CRM-095", "Tickets", "View", "read"),
    ("CRM-096", "Tickets", "Create", "create"),
    ("CRM-097", "Tickets", "Update", "update"),
    ("CRM-098", "Tickets", "Delete", "delete"),
];

/// Update and delete are granted together with View, as they have no effect without it.
#[test]
fn a_permission_grants_exactly_its_action() {
    for (id, module, name, action) in PERMISSIONS {
        let known = blueprint("team-management");
        let resource = known.resources.iter().find(|resource| resource.name == module).unwrap();
        let shown = resource.actions.iter().find(|known| known.key == action).unwrap();
        assert_eq!(shown.name, name, "{id}");

        let (right, view) =
            (format!("{}:{action}", resource.key), format!("{}:read", resource.key));
        let mut expected = BTreeSet::from([right.clone()]);
        if ["update", "delete"].contains(&action) {
            expected.insert(view);
        }
        let grants: Vec<String> = expected.iter().map(|right| format!("{right}:all")).collect();
        let policy = with_role(&grants.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(granted(&policy, "anna"), expected, "{id}");
        assert_eq!(reach_of(&policy, "anna", &right), EVERY_OWNER, "{id}");
        let others: Vec<String> =
            rights(&policy).into_iter().filter(|other| !expected.contains(other)).collect();
        assert!(others.iter().all(|other| reach_of(&policy, "anna", other).is_empty()), "{id}");
    }
}

/// CRM-100..CRM-103: for every permission of every module; everyone may read unowned records.
#[test]
fn each_permission_is_for_own_or_for_all_records() {
    let rules = blueprint("team-management").custom_roles.clone().unwrap();
    assert_eq!(rules.scopes, [Scope::Own, Scope::All]);
    for action in ACTIONS {
        for right in in_each_module(action) {
            let view = format!("{}:read:all", right.split(':').next().unwrap());
            let at = |scope: &str| {
                let grant = format!("{right}:{scope}");
                let needed: &[&str] =
                    if action == "read" { &[&grant] } else { &[&grant, &view] };
                reach_of(&with_role(needed), "anna", &right)
            };
            let own = if action == "read" { "anna unowned" } else { "anna" };
            assert_eq!(
                (at("own"), at("all")),
                (own.to_owned(), EVERY_OWNER.to_owned()),
                "{right}"
            );
        }
    }
    assert!(error("contacts:read:assigned").contains("cannot use the scope `assigned`"));
}

/// CRM-104
#[test]
fn the_scope_of_create_is_own_or_all_owners() {
    for right in in_each_module("create") {
        assert_eq!(reach_of(&with_role(&[&format!("{right}:own")]), "anna", &right), "anna");
        assert_eq!(
            reach_of(&with_role(&[&format!("{right}:all")]), "anna", &right),
            EVERY_OWNER
        );
    }
}

/// CRM-105
#[test]
fn update_and_delete_without_view_have_no_effect() {
    for action in ["update", "delete"] {
        for right in in_each_module(action) {
            let policy = with_role(&[&format!("{right}:all")]);
            assert_eq!(reach_of(&policy, "anna", &right), "", "{right}");
            assert!(!may(&policy, "anna", &right), "{right}");
        }
    }
}

/// CRM-106: the readable records, by permission and visibility.
#[test]
fn visibility_bounds_what_a_custom_role_reads() {
    let every_owner = "anna ben cleo dora emil unowned nonmember";
    for (scope, visibility, owners) in [
        ("all", Visibility::All, every_owner),
        ("all", Visibility::Department, "anna ben dora unowned"),
        ("all", Visibility::Own, "anna unowned"),
        ("own", Visibility::All, "anna unowned"),
        ("own", Visibility::Department, "anna unowned"),
        ("own", Visibility::Own, "anna unowned"),
    ] {
        for right in in_each_module("read") {
            let builder = departments(seeing(visibility, Member::new("anna", "made")));
            let policy = builder.role("made", &[&format!("{right}:{scope}")]).compile();
            assert_eq!(
                reach_of(&policy, "anna", &right),
                owners,
                "{right}:{scope}, {visibility}"
            );
        }
    }
    let rules = blueprint("team-management").custom_roles.clone().unwrap();
    assert_eq!(rules.start_visibility, Visibility::All);
}

/// CRM-107
#[test]
fn a_custom_role_replaces_the_built_in_one() {
    let everything: Vec<String> =
        MODULES.iter().map(|module| format!("{module}:*:all")).collect();
    let policy = with_role(&everything.iter().map(String::as_str).collect::<Vec<_>>());
    let modules = ["Contacts", "Deals", "Accounts", "Activities", "Projects", "Tickets"];
    assert_eq!(sidebar(&policy, "anna"), modules);
    for resource in
        policy.resources().iter().filter(|known| known.kind == ResourceKind::Settings)
    {
        for action in &resource.actions {
            let right = format!("{}:{}", resource.key, action.key);
            assert!(!may(&policy, "anna", &right), "{right}");
        }
    }

    for role in LADDER {
        let narrow = custom("narrow", &["contacts:read:own"]);
        let before = people(Member::new("anna", role)).compile();
        let before = before.apply(&[Change::PutRole(narrow)]).unwrap();
        let after = put(&before, Member::new("anna", "narrow"));
        assert_eq!(granted(&after, "anna"), set(["contacts:read"]), "{role}");
        assert!(may(&before, "anna", "deals:update"), "{role}");
    }
}

/// CRM-215
#[test]
fn a_custom_role_can_combine_permissions_freely() {
    let policy = with_role(&["tickets:read,update:all", "contacts:read:all"]);
    assert_eq!(sidebar(&policy, "anna"), ["Contacts", "Tickets"]);
    assert_eq!(reach_of(&policy, "anna", "tickets:update"), EVERY_OWNER);
    assert_eq!(reach_of(&policy, "anna", "contacts:update"), "");
    assert_eq!(reach_of(&policy, "anna", "tickets:delete"), "");
}
