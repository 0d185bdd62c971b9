//! What a switch gives everybody is given by the member who turns it on, not by those who let members in.

use hallpass_engine::{Blueprint, Change, Member, Policy, Visibility, Workspace};

/// `inviter` reads no deals, so the switch is all that they and those like them have on deals.
const MODEL: &str = r#"
[blueprint]
id = "switches"
name = "Switches"

[records.deals]
actions = ["read", "claim"]

[settings.members]
actions = ["read", "create", "update", "delete"]

[roles.owner]
rank = 9
top = true
grants = ["*:*:all"]

[roles.inviter]
rank = 5
manages = true
grants = ["members:*:all"]

[roles.claimer]
rank = 1
grants = ["deals:claim:unowned"]

[switches.claim_unowned]
adds = ["deals:claim:unowned"]

[switches.team_claims]
adds = ["deals:claim:team"]

[teams]
"#;

fn policy(is_on: bool) -> Policy {
    let blueprint = Blueprint::parse(MODEL).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let workspace = Workspace {
        members: vec![Member::new("anna", "owner"), Member::new("ines", "inviter")],
        switches: vec![("claim_unowned".to_owned(), is_on)],
        ..Workspace::default()
    };
    Policy::compile(&blueprint.into(), &workspace).unwrap()
}

/// The actions of which a new member would get more than the inviter holds. Every question about
/// it has the same answer.
fn excess(before: &Policy, role: &str, changes: &[Change]) -> Vec<String> {
    let ines = before.member("ines").unwrap();
    let entry = Change::PutMember(Member::new("ben", role));
    let changes: Vec<Change> = changes.iter().cloned().chain([entry]).collect();
    let after = before.apply(&changes).unwrap();
    let excess = before.excess(ines, &after, "ben");
    let cells: Vec<_> = after.grantable_cells().collect();
    let among = before.excess_among(ines, &after, after.member("ben"), &cells);
    assert_eq!(excess.len(), among.len(), "{role}");
    if changes.len() == 1 {
        let of_role = before.excess_of_role(ines, role, Visibility::Own);
        assert_eq!(of_role, among, "{role}");
    }
    excess.into_iter().map(|excess| format!("{}:{}", excess.resource, excess.action)).collect()
}

#[test]
fn a_member_is_let_in_by_those_who_hold_what_the_role_gives_beside_the_switches() {
    for is_on in [false, true] {
        assert_eq!(excess(&policy(is_on), "inviter", &[]), [""; 0], "{is_on}");
        // The role goes on giving it when the switch is turned off.
        assert_eq!(excess(&policy(is_on), "claimer", &[]), ["deals:claim"], "{is_on}");
    }
}

#[test]
fn a_switch_that_the_same_change_turns_on_is_given_by_its_author() {
    let before = policy(false);
    let turn_on = Change::SetSwitch("claim_unowned".to_owned(), true);
    assert_eq!(excess(&before, "inviter", std::slice::from_ref(&turn_on)), ["deals:claim"]);
    let after = before.apply(&[turn_on]).unwrap();
    let excess = |id: &str| before.excess_of_containers(before.member(id).unwrap(), &after);
    assert_eq!((excess("ines").len(), excess("anna").len()), (1, 0));
}

#[test]
fn a_switch_that_depends_on_teams_does_not_let_a_member_into_one() {
    let turn_on = Change::SetSwitch("team_claims".to_owned(), true);
    let before = policy(false).apply(&[turn_on]).unwrap();
    assert_eq!(excess(&before, "inviter", &[]), ["deals:claim"]);
}
