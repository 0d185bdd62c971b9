//! Dashboard and reports, compared with sums over the visible records.

use std::collections::BTreeMap;

use hallpass_domain::record::Owner;
use hallpass_engine::{Resource, ResourceKind, Target};
use hallpass_testkit::Person;
use serde_json::{Value, json};

use super::same;
use super::truth::{StoredRecord, Truth, reading};

/// The number of records, of open ones, and their value in hundredths.
type Sum = (i64, i64, i64);

/// The expected refusal of the figures of an area, if any.
fn refusal(
    truth: &Truth,
    who: &str,
    area: Option<(&str, &str)>,
) -> Option<(u16, &'static str)> {
    let Some(cell) = area else { return Some((403, "denied")) };
    if !truth.is_on(cell.0) {
        return Some((409, "switched_off"));
    }
    (!truth.decide(who, cell, Target::Any)).then_some((403, "denied"))
}

/// The record types that a person may read, each with the visible records that count.
fn counted(truth: &Truth, who: &str, area: (&str, &str)) -> Vec<(Resource, Vec<StoredRecord>)> {
    let types = truth.snapshot.model.policy().resources().iter();
    let types = types.filter(|one| one.kind == ResourceKind::Records && truth.is_on(&one.key));
    let seen = types.filter(|one| truth.decide(who, (&one.key, &reading(one)), Target::Any));
    let shown = |one: &StoredRecord| truth.decide(who, area, truth.target(one.owner));
    seen.map(|one| {
        let mut records = truth.visible(who, &one.key);
        records.retain(shown);
        (truth.record_type(&one.key), records)
    })
    .collect()
}

fn expected(key: Option<&str>, (count, open, cents): Sum) -> Value {
    json!({"key": key, "count": count, "open": open, "amount": cents})
}

fn sums<K: Ord>(
    records: &[StoredRecord],
    key: impl Fn(&StoredRecord) -> K,
) -> BTreeMap<K, Sum> {
    let mut sums: BTreeMap<K, Sum> = BTreeMap::new();
    for one in records {
        let (count, open, cents) = sums.entry(key(one)).or_default();
        (*count, *open) = (*count + 1, *open + i64::from(one.open));
        *cents += one.amount;
    }
    sums
}

fn total(records: &[StoredRecord]) -> Value {
    expected(None, sums(records, |_| ()).remove(&()).unwrap_or_default())
}

fn by_stage(resource: &Resource, records: &[StoredRecord]) -> Value {
    let mut found = sums(records, |one| one.stage.clone());
    let stages = resource.stages.iter().map(|stage| Some(stage.key.clone()));
    let mut groups: Vec<Value> = stages
        .map(|stage| {
            let sum = found.remove(&stage).unwrap_or_default();
            expected(stage.as_deref(), sum)
        })
        .collect();
    groups.extend(found.into_iter().map(|(stage, sum)| expected(stage.as_deref(), sum)));
    json!(groups)
}

fn by_owner(records: &[StoredRecord]) -> Value {
    let word = |owner: Owner| match owner {
        Owner::Unowned => "unowned".to_owned(),
        Owner::Member(id) => id.to_string(),
    };
    let mut groups: Vec<(Owner, Sum)> = sums(records, |one| one.owner).into_iter().collect();
    groups.sort_by_key(|(owner, (count, _, _))| (std::cmp::Reverse(*count), owner.key()));
    let others = groups.split_off(groups.len().min(20));
    let mut groups: Vec<Value> =
        groups.iter().map(|(owner, sum)| expected(Some(&word(*owner)), *sum)).collect();
    if !others.is_empty() {
        let add =
            |all: Sum, (_, one): &(Owner, Sum)| (all.0 + one.0, all.1 + one.1, all.2 + one.2);
        groups.push(expected(Some("others"), others.iter().fold((0, 0, 0), add)));
    }
    json!(groups)
}

fn by_month(records: &[StoredRecord]) -> Value {
    let word = |month: i64| format!("{:04}-{:02}", month / 12, month % 12 + 1);
    let groups = sums(records, |one| one.month).into_iter();
    groups.map(|(month, sum)| expected(Some(&word(month)), sum)).collect()
}

/// The figures of a response, with the value in hundredths.
fn actual(item: &Value) -> Value {
    let amount = item["amount"].as_f64().unwrap_or(f64::NAN) * 100.0;
    // Far below the largest integer that a float represents exactly.
    let cents: i64 = format!("{amount:.0}").parse().unwrap_or(i64::MIN);
    json!({"key": item["key"], "count": item["count"], "open": item["open"], "amount": cents})
}

fn groups(items: &Value) -> Value {
    items.as_array().into_iter().flatten().map(actual).collect()
}

/// The dashboard.
pub(super) async fn dashboard(truth: &Truth, asker: &Person) -> Result<(), String> {
    let answer = asker.get("/dashboard").await;
    let area = truth.snapshot.model.blueprint().area("dashboard", "read");
    if let Some(refusal) = refusal(truth, &asker.id, area) {
        return same("the dashboard", &(answer.status, answer.code()), &refusal);
    }
    same("the status of the dashboard", &answer.status, &200)?;
    let expected: Vec<Value> = counted(truth, &asker.id, area.unwrap_or_default())
        .iter()
        .map(|(resource, records)| {
            let stages = if resource.stages.is_empty() {
                json!([])
            } else {
                by_stage(resource, records)
            };
            json!([resource.key, total(records), stages, by_owner(records), by_month(records)])
        })
        .collect();
    let each = |item: &Value| {
        let parts = ["by_stage", "by_owner", "by_month"].map(|part| groups(&item[part]));
        json!([item["entity"], actual(item), parts[0], parts[1], parts[2]])
    };
    same("the dashboard", &answer.items().iter().map(each).collect(), &expected)
}

/// Each report, on every record type.
pub(super) async fn reports(truth: &Truth, asker: &Person) -> Result<(), String> {
    let area = truth.snapshot.model.blueprint().area("reports", "read");
    for report in ["pipeline", "owners", "months"] {
        let answer = asker.get(&format!("/reports/{report}")).await;
        if let Some(refusal) = refusal(truth, &asker.id, area) {
            same("a report", &(answer.status, answer.code()), &refusal)?;
            continue;
        }
        same("the status of a report", &answer.status, &200)?;
        let types = counted(truth, &asker.id, area.unwrap_or_default()).into_iter();
        let expected: Vec<Value> = types
            .filter(|(resource, _)| report != "pipeline" || !resource.stages.is_empty())
            .map(|(resource, records)| {
                let groups = match report {
                    "pipeline" => by_stage(&resource, &records),
                    "owners" => by_owner(&records),
                    _ => by_month(&records),
                };
                json!([resource.key, total(&records), groups])
            })
            .collect();
        let each =
            |item: &Value| json!([item["entity"], actual(item), groups(&item["groups"])]);
        same(report, &answer.items().iter().map(each).collect(), &expected)?;
    }
    Ok(())
}
