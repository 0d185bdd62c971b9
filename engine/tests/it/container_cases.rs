//! What exactly each kind of container gives beyond each grantor: neither less nor more is refused.

use hallpass_engine::{
    Blueprint, Change, CustomRole, Department, Member, Policy, Sharing, Workspace,
};

use crate::behaviours::{custom, in_teams, profile, team};

/// Three grantors: one who reaches all, one who reaches their department and assigned members, and one
/// who reaches their own records.
const MODEL: &str = r#"
[blueprint]
id = "containers"
name = "Containers"

[records.deals]
actions = ["create", "read", "update"]

[records.notes]
actions = ["read"]

[settings.members]
actions = ["read", "create", "update", "delete"]

[teams]
[managers]
[departments]

[roles.owner]
rank = 9
top = true
grants = ["*:*:all"]

[roles.head]
rank = 5
manages = true
grants = ["deals:read:department", "deals:read:assigned", "deals:update:own", "members:*:all"]

[roles.member]
rank = 1
grants = ["deals:read:own", "notes:read:own"]

[custom_roles]
rank = 1
scopes = ["own", "assigned", "team", "department", "all"]

[profiles]

[switches.indirect_reports]
counts_indirect_reports = true

[switches.open_notes]
adds = ["notes:read:all"]
"#;

fn in_department(id: &str, role: &str, department: &str) -> Member {
    Member { department: Some(department.to_owned()), ..Member::new(id, role) }
}

fn departments(pairs: &[(&str, Option<&str>)]) -> Vec<Department> {
    let department = |(id, parent): &(&str, Option<&str>)| Department {
        id: (*id).to_owned(),
        parent: parent.map(str::to_owned),
    };
    pairs.iter().map(department).collect()
}

/// `head` is in `sales`, `member` in `north` below it; `support` is beside them, with `outsider`, and
/// `empty` has no members.
fn workspace() -> Workspace {
    Workspace {
        roles: vec![custom("closer", &["deals:read:all"])],
        profiles: vec![profile("clerk", &[("deals", "read", "team")])],
        teams: vec![team("blue", None, Sharing::All), team("green", None, Sharing::All)],
        departments: departments(&[
            ("sales", None),
            ("north", Some("sales")),
            ("south", Some("sales")),
            ("support", None),
            ("empty", None),
        ]),
        members: vec![
            Member::new("owner", "owner"),
            in_department("head", "head", "sales"),
            in_department("member", "member", "north"),
            in_department("southerner", "member", "south"),
            in_department("outsider", "member", "support"),
        ],
        ..Workspace::default()
    }
}

fn policy(model: &str, workspace: &Workspace) -> Policy {
    let blueprint = Blueprint::parse(model).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    Policy::compile(&blueprint.into(), workspace).unwrap()
}

/// What a member may not give by changing a container.
fn excess(before: &Policy, grantor: &str, after: &Policy) -> Vec<String> {
    let grantor = before.member(grantor).unwrap();
    let cells = before.excess_of_containers(grantor, after).into_iter();
    let keys = cells.map(|cell| after.keys(cell));
    keys.map(|(resource, action)| format!("{resource}:{action}")).collect()
}

#[track_caller]
fn check(before: &Policy, change: &Change, cases: &[(&str, &[&str])]) {
    let after = before.apply(std::slice::from_ref(change)).unwrap();
    for (grantor, expected) in cases {
        assert_eq!(excess(before, grantor, &after), *expected, "{grantor}: {change:?}");
    }
}

fn role(grants: &[&str]) -> Change {
    Change::PutRole(custom("closer", grants))
}

#[test]
fn a_role_gives_what_it_grants_beyond_what_it_granted() {
    let before = policy(MODEL, &workspace());
    let deals: &[&str] = &["deals:read"];
    // It granted every deal.
    check(&before, &role(&["deals:read:own", "deals:read:all"]), &[("member", &[])]);
    check(&before, &role(&["deals:read:own"]), &[("member", &[])]);
    check(&before, &role(&[]), &[("outsider", &[])]);

    let all_notes = before.apply(&[role(&["notes:read:all"])]).unwrap();
    check(&all_notes, &role(&["notes:read:own"]), &[("head", &[])]);

    let before = before.apply(&[role(&["deals:read:own"])]).unwrap();
    let cases: [(&str, [&[&str]; 3]); 7] = [
        ("deals:read:own", [&[], &[], &[]]),
        ("deals:read:assigned", [&[], &[], deals]),
        ("deals:read:department", [&[], &[], deals]),
        ("deals:read:team", [&[], deals, deals]),
        ("deals:read:all", [&[], deals, deals]),
        ("deals:update:own", [&[], &[], &["deals:update"]]),
        ("notes:read:own", [&[], &["notes:read"], &[]]),
    ];
    for (grant, [owner, head, member]) in cases {
        let change = role(&["deals:read:own", grant]);
        check(&before, &change, &[("owner", owner), ("head", head), ("member", member)]);
        let change = Change::PutRole(custom("new", &[grant]));
        check(&before, &change, &[("owner", owner), ("head", head), ("member", member)]);
    }
}

#[test]
fn a_profile_gives_what_its_cells_grant_beyond_what_they_granted() {
    let before = policy(MODEL, &workspace());
    let put = |cells: &[(&str, &str, &str)]| Change::PutProfile(profile("clerk", cells));
    check(&before, &put(&[("deals", "read", "team")]), &[("member", &[])]);
    check(&before, &put(&[("deals", "read", "own")]), &[("member", &[])]);
    let all = &[("owner", &[][..]), ("head", &["deals:read"]), ("member", &["deals:read"])];
    check(&before, &put(&[("deals", "read", "all")]), all);
    let notes = &[("owner", &[][..]), ("head", &["notes:read"]), ("member", &[])];
    check(&before, &put(&[("deals", "read", "team"), ("notes", "read", "own")]), notes);
}

#[test]
fn a_team_gives_what_its_profile_grants_in_it() {
    let mut workspace = workspace();
    // Both may read what the team `blue` has; one of them by a profile on that team alone.
    workspace.roles.push(custom("teamwork", &["deals:read:team"]));
    workspace.members.push(in_teams("everywhere", "teamwork", &["blue", "green"]));
    workspace.teams.push(team("clerks", Some("clerk"), Sharing::All));
    workspace.members.push(in_teams("clerk", "member", &["blue", "clerks"]));
    let before = policy(MODEL, &workspace);
    let with_profile = |id: &str| Change::PutTeam(team(id, Some("clerk"), Sharing::All));
    let deals: &[&str] = &["deals:read"];
    check(
        &before,
        &with_profile("blue"),
        &[
            ("owner", &[]),
            ("everywhere", &[]),
            ("clerk", deals),
            ("head", deals),
            ("member", deals),
        ],
    );
    // No member is in a team that is new.
    check(&before, &with_profile("red"), &[("owner", &[]), ("everywhere", deals)]);
    // What the team gave already is no gain.
    check(&before, &with_profile("clerks"), &[("member", &[])]);
}

#[test]
fn a_switch_gives_what_it_adds() {
    let before = policy(MODEL, &workspace());
    let notes: &[&str] = &["notes:read"];
    let on = Change::SetSwitch("open_notes".to_owned(), true);
    check(&before, &on, &[("owner", &[]), ("head", notes), ("member", notes)]);
    let before = before.apply(std::slice::from_ref(&on)).unwrap();
    check(&before, &on, &[("member", &[])]);
    check(&before, &Change::SetSwitch("open_notes".to_owned(), false), &[("member", &[])]);
}

#[test]
fn indirect_reports_give_what_any_manager_has_of_assigned_members() {
    let before = policy(MODEL, &workspace());
    let on = Change::SetSwitch("indirect_reports".to_owned(), true);
    let deals: &[&str] = &["deals:read"];
    check(&before, &on, &[("owner", &[]), ("head", deals), ("member", deals)]);
    let before = before.apply(std::slice::from_ref(&on)).unwrap();
    check(&before, &on, &[("member", &[])]);
    check(
        &before,
        &Change::SetSwitch("indirect_reports".to_owned(), false),
        &[("member", &[])],
    );
}

fn tree(pairs: &[(&str, Option<&str>)]) -> Change {
    Change::SetDepartments(departments(pairs))
}

#[test]
fn departments_give_the_records_of_the_members_who_come_below_another() {
    let before = policy(MODEL, &workspace());
    let deals: &[&str] = &["deals:read"];
    let nothing: &[(&str, &[&str])] = &[("owner", &[]), ("head", &[]), ("outsider", &[])];
    let support_below = [
        ("sales", None),
        ("north", Some("sales")),
        ("south", Some("sales")),
        ("support", Some("sales")),
        ("empty", None),
    ];
    check(
        &before,
        &tree(&support_below),
        &[("owner", &[]), ("head", deals), ("outsider", deals)],
    );
    // Both are within the department of `head`.
    let within = [
        ("sales", None),
        ("north", Some("sales")),
        ("south", Some("north")),
        ("support", None),
        ("empty", None),
    ];
    check(&before, &tree(&within), &[("owner", &[]), ("head", &[]), ("outsider", deals)]);
    // No member is in a department that is moved, new, or a root from now on.
    let empty_below = [
        ("sales", None),
        ("north", Some("sales")),
        ("south", Some("sales")),
        ("support", None),
        ("empty", Some("support")),
    ];
    check(&before, &tree(&empty_below), nothing);
    let with_new = [
        ("sales", None),
        ("north", Some("sales")),
        ("south", None),
        ("support", None),
        ("empty", None),
        ("new", Some("north")),
    ];
    check(&before, &tree(&with_new), nothing);
}

/// A model in which one thing at a time can reach departments, beside grants that cannot.
fn model_with(more: &str, role: &str) -> String {
    format!(
        r#"
[blueprint]
id = "departments"
name = "Departments"

[records.deals]
actions = ["read"]

[records.tickets]
actions = ["read"]
ladder = [
  {{ level = "view", actions = ["read"], scope = "own" }},
  {{ level = "oversee", actions = ["read"], scope = "SCOPE" }},
]

[settings.members]
actions = ["read", "create", "update", "delete"]

[departments]
[managers]

[roles.owner]
rank = 9
top = true
grants = ["*:*:all"]

[roles.member]
rank = 1
levels = true
{role}

[roles.guest]
rank = 1
grants = ["members:read:all"]

[switches.indirect_reports]
counts_indirect_reports = true

{more}
"#
    )
}

/// What a member who holds nothing may not give by bringing a department below another, and by counting
/// indirect reports.
fn reached(model: &str) -> (Vec<String>, Vec<String>) {
    let workspace = Workspace {
        departments: departments(&[("sales", None), ("support", None)]),
        members: vec![
            Member::new("owner", "owner"),
            in_department("guest", "guest", "support"),
        ],
        ..Workspace::default()
    };
    let before = policy(model, &workspace);
    let below = tree(&[("sales", None), ("support", Some("sales"))]);
    let by_departments = excess(&before, "guest", &before.apply(&[below]).unwrap());
    let on = Change::SetSwitch("indirect_reports".to_owned(), true);
    let by_reports = excess(&before, "guest", &before.apply(&[on]).unwrap());
    (by_departments, by_reports)
}

/// More of the model, the role of members, the scope of the upper level, and what departments and reports
/// give.
type Case = (String, String, &'static str, &'static [&'static str], &'static [&'static str]);

#[test]
fn departments_and_reports_give_in_the_cells_in_which_a_member_can_reach_them() {
    let visibility = "[visibility]\nstart = \"own\"\n";
    let adds = |scope: &str| format!("[switches.more]\nadds = [\"deals:read:{scope}\"]\n");
    let contact =
        |scope: &str| format!("[billing_contact]\ngrants = [\"deals:read:{scope}\"]\n");
    let grants = |scope: &str| format!("grants = [\"deals:read:{scope}\"]");
    let bounds = |scope: &str| format!("{}\nvisibility = \"bounds\"", grants(scope));
    let cases: [Case; 15] = [
        (String::new(), grants("own"), "own", &[], &[]),
        (String::new(), grants("all"), "own", &[], &[]),
        (String::new(), grants("department"), "own", &["deals:read"], &[]),
        (String::new(), grants("assigned"), "own", &[], &["deals:read"]),
        (String::new(), grants("own"), "department", &["tickets:read"], &[]),
        (String::new(), grants("own"), "assigned", &[], &["tickets:read"]),
        (adds("department"), grants("own"), "own", &["deals:read"], &[]),
        (adds("assigned"), grants("own"), "own", &[], &["deals:read"]),
        (adds("own"), grants("own"), "own", &[], &[]),
        (contact("department"), grants("own"), "own", &["deals:read"], &[]),
        (contact("assigned"), grants("own"), "own", &[], &["deals:read"]),
        // A visibility may be set to `department` later.
        (visibility.to_owned(), grants("visible"), "own", &["deals:read"], &[]),
        (visibility.to_owned(), grants("all"), "own", &[], &[]),
        (visibility.to_owned(), bounds("all"), "own", &["deals:read"], &[]),
        (visibility.to_owned(), bounds("assigned"), "own", &["deals:read"], &["deals:read"]),
    ];
    for (more, role, scope, departments, reports) in cases {
        let model = model_with(&more, &role).replace("SCOPE", scope);
        let (by_departments, by_reports) = reached(&model);

        assert_eq!(by_departments, departments, "departments: {more}{role}\nlevel {scope}");
        assert_eq!(by_reports, reports, "reports: {more}{role}\nlevel {scope}");
    }
}

/// A policy that was compiled on its own has other handles: what is equal by key is equal.
#[test]
fn containers_are_compared_by_key_in_policies_that_were_compiled_apart() {
    let before = policy(MODEL, &workspace());
    let notes = "[records.notes]\nactions = [\"read\"]\n\n";
    let model =
        MODEL.replace(notes, "").replace("[records.deals]", &format!("{notes}[records.deals]"));
    assert_ne!(model, MODEL);
    let widened = |grants: &[&str]| -> Policy {
        let roles: Vec<CustomRole> = vec![custom("closer", grants)];
        policy(&model, &Workspace { roles, ..workspace() })
    };

    assert_eq!(excess(&before, "member", &widened(&["deals:read:all"])), [""; 0]);
    let after = widened(&["deals:read:all", "deals:update:own"]);
    assert_eq!(excess(&before, "member", &after), ["deals:update"]);
    assert_eq!(excess(&before, "head", &after), [""; 0]);
    assert_eq!(excess(&before, "owner", &after), [""; 0]);
}
