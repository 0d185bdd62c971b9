//! The guards at random: members of random workspaces of every blueprint do random things, and
//! after each nobody holds what the giver did not, the posts are filled, and a *no* has no trace.

mod check;
mod control;
mod view;
mod wish;
mod world;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use hallpass_app::Error;
use hallpass_domain::refusal::Refusal;

use self::check::{posts, undue};
use self::view::{Entry, View, entries_after};
use self::world::{Step, World};
use hallpass_testkit::test_size::{either, first_seed};

/// How many steps a workspace is led through.
const STEPS: usize = 200;

/// What is wrong after a step; nothing when all is as it should be.
fn wrong(before: &View, after: &View, step: &Step, entries: &[Entry]) -> Vec<String> {
    let mut wrong = posts(&after.model);
    match &step.result {
        Ok(()) => {
            let newcomers: BTreeSet<String> = after
                .everybody
                .iter()
                .filter(|id| !before.everybody.contains(id))
                .map(ToString::to_string)
                .collect();
            if !step.is_transfer {
                let (before, after) = (before.model.policy(), after.model.policy());
                wrong.extend(undue(before, after, &step.grantor.to_string(), &newcomers));
            }
            wrong.extend(mistold(before, after, step, entries));
        }
        Err(error) => {
            if before.kept != after.kept {
                wrong.push(format!("`{error}`, and changed all the same"));
            }
            wrong.extend(misdenied(step, error, entries));
        }
    }
    wrong
}

/// What is wrong about the audit entries of a step that was done.
fn mistold(before: &View, after: &View, step: &Step, entries: &[Entry]) -> Option<String> {
    // Whoever is in a team already, or not in it, is put there and taken out without a change.
    if before.kept == after.kept && step.what.starts_with("team.") && entries.is_empty() {
        return None;
    }
    let told: Vec<&str> = entries
        .iter()
        .filter(|entry| entry.action != "billing.release")
        .map(|entry| entry.action.as_str())
        .collect();
    let is_right = entries.iter().all(|entry| {
        entry.outcome == "done"
            && entry.actor == Some(step.actor)
            && entry.revision == after.revision
    });
    let is_told = told == step.entries && is_right;
    (!is_told).then(|| format!("the audit log says {entries:?}"))
}

/// What is wrong about the audit entries of a step that was not done.
fn misdenied(step: &Step, error: &Error, entries: &[Entry]) -> Option<String> {
    let is_denial = match error {
        Error::Denied(_) | Error::Refused(Refusal::NotSelfServe { .. }) => true,
        Error::NotSignedIn | Error::Missing { .. } | Error::Refused(_) => false,
        Error::Broken(why) => return Some(format!("broke: {why}")),
    };
    let denials = entries
        .iter()
        .filter(|entry| entry.outcome == "denied" && entry.actor == Some(step.actor))
        .count();
    let is_told = entries.len() == usize::from(is_denial) && denials == entries.len();
    (!is_told).then(|| format!("`{error}`, and the audit log says {entries:?}"))
}

/// Leads a workspace through its steps.
async fn lead(blueprint: &str, seed: u64, tally: &mut BTreeMap<String, usize>) {
    let mut world = World::new(blueprint, seed).await;
    let mut before = world.view().await;
    let mut log = Vec::new();
    for _ in 0..STEPS {
        let step = world.step(&before).await;
        let after = world.view().await;
        let entries = entries_after(&world.beside, world.workspace, before.entries).await;
        let wrong = wrong(&before, &after, &step, &entries);
        log.push(format!("{} {} {:?}", step.grantor, step.what, step.result));
        let last = log.iter().rev().take(3).rev().cloned().collect::<Vec<_>>().join("\n");
        assert!(wrong.is_empty(), "{blueprint}, seed {seed}, after {last}\n{wrong:#?}");
        *tally.entry(kind(&step)).or_default() += 1;
        before = after;
    }
}

fn kind(step: &Step) -> String {
    let done = match &step.result {
        Ok(()) => "done".to_owned(),
        Err(Error::Refused(refusal)) => refusal.code().to_owned(),
        Err(Error::Denied(_)) => "denied".to_owned(),
        Err(error) => error.to_string(),
    };
    format!("{} {done}", step.entries.first().unwrap_or(&""))
}

async fn lead_many(blueprint: &str, of_test: u64) {
    let (worlds, first) = (either(4, 40), first_seed(of_test));
    let mut tally = BTreeMap::new();
    for seed in first..first + worlds as u64 {
        lead(blueprint, seed, &mut tally).await;
    }
    println!("{blueprint}: {} steps in {worlds} workspaces, seed {first}", worlds * STEPS);
    for (kind, n) in tally {
        println!("{n:>7} {kind}");
    }
}

macro_rules! blueprints {
    ($($name:ident: $id:literal, $of_test:literal;)*) => {$(
        #[tokio::test]
        async fn $name() {
            lead_many($id, $of_test).await;
        }
    )*};
}

blueprints! {
    no_guard_is_passed_by_in_simple_roles: "harmonia", 31;
    no_guard_is_passed_by_in_permission_strings: "harmony", 32;
    no_guard_is_passed_by_in_profiles_and_teams: "hari", 33;
    no_guard_is_passed_by_in_the_role_ladder: "team-management", 34;
    no_guard_is_passed_by_in_levels_and_presets: "halo", 35;
    no_guard_is_passed_by_in_everything: "standard", 36;
}
