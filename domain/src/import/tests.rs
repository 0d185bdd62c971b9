//! New ids keep their order and their differences, and nothing else moves.

use serde_json::json;

use super::*;

/// An id as a server makes it.
fn made(millis: u64, random: u128) -> Uuid {
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&random.to_be_bytes()[6..]);
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

/// Numbers that look random, the same in each run.
fn numbers(n: usize) -> impl Iterator<Item = u128> {
    let step = |last: &u128| {
        Some(
            last.wrapping_mul(0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645)
                .wrapping_add(0x9E37_79B9_7F4A_7C15),
        )
    };
    std::iter::successors(Some(1_u128), step).skip(8).take(n)
}

#[test]
fn new_ids_differ_and_keep_the_order_of_a_burst() {
    let seeds: Vec<u128> = numbers(4_000).collect();
    for seed in seeds.chunks_exact(4) {
        let [millis, random, seed, n] = seed else { panic!("four numbers") };
        let map = IdMap::fresh(u64::try_from(seed >> 64).unwrap());
        // Near the end of the low bits, so that many go over it.
        let first =
            made(u64::try_from(millis >> 81).unwrap(), (random >> 3) | (LOW - (n >> 88)));
        let later =
            Uuid::from_u128((first.as_u128() & !LOW) | ((first.as_u128() + (n >> 110)) & LOW));

        let (one, other) = (map.id(first), map.id(later));

        assert_eq!(first.cmp(&later), one.cmp(&other), "{first} and {later}");
        assert_ne!(one, first);
        assert_eq!(one.get_version_num(), 7);
        assert_eq!(one.get_variant(), uuid::Variant::RFC4122);
        assert_eq!(one.as_u128() >> 80, first.as_u128() >> 80);
    }
}

#[test]
fn the_distance_leaves_room_for_a_burst() {
    for random in [0, 1, u64::MAX] {
        let IdMap::Moved(distance) = IdMap::fresh(random) else { panic!("new ids") };
        assert!((1 << 32..1 << 41).contains(&distance), "{distance}");
    }
}

#[test]
fn ids_that_differ_stay_different_also_at_the_end_of_the_range() {
    for random in [0, 1, u64::MAX] {
        let map = IdMap::fresh(random);
        let last = made(1_700_000_000_000, u128::MAX);
        let ids = (0..2_000).map(|n| Uuid::from_u128(last.as_u128() - n));
        let moved: std::collections::BTreeSet<Uuid> = ids.map(|id| map.id(id)).collect();
        assert_eq!(moved.len(), 2_000);
        assert!(moved.iter().all(|id| id.get_variant() == uuid::Variant::RFC4122));
    }
}

#[test]
fn ids_in_values_move_wherever_they_are() {
    let map = IdMap::Moved(1 << 32);
    let id = "mbr_01980000000070008000000000000001";
    let moved = "mbr_01980000000070008000000100000001";

    let value = map.value(&json!({
        "owner": id, "teams": [id, "tea"], "by_role": {id: 3}, "n": 7, "none": null,
        "account": "acc_01980000000070008000000000000001", "text": format!("to {id}"),
    }));

    assert_eq!(
        value,
        json!({
            "owner": moved, "teams": [moved, "tea"], "by_role": {moved: 3}, "n": 7, "none": null,
            "account": "acc_01980000000070008000000000000001", "text": format!("to {id}"),
        })
    );
}

#[test]
fn kept_ids_stay() {
    let id = made(1_700_000_000_000, 77);
    assert_eq!(IdMap::Kept.id(id), id);
    let text = format!("rec_{}", id.as_simple());
    assert_eq!(IdMap::Kept.text(&text), text);
    assert_eq!(IdMap::Kept.value(&json!([text])), json!([text]));
}

#[test]
fn an_id_that_would_take_others_with_it_is_refused() {
    let now = Timestamp::from_micros(1_700_000_000_000_000);
    assert_eq!(check_id(made(1_700_000_000_000, 1), now), Ok(()));
    assert_eq!(check_id(made(1_700_000_060_000, 1), now), Ok(()));
    let future = Err("was made in the future");
    assert_eq!(check_id(made(1_700_000_060_001, 1), now), future);
    assert_eq!(check_id(made((1 << 48) - 1, u128::MAX), now), future);
    let foreign = Err("is no id of this kind of server");
    for id in [Uuid::nil(), Uuid::max(), Uuid::from_u128(7)] {
        assert_eq!(check_id(id, now), foreign, "{id}");
    }
}

#[test]
fn a_nul_is_found_at_any_depth() {
    for with in [json!("a\0"), json!([1, ["\0"]]), json!({"a": {"b\0": 1}})] {
        assert!(has_nul(&with), "{with}");
    }
    assert!(!has_nul(&json!({"a": ["\\u0000", 1, null]})));
}
