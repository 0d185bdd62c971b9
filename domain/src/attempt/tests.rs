//! Waits after failures, from one network and from many.

use super::*;

const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

fn failures(count: i64) -> Failures {
    Failures { count, last_at: NOW }
}

fn wait(from_network: i64, in_all: i64) -> Option<i64> {
    let until = blocked_until(failures(from_network), failures(in_all))?;
    Some((until - NOW).0 / 1_000_000)
}

#[test]
fn a_network_waits_twice_as_long_after_each_failure_beyond_the_free_ones() {
    for (count, seconds) in
        [(0, None), (4, None), (5, Some(1)), (6, Some(2)), (8, Some(8)), (40, Some(900))]
    {
        assert_eq!(wait(count, count.min(49)), seconds, "{count}");
    }
}

#[test]
fn no_number_of_failures_elsewhere_keeps_a_network_from_its_first_attempt() {
    for in_all in [0, 49, 50, 59, 1_000_000] {
        assert_eq!(wait(0, in_all), None, "{in_all}");
    }
    assert_eq!(wait(1, 49), None);
    assert_eq!(wait(1, 50), Some(900));
}

#[test]
fn mails_are_limited_by_network_and_one_is_always_left_for_another() {
    assert!(may_mail(failures(4), failures(4), NOW));
    assert!(!may_mail(failures(5), failures(5), NOW));
    assert!(may_mail(failures(5), failures(5), NOW + MAIL_PERIOD));
    assert!(may_mail(failures(0), failures(1_000), NOW));
    assert!(!may_mail(failures(1), failures(20), NOW));
}

#[test]
fn a_device_has_a_count_of_its_own() {
    let at = Timestamp::default();
    let failures = |count| Failures { count, last_at: at };
    let everywhere = failures(MOST_IN_ALL);

    // The network waits the longest; the device has its free attempts.
    assert_eq!(blocked_until(failures(1), everywhere), Some(at + LONGEST_WAIT));
    for count in 0..FREE {
        assert_eq!(blocked_on_device(failures(count)), None, "{count}");
    }
    assert_eq!(blocked_on_device(failures(FREE)), Some(at + Span::seconds(1)));
    assert_eq!(blocked_on_device(failures(FREE + 1)), Some(at + Span::seconds(2)));
    assert_eq!(blocked_on_device(failures(99)), Some(at + LONGEST_WAIT));
}
