//! Harmonia: three coarse roles.

use hallpass_engine::{Member, Policy, ResourceKind};

use super::{
    App, blueprint, excess, gives, granted, may, opens, put, reached, rights, role_names,
    sidebar, touches, who,
};

const EVERYBODY: &str = "anna ben cleo nobody stranger";

/// Anna is an Owner, Ben an Admin, Cleo a Member.
fn house() -> App {
    let house = App::of("harmonia").with(Member::new("anna", "owner"));
    house.with(Member::new("ben", "admin")).with(Member::new("cleo", "member"))
}

fn who_opens(policy: &Policy, area: &str, verb: &str) -> String {
    let people = ["anna", "ben", "cleo"].into_iter();
    people.filter(|member| opens(policy, member, area, verb)).collect::<Vec<_>>().join(" ")
}

/// Areas of the product: id, area, verb, who opens it.
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
    // No permissions are edited here, so the pages for that open to nobody.
    ("HARMONIA-06", "roles", "read", ""),
    ("HARMONIA-06", "roles", "create", ""),
    ("HARMONIA-06", "profiles", "create", ""),
    ("HARMONIA-06", "teams", "create", ""),
    ("HARMONIA-06", "departments", "create", ""),
];

#[test]
fn areas_open_to_owners_or_to_admins_too() {
    let policy = house().open();
    for (id, area, verb, people) in AREAS {
        assert_eq!(who_opens(&policy, area, verb), people, "{id}: {area} {verb}");
    }
}

/// HARMONIA-05
#[test]
fn there_are_three_roles() {
    assert_eq!(role_names(&blueprint("harmonia")), ["Owner", "Admin", "Member"]);
    let refusal = house().with(Member::new("dora", "manager")).refusal();
    assert!(refusal.contains("unknown role `manager`"), "{refusal}");
}

/// HARMONIA-06
#[test]
fn nothing_finer_than_roles_can_be_made() {
    let refuse = |house: App, reason: &str| {
        let refusal = house.refusal();
        assert!(refusal.contains(reason), "{refusal}");
    };
    refuse(house().role("sales", &["contacts:read:all"]), "has no custom roles");
    refuse(house().profile("sales", &[("contacts", "read", "all")]), "has no profiles");
    refuse(house().team("sales", None), "has no teams");
    let levels = vec![("contacts".to_owned(), "view".to_owned())];
    refuse(house().with(Member { levels, ..Member::new("dora", "member") }), "has no levels");
}

/// HARMONIA-07
#[test]
fn an_owner_can_do_everything() {
    let policy = house().open();
    for right in rights(&policy) {
        assert_eq!(reached(&policy, "anna", &right), EVERYBODY, "{right}");
    }
}

/// HARMONIA-10: an Owner makes Owners, which a transfer needs; nobody else does.
#[test]
fn only_owners_can_pass_ownership_on() {
    let policy = house().open();
    assert!(
        opens(&policy, "anna", "ownership", "transfer")
            && gives(&policy, "anna").contains("owner")
    );
    assert!(
        !gives(&policy, "ben").contains("owner") && !gives(&policy, "cleo").contains("owner")
    );
}

/// HARMONIA-12: all but billing, ownership and deletion (HARMONIA-19..HARMONIA-21).
#[test]
fn an_admin_opens_every_settings_page_but_three() {
    let policy = house().open();
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

/// HARMONIA-13: and acts on Members and Admins.
#[test]
fn an_admin_gives_and_touches_all_but_owners() {
    let policy = house().open();
    assert_eq!((gives(&policy, "ben"), touches(&policy, "ben")), both("admin member"));
    assert_eq!(excess(&policy, "ben", Member::new("cleo", "admin")), [].into());
}

fn both(roles: &str) -> (String, String) {
    (roles.to_owned(), roles.to_owned())
}

/// HARMONIA-17
#[test]
fn owners_and_admins_manage_automations() {
    let policy = house().open();
    for action in ["create", "read", "update", "delete"] {
        assert_eq!(who(&policy, &format!("automations:{action}")), "anna ben", "{action}");
    }
}

/// HARMONIA-22
#[test]
fn an_admin_can_do_what_a_member_can() {
    let policy = house().open();
    assert!(granted(&policy, "cleo").is_subset(&granted(&policy, "ben")));
    for right in granted(&policy, "cleo") {
        assert_eq!(reached(&policy, "ben", &right), EVERYBODY, "{right}");
    }
}

/// What a Member uses: id, right.
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
fn a_member_uses_the_crm_whoever_owns_its_records() {
    let policy = house().open();
    for (id, right) in USE {
        assert_eq!(reached(&policy, "cleo", right), EVERYBODY, "{id}: {right}");
    }
}

/// HARMONIA-23..HARMONIA-27: each in the sidebar.
#[test]
fn a_member_finds_the_crm_in_the_sidebar() {
    let shown = sidebar(&house().open(), "cleo");
    for name in ["Contacts", "Conversations", "Opportunities", "Calendar", "AI assistant"] {
        assert!(shown.iter().any(|known| known == name), "{name}");
    }
}

/// HARMONIA-28
#[test]
fn a_member_opens_no_settings() {
    let policy = house().open();
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
fn a_member_sees_the_records_of_all_others() {
    let policy = house().with(Member::new("dora", "member")).open();
    let used = policy.resources().iter().filter(|known| known.kind == ResourceKind::Records);
    let used = used.filter(|known| may(&policy, "cleo", &format!("{}:read", known.key)));
    let keys: Vec<&str> = used.map(|known| known.key.as_str()).collect();
    assert_eq!(keys, ["contacts", "conversations", "opportunities", "notes", "calendar"]);
    for key in keys {
        let right = format!("{key}:read");
        assert_eq!(reached(&policy, "cleo", &right), "anna ben cleo dora nobody stranger");
        assert_eq!(reached(&policy, "dora", &right), "anna ben cleo dora nobody stranger");
    }
}

/// HARMONIA-30
#[test]
fn a_member_neither_invites_nor_changes_nor_removes_anybody() {
    let policy = house().open();
    for verb in ["create", "update", "delete"] {
        assert!(!opens(&policy, "cleo", "members", verb), "{verb}");
    }
    assert_eq!((gives(&policy, "cleo"), touches(&policy, "cleo")), both(""));
}

/// HARMONIA-37: by rank, and because an Owner holds what an Admin cannot give.
#[test]
fn only_an_owner_makes_or_touches_an_owner() {
    let policy = house().open();
    assert_eq!((gives(&policy, "anna"), touches(&policy, "anna")), both("owner admin member"));
    assert_eq!((gives(&policy, "ben"), touches(&policy, "ben")), both("admin member"));
    assert_eq!((gives(&policy, "cleo"), touches(&policy, "cleo")), both(""));

    let promoted = Member::new("cleo", "owner");
    assert_eq!(excess(&policy, "anna", promoted.clone()), [].into());
    let beyond = excess(&policy, "ben", promoted.clone());
    assert!(beyond.contains("billing:update") && beyond.contains("ownership:transfer"));
    assert!(gives(&put(&policy, promoted), "cleo").contains("owner"));
}
