//! Who gets a place, who waits for one, and who is refused.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::{Place, Throttle};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::load::{Load, Meter};
use crate::options::HeavyReads;
use crate::statement::{Call, Statements};
use crate::value::Value;

const SOON: Duration = Duration::from_millis(30);

fn throttle(places: usize, waiting: usize, wait: Duration) -> (Arc<Throttle>, Arc<Meter>) {
    let meter = Arc::<Meter>::default();
    let limits = HeavyReads { places, waiting, wait, ..HeavyReads::default() };
    (Throttle::new(limits, Arc::clone(&meter)), meter)
}

const fn workspace(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Asks for a place for a statement of a workspace.
async fn enter(throttle: &Arc<Throttle>, number: u128) -> Result<Place, Error> {
    let statement = Statements::new(Dialect::Sqlite).find("SELECT n FROM sums");
    let workspace = Value::Id(workspace(number));
    Throttle::enter(
        throttle,
        &Call { statement: &statement, workspace: Some(&workspace), values: &[] },
    )
    .await
}

/// Whether a statement of a workspace is refused before it begins.
fn is_refused(throttle: &Arc<Throttle>, sql: &str, number: u128) -> bool {
    let statement = Statements::new(Dialect::Sqlite).find(sql);
    let workspace = Value::Id(workspace(number));
    let call = Call { statement: &statement, workspace: Some(&workspace), values: &[] };
    matches!(throttle.check(&call), Err(Error::Busy { .. }))
}

fn is_busy(outcome: &Result<Place, Error>) -> bool {
    matches!(outcome, Err(Error::Busy { .. }))
}

#[tokio::test]
async fn a_workspace_gets_half_of_the_places_and_another_one_the_rest() {
    let (throttle, _) = throttle(4, 8, SOON);

    let first = enter(&throttle, 1).await.unwrap();
    let _second = enter(&throttle, 1).await.unwrap();
    let third = enter(&throttle, 1).await;
    let other = enter(&throttle, 2).await;

    assert!(is_busy(&third));
    assert!(other.is_ok());
    drop(first);
    assert!(enter(&throttle, 1).await.is_ok());
}

#[tokio::test]
async fn the_queue_of_a_workspace_is_bounded_and_leaves_room_for_another() {
    let (throttle, _) = throttle(2, 4, Duration::from_mins(1));
    let _running = enter(&throttle, 1).await.unwrap();
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let throttle = Arc::clone(&throttle);
            tokio::spawn(async move { enter(&throttle, 1).await })
        })
        .collect();
    while throttle.load().heavy_waiting < 2 {
        tokio::task::yield_now().await;
    }

    // At once, although one may wait for a minute.
    let beyond = tokio::time::timeout(SOON, enter(&throttle, 1)).await.unwrap();
    let other = tokio::time::timeout(SOON, enter(&throttle, 2)).await.unwrap();

    assert!(is_busy(&beyond));
    assert!(other.is_ok());
    for one in waiting {
        one.abort();
        let _ = one.await;
    }
    assert_eq!(throttle.load().heavy_waiting, 0);
}

#[tokio::test]
async fn who_waits_gets_the_place_that_becomes_free() {
    let (throttle, _) = throttle(1, 2, Duration::from_mins(1));
    let running = enter(&throttle, 1).await.unwrap();
    let waiting = tokio::spawn({
        let throttle = Arc::clone(&throttle);
        async move { enter(&throttle, 2).await }
    });
    while throttle.load().heavy_waiting < 1 {
        tokio::task::yield_now().await;
    }

    drop(running);

    assert!(waiting.await.unwrap().is_ok());
}

#[tokio::test]
async fn refusals_are_counted_for_each_workspace_and_nothing_is_left_of_guests() {
    let (throttle, meter) = throttle(1, 0, SOON);
    let running = enter(&throttle, 1).await.unwrap();
    for _ in 0..3 {
        assert!(is_busy(&enter(&throttle, 2).await));
    }
    drop(running);

    let load = throttle.load();

    let throttled = vec![(workspace(2), 3)];
    assert_eq!(load, Load { heavy_total: 1, refused_total: 3, throttled, ..Load::default() });
    assert!(throttle.guests.lock().unwrap().by_workspace.is_empty());
    assert_eq!(meter.load().refused_total, 3);
}

#[tokio::test]
async fn a_statement_that_reads_much_is_refused_at_once_while_its_workspace_has_no_place() {
    let (throttle, _) = throttle(2, 0, SOON);
    let known = "SELECT n FROM sums";
    assert!(!is_refused(&throttle, known, 1));
    let running = enter(&throttle, 1).await.unwrap();

    assert!(is_refused(&throttle, known, 1));
    assert!(!is_refused(&throttle, "SELECT n FROM names", 1), "it reads little");
    assert!(!is_refused(&throttle, known, 2), "it may read little in another workspace");
    drop(running);
    assert!(!is_refused(&throttle, known, 1));
}
