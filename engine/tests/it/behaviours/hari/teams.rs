//! Teams grant their profile to their members, limited by record sharing.

use hallpass_engine::{Change, Member, Policy, Restriction, Sharing};

use super::super::{
    WorkspaceBuilder, blueprint, cell, granted, in_teams, index, profile, put, reach_of,
    rights, set, sidebar, team, template,
};
use super::{owners, people, profiled, templated};

fn apply(policy: &Policy, change: Change) -> Policy {
    policy.apply(&[change]).unwrap()
}

/// The reach of every permission of two members, without their own ids.
fn same_matrix(left: &Policy, one: &str, right: &Policy, other: &str) -> bool {
    rights(left).iter().all(|asked| {
        let (mine, theirs) = (index(left, one), index(right, other));
        left.reach(mine, cell(left, asked)) == right.reach(theirs, cell(right, asked))
    })
}

/// HARI-007
#[test]
fn a_profile_applies_once_a_team_has_it() {
    let before = profiled(&[]);
    let idle = apply(&before, Change::PutProfile(profile("idle", &[("leads", "read", "all")])));
    assert_eq!(granted(&idle, "anna"), set([]));
    let carried = apply(&idle, Change::PutTeam(team("sales", Some("idle"), Sharing::All)));
    assert_eq!(granted(&carried, "anna"), set(["leads:read"]));
    assert_eq!(granted(&carried, "cleo"), set([]));
}

/// HARI-008
#[test]
fn a_team_groups_users() {
    let policy = profiled(&[("contacts", "read", "team")]);
    assert_eq!(reach_of(&policy, "anna", "contacts:read"), "anna ben");
    assert_eq!(reach_of(&policy, "ben", "contacts:read"), "anna ben");
    let grown = put(&policy, in_teams("cleo", "member", &["sales"]));
    assert_eq!(reach_of(&grown, "anna", "contacts:read"), "anna ben cleo");
}

/// HARI-009, HARI-106: immediately, for each record type and action of the profile.
#[test]
fn joining_a_team_grants_its_profile() {
    let before = templated("Sales Representative");
    let after = put(&before, in_teams("cleo", "member", &["sales"]));
    assert_eq!(granted(&before, "cleo"), set([]));
    assert!(same_matrix(&after, "cleo", &before, "anna"));
    assert_eq!(reach_of(&after, "cleo", "contacts:read"), "anna ben cleo");
    assert_eq!(reach_of(&after, "cleo", "contacts:delete"), "");
    assert_eq!(reach_of(&after, "cleo", "opportunities:update"), "cleo");
}

/// HARI-010
#[test]
fn members_inherit_the_record_sharing_of_their_team() {
    let open = profiled(&[("contacts", "read", "all")]);
    let shared = apply(&open, Change::PutTeam(team("sales", Some("made"), Sharing::Team)));
    for member in ["anna", "ben"] {
        assert_eq!(reach_of(&open, member, "contacts:read"), owners("All"));
        assert_eq!(reach_of(&shared, member, "contacts:read"), "anna ben");
        let sources = shared.sources(index(&shared, member), cell(&shared, "contacts:read"));
        assert_eq!(sources[0].restriction, Some(Restriction::Sharing(Sharing::Team)));
    }
}

/// The record sharing of a team: id, sharing, scope in the profile, resulting scope.
const CEILINGS: [(&str, Sharing, &str, &str); 12] = [
    ("HARI-011", Sharing::All, "All", "All"),
    ("HARI-011", Sharing::All, "Team", "Team"),
    ("HARI-011", Sharing::All, "Own", "Own"),
    ("HARI-011", Sharing::All, "None", "None"),
    ("HARI-011", Sharing::Team, "All", "Team"),
    ("HARI-011", Sharing::Team, "Team", "Team"),
    ("HARI-011", Sharing::Team, "Own", "Own"),
    ("HARI-011", Sharing::Team, "None", "None"),
    ("HARI-011", Sharing::Own, "All", "Own"),
    ("HARI-011", Sharing::Own, "Team", "Own"),
    ("HARI-011", Sharing::Own, "Own", "Own"),
    ("HARI-011", Sharing::Own, "None", "None"),
];

#[test]
fn record_sharing_is_a_ceiling_and_starts_at_none() {
    assert_eq!(blueprint("hari").teams.unwrap().start_sharing, Sharing::All);
    for (id, ceiling, word, left) in CEILINGS {
        let policy = profiled(&[("contacts", "read", &word.to_lowercase())]);
        let policy = apply(&policy, Change::PutTeam(team("sales", Some("made"), ceiling)));
        assert_eq!(
            reach_of(&policy, "anna", "contacts:read"),
            owners(left),
            "{id} {ceiling} {word}"
        );
    }
}

/// HARI-011: it does not limit the profiles of other teams.
#[test]
fn record_sharing_limits_only_its_own_team() {
    let policy = profiled(&[("contacts", "read", "all")]);
    let policy = apply(&policy, Change::PutTeam(team("sales", Some("made"), Sharing::Own)));
    let policy = apply(&policy, Change::PutTeam(team("open", Some("made"), Sharing::All)));
    let policy = put(&policy, in_teams("anna", "member", &["sales", "open"]));
    assert_eq!(reach_of(&policy, "anna", "contacts:read"), owners("All"));
    assert_eq!(reach_of(&policy, "ben", "contacts:read"), "ben");
}

/// HARI-103
#[test]
fn a_team_has_at_most_one_profile() {
    let policy = people(
        WorkspaceBuilder::new("hari").template("Finance").template("Marketing"),
        "Finance",
    )
    .compile();
    assert_eq!(sidebar(&policy, "anna"), ["Contacts", "Companies", "Invoices"]);
    let second =
        apply(&policy, Change::PutTeam(team("sales", Some("Marketing"), Sharing::All)));
    assert_eq!(sidebar(&second, "anna"), ["Contacts", "Companies", "Leads"]);
    let none = apply(&policy, Change::PutTeam(team("sales", None, Sharing::All)));
    assert!(sidebar(&none, "anna").is_empty() && granted(&none, "anna").is_empty());
    assert!(policy.blueprint().membership.guards.contains(&"one_profile_per_team".to_owned()));
}

/// HARI-107
#[test]
fn leaving_a_team_revokes_its_profile() {
    let before = templated("Sales Representative");
    let after = put(&before, Member::new("ben", "member"));
    assert_eq!(granted(&after, "ben"), set([]));
    assert_eq!(reach_of(&before, "ben", "contacts:read"), "anna ben");
    assert_eq!(reach_of(&after, "anna", "contacts:read"), "anna");
}

/// HARI-108: per record type and action.
#[test]
fn the_widest_scope_of_several_teams_applies() {
    let first =
        [("contacts", "read", "own"), ("contacts", "update", "own"), ("leads", "read", "all")];
    let second =
        [("contacts", "read", "all"), ("leads", "read", "own"), ("tasks", "read", "team")];
    let builder =
        WorkspaceBuilder::new("hari").profile("first", &first).profile("second", &second);
    let builder = builder.team("a", Some("first")).team("b", Some("second"));
    let builder = builder.with(in_teams("anna", "member", &["a", "b"]));
    let builder =
        builder.with(in_teams("ben", "member", &["b"])).with(Member::new("cleo", "member"));
    let policy = builder.compile();
    let rows = [
        ("contacts:read", "All"),
        ("contacts:update", "Own"),
        ("contacts:delete", "None"),
        ("leads:read", "All"),
        ("tasks:read", "Team"),
    ];
    for (right, word) in rows {
        assert_eq!(reach_of(&policy, "anna", right), owners(word), "{right}");
    }
}

/// HARI-109
#[test]
fn a_member_without_a_profiled_team_has_no_access() {
    let builder = people(WorkspaceBuilder::new("hari").template("Read-only"), "Read-only")
        .team("bare", None);
    let policy = builder.with(in_teams("dora", "member", &["bare"])).compile();
    for member in ["cleo", "dora"] {
        assert!(sidebar(&policy, member).is_empty(), "{member}");
        for right in rights(&policy) {
            assert_eq!(reach_of(&policy, member, &right), "", "{member} {right}");
        }
    }
    assert!(!sidebar(&policy, "anna").is_empty());
}

/// HARI-110
#[test]
fn moving_between_teams_changes_what_one_user_can_do() {
    let builder = people(
        WorkspaceBuilder::new("hari").template("Finance").template("Marketing"),
        "Finance",
    );
    let before = builder.team("marketing", Some("Marketing")).compile();
    let after = put(&before, in_teams("anna", "member", &["marketing"]));
    assert!(same_matrix(&after, "anna", &templated("Marketing"), "anna"));
    assert_eq!(reach_of(&after, "anna", "invoices:update"), "");
    assert_eq!(reach_of(&after, "anna", "leads:update"), owners("All"));
    assert!(same_matrix(&after, "ben", &before, "ben"));
}

/// HARI-111: for every member of the team, without assigning the profile again.
#[test]
fn editing_a_profile_changes_what_its_teams_can_do() {
    let before = templated("Finance");
    let mut edited = template(before.blueprint(), "Finance");
    edited.cells.set("invoices", "delete", None);
    edited.cells.set("tasks", "read", Some(hallpass_engine::Scope::Own));
    let after = apply(&before, Change::PutProfile(edited));
    for member in ["anna", "ben"] {
        assert_eq!(reach_of(&before, member, "invoices:delete"), owners("All"));
        assert_eq!(reach_of(&after, member, "invoices:delete"), "");
        assert_eq!(reach_of(&after, member, "invoices:update"), owners("All"));
        assert_eq!(
            (reach_of(&before, member, "tasks:read"), reach_of(&after, member, "tasks:read")),
            (String::new(), member.to_owned())
        );
    }
    assert_eq!(granted(&after, "cleo"), set([]));
}
