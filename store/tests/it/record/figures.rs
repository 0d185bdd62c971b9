//! Figures from counters equal those of the records, after any changes, for any reach, in any time zone, even if
//! another process wrote last.

use std::collections::{BTreeMap, BTreeSet};

use hallpass_domain::record::{Owner, Record};
use hallpass_domain::saved_report::Measure;
use hallpass_domain::time::Timestamp;
use hallpass_domain::zone::Zone;
use hallpass_store::record::{
    CounterGroup, GroupBy, GroupKey, GroupSum, ListQuery, OwnerChange, Reach, RecordFigures,
    RecordTotal, ReportQuery, Total,
};
use hallpass_store::{Db, Options, WorkspaceTx};

use super::{Rng, owner, query, record};
use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        figures_equal_those_of_the_records_after_every_change,
        a_change_that_is_rolled_back_is_in_no_figure,
        the_largest_owners_have_groups_and_the_others_are_one,
        amounts_saturate,
        wrong_counters_are_found_and_repaired,
        counters_of_an_existing_database_are_counted,
    ],
    persistent: [
        figures_include_what_another_process_writes,
    ],
}

const OWNERS: u64 = 30;
const TYPES: [&str; 2] = ["deals", "contacts"];
const ZONES: [&str; 6] = [
    "UTC",
    "Europe/Zurich",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "Asia/Kathmandu",
    "America/St_Johns",
];

async fn begin(db: &Db) -> WorkspaceTx {
    db.write_in(id(1)).await.unwrap().unwrap()
}

/// A record with everything that counters know left to chance; every other one is created near the
/// beginning of a month.
fn random_record(rng: &mut Rng, number: u128) -> Record {
    let utc = Zone::default();
    let month = 2026 * 12 + i64::try_from(rng.below(5)).unwrap();
    let start = utc.start_of_month(month).unwrap().as_micros();
    let minutes = i64::try_from(rng.below(40 * 60)).unwrap() - 20 * 60;
    let away = if rng.below(2) == 0 { minutes } else { minutes * 15 };
    let stages = [None, Some("lead"), Some("won"), Some("lost")];
    let amounts = [None, Some(0), Some(1_250), Some(-7_000_000_000_001), Some(5_000_000_003)];
    let made = record(number, rng.one_of(&TYPES), owner(rng.below(OWNERS)));
    Record {
        stage: rng.one_of(&stages).map(str::to_owned),
        amount: rng.one_of(&amounts),
        open: rng.below(2) == 0,
        created_at: Timestamp::from_micros(start + away * 60_000_000),
        ..made
    }
}

/// Makes a random change.
async fn change(tx: &mut WorkspaceTx, rng: &mut Rng, records: &mut Vec<Record>, number: u128) {
    match rng.below(8) {
        0 if !records.is_empty() => {
            let gone = rng.one_of(records);
            assert!(tx.records().delete(&gone).await.unwrap());
            records.retain(|stored| stored.id != gone.id);
        }
        1..4 if !records.is_empty() => {
            let before = rng.one_of(records);
            let new = random_record(rng, number);
            let mut after = before.clone();
            match rng.below(5) {
                0 => after.owner = new.owner,
                1 => after.stage = new.stage,
                2 => after.amount = new.amount,
                3 => after.open = new.open,
                _ => {
                    (after.owner, after.stage) = (new.owner, new.stage);
                    (after.amount, after.open) = (new.amount, new.open);
                }
            }
            assert!(tx.records().update(&before, &after).await.unwrap());
            records.retain(|stored| stored.id != before.id);
            records.push(Record { version: before.version + 1, ..after });
        }
        4 => {
            let (from, to) = (owner(rng.below(OWNERS)), owner(rng.below(OWNERS)));
            let entities =
                TYPES.map(|entity| (entity.to_owned(), Reach::All)).into_iter().collect();
            let some = records.iter().filter(|_| rng.below(2) == 0).map(|record| record.id);
            let some: Vec<_> = some.collect();
            let named = (rng.below(2) == 0).then_some(some);
            let at = Timestamp::from_micros(5);
            let moved = OwnerChange { from, to, entities, records: named, at };
            tx.records().reassign(&moved).await.unwrap();
            for stored in records.iter_mut() {
                let is_named =
                    moved.records.as_ref().is_none_or(|some| some.contains(&stored.id));
                if stored.owner == from && from != to && is_named {
                    (stored.owner, stored.updated_at) = (to, at);
                    stored.version += 1;
                }
            }
        }
        // Every record of a type goes, and with them the type.
        5 if rng.below(40) == 0 => {
            let entity = rng.one_of(&TYPES);
            for gone in records.iter().filter(|record| record.entity == entity) {
                assert!(tx.records().delete(gone).await.unwrap());
            }
            records.retain(|record| record.entity != entity);
        }
        6 => {
            let several = 1 + u128::from(rng.below(80));
            let made: Vec<Record> =
                (0..several).map(|one| random_record(rng, 1_000 * number + one)).collect();
            tx.records().insert_all(&made).await.unwrap();
            records.extend(made);
        }
        _ => {
            let made = random_record(rng, 1_000 * number);
            tx.records().insert(&made).await.unwrap();
            records.push(made);
        }
    }
}

/// The number of records, of open ones, and their amount.
type Sum = (i64, i64, i128);

fn summed<K: Ord>(records: &[&Record], key: impl Fn(&Record) -> K) -> BTreeMap<K, Sum> {
    let mut sums: BTreeMap<K, Sum> = BTreeMap::new();
    for record in records {
        let (n, open, amount) = sums.entry(key(record)).or_default();
        (*n, *open) = (*n + 1, *open + i64::from(record.open));
        *amount += i128::from(record.amount.unwrap_or_default());
    }
    sums
}

fn add(all: Sum, one: Sum) -> Sum {
    (all.0 + one.0, all.1 + one.1, all.2 + one.2)
}

fn group(group: GroupKey, (n, open, amount): Sum) -> GroupSum {
    GroupSum { group, n, open, amount: i64::try_from(amount).unwrap() }
}

/// The largest owners, then the others as one.
fn ranked(records: &[&Record], measure: Measure) -> Vec<GroupSum> {
    let mut owners: Vec<(Owner, Sum)> =
        summed(records, |record| record.owner).into_iter().collect();
    owners.sort_by_key(|(owner, (n, open, amount))| {
        let measured = match measure {
            Measure::Count => i128::from(*n),
            Measure::Open => i128::from(*open),
            Measure::Amount => *amount,
        };
        (-measured, owner.key())
    });
    let others = owners.split_off(owners.len().min(20));
    let mut groups: Vec<GroupSum> =
        owners.into_iter().map(|(owner, sum)| group(GroupKey::Owner(owner), sum)).collect();
    if !others.is_empty() {
        let n = i64::try_from(others.len()).unwrap();
        let rest = others.into_iter().map(|(_, sum)| sum).fold((0, 0, 0), add);
        groups.push(group(GroupKey::OtherOwners(n), rest));
    }
    groups
}

fn by_stage(records: &[&Record]) -> Vec<GroupSum> {
    let sums = summed(records, |record| record.stage.clone()).into_iter();
    sums.map(|(stage, sum)| group(GroupKey::Stage(stage), sum)).collect()
}

fn by_month(records: &[&Record], zone: &Zone) -> Vec<GroupSum> {
    let sums = summed(records, |record| zone.month(record.created_at)).into_iter();
    sums.map(|(month, sum)| group(GroupKey::Month(month), sum)).collect()
}

fn expected(
    records: &[Record],
    (entity, reach): &(String, Reach),
    zone: &Zone,
) -> RecordFigures {
    let covered = |record: &&Record| record.entity == *entity && reach.covers(record.owner);
    let records: Vec<&Record> = records.iter().filter(covered).collect();
    let (n, open, amount) = summed(&records, |_| ()).remove(&()).unwrap_or_default();
    RecordFigures {
        total: RecordTotal { n, open, amount: i64::try_from(amount).unwrap() },
        stages: by_stage(&records),
        owners: ranked(&records, Measure::Count),
        months: by_month(&records, zone),
    }
}

fn months(zone: &Zone) -> Vec<(i64, Timestamp)> {
    if zone.is_utc() {
        return Vec::new();
    }
    (2025 * 12..2028 * 12).map(|month| (month, zone.start_of_month(month).unwrap())).collect()
}

fn random_reach(rng: &mut Rng) -> Reach {
    match rng.below(6) {
        0 => Reach::Nothing,
        1 | 2 => Reach::All,
        3 => Reach::owners([owner(rng.below(OWNERS))]),
        // The same ones again and again, which memory then knows.
        4 => Reach::owners((0..25).map(owner)),
        _ => Reach::owners((0..OWNERS).filter(|_| rng.below(2) == 0).map(owner)),
    }
}

const EVERY: [GroupBy; 3] = [GroupBy::Stage, GroupBy::Owner, GroupBy::Month];

/// Compares figures, reports and lists of some reaches with the records, in one transaction.
async fn check(tx: &mut WorkspaceTx, rng: &mut Rng, records: &[Record]) {
    let zone = Zone::parse(rng.one_of(&ZONES)).unwrap();
    let months = months(&zone);
    let shared = random_reach(rng);
    let of: Vec<(String, Reach)> = TYPES
        .map(|entity| {
            let reach = if rng.below(2) == 0 { shared.clone() } else { random_reach(rng) };
            (entity.to_owned(), reach)
        })
        .into_iter()
        .collect();

    let figures = tx.records().figures(&of, &EVERY, &months).await.unwrap();

    for (one, figures) in of.iter().zip(figures) {
        assert_eq!(figures, expected(records, one, &zone), "{one:?} in {zone:?}");
        let (entity, reach) = one;
        let listed = ListQuery { reach: reach.clone(), limit: 100_000, ..query(entity) };
        let page = tx.records().list(&listed).await.unwrap();
        assert_eq!(i64::try_from(page.records.len()).unwrap(), figures.total.n);
        assert_eq!(page.total, Total::Exact(figures.total.n));
        check_report(tx, rng, (one, &zone, &months), records).await;
    }
}

async fn check_report(
    tx: &mut WorkspaceTx,
    rng: &mut Rng,
    ((entity, reach), zone, months): (&(String, Reach), &Zone, &[(i64, Timestamp)]),
    records: &[Record],
) {
    let stage = rng.one_of(&[None, Some("lead"), Some("won"), Some("nothing")]);
    let (by, measure) =
        (rng.one_of(&EVERY), rng.one_of(&[Measure::Count, Measure::Open, Measure::Amount]));
    let report = ReportQuery { entity, reach, stage, by, measure };

    let groups = tx.records().report(report, months).await.unwrap();

    let is_counted = |record: &&Record| {
        let is_in_stage = stage.is_none() || record.stage.as_deref() == stage;
        record.entity == *entity && reach.covers(record.owner) && is_in_stage
    };
    let counted: Vec<&Record> = records.iter().filter(is_counted).collect();
    let expected = match by {
        GroupBy::Stage => by_stage(&counted),
        GroupBy::Owner => ranked(&counted, measure),
        GroupBy::Month => by_month(&counted, zone),
    };
    assert_eq!(groups, expected, "{report:?} in {zone:?}");
}

async fn figures_equal_those_of_the_records_after_every_change(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let (mut rng, mut records, mut number) = (Rng::new(1), Vec::new(), 0);
    for _ in 0..150 {
        let mut tx = begin(&fixture.db).await;
        for _ in 0..=rng.below(4) {
            number += 1;
            change(&mut tx, &mut rng, &mut records, number).await;
        }
        check(&mut tx, &mut rng, &records).await;
        tx.commit().await.unwrap();
        let mut tx = fixture.db.read_in(id(1)).await.unwrap().unwrap();
        for _ in 0..2 {
            check(&mut tx, &mut rng, &records).await;
        }
    }
    assert!(records.len() > 40, "{}", records.len());
    let mut tx = fixture.db.read_in(id(1)).await.unwrap().unwrap();
    assert_eq!(tx.records().check_counters().await.unwrap(), []);
}

async fn a_change_that_is_rolled_back_is_in_no_figure(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let (mut rng, mut records) = (Rng::new(2), Vec::new());
    for number in 1..120 {
        let mut tx = begin(&fixture.db).await;
        let mut changed = records.clone();
        change(&mut tx, &mut rng, &mut changed, number).await;
        check(&mut tx, &mut rng, &changed).await;
        if rng.below(2) == 0 {
            tx.commit().await.unwrap();
            records = changed;
        } else {
            drop(tx);
        }
        let mut tx = fixture.db.read_in(id(1)).await.unwrap().unwrap();
        check(&mut tx, &mut rng, &records).await;
    }
}

async fn figures_include_what_another_process_writes(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let location = fixture.database.location();
    let other =
        Db::open(&location, &Options { connections: 2, ..Options::default() }).await.unwrap();
    let (mut rng, mut records) = (Rng::new(3), Vec::new());
    for number in 1..120 {
        let writer = if rng.below(3) > 0 { &fixture.db } else { &other };
        let mut tx = begin(writer).await;
        change(&mut tx, &mut rng, &mut records, number).await;
        tx.commit().await.unwrap();
        for reader in [&fixture.db, &other] {
            let mut tx = reader.read_in(id(1)).await.unwrap().unwrap();
            check(&mut tx, &mut rng, &records).await;
        }
    }
}

async fn the_largest_owners_have_groups_and_the_others_are_one(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = begin(&fixture.db).await;
    let mut number = 0;
    // The owner with a number has as many records.
    for whose in 1..=23 {
        for _ in 0..whose {
            number += 1;
            tx.records().insert(&record(number, "deals", owner(whose))).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    let of = [("deals".to_owned(), Reach::All)];

    let mut tx = fixture.db.read_in(id(1)).await.unwrap().unwrap();
    let figures = tx.records().figures(&of, &[GroupBy::Owner], &[]).await.unwrap();

    let owners = &figures[0].owners;
    assert_eq!(owners.len(), 21);
    assert_eq!((owners[0].group.clone(), owners[0].n), (GroupKey::Owner(owner(23)), 23));
    assert_eq!((owners[19].group.clone(), owners[19].n), (GroupKey::Owner(owner(4)), 4));
    let (open, amount) = (6, 6 * 1_250);
    let rest = GroupSum { group: GroupKey::OtherOwners(3), n: 6, open, amount };
    assert_eq!(owners[20], rest);
    assert!(figures[0].stages.is_empty() && figures[0].months.is_empty());
}

async fn amounts_saturate(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = begin(&fixture.db).await;
    let mut records = Vec::new();
    for number in 1..=3 {
        let amount = Some(i64::MAX);
        let made = Record { amount, ..record(number, "deals", owner(1)) };
        tx.records().insert(&made).await.unwrap();
        records.push(made);
    }
    let of = [("deals".to_owned(), Reach::All)];
    let total = async |tx: &mut WorkspaceTx| {
        tx.records().figures(&of, &EVERY, &[]).await.unwrap().remove(0).total
    };
    assert_eq!(total(&mut tx).await, RecordTotal { n: 3, open: 3, amount: i64::MAX });

    for made in &records[..2] {
        assert!(tx.records().delete(made).await.unwrap());
    }
    assert_eq!(total(&mut tx).await, RecordTotal { n: 1, open: 1, amount: i64::MAX });
    let after = Record { amount: Some(i64::MIN), ..records[2].clone() };
    assert!(tx.records().update(&records[2], &after).await.unwrap());
    assert_eq!(total(&mut tx).await, RecordTotal { n: 1, open: 1, amount: i64::MIN });
}

async fn wrong_counters_are_found_and_repaired(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    insert_workspace(&fixture.db, 2).await;
    let (mut rng, mut records) = (Rng::new(4), Vec::new());
    let mut tx = begin(&fixture.db).await;
    for number in 1..80 {
        change(&mut tx, &mut rng, &mut records, number).await;
    }
    tx.commit().await.unwrap();
    let mut tx = fixture.db.write_in(id(2)).await.unwrap().unwrap();
    tx.records().insert(&record(1, "deals", owner(1))).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = fixture.db.read_in(id(1)).await.unwrap().unwrap();
    assert_eq!(tx.records().check_counters().await.unwrap(), []);
    check(&mut tx, &mut rng, &records).await;
    drop(tx);

    let mut found = BTreeSet::new();
    let damage = [
        "UPDATE record_counts SET n = n + 1 WHERE workspace_id = ?1 AND n > 0",
        "UPDATE record_counts SET amount_low = amount_low + 1 WHERE workspace_id = ?1",
        "DELETE FROM record_counts WHERE workspace_id = ?1",
        "UPDATE record_totals SET n = n - 1 WHERE workspace_id = ?1",
        "UPDATE record_totals SET owners = owners + 1 WHERE workspace_id = ?1",
        "DELETE FROM record_totals WHERE workspace_id = ?1",
        "UPDATE record_sums SET open_n = open_n + 1 WHERE workspace_id = ?1 AND grouped_by = 'slot'",
        "UPDATE record_sums SET grouped = 'moved' || grouped WHERE workspace_id = ?1 \
         AND grouped_by = 'stage'",
        "DELETE FROM record_sums WHERE workspace_id = ?1 AND grouped_by = 'month'",
        "DELETE FROM record_sums WHERE workspace_id = ?1",
    ];
    for sql in damage {
        let mut tx = begin(&fixture.db).await;
        assert!(tx.execute(sql, &[]).await.unwrap() > 0, "{sql}");
        tx.commit().await.unwrap();

        let mut tx = begin(&fixture.db).await;
        let wrong = tx.records().check_counters().await.unwrap();
        assert!(!wrong.is_empty(), "{sql}");
        assert!(wrong.iter().all(|one| one.stored != one.counted), "{wrong:?}");
        assert_eq!(tx.records().repair_counters().await.unwrap(), wrong, "{sql}");
        assert_eq!(tx.records().repair_counters().await.unwrap(), []);
        tx.commit().await.unwrap();
        found.extend(wrong.into_iter().map(|one| match one.group {
            CounterGroup::Owner => "owner",
            CounterGroup::Total => "total",
            CounterGroup::Stage(_) => "stage",
            CounterGroup::Month(_) => "month",
            CounterGroup::Slot(_) => "slot",
        }));

        let mut tx = fixture.db.read_in(id(1)).await.unwrap().unwrap();
        check(&mut tx, &mut rng, &records).await;
    }
    assert_eq!(found.len(), 5, "{found:?}");
    let mut tx = fixture.db.read_in(id(2)).await.unwrap().unwrap();
    assert_eq!(tx.records().check_counters().await.unwrap(), []);
}

/// What the migration does to a database that has records.
async fn counters_of_an_existing_database_are_counted(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let (mut rng, mut records) = (Rng::new(5), Vec::new());
    let mut tx = begin(&fixture.db).await;
    for number in 1..200 {
        change(&mut tx, &mut rng, &mut records, number).await;
    }
    tx.commit().await.unwrap();

    let mut tx = fixture.db.write().await.unwrap();
    let undo = [
        "DROP TABLE record_sums",
        "DROP INDEX record_counts_n",
        "ALTER TABLE record_counts DROP COLUMN amount_high",
        "ALTER TABLE record_counts DROP COLUMN amount_low",
        "ALTER TABLE record_totals DROP COLUMN owners",
    ];
    for sql in undo {
        tx.execute(sql, &[]).await.unwrap();
    }
    let migration = include_str!("../../../migrations/0031_record_sum.sql");
    let schema = tx.dialect().schema(migration);
    let lines = schema.lines().filter(|line| !line.trim_start().starts_with("--"));
    let text = lines.collect::<Vec<_>>().join("\n") + "\n";
    for statement in text.split(";\n").filter(|statement| !statement.trim().is_empty()) {
        tx.execute(statement, &[]).await.unwrap();
    }
    tx.commit().await.unwrap();

    let db = fixture.db;
    let mut tx = db.read_in(id(1)).await.unwrap().unwrap();
    assert_eq!(tx.records().check_counters().await.unwrap(), []);
    check(&mut tx, &mut rng, &records).await;
}
