//! Halo: three roles, a level for each of ten modules, presets, and a billing contact.

mod billing;
mod levels;
mod presets;
mod seats;

use hallpass_engine::{Member, Policy, ResourceKind};

use super::{
    WorkspaceBuilder, assignable_roles, blueprint, changeable_roles, excess, granted, index,
    may, opens, put, reach_of, rights, role_names, set, sidebar,
};

const EVERY_OWNER: &str = "anna ben cleo unowned nonmember";

/// The ten modules, in the order of the grid.
const MODULES: [&str; 10] = [
    "Inbox",
    "Ask AI",
    "Automation",
    "AI Agents",
    "Knowledge",
    "Contacts",
    "Companies",
    "Integrations",
    "Help Center",
    "Settings",
];

/// Anna is under test; Ben is an Admin, Cleo a Member without levels.
fn people(anna: Member) -> Policy {
    let builder = WorkspaceBuilder::new("halo").with(anna).with(Member::new("ben", "admin"));
    builder.with(Member::new("cleo", "member")).compile()
}

fn as_role(role: &str) -> Policy {
    people(Member::new("anna", role))
}

/// A Member with levels, by the names that people see.
fn leveled(id: &str, levels: &[(&str, &str)]) -> Member {
    let known = blueprint("halo");
    let pair = |(module, level): &(&str, &str)| {
        let resource =
            known.resources.iter().find(|resource| resource.name == *module).unwrap();
        let found = resource.ladder.iter().find(|known| known.name == *level);
        let found = found.map_or("none", |known| known.key.as_str());
        assert!(found != "none" || *level == "None", "no level {level} of {module}");
        (resource.key.clone(), found.to_owned())
    };
    Member { levels: levels.iter().map(pair).collect(), ..Member::new(id, "member") }
}

/// A Member with the highest level of every module.
fn at_the_top(id: &str) -> Member {
    let known = blueprint("halo");
    let tops = known.resources.iter().filter_map(|resource| {
        Some((resource.key.clone(), resource.ladder.last()?.key.clone()))
    });
    Member { levels: tops.collect(), ..Member::new(id, "member") }
}

fn contact(member: Member) -> Member {
    Member { is_billing_contact: true, ..member }
}

fn key(module: &str) -> String {
    let known = blueprint("halo");
    let found = known.resources.iter().find(|resource| resource.name == module);
    found.unwrap_or_else(|| panic!("no module {module}")).key.clone()
}

/// Every permission of a module.
fn rights_of(policy: &Policy, module: &str) -> Vec<String> {
    let prefix = format!("{}:", key(module));
    rights(policy).into_iter().filter(|right| right.starts_with(&prefix)).collect()
}

/// HALO-001: a level of one module changes that module, and only for Members.
#[test]
fn roles_are_few_and_permissions_are_by_module() {
    assert_eq!(role_names(&blueprint("halo")).len(), 3);
    for module in MODULES {
        let resource = blueprint("halo").resource(&key(module)).unwrap().clone();
        let level = [(module, resource.ladder[0].name.as_str())];
        let policy = people(leveled("anna", &level));
        assert!(
            granted(&policy, "anna")
                .iter()
                .all(|right| rights_of(&policy, module).contains(right))
        );
        assert_eq!(sidebar(&policy, "anna"), [module]);
    }
}

/// HALO-006: a Member may not, even with the highest level of every module.
#[test]
fn teammates_are_managed_by_admins_and_super_admins() {
    for verb in ["read", "create", "update", "delete"] {
        assert!(opens(&as_role("super_admin"), "anna", "members", verb), "{verb}");
        assert!(opens(&as_role("admin"), "anna", "members", verb), "{verb}");
        assert!(!opens(&people(at_the_top("anna")), "anna", "members", verb), "{verb}");
    }
    assert!(sidebar(&as_role("admin"), "anna").contains(&"Team".to_owned()));
    assert!(!sidebar(&people(at_the_top("anna")), "anna").contains(&"Team".to_owned()));
}

/// HALO-007
#[test]
fn a_teammate_has_exactly_one_role() {
    let error = WorkspaceBuilder::new("halo").with(Member::new("anna", "")).compile_error();
    assert!(error.contains("unknown role ``"), "{error}");
    let member = as_role("member");
    let admin = put(&member, Member::new("anna", "admin"));
    let back = put(&admin, Member::new("anna", "member"));
    for (policy, role) in [(&member, "member"), (&admin, "admin"), (&back, "member")] {
        assert_eq!(policy.role(index(policy, "anna")), Some(role));
    }
    assert!(may(&admin, "anna", "team:create") && granted(&back, "anna").is_empty());
    assert!(back.blueprint().membership.invitation.required.contains(&"role".to_owned()));
}

/// HALO-008
#[test]
fn there_are_three_roles() {
    assert_eq!(role_names(&blueprint("halo")), ["Super Admin", "Admin", "Member"]);
    let error =
        WorkspaceBuilder::new("halo").role("made", &["contacts:read:all"]).compile_error();
    assert!(error.contains("has no custom roles"), "{error}");
}

/// HALO-009: including billing and deletion.
#[test]
fn a_super_admin_can_do_everything() {
    let policy = as_role("super_admin");
    for right in rights(&policy) {
        assert_eq!(reach_of(&policy, "anna", &right), EVERY_OWNER, "{right}");
    }
    assert!(
        opens(&policy, "anna", "billing", "update")
            && opens(&policy, "anna", "workspace", "delete")
    );
}

/// The rank rules: ids, role, roles that it may assign and change.
const RANKS: [(&[&str], &str, &str); 3] = [
    (
        &["HALO-010", "HALO-011", "HALO-028", "HALO-029"],
        "super_admin",
        "super_admin admin member",
    ),
    (&["HALO-019", "HALO-028", "HALO-029", "HALO-034", "HALO-179"], "admin", "admin member"),
    (&["HALO-028", "HALO-029"], "member", ""),
];

/// Promotion and invitation assign a role; demotion and removal change a holder; demotion also
/// assigns the lower role.
#[test]
fn only_super_admins_assign_and_change_super_admins() {
    for (ids, role, roles) in RANKS {
        let policy = as_role(role);
        assert_eq!(assignable_roles(&policy, "anna"), roles, "{ids:?}");
        assert_eq!(changeable_roles(&policy, "anna"), roles, "{ids:?}");
    }
}

/// HALO-010, HALO-019, HALO-028, HALO-179: the grant ceiling forbids it too.
#[test]
fn grant_ceiling_blocks_a_promotion_to_super_admin() {
    for promoted in [Member::new("cleo", "super_admin"), Member::new("dora", "super_admin")] {
        assert_eq!(excess(&as_role("super_admin"), "anna", promoted.clone()), [].into());
        let beyond = excess(&as_role("admin"), "anna", promoted.clone());
        let billing = ["billing:manage", "billing:read", "billing:transfer"];
        let workspace = ["workspace:delete", "workspace:export", "workspace:import"];
        let expected: Vec<_> = billing.into_iter().chain(workspace).collect();
        assert_eq!(beyond.iter().map(String::as_str).collect::<Vec<_>>(), expected);
        assert_eq!(excess(&as_role("admin"), "anna", Member::new("cleo", "admin")), [].into());
    }
}

/// HALO-011, HALO-029: to Admin or Member, immediately.
#[test]
fn a_demoted_super_admin_has_only_the_lower_role() {
    let before = put(&as_role("super_admin"), Member::new("cleo", "super_admin"));
    for role in ["admin", "member"] {
        assert!(before.may_give(index(&before, "anna"), role), "{role}");
        let after = put(&before, Member::new("cleo", role));
        assert_eq!(granted(&after, "cleo"), granted(&as_role(role), "anna"));
        assert!(
            may(&before, "cleo", "workspace:delete")
                && !may(&after, "cleo", "workspace:delete")
        );
    }
}

/// HALO-016: every level of every module.
#[test]
fn an_admin_has_the_full_product() {
    let policy = as_role("admin");
    let product = [ResourceKind::Records, ResourceKind::Modules];
    for resource in policy.resources() {
        for action in &resource.actions {
            let right = format!("{}:{}", resource.key, action.key);
            if MODULES.contains(&resource.name.as_str()) || product.contains(&resource.kind) {
                assert_eq!(reach_of(&policy, "anna", &right), EVERY_OWNER, "{right}");
            }
        }
    }
    for module in MODULES {
        assert!(sidebar(&policy, "anna").contains(&module.to_owned()), "{module}");
    }
}

/// Areas of settings: id, area, verb, whether an Admin may open it.
const AREAS: [(&str, &str, &str, bool); 17] = [
    ("HALO-017", "members", "read", true),
    ("HALO-017", "members", "create", true),
    ("HALO-017", "members", "update", true),
    ("HALO-017", "members", "delete", true),
    ("HALO-018", "general", "read", true),
    ("HALO-018", "general", "update", true),
    ("HALO-018", "branding", "update", true),
    ("HALO-018", "modules", "update", true),
    ("HALO-018", "security", "update", true),
    ("HALO-018", "authentication", "update", true),
    ("HALO-018", "api_keys", "create", true),
    ("HALO-018", "integrations", "update", true),
    ("HALO-020", "workspace", "delete", false),
    ("HALO-021", "billing", "read", false),
    ("HALO-021", "billing", "update", false),
    ("HALO-021", "billing", "plan", false),
    ("HALO-021", "billing", "transfer", false),
];

#[test]
fn an_admin_may_open_settings_except_billing_and_deletion() {
    for (id, area, verb, expected) in AREAS {
        assert_eq!(
            opens(&as_role("admin"), "anna", area, verb),
            expected,
            "{id}: {area} {verb}"
        );
        assert!(opens(&as_role("super_admin"), "anna", area, verb), "{id}: {area} {verb}");
        assert!(!opens(&as_role("member"), "anna", area, verb), "{id}: {area} {verb}");
    }
}

/// HALO-017: Members and Admins.
#[test]
fn an_admin_may_assign_and_change_members_and_admins() {
    let policy = as_role("admin");
    assert_eq!(assignable_roles(&policy, "anna"), "admin member");
    assert_eq!(changeable_roles(&policy, "anna"), "admin member");
    assert_eq!(excess(&policy, "anna", at_the_top("cleo")), [].into());
}

/// HALO-021: from the flag only.
#[test]
fn an_admin_gets_billing_only_from_the_flag() {
    let policy = people(contact(Member::new("anna", "admin")));
    assert!(opens(&policy, "anna", "billing", "update"));
    assert!(!opens(&policy, "ben", "billing", "read"));
    assert!(!sidebar(&policy, "ben").contains(&"Billing".to_owned()));
}

/// HALO-022
#[test]
fn a_member_has_the_permissions_of_their_levels() {
    let policy = people(leveled("anna", &[("Inbox", "Reply"), ("Contacts", "View")]));
    let rights = set(["inbox:read", "inbox:create", "inbox:reply", "contacts:read"]);
    assert_eq!(granted(&policy, "anna"), rights);
    assert_eq!(granted(&policy, "cleo"), set([]));
}

/// HALO-024
#[test]
fn levels_have_no_effect_on_admins_and_super_admins() {
    for role in ["admin", "super_admin"] {
        let bare = as_role(role);
        for levels in
            [at_the_top("anna"), leveled("anna", &[("Inbox", "View"), ("Settings", "None")])]
        {
            let leveled = people(Member { role: role.to_owned(), ..levels });
            for right in rights(&bare) {
                let sources = |policy: &Policy| {
                    let cell = super::cell(policy, &right);
                    policy.sources(index(policy, "anna"), cell).len()
                };
                assert_eq!(reach_of(&leveled, "anna", &right), reach_of(&bare, "anna", &right));
                assert_eq!(sources(&leveled), sources(&bare), "{role} {right}");
            }
        }
    }
}
