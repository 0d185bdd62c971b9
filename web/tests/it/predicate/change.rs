//! Random changes between two comparisons: each succeeds exactly when the policy allows it, and lists
//! and counters follow.

use hallpass_app::naming::OwnerRef;
use hallpass_domain::record::Owner;
use hallpass_engine::Resource;
use hallpass_testkit::Person;
use serde_json::{Value, json};

use super::questions::{movable, recipient, unmovable, word};
use super::same;
use super::truth::{StoredRecord, Truth, reading, reassigning};
use super::world::World;

/// Makes a random change as a random person.
pub(crate) async fn some_change(world: &mut World<'_>) -> Result<(), String> {
    let truth = Truth::of(world).await;
    let actor = world.random_person();
    match world.rng.below(14) {
        0..=4 => act_on_record(world, &truth, &actor).await,
        5 | 6 => create(world, &truth, &actor).await,
        7 | 8 => reassign(world, &truth, &actor).await,
        9 => {
            world.depart().await;
            Ok(())
        }
        10 | 11 => {
            let number = 1 + world.rng.below(world.people.len() - 1);
            world.access(number).await;
            Ok(())
        }
        12 => {
            edit(world).await;
            Ok(())
        }
        _ => {
            world.turn().await;
            Ok(())
        }
    }
}

/// The expected status of an action on a record.
fn expected(truth: &Truth, who: &str, record: &StoredRecord, action: &str, done: u16) -> u16 {
    let entity = record.entity.as_str();
    let read = reading(&truth.record_type(entity));
    if !truth.is_active(who) {
        return truth.gone().0;
    }
    if !truth.is_on(entity) {
        return 409;
    }
    match (
        truth.may(who, entity, &read, record.owner),
        truth.may(who, entity, action, record.owner),
    ) {
        (false, _) => 404,
        (true, false) => 403,
        (true, true) => done,
    }
}

/// A random action on one record.
async fn act_on_record(
    world: &mut World<'_>,
    truth: &Truth,
    actor: &Person,
) -> Result<(), String> {
    let record = world.rng.pick(&truth.records);
    let resource = truth.record_type(&record.entity);
    let path = format!("/records/{}/{}", record.entity, record.id);
    let other = if record.owner == Owner::Unowned {
        Owner::Member(world.workspace.anna.id.parse().unwrap())
    } else {
        Owner::Unowned
    };
    let (what, answer, status) = match world.rng.below(6) {
        0 => {
            let answer = actor.patch(&path, json!({})).await;
            ("an update of nothing", answer, expected(truth, &actor.id, &record, "update", 200))
        }
        1 => {
            // An update without a change needs the same permission.
            let body = json!({"owner": word(record.owner), "stage": record.stage});
            let answer = actor.patch(&path, body).await;
            let status = expected(truth, &actor.id, &record, "update", 200);
            ("an update to the same", answer, status)
        }
        2 => {
            let fields = world.fields(&record.entity, "Quite another title");
            let answer = actor.patch(&path, json!({"fields": fields})).await;
            ("an update", answer, expected(truth, &actor.id, &record, "update", 200))
        }
        3 => {
            let answer = actor.delete(&path).await;
            ("a deletion", answer, expected(truth, &actor.id, &record, "delete", 204))
        }
        4 => {
            let action = reassigning(&resource);
            let answer = actor.patch(&path, json!({"owner": word(other)})).await;
            let status = expected(truth, &actor.id, &record, &action, 200);
            ("another owner", answer, given(truth, &actor.id, &record, other, status))
        }
        _ => return act(world, truth, actor, &record, &resource).await,
    };
    same(what, &answer.status, &status)
}

/// A named action of the record type.
async fn act(
    world: &mut World<'_>,
    truth: &Truth,
    actor: &Person,
    record: &StoredRecord,
    resource: &Resource,
) -> Result<(), String> {
    let read = reading(resource);
    let named = |key: &str| !["create", "update", "delete", &read].contains(&key);
    let actions = resource.actions.iter().map(|action| action.key.clone());
    let actions: Vec<String> = actions.filter(|key| named(key)).collect();
    if actions.is_empty() {
        return Ok(());
    }
    let action = world.rng.pick(&actions);
    let mut status = expected(truth, &actor.id, record, &action, 200);
    let body = if action == reassigning(resource) {
        let to = Owner::Member(world.workspace.anna.id.parse().unwrap());
        status = given(truth, &actor.id, record, to, status);
        json!({"to": world.workspace.anna.id})
    } else {
        json!({})
    };
    let cell = (record.entity.as_str(), action.as_str());
    if action == "claim"
        && status == 403
        && truth.decide(&actor.id, cell, truth.target(record.owner))
    {
        // The policy allows it, but the record has an owner.
        status = 422;
    }
    let path = format!("/records/{}/{}/actions/{action}", record.entity, record.id);
    let answer = actor.post(&path, body).await;
    same(&action, &answer.status, &status)
}

/// The expected status of handing a record over to an owner.
fn given(truth: &Truth, who: &str, record: &StoredRecord, to: Owner, status: u16) -> u16 {
    let is_refused = record.owner != to && !truth.may_receive(who, &record.entity, to);
    if status == 200 && is_refused { 403 } else { status }
}

async fn create(world: &mut World<'_>, truth: &Truth, actor: &Person) -> Result<(), String> {
    let entity = world.rng.pick(&world.entities.clone());
    let resource = truth.record_type(&entity);
    let new = world.record(&resource);
    let owner = match new.owner {
        Some(OwnerRef::Member(id)) if truth.is_active(&id.to_string()) => Owner::Member(id),
        Some(OwnerRef::Member(_) | OwnerRef::Me | OwnerRef::Unowned) | None => Owner::Unowned,
    };
    let body = json!({"fields": new.fields, "owner": word(owner)});
    let answer = actor.post(&format!("/records/{entity}"), body).await;
    let status = match (truth.is_active(&actor.id), truth.is_on(&entity)) {
        (false, _) => truth.gone().0,
        (true, false) => 409,
        (true, true) if truth.may(&actor.id, &entity, "create", owner) => 201,
        (true, true) => 403,
    };
    same("a new record", &answer.status, &status)
}

/// A reassignment moves exactly the records that it reports.
async fn reassign(world: &mut World<'_>, truth: &Truth, actor: &Person) -> Result<(), String> {
    let from = world.rng.pick(&Truth::owners(world));
    let to = recipient(world, from);
    let named = if world.rng.percent(50) {
        let on = world.entities.iter().filter(|entity| truth.is_on(entity)).cloned();
        on.take(1).collect()
    } else {
        Vec::new()
    };
    let mut body = json!({"from": word(from), "to": word(to)});
    if !named.is_empty() {
        body["entities"] = json!(named);
    }
    let expected = movable(truth, &actor.id, (from, to), &named);
    let answer = actor.post("/reassignments", body).await;
    if !truth.is_active(&actor.id) {
        return same("a reassignment by whom is gone", &answer.status, &truth.gone().0);
    }
    if expected.is_empty() {
        let is_named = !named.is_empty();
        let refusal = if is_named { (403, "denied") } else { unmovable(truth, &actor.id, to) };
        return same("a reassignment", &(answer.status, answer.code()), &refusal);
    }
    same("what was moved", &answer.body["counts"], &json!(expected))?;
    let now = Truth::of(world).await;
    let of = |truth: &Truth, entity: &str| {
        let theirs = |one: &&StoredRecord| one.entity == entity && one.owner == from;
        u64::try_from(truth.records.iter().filter(theirs).count()).unwrap()
    };
    for resource in truth.snapshot.model.policy().resources() {
        let moved = expected.get(&resource.key).copied().unwrap_or_default();
        let left = of(truth, &resource.key) - moved;
        same("what is left", &of(&now, &resource.key), &left)?;
    }
    Ok(())
}

/// Other grants for a role, a profile or a team.
async fn edit(world: &mut World<'_>) {
    if world.blueprint.custom_roles.is_some()
        && let Some(role) = world.some_id("/roles").await
    {
        let grants = world.grants();
        let _ =
            world.founder("PATCH", &format!("/roles/{role}"), json!({"grants": grants})).await;
    }
    if world.blueprint.profiles.is_some()
        && let Some(profile) = world.some_id("/profiles").await
    {
        let grants = world.cells();
        let path = format!("/profiles/{profile}");
        let _ = world.founder("PATCH", &path, json!({"grants": grants})).await;
    }
    if world.blueprint.teams.is_some()
        && let Some(team) = world.some_id("/teams").await
    {
        let body: Value = world.team().await;
        let _ = world.founder("PATCH", &format!("/teams/{team}"), body).await;
    }
}
