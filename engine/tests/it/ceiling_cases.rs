//! What a grantor may give of what a visibility leaves of a team and of assigned members.

use hallpass_engine::{
    Blueprint, Cell, Change, Department, Filter, Member, Policy, Relations, Scope, Sharing,
    Visibility, Workspace,
};

use crate::behaviours::{assigned_to, profile, team};

/// The roles `lead` and `boss` are bounded by the visibility of their holders.
const MODEL: &str = r#"
[blueprint]
id = "visibility"
name = "Visibility"

[records.deals]
actions = ["read"]

[teams]
[managers]
[departments]
[profiles]

[visibility]
start = "own"

[roles.owner]
rank = 9
top = true
grants = ["*:*:all"]

[roles.head]
rank = 5
grants = ["deals:read:department"]

[roles.lead]
rank = 3
grants = ["deals:read:team"]
visibility = "bounds"

[roles.boss]
rank = 3
grants = ["deals:read:assigned"]
visibility = "bounds"

[roles.member]
rank = 1
grants = ["deals:read:own"]
"#;

fn member(
    id: &str,
    role: &str,
    visibility: Visibility,
    teams: &[&str],
    department: Option<&str>,
) -> Member {
    Member {
        visibility,
        teams: teams.iter().map(|team| (*team).to_owned()).collect(),
        department: department.map(str::to_owned),
        ..Member::new(id, role)
    }
}

fn departments() -> Vec<Department> {
    let department = |id: &str, parent: Option<&str>| Department {
        id: id.to_owned(),
        parent: parent.map(str::to_owned),
    };
    vec![
        department("sales", None),
        department("north", Some("sales")),
        department("support", None),
    ]
}

fn policy(members: Vec<Member>) -> Policy {
    let blueprint = Blueprint::parse(MODEL).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let workspace = Workspace {
        teams: vec![team("blue", None, Sharing::All), team("green", None, Sharing::All)],
        departments: departments(),
        members,
        ..Workspace::default()
    };
    Policy::compile(&blueprint.into(), &workspace).unwrap()
}

/// Grantors in the team `blue` and the department `sales`.
fn grantors() -> Vec<Member> {
    let grantor = |id: &str, role: &str, visibility: Visibility| {
        member(id, role, visibility, &["blue"], Some("sales"))
    };
    vec![
        grantor("owner", "owner", Visibility::Own),
        grantor("head", "head", Visibility::Own),
        grantor("lead", "lead", Visibility::All),
        grantor("lead in sales", "lead", Visibility::Department),
        grantor("boss", "boss", Visibility::All),
        grantor("boss in sales", "boss", Visibility::Department),
        grantor("member", "member", Visibility::Own),
    ]
}

/// The grantors who may let a new member in.
fn who_may_add(newcomer: &Member) -> Vec<String> {
    let before = policy(grantors());
    let after = before.apply(&[Change::PutMember(newcomer.clone())]).unwrap();
    let cells: Vec<Cell> = after.grantable_cells().collect();
    let joined = after.member(&newcomer.id).unwrap();
    let may = |grantor: &Member| {
        let index = before.member(&grantor.id).unwrap();
        let excess = before.excess(index, &after, &newcomer.id);
        let among = before.excess_among(index, &after, [joined], &cells);
        assert_eq!(excess.is_empty(), among.is_empty(), "{newcomer:?} by {}", grantor.id);
        excess.is_empty()
    };
    let grantors = grantors().into_iter().filter(may);
    grantors.map(|grantor| grantor.id).collect()
}

#[test]
fn a_team_within_a_department_is_given_by_those_who_reach_both_or_one_of_them() {
    // The teams and the department of a new lead who sees their department, and who may add them.
    let anyone: &[&str] = &["owner", "head", "lead", "lead in sales"];
    let cases: [(&[&str], Option<&str>, &[&str]); 11] = [
        (&[], None, &["owner", "lead", "lead in sales"]),
        (&[], Some("sales"), anyone),
        // A lead without a team has what they have in any.
        (&[], Some("support"), &["owner", "lead", "lead in sales"]),
        (&["blue"], None, &["owner", "lead", "lead in sales"]),
        (&["blue"], Some("sales"), anyone),
        (&["blue"], Some("north"), anyone),
        (&["blue"], Some("support"), &["owner", "lead"]),
        (&["green"], None, &["owner"]),
        (&["green"], Some("sales"), &["owner", "head"]),
        (&["green"], Some("support"), &["owner"]),
        (&["blue", "green"], Some("sales"), &["owner", "head"]),
    ];
    for (teams, department, expected) in cases {
        let newcomer = member("new", "lead", Visibility::Department, teams, department);
        let may = who_may_add(&newcomer);
        assert_eq!(may, expected, "{teams:?} {department:?}");
    }
}

#[test]
fn assigned_members_within_a_department_are_given_by_those_who_have_either() {
    let bosses = ["owner", "boss", "boss in sales"];
    let with_head = ["owner", "head", "boss", "boss in sales"];
    let cases: [(Visibility, Option<&str>, &[&str]); 5] = [
        (Visibility::Department, None, &bosses),
        (Visibility::Department, Some("sales"), &with_head),
        (Visibility::Department, Some("north"), &with_head),
        (Visibility::Department, Some("support"), &bosses),
        (Visibility::All, Some("north"), &["owner", "boss"]),
    ];
    for (visibility, department, expected) in cases {
        let newcomer = member("new", "boss", visibility, &[], department);
        assert_eq!(who_may_add(&newcomer), expected, "{visibility:?} {department:?}");
    }
}

#[test]
fn a_department_is_given_by_those_who_reach_it() {
    let cases: [(Option<&str>, &[&str]); 4] = [
        // A head without a department has none yet.
        (None, &["owner", "head"]),
        (Some("sales"), &["owner", "head"]),
        (Some("north"), &["owner", "head"]),
        (Some("support"), &["owner"]),
    ];
    for (department, expected) in cases {
        let newcomer = member("new", "head", Visibility::Own, &[], department);
        assert_eq!(who_may_add(&newcomer), expected, "{department:?}");
    }
}

#[test]
fn a_filter_has_the_owners_whom_a_visibility_leaves() {
    let colleague = |id: &str, teams: &[&str], department: &str| {
        member(id, "member", Visibility::Own, teams, Some(department))
    };
    let mut members = grantors();
    members.extend([
        colleague("blue sales", &["blue"], "sales"),
        colleague("blue north", &["blue"], "north"),
        colleague("blue support", &["blue"], "support"),
        colleague("green sales", &["green"], "sales"),
        assigned_to("boss in sales", colleague("report north", &[], "north")),
        assigned_to("boss in sales", colleague("report support", &[], "support")),
    ]);
    let policy = policy(members);
    let read = policy.cell("deals", "read").unwrap();
    let others = |id: &str| -> Vec<&str> {
        let member = policy.member(id).unwrap();
        let Filter::Owners(owners) = policy.filter(member, read) else { panic!("{id}") };
        let others = owners.members.iter().map(|owner| policy.id(*owner));
        // Those who are in everything with them.
        others.filter(|owner| !grantors().iter().any(|one| one.id == *owner)).collect()
    };

    assert_eq!(others("lead"), ["blue sales", "blue north", "blue support"]);
    assert_eq!(others("lead in sales"), ["blue sales", "blue north"]);
    assert_eq!(others("boss in sales"), ["report north"]);
    assert_eq!(others("head"), ["blue sales", "blue north", "green sales", "report north"]);
}

#[test]
fn a_visibility_leaves_of_each_scope_what_is_within_it() {
    use Visibility::{All, Department, Own};
    let cases = [
        (Scope::Own, Own, "own"),
        (Scope::Own, Department, "own"),
        (Scope::Assigned, Own, "none"),
        (Scope::Assigned, Department, "assigned in department"),
        (Scope::Assigned, All, "assigned"),
        (Scope::Team, Own, "own"),
        (Scope::Team, Department, "own + team in department"),
        (Scope::Team, All, "own + team"),
        (Scope::Department, Own, "own"),
        (Scope::Department, Department, "own + department"),
        (Scope::Unowned, Department, "none"),
        (Scope::Unowned, All, "unowned"),
        (Scope::All, Own, "own"),
        (Scope::All, Department, "own + department"),
        (Scope::All, All, "all"),
    ];
    for (scope, visibility, expected) in cases {
        let found = Relations::bounded(scope.into(), visibility);
        assert_eq!(found.to_string(), expected, "{scope} within {visibility:?}");
        assert_eq!(format!("{found:?}"), expected);
    }
}

/// Handles of policies that were compiled apart mean nothing to each other.
#[test]
fn what_a_member_had_is_not_read_by_the_handles_of_a_policy_that_was_compiled_apart() {
    let blueprint = Blueprint::parse(MODEL).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let blueprint = std::sync::Arc::new(blueprint);
    let at = |teams: [&str; 2], of_ben: &str| {
        let workspace = Workspace {
            profiles: vec![profile("readers", &[("deals", "read", "team")])],
            teams: teams.map(|id| team(id, Some("readers"), Sharing::All)).into(),
            members: vec![
                member("anna", "member", Visibility::Own, &["green"], None),
                member("ben", "member", Visibility::Own, &[of_ben], None),
            ],
            ..Workspace::default()
        };
        Policy::compile(&blueprint, &workspace).unwrap()
    };
    // Both are the second team of their policy.
    let before = at(["blue", "green"], "green");
    let after = at(["green", "blue"], "blue");
    let anna = before.member("anna").unwrap();

    let excess = before.excess(anna, &after, "ben");
    assert_eq!(excess.len(), 1, "{excess:?}");
    assert_eq!((excess[0].resource.as_str(), excess[0].action.as_str()), ("deals", "read"));
    let cells: Vec<Cell> = after.grantable_cells().collect();
    let among = before.excess_among(anna, &after, after.member("ben"), &cells);
    assert_eq!(among.len(), 1);
    let back = at(["green", "blue"], "green");
    assert_eq!(before.excess(anna, &back, "ben"), []);
}

#[test]
fn only_a_grant_of_every_record_reaches_all() {
    let policy = policy(grantors());
    let read = policy.cell("deals", "read").unwrap();
    for member in policy.members() {
        assert_eq!(policy.reaches_all(member, read), policy.id(member) == "owner");
    }
}

#[test]
fn a_role_with_one_holder_is_only_transferred() {
    let text = MODEL.replace("top = true", "top = true\nholders = \"one\"");
    assert_ne!(text, MODEL);
    for (text, expected) in [(MODEL, false), (text.as_str(), true)] {
        let blueprint = Blueprint::parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        assert_eq!(blueprint.is_transferred_only("owner"), expected);
        assert!(!blueprint.is_transferred_only("head"));
        assert!(!blueprint.is_transferred_only("unknown"));
    }
}
