//! One predicate: lists, single records, search, figures, access checks, workloads, reassignments and
//! actions agree with the policy, in random workspaces, on both databases, after every change.
//!
//! `HALLPASS_SEED=n` starts with other workspaces, `HALLPASS_LONG=1` checks more of them.

pub(crate) mod change;
mod control;
mod explained;
mod figures;
mod listed;
mod questions;
mod truth;
pub(crate) mod world;

use std::fmt::Debug;

use hallpass_testkit::test_size::{either, first_seed};
use hallpass_testkit::{Person, TestServer};

use truth::Truth;
use world::World;

/// Compares a response with the truth.
fn same<T: Debug + PartialEq>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}\n   found: {found:?}\nexpected: {expected:?}"))
}

/// Compares everything that a person is shown with the truth.
async fn compare(world: &mut World<'_>, truth: &Truth, asker: &Person) -> Result<(), String> {
    for entity in world.entities.clone() {
        let in_type = |error: String| format!("{entity}: {error}");
        listed::lists(world, truth, asker, &entity).await.map_err(in_type)?;
        listed::one_by_one(world, truth, asker, &entity).await.map_err(in_type)?;
        questions::check(world, truth, asker, &entity).await.map_err(in_type)?;
        if truth.is_active(&asker.id) {
            questions::what(world, truth, asker, &entity).await.map_err(in_type)?;
            questions::who(world, truth, asker, &entity).await.map_err(in_type)?;
            questions::owners(world, truth, asker, &entity).await.map_err(in_type)?;
            explained::list(truth, asker, &entity).await.map_err(in_type)?;
            explained::names(world, truth, asker, &entity).await.map_err(in_type)?;
        }
    }
    if truth.is_active(&asker.id) {
        listed::search(world, truth, asker).await?;
        figures::dashboard(truth, asker).await?;
        figures::reports(truth, asker).await?;
        questions::dry_run(world, truth, asker).await?;
    }
    Ok(())
}

/// Compares what some people of a world are shown.
async fn look(world: &mut World<'_>, truth: &Truth, people: &[Person]) -> Result<(), String> {
    questions::counters(world, truth).await?;
    questions::export(world, truth).await?;
    for asker in people {
        let named = |error: String| format!("{} asks: {error}", asker.id);
        compare(world, truth, asker).await.map_err(named)?;
    }
    Ok(())
}

/// Compares and changes in turns. Returns the number of records that were visible and hidden.
async fn look_and_change(
    server: &TestServer,
    blueprint: &str,
    seed: u64,
) -> Result<(usize, usize), String> {
    let mut world = World::of(server, blueprint, seed).await;
    let (mut shown, mut hidden, mut done) = (0, 0, 0);
    for _ in 0..either(2, 12) {
        let truth = Truth::of(&world).await;
        for person in &world.people {
            let (yes, no) = truth.shown_and_hidden(&person.id);
            (shown, hidden) = (shown + yes, hidden + no);
        }
        let askers = [world.random_person(), world.random_person()];
        look(&mut world, &truth, &askers).await?;
        done += explained::acts(&mut world).await?;
        for _ in 0..10 {
            change::some_change(&mut world).await?;
        }
    }
    let truth = Truth::of(&world).await;
    look(&mut world, &truth, &[]).await?;
    if done == 0 {
        return Err("no act was done".to_owned());
    }
    Ok((shown, hidden))
}

/// Compares random worlds of a blueprint, on SQLite or on PostgreSQL.
async fn holds(blueprint: &str, is_on_server: bool) {
    let (mut shown, mut hidden) = (0, 0);
    for seed in (first_seed(0)..).take(either(1, 20)) {
        let server = if is_on_server {
            TestServer::on_postgres().await
        } else {
            TestServer::on_file().await
        };
        let held = look_and_change(&server, blueprint, seed).await;
        assert!(held.is_ok(), "HALLPASS_SEED={seed}: {}", held.unwrap_err());
        let (yes, no) = held.unwrap();
        (shown, hidden) = (shown + yes, hidden + no);
    }
    println!("{blueprint}: {shown} records were shown, {hidden} were hidden");
    assert!(shown > 0 && hidden > 0, "nothing to tell apart: {shown} shown, {hidden} hidden");
}

macro_rules! blueprints {
    ($($name:ident = $blueprint:literal;)*) => {$(
        mod $name {
            #[tokio::test]
            async fn every_view_agrees_with_the_policy_on_sqlite() {
                super::holds($blueprint, false).await;
            }

            #[tokio::test]
            async fn every_view_agrees_with_the_policy_on_postgres() {
                super::holds($blueprint, true).await;
            }
        }
    )*};
}

blueprints! {
    harmonia = "harmonia";
    harmony = "harmony";
    hari = "hari";
    team_management = "team-management";
    halo = "halo";
    standard = "standard";
}
