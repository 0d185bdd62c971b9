//! Random use cases in random workspaces of every blueprint: after each step no member has gained more
//! than the grantor holds, required roles have holders, and a refusal has changed nothing.

mod check;
mod control;
pub(crate) mod view;
mod wish;
pub(crate) mod world;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use hallpass_app::Error;
use hallpass_domain::refusal::Refusal;

use self::check::{excess, required_holders};
use self::view::{Entry, View, entries_after};
use self::world::{Step, World};
use crate::worlds::in_random_worlds;
use hallpass_testkit::test_size::either;

/// How many steps are run in a workspace.
const STEPS: usize = 200;

/// Returns what is wrong after a step.
fn wrong(before: &View, after: &View, step: &Step, entries: &[Entry]) -> Vec<String> {
    let mut wrong = required_holders(&after.model);
    match &step.result {
        Ok(()) => {
            let newcomers: BTreeSet<String> = after
                .all_members
                .iter()
                .filter(|id| !before.all_members.contains(id))
                .map(ToString::to_string)
                .collect();
            if !step.is_transfer {
                let (before, after) = (before.model.policy(), after.model.policy());
                wrong.extend(excess(before, after, &step.grantor.to_string(), &newcomers));
            }
            wrong.extend(wrong_entries(before, after, step, entries));
        }
        Err(error) => {
            if before.rows != after.rows {
                wrong.push(format!("`{error}`, and changed something"));
            }
            let counted = after.denials - before.denials;
            wrong.extend(wrong_denials(step, error, counted, entries));
        }
    }
    wrong
}

/// Returns what is wrong with the audit entries of a step that was done.
fn wrong_entries(
    before: &View,
    after: &View,
    step: &Step,
    entries: &[Entry],
) -> Option<String> {
    // Adding a member who is in a team already, or removing one who is not, changes nothing.
    if before.rows == after.rows && step.what.starts_with("team.") && entries.is_empty() {
        return None;
    }
    let actions: Vec<&str> = entries
        .iter()
        .filter(|entry| entry.action != "billing.release")
        .map(|entry| entry.action.as_str())
        .collect();
    let is_right = entries.iter().all(|entry| {
        entry.outcome == "done"
            && entry.actor == Some(step.actor)
            && entry.revision == after.revision
    });
    let is_expected = actions == step.entries && is_right;
    (!is_expected).then(|| format!("the audit log has {entries:?}"))
}

/// Returns what is wrong with the audit entries of a step that was not done. A denial has an entry,
/// or is counted in that of the same one before.
fn wrong_denials(
    step: &Step,
    error: &Error,
    counted: i64,
    entries: &[Entry],
) -> Option<String> {
    let is_denial = match error {
        Error::Denied(_) | Error::Refused(Refusal::NotSelfServe { .. }) => true,
        Error::NotSignedIn
        | Error::SecondFactor(_)
        | Error::StepUp(_)
        | Error::Missing { .. }
        | Error::Refused(_) => false,
        Error::DryRun => return Some("ran dry".to_owned()),
        Error::TooSlow => return Some("took too long".to_owned()),
        Error::Unconfirmed(why)
        | Error::StorageFull(why)
        | Error::StorageFailing(why)
        | Error::Broken(why) => return Some(format!("broke: {why}")),
    };
    let denials = entries
        .iter()
        .filter(|entry| entry.outcome == "denied" && entry.actor == Some(step.actor))
        .count();
    let is_expected = counted == i64::from(is_denial)
        && entries.len() <= usize::from(is_denial)
        && denials == entries.len();
    let found =
        || format!("`{error}`, counted {counted} times, and the audit log has {entries:?}");
    (!is_expected).then(found)
}

/// Runs the steps of one workspace.
async fn run(blueprint: &str, seed: u64, counts: &mut BTreeMap<String, usize>) {
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
        *counts.entry(kind(&step)).or_default() += 1;
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

in_random_worlds! {
    either(4, 40), run;
    guards_hold_with_simple_roles: "harmonia", 31;
    guards_hold_with_permission_strings: "harmony", 32;
    guards_hold_with_profiles_and_teams: "hari", 33;
    guards_hold_with_a_role_ladder: "team-management", 34;
    guards_hold_with_levels_and_presets: "halo", 35;
    guards_hold_with_everything: "standard", 36;
}
