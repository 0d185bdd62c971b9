//! Controls of the checks: without each guard they must find what it is for.
//!
//! A guard is bypassed by a change to a copy of the model; a refusal that leaves a trace is simulated by
//! a write past the app.

use std::collections::BTreeSet;

use hallpass_domain::member::Status;
use hallpass_domain::model::{ChangeKind, Grantor, Model};
use hallpass_engine::{Change, Holders, Member, Sharing, Team};

use super::check::{excess, required_holders};
use super::view::{View, entries_after};
use super::wish::Wish;
use super::world::World;
use super::{wrong, wrong_entries};
use hallpass_testkit::test_size::first_seed;

/// How many steps are run before the guards are bypassed, and how many active members there are by then.
const STEPS: usize = 60;
const PEOPLE: usize = 4;

/// Returns a random change, whether or not a member may make it.
fn change(wish: &mut Wish<'_>) -> Option<Change> {
    let view = wish.view;
    let blueprint = view.model.blueprint();
    match wish.rng.below(4) {
        0 if !view.teams.is_empty() => {
            let profile = wish.rng.one(&view.profiles).map(|id| id.to_string());
            let id = wish.rng.one(&view.teams)?.to_string();
            Some(Change::PutTeam(Team { id, profile, sharing: Sharing::All }))
        }
        1 => {
            let known =
                blueprint.switches.iter().map(|one| one.key.clone()).collect::<Vec<_>>();
            Some(Change::SetSwitch(wish.rng.one(&known)?, wish.rng.percent(50)))
        }
        _ => {
            let member = wish.rng.one(&view.members)?;
            let access = member.access.change(blueprint, &wish.access()).ok()?;
            Some(Change::PutMember(access.to_engine(member.id, true)))
        }
    }
}

/// Returns the model after a change of members past the guards.
fn unguarded(model: &Model, changes: &[Change]) -> Option<Model> {
    let mut members: Vec<Member> = model.members().cloned().collect();
    for change in changes {
        let Change::PutMember(put) = change else { continue };
        members.retain(|member| member.id != put.id);
        members.push(put.clone());
    }
    let workspace = hallpass_engine::Workspace { members, ..everything(model) };
    Model::compile(model.blueprint(), workspace).ok()
}

/// Returns the roles, teams and departments of a model, to compile its members again.
fn everything(model: &Model) -> hallpass_engine::Workspace {
    let ids = |pick: fn(&Member) -> Vec<String>| -> BTreeSet<String> {
        model.members().flat_map(pick).collect()
    };
    let roles = ids(|member| vec![member.role.clone()]);
    let teams = ids(|member| member.teams.clone());
    hallpass_engine::Workspace {
        roles: roles
            .iter()
            .filter_map(|id| model.custom_role(id.parse().ok()?))
            .cloned()
            .collect(),
        teams: teams
            .iter()
            .filter_map(|id| model.team(id.parse().unwrap()))
            .map(|team| Team { profile: None, ..team.clone() })
            .collect(),
        departments: model.departments().cloned().collect(),
        ..hallpass_engine::Workspace::default()
    }
}

/// Creates a workspace and runs some steps in it.
async fn prepare(blueprint: &str, seed: u64) -> (World, View) {
    let mut world = World::new(blueprint, seed).await;
    let mut view = world.view().await;
    let active = |view: &View| view.model.members().filter(|member| member.is_active).count();
    let mut steps = 0;
    while steps < STEPS || active(&view) < PEOPLE {
        world.step(&view).await;
        view = world.view().await;
        steps += 1;
    }
    (world, view)
}

#[tokio::test]
async fn without_rank_and_ceiling_members_gain_more_than_the_grantor_holds() {
    let blueprints = ["harmonia", "harmony", "hari", "team-management", "halo", "standard"];
    for blueprint in blueprints {
        let (mut world, view) = prepare(blueprint, first_seed(51)).await;
        let mut found = 0;
        for _ in 0..300 {
            let mut wish = world.wish(&view);
            let Some(change) = change(&mut wish) else { continue };
            let grantor = wish.rng.one(&view.members).unwrap();
            if grantor.status != Status::Active {
                continue;
            }
            // No role bounds the operator: this is the change without the guards.
            let changed = view.model.change(Grantor::Operator, ChangeKind::Edit, &[change]);
            let Ok(after) = changed else { continue };
            let (before, after) = (view.model.policy(), after.policy());
            let newcomers = BTreeSet::new();
            found += usize::from(
                !excess(before, after, &grantor.id.to_string(), &newcomers).is_empty(),
            );
        }
        println!("without rank and ceiling, {blueprint}: {found} of 300 found");
        assert!(found > 0, "{blueprint}");
    }
}

#[tokio::test]
async fn without_the_guard_required_roles_are_empty_or_held_twice() {
    let mut found = BTreeSet::new();
    for blueprint in ["team-management", "halo"] {
        let (_, view) = prepare(blueprint, first_seed(52)).await;
        let top = view.model.blueprint().top_role().unwrap().clone();
        let all: Vec<Member> = view.model.members().cloned().collect();
        let put = |change: &dyn Fn(&mut Member)| {
            let changes = all.iter().cloned().map(|mut member| {
                change(&mut member);
                Change::PutMember(member)
            });
            unguarded(&view.model, &changes.collect::<Vec<_>>()).expect("it compiles")
        };
        assert_eq!(required_holders(&put(&|_| {})), [""; 0], "the unchanged model is valid");
        let empty = put(&|member| member.is_active &= member.role != top.key);
        found.extend(required_holders(&empty).into_iter().map(|_| "empty"));
        if top.holders == Holders::One {
            let twice = put(&|member| {
                member.levels.clear();
                member.role.clone_from(&top.key);
            });
            found.extend(required_holders(&twice).into_iter().map(|_| "held twice"));
        }
        if view.model.blueprint().billing_contact.is_some() {
            let contacts = put(&|member| member.is_billing_contact = true);
            found.extend(required_holders(&contacts).into_iter().map(|_| "two contacts"));
        }
    }

    assert_eq!(found, BTreeSet::from(["empty", "held twice", "two contacts"]));
}

#[tokio::test]
async fn a_trace_of_a_refusal_and_a_missing_audit_entry_are_found() {
    let (mut world, mut before) = prepare("standard", first_seed(53)).await;
    let (mut traces, mut missing) = (0, 0);
    for _ in 0..60 {
        let step = world.step(&before).await;
        let after = world.view().await;
        let entries = entries_after(&world.beside, world.workspace, before.entries).await;
        assert_eq!(wrong(&before, &after, &step, &entries), [""; 0]);
        if step.result.is_err() {
            // The same refusal, with a write.
            let mut tx = world.beside.db().write_in(world.workspace.0).await.unwrap().unwrap();
            tx.bump_revision().await.unwrap();
            tx.commit().await.unwrap();
            let traced = world.view().await;
            traces += usize::from(!wrong(&before, &traced, &step, &entries).is_empty());
            before = traced;
            continue;
        }
        if !entries.is_empty() {
            missing += usize::from(wrong_entries(&before, &after, &step, &[]).is_some());
        }
        before = after;
    }

    println!("{traces} traces and {missing} missing entries found");
    assert!(traces > 0 && missing > 0);
}
