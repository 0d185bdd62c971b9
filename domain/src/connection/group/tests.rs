//! What the groups of a person give, take away and leave.

use hallpass_engine::{Blueprint, Visibility};
use uuid::Uuid;

use super::{
    Assignment, Following, GivenLevels, GroupMapping, GroupRule, MOST_RULES, MOST_TEAMS,
};
use crate::id::{MemberId, TeamId};
use crate::member::{MemberAccess, MemberAccessChange};
use crate::refusal::Refusal;

fn team(number: u128) -> TeamId {
    TeamId(Uuid::from_u128(number))
}

fn rule(group: &str, role: Option<&str>, teams: &[u128]) -> GroupRule {
    GroupRule {
        group: group.to_owned(),
        role: role.map(ToOwned::to_owned),
        levels: None,
        teams: teams.iter().copied().map(team).collect(),
        author: MemberId(Uuid::from_u128(9)),
    }
}

fn standard() -> Blueprint {
    Blueprint::parse(crate::blueprint::find("standard").unwrap()).unwrap()
}

fn levels(levels: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(key, level): &(&str, &str)| ((*key).to_owned(), (*level).to_owned());
    levels.iter().map(owned).collect()
}

fn with_levels(access: MemberAccess, has: &[(&str, &str)]) -> MemberAccess {
    MemberAccess { levels: levels(has), ..access }
}

fn giving(given: Assignment, gives: &[(&str, &str)]) -> Assignment {
    Assignment { levels: Some(levels(gives)), ..given }
}

fn given(role: Option<&str>, teams: &[u128]) -> Assignment {
    Assignment {
        role: role.map(ToOwned::to_owned),
        levels: None,
        teams: teams.iter().copied().map(team).collect(),
    }
}

fn access(role: &str, teams: &[u128]) -> MemberAccess {
    MemberAccess {
        role: role.to_owned(),
        levels: Vec::new(),
        visibility: Visibility::default(),
        department: None,
        manager: None,
        teams: teams.iter().copied().map(team).collect(),
        is_billing_contact: false,
    }
}

fn change(role: Option<&str>, teams: Option<&[u128]>) -> Box<MemberAccessChange> {
    Box::new(MemberAccessChange {
        role: role.map(ToOwned::to_owned),
        teams: teams.map(|teams| teams.iter().copied().map(team).collect()),
        ..MemberAccessChange::default()
    })
}

fn mapping(rules: Vec<GroupRule>) -> GroupMapping {
    GroupMapping { rules, ..GroupMapping::default() }
}

fn pointers(mapping: &GroupMapping) -> Vec<String> {
    match mapping.check() {
        Err(Refusal::Fields(errors)) => errors.into_iter().map(|error| error.pointer).collect(),
        Err(other) => panic!("{other:?}"),
        Ok(()) => Vec::new(),
    }
}

#[test]
fn the_first_rule_gives_the_role_and_every_rule_its_teams() {
    let mapping = mapping(vec![
        rule("sales", None, &[3, 1]),
        rule("leads", Some("manager"), &[2]),
        rule("staff", Some("member"), &[1]),
        rule("others", Some("admin"), &[7]),
    ]);
    let groups = ["staff", "leads", "sales", "unknown"].map(ToOwned::to_owned);
    let found = Assignment::of(&standard(), mapping.matching(&groups));
    assert_eq!(found, given(Some("manager"), &[1, 2, 3]));
}

#[test]
fn a_group_is_named_exactly() {
    let mapping = mapping(vec![rule("Sales", Some("manager"), &[])]);
    for near in ["sales", "Sales ", "Sales,Leads", "ales", ""] {
        let found = Assignment::of(&standard(), mapping.matching(&[near.to_owned()]));
        assert_eq!(found, Assignment::default(), "{near}");
    }
    let exact = Assignment::of(&standard(), mapping.matching(&["Sales".to_owned()]));
    assert_eq!(exact, given(Some("manager"), &[]));
}

#[test]
fn a_role_that_the_groups_gave_follows_them() {
    let now = given(Some("manager"), &[]);
    let follow = now.follow(&given(Some("member"), &[]), &access("member", &[]));
    let change = change(Some("manager"), None);
    assert_eq!(follow, Following::Goes { change, given: given(Some("manager"), &[]) });
}

#[test]
fn a_role_that_a_person_gave_stays() {
    for before in [given(None, &[]), given(Some("member"), &[])] {
        let now = given(Some("manager"), &[]);
        let follow = now.follow(&before, &access("admin", &[]));
        let unchanged = change(None, None);
        assert_eq!(follow, Following::Goes { change: unchanged, given: given(None, &[]) });
        // Also where they no longer have a group.
        let unchanged = change(None, None);
        let follow = Assignment::default().follow(&before, &access("admin", &[]));
        assert_eq!(follow, Following::Goes { change: unchanged, given: given(None, &[]) });
    }
}

#[test]
fn without_a_group_the_role_that_a_group_gave_ends() {
    let before = given(Some("member"), &[1]);
    let follow = given(None, &[1]).follow(&before, &access("member", &[1]));
    assert_eq!(follow, Following::Ends);
}

#[test]
fn teams_follow_the_groups_and_those_that_a_person_gave_stay() {
    // 1 was given by hand, 2 by a group that is left, 3 by one that stays, 4 is new; 5 was given by
    // hand, and a group gives it too.
    let before = given(None, &[2, 3]);
    let now = given(None, &[3, 4, 5]);
    let follow = now.follow(&before, &access("member", &[5, 1, 3, 2]));
    let change = change(None, Some(&[1, 3, 4, 5]));
    assert_eq!(follow, Following::Goes { change, given: given(None, &[3, 4]) });
}

#[test]
fn what_is_as_it_should_be_is_not_changed() {
    let now = given(Some("member"), &[1, 2]);
    let follow = now.follow(&now, &access("member", &[2, 1]));
    assert_eq!(follow, Following::Goes { change: change(None, None), given: now });
}

#[test]
fn a_mapping_that_is_right_is_accepted() {
    let rules = (0..MOST_RULES).map(|at| rule(&format!("g{at}"), Some("member"), &[]));
    assert_eq!(pointers(&mapping(rules.collect())), Vec::<String>::new());
}

#[test]
fn every_mistake_of_a_mapping_is_reported_where_it_is() {
    let many: Vec<u128> = (0..=MOST_TEAMS as u128).collect();
    let wrong = GroupMapping {
        claim: " groups".to_owned(),
        rules: vec![
            rule("", Some("member"), &[]),
            rule("one\nline", Some("member"), &[]),
            rule("nothing", None, &[]),
            rule("many", None, &many),
            rule("nothing", Some("member"), &[]),
        ],
    };
    let expected = [
        "/claim",
        "/rules/0/group",
        "/rules/1/group",
        "/rules/2",
        "/rules/3/teams",
        "/rules/4/group",
    ];
    assert_eq!(pointers(&wrong), expected);
    let rules = (0..=MOST_RULES).map(|at| rule(&format!("g{at}"), Some("member"), &[]));
    assert_eq!(pointers(&mapping(rules.collect())), ["/rules"]);
}

#[test]
fn the_first_rule_with_levels_gives_them_and_a_preset_gives_those_of_the_model() {
    let preset = GivenLevels::Preset("marketing".to_owned());
    let own = GivenLevels::Own(levels(&[("tickets", "edit"), ("articles", "none")]));
    let unknown = GivenLevels::Preset("gone".to_owned());
    let with = |group: &str, levels: &GivenLevels| GroupRule {
        levels: Some(levels.clone()),
        ..rule(group, None, &[])
    };
    let of = |rules: &[GroupRule]| Assignment::of(&standard(), rules).levels;
    let marketing = [
        ("articles", "edit"),
        ("automations", "send"),
        ("companies", "view"),
        ("contacts", "view"),
    ];

    let staff = rule("staff", Some("member"), &[1]);
    assert_eq!(of(std::slice::from_ref(&staff)), None);
    assert_eq!(of(&[staff, with("a", &preset), with("b", &own)]), Some(levels(&marketing)));
    assert_eq!(
        of(&[with("b", &own), with("a", &preset)]),
        Some(levels(&[("tickets", "edit")]))
    );
    assert_eq!(
        of(&[with("c", &unknown), with("b", &own)]),
        Some(levels(&[("tickets", "edit")]))
    );
}

#[test]
fn levels_follow_the_groups_and_those_that_a_person_gave_stay() {
    let (view, edit) = ([("tickets", "view")], [("tickets", "edit")]);
    let member = access("member", &[]);
    let goes = |now: &Assignment, before: &Assignment, access: &MemberAccess| {
        let Following::Goes { change, given } = now.follow(before, access) else {
            panic!("{now:?}");
        };
        assert_eq!((change.role, change.teams), (None, None));
        (change.levels, given.levels)
    };
    let (none, now) = (given(None, &[]), giving(given(None, &[]), &edit));

    // Who has none gets them, and who has those of the groups follows.
    assert_eq!(goes(&now, &none, &member), (Some(levels(&edit)), Some(levels(&edit))));
    let viewer = with_levels(member.clone(), &view);
    let gave = giving(given(None, &[]), &view);
    assert_eq!(goes(&now, &gave, &viewer), (Some(levels(&edit)), Some(levels(&edit))));
    let editor = with_levels(member.clone(), &edit);
    assert_eq!(goes(&now, &now, &editor), (None, Some(levels(&edit))));
    // Without a group that gives some they end, as those that were given.
    assert_eq!(goes(&none, &gave, &viewer), (Some(Vec::new()), None));
    // What a person chose stays, also where the groups give the same.
    assert_eq!(goes(&now, &none, &viewer), (None, None));
    assert_eq!(goes(&now, &gave, &editor), (None, None));
    assert_eq!(goes(&none, &gave, &editor), (None, None));
    assert_eq!(goes(&none, &none, &member), (None, None));
}

#[test]
fn a_mapping_that_was_stored_before_rules_had_levels_is_read() {
    let text = r#"{"claim": "groups", "rules": [{"group": "sales", "role": "member", "teams": [],
        "author": "mbr_00000000000000000000000000000009"}]}"#;
    let read: GroupMapping = serde_json::from_str(text).unwrap();
    assert_eq!(read, mapping(vec![rule("sales", Some("member"), &[])]));
    let given: Assignment = serde_json::from_str(r#"{"role": "member", "teams": []}"#).unwrap();
    assert_eq!(given.levels, None);
}

#[test]
fn a_mapping_is_stored_as_it_is() {
    let own = Some(GivenLevels::Own(levels(&[("tickets", "edit")])));
    let stored = mapping(vec![
        rule("sales", Some("member"), &[1]),
        rule("staff", None, &[2]),
        GroupRule { levels: own, ..rule("support", None, &[]) },
        GroupRule {
            levels: Some(GivenLevels::Preset("marketing".to_owned())),
            ..rule("marketing", None, &[])
        },
    ]);
    assert!(stored.check().is_ok());
    let without = GroupRule { levels: None, ..stored.rules[2].clone() };
    assert!(!stored.rules[2].says_the_same(&without));
    let text = serde_json::to_string(&stored).unwrap();
    assert_eq!(serde_json::from_str::<GroupMapping>(&text).unwrap(), stored);
    assert!(!stored.rules[0].says_the_same(&stored.rules[1]));
    let by_another =
        GroupRule { author: MemberId(Uuid::from_u128(10)), ..stored.rules[0].clone() };
    assert!(stored.rules[0].says_the_same(&by_another));
}
