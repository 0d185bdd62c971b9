//! Pairs of members, roles and profiles.

use std::sync::Arc;

use hallpass_engine::{
    Blueprint, Cells, Difference, EVERY, Member, Scope, Sharing, Team, Workspace,
};
use uuid::Uuid;

use super::Switched;
use super::pair::HOLDERS;
use crate::id::{MemberId, TeamId};
use crate::model::Model;

const ANNA: MemberId = MemberId(Uuid::from_u128(1));
const BEN: MemberId = MemberId(Uuid::from_u128(2));
const CLEO: MemberId = MemberId(Uuid::from_u128(3));
const SALES: TeamId = TeamId(Uuid::from_u128(1));

/// Anna owns the workspace; Ben and Cleo are members.
fn model() -> Model {
    let text = crate::blueprint::find("standard").unwrap();
    let blueprint = Arc::new(Blueprint::parse(text).unwrap());
    let member = |id: MemberId, role: &str| Member::new(&id.to_string(), role);
    let workspace = Workspace {
        teams: vec![Team { id: SALES.to_string(), profile: None, sharing: Sharing::default() }],
        members: vec![member(ANNA, "owner"), member(BEN, "member"), member(CLEO, "member")],
        ..Workspace::default()
    };
    Model::compile(&blueprint, workspace).unwrap()
}

fn of<'d>(found: &'d [Difference], cell: (&str, &str)) -> Option<&'d Difference> {
    found.iter().find(|one| (one.resource.as_str(), one.action.as_str()) == cell)
}

#[test]
fn members_with_the_same_access_do_not_differ_by_their_own_records() {
    let model = model();
    let now = Switched { model: &model, is_on: &|_| true };
    assert_eq!(now.compare_members(BEN, CLEO), []);
    let found = now.compare_members(BEN, ANNA);
    assert!(of(&found, ("contacts", "delete")).unwrap().gains);
    let found = now.compare_members(ANNA, BEN);
    assert!(of(&found, ("contacts", "delete")).unwrap().loses);
}

#[test]
fn what_is_switched_off_is_no_difference() {
    let model = model();
    let now = Switched { model: &model, is_on: &|resource| resource != "contacts" };
    let found = now.compare_members(BEN, ANNA);
    assert!(of(&found, ("contacts", "delete")).is_none());
    assert!(!found.is_empty());
}

#[test]
fn a_member_has_beyond_the_bare_role_what_levels_and_flags_add() {
    let mut cleo = model().member(CLEO).unwrap().clone();
    let level =
        model().blueprint().resources.iter().find_map(|resource| {
            Some((resource.key.clone(), resource.ladder.last()?.key.clone()))
        });
    cleo.levels.extend(level);
    let model = model().supposing(&[cleo]).unwrap();
    let now = Switched { model: &model, is_on: &|_| true };
    let bare = model.with_bare_role(CLEO, "member").unwrap();
    let bare = Switched { model: &bare, is_on: &|_| true };

    let found = bare.compare_member(&now, CLEO);

    assert!(!found.is_empty());
    assert!(found.iter().all(|one| one.gains && !one.loses), "{found:?}");
    assert_eq!(bare.compare_member(&now, BEN), []);
}

#[test]
fn roles_differ_by_what_they_cover_and_not_by_who_is_there() {
    let model = model();
    let holders = model.with_holders("member", "manager").unwrap();
    let both = Switched { model: &holders, is_on: &|_| true };

    let found = both.compare_holders();

    // No member is assigned to the new manager.
    let update = of(&found, ("contacts", "update")).unwrap();
    assert_eq!((update.gains, update.loses), (true, false));
    assert_eq!(update.member, HOLDERS.1.to_string());
    let same = model.with_holders("manager", "manager").unwrap();
    assert_eq!(Switched { model: &same, is_on: &|_| true }.compare_holders(), []);
}

#[test]
fn profiles_differ_by_scopes_within_reading() {
    let model = model();
    let now = Switched { model: &model, is_on: &|_| true };
    let mut cells = Cells::default();
    cells.set("contacts", "read", Some(Scope::Own));
    cells.set("contacts", "update", Some(Scope::Own));
    let mut wider = cells.clone();
    wider.set("contacts", "update", Some(Scope::All));
    assert_eq!(now.compare_profiles(&cells, &wider), [], "reading bounds it");
    wider.set("contacts", "read", Some(Scope::Team));
    let found = now.compare_profiles(&cells, &wider);
    let update = of(&found, ("contacts", "update")).unwrap();
    assert_eq!((update.before.reach.to_string(), update.gains), ("own".to_owned(), true));
    assert_eq!(update.after.reach.to_string(), "own + team");
    wider.set(EVERY, "read", Some(Scope::All));
    let found = now.compare_profiles(&wider, &cells);
    assert!(of(&found, ("companies", "read")).unwrap().loses);
}
