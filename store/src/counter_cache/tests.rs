//! Counters that are stored, follow commits and are intersected with owners.

use super::*;

const WORKSPACE: Uuid = Uuid::from_u128(1);

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn counters(counters: &[(u128, i64)]) -> Arc<Counters> {
    Arc::new(counters.iter().map(|(owner, n)| (id(*owner), *n)).collect())
}

fn deltas(version: i64, changes: &[(u128, i64)]) -> CounterDeltas {
    let mut deltas = CounterDeltas::default();
    let changes = changes.iter().map(|(owner, n)| (id(*owner), *n));
    deltas.insert(WORKSPACE, "deals", version, changes, Vec::new());
    deltas
}

fn found(cache: &CounterCache, version: i64) -> Option<Counters> {
    match cache.find(WORKSPACE, "deals", version) {
        CacheLookup::Hit(counters) => Some(Counters::clone(&counters)),
        CacheLookup::Behind(..) | CacheLookup::Load | CacheLookup::Skip => None,
    }
}

#[test]
fn only_the_stored_version_is_found() {
    let cache = CounterCache::default();
    cache.insert(WORKSPACE, "deals", 3, &counters(&[(1, 2)]));

    assert_eq!(found(&cache, 3), Some(counters(&[(1, 2)]).to_vec()));
    assert_eq!(found(&cache, 2), None);
    assert_eq!(found(&cache, 4), None);
}

#[test]
fn a_commit_makes_the_next_version() {
    let cache = CounterCache::default();
    cache.insert(WORKSPACE, "deals", 3, &counters(&[(1, 2), (5, 1)]));

    cache.apply(deltas(4, &[(1, -2), (3, 4), (5, 1), (7, 0)]));

    assert_eq!(found(&cache, 4), Some(counters(&[(3, 4), (5, 2)]).to_vec()));
}

#[test]
fn an_entry_that_missed_a_version_is_not_changed() {
    let cache = CounterCache::default();
    cache.insert(WORKSPACE, "deals", 3, &counters(&[(1, 2)]));

    cache.apply(deltas(5, &[(1, 1)]));

    assert_eq!(found(&cache, 5), None);
    assert_eq!(found(&cache, 3), Some(counters(&[(1, 2)]).to_vec()));
}

#[test]
fn a_transaction_gets_the_counters_of_an_earlier_version_and_none_of_a_later_one() {
    let cache = CounterCache::default();
    cache.insert(WORKSPACE, "deals", 3, &counters(&[(1, 2)]));

    let CacheLookup::Behind(known, version) = cache.find(WORKSPACE, "deals", 5) else {
        panic!("they are known");
    };
    assert_eq!((version, known), (3, counters(&[(1, 2)])));
    assert!(matches!(cache.find(WORKSPACE, "deals", 2), CacheLookup::Skip));
    assert!(matches!(cache.find(WORKSPACE, "others", 3), CacheLookup::Load));
}

#[test]
fn counters_that_have_changed_take_the_place_of_those_before() {
    let before = [(1, 2), (3, 4), (5, 6)];
    for (changed, expected) in [
        (vec![], vec![(1, 2), (3, 4), (5, 6)]),
        (vec![(5, 7), (1, 1)], vec![(1, 1), (3, 4), (5, 7)]),
        (vec![(3, 0), (9, 0)], vec![(1, 2), (5, 6)]),
        (vec![(0, 1), (2, 1), (7, 1)], vec![(0, 1), (1, 2), (2, 1), (3, 4), (5, 6), (7, 1)]),
        (vec![(1, 0), (3, 0), (5, 0)], vec![]),
    ] {
        let after = with_changed(&counters(&before), counters(&changed).to_vec());
        assert_eq!(after, *counters(&expected));
    }
}

#[test]
fn too_many_owners_are_not_stored_and_not_loaded_again() {
    let cache = CounterCache::default();
    let many = (0..=MAX_OWNERS as u128).map(|owner| (id(owner), 1)).collect();
    cache.insert(WORKSPACE, "deals", 3, &Arc::new(many));

    assert!(matches!(cache.find(WORKSPACE, "deals", 3), CacheLookup::Skip));
    assert!(matches!(cache.find(WORKSPACE, "deals", 4), CacheLookup::Skip));
}

#[test]
fn an_entry_that_grows_too_large_is_dropped() {
    let cache = CounterCache::default();
    cache.insert(WORKSPACE, "deals", 3, &counters(&[]));
    let many: Vec<(u128, i64)> = (0..=MAX_OWNERS as u128).map(|owner| (owner, 1)).collect();

    cache.apply(deltas(4, &many));

    assert!(matches!(cache.find(WORKSPACE, "deals", 4), CacheLookup::Skip));
}

#[test]
fn all_entries_together_are_bounded() {
    let cache = CounterCache::default();
    let many: Counters = (0..MAX_OWNERS as u128).map(|owner| (id(owner), 1)).collect();
    let many = Arc::new(many);

    for number in 0..20 {
        cache.insert(WORKSPACE, &format!("type {number}"), 1, &many);
    }

    assert!(cache.lock().len() * MAX_OWNERS <= MAX_TOTAL_OWNERS);
    assert!(matches!(cache.find(WORKSPACE, "type 19", 1), CacheLookup::Hit(_)));
}

#[test]
fn every_set_of_owners_is_intersected() {
    for present in 0_u32..256 {
        for given in 0_u32..256 {
            let of = |mask: u32| (0..8_u128).filter(move |owner| mask >> owner & 1 == 1);
            let owners: Vec<Uuid> = of(given).map(id).collect();
            let has: Vec<(u128, i64)> = of(present).map(|owner| (owner, 1 << owner)).collect();

            let (both, n) = intersect(&counters(&has), &owners);

            assert_eq!(both, of(present & given).map(id).collect::<Vec<_>>());
            assert_eq!(n, i64::from(present & given));
        }
    }
}
