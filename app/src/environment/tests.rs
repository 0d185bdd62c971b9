//! Ids when the clock of the machine goes back.

use hallpass_domain::time::{Span, Timestamp};
use uuid::Uuid;

use super::{Ids, SystemRandom};

const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

#[test]
fn ids_go_on_from_the_highest_also_when_the_clock_went_back() {
    let random = SystemRandom::default();
    let before = Ids::default();
    let ids: Vec<Uuid> = (0..1_000).map(|_| before.next(NOW, &random)).collect();
    let highest = ids.iter().copied().max().unwrap();

    let after = Ids::default();
    after.continue_after(highest);
    let mut last = highest;
    for _ in 0..1_000 {
        let next = after.next(NOW - Span::days(400), &random);
        assert!(next > last);
        assert_eq!(next.get_version_num(), 7);
        last = next;
    }
    // The clock is right again.
    assert!(after.next(NOW + Span::days(1), &random) > last);

    let control = Ids::default();
    assert!(control.next(NOW - Span::days(400), &random) < highest);
}

#[test]
fn an_id_of_another_kind_moves_nothing() {
    let random = SystemRandom::default();
    let ids = Ids::default();
    ids.continue_after(Uuid::max());
    ids.continue_after(Uuid::from_u128(u128::MAX >> 4));
    let id = ids.next(NOW, &random);
    assert_eq!(id.get_timestamp().map(|at| at.to_unix().0), Some(1_700_000_000));
}
