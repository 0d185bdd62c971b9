//! One predicate: lists, single records, search, figures, questions, workloads, reassignments and
//! deeds agree with what the policy decides, in random worlds, on both engines, after every change.
//!
//! `HALLPASS_SEED=n` begins with other worlds, `HALLPASS_LONG=1` looks at more of them.

mod asked;
mod change;
mod control;
mod figures;
mod listed;
mod truth;
mod world;

use std::fmt::Debug;

use hallpass_testkit::test_size::{either, first_seed};
use hallpass_testkit::{Person, TestServer};

use truth::Truth;
use world::World;

/// Holds what was found against what is so.
fn same<T: Debug + PartialEq>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}\n   found: {found:?}\nexpected: {expected:?}"))
}

/// Holds everything that somebody is shown against the truth.
async fn compare(world: &mut World<'_>, truth: &Truth, asker: &Person) -> Result<(), String> {
    for entity in world.entities.clone() {
        let in_type = |error: String| format!("{entity}: {error}");
        listed::lists(world, truth, asker, &entity).await.map_err(in_type)?;
        listed::one_by_one(world, truth, asker, &entity).await.map_err(in_type)?;
        asked::check(world, truth, asker, &entity).await.map_err(in_type)?;
        if truth.is_active(&asker.id) {
            asked::what(world, truth, asker, &entity).await.map_err(in_type)?;
            asked::who(world, truth, asker, &entity).await.map_err(in_type)?;
            asked::owners(world, truth, asker, &entity).await.map_err(in_type)?;
        }
    }
    if truth.is_active(&asker.id) {
        listed::search(world, truth, asker).await?;
        figures::dashboard(truth, asker).await?;
        figures::reports(truth, asker).await?;
        asked::dry_run(world, truth, asker).await?;
    }
    Ok(())
}

/// Looks at a world as some of its people.
async fn look(world: &mut World<'_>, truth: &Truth, people: &[Person]) -> Result<(), String> {
    asked::counters(world, truth).await?;
    asked::export(world, truth).await?;
    for asker in people {
        let named = |error: String| format!("{} asks: {error}", asker.id);
        compare(world, truth, asker).await.map_err(named)?;
    }
    Ok(())
}

/// Looks and changes by turns; gives how many records were shown to somebody and hidden from them.
async fn look_and_change(
    server: &TestServer,
    blueprint: &str,
    seed: u64,
) -> Result<(usize, usize), String> {
    let mut world = World::of(server, blueprint, seed).await;
    let (mut shown, mut hidden) = (0, 0);
    for _ in 0..either(2, 12) {
        let truth = Truth::of(&world).await;
        for person in &world.people {
            let (yes, no) = truth.shown_and_hidden(&person.id);
            (shown, hidden) = (shown + yes, hidden + no);
        }
        let askers = [world.somebody(), world.somebody()];
        look(&mut world, &truth, &askers).await?;
        for _ in 0..10 {
            change::some_change(&mut world).await?;
        }
    }
    let truth = Truth::of(&world).await;
    look(&mut world, &truth, &[]).await?;
    Ok((shown, hidden))
}

/// Holds a blueprint's worlds against the truth, on a database in a file or on a server.
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
            async fn everything_shown_is_what_is_decided_on_sqlite() {
                super::holds($blueprint, false).await;
            }

            #[tokio::test]
            async fn everything_shown_is_what_is_decided_on_postgres() {
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
