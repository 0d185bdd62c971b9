//! How much is held of answers that are not read, and whose is taken away.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};

use super::body::HeldBody;
use super::{Bounds, Place, Unread};

const LONG: Duration = Duration::from_secs(5);

fn unread() -> Arc<Unread> {
    let patience = Duration::from_secs(1);
    Arc::new(Unread::new(Bounds { all: 1_000, of_address: 400, patience }))
}

fn hold(unread: &Arc<Unread>, address: &str, bytes: usize) -> Option<Place> {
    Unread::hold(unread, address, Bytes::from(vec![b'x'; bytes]))
}

fn held(unread: &Unread) -> (usize, usize, usize) {
    let held = unread.lock();
    (held.bytes, held.answers.len(), held.of_address.len())
}

#[tokio::test]
async fn an_answer_is_complete_and_then_takes_nothing() {
    let unread = Arc::new(Unread::default());
    let data: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let place = Unread::hold(&unread, "a", Bytes::from(data.clone())).unwrap();
    assert_eq!(held(&unread), (data.len(), 1, 1));
    let read = axum::body::to_bytes(Body::new(HeldBody(place)), usize::MAX).await.unwrap();
    assert_eq!(read, data);
    assert_eq!(held(&unread), (0, 0, 0));
}

#[tokio::test]
async fn an_address_has_a_share() {
    let unread = unread();
    let first = hold(&unread, "a", 300);
    assert!(first.is_some() && hold(&unread, "a", 200).is_none());
    assert!(hold(&unread, "b", 200).is_some());
    drop(first);
    assert!(hold(&unread, "a", 200).is_some());
    // One that is larger than the share, alone.
    assert!(hold(&unread, "c", 5_000).is_some());
}

#[tokio::test]
async fn the_answer_to_a_change_is_held_in_any_case() {
    let unread = unread();
    let first = hold(&unread, "a", 300);
    let change = Unread::hold_always(&unread, "a", Bytes::from(vec![b'x'; 300]));
    assert!(first.is_some() && change.left() == Some(300));
    assert_eq!(held(&unread), (600, 2, 1));
    assert!(hold(&unread, "a", 1).is_none());
}

#[tokio::test(start_paused = true)]
async fn who_has_most_loses_the_oldest_for_another() {
    let unread = unread();
    let oldest = hold(&unread, "a", 200).unwrap();
    tokio::time::advance(LONG).await;
    let later = hold(&unread, "a", 200).unwrap();
    let other = hold(&unread, "b", 300).unwrap();
    let third = hold(&unread, "c", 250).unwrap();
    tokio::time::advance(LONG).await;

    let newcomer = hold(&unread, "d", 100).unwrap();

    assert_eq!(oldest.left(), None);
    let broken = axum::body::to_bytes(Body::new(HeldBody(oldest)), usize::MAX).await;
    assert!(broken.is_err());
    for (place, left) in [(&later, 200), (&other, 300), (&third, 250), (&newcomer, 100)] {
        assert_eq!(place.left(), Some(left));
    }
    assert_eq!(held(&unread), (850, 4, 4));
    drop((later, other, third, newcomer));
    assert_eq!(held(&unread), (0, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_just_given_is_not_taken_away() {
    let unread = unread();
    let held: Vec<Place> =
        ["a", "b", "c"].iter().map(|address| hold(&unread, address, 330).unwrap()).collect();
    assert!(hold(&unread, "d", 100).is_none());
    tokio::time::advance(LONG).await;
    assert!(hold(&unread, "d", 100).is_some());
    assert_eq!(held.iter().filter(|place| place.left().is_none()).count(), 1);
}

#[tokio::test]
async fn many_that_read_nothing_never_hold_more_than_the_bound() {
    let unread =
        Arc::new(Unread::new(Bounds { all: 1_000, of_address: 400, patience: Duration::ZERO }));
    let mut places = Vec::new();
    for n in 0..10_000_usize {
        let address = format!("{}", n % 97);
        places.extend(hold(&unread, &address, 1 + n * 31 % 400));
        assert!(held(&unread).0 <= 1_000);
    }
    let left: usize = places.iter().filter_map(Place::left).sum();
    assert_eq!(left, held(&unread).0);
}
