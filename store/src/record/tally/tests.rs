//! Tallies as they are kept, followed and met with owners.

use super::*;

const WORKSPACE: Uuid = Uuid::from_u128(1);

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn tally(owners: &[(u128, i64)]) -> Arc<Owners> {
    Arc::new(owners.iter().map(|(owner, n)| (id(*owner), *n)).collect())
}

fn turns(version: i64, moved: &[(u128, i64)]) -> Turns {
    let mut turns = Turns::default();
    let moved = moved.iter().map(|(owner, n)| (id(*owner), *n));
    turns.note(WORKSPACE, "deals", version, moved);
    turns
}

fn found(tallies: &Tallies, version: i64) -> Option<Owners> {
    match tallies.find(WORKSPACE, "deals", version) {
        Known::Tally(owners) => Some(Owners::clone(&owners)),
        Known::Wanted | Known::Unwanted => None,
    }
}

#[test]
fn a_tally_is_of_one_version() {
    let tallies = Tallies::default();
    tallies.keep(WORKSPACE, "deals", 3, &tally(&[(1, 2)]));

    assert_eq!(found(&tallies, 3), Some(tally(&[(1, 2)]).to_vec()));
    assert_eq!(found(&tallies, 2), None);
    assert_eq!(found(&tallies, 4), None);
}

#[test]
fn a_tally_follows_what_was_committed_after_it() {
    let tallies = Tallies::default();
    tallies.keep(WORKSPACE, "deals", 3, &tally(&[(1, 2), (5, 1)]));

    tallies.follow(turns(4, &[(1, -2), (3, 4), (5, 1), (7, 0)]));

    assert_eq!(found(&tallies, 4), Some(tally(&[(3, 4), (5, 2)]).to_vec()));
}

#[test]
fn a_tally_that_missed_something_follows_no_more() {
    let tallies = Tallies::default();
    tallies.keep(WORKSPACE, "deals", 3, &tally(&[(1, 2)]));

    tallies.follow(turns(5, &[(1, 1)]));

    assert_eq!(found(&tallies, 5), None);
    assert_eq!(found(&tallies, 3), Some(tally(&[(1, 2)]).to_vec()));
}

#[test]
fn one_that_others_write_past_is_left_alone_for_a_while() {
    let tallies = Tallies::default();
    tallies.keep(WORKSPACE, "deals", 3, &tally(&[(1, 2)]));
    let wanted = || matches!(tallies.find(WORKSPACE, "deals", 4), Known::Wanted);

    let asked: Vec<bool> = (0..=PATIENCE).map(|_| wanted()).collect();

    assert_eq!(asked.iter().filter(|wanted| **wanted).count(), 1);
    assert_eq!(asked.last(), Some(&true));
}

#[test]
fn one_that_was_of_use_is_read_again_at_once() {
    let tallies = Tallies::default();
    tallies.keep(WORKSPACE, "deals", 3, &tally(&[(1, 2)]));
    assert!(found(&tallies, 3).is_some());

    assert!(matches!(tallies.find(WORKSPACE, "deals", 4), Known::Wanted));
}

#[test]
fn too_many_owners_are_not_kept_and_not_asked_for_again() {
    let tallies = Tallies::default();
    let many = (0..=MOST_OWNERS as u128).map(|owner| (id(owner), 1)).collect();
    tallies.keep(WORKSPACE, "deals", 3, &Arc::new(many));

    assert!(matches!(tallies.find(WORKSPACE, "deals", 3), Known::Unwanted));
    assert!(matches!(tallies.find(WORKSPACE, "deals", 4), Known::Unwanted));
}

#[test]
fn what_grows_too_large_is_kept_no_more() {
    let tallies = Tallies::default();
    tallies.keep(WORKSPACE, "deals", 3, &tally(&[]));
    let many: Vec<(u128, i64)> = (0..=MOST_OWNERS as u128).map(|owner| (owner, 1)).collect();

    tallies.follow(turns(4, &many));

    assert!(matches!(tallies.find(WORKSPACE, "deals", 4), Known::Unwanted));
}

#[test]
fn what_is_kept_of_all_types_has_an_end() {
    let tallies = Tallies::default();
    let many: Owners = (0..MOST_OWNERS as u128).map(|owner| (id(owner), 1)).collect();
    let many = Arc::new(many);

    for number in 0..20 {
        tallies.keep(WORKSPACE, &format!("type {number}"), 1, &many);
    }

    assert!(tallies.lock().len() * MOST_OWNERS <= MOST);
    assert!(matches!(tallies.find(WORKSPACE, "type 19", 1), Known::Tally(_)));
}

#[test]
fn owners_are_met_wherever_they_stand() {
    for present in 0_u32..256 {
        for asked in 0_u32..256 {
            let of = |mask: u32| (0..8_u128).filter(move |owner| mask >> owner & 1 == 1);
            let owners: Vec<Uuid> = of(asked).map(id).collect();
            let has: Vec<(u128, i64)> = of(present).map(|owner| (owner, 1 << owner)).collect();

            let (met, n) = meet(&tally(&has), &owners);

            assert_eq!(met, of(present & asked).map(id).collect::<Vec<_>>());
            assert_eq!(n, i64::from(present & asked));
        }
    }
}
