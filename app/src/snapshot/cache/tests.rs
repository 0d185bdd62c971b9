//! What the cache keeps, and in which turns it is filled.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

#[test]
fn what_was_not_used_for_longest_makes_room() {
    let cache = SizedCache::new(1_000);
    for number in 0..10 {
        cache.insert(number, 100, number);
    }
    for _ in 0..3 {
        assert_eq!(cache.get(&0), Some(0));
    }

    for number in 10..15 {
        cache.insert(number, 100, number);
    }

    assert!(cache.bytes() <= 1_000, "{} bytes", cache.bytes());
    assert_eq!(cache.get(&0), Some(0));
    assert_eq!((0..15).filter(|number| cache.get(number).is_some()).count(), 10);
}

#[test]
fn what_is_larger_than_the_cache_is_not_kept() {
    let cache = SizedCache::new(1_000);
    cache.insert("small", 10, ());

    cache.insert("large", 1_001, ());
    cache.insert("half", 900, ());

    assert_eq!(cache.get(&"large"), None);
    assert_eq!(cache.get(&"half"), Some(()));
    assert!(cache.bytes() <= 1_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_at_a_time_has_the_turn_of_a_key_and_others_do_not_wait() {
    let turns = Arc::new(Turns::default());
    let inside = Arc::new(AtomicUsize::new(0));
    let other = turns.wait("other").await;

    let all = (0..50).map(|_| {
        let (turns, inside) = (Arc::clone(&turns), Arc::clone(&inside));
        tokio::spawn(async move {
            let _turn = turns.wait("one").await;
            assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
            tokio::task::yield_now().await;
            inside.fetch_sub(1, Ordering::SeqCst);
        })
    });
    for one in all.collect::<Vec<_>>() {
        one.await.unwrap();
    }

    drop(other);
    drop(turns.wait("third").await);
    assert!(turns.0.lock().unwrap().len() <= 1, "turns that are over are forgotten");
}
