//! Totals from memory equal those of the database, even if another process wrote last.

use std::collections::BTreeMap;

use hallpass_domain::record::{Owner, Record};
use hallpass_store::record::{OwnerChange, Reach};
use hallpass_store::{Db, Options, WorkspaceTx};

use super::{Rng, owner, record};
use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        a_total_is_exact_after_every_change,
        a_rolled_back_change_is_not_counted,
    ],
    persistent: [
        a_total_includes_what_another_process_writes,
    ],
}

const OWNERS: u64 = 12;

async fn begin(db: &Db) -> WorkspaceTx {
    db.write_in(id(1)).await.unwrap().unwrap()
}

/// The number of records of each owner, counted.
async fn counted(tx: &mut WorkspaceTx) -> BTreeMap<uuid::Uuid, i64> {
    let sql = "SELECT owner_id, count(*) FROM records WHERE workspace_id = ?1 \
               AND entity = 'deals' GROUP BY owner_id";
    let rows = tx.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| (row.id(0).unwrap(), row.int(1).unwrap())).collect()
}

/// Compares the totals of some reaches with the records, in one transaction.
async fn check_totals(tx: &mut WorkspaceTx, rng: &mut Rng) {
    let counted = counted(tx).await;
    let some: Vec<Owner> = (0..OWNERS).filter(|_| rng.below(2) == 0).map(owner).collect();
    let one = owner(rng.below(OWNERS));
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

/// Makes a random change.
async fn change(tx: &mut WorkspaceTx, rng: &mut Rng, records: &mut Vec<Record>, next: u128) {
    match rng.below(4) {
        0 if !records.is_empty() => {
            let gone = rng.one_of(records);
            assert!(tx.records().delete(&gone).await.unwrap());
            records.retain(|stored| stored.id != gone.id);
        }
        1 if !records.is_empty() => {
            let before = rng.one_of(records);
            let after = Record { owner: owner(rng.below(OWNERS)), ..before.clone() };
            assert!(tx.records().update(&before, &after).await.unwrap());
            records.retain(|stored| stored.id != before.id);
            records.push(Record { version: before.version + 1, ..after });
        }
        2 => {
            let (from, to) = (owner(rng.below(OWNERS)), owner(rng.below(OWNERS)));
            let entities = vec![("deals".to_owned(), Reach::All)];
            let at = record(1, "deals", from).created_at;
            let moved = OwnerChange { from, to, entities, records: None, at };
            tx.records().reassign(&moved).await.unwrap();
            for stored in records.iter_mut().filter(|stored| stored.owner == from && from != to)
            {
                stored.owner = to;
                stored.version += 1;
            }
        }
        _ => {
            let made = record(next, "deals", owner(rng.below(OWNERS)));
            tx.records().insert(&made).await.unwrap();
            records.push(made);
        }
    }
}

async fn a_total_is_exact_after_every_change(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let (mut rng, mut records) = (Rng::new(1), Vec::new());
    for step in 0..120 {
        let mut tx = begin(&fixture.db).await;
        for at in 0..=rng.below(3) {
            change(&mut tx, &mut rng, &mut records, u128::from(step * 4 + at + 1)).await;
        }
        check_totals(&mut tx, &mut rng).await;
        tx.commit().await.unwrap();
        let mut tx = fixture.db.read_in(id(1)).await.unwrap().unwrap();
        check_totals(&mut tx, &mut rng).await;
    }
}

async fn a_rolled_back_change_is_not_counted(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let (mut rng, mut records) = (Rng::new(2), Vec::new());
    for step in 0..120_u64 {
        let mut tx = begin(&fixture.db).await;
        let mut changed = records.clone();
        change(&mut tx, &mut rng, &mut changed, u128::from(step + 1)).await;
        check_totals(&mut tx, &mut rng).await;
        if rng.below(2) == 0 {
            tx.commit().await.unwrap();
            records = changed;
        } else {
            drop(tx);
        }
        let mut tx = fixture.db.read_in(id(1)).await.unwrap().unwrap();
        check_totals(&mut tx, &mut rng).await;
    }
}

async fn a_total_includes_what_another_process_writes(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let location = fixture.database.location();
    let other =
        Db::open(&location, &Options { connections: 2, ..Options::default() }).await.unwrap();
    let (mut rng, mut records) = (Rng::new(3), Vec::new());
    for step in 0..120_u64 {
        let writer = if rng.below(2) == 0 { &fixture.db } else { &other };
        let mut tx = begin(writer).await;
        change(&mut tx, &mut rng, &mut records, u128::from(step + 1)).await;
        if rng.below(5) == 0 {
            check_totals(&mut tx, &mut rng).await;
        }
        tx.commit().await.unwrap();
        for reader in [&fixture.db, &other] {
            for _ in 0..=rng.below(2) {
                let mut tx = reader.read_in(id(1)).await.unwrap().unwrap();
                check_totals(&mut tx, &mut rng).await;
            }
        }
    }
}
