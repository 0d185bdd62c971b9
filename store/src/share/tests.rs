//! Who gets a place of a key, who waits, and who is refused.

use super::*;

const SOON: Duration = Duration::from_millis(30);

fn shares(most: usize, waiting: usize, wait: Duration) -> Arc<Shares<u8>> {
    Shares::new(ShareLimits { most, waiting, wait })
}

#[tokio::test]
async fn a_key_has_so_many_places_and_another_has_its_own() {
    let shares = shares(2, 1, SOON);
    let first = Shares::enter(&shares, 1).await.ok();
    let _second = Shares::try_enter(&shares, 1).unwrap();

    assert!(Shares::enter(&shares, 1).await.is_err(), "none becomes free in time");
    assert!(Shares::try_enter(&shares, 1).is_none());
    assert!(Shares::enter(&shares, 2).await.is_ok());
    drop(first);
    assert!(Shares::enter(&shares, 1).await.is_ok());
}

#[tokio::test]
async fn beyond_the_queue_of_a_key_one_is_refused_at_once() {
    let shares = shares(1, 1, Duration::from_mins(1));
    let running = Shares::enter(&shares, 1).await.ok();
    let waiting = tokio::spawn({
        let shares = Arc::clone(&shares);
        async move { Shares::enter(&shares, 1).await.is_ok() }
    });
    while shares.lock().get(&1).unwrap().present < 2 {
        tokio::task::yield_now().await;
    }

    let beyond = tokio::time::timeout(SOON, Shares::enter(&shares, 1)).await.unwrap();

    assert_eq!(beyond.err(), Some(Full { retry_after: Duration::from_mins(1) }));
    drop(running);
    assert!(waiting.await.unwrap());
}

#[tokio::test]
async fn nothing_is_left_of_those_that_gave_up() {
    let shares = shares(1, 8, Duration::from_mins(1));
    let running = Shares::enter(&shares, 1).await.ok();
    for _ in 0..8 {
        let waiting = Shares::enter(&shares, 1);
        assert!(tokio::time::timeout(Duration::from_millis(1), waiting).await.is_err());
    }
    assert_eq!(shares.lock().get(&1).unwrap().present, 1);

    drop(running);

    assert!(shares.lock().is_empty());
}
