//! Comparisons in random workspaces of every blueprint: what is said of two members, two roles, a member
//! and a role, and two moments, is what full evaluations of both sides give.

mod holders;

use std::collections::{BTreeMap, BTreeSet};

use hallpass_app::Error;
use hallpass_app::comparison::{Comparison, ComparisonSide};
use hallpass_app::operation::Operator;
use hallpass_domain::id::{AuditId, MemberId};
use hallpass_engine::Change;
use hallpass_testkit::test_size::either;

use crate::guards::view::View;
use crate::guards::world::{Run, World};
use crate::previews::add_records;
use crate::previews::evaluation::{Change as Found, Evaluation, Key};
use crate::worlds::in_random_worlds;

/// How many steps are run in a workspace.
const STEPS: usize = 144;

/// After how many steps the access of all members is evaluated, to be compared with later.
const EVALUATED_EVERY: usize = 6;

/// After how many steps sides are compared.
const COMPARED_EVERY: usize = 18;

async fn compare(
    world: &World,
    before: &ComparisonSide,
    after: &ComparisonSide,
) -> Result<Comparison, Error> {
    let workspace = world.workspace.to_string();
    let mut ctx = world.beside.enter_as(&Operator::default(), &workspace).await.unwrap();
    ctx.comparisons().compare((before, after), None, 200).await
}

/// What a comparison says, in the shape of an evaluation.
fn said(comparison: &Comparison) -> BTreeMap<Key, Found> {
    let changes = comparison.members.iter().flat_map(|one| {
        one.changes.iter().map(|change| {
            let key = (one.member, change.resource.clone(), change.action.clone());
            let records = change.records_gained.zip(change.records_lost);
            (key, (change.gains, change.loses, records))
        })
    });
    changes.collect()
}

/// The same with the sides in the place of each other.
fn mirrored(said: &BTreeMap<Key, Found>, member: Option<MemberId>) -> BTreeMap<Key, Found> {
    let mirror = |(key, (gains, loses, records)): (&Key, &Found)| {
        let key = (member.unwrap_or(key.0), key.1.clone(), key.2.clone());
        (key, (*loses, *gains, records.map(|(gained, lost)| (lost, gained))))
    };
    said.iter().map(mirror).collect()
}

fn assert_same(found: &BTreeMap<Key, Found>, expected: &BTreeMap<Key, Found>, what: &str) {
    let keys: BTreeSet<&Key> = found.keys().chain(expected.keys()).collect();
    for key in keys {
        let (found, expected) = (found.get(key), expected.get(key));
        assert_eq!(found, expected, "{what}: {key:?}");
    }
}

/// What the navigation of the members of a comparison shows in addition and no longer.
fn navigation(
    comparison: &Comparison,
) -> BTreeMap<MemberId, (BTreeSet<String>, BTreeSet<String>)> {
    let sets = |one: &hallpass_app::preview::MemberPreview| {
        (one.shown.iter().cloned().collect(), one.hidden.iter().cloned().collect())
    };
    let all = comparison.members.iter().map(|one| (one.member, sets(one)));
    all.filter(|(_, (shown, hidden)): &(_, (BTreeSet<String>, BTreeSet<String>))| {
        !shown.is_empty() || !hidden.is_empty()
    })
    .collect()
}

/// Compares two sides both ways.
async fn both_ways(
    world: &World,
    before: &ComparisonSide,
    after: &ComparisonSide,
    member: Option<MemberId>,
) -> Comparison {
    let found = compare(world, before, after).await.unwrap();
    let reversed = compare(world, after, before).await.unwrap();
    let what = format!("{before:?}, {after:?}");
    assert_same(&said(&reversed), &mirrored(&said(&found), member), &what);
    found
}

/// Two members: each reaches what the other does in their place.
async fn check_members(world: &mut World, view: &View, now: &Evaluation) {
    let one = world.rng.one(&view.members).unwrap().id;
    let other = world.rng.one(&view.members).unwrap().id;
    let sides = (ComparisonSide::Member(one), ComparisonSide::Member(other));
    let found = both_ways(world, &sides.0, &sides.1, Some(one)).await;
    assert_same(&said(&found), &now.pair(one, other), &format!("{one}, {other}"));
    assert!(found.is_about_members && found.total == Some(found.members.len()));
    let same = compare(world, &sides.0, &sides.0).await.unwrap();
    assert!(same.members.is_empty(), "{:?}", same.members);
}

/// A member and a role: the member against themselves with the bare role.
async fn check_drift(world: &mut World, view: &View, now: &Evaluation) {
    let member = world.rng.one(&view.members).unwrap();
    let is_given = world.rng.percent(60);
    let role = if is_given { member.access.role.clone() } else { world.wish(view).role() };
    if !view.model.has_role(&role) {
        return;
    }
    let mut bare = hallpass_domain::member::MemberAccess::new(view.model.blueprint(), &role);
    bare.department = member.access.department;
    bare.manager = member.access.manager;
    let is_active = view.model.member(member.id).unwrap().is_active;
    let policy = view.model.policy();
    let policy = policy.apply(&[Change::PutMember(bare.to_engine(member.id, is_active))]);
    let was = now.with_policy(world, view, &policy.unwrap()).await;
    let sides = (ComparisonSide::Role(role.as_str().into()), ComparisonSide::Member(member.id));
    let found = both_ways(world, &sides.0, &sides.1, None).await;
    let mut expected = was.differences(now);
    expected.retain(|(id, _, _), _| *id == member.id);
    assert_same(&said(&found), &expected, &format!("{role}, {}", member.id));
}

/// Two moments: what every member could do then, and can do now.
async fn check_moments(world: &mut World, moments: &mut [(AuditId, Evaluation)]) {
    let Some(((_, now), earlier)) = moments.split_last_mut() else { return };
    for (_, moment) in earlier {
        moment.add_strangers(now);
        moment.records.clone_from(&now.records);
    }
    let last = moments.len() - 1;
    let (first, second) = (world.rng.below(moments.len()), world.rng.below(moments.len()));
    for (one, other) in [(first, last), (first, second)] {
        let (before, after) = (&moments[one], &moments[other]);
        let now = ComparisonSide::Now;
        let second = if other == last { now } else { ComparisonSide::Entry(after.0) };
        let found = both_ways(world, &ComparisonSide::Entry(before.0), &second, None).await;
        let expected = before.1.differences(&after.1);
        assert_same(&said(&found), &expected, &format!("{}, {second:?}", before.0));
        // A member without a line has the same navigation, too.
        assert_eq!(navigation(&found), before.1.navigation(&after.1));
    }
}

/// The last entry of the audit log.
async fn last_entry(world: &World) -> AuditId {
    let mut tx = world.beside.db().read_in(world.workspace.0).await.unwrap().unwrap();
    let sql = "SELECT id FROM audit WHERE workspace_id = ?1 ORDER BY id DESC LIMIT 1";
    tx.query_one(sql, &[]).await.unwrap().id(0).unwrap().into()
}

async fn run(blueprint: &str, seed: u64, counts: &mut BTreeMap<String, usize>) {
    let mut world = World::new(blueprint, seed).await;
    let mut view = world.view().await;
    let mut moments = Vec::new();
    for step in 1..=STEPS {
        add_records(&mut world, &view).await;
        let done = world.step_as(&view, Run::Real).await;
        view = world.view().await;
        let kind = if done.result.is_ok() { done.entries.first().unwrap_or(&"") } else { "" };
        *counts.entry(kind.to_owned()).or_default() += 1;
        if step % EVALUATED_EVERY != 0 {
            continue;
        }
        let mut now = Evaluation::of(&world, &view).await;
        now.records = world.records().await;
        if step % COMPARED_EVERY == 0 {
            check_members(&mut world, &view, &now).await;
            check_drift(&mut world, &view, &now).await;
            holders::check_roles(&mut world, &view).await;
            holders::check_profiles(&mut world, &view, counts).await;
        }
        let entry = last_entry(&world).await;
        moments.push((entry, now));
        if step % COMPARED_EVERY == 0 {
            check_moments(&mut world, &mut moments).await;
        }
    }
}

in_random_worlds! {
    either(4, 80), run;
    comparisons_hold_with_simple_roles: "harmonia", 51;
    comparisons_hold_with_permission_strings: "harmony", 52;
    comparisons_hold_with_profiles_and_teams: "hari", 53;
    comparisons_hold_with_a_role_ladder: "team-management", 54;
    comparisons_hold_with_levels_and_presets: "halo", 55;
    comparisons_hold_with_everything: "standard", 56;
}
