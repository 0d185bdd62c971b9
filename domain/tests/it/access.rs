//! The access of a member: what a requested change makes of it, and which fields an access model has.

use std::sync::Arc;

use hallpass_domain::id::{AccountId, DepartmentId, MemberId, RoleId, TeamId};
use hallpass_domain::member::{
    Member, MemberAccess, MemberAccessChange, Status, start_visibility,
};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;
use hallpass_engine::{Blueprint, Visibility};
use uuid::Uuid;

const BEN: MemberId = MemberId(Uuid::from_u128(2));
const CLEO: MemberId = MemberId(Uuid::from_u128(3));
const SALES: TeamId = TeamId(Uuid::from_u128(1));
const SUPPORT: TeamId = TeamId(Uuid::from_u128(2));
const NORTH: DepartmentId = DepartmentId(Uuid::from_u128(1));

/// An access model with roles only.
const BARE: &str = r#"
[blueprint]
id = "bare"
name = "Bare"

[records.deals]

[roles.owner]
rank = 2
top = true
grants = ["*:*:all"]

[roles.agent]
rank = 1
grants = ["deals:read:own"]
"#;

fn standard() -> Arc<Blueprint> {
    let text = hallpass_domain::blueprint::find("standard").unwrap();
    Arc::new(Blueprint::parse(text).unwrap())
}

fn bare() -> Blueprint {
    Blueprint::parse(BARE).unwrap()
}

/// The fields that a change may not name, with the kind of each mistake.
fn mistakes(blueprint: &Blueprint, change: &MemberAccessChange) -> Vec<String> {
    let access = MemberAccess::new(blueprint, "member");
    match access.change(blueprint, change) {
        Ok(_) => Vec::new(),
        Err(Refusal::Fields(errors)) => {
            errors.iter().map(|one| format!("{} {}", one.pointer, one.code)).collect()
        }
        Err(other) => vec![other.to_string()],
    }
}

/// Every field that depends on a layer, set to something.
fn each_field() -> [(&'static str, MemberAccessChange); 7] {
    let none = MemberAccessChange::default;
    let levels = vec![("contacts".to_owned(), "view".to_owned())];
    [
        ("/levels", MemberAccessChange { levels: Some(levels), ..none() }),
        ("/preset", MemberAccessChange { preset: Some("analyst".to_owned()), ..none() }),
        ("/visibility", MemberAccessChange { visibility: Some(Visibility::All), ..none() }),
        ("/department", MemberAccessChange { department: Some(Some(NORTH)), ..none() }),
        ("/manager", MemberAccessChange { manager: Some(Some(BEN)), ..none() }),
        ("/teams", MemberAccessChange { teams: Some(vec![SALES]), ..none() }),
        ("/billing_contact", MemberAccessChange { billing_contact: Some(true), ..none() }),
    ]
}

#[test]
fn a_field_of_a_layer_that_the_access_model_lacks_is_refused() {
    let (standard, bare) = (standard(), bare());
    for (field, change) in each_field() {
        assert_eq!(mistakes(&bare, &change), [format!("{field} no_such_layer")]);
        assert_eq!(mistakes(&standard, &change), Vec::<String>::new(), "{field}");
    }
}

#[test]
fn what_a_member_does_not_have_can_be_taken_away_in_any_access_model() {
    let change = MemberAccessChange {
        department: Some(None),
        manager: Some(None),
        teams: Some(Vec::new()),
        billing_contact: Some(false),
        ..MemberAccessChange::default()
    };

    assert_eq!(mistakes(&bare(), &change), Vec::<String>::new());
    assert_eq!(mistakes(&bare(), &MemberAccessChange::default()), Vec::<String>::new());
}

#[test]
fn all_mistakes_of_a_change_are_reported_at_once() {
    let change = MemberAccessChange {
        visibility: Some(Visibility::Own),
        teams: Some(vec![SALES]),
        billing_contact: Some(true),
        ..MemberAccessChange::default()
    };

    let found = mistakes(&bare(), &change);

    let expected = ["/visibility", "/teams", "/billing_contact"];
    assert_eq!(found, expected.map(|field| format!("{field} no_such_layer")));
}

#[test]
fn a_preset_is_known_and_comes_without_levels() {
    let preset = |key: &str| MemberAccessChange {
        preset: Some(key.to_owned()),
        ..MemberAccessChange::default()
    };
    let both = MemberAccessChange { levels: Some(Vec::new()), ..preset("analyst") };

    assert_eq!(mistakes(&standard(), &preset("analyst")), Vec::<String>::new());
    assert_eq!(mistakes(&standard(), &preset("analysis")), ["/preset unknown"]);
    assert_eq!(mistakes(&standard(), &both), ["/preset ambiguous"]);
}

fn changed(access: &MemberAccess, change: &MemberAccessChange) -> MemberAccess {
    access.change(&standard(), change).unwrap()
}

/// The access of Cleo, with a value in every field.
fn cleo() -> MemberAccess {
    MemberAccess {
        role: "member".to_owned(),
        levels: vec![("contacts".to_owned(), "edit".to_owned())],
        visibility: Visibility::Department,
        department: Some(NORTH),
        manager: Some(BEN),
        teams: vec![SALES],
        is_billing_contact: true,
    }
}

#[test]
fn absent_fields_stay_as_they_are() {
    assert_eq!(changed(&cleo(), &MemberAccessChange::default()), cleo());
}

#[test]
fn each_field_changes_alone() {
    let none = MemberAccessChange::default;
    let to = |change| changed(&cleo(), &change);

    let after = to(MemberAccessChange { role: Some("admin".to_owned()), ..none() });
    assert_eq!(after, MemberAccess { role: "admin".to_owned(), ..cleo() });
    let after = to(MemberAccessChange { visibility: Some(Visibility::Own), ..none() });
    assert_eq!(after, MemberAccess { visibility: Visibility::Own, ..cleo() });
    let after = to(MemberAccessChange { department: Some(None), ..none() });
    assert_eq!(after, MemberAccess { department: None, ..cleo() });
    let after = to(MemberAccessChange { manager: Some(Some(CLEO)), ..none() });
    assert_eq!(after, MemberAccess { manager: Some(CLEO), ..cleo() });
    let after = to(MemberAccessChange { manager: Some(None), ..none() });
    assert_eq!(after, MemberAccess { manager: None, ..cleo() });
    let after = to(MemberAccessChange { billing_contact: Some(false), ..none() });
    assert_eq!(after, MemberAccess { is_billing_contact: false, ..cleo() });
}

#[test]
fn teams_are_sorted_and_named_once() {
    let teams = Some(vec![SUPPORT, SALES, SUPPORT]);
    let after =
        changed(&cleo(), &MemberAccessChange { teams, ..MemberAccessChange::default() });

    assert_eq!(after.teams, [SALES, SUPPORT]);
}

#[test]
fn levels_are_replaced_and_a_level_of_none_is_no_level() {
    let level = |key: &str, level: &str| (key.to_owned(), level.to_owned());
    let levels = Some(vec![level("contacts", "none"), level("tickets", "view")]);
    let after =
        changed(&cleo(), &MemberAccessChange { levels, ..MemberAccessChange::default() });
    assert_eq!(after.levels, [level("tickets", "view")]);

    let preset = Some("marketing".to_owned());
    let after =
        changed(&cleo(), &MemberAccessChange { preset, ..MemberAccessChange::default() });
    assert_eq!(Some(&after.levels), standard().preset("marketing").map(|one| &one.levels));
}

/// CRM-106: the visibility of custom roles starts apart from that of built-in ones.
#[test]
fn a_change_between_built_in_and_custom_roles_resets_the_visibility() {
    let custom = RoleId(Uuid::from_u128(1)).to_string();
    let other = RoleId(Uuid::from_u128(2)).to_string();
    let of = |role: &str| MemberAccess { role: role.to_owned(), ..cleo() };
    let to = |from: &str, role: &str, visibility| {
        let role = Some(role.to_owned());
        let change = MemberAccessChange { role, visibility, ..MemberAccessChange::default() };
        changed(&of(from), &change).visibility
    };

    assert_eq!(to("member", "admin", None), Visibility::Department);
    assert_eq!(to(&custom, &other, None), Visibility::Department);
    assert_eq!(to("member", &custom, None), Visibility::All);
    assert_eq!(to(&custom, "member", None), Visibility::Own);
    assert_eq!(to("member", &custom, Some(Visibility::Own)), Visibility::Own);
}

#[test]
fn a_new_holder_of_a_role_has_its_visibility_and_nothing_else() {
    let custom = RoleId(Uuid::from_u128(1)).to_string();
    let standard = standard();

    assert_eq!(start_visibility(&standard, "member"), Visibility::Own);
    assert_eq!(start_visibility(&standard, &custom), Visibility::All);
    assert_eq!(start_visibility(&bare(), "agent"), Visibility::Own);
    let new = MemberAccess::new(&standard, &custom);
    let engine = new.to_engine(CLEO, true);
    let expected = hallpass_engine::Member {
        visibility: Visibility::All,
        ..hallpass_engine::Member::new(&CLEO.to_string(), &custom)
    };
    assert_eq!(engine, expected);
}

fn member(status: Status) -> Member {
    Member {
        id: CLEO,
        account: Some(AccountId(Uuid::from_u128(1))),
        first_name: "Cleo".to_owned(),
        last_name: String::new(),
        email: "cleo@example.com".to_owned(),
        status,
        access: cleo(),
        alias: None,
        landing: None,
        joined_at: Timestamp::from_seconds(1),
        role_since: Timestamp::from_seconds(1),
        role_by: None,
        seen_at: None,
        version: 1,
    }
}

#[test]
fn the_engine_gets_every_field_and_whether_the_member_is_active() {
    let engine = member(Status::Active).to_engine();

    let expected = hallpass_engine::Member {
        id: CLEO.to_string(),
        role: "member".to_owned(),
        is_active: true,
        teams: vec![SALES.to_string()],
        department: Some(NORTH.to_string()),
        manager: Some(BEN.to_string()),
        visibility: Visibility::Department,
        levels: vec![("contacts".to_owned(), "edit".to_owned())],
        is_billing_contact: true,
        is_service: false,
    };
    assert_eq!(engine, expected);
    let service = Member { account: None, ..member(Status::Active) };
    assert!(service.to_engine().is_service);
    for status in [Status::Inactive, Status::Removed] {
        assert!(!member(status).to_engine().is_active, "{status:?}");
    }
}

#[test]
fn who_gave_a_role_and_when_is_recorded_when_it_changes() {
    let before = member(Status::Active);
    let now = Timestamp::from_seconds(9);
    let same = Member { landing: Some("tasks".to_owned()), ..before.clone() };
    let mut promoted = before.clone();
    "admin".clone_into(&mut promoted.access.role);

    let kept = same.clone().changed_by(&before, Some(BEN), now);
    let given = promoted.clone().changed_by(&before, Some(BEN), now);
    let by_operator = promoted.changed_by(&before, None, now);

    assert_eq!(kept, same);
    assert_eq!((given.role_since, given.role_by), (now, Some(BEN)));
    assert_eq!((by_operator.role_since, by_operator.role_by), (now, None));
}

#[test]
fn a_name_has_no_spaces_at_its_ends() {
    let anna = Member { last_name: "Berg".to_owned(), ..member(Status::Active) };

    assert_eq!(member(Status::Active).name(), "Cleo");
    assert_eq!(anna.name(), "Cleo Berg");
}

#[test]
fn every_status_is_parsed_from_its_word() {
    for status in Status::EVERY {
        assert_eq!(Status::parse(status.word()), Some(status));
    }
    assert_eq!(Status::parse("Active"), None);
}
