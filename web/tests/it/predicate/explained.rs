//! Explanations, compared with the truth: numbers of lists, names that the caller may see, and acts that
//! turn the answer when a named member does them.

use hallpass_domain::record::Owner;
use hallpass_testkit::Person;
use serde_json::{Value, json};

use super::questions::word;
use super::same;
use super::truth::{Truth, reading};
use super::world::World;

/// The explained list of a type has the records that the list has.
pub(super) async fn list(truth: &Truth, asker: &Person, entity: &str) -> Result<(), String> {
    let read = reading(&truth.record_type(entity));
    let body = json!({"resource": entity, "action": read, "list": true});
    let answer = asker.post("/access/explain", body).await;
    same("the status of an explained list", &answer.status, &200)?;
    let list = &answer.body["list"];
    let visible = truth.visible(&asker.id, entity);
    same("the number of an explained list", &list["total"], &json!(visible.len()))?;
    let parts = list["parts"].as_array().cloned().unwrap_or_default();
    let sum: i64 = parts.iter().filter_map(|part| part["records"].as_i64()).sum();
    same("the sum of its parts", &usize::try_from(sum).unwrap_or_default(), &visible.len())?;
    let me = Owner::Member(asker.id.parse().unwrap());
    let own = visible.iter().filter(|one| one.owner == me).count();
    let part = parts.iter().find(|part| part["relation"] == "own");
    let is_divided = parts.iter().all(|part| part["relation"] != "all");
    let counted = part.map_or(0, |part| part["records"].as_u64().unwrap_or_default());
    same("own records", &(is_divided && counted != own as u64), &false)
}

/// Nothing in an explanation names a member whom the caller may not see.
pub(super) async fn names(
    world: &mut World<'_>,
    truth: &Truth,
    asker: &Person,
    entity: &str,
) -> Result<(), String> {
    let reads_members = truth.may_in(&asker.id, "members", "read");
    for action in &truth.record_type(entity).actions {
        let about = Truth::owners(world);
        let about = world.rng.pick(&about);
        let body =
            json!({"resource": entity, "action": action.key, "owner": word(about), "acts": 3});
        let answer = asker.post("/access/explain", body).await;
        same("the status of an explanation", &answer.status, &200)?;
        let may = truth.is_on(entity) && truth.may(&asker.id, entity, &action.key, about);
        same("the explained answer", &answer.body["allowed"], &json!(may))?;
        if reads_members {
            continue;
        }
        for (number, person) in world.people.iter().enumerate() {
            let is_asked = person.id == asker.id || word(about) == person.id;
            let owner = Owner::Member(person.id.parse().unwrap());
            let types = truth.snapshot.model.policy().resources().iter();
            let mut types =
                types.filter(|one| one.kind == hallpass_engine::ResourceKind::Records);
            let is_seen = person.id == asker.id
                || types.any(|one| {
                    truth.visible(&asker.id, &one.key).iter().any(|one| one.owner == owner)
                });
            let name = if number == 0 { "Anna".to_owned() } else { format!("P{number}") };
            let mut words = answer.text.split(|letter: char| !letter.is_alphanumeric());
            let is_named = words.any(|word| word == name);
            same("a hidden name", &(is_named && !is_seen), &false)
                .map_err(|error| format!("{error}: {name} in {}", answer.text))?;
            let id_shown = answer.text.contains(&person.id);
            same("a hidden id", &(id_shown && !is_asked), &false)
                .map_err(|error| format!("{error}: {} in {}", person.id, answer.text))?;
        }
    }
    Ok(())
}

/// Sends the request of an act as a member who is named for it; then the answer is yes.
pub(super) async fn acts(world: &mut World<'_>) -> Result<usize, String> {
    let mut done = 0;
    for _ in 0..12 {
        let truth = Truth::of(world).await;
        let subject = world.random_person();
        let entity = world.rng.pick(&world.entities.clone());
        let actions = truth.record_type(&entity).actions;
        let action = world.rng.pick(&actions).key;
        let owner = word(world.rng.pick(&Truth::owners(world)));
        let question = json!({"member": subject.id, "resource": entity, "action": action, "owner": owner, "acts": 3});
        let asker = world.people[0].same_session();
        let answer = asker.post("/access/explain", question.clone()).await;
        // A member who was removed is unknown.
        if answer.status == 404 {
            continue;
        }
        same("the status of an explanation", &answer.status, &200)?;
        let acts = answer.body["acts"].as_array().cloned().unwrap_or_default();
        if acts.is_empty() {
            continue;
        }
        let act = world.rng.pick(&acts);
        let members = act["members"].as_array().cloned().unwrap_or_default();
        let member = world.rng.pick(&members)["id"].as_str().unwrap_or_default().to_owned();
        let Some(person) = world.people.iter().find(|one| one.id == member) else {
            return Err(format!("{member} is not known: {act}"));
        };
        let request = &act["request"];
        let (method, path) = (request["method"].as_str(), request["path"].as_str());
        let body = Some(request["body"].clone()).filter(|body| *body != Value::Null);
        let sent =
            person.request(method.unwrap_or_default(), path.unwrap_or_default(), body).await;
        let is_done = (200..300).contains(&sent.status);
        same(&format!("{act} gets {}", sent.text), &is_done, &true)?;
        let after = asker.post("/access/explain", question.clone()).await;
        let is_allowed = &after.body["allowed"];
        same(&format!("{question} after {act}"), is_allowed, &json!(true))?;
        done += 1;
    }
    Ok(done)
}
