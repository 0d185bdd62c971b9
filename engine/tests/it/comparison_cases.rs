//! Changes that touch few members, or only their links: a comparison still finds each difference.

use hallpass_engine::{Blueprint, Change, Member, Policy, Sharing, Workspace};

use crate::behaviours::{assigned_to, custom, in_teams, profile, team};

/// One cell in all, so that a change of it is a change of everything.
const MODEL: &str = r#"
[blueprint]
id = "comparison"
name = "Comparison"

[records.deals]
actions = ["read"]

[teams]
[managers]
[profiles]

[roles.owner]
rank = 9
top = true
grants = ["deals:read:all"]

[roles.manager]
rank = 5
grants = ["deals:read:own", "deals:read:assigned"]

[roles.member]
rank = 1
grants = ["deals:read:own"]

[roles.guest]
rank = 1
grants = []

[custom_roles]
rank = 1

[switches.indirect_reports]
counts_indirect_reports = true
"#;

fn policy(workspace: &Workspace) -> Policy {
    let blueprint = Blueprint::parse(MODEL).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    Policy::compile(&blueprint.into(), workspace).unwrap()
}

/// Who gains (`+`) and loses (`-`) from one policy to another.
fn told(from: &Policy, to: &Policy) -> Vec<String> {
    let mut told = Vec::new();
    for one in from.compare(to) {
        told.extend(one.gains.then(|| format!("+{}", one.member)));
        told.extend(one.loses.then(|| format!("-{}", one.member)));
    }
    told.sort_unstable();
    told
}

/// Who gains and loses by changes, and by their reversal.
#[track_caller]
fn check(before: &Policy, changes: &[Change], expected: &[&str]) -> Policy {
    let after = before.apply(changes).unwrap();
    assert_eq!(told(before, &after), expected, "{changes:?}");
    let is_gain = |one: &&str| one.starts_with('+');
    let (gains, losses): (Vec<&str>, Vec<&str>) = expected.iter().copied().partition(is_gain);
    let opposite = |sign: &str, ids: Vec<&str>| -> Vec<String> {
        ids.into_iter().map(|id| format!("{sign}{}", &id[1..])).collect()
    };
    let reversed = [opposite("+", losses), opposite("-", gains)].concat();
    assert_eq!(told(&after, before), reversed, "reversed: {changes:?}");
    let some = before.compare_some(&after, after.members(), &after.cells().collect::<Vec<_>>());
    let gained: Vec<String> =
        some.iter().filter(|one| one.gains).map(|one| format!("+{}", one.member)).collect();
    let of_present = expected.iter().filter(|one| one.starts_with('+')).count();
    assert_eq!(gained.len(), of_present, "{gained:?}");
    after
}

fn remove(id: &str) -> Change {
    Change::RemoveMember(id.to_owned())
}

fn put(id: &str, role: &str) -> Change {
    Change::PutMember(Member::new(id, role))
}

#[test]
fn a_member_who_left_is_not_taken_for_one_who_joined() {
    let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    let before = policy(&Workspace { members, ..Workspace::default() });

    check(&before, &[remove("ben"), put("cleo", "member")], &["+cleo", "-ben"]);
    let places = [remove("anna"), remove("ben"), put("ben", "owner"), put("anna", "member")];
    check(&before, &places, &["+ben", "-anna"]);
    let same = [remove("anna"), remove("ben"), put("ben", "member"), put("anna", "owner")];
    check(&before, &same, &[]);
}

/// Two changes of one policy give the same place to other members.
#[test]
fn members_who_joined_in_two_versions_are_not_taken_for_each_other() {
    let members = vec![Member::new("anna", "owner")];
    let before = policy(&Workspace { members, ..Workspace::default() });
    let with = |changes: &[Change]| before.apply(changes).unwrap();
    let (cleo, dora) = (with(&[put("cleo", "member")]), with(&[put("dora", "member")]));
    assert_eq!(told(&cleo, &dora), ["+dora", "-cleo"]);

    let first = with(&[put("cleo", "member"), put("dora", "owner")]);
    let second = with(&[put("dora", "member"), put("cleo", "owner")]);
    assert_eq!(told(&first, &second), ["+cleo", "-dora"]);
    let same = with(&[put("dora", "owner"), put("cleo", "member")]);
    assert_eq!(told(&first, &same), [""; 0]);
}

#[test]
fn a_role_that_gives_all_that_there_is_changes_its_holders_only() {
    let workspace = Workspace {
        roles: vec![custom("reader", &[])],
        members: vec![Member::new("anna", "reader"), Member::new("ben", "guest")],
        ..Workspace::default()
    };
    let before = policy(&workspace);
    let after =
        check(&before, &[Change::PutRole(custom("reader", &["deals:read:own"]))], &["+anna"]);
    check(&after, &[Change::PutRole(custom("reader", &["deals:read:all"]))], &["+anna"]);
}

#[test]
fn a_profile_that_gives_all_that_there_is_changes_the_members_of_its_team_only() {
    let workspace = Workspace {
        profiles: vec![profile("readers", &[])],
        teams: vec![
            team("blue", Some("readers"), Sharing::All),
            team("green", None, Sharing::All),
        ],
        members: vec![
            in_teams("anna", "guest", &["blue"]),
            in_teams("ben", "guest", &["green"]),
        ],
        ..Workspace::default()
    };
    let before = policy(&workspace);
    let put = |scope: &str| Change::PutProfile(profile("readers", &[("deals", "read", scope)]));

    let after = check(&before, &[put("team")], &["+anna"]);
    check(&after, &[put("all")], &["+anna"]);
    check(&after, &[put("team")], &[]);
}

/// `top` manages `middle`, who manages `low`; `other` manages none of them.
fn with_managers() -> Policy {
    let members = vec![
        Member::new("top", "manager"),
        assigned_to("top", Member::new("middle", "manager")),
        assigned_to("middle", Member::new("low", "member")),
        Member::new("other", "manager"),
    ];
    policy(&Workspace { members, ..Workspace::default() })
}

#[test]
fn a_change_of_who_is_assigned_changes_the_managers() {
    let before = with_managers();
    let moved = Change::PutMember(assigned_to("other", Member::new("low", "member")));
    check(&before, std::slice::from_ref(&moved), &["+other", "-middle"]);
    let on = Change::SetSwitch("indirect_reports".to_owned(), true);
    let after = check(&before, &[on], &["+top"]);
    check(&after, &[moved], &["+other", "-middle", "-top"]);
}

#[test]
fn members_in_many_teams_are_compared_by_all_of_them() {
    // The positions of two of the teams are equal modulo 64.
    let ids: Vec<String> = (0..65).map(|number| format!("team{number}")).collect();
    let workspace = Workspace {
        profiles: vec![profile("readers", &[("deals", "read", "team")])],
        teams: ids.iter().map(|id| team(id, Some("readers"), Sharing::All)).collect(),
        members: vec![
            in_teams("anna", "guest", &["team0"]),
            in_teams("ben", "guest", &["team0"]),
            in_teams("cleo", "guest", &["team64"]),
        ],
        ..Workspace::default()
    };
    let before = policy(&workspace);
    let moved = Change::PutMember(in_teams("ben", "guest", &["team64"]));

    check(&before, &[moved], &["+ben", "+cleo", "-anna", "-ben"]);
}
