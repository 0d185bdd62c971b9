//! The two comparison tables of roles: capabilities and features.

use hallpass_engine::{Member, Policy, ResourceKind, Visibility};

use super::super::{may, may_on, opens, reach_of, sidebar};
use super::{EVERY_OWNER, as_role, departments, in_each_module, people, seeing};

/// A cell of a table: id, what, role, word.
type Row = (&'static str, &'static str, &'static str, &'static str);

const RECORDS: [Row; 16] = [
    ("CRM-008", "read", "owner", "Yes"),
    ("CRM-009", "read", "admin", "Yes"),
    ("CRM-010", "read", "manager", "Assigned users' data"),
    ("CRM-011", "read", "user", "Own only"),
    ("CRM-012", "create", "owner", "Yes"),
    ("CRM-013", "create", "admin", "Yes"),
    ("CRM-014", "create", "manager", "Yes"),
    ("CRM-015", "create", "user", "Yes"),
    ("CRM-016", "update", "owner", "Yes"),
    ("CRM-017", "update", "admin", "Yes"),
    ("CRM-018", "update", "manager", "Assigned users' records"),
    ("CRM-019", "update", "user", "Own only"),
    ("CRM-020", "delete", "owner", "Yes"),
    ("CRM-021", "delete", "admin", "Yes"),
    ("CRM-022", "delete", "manager", "Assigned users' records"),
    ("CRM-023", "delete", "user", "Own only"),
];

/// The owners that a word of the table means. Everyone may read unowned records.
fn owners(action: &str, word: &str) -> String {
    let own = match word {
        "Yes" => return EVERY_OWNER.to_owned(),
        "Assigned users' data" | "Assigned users' records" => "anna ben",
        "Own only" => "anna",
        other => panic!("no word {other}"),
    };
    if action == "read" { format!("{own} unowned") } else { own.to_owned() }
}

#[test]
fn each_role_covers_the_records_of_the_comparison_table() {
    for (id, action, role, word) in RECORDS {
        let policy = as_role(role);
        for right in in_each_module(action) {
            let found = reach_of(&policy, "anna", &right);
            assert_eq!(found, owners(action, word), "{id}: {role}, {right}");
        }
    }
}

/// CRM-018, CRM-019: visibility grants reading, never changing.
#[test]
fn visible_records_are_not_editable() {
    for (role, owners) in [("manager", "anna ben"), ("user", "anna")] {
        let policy = people(seeing(Visibility::All, Member::new("anna", role))).compile();
        for right in in_each_module("update") {
            assert_eq!(reach_of(&policy, "anna", &right), owners, "{role} {right}");
            let read = right.replace("update", "read");
            assert_eq!(reach_of(&policy, "anna", &read), EVERY_OWNER, "{role} {read}");
        }
    }
}

const AREAS: [Row; 20] = [
    ("CRM-024", "Manage team", "owner", "Yes"),
    ("CRM-025", "Manage team", "admin", "Yes"),
    ("CRM-026", "Manage team", "manager", "No"),
    ("CRM-027", "Manage team", "user", "No"),
    ("CRM-028", "Configure settings", "owner", "Yes"),
    ("CRM-029", "Configure settings", "admin", "Yes"),
    ("CRM-030", "Configure settings", "manager", "No"),
    ("CRM-031", "Configure settings", "user", "No"),
    ("CRM-032", "Manage pipelines", "owner", "Yes"),
    ("CRM-033", "Manage pipelines", "admin", "Yes"),
    ("CRM-034", "Manage pipelines", "manager", "No"),
    ("CRM-035", "Manage pipelines", "user", "No"),
    ("CRM-036", "Access admin panel", "owner", "Yes"),
    ("CRM-037", "Access admin panel", "admin", "No"),
    ("CRM-038", "Access admin panel", "manager", "No"),
    ("CRM-039", "Access admin panel", "user", "No"),
    ("CRM-040", "Transfer ownership", "owner", "Yes"),
    ("CRM-041", "Transfer ownership", "admin", "No"),
    ("CRM-042", "Transfer ownership", "manager", "No"),
    ("CRM-043", "Transfer ownership", "user", "No"),
];

/// The areas and verbs of a capability.
fn areas(capability: &str) -> &'static [(&'static str, &'static [&'static str])] {
    match capability {
        "Manage team" => &[("members", &["read", "create", "update", "delete"])],
        "Configure settings" => &[
            ("general", &["read", "update"]),
            ("branding", &["read", "update"]),
            ("modules", &["read", "update"]),
            ("integrations", &["read", "update"]),
            ("schema", &["read", "update"]),
        ],
        "Manage pipelines" => &[("pipelines", &["read", "update"])],
        "Access admin panel" => ADMIN_PANEL,
        "Transfer ownership" => &[("ownership", &["transfer"])],
        other => panic!("no capability {other}"),
    }
}

/// Ownership transfer, deletion, billing, security policy and audit export.
const ADMIN_PANEL: &[(&str, &[&str])] = &[
    ("ownership", &["transfer"]),
    ("workspace", &["delete"]),
    ("billing", &["read", "update", "plan"]),
    ("security", &["read", "update"]),
    ("audit", &["read", "export"]),
];

#[test]
fn each_role_may_open_the_areas_of_the_comparison_table() {
    for (id, capability, role, word) in AREAS {
        let policy = as_role(role);
        for (area, verbs) in areas(capability) {
            for verb in *verbs {
                let found = opens(&policy, "anna", area, verb);
                assert_eq!(found, word == "Yes", "{id}: {role}, {area} {verb}");
            }
        }
    }
}

/// CRM-048, CRM-049: everything in it for the Owner, nothing for other roles.
#[test]
fn only_the_owner_may_open_the_admin_panel() {
    let (owner, admin) = (as_role("owner"), as_role("admin"));
    let panel = owner.resources().iter().filter(|known| known.group == "admin_panel");
    let panel: Vec<_> = panel.collect();
    assert_eq!(panel.len(), ADMIN_PANEL.len());
    for (area, verbs) in ADMIN_PANEL {
        let (key, _) = owner.blueprint().area(area, verbs[0]).unwrap();
        assert!(panel.iter().any(|resource| resource.key == key), "{area}");
    }
    for resource in panel {
        for action in &resource.actions {
            let right = format!("{}:{}", resource.key, action.key);
            assert!(may(&owner, "anna", &right) && !may(&admin, "anna", &right), "{right}");
        }
        assert!(sidebar(&owner, "anna").contains(&resource.name), "{}", resource.key);
        assert!(!sidebar(&admin, "anna").contains(&resource.name), "{}", resource.key);
    }
}

const FEATURES: [Row; 8] = [
    ("CRM-181", "dashboard:read", "owner", "Full"),
    ("CRM-182", "dashboard:read", "admin", "Full"),
    ("CRM-183", "dashboard:read", "manager", "Scoped"),
    ("CRM-184", "dashboard:read", "user", "Personal"),
    ("CRM-185", "reports:read", "owner", "All"),
    ("CRM-186", "reports:read", "admin", "All"),
    ("CRM-187", "reports:read", "manager", "Scoped"),
    ("CRM-188", "reports:read", "user", "Personal"),
];

/// Scoped are the records that a Manager may read; Personal are the records that a User owns.
#[test]
fn figures_cover_the_records_of_the_comparison_table() {
    for visibility in Visibility::EVERY {
        for (id, right, role, word) in FEATURES {
            let anna = seeing(visibility, Member::new("anna", role));
            for policy in [people(anna.clone()).compile(), departments(anna).compile()] {
                let expected = match word {
                    "Full" | "All" => reach_of(&as_owner(&policy), "anna", "contacts:read"),
                    "Scoped" => reach_of(&policy, "anna", "contacts:read"),
                    _ => "anna".to_owned(),
                };
                assert_eq!(reach_of(&policy, "anna", right), expected, "{id} {visibility}");
            }
        }
    }
    let scoped = people(Member::new("anna", "manager")).compile();
    assert_eq!(reach_of(&scoped, "anna", "dashboard:read"), "anna ben unowned", "CRM-183");
    assert_eq!(reach_of(&scoped, "anna", "reports:read"), "anna ben unowned", "CRM-187");
}

fn as_owner(policy: &Policy) -> Policy {
    let department = policy.member("dora").map(|_| "sales".to_owned());
    super::super::put(policy, Member { department, ..Member::new("anna", "owner") })
}

const SETTINGS: [Row; 4] = [
    ("CRM-189", "Settings", "owner", "All"),
    ("CRM-190", "Settings", "admin", "Most"),
    ("CRM-191", "Settings", "manager", "Limited"),
    ("CRM-192", "Settings", "user", "Limited"),
];

/// Most excludes the admin panel; Limited is the member's own account, which needs no permission.
#[test]
fn each_role_may_open_the_settings_of_the_comparison_table() {
    for (id, _, role, word) in SETTINGS {
        let policy = as_role(role);
        for resource in
            policy.resources().iter().filter(|known| known.kind == ResourceKind::Settings)
        {
            let expected = word == "All" || (word == "Most" && resource.group != "admin_panel");
            for action in &resource.actions {
                let right = format!("{}:{}", resource.key, action.key);
                assert_eq!(may(&policy, "anna", &right), expected, "{id}: {right}");
            }
            let shown = sidebar(&policy, "anna").contains(&resource.name);
            assert_eq!(shown, expected, "{id}: {}", resource.key);
        }
    }
}

const WORKFLOWS: [Row; 4] = [
    ("CRM-193", "Workflows", "owner", "Create/Edit"),
    ("CRM-194", "Workflows", "admin", "Create/Edit"),
    ("CRM-195", "Workflows", "manager", "View"),
    ("CRM-196", "Workflows", "user", "View"),
];

#[test]
fn each_role_may_use_the_workflows_of_the_comparison_table() {
    for (id, _, role, word) in WORKFLOWS {
        let policy = as_role(role);
        assert_eq!(reach_of(&policy, "anna", "workflows:read"), EVERY_OWNER, "{id}");
        for right in ["workflows:create", "workflows:update"] {
            let expected = if word == "View" { "" } else { EVERY_OWNER };
            assert_eq!(reach_of(&policy, "anna", right), expected, "{id}: {right}");
        }
    }
}

/// What each role may create besides records: id, permission, roles.
const MAKES: [(&str, &str, &[&str]); 4] = [
    ("CRM-054", "reports:create", &["owner", "admin"]),
    ("CRM-055", "workflows:create", &["owner", "admin"]),
    ("CRM-056", "pipelines:update", &["owner", "admin"]),
    ("CRM-057", "custom_fields:update", &["owner", "admin"]),
];

#[test]
fn admins_may_create_what_managers_and_users_may_not() {
    for (id, right, roles) in MAKES {
        for role in super::LADDER {
            assert_eq!(
                may(&as_role(role), "anna", right),
                roles.contains(&role),
                "{id}: {role}"
            );
        }
    }
}

/// CRM-070
#[test]
fn a_user_may_log_activities() {
    assert!(may_on(&as_role("user"), "anna", "activities:create", "anna"));
}
