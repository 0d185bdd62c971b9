//! Lists, single records and search, compared with the truth.

use hallpass_domain::record::Owner;
use hallpass_testkit::{Answer, Person};
use serde_json::Value;

use super::same;
use super::truth::{StoredRecord, Truth, reading};
use super::world::World;

const ORDERS: [&str; 4] = ["-created", "created", "title", "-title"];

/// Whether a request for a record type had to be refused, and was.
pub(super) fn refused(
    truth: &Truth,
    who: &str,
    entity: &str,
    answer: &Answer,
) -> Result<bool, String> {
    let read = reading(&truth.record_type(entity));
    let (status, code) = if !truth.is_active(who) {
        truth.gone()
    } else if !truth.is_on(entity) {
        (409, "switched_off")
    } else if !truth.decide(who, (entity, &read), hallpass_engine::Target::Any) {
        (403, "denied")
    } else {
        return same("the status", &answer.status, &200).map(|()| false);
    };
    same("the refusal", &(answer.status, answer.code()), &(status, code))?;
    same("what is seen by those who are refused", &truth.visible(who, entity).len(), &0)?;
    Ok(true)
}

fn in_order(records: &[StoredRecord], order: &str) -> Vec<StoredRecord> {
    let mut records = records.to_vec();
    match order {
        "-created" => records.sort_by_key(|one| std::cmp::Reverse(one.id)),
        "created" => records.sort_by_key(|one| one.id),
        "title" => records.sort_by_key(|one| (one.title_key(), one.id)),
        _ => records.sort_by_key(|one| std::cmp::Reverse((one.title_key(), one.id))),
    }
    records
}

fn ids(records: &[StoredRecord]) -> Vec<String> {
    records.iter().map(|one| one.id.to_string()).collect()
}

/// Reads the pages of a list with random limits.
async fn walk(
    world: &mut World<'_>,
    asker: &Person,
    path: &str,
    expected: &[StoredRecord],
) -> Result<Vec<Value>, String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let limit = world.rng.pick(&[2, 5, 17, 40, 200]);
        let page = asker.get(&format!("{path}&limit={limit}{cursor}")).await;
        same("the status of a page", &page.status, &200)?;
        same("the total", &page.body["total"].as_u64(), &u64::try_from(expected.len()).ok())?;
        found.extend(page.items().iter().cloned());
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        // There are never more pages than records.
        same("the end", &(found.len() <= expected.len()), &true)?;
        cursor = format!("&cursor={next}");
    }
    let listed: Vec<String> =
        found.iter().filter_map(|one| one["id"].as_str()).map(str::to_owned).collect();
    same(path, &listed, &ids(expected))?;
    Ok(found)
}

/// Every order of a list, some filters, and the allowed actions of each record.
pub(super) async fn lists(
    world: &mut World<'_>,
    truth: &Truth,
    asker: &Person,
    entity: &str,
) -> Result<(), String> {
    let base = format!("/records/{entity}");
    let first = asker.get(&base).await;
    if refused(truth, &asker.id, entity, &first)? {
        return Ok(());
    }
    let visible = truth.visible(&asker.id, entity);
    for order in ORDERS {
        let path = format!("{base}?sort={order}");
        let found = walk(world, asker, &path, &in_order(&visible, order)).await?;
        if order == "title" {
            for (item, record) in found.iter().zip(in_order(&visible, order)) {
                check_item(truth, &asker.id, item, &record)?;
            }
        }
    }
    for _ in 0..3 {
        let order = world.rng.pick(&ORDERS);
        let (filter, kept) = filter(world, truth, asker, entity, &visible);
        let path = format!("{base}?sort={order}{filter}");
        let _ = walk(world, asker, &path, &in_order(&kept, order)).await?;
        let file = asker.get(&format!("{base}/export?{filter}")).await;
        same("the status of a file", &file.status, &200)?;
        let lines = file.text.lines().filter(|line| line.starts_with("rec_"));
        let first: Vec<&str> = lines.filter_map(|line| line.split(',').next()).collect();
        same("a file", &first.join(" "), &ids(&kept).join(" "))?;
    }
    Ok(())
}

/// A random filter, and the records that match it.
fn filter(
    world: &mut World<'_>,
    truth: &Truth,
    asker: &Person,
    entity: &str,
    visible: &[StoredRecord],
) -> (String, Vec<StoredRecord>) {
    let (mut query, mut kept) = (String::new(), visible.to_vec());
    if world.rng.percent(60) {
        let me = Owner::Member(asker.id.parse().unwrap());
        let any = world.rng.pick(&Truth::owners(world));
        let (word, owner) = match (world.rng.below(4), any) {
            (0, _) => ("me".to_owned(), me),
            (1, _) | (_, Owner::Unowned) => ("unowned".to_owned(), Owner::Unowned),
            (_, Owner::Member(id)) => (id.to_string(), any),
        };
        query = format!("&owner={word}");
        kept.retain(|one| one.owner == owner);
    }
    let stages = truth.record_type(entity).stages;
    if !stages.is_empty() && world.rng.percent(50) {
        let stage = world.rng.pick(&stages).key;
        query = format!("{query}&stage={stage}");
        kept.retain(|one| one.stage.as_ref() == Some(&stage));
    }
    if world.rng.percent(60) {
        let text = part(world, truth);
        query = format!("{query}&q={}", escaped(&text));
        if !text.trim().is_empty() {
            kept.retain(|one| one.holds(&text));
        }
    }
    (query, kept)
}

/// A part of a random title, visible or not.
fn part(world: &mut World<'_>, truth: &Truth) -> String {
    let title = world.rng.pick(&truth.records).title;
    let letters: Vec<char> = if world.rng.percent(50) {
        title.to_uppercase().chars().collect()
    } else {
        title.chars().collect()
    };
    let from = world.rng.below(letters.len());
    let most = 1 + world.rng.below(4);
    letters.into_iter().skip(from).take(most).collect()
}

fn escaped(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
    bytes.concat()
}

/// Compares a listed record with its row.
fn check_item(
    truth: &Truth,
    who: &str,
    item: &Value,
    record: &StoredRecord,
) -> Result<(), String> {
    let resource = truth.record_type(&record.entity);
    let owner = match record.owner {
        Owner::Unowned => "unowned".to_owned(),
        Owner::Member(id) => id.to_string(),
    };
    let actions = resource.actions.iter().filter(|action| action.key != "create");
    let allowed: Vec<&str> = actions
        .map(|action| action.key.as_str())
        .filter(|action| truth.may(who, &record.entity, action, record.owner))
        .collect();
    let said: Option<Vec<&str>> =
        item["allowed"].as_array().map(|all| all.iter().filter_map(Value::as_str).collect());
    same("what may be done", &said, &Some(allowed))?;
    let said = (item["owner"].as_str(), item["title"].as_str(), item["stage"].as_str());
    let is = (Some(owner.as_str()), Some(record.title.as_str()), record.stage.as_deref());
    same("a record", &said, &is)
}

/// Single records: exactly the listed ones are found.
pub(super) async fn one_by_one(
    world: &mut World<'_>,
    truth: &Truth,
    asker: &Person,
    entity: &str,
) -> Result<(), String> {
    let visible = ids(&truth.visible(&asker.id, entity));
    let all: Vec<StoredRecord> =
        truth.records.iter().filter(|one| one.entity == entity).cloned().collect();
    for record in world.rng.some(&all, 20) {
        let answer = asker.get(&format!("/records/{entity}/{}", record.id)).await;
        let is_seen = visible.contains(&record.id.to_string());
        let expected = match (truth.is_active(&asker.id), truth.is_on(entity), is_seen) {
            (false, _, _) => truth.gone().0,
            (true, false, _) => 409,
            (true, true, true) => 200,
            (true, true, false) => 404,
        };
        same("one record by itself", &answer.status, &expected)?;
        if is_seen {
            check_item(truth, &asker.id, &answer.body, &record)?;
        }
    }
    Ok(())
}

/// A search: the first ten records of each type that contain the words.
pub(super) async fn search(
    world: &mut World<'_>,
    truth: &Truth,
    asker: &Person,
) -> Result<(), String> {
    let text = part(world, truth);
    let text = text.trim();
    if text.is_empty() {
        return Ok(());
    }
    let answer = asker.get(&format!("/search?q={}", escaped(text))).await;
    same("the status of a search", &answer.status, &200)?;
    let mut expected = Vec::new();
    for resource in truth.snapshot.model.policy().resources() {
        if resource.kind == hallpass_engine::ResourceKind::Records {
            let mut found = truth.visible(&asker.id, &resource.key);
            found.retain(|one| one.holds(text));
            // Those with all words in the title first, then the newest.
            found.sort_by_key(|one| !one.is_titled(text));
            let has_more = found.len() > 10;
            found.truncate(10);
            if !found.is_empty() {
                expected.push((resource.key.clone(), ids(&found), has_more));
            }
        }
    }
    let said = answer.items().iter().map(|one| {
        let records = one["records"].as_array().into_iter().flatten();
        let ids: Vec<String> =
            records.filter_map(|one| one["id"].as_str()).map(str::to_owned).collect();
        let entity = one["entity"].as_str().unwrap_or_default().to_owned();
        (entity, ids, one["has_more"] == true)
    });
    same(&format!("a search for `{text}`"), &said.collect(), &expected)
}
