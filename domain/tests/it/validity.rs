//! How long sessions and keys are valid, and how often mails are sent.

use hallpass_domain::api_key::ApiKey;
use hallpass_domain::attempt::{Failures, MAIL_PERIOD, blocked_until, may_mail};
use hallpass_domain::id::{AccountId, ApiKeyId, MemberId, SessionId};
use hallpass_domain::saved_report::{Grouping, Measure};
use hallpass_domain::session::authentication::Authentications;
use hallpass_domain::session::{IDLE, LONGEST, SEEN_EVERY, Session};
use hallpass_domain::sharing::Sharing;
use hallpass_domain::time::{Span, Timestamp};
use uuid::Uuid;

const START: Timestamp = Timestamp::from_seconds(1_000_000);
const ANNA: MemberId = MemberId(Uuid::from_u128(1));
const BEN: MemberId = MemberId(Uuid::from_u128(2));

/// A microsecond before a span has passed.
fn almost(span: Span) -> Span {
    Span(span.0 - 1)
}

fn session(created_at: Timestamp, seen_at: Timestamp) -> Session {
    Session {
        id: SessionId(Uuid::from_u128(1)),
        account: AccountId(Uuid::from_u128(1)),
        created_at,
        seen_at,
        longest_pause: Span(0),
        authentications: Authentications::default(),
        client: String::new(),
        address: String::new(),
        view: None,
    }
}

#[test]
fn a_use_of_a_session_is_noted_with_its_address_and_the_pause_before_it() {
    let first = session(START, START);
    let used = |session: Session, days| {
        session.used(&format!("192.0.2.{days}"), START + Span::days(days))
    };

    let second = used(first.clone(), 2);
    let third = used(second.clone(), 3);
    let fourth = used(third.clone(), 6);

    for (session, days, pause) in [(second, 2, 2), (third, 3, 2), (fourth, 6, 3)] {
        let expected = Session {
            seen_at: START + Span::days(days),
            longest_pause: Span::days(pause),
            address: format!("192.0.2.{days}"),
            ..first.clone()
        };
        assert_eq!(session, expected, "after {days} days");
    }
}

#[test]
fn a_session_ends_when_it_is_not_used() {
    let session = session(START, START + Span::days(3));
    let seen = session.seen_at;

    assert!(session.is_alive(seen));
    assert!(session.is_alive(seen + almost(IDLE)));
    assert!(!session.is_alive(seen + IDLE));
    assert!(!session.is_alive(seen + Span::days(15)));
}

#[test]
fn a_session_ends_however_often_it_is_used() {
    let end = START + LONGEST;

    assert!(session(START, end).is_alive(START + almost(LONGEST)));
    assert!(!session(START, end).is_alive(end));
}

#[test]
fn the_last_use_of_a_session_is_recorded_every_minute() {
    let session = session(START, START);

    assert!(!session.is_to_be_seen(START + almost(SEEN_EVERY)));
    assert!(session.is_to_be_seen(START + SEEN_EVERY));
}

#[test]
fn the_spans_are_those_of_the_documentation() {
    assert_eq!((IDLE, LONGEST), (Span::days(14), Span::days(90)));
    assert_eq!((SEEN_EVERY, MAIL_PERIOD), (Span::minutes(1), Span::hours(1)));
}

#[test]
fn a_key_is_valid_until_it_expires() {
    let id = ApiKeyId(Uuid::from_u128(1));
    let made = ApiKey::new(id, "Import".to_owned(), (ANNA, ANNA), START);
    let key = |expires_at| ApiKey { expires_at, ..made.clone() };
    let end = START + Span::days(1);

    assert!(key(Some(end)).is_alive(START + almost(Span::days(1))));
    assert!(!key(Some(end)).is_alive(end));
    assert!(!key(Some(end)).is_alive(end + Span::days(1)));
    assert!(key(None).is_alive(end + Span::days(10_000)));
}

fn failures(count: i64, last_at: Timestamp) -> Failures {
    Failures { count, last_at }
}

/// The wait begins with the last failure of the network, not with that of another.
#[test]
fn a_wait_begins_with_the_last_failure_of_the_network() {
    let earlier = Timestamp::from_seconds(999_000);

    let few = blocked_until(failures(6, earlier), failures(6, START));
    let many = blocked_until(failures(1, earlier), failures(50, START));

    assert_eq!(few, Some(earlier + Span::seconds(2)));
    assert_eq!(many, Some(earlier + Span::minutes(15)));
    assert_eq!(blocked_until(Failures::default(), failures(60, START)), None);
}

#[test]
fn no_number_of_failures_makes_a_wait_longer_than_a_quarter_of_an_hour_or_ends_it() {
    let wait = |count| blocked_until(failures(count, START), failures(0, START));

    assert_eq!(wait(14), Some(START + Span::seconds(512)));
    for count in [15, 16, 25, 26, 70, i64::from(u32::MAX) + 6, i64::MAX] {
        assert_eq!(wait(count), Some(START + Span::minutes(15)), "{count}");
    }
}

#[test]
fn mails_are_counted_for_an_hour() {
    let late = START + MAIL_PERIOD;
    let earlier = START + almost(MAIL_PERIOD);

    assert!(!may_mail(failures(5, START), failures(5, START), earlier));
    assert!(may_mail(failures(5, START), failures(5, START), late));
    assert!(!may_mail(failures(1, START), failures(20, START), earlier));
    assert!(may_mail(failures(1, START), failures(19, START), earlier));
    assert!(may_mail(failures(4, START), failures(20, START), late));
    assert!(may_mail(failures(0, START), failures(20, START), earlier));
}

#[test]
fn what_is_saved_is_visible_to_its_creator_and_once_shared_to_all() {
    let own = Sharing::own(ANNA);
    let shared = own.changed(Some(true));

    assert!(own.is_visible_to(Some(ANNA)));
    assert!(!own.is_visible_to(Some(BEN)) && !own.is_visible_to(None));
    assert!(shared.is_visible_to(Some(BEN)) && shared.is_visible_to(None));
    assert_eq!(shared.changed(None), shared);
    assert_eq!(shared.changed(Some(false)), own);
}

#[test]
fn the_words_of_reports_are_read_as_they_are_written() {
    for grouping in Grouping::EVERY {
        assert_eq!(Grouping::parse(grouping.word()), Some(*grouping));
    }
    for measure in Measure::EVERY {
        assert_eq!(Measure::parse(measure.word()), Some(*measure));
    }
}
