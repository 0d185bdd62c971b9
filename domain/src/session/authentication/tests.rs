//! Authentications: what replaces what, where each counts, how they are stored.

use uuid::Uuid;

use super::*;
use crate::time::Span;

const START: Timestamp = Timestamp::from_seconds(1_000_000);
const HERE: WorkspaceId = WorkspaceId(Uuid::from_u128(1));
const ELSEWHERE: WorkspaceId = WorkspaceId(Uuid::from_u128(2));

fn single_sign_on(connection: u128, has_second_factor: bool) -> Method {
    let connection = ConnectionId(Uuid::from_u128(connection));
    let authenticated_at = None;
    Method::SingleSignOn { workspace: HERE, connection, has_second_factor, authenticated_at }
}

fn later(seconds: i64) -> Timestamp {
    START + Span::seconds(seconds)
}

#[test]
fn the_latest_proof_of_a_method_counts() {
    let authentications = Authentications::of(Method::Password, START)
        .and(Method::Totp, later(10))
        .and(Method::Password, later(20));
    let at: Vec<i64> = authentications
        .list()
        .iter()
        .map(|authentication| (authentication.at - START).0)
        .collect();
    assert_eq!(at, [10_000_000, 20_000_000]);
    assert_eq!(authentications.last_at(None), Some(later(20)));
}

#[test]
fn each_connection_has_its_proof() {
    let authentications = Authentications::of(single_sign_on(1, false), START)
        .and(single_sign_on(2, false), later(10))
        .and(single_sign_on(1, true), later(20));
    assert_eq!(authentications.list().len(), 2);
    assert!(authentications.have_second_factor(Some(HERE)));
}

#[test]
fn single_sign_on_counts_in_its_workspace_alone() {
    let authentications = Authentications::of(single_sign_on(1, true), START);
    assert!(authentications.count_in(Some(HERE)));
    assert!(
        authentications.have_second_factor(Some(HERE))
            && authentications.have_single_sign_on(HERE)
    );
    for other in [None, Some(ELSEWHERE)] {
        assert!(!authentications.count_in(other), "{other:?}");
        assert!(!authentications.have_second_factor(other), "{other:?}");
        assert_eq!(authentications.last_at(other), None, "{other:?}");
    }
    assert!(!authentications.have_single_sign_on(ELSEWHERE));
}

#[test]
fn a_device_is_a_second_factor_and_not_the_person() {
    let authentications = Authentications::of(Method::TrustedDevice, START);
    assert!(authentications.have_second_factor(None));
    assert!(!authentications.count_in(None));
    assert_eq!(authentications.last_at(None), None);
}

#[test]
fn a_code_beside_single_sign_on_opens_no_account() {
    let authentications = Authentications::of(single_sign_on(1, false), START)
        .and(Method::Totp, later(10))
        .and(Method::RecoveryCode, later(20))
        .and(Method::TrustedDevice, later(30));
    for other in [None, Some(ELSEWHERE)] {
        assert!(!authentications.count_in(other), "{other:?}");
        assert_eq!(authentications.last_at(other), None, "{other:?}");
    }
    assert_eq!(authentications.last_at(Some(HERE)), Some(later(20)));
    assert_eq!(authentications.and(Method::Password, later(40)).last_at(None), Some(later(40)));
}

#[test]
fn a_session_starts_by_what_takes_the_person_alone() {
    for (method, starts) in [
        (Method::Password, true),
        (Method::Passkey, true),
        (Method::Link, true),
        (Method::Totp, false),
        (Method::RecoveryCode, false),
        (Method::TrustedDevice, false),
    ] {
        let authentications = Authentications::of(method, START);
        assert_eq!(authentications.count_in(None), starts, "{method:?}");
        assert_eq!(authentications.last_at(None).is_some(), starts, "{method:?}");
    }
}

#[test]
fn a_password_or_a_link_is_no_second_factor() {
    let authentications = Authentications::of(Method::Password, START).and(Method::Link, START);
    assert!(!authentications.have_second_factor(None));
    for method in [Method::Passkey, Method::Totp, Method::RecoveryCode] {
        assert!(Authentications::of(method, START).have_second_factor(None), "{method:?}");
    }
}

#[test]
fn authentications_are_read_as_they_were_stored() {
    let every = [
        Method::Password,
        Method::Passkey,
        Method::Totp,
        Method::RecoveryCode,
        Method::TrustedDevice,
        Method::Link,
        single_sign_on(7, true),
        single_sign_on(8, false),
    ];
    let authentications =
        every.into_iter().fold(Authentications::default(), |all, one| all.and(one, START));
    assert_eq!(authentications.list().len(), every.len());
    assert_eq!(Authentications::stored(&authentications.to_stored()), Some(authentications));
    for wrong in
        ["", "{}", "[{}]", r#"[{"m":"magic","t":1}]"#, r#"[{"m":"single_sign_on","t":1}]"#]
    {
        assert_eq!(Authentications::stored(wrong), None, "{wrong}");
    }
}

/// A provider may answer from a session that began long before: what it says about when it has
/// authenticated the person counts, and nothing else.
#[test]
fn single_sign_on_is_as_recent_as_its_provider_says() {
    let with = |authenticated_at| Method::SingleSignOn {
        workspace: HERE,
        connection: ConnectionId(Uuid::from_u128(1)),
        has_second_factor: false,
        authenticated_at,
    };
    let check = |authenticated_at, expected| {
        let session = Authentications::of(with(authenticated_at), later(100));
        assert_eq!(session.last_shown_at(Some(HERE)), expected, "{authenticated_at:?}");
        assert_eq!(session.last_at(Some(HERE)), Some(later(100)));
        assert_eq!(session.last_shown_at(None), None);
    };
    check(None, None);
    check(Some(later(40)), Some(later(40)));
    check(Some(later(100)), Some(later(100)));
    // A clock that is ahead makes nothing recent for longer.
    check(Some(later(900)), Some(later(100)));
    let both = Authentications::of(Method::Password, later(10)).and(with(None), later(100));
    assert_eq!(both.last_shown_at(Some(HERE)), Some(later(10)));
    let device = both.and(Method::TrustedDevice, later(200));
    assert_eq!(device.last_shown_at(Some(HERE)), Some(later(10)));
}

#[test]
fn a_disconnected_connection_counts_no_longer() {
    let both = Authentications::of(Method::Password, START)
        .and(single_sign_on(1, true), later(10))
        .and(single_sign_on(2, false), later(20));

    let left = both.without(ConnectionId(Uuid::from_u128(1)));

    assert!(left.have_single_sign_on(HERE) && !left.have_second_factor(Some(HERE)));
    let none = left.without(ConnectionId(Uuid::from_u128(2)));
    assert!(!none.have_single_sign_on(HERE) && none.count_in(None));
}
