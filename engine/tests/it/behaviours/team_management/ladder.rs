//! The ranks of roles: what each role may do, assign and change.

use hallpass_engine::{Blueprint, CUSTOM, Member, Policy, ResourceKind, Visibility};

use super::super::{
    assignable_roles, assigned_to, blueprint, changeable_roles, excess, granted, index, may,
    opens, put, reach_of, rights, role_names, sidebar,
};
use super::{
    EVERY_OWNER, LADDER, MODULES, as_role, departments, in_each_module, people, placed, seeing,
    turned,
};

/// CRM-006
#[test]
fn four_roles_are_ranked() {
    let known = blueprint("team-management");
    assert_eq!(role_names(&known), ["Owner", "Admin", "Manager", "User"]);
    let ranks: Vec<u32> = known.roles.iter().map(|role| role.rank).collect();
    assert!(ranks.is_sorted_by(|higher, lower| higher > lower), "{ranks:?}");
    assert_eq!(known.top_role().map(|role| role.key.as_str()), Some("owner"));
}

/// CRM-007, CRM-044: with the same assigned users and visibility.
#[test]
fn a_role_includes_the_reach_of_the_roles_below_it() {
    for visibility in Visibility::EVERY {
        for pair in LADDER.windows(2) {
            let of = |role| people(seeing(visibility, Member::new("anna", role))).compile();
            let (higher, lower) = (of(pair[0]), of(pair[1]));
            for right in rights(&lower) {
                let (wide, narrow) =
                    (reach_of(&higher, "anna", &right), reach_of(&lower, "anna", &right));
                let covers =
                    narrow.split(' ').all(|owner| wide.split(' ').any(|known| known == owner));
                assert!(narrow.is_empty() || covers, "{} {right}: {wide} < {narrow}", pair[0]);
                assert!(
                    may(&higher, "anna", &right) || !may(&lower, "anna", &right),
                    "{right}"
                );
            }
        }
    }
}

/// What Admins may administer: id, area, verb.
const ADMINISTRATION: [(&str, &str, &str); 17] = [
    ("CRM-002", "members", "create"),
    ("CRM-003", "members", "update"),
    ("CRM-004", "roles", "create"),
    ("CRM-004", "roles", "update"),
    ("CRM-004", "roles", "delete"),
    ("CRM-005", "departments", "update"),
    ("CRM-005", "roles", "update"),
    ("CRM-005", "members", "update"),
    ("CRM-050", "members", "read"),
    ("CRM-050", "members", "create"),
    ("CRM-050", "members", "update"),
    ("CRM-050", "members", "delete"),
    ("CRM-050", "roles", "read"),
    ("CRM-050", "roles", "update"),
    // Both ways to reassign records are in the area of the team.
    ("CRM-169", "members", "update"),
    ("CRM-051", "departments", "create"),
    ("CRM-051", "authentication", "update"),
];

#[test]
fn only_admins_and_the_owner_administer() {
    for role in LADDER {
        let policy = as_role(role);
        for (id, area, verb) in ADMINISTRATION {
            let expected = ["owner", "admin"].contains(&role);
            assert_eq!(
                opens(&policy, "anna", area, verb),
                expected,
                "{id}: {role}, {area} {verb}"
            );
        }
    }
}

/// CRM-002, CRM-003: the roles Manager and User, and custom roles.
#[test]
fn an_admin_may_assign_the_roles_below() {
    let policy = as_role("admin");
    assert_eq!(assignable_roles(&policy, "anna"), format!("manager user {CUSTOM}"));
    let promoted = assigned_to("anna", Member::new("ben", "manager"));
    assert_eq!(excess(&policy, "anna", promoted), [].into());
}

/// CRM-051: "all settings" excludes the admin panel.
#[test]
fn an_admin_may_configure_settings_outside_the_admin_panel() {
    let pages = [
        "Team",
        "Roles & Permissions",
        "Departments",
        "General",
        "Pipelines",
        "Custom fields",
        "Integrations",
        "Authentication",
    ];
    let policy = as_role("admin");
    let settings =
        policy.resources().iter().filter(|known| known.kind == ResourceKind::Settings);
    let settings: Vec<&str> = settings.map(|known| known.name.as_str()).collect();
    let shown = sidebar(&policy, "anna").into_iter();
    let shown: Vec<String> = shown.filter(|name| settings.contains(&name.as_str())).collect();
    assert_eq!(shown, pages);
    for resource in
        policy.resources().iter().filter(|known| pages.contains(&known.name.as_str()))
    {
        for action in &resource.actions {
            let right = format!("{}:{}", resource.key, action.key);
            assert!(may(&policy, "anna", &right), "{right}");
        }
    }
}

/// CRM-052
#[test]
fn visibility_does_not_bound_an_admin() {
    for visibility in Visibility::EVERY {
        let policy = people(seeing(visibility, Member::new("anna", "admin"))).compile();
        for action in ["read", "create", "update", "delete"] {
            for right in in_each_module(action) {
                assert_eq!(
                    reach_of(&policy, "anna", &right),
                    EVERY_OWNER,
                    "{visibility} {right}"
                );
            }
        }
    }
}

/// CRM-053: what an Admin reads with the switch on, by visibility.
#[test]
fn a_switch_applies_visibility_to_admins() {
    for (visibility, owners) in [
        (Visibility::Own, "anna dora unowned"),
        (Visibility::Department, "anna ben dora unowned"),
        (Visibility::All, "anna ben cleo dora emil unowned nonmember"),
    ] {
        let builder = departments(seeing(visibility, Member::new("anna", "admin")));
        let off = builder.compile();
        let off =
            put(&off, placed("support", assigned_to("anna", Member::new("dora", "user"))));
        let on = turned(&off, "visibility_for_admins", true);
        for right in in_each_module("read") {
            let every_owner = "anna ben cleo dora emil unowned nonmember";
            assert_eq!(reach_of(&off, "anna", &right), every_owner, "off, {visibility}");
            assert_eq!(reach_of(&on, "anna", &right), owners, "on, {visibility}");
            let back = turned(&on, "visibility_for_admins", false);
            assert_eq!(reach_of(&back, "anna", &right), every_owner, "off again, {visibility}");
        }
        let every_owner = "anna ben cleo dora emil unowned nonmember";
        for module in MODULES {
            let reaches = |action| reach_of(&on, "anna", &format!("{module}:{action}"));
            assert_eq!((reaches("update"), reaches("delete")), (owners.into(), owners.into()));
            assert_eq!(reaches("create"), every_owner);
        }
        assert_eq!(reach_of(&on, "anna", "workflows:update"), every_owner);
        assert_eq!(granted(&on, "anna"), granted(&off, "anna"));
    }
    let known = blueprint("team-management");
    let switch =
        known.switches.iter().find(|switch| switch.key == "visibility_for_admins").unwrap();
    assert!(!switch.starts_on && switch.name == "Apply data visibility to Admins");
}

/// CRM-058, CRM-059, CRM-066: as long as the users are assigned.
#[test]
fn a_manager_may_change_the_records_of_assigned_users() {
    let assigned = as_role("manager");
    let released = put(&assigned, Member::new("ben", "user"));
    for module in MODULES {
        let reaches = |policy, action| reach_of(policy, "anna", &format!("{module}:{action}"));
        assert_eq!(reaches(&assigned, "read"), "anna ben unowned");
        assert_eq!(reaches(&assigned, "update"), "anna ben");
        assert_eq!(reaches(&assigned, "delete"), "anna ben");
        assert_eq!(reaches(&released, "read"), "anna unowned");
        assert_eq!(reaches(&released, "update"), "anna");
        assert_eq!(reaches(&released, "delete"), "anna");
    }
}

/// CRM-060, CRM-061
#[test]
fn a_manager_may_read_but_not_edit_the_department() {
    let manager =
        |visibility| departments(seeing(visibility, Member::new("anna", "manager"))).compile();
    let configured = manager(Visibility::Department);
    assert_eq!(reach_of(&configured, "anna", "deals:read"), "anna ben dora unowned");
    assert_eq!(reach_of(&configured, "anna", "deals:update"), "anna");
    assert_eq!(reach_of(&configured, "anna", "deals:delete"), "anna");
    assert_eq!(reach_of(&manager(Visibility::Own), "anna", "deals:read"), "anna unowned");
}

/// CRM-062
#[test]
fn a_manager_may_open_no_settings() {
    let policy = as_role("manager");
    for resource in
        policy.resources().iter().filter(|known| known.kind == ResourceKind::Settings)
    {
        for action in &resource.actions {
            let right = format!("{}:{}", resource.key, action.key);
            assert!(!may(&policy, "anna", &right), "{right}");
        }
        assert!(!sidebar(&policy, "anna").contains(&resource.name), "{}", resource.key);
    }
}

/// CRM-063, CRM-178: Emil, of another department, is assigned to Anna.
#[test]
fn a_manager_reads_by_visibility_and_by_assignment() {
    for (visibility, owners) in [
        (Visibility::Own, "anna emil unowned"),
        (Visibility::Department, "anna ben dora emil unowned"),
        (Visibility::All, "anna ben cleo dora emil unowned nonmember"),
    ] {
        let policy = departments(seeing(visibility, Member::new("anna", "manager"))).compile();
        let policy =
            put(&policy, placed("support", assigned_to("anna", Member::new("emil", "user"))));
        for right in in_each_module("read") {
            assert_eq!(reach_of(&policy, "anna", &right), owners, "{visibility} {right}");
        }
    }
}

/// CRM-178: with two assigned users.
#[test]
fn a_manager_with_visibility_own_reads_records_of_assigned_users() {
    let policy = put(&as_role("manager"), assigned_to("anna", Member::new("cleo", "user")));
    assert_eq!(reach_of(&policy, "anna", "tickets:read"), "anna ben cleo unowned");
}

/// CRM-064: Ben manages Cleo, and Anna manages Ben.
#[test]
fn indirect_reports_count_only_with_the_switch() {
    let builder = people(Member::new("anna", "manager"));
    let direct = builder.compile();
    let direct = put(&direct, assigned_to("anna", Member::new("ben", "manager")));
    let direct = put(&direct, assigned_to("ben", Member::new("cleo", "user")));
    let indirect = turned(&direct, "indirect_reports", true);
    for (action, without, with) in [
        ("read", "anna ben unowned", "anna ben cleo unowned"),
        ("update", "anna ben", "anna ben cleo"),
        ("delete", "anna ben", "anna ben cleo"),
    ] {
        let right = format!("deals:{action}");
        assert_eq!(reach_of(&direct, "anna", &right), without);
        assert_eq!(reach_of(&indirect, "anna", &right), with);
    }
    let known = blueprint("team-management");
    let switch = known.switches.iter().find(|switch| switch.key == "indirect_reports").unwrap();
    assert!(!switch.starts_on && switch.name == "Include indirect reports");
}

/// CRM-118: the invitation by the Owner offers these roles, and never Owner.
#[test]
fn an_invitation_offers_admin_manager_or_user() {
    let policy = as_role("owner");
    assert_eq!(assignable_roles(&policy, "anna"), format!("admin manager user {CUSTOM}"));
    for role in LADDER {
        assert!(!as_role(role).may_give(index(&policy, "anna"), "owner"), "{role}");
    }
    let invitation = &policy.blueprint().membership.invitation;
    assert!(invitation.required.contains(&"role".to_owned()));
}

/// The rank rules: id, role, roles that it may assign, roles that it may change.
const RANKS: [(&str, &str, &str, &str); 4] = [
    ("CRM-121", "owner", "admin manager user custom", "admin manager user custom"),
    ("CRM-121", "admin", "manager user custom", "manager user custom"),
    ("CRM-121", "manager", "", ""),
    ("CRM-121", "user", "", ""),
];

/// CRM-131, CRM-132: only the Owner may invite, promote, demote or deactivate an Admin, and no role
/// may change the Owner.
#[test]
fn only_the_owner_may_assign_and_change_admins() {
    for (id, role, given, touched) in RANKS {
        let policy = as_role(role);
        assert_eq!(
            (assignable_roles(&policy, "anna"), changeable_roles(&policy, "anna")),
            (given.into(), touched.into()),
            "{id}"
        );
    }
    let builder = people(Member::new("anna", "made")).role("made", &["contacts:read:all"]);
    let policy = builder.compile();
    assert_eq!(
        (assignable_roles(&policy, "anna"), changeable_roles(&policy, "anna")),
        (String::new(), String::new())
    );
}

/// CRM-131: the grant ceiling forbids it too.
#[test]
fn grant_ceiling_blocks_a_promotion_by_a_manager() {
    let admin = || assigned_to("anna", Member::new("ben", "admin"));
    assert_eq!(excess(&as_role("owner"), "anna", admin()), [].into());
    assert!(excess(&as_role("manager"), "anna", admin()).contains("team:update"));
}

/// CRM-213
#[test]
fn a_new_user_starts_with_the_least_access() {
    let known = blueprint("team-management");
    assert_eq!(known.membership.invitation.start_role.as_deref(), Some("user"));
    assert_eq!(known.visibility.unwrap().start, Visibility::Own);
    let least = started(&known);
    for role in LADDER {
        for visibility in Visibility::EVERY {
            let policy = people(seeing(visibility, Member::new("anna", role))).compile();
            for right in rights(&policy) {
                let wide = reach_of(&policy, "anna", &right);
                let narrow = reach_of(&least, "anna", &right);
                let covers =
                    narrow.split(' ').all(|owner| wide.split(' ').any(|known| known == owner));
                assert!(narrow.is_empty() || covers, "{role} {visibility} {right}");
            }
        }
    }
}

/// Anna as a new member.
fn started(known: &Blueprint) -> Policy {
    let role = known.membership.invitation.start_role.as_deref().unwrap();
    people(seeing(known.visibility.unwrap().start, Member::new("anna", role))).compile()
}

/// CRM-214
#[test]
fn manager_is_the_role_for_team_leads() {
    let known = blueprint("team-management");
    let role = known.role("manager").unwrap();
    assert!(role.description.contains("team leads") && role.manages);
    assert_eq!(reach_of(&as_role("manager"), "anna", "deals:read"), "anna ben unowned");
    assert_eq!(reach_of(&as_role("user"), "anna", "deals:read"), "anna unowned");
}
