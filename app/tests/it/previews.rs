//! Random use cases in random workspaces of every blueprint, each first previewed and then done: the
//! preview has changed nothing, and promised what then happened.

pub(crate) mod evaluation;

use std::collections::{BTreeMap, BTreeSet};

use hallpass_app::Error;
use hallpass_app::dry_run::DryRun;
use hallpass_app::operation::Operator;
use hallpass_app::preview::Preview;
use hallpass_domain::record::{Owner, Record};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;
use hallpass_engine::ResourceKind;
use hallpass_testkit::test_size::either;
use serde_json::Map;

use self::evaluation::{
    Evaluation, promised_differences, promised_navigation, promised_stopped,
};
use crate::guards::view::View;
use crate::guards::world::{NOT_DRY, Run, Step, World};
use crate::worlds::in_random_worlds;

/// How many steps are run in a workspace.
const STEPS: usize = 140;

/// Describes the effect of a dry run to the operator, who reads everything.
async fn describe(world: &World, dry_run: &DryRun) -> Preview {
    let workspace = world.workspace.to_string();
    let mut ctx = world.beside.enter_as(&Operator::default(), &workspace).await.unwrap();
    ctx.previews().describe(dry_run.take_effect(), None, 200).await.unwrap()
}

/// Inserts records of random members, some of them removed, and some without an owner.
pub(crate) async fn add_records(world: &mut World, view: &View) {
    let resources = view.model.policy().resources().iter();
    let types = resources.filter(|one| one.scoped && one.kind == ResourceKind::Records);
    let types: Vec<String> = types.map(|one| one.key.clone()).collect();
    for _ in 0..world.rng.below(4) {
        let entity = world.rng.one(&types).expect("a record type");
        let owner = world.rng.one(&view.all_members).filter(|_| world.rng.percent(80));
        let number = u128::from(world.rng.number());
        let record = Record {
            id: uuid::Uuid::from_u128(number).into(),
            entity,
            owner: owner.map_or(Owner::Unowned, Owner::Member),
            title: "Record".to_owned(),
            fields: Map::new(),
            stage: None,
            open: true,
            amount: None,
            created_by: None,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
            version: 1,
        };
        world.insert(&record).await;
    }
}

/// Runs the steps of one workspace.
async fn run(blueprint: &str, seed: u64, counts: &mut BTreeMap<String, usize>) {
    let mut world = World::new(blueprint, seed).await;
    let mut before = world.view().await;
    let mut was = Evaluation::of(&world, &before).await;
    for _ in 0..STEPS {
        add_records(&mut world, &before).await;
        was.records = world.records().await;
        let start = world.position();
        let dry_run = DryRun::default();
        let dry = world.step_as(&before, Run::Dry(dry_run.clone())).await;
        if dry.what == NOT_DRY {
            world.rewind(start);
            world.step_as(&before, Run::Real).await;
            before = world.view().await;
            was = Evaluation::of(&world, &before).await;
            continue;
        }
        let preview = match &dry.result {
            Err(Error::DryRun) => Some(describe(&world, &dry_run).await),
            Ok(()) | Err(_) => None,
        };
        assert_unchanged(&before, &world.view().await, &dry);
        if preview.is_some() && seed.is_multiple_of(2) {
            world.rewind(start.clone());
            let other = world.step_as(&before, Run::AsPreviewed("0".repeat(64))).await;
            let is_refused =
                matches!(other.result, Err(Error::Refused(Refusal::PreviewOutdated)));
            assert!(is_refused, "as another preview has shown: {other:?}");
            assert_unchanged(&before, &world.view().await, &other);
        }
        world.rewind(start);
        let as_previewed = preview.as_ref().map(|one| Run::AsPreviewed(one.id.clone()));
        let done = world.step_as(&before, as_previewed.unwrap_or_default()).await;
        let mut after = world.view().await;
        if done.entries == ["invitation.create"] && done.result.is_ok() {
            // The preview is about the invited person as a member.
            let accepted = world.accept_newest(&after).await;
            assert!(accepted.is_ok(), "{blueprint}, seed {seed}: {} {accepted:?}", done.what);
            after = world.view().await;
        }
        let is = Evaluation::of(&world, &after).await;
        let wrong = wrong(&dry, &done, preview.as_ref(), &was, &is);
        assert!(wrong.is_empty(), "{blueprint}, seed {seed}: {}\n{wrong:#?}", done.what);
        *counts.entry(kind(&done, preview.as_ref())).or_default() += 1;
        (before, was) = (after, is);
    }
}

fn assert_unchanged(before: &View, after: &View, step: &Step) {
    assert!(before.rows == after.rows, "rows have changed: {step:?}");
    assert_eq!(before.entries, after.entries, "the audit log has grown: {step:?}");
    assert_eq!(before.denials, after.denials, "a denial has been counted: {step:?}");
}

/// Returns what a preview has promised wrongly.
fn wrong(
    dry: &Step,
    done: &Step,
    preview: Option<&Preview>,
    was: &Evaluation,
    is: &Evaluation,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let is_same = match (&dry.result, &done.result) {
        (Err(Error::DryRun) | Ok(()), Ok(())) => true,
        (Err(promised), Err(found)) => promised.to_string() == found.to_string(),
        (Ok(()), Err(_)) | (Err(_), Ok(())) => false,
    };
    if !is_same {
        wrong.push(format!("promised {:?}, found {:?}", dry.result, done.result));
    }
    let Some(preview) = preview else { return wrong };
    let (promised, found) = (promised_differences(preview, (was, is)), was.differences(is));
    let keys: BTreeSet<_> = promised.keys().chain(found.keys()).collect();
    for key in keys {
        let (promised, found) = (promised.get(key), found.get(key));
        if promised != found {
            wrong.push(format!("{key:?}: promised {promised:?}, found {found:?}"));
        }
    }
    let (promised, found) = (promised_navigation(preview, (was, is)), was.navigation(is));
    if promised != found {
        wrong.push(format!("navigation: promised {promised:?}, found {found:?}"));
    }
    let (promised, found) = (promised_stopped(preview), was.stopped(is));
    if promised != found {
        wrong.push(format!("invitations: promised {promised:?}, found {found:?}"));
    }
    wrong
}

fn kind(done: &Step, preview: Option<&Preview>) -> String {
    let outcome = match (&done.result, preview) {
        (Err(_), _) => "refused",
        (Ok(()), Some(preview)) if !preview.members.is_empty() => "changes access",
        (Ok(()), _) => "changes no access",
    };
    format!("{} {outcome}", done.entries.first().unwrap_or(&""))
}

in_random_worlds! {
    either(6, 120), run;
    previews_hold_with_simple_roles: "harmonia", 41;
    previews_hold_with_permission_strings: "harmony", 42;
    previews_hold_with_profiles_and_teams: "hari", 43;
    previews_hold_with_a_role_ladder: "team-management", 44;
    previews_hold_with_levels_and_presets: "halo", 45;
    previews_hold_with_everything: "standard", 46;
}
