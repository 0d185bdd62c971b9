//! Two roles, and two profiles: their holders among owners who are related to them in every way.

use std::collections::BTreeMap;

use hallpass_app::comparison::{Comparison, ComparisonSide};
use hallpass_domain::id::{DepartmentId, MemberId, ProfileId, TeamId};
use hallpass_domain::member::MemberAccess;
use hallpass_engine::{Change, Department, Member, Policy, Sharing, Target, Team};
use uuid::Uuid;

use super::both_ways;
use crate::guards::view::View;
use crate::guards::world::World;

/// The first number of ids that no workspace has.
const FIRST: u128 = 1 << 100;

type Said = BTreeMap<(String, String), (bool, bool)>;

fn id(number: u128) -> MemberId {
    MemberId(Uuid::from_u128(FIRST + number))
}

fn said(comparison: &Comparison) -> Said {
    assert!(!comparison.is_about_members);
    let changes = comparison.members.iter().flat_map(|one| &one.changes);
    let flags = |one: &hallpass_app::preview::ActionPreview| (one.gains, one.loses);
    changes.map(|one| ((one.resource.clone(), one.action.clone()), flags(one))).collect()
}

/// Adds a holder in a team and a department of their own, among members who are in the same team, in the
/// department, and assigned to the holder: in every combination.
fn add_holder(
    view: &View,
    policy: &Policy,
    number: u128,
    profile: Option<ProfileId>,
    holder: Member,
) -> Policy {
    let blueprint = view.model.blueprint();
    let (team, department) = (
        TeamId(Uuid::from_u128(FIRST + number)).to_string(),
        DepartmentId(Uuid::from_u128(FIRST + number)).to_string(),
    );
    let teams = blueprint.teams.is_some().then(|| team.clone());
    let departments = blueprint.departments.is_some().then(|| department.clone());
    let mut changes = Vec::new();
    changes.extend(teams.clone().map(|id| {
        let profile = profile.map(|id| id.to_string());
        Change::PutTeam(Team { id, profile, sharing: Sharing::All })
    }));
    if departments.is_some() {
        let known = view.model.departments().cloned();
        let added = (0..=number)
            .map(|n| DepartmentId(Uuid::from_u128(FIRST + n)).to_string())
            .map(|id| Department { id, parent: None });
        changes.push(Change::SetDepartments(known.chain(added).collect()));
    }
    let manager = holder.id.clone();
    changes.push(Change::PutMember(Member {
        teams: teams.iter().cloned().collect(),
        department: departments.clone(),
        ..holder
    }));
    let role = &blueprint.top_role().unwrap().key;
    for bits in 0..8 {
        let is_assigned = bits & 1 != 0 && blueprint.has_managers;
        changes.push(Change::PutMember(Member {
            manager: is_assigned.then(|| manager.clone()),
            teams: teams.iter().filter(|_| bits & 2 != 0).cloned().collect(),
            department: departments.clone().filter(|_| bits & 4 != 0),
            ..Member::new(&id(100 * (number + 1) + bits).to_string(), role)
        }));
    }
    policy.apply(&changes).unwrap()
}

/// What a holder may do: at all, to an unowned record, to that of a stranger, to their own,
/// and those of the members around them.
fn decisions(policy: &Policy, number: u128, (resource, action): (&str, &str)) -> Vec<bool> {
    let member = policy.member(&id(number).to_string()).unwrap();
    let cell = policy.cell(resource, action).unwrap();
    let around = (0..8).map(|bits| id(100 * (number + 1) + bits));
    let owners = around
        .chain([id(number)])
        .map(|id| Target::OwnedBy(policy.member(&id.to_string()).unwrap()));
    let targets = [Target::Any, Target::Unowned, Target::OwnedByNonMember].into_iter();
    targets.chain(owners).map(|target| policy.decide(member, cell, target)).collect()
}

pub(super) async fn check_roles(world: &mut World, view: &View) {
    let (one, other) = (world.wish(view).role(), world.wish(view).role());
    if !view.model.has_role(&one) || !view.model.has_role(&other) {
        return;
    }
    let sides = [&one, &other].map(|role| ComparisonSide::Role(role.as_str().into()));
    let found = both_ways(world, &sides[0], &sides[1], None).await;
    let mut policy = view.model.policy().clone();
    for (number, role) in [(0, &one), (1, &other)] {
        let access = MemberAccess::new(view.model.blueprint(), role);
        policy = add_holder(view, &policy, number, None, access.to_engine(id(number), true));
    }
    let workspace = world.workspace.to_string();
    let operator = hallpass_app::operation::Operator::default();
    let ctx = world.beside.enter_as(&operator, &workspace).await.unwrap();
    let mut expected = Said::new();
    for cell in policy.cells() {
        let (resource, action) = policy.keys(cell);
        if !ctx.snapshot().is_on(resource) {
            continue;
        }
        let was = decisions(&policy, 0, (resource, action));
        let is = decisions(&policy, 1, (resource, action));
        if let Some(flags) = flags(&was, &is) {
            expected.insert((resource.to_owned(), action.to_owned()), flags);
        }
    }
    drop(ctx);
    assert_eq!(said(&found), expected, "{one}, {other}");
}

/// Holders with the lowest role, in teams with the profiles, where that role grants nothing by itself.
pub(super) async fn check_profiles(
    world: &mut World,
    view: &View,
    counts: &mut BTreeMap<String, usize>,
) {
    let profiles = view.profiles.clone();
    let (Some(one), Some(other)) = (world.rng.one(&profiles), world.rng.one(&profiles)) else {
        return;
    };
    let sides = [one, other].map(|id| ComparisonSide::Profile(id.into()));
    let found = said(&both_ways(world, &sides[0], &sides[1], None).await);
    let lowest = view.model.blueprint().roles.iter().min_by_key(|role| role.rank).unwrap();
    let holder = |number| Member::new(&id(number).to_string(), &lowest.key);
    let mut policy = view.model.policy().clone();
    for (number, profile) in [(0, Some(one)), (1, Some(other)), (2, None)] {
        policy = add_holder(view, &policy, number, profile, holder(number));
    }
    let operator = hallpass_app::operation::Operator::default();
    let ctx = world.beside.enter_as(&operator, &world.workspace.to_string()).await.unwrap();
    for resource in policy.resources() {
        let keys = resource.actions.iter().map(|action| (resource.key.as_str(), &*action.key));
        let is_bare = |key| !decisions(&policy, 2, key).contains(&true);
        if !ctx.snapshot().is_on(&resource.key) || !keys.clone().all(is_bare) {
            continue;
        }
        for key in keys {
            *counts.entry("cells of profiles compared".to_owned()).or_default() += 1;
            let (was, is) = (decisions(&policy, 0, key), decisions(&policy, 1, key));
            let named = (key.0.to_owned(), key.1.to_owned());
            assert_eq!(found.get(&named), flags(&was, &is).as_ref(), "{one}, {other}, {key:?}");
        }
    }
}

/// Whether the second of two holders may do more and less; none where both may do the same.
fn flags(was: &[bool], is: &[bool]) -> Option<(bool, bool)> {
    // The first is about no record.
    let has = |one: &[bool], other: &[bool]| {
        one.iter().zip(other).skip(1).any(|(one, other)| *one && !other)
    };
    (was != is).then(|| (has(is, was), has(was, is)))
}
