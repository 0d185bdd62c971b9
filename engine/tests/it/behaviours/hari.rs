//! HARi: members get their permissions from the profiles of their teams.

mod profiles;
mod scopes;
mod teams;

use hallpass_engine::{Describe, GrantSource, Ids, Member, Policy, ResourceKind, Step, Target};

use super::{
    WorkspaceBuilder, cell, granted, in_teams, index, may, opens, reach_of, rights, role_names,
    set, sidebar,
};

/// The names of the seven record types in the sidebar.
const ENTITIES: [&str; 7] =
    ["Contacts", "Companies", "Opportunities", "Activities", "Invoices", "Tasks", "Leads"];

const ACTIONS: [&str; 4] = ["create", "read", "update", "delete"];

/// Anna and Ben are in the team Sales, which has a profile; Cleo is in no team.
fn people(builder: WorkspaceBuilder, profile: &str) -> WorkspaceBuilder {
    let builder =
        builder.team("sales", Some(profile)).with(in_teams("anna", "member", &["sales"]));
    builder.with(in_teams("ben", "member", &["sales"])).with(Member::new("cleo", "member"))
}

/// Sales has a profile template, by name.
fn templated(name: &str) -> Policy {
    people(WorkspaceBuilder::new("hari").template(name), name).compile()
}

/// Sales has a profile with cells.
fn profiled(cells: &[(&str, &str, &str)]) -> Policy {
    people(WorkspaceBuilder::new("hari").profile("made", cells), "made").compile()
}

/// The owners that a word of the matrix means.
fn owners(word: &str) -> &'static str {
    match word {
        "None" => "",
        "Own" => "anna",
        "Team" => "anna ben",
        "All" => "anna ben cleo unowned nonmember",
        other => panic!("no scope {other}"),
    }
}

fn right(entity: &str, action: &str) -> String {
    format!("{}:{action}", entity.to_lowercase())
}

/// The word in a cell of Anna's profile.
fn badge(policy: &Policy, right: &str) -> String {
    let sources = policy.sources(index(policy, "anna"), cell(policy, right));
    sources
        .first()
        .map_or_else(|| "none".to_owned(), |grant_source| grant_source.scopes.to_string())
}

/// HARI-001: changing any of the three changes the decision; an explanation names them.
#[test]
fn role_profile_and_team_are_combined() {
    let made = |role: &str, cells: &[(&str, &str, &str)], teams: &[&str]| {
        let builder =
            WorkspaceBuilder::new("hari").profile("made", cells).team("sales", Some("made"));
        builder.with(in_teams("anna", role, teams)).with(Member::new("ben", "member")).compile()
    };
    let reading: &[_] = &[("contacts", "read", "own")];
    let policy = made("member", reading, &["sales"]);
    assert_eq!(reach_of(&policy, "anna", "contacts:read"), "anna");
    let elsewhere = made("member", reading, &[]);
    assert_eq!(reach_of(&elsewhere, "anna", "contacts:read"), "");
    let wider = made("member", &[("contacts", "read", "all")], &["sales"]);
    assert_eq!(reach_of(&wider, "anna", "contacts:read"), "anna ben unowned nonmember");
    let admin = made("admin", reading, &[]);
    assert_eq!(reach_of(&admin, "anna", "contacts:read"), "anna ben unowned nonmember");

    let told = steps(&policy, "contacts:read");
    assert!(
        told.contains(&"Profile made of team sales grants it for own records".to_owned()),
        "{told:?}"
    );
    let told = steps(&admin, "contacts:read");
    assert!(told.contains(&"Role Admin grants it for all records".to_owned()), "{told:?}");
}

/// The steps of an explanation for Anna's own record.
fn steps(policy: &Policy, right: &str) -> Vec<String> {
    let anna = index(policy, "anna");
    let why = policy.explain(anna, cell(policy, right), Target::OwnedBy(anna));
    let describe = Describe::new(policy, &Ids);
    why.steps.iter().map(|step| describe.step(&why, step)).collect()
}

/// HARI-002
#[test]
fn a_user_is_admin_or_member() {
    let policy = templated("Finance");
    assert_eq!(role_names(policy.blueprint()), ["Admin", "Member"]);
    let error =
        WorkspaceBuilder::new("hari").with(Member::new("anna", "manager")).compile_error();
    assert!(error.contains("unknown role `manager`"), "{error}");
    let error =
        WorkspaceBuilder::new("hari").role("made", &["contacts:read:all"]).compile_error();
    assert!(error.contains("has no custom roles"), "{error}");
}

/// HARI-003
#[test]
fn only_admins_may_open_settings() {
    let builder = people(
        WorkspaceBuilder::new("hari").template("Sales Representative"),
        "Sales Representative",
    );
    let policy = builder.with(Member::new("dora", "admin")).compile();
    let settings =
        policy.resources().iter().filter(|known| known.kind == ResourceKind::Settings);
    let names: Vec<&str> = settings.clone().map(|known| known.name.as_str()).collect();
    assert!(["Schema", "Teams", "Users"].iter().all(|name| names.contains(name)));
    for area in
        ["schema", "profiles", "teams", "members", "general", "integrations", "security"]
    {
        for verb in ["read", "update"] {
            assert!(opens(&policy, "dora", area, verb), "{area} {verb}");
            assert!(!opens(&policy, "anna", area, verb), "{area} {verb}");
        }
    }
    for resource in settings {
        for action in &resource.actions {
            let right = format!("{}:{}", resource.key, action.key);
            assert!(may(&policy, "dora", &right) && !may(&policy, "anna", &right), "{right}");
        }
        assert!(sidebar(&policy, "dora").contains(&resource.name));
        assert!(!sidebar(&policy, "anna").contains(&resource.name));
    }
}

/// HARI-004: members see only the record types of their profiles.
#[test]
fn profiles_decide_what_members_may_use() {
    assert_eq!(sidebar(&templated("Read-only"), "anna"), ENTITIES);
    assert_eq!(sidebar(&templated("Finance"), "anna"), ["Contacts", "Companies", "Invoices"]);
    let policy = profiled(&[("leads", "read", "own")]);
    assert_eq!(granted(&policy, "anna"), set(["leads:read"]));
    assert_eq!(granted(&policy, "cleo"), set([]));
}

/// HARI-005: without a team, and in a team with a narrower profile.
#[test]
fn profiles_do_not_restrict_an_admin() {
    let builder = people(WorkspaceBuilder::new("hari").template("Finance"), "Finance");
    let builder = builder.with(Member::new("dora", "admin"));
    let policy = builder.with(in_teams("emil", "admin", &["sales"])).compile();
    for right in rights(&policy) {
        for admin in ["dora", "emil"] {
            let every_owner = "anna ben cleo dora emil unowned nonmember";
            assert_eq!(reach_of(&policy, admin, &right), every_owner, "{admin} {right}");
        }
    }
}

/// HARI-098: members get every permission through a team.
#[test]
fn members_get_profiles_only_through_teams() {
    let builder = WorkspaceBuilder::new("hari").template("Read-only").template("Marketing");
    let policy = builder.with(Member::new("anna", "member")).compile();
    assert_eq!(granted(&policy, "anna"), set([]));
    assert!(!policy.blueprint().membership.invitation.fields.contains(&"profile".to_owned()));

    let policy = templated("Read-only");
    let anna = index(&policy, "anna");
    let sources: Vec<_> =
        policy.access(anna).into_iter().flat_map(|right| right.sources).collect();
    assert_eq!(sources.len(), ENTITIES.len());
    for grant_source in sources {
        let through = GrantSource::Profile { profile: "Read-only", team: "sales" };
        assert_eq!(grant_source.source, through);
    }
}

/// HARI-112
#[test]
fn a_user_gets_nothing_outside_their_teams() {
    let refuse = |member: Member, reason: &str| {
        let error = WorkspaceBuilder::new("hari").with(member).compile_error();
        assert!(error.contains(reason), "{error}");
    };
    let anna = || Member::new("anna", "member");
    let levels = vec![("contacts".to_owned(), "edit".to_owned())];
    refuse(Member { levels, ..anna() }, "`contacts` has no levels");
    refuse(
        Member { visibility: hallpass_engine::Visibility::All, ..anna() },
        "has no visibility",
    );
    refuse(Member { is_billing_contact: true, ..anna() }, "has no billing contact");

    let policy = templated("Sales Representative");
    let (anna, ben) = (index(&policy, "anna"), index(&policy, "ben"));
    for cell in policy.cells() {
        assert_eq!(policy.reach(anna, cell), policy.reach(ben, cell));
        let why = policy.explain(anna, cell, Target::Any);
        let by_role = |step: &&Step<'_>| matches!(step, Step::Granted(grant_source) if !matches!(grant_source.source, GrantSource::Profile { .. }));
        assert_eq!(why.steps.iter().find(by_role), None);
    }
}
