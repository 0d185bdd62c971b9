//! `CounterCache` as they are kept, followed and met with owners.

use super::*;

const WORKSPACE: Uuid = Uuid::from_u128(1);

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn owners(owners: &[(u128, i64)]) -> Arc<Owners> {
    Arc::new(owners.iter().map(|(owner, n)| (id(*owner), *n)).collect())
}

fn deltas(version: i64, moved: &[(u128, i64)]) -> CounterDeltas {
    let mut deltas = CounterDeltas::default();
    let moved = moved.iter().map(|(owner, n)| (id(*owner), *n));
    deltas.note(WORKSPACE, "deals", version, moved);
    deltas
}

fn found(counter_cache: &CounterCache, version: i64) -> Option<Owners> {
    match counter_cache.find(WORKSPACE, "deals", version) {
        Known::Tally(owners) => Some(Owners::clone(&owners)),
        Known::Wanted | Known::Unwanted => None,
    }
}

#[test]
fn a_tally_is_of_one_version() {
    let counter_cache = CounterCache::default();
    counter_cache.keep(WORKSPACE, "deals", 3, &owners(&[(1, 2)]));

    assert_eq!(found(&counter_cache, 3), Some(owners(&[(1, 2)]).to_vec()));
    assert_eq!(found(&counter_cache, 2), None);
    assert_eq!(found(&counter_cache, 4), None);
}

#[test]
fn a_tally_follows_what_was_committed_after_it() {
    let counter_cache = CounterCache::default();
    counter_cache.keep(WORKSPACE, "deals", 3, &owners(&[(1, 2), (5, 1)]));

    counter_cache.follow(deltas(4, &[(1, -2), (3, 4), (5, 1), (7, 0)]));

    assert_eq!(found(&counter_cache, 4), Some(owners(&[(3, 4), (5, 2)]).to_vec()));
}

#[test]
fn a_tally_that_missed_something_follows_no_more() {
    let counter_cache = CounterCache::default();
    counter_cache.keep(WORKSPACE, "deals", 3, &owners(&[(1, 2)]));

    counter_cache.follow(deltas(5, &[(1, 1)]));

    assert_eq!(found(&counter_cache, 5), None);
    assert_eq!(found(&counter_cache, 3), Some(owners(&[(1, 2)]).to_vec()));
}

#[test]
fn one_that_others_write_past_is_left_alone_for_a_while() {
    let counter_cache = CounterCache::default();
    counter_cache.keep(WORKSPACE, "deals", 3, &owners(&[(1, 2)]));
    let wanted = || matches!(counter_cache.find(WORKSPACE, "deals", 4), Known::Wanted);

    let asked: Vec<bool> = (0..=PATIENCE).map(|_| wanted()).collect();

    assert_eq!(asked.iter().filter(|wanted| **wanted).count(), 1);
    assert_eq!(asked.last(), Some(&true));
}

#[test]
fn one_that_was_of_use_is_read_again_at_once() {
    let counter_cache = CounterCache::default();
    counter_cache.keep(WORKSPACE, "deals", 3, &owners(&[(1, 2)]));
    assert!(found(&counter_cache, 3).is_some());

    assert!(matches!(counter_cache.find(WORKSPACE, "deals", 4), Known::Wanted));
}

#[test]
fn too_many_owners_are_not_kept_and_not_asked_for_again() {
    let counter_cache = CounterCache::default();
    let many = (0..=MOST_OWNERS as u128).map(|owner| (id(owner), 1)).collect();
    counter_cache.keep(WORKSPACE, "deals", 3, &Arc::new(many));

    assert!(matches!(counter_cache.find(WORKSPACE, "deals", 3), Known::Unwanted));
    assert!(matches!(counter_cache.find(WORKSPACE, "deals", 4), Known::Unwanted));
}

#[test]
fn what_grows_too_large_is_kept_no_more() {
    let counter_cache = CounterCache::default();
    counter_cache.keep(WORKSPACE, "deals", 3, &owners(&[]));
    let many: Vec<(u128, i64)> = (0..=MOST_OWNERS as u128).map(|owner| (owner, 1)).collect();

    counter_cache.follow(deltas(4, &many));

    assert!(matches!(counter_cache.find(WORKSPACE, "deals", 4), Known::Unwanted));
}

#[test]
fn what_is_kept_of_all_types_has_an_end() {
    let counter_cache = CounterCache::default();
    let many: Owners = (0..MOST_OWNERS as u128).map(|owner| (id(owner), 1)).collect();
    let many = Arc::new(many);

    for number in 0..20 {
        counter_cache.keep(WORKSPACE, &format!("type {number}"), 1, &many);
    }

    assert!(counter_cache.lock().len() * MOST_OWNERS <= MOST);
    assert!(matches!(counter_cache.find(WORKSPACE, "type 19", 1), Known::Tally(_)));
}

#[test]
fn owners_are_met_wherever_they_stand() {
    for present in 0_u32..256 {
        for asked in 0_u32..256 {
            let of = |mask: u32| (0..8_u128).filter(move |owner| mask >> owner & 1 == 1);
            let owners: Vec<Uuid> = of(asked).map(id).collect();
            let has: Vec<(u128, i64)> = of(present).map(|owner| (owner, 1 << owner)).collect();

            let (met, n) = meet(&self::owners(&has), &owners);

            assert_eq!(met, of(present & asked).map(id).collect::<Vec<_>>());
            assert_eq!(n, i64::from(present & asked));
        }
    }
}
