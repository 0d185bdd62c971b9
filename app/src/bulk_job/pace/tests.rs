//! The size of batches follows how long they take.

use std::time::Duration;

use super::{AIM, BulkPace, LARGEST, LONGEST_PAUSE, SHORTEST_PAUSE, SMALLEST};
use crate::error::Error;

#[test]
fn batches_that_take_long_become_smaller_and_others_larger_within_bounds() {
    let pace = BulkPace::default();
    let first = pace.size();

    pace.note(AIM * 2);
    assert_eq!(pace.size(), first / 2);
    pace.note(AIM / 4);
    assert!(pace.size() > first / 2);
    let steady = pace.size();
    pace.note(AIM * 3 / 4);
    assert_eq!(pace.size(), steady);

    for _ in 0..50 {
        pace.note(AIM * 10);
    }
    assert_eq!(pace.size(), SMALLEST);
    for _ in 0..50 {
        pace.note(Duration::ZERO);
    }
    assert_eq!(pace.size(), LARGEST);
}

#[test]
fn others_have_the_writer_for_as_long_as_a_batch_had_it() {
    let pauses = [0, 150, 60_000].map(Duration::from_millis).map(BulkPace::pause_after);

    assert_eq!(pauses, [SHORTEST_PAUSE, Duration::from_millis(150), LONGEST_PAUSE]);
}

#[test]
fn a_batch_over_its_budget_makes_the_next_ones_much_smaller_and_others_do_not() {
    let pace = BulkPace::default();
    let first = pace.size();

    pace.note_failure(&Error::Broken("the drive is gone".to_owned()));
    assert_eq!(pace.size(), first);
    pace.note_failure(&Error::TooSlow);
    assert_eq!(pace.size(), first / 4);
}
