//! Totals that come from memory are those of the database, whoever wrote last.

use std::collections::BTreeMap;

use hallpass_domain::record::{Owner, Record};
use hallpass_store::record::{OwnerChange, Reach};
use hallpass_store::{Db, Options, WorkspaceTx};

use super::{Dice, owner, record};
use crate::fixture::{Fixture, found, id};

contract! {
    every: [
        a_total_follows_every_change,
        what_was_undone_counts_for_nobody,
    ],
    kept: [
        a_total_follows_what_another_process_writes,
    ],
}

const OWNERS: u64 = 12;

async fn begin(db: &Db) -> WorkspaceTx {
    db.write_in(id(1)).await.unwrap().unwrap()
}

/// What the records themselves say, by owner.
async fn counted(tx: &mut WorkspaceTx) -> BTreeMap<uuid::Uuid, i64> {
    let sql = "SELECT owner_id, count(*) FROM records WHERE workspace_id = ?1 \
               AND entity = 'deals' GROUP BY owner_id";
    let rows = tx.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| (row.id(0).unwrap(), row.int(1).unwrap())).collect()
}

/// Holds the totals of some reaches against the records, in one transaction.
async fn hold(tx: &mut WorkspaceTx, dice: &mut Dice) {
    let counted = counted(tx).await;
    let some: Vec<Owner> = (0..OWNERS).filter(|_| dice.below(2) == 0).map(owner).collect();
    let one = owner(dice.below(OWNERS));
    for reach in [Reach::All, Reach::owners([one]), Reach::owners(some)] {
        let expected: i64 = match &reach {
            Reach::All => counted.values().sum(),
            Reach::Nothing => 0,
            Reach::Owners(owners) => owners.iter().filter_map(|one| counted.get(one)).sum(),
        };
        let total = tx.records().total("deals", &reach).await.unwrap();
        assert_eq!(total, expected, "{reach:?}");
    }
}

/// Does something to the records in a transaction that is committed, or not.
async fn change(tx: &mut WorkspaceTx, dice: &mut Dice, records: &mut Vec<Record>, next: u128) {
    match dice.below(4) {
        0 if !records.is_empty() => {
            let gone = dice.one_of(records);
            assert!(tx.records().delete(&gone).await.unwrap());
            records.retain(|kept| kept.id != gone.id);
        }
        1 if !records.is_empty() => {
            let before = dice.one_of(records);
            let after = Record { owner: owner(dice.below(OWNERS)), ..before.clone() };
            assert!(tx.records().update(&before, &after).await.unwrap());
            records.retain(|kept| kept.id != before.id);
            records.push(Record { version: before.version + 1, ..after });
        }
        2 => {
            let (from, to) = (owner(dice.below(OWNERS)), owner(dice.below(OWNERS)));
            let entities = vec![("deals".to_owned(), Reach::All)];
            let at = record(1, "deals", from).created_at;
            let moved = OwnerChange { from, to, entities, records: None, at };
            tx.records().reassign(&moved).await.unwrap();
            for kept in records.iter_mut().filter(|kept| kept.owner == from && from != to) {
                kept.owner = to;
                kept.version += 1;
            }
        }
        _ => {
            let made = record(next, "deals", owner(dice.below(OWNERS)));
            tx.records().insert(&made).await.unwrap();
            records.push(made);
        }
    }
}

async fn a_total_follows_every_change(house: Fixture) {
    found(&house.db, 1).await;
    let (mut dice, mut records) = (Dice::new(1), Vec::new());
    for step in 0..120 {
        let mut tx = begin(&house.db).await;
        for at in 0..=dice.below(3) {
            change(&mut tx, &mut dice, &mut records, u128::from(step * 4 + at + 1)).await;
        }
        hold(&mut tx, &mut dice).await;
        tx.commit().await.unwrap();
        let mut tx = house.db.read_in(id(1)).await.unwrap().unwrap();
        hold(&mut tx, &mut dice).await;
    }
}

async fn what_was_undone_counts_for_nobody(house: Fixture) {
    found(&house.db, 1).await;
    let (mut dice, mut records) = (Dice::new(2), Vec::new());
    for step in 0..120_u64 {
        let mut tx = begin(&house.db).await;
        let mut changed = records.clone();
        change(&mut tx, &mut dice, &mut changed, u128::from(step + 1)).await;
        hold(&mut tx, &mut dice).await;
        if dice.below(2) == 0 {
            tx.commit().await.unwrap();
            records = changed;
        } else {
            drop(tx);
        }
        let mut tx = house.db.read_in(id(1)).await.unwrap().unwrap();
        hold(&mut tx, &mut dice).await;
    }
}

async fn a_total_follows_what_another_process_writes(house: Fixture) {
    found(&house.db, 1).await;
    let location = house.database.location();
    let other = Db::open(&location, &Options { connections: 2 }).await.unwrap();
    let (mut dice, mut records) = (Dice::new(3), Vec::new());
    for step in 0..120_u64 {
        let writer = if dice.below(2) == 0 { &house.db } else { &other };
        let mut tx = begin(writer).await;
        change(&mut tx, &mut dice, &mut records, u128::from(step + 1)).await;
        if dice.below(5) == 0 {
            hold(&mut tx, &mut dice).await;
        }
        tx.commit().await.unwrap();
        for reader in [&house.db, &other] {
            for _ in 0..=dice.below(2) {
                let mut tx = reader.read_in(id(1)).await.unwrap().unwrap();
                hold(&mut tx, &mut dice).await;
            }
        }
    }
}
