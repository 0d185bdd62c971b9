//! Access checks, dry runs of reassignments, workloads and the export, compared with the truth.

use std::collections::BTreeMap;

use hallpass_app::export::PIECES_AHEAD;
use hallpass_app::operation::Operator;
use hallpass_domain::record::Owner;
use hallpass_engine::{Resource, ResourceKind, Target};
use hallpass_testkit::Person;
use serde_json::{Value, json};

use super::same;
use super::truth::{StoredRecord, Truth, reading, reassigning};
use super::world::World;

pub(super) fn word(owner: Owner) -> String {
    match owner {
        Owner::Unowned => "unowned".to_owned(),
        Owner::Member(id) => id.to_string(),
    }
}

/// `access/check` for every owner, and for the visible records.
pub(super) async fn check(
    world: &mut World<'_>,
    truth: &Truth,
    asker: &Person,
    entity: &str,
) -> Result<(), String> {
    let owners = Truth::owners(world);
    let (mut checks, mut expected) = (Vec::new(), Vec::new());
    for action in &truth.record_type(entity).actions {
        for owner in &owners {
            checks
                .push(json!({"resource": entity, "action": action.key, "owner": word(*owner)}));
            let may = truth.may(&asker.id, entity, &action.key, *owner);
            expected.push(truth.is_on(entity) && may);
        }
        for one in world.rng.some(&truth.visible(&asker.id, entity), 20) {
            checks.push(
                json!({"resource": entity, "action": action.key, "record": one.id.to_string()}),
            );
            expected.push(truth.may(&asker.id, entity, &action.key, one.owner));
        }
    }
    let answer = asker.post("/access/check", json!({"checks": checks})).await;
    if !truth.is_active(&asker.id) {
        return same("questions of those who are gone", &answer.status, &truth.gone().0);
    }
    same("what may be done", &answer.body["results"], &json!(expected))
}

/// `access/what`: the owners whose records an action reaches.
pub(super) async fn what(
    world: &World<'_>,
    truth: &Truth,
    asker: &Person,
    entity: &str,
) -> Result<(), String> {
    for action in &truth.record_type(entity).actions {
        let body = json!({"resource": entity, "action": action.key});
        let answer = asker.post("/access/what", body).await;
        same("the status of `what`", &answer.status, &200)?;
        for owner in Truth::owners(world) {
            let told = match answer.body["reach"].as_str() {
                Some("all") => true,
                Some("owners") if owner == Owner::Unowned => answer.body["unowned"] == true,
                Some("owners") => {
                    let owners = answer.body["owners"].as_array();
                    owners.into_iter().flatten().any(|one| one == word(owner).as_str())
                }
                _ => false,
            };
            let may = truth.is_on(entity) && truth.may(&asker.id, entity, &action.key, owner);
            same("what an action reaches", &told, &may)?;
        }
    }
    Ok(())
}

/// `access/who`, and the members who may act on a record.
pub(super) async fn who(
    world: &mut World<'_>,
    truth: &Truth,
    asker: &Person,
    entity: &str,
) -> Result<(), String> {
    let visible = truth.visible(&asker.id, entity);
    if visible.is_empty() {
        return Ok(());
    }
    let record = world.rng.pick(&visible);
    let resource = truth.record_type(entity);
    let may = |action: &str| -> Vec<String> {
        let people = world.people.iter().map(|one| one.id.clone());
        let mut may: Vec<String> =
            people.filter(|one| truth.may(one, entity, action, record.owner)).collect();
        may.sort_unstable();
        may
    };
    let sees_people = truth.snapshot.model.blueprint().area("members", "read");
    let sees_people =
        sees_people.is_some_and(|cell| truth.decide(&asker.id, cell, Target::Any));
    let access = asker.get(&format!("/records/{entity}/{}/access", record.id)).await;
    let action = world.rng.pick(&resource.actions).key;
    let body = json!({"resource": entity, "action": action, "record": record.id.to_string()});
    let who = asker.post("/access/who", body).await;
    if !sees_people {
        return same("who may", &(access.status, who.status), &(403, 403));
    }
    let mut told = who.each("member");
    told.sort_unstable();
    same("who may", &told, &may(&action))?;
    who_in_pages(asker, entity, (&action, &record.id.to_string()), &told).await?;
    let actions = resource.actions.iter().filter(|action| action.key != "create");
    let expected: Vec<(String, Vec<String>)> =
        actions.map(|action| (action.key.clone(), may(&action.key))).collect();
    let each = |item: &Value| {
        let members = item["members"].as_array().into_iter().flatten();
        let mut members: Vec<String> =
            members.filter_map(Value::as_str).map(str::to_owned).collect();
        members.sort_unstable();
        (item["action"].as_str().unwrap_or_default().to_owned(), members)
    };
    same("who may what", &access.items().iter().map(each).collect(), &expected)
}

/// The pages of `access/who` and of the access to a record, in which each member has a name.
async fn who_in_pages(
    asker: &Person,
    entity: &str,
    (action, record): (&str, &str),
    expected: &Vec<String>,
) -> Result<(), String> {
    let (mut paged, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let mut body =
            json!({"resource": entity, "action": action, "record": record, "limit": 2});
        if !cursor.is_null() {
            body["cursor"] = cursor;
        }
        let page = asker.post("/access/who", body).await;
        same("the status of a page", &page.status, &200)?;
        let is_named = page.each("name").iter().all(|name| !name.is_empty());
        same("names on the page", &(page.items().len() <= 2, is_named), &(true, true))?;
        paged.extend(page.each("member"));
        cursor = page.body["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    same("the pages of who may", &paged, expected)?;
    if action == "create" {
        return Ok(());
    }
    let (mut paged, mut next) = (Vec::new(), String::new());
    loop {
        let path = format!("/records/{entity}/{record}/access?action={action}&limit=2{next}");
        let page = asker.get(&path).await;
        same("the status of a page", &page.status, &200)?;
        let item = page.items().first().cloned().unwrap_or_default();
        let members = item["members"].as_array().cloned().unwrap_or_default();
        let named = item["names"].as_object().map_or(0, serde_json::Map::len);
        same("names on the page", &named, &members.len())?;
        paged.extend(members.iter().filter_map(Value::as_str).map(str::to_owned));
        match item["next_cursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    same("the pages of a record's access", &paged, expected)
}

/// The possible new owners: all active members, for a member who may reassign any record.
pub(super) async fn owners(
    world: &World<'_>,
    truth: &Truth,
    asker: &Person,
    entity: &str,
) -> Result<(), String> {
    let answer = asker.get(&format!("/records/{entity}/owners?limit=200")).await;
    let action = reassigning(&truth.record_type(entity));
    let may = truth.decide(&asker.id, (entity, &action), Target::Any);
    let refusal = match (truth.is_on(entity), may) {
        (false, _) => Some((409, "switched_off")),
        (true, false) => Some((403, "denied")),
        (true, true) => None,
    };
    if let Some(refusal) = refusal {
        return same("who can be given records", &(answer.status, answer.code()), &refusal);
    }
    let people = world.people.iter().map(|one| one.id.clone());
    let mut expected: Vec<String> = people.filter(|one| truth.is_active(one)).collect();
    let mut told = answer.each("id");
    expected.sort_unstable();
    told.sort_unstable();
    same("who can be given records", &told, &expected)
}

/// The number of records that a person may reassign, by record type.
pub(super) fn movable(
    truth: &Truth,
    who: &str,
    (from, to): (Owner, Owner),
    named: &[String],
) -> BTreeMap<String, u64> {
    let types = truth.snapshot.model.policy().resources().iter();
    let types = types.filter(|one| one.kind == ResourceKind::Records && truth.is_on(&one.key));
    let types = types.filter(|one| named.is_empty() || named.contains(&one.key));
    let types = types.filter(|one| hands_over(truth, who, one, to));
    types
        .map(|one| {
            let reaches = truth.may(who, &one.key, &reassigning(one), from)
                && truth.may(who, &one.key, &reading(one), from);
            let theirs = |kept: &&StoredRecord| kept.entity == one.key && kept.owner == from;
            let n = truth.records.iter().filter(theirs).count();
            (one.key.clone(), if reaches { u64::try_from(n).unwrap() } else { 0 })
        })
        .collect()
}

/// The refusal for a person who may reassign nothing: every type is disabled, or permission is missing.
pub(super) fn unmovable(truth: &Truth, who: &str, to: Owner) -> (u16, &'static str) {
    let types = truth.snapshot.model.policy().resources().iter();
    let mut types = types.filter(|one| one.kind == ResourceKind::Records);
    let may = types.any(|one| hands_over(truth, who, one, to));
    if may { (409, "switched_off") } else { (403, "denied") }
}

/// Whether a member may hand records of a type over to an owner, many at once.
fn hands_over(truth: &Truth, who: &str, resource: &Resource, to: Owner) -> bool {
    truth.may_in(who, "members", "reassign")
        && truth.decide(who, (&resource.key, &reassigning(resource)), Target::Any)
        && truth.may_receive(who, &resource.key, to)
}

/// The new owner of a reassignment in these tests.
pub(super) fn recipient(world: &World<'_>, from: Owner) -> Owner {
    match from {
        Owner::Unowned => Owner::Member(world.workspace.anna.id.parse().unwrap()),
        Owner::Member(_) => Owner::Unowned,
    }
}

/// A dry run of a reassignment.
pub(super) async fn dry_run(
    world: &mut World<'_>,
    truth: &Truth,
    asker: &Person,
) -> Result<(), String> {
    let from = world.rng.pick(&Truth::owners(world));
    let to = recipient(world, from);
    let body = json!({"from": word(from), "to": word(to), "dry_run": true});
    let answer = asker.post("/reassignments", body).await;
    let expected = movable(truth, &asker.id, (from, to), &[]);
    if expected.is_empty() {
        let refusal = unmovable(truth, &asker.id, to);
        return same("a reassignment", &(answer.status, answer.code()), &refusal);
    }
    same("what would be moved", &answer.body["counts"], &json!(expected))?;
    let theirs = |entity: &str| {
        let of = |one: &&StoredRecord| one.entity == entity && one.owner == from;
        u64::try_from(truth.records.iter().filter(of).count()).unwrap()
    };
    for (entity, moved) in &expected {
        let beyond = answer.body["out_of_reach"][entity].as_u64().unwrap_or_default();
        same("what is out of reach", &beyond, &(theirs(entity) - moved))?;
    }
    Ok(())
}

/// The workload of every member, and every stored counter.
pub(super) async fn counters(world: &World<'_>, truth: &Truth) -> Result<(), String> {
    let mut load: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    let (mut counts, mut totals) = (BTreeMap::new(), BTreeMap::new());
    for one in &truth.records {
        // Anna's list counts what she may read.
        let is_visible = truth.is_on(&one.entity) && {
            let reading = reading(&truth.record_type(&one.entity));
            truth.may(&world.workspace.anna.id, &one.entity, &reading, one.owner)
        };
        if one.open && one.owner != Owner::Unowned && is_visible {
            let of = load.entry(word(one.owner)).or_default();
            *of.entry(one.entity.clone()).or_default() += 1;
        }
        let count = counts.entry((one.entity.clone(), one.owner)).or_insert((0_i64, 0_i64));
        *count = (count.0 + 1, count.1 + i64::from(one.open));
        *totals.entry(one.entity.clone()).or_insert(0_i64) += 1;
    }
    let members = world.workspace.anna.get("/members?limit=200").await;
    same("the status of members", &members.status, &200)?;
    for member in members.items() {
        let expected = load.get(member["id"].as_str().unwrap_or_default());
        let expected = expected.cloned().unwrap_or_default();
        same("a workload", &member["assignments"], &json!(expected))?;
    }
    let db = world.workspace.server.app.db();
    let mut tx = db.read_in(truth.workspace().0).await.unwrap().unwrap();
    let kept = tx.records().list_counts().await.unwrap();
    let kept: BTreeMap<_, _> =
        kept.into_iter().map(|one| ((one.entity, one.owner), (one.n, one.open_n))).collect();
    same("the counters", &kept, &counts)?;
    let sql = "SELECT entity, n FROM record_totals WHERE workspace_id = ?1 AND n > 0";
    let rows = tx.query(sql, &[]).await.unwrap();
    let kept = rows.iter().map(|row| (row.text(0).unwrap().to_owned(), row.int(1).unwrap()));
    same("the totals", &kept.collect(), &totals)
}

/// An export has every record, visible or not.
pub(super) async fn export(world: &World<'_>, truth: &Truth) -> Result<(), String> {
    let (app, slug) = (&world.workspace.server.app, &world.workspace.slug);
    let (lines, mut taken) = tokio::sync::mpsc::channel(PIECES_AHEAD);
    let export = async move {
        let done = app.exports().run_as(&Operator::default(), slug, &lines).await;
        done.map_err(|error| error.to_string())
    };
    let take = async {
        let mut text: Vec<u8> = Vec::new();
        while let Some(piece) = taken.recv().await {
            text.extend(piece);
        }
        let mut found = Vec::new();
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let line: Value = serde_json::from_slice(line).unwrap();
            if line["kind"] == "record" {
                let [id, owner] =
                    ["id", "owner"].map(|key| line[key].as_str().unwrap_or_default());
                found.push((id.to_owned(), owner.to_owned()));
            }
        }
        found
    };
    let (done, mut found) = tokio::join!(export, take);
    done?;
    let records = truth.records.iter().map(|one| (one.id.to_string(), word(one.owner)));
    let mut expected: Vec<(String, String)> = records.collect();
    expected.sort_unstable();
    found.sort_unstable();
    same("the export", &found, &expected)
}
