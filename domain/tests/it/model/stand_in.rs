//! Who may let a program act for another member.

use hallpass_domain::api_key::ApiKey;
use hallpass_domain::id::ApiKeyId;
use hallpass_domain::model::guard::{check_key, check_revoke_key, check_stand_in};
use hallpass_domain::time::Timestamp;
use hallpass_engine::Boundary;

use super::*;

const ALL_OF_A_LEAD: [&str; 2] = ["deals:*:all", "people:*:all"];

/// Ben is a clerk with some grants, whom the rank rules let change agents.
fn clerks(grants: &[&str]) -> Model {
    let people = people_with(|id, member| {
        if id == BEN {
            member.role = CLERK.to_string();
            member.visibility = hallpass_engine::Visibility::All;
        }
        if id == DORA {
            member.is_active = false;
        }
    });
    with_clerk(&blueprint(&[]), grants, people)
}

fn acts(model: &Model, member: MemberId, other: MemberId) -> String {
    verdict(check_stand_in(model, member, other))
}

fn revokes(model: &Model, member: MemberId, other: MemberId) -> String {
    verdict(check_revoke_key(model, member, other))
}

#[test]
fn a_member_acts_for_themselves_and_for_those_below_them() {
    let model = clerks(&ALL_OF_A_LEAD);

    assert_eq!(acts(&model, CLEO, CLEO), "done");
    assert_eq!(acts(&model, ANNA, EMIL), "done");
    assert_eq!(acts(&model, EMIL, CLEO), "done");
    assert_eq!(acts(&model, BEN, CLEO), "done");
    assert_eq!(acts(&model, EMIL, ANNA), "may_not_touch Owner");
    assert_eq!(acts(&model, CLEO, EMIL), "may_not_touch Lead");
    assert_eq!(acts(&model, BEN, EMIL), "may_not_touch Lead");
}

#[test]
fn inactive_and_unknown_members_act_for_none_and_none_for_them() {
    let model = clerks(&ALL_OF_A_LEAD);

    for (member, other) in
        [(DORA, CLEO), (EMIL, DORA), (DORA, DORA), (NEW, CLEO), (EMIL, NEW), (NEW, NEW)]
    {
        assert_eq!(acts(&model, member, other), " giver_gone", "{member} {other}");
    }
}

/// The program acts on records of anyone: own records do not suffice.
#[test]
fn who_acts_for_another_holds_all_of_their_permissions_on_all_records() {
    for (grants, lacking) in [
        (vec!["deals:*:all"], "done"),
        (vec!["deals:create,read,update:all"], "done"),
        (vec!["deals:create,read:all"], "deals:update"),
        (vec!["deals:create,read,update:own"], "deals:create, deals:read, deals:update"),
        (vec![], "deals:create, deals:read, deals:update"),
    ] {
        assert_eq!(acts(&clerks(&grants), BEN, CLEO), lacking, "{grants:?}");
    }
}

#[test]
fn a_key_is_revoked_by_those_who_could_create_it_or_by_rank_of_an_inactive_member() {
    let model = clerks(&["deals:read:all"]);

    assert_eq!(revokes(&model, CLEO, CLEO), "done");
    assert_eq!(revokes(&model, EMIL, CLEO), "done");
    assert_eq!(revokes(&model, BEN, CLEO), "deals:create, deals:update");
    assert_eq!(revokes(&model, BEN, DORA), "done", "who is inactive may do nothing");
    assert_eq!(revokes(&model, CLEO, DORA), "may_not_touch Agent");
    assert_eq!(revokes(&model, EMIL, ANNA), "may_not_touch Owner");
    assert_eq!(revokes(&model, BEN, NEW), "done", "who is gone may do nothing");
    assert_eq!(revokes(&model, DORA, CLEO), " giver_gone");
}

fn makes(model: &Model, made_by: MemberId, member: MemberId, scopes: Option<&str>) -> String {
    let (id, at) = (ApiKeyId(Uuid::from_u128(1)), Timestamp::from_seconds(1));
    let key = ApiKey::new(id, "Import".to_owned(), (member, made_by), at);
    let scopes = scopes.map(|scopes| Arc::new(Boundary::parse([scopes]).unwrap()));
    let key = ApiKey { scopes, ..key };
    verdict(check_key(model, &key))
}

#[test]
fn a_key_for_another_takes_what_its_scopes_cover() {
    let model = clerks(&["deals:read:all"]);

    assert_eq!(makes(&model, BEN, CLEO, None), "deals:create, deals:update");
    assert_eq!(makes(&model, BEN, CLEO, Some("*:*")), "deals:create, deals:update");
    assert_eq!(makes(&model, BEN, CLEO, Some("deals:read,update")), "deals:update");
    assert_eq!(makes(&model, BEN, CLEO, Some("deals:read")), "done");
    assert_eq!(makes(&model, BEN, CLEO, Some("deals:read:own")), "done");
    assert_eq!(makes(&model, BEN, EMIL, Some("deals:read")), "may_not_touch Lead");
    assert_eq!(makes(&model, CLEO, CLEO, None), "done");
    assert_eq!(makes(&model, DORA, CLEO, Some("deals:read")), " giver_gone");
}
