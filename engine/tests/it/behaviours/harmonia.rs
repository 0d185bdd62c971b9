//! Harmonia: three coarse roles.

use hallpass_engine::{Member, Policy, ResourceKind};

use super::{
    WorkspaceBuilder, assignable_roles, blueprint, changeable_roles, excess, granted, may,
    opens, put, reach_of, rights, role_names, sidebar, who,
};

const EVERY_OWNER: &str = "anna ben cleo unowned nonmember";

/// Anna is an Owner, Ben an Admin, Cleo a Member.
fn workspace() -> WorkspaceBuilder {
    let builder = WorkspaceBuilder::new("harmonia").with(Member::new("anna", "owner"));
    builder.with(Member::new("ben", "admin")).with(Member::new("cleo", "member"))
}

fn who_opens(policy: &Policy, area: &str, verb: &str) -> String {
    let people = ["anna", "ben", "cleo"].into_iter();
    people.filter(|member| opens(policy, member, area, verb)).collect::<Vec<_>>().join(" ")
}

/// Areas of the product: id, area, verb, roles that may open it.
const AREAS: [(&str, &str, &str, &str); 36] = [
    ("HARMONIA-08", "billing", "read", "anna"),
    ("HARMONIA-08", "billing", "update", "anna"),
    ("HARMONIA-09", "billing", "plan", "anna"),
    ("HARMONIA-10", "ownership", "transfer", "anna"),
    ("HARMONIA-12", "general", "read", "anna ben"),
    ("HARMONIA-12", "general", "update", "anna ben"),
    ("HARMONIA-12", "schema", "update", "anna ben"),
    ("HARMONIA-12", "security", "update", "anna ben"),
    ("HARMONIA-12", "audit", "read", "anna ben"),
    ("HARMONIA-13", "members", "read", "anna ben"),
    ("HARMONIA-13", "members", "create", "anna ben"),
    ("HARMONIA-13", "members", "update", "anna ben"),
    ("HARMONIA-13", "members", "delete", "anna ben"),
    ("HARMONIA-14", "integrations", "read", "anna ben"),
    ("HARMONIA-14", "integrations", "update", "anna ben"),
    ("HARMONIA-14", "webhooks", "create", "anna ben"),
    ("HARMONIA-14", "api_keys", "create", "anna ben"),
    ("HARMONIA-15", "modules", "read", "anna ben"),
    ("HARMONIA-15", "modules", "update", "anna ben"),
    ("HARMONIA-16", "branding", "read", "anna ben"),
    ("HARMONIA-16", "branding", "update", "anna ben"),
    ("HARMONIA-18", "pipelines", "read", "anna ben"),
    ("HARMONIA-18", "pipelines", "update", "anna ben"),
    ("HARMONIA-19", "billing", "read", "anna"),
    ("HARMONIA-19", "billing", "update", "anna"),
    ("HARMONIA-19", "billing", "transfer", "anna"),
    ("HARMONIA-20", "workspace", "delete", "anna"),
    ("HARMONIA-21", "billing", "plan", "anna"),
    ("HARMONIA-21", "ownership", "transfer", "anna"),
    ("HARMONIA-92", "authentication", "read", "anna ben"),
    ("HARMONIA-92", "authentication", "update", "anna ben"),
    // No permissions are edited here, so no role may open those pages.
    ("HARMONIA-06", "roles", "read", ""),
    ("HARMONIA-06", "roles", "create", ""),
    ("HARMONIA-06", "profiles", "create", ""),
    ("HARMONIA-06", "teams", "create", ""),
    ("HARMONIA-06", "departments", "create", ""),
];

#[test]
fn areas_are_open_to_owners_or_also_to_admins() {
    let policy = workspace().compile();
    for (id, area, verb, people) in AREAS {
        assert_eq!(who_opens(&policy, area, verb), people, "{id}: {area} {verb}");
    }
}

/// HARMONIA-05
#[test]
fn there_are_three_roles() {
    assert_eq!(role_names(&blueprint("harmonia")), ["Owner", "Admin", "Member"]);
    let error = workspace().with(Member::new("dora", "manager")).compile_error();
    assert!(error.contains("unknown role `manager`"), "{error}");
}

/// HARMONIA-06
#[test]
fn custom_roles_and_profiles_are_rejected() {
    let refuse = |builder: WorkspaceBuilder, reason: &str| {
        let error = builder.compile_error();
        assert!(error.contains(reason), "{error}");
    };
    refuse(workspace().role("sales", &["contacts:read:all"]), "has no custom roles");
    refuse(workspace().profile("sales", &[("contacts", "read", "all")]), "has no profiles");
    refuse(workspace().team("sales", None), "has no teams");
    let levels = vec![("contacts".to_owned(), "view".to_owned())];
    refuse(
        workspace().with(Member { levels, ..Member::new("dora", "member") }),
        "has no levels",
    );
}

/// HARMONIA-07
#[test]
fn an_owner_can_do_everything() {
    let policy = workspace().compile();
    for right in rights(&policy) {
        assert_eq!(reach_of(&policy, "anna", &right), EVERY_OWNER, "{right}");
    }
}

/// HARMONIA-10: a transfer needs the assignment of the role Owner, which only Owners may make.
#[test]
fn only_owners_may_transfer_ownership() {
    let policy = workspace().compile();
    assert!(
        opens(&policy, "anna", "ownership", "transfer")
            && assignable_roles(&policy, "anna").contains("owner")
    );
    assert!(
        !assignable_roles(&policy, "ben").contains("owner")
            && !assignable_roles(&policy, "cleo").contains("owner")
    );
}

/// HARMONIA-12: except billing, ownership and deletion (HARMONIA-19..HARMONIA-21).
#[test]
fn an_admin_may_open_all_but_three_settings_pages() {
    let policy = workspace().compile();
    for resource in
        policy.resources().iter().filter(|known| known.kind == ResourceKind::Settings)
    {
        let owners_only =
            ["billing", "ownership", "workspace"].contains(&resource.key.as_str());
        for action in &resource.actions {
            let right = format!("{}:{}", resource.key, action.key);
            assert_eq!(may(&policy, "ben", &right), !owners_only, "{right}");
        }
        assert_eq!(
            sidebar(&policy, "ben").contains(&resource.name),
            !owners_only,
            "{}",
            resource.key
        );
    }
}

/// HARMONIA-13: Admins may change Members and Admins.
#[test]
fn an_admin_may_assign_and_change_every_role_but_owner() {
    let policy = workspace().compile();
    assert_eq!(
        (assignable_roles(&policy, "ben"), changeable_roles(&policy, "ben")),
        both("admin member")
    );
    assert_eq!(excess(&policy, "ben", Member::new("cleo", "admin")), [].into());
}

fn both(roles: &str) -> (String, String) {
    (roles.to_owned(), roles.to_owned())
}

/// HARMONIA-17
#[test]
fn owners_and_admins_manage_automations() {
    let policy = workspace().compile();
    for action in ["create", "read", "update", "delete"] {
        assert_eq!(who(&policy, &format!("automations:{action}")), "anna ben", "{action}");
    }
}

/// HARMONIA-22
#[test]
fn an_admin_may_do_everything_that_a_member_may() {
    let policy = workspace().compile();
    assert!(granted(&policy, "cleo").is_subset(&granted(&policy, "ben")));
    for right in granted(&policy, "cleo") {
        assert_eq!(reach_of(&policy, "ben", &right), EVERY_OWNER, "{right}");
    }
}

/// The permissions of a Member: id, permission.
const USE: [(&str, &str); 18] = [
    ("HARMONIA-23", "contacts:create"),
    ("HARMONIA-23", "contacts:read"),
    ("HARMONIA-23", "contacts:update"),
    ("HARMONIA-23", "contacts:delete"),
    ("HARMONIA-24", "conversations:create"),
    ("HARMONIA-24", "conversations:read"),
    ("HARMONIA-24", "conversations:reply"),
    ("HARMONIA-24", "conversations:assign"),
    ("HARMONIA-24", "conversations:close"),
    ("HARMONIA-25", "opportunities:create"),
    ("HARMONIA-25", "opportunities:read"),
    ("HARMONIA-25", "opportunities:update"),
    ("HARMONIA-25", "opportunities:delete"),
    ("HARMONIA-26", "calendar:create"),
    ("HARMONIA-26", "calendar:read"),
    ("HARMONIA-26", "calendar:update"),
    ("HARMONIA-26", "calendar:delete"),
    ("HARMONIA-27", "ai_assistant:use"),
];

#[test]
fn a_member_may_use_all_crm_records() {
    let policy = workspace().compile();
    for (id, right) in USE {
        assert_eq!(reach_of(&policy, "cleo", right), EVERY_OWNER, "{id}: {right}");
    }
}

/// HARMONIA-23..HARMONIA-27: each in the sidebar.
#[test]
fn the_sidebar_of_a_member_shows_the_crm() {
    let shown = sidebar(&workspace().compile(), "cleo");
    for name in ["Contacts", "Conversations", "Opportunities", "Calendar", "AI assistant"] {
        assert!(shown.iter().any(|known| known == name), "{name}");
    }
}

/// HARMONIA-28
#[test]
fn a_member_may_open_no_settings() {
    let policy = workspace().compile();
    let settings =
        policy.resources().iter().filter(|known| known.kind == ResourceKind::Settings);
    for resource in settings {
        for action in &resource.actions {
            let right = format!("{}:{}", resource.key, action.key);
            assert!(!may(&policy, "cleo", &right), "{right}");
        }
        assert!(!sidebar(&policy, "cleo").contains(&resource.name), "{}", resource.key);
    }
}

/// HARMONIA-29
#[test]
fn a_member_may_read_the_records_of_all_others() {
    let policy = workspace().with(Member::new("dora", "member")).compile();
    let used = policy.resources().iter().filter(|known| known.kind == ResourceKind::Records);
    let used = used.filter(|known| may(&policy, "cleo", &format!("{}:read", known.key)));
    let keys: Vec<&str> = used.map(|known| known.key.as_str()).collect();
    assert_eq!(keys, ["contacts", "conversations", "opportunities", "notes", "calendar"]);
    for key in keys {
        let right = format!("{key}:read");
        assert_eq!(reach_of(&policy, "cleo", &right), "anna ben cleo dora unowned nonmember");
        assert_eq!(reach_of(&policy, "dora", &right), "anna ben cleo dora unowned nonmember");
    }
}

/// HARMONIA-30
#[test]
fn a_member_may_not_invite_change_or_remove_members() {
    let policy = workspace().compile();
    for verb in ["create", "update", "delete"] {
        assert!(!opens(&policy, "cleo", "members", verb), "{verb}");
    }
    assert_eq!(
        (assignable_roles(&policy, "cleo"), changeable_roles(&policy, "cleo")),
        both("")
    );
}

/// HARMONIA-37: by the rank rules and by the grant ceiling.
#[test]
fn only_an_owner_may_assign_or_change_an_owner() {
    let policy = workspace().compile();
    assert_eq!(
        (assignable_roles(&policy, "anna"), changeable_roles(&policy, "anna")),
        both("owner admin member")
    );
    assert_eq!(
        (assignable_roles(&policy, "ben"), changeable_roles(&policy, "ben")),
        both("admin member")
    );
    assert_eq!(
        (assignable_roles(&policy, "cleo"), changeable_roles(&policy, "cleo")),
        both("")
    );

    let promoted = Member::new("cleo", "owner");
    assert_eq!(excess(&policy, "anna", promoted.clone()), [].into());
    let beyond = excess(&policy, "ben", promoted.clone());
    assert!(beyond.contains("billing:update") && beyond.contains("ownership:transfer"));
    assert!(assignable_roles(&put(&policy, promoted), "cleo").contains("owner"));
}
