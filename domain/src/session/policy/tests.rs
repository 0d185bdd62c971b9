//! The sign-in policy: what each part of it asks of a session.

use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::id::{AccountId, ConnectionId, SessionId};
use crate::session::authentication::{Authentications, Method};

const START: Timestamp = Timestamp::from_seconds(1_000_000);
const HERE: WorkspaceId = WorkspaceId(Uuid::from_u128(1));
const ELSEWHERE: WorkspaceId = WorkspaceId(Uuid::from_u128(2));

fn policy(settings: &Value) -> SignInPolicy {
    SignInPolicy::of(settings.as_object().unwrap())
}

fn session(authentications: Authentications) -> Session {
    Session {
        id: SessionId(Uuid::from_u128(1)),
        account: AccountId(Uuid::from_u128(1)),
        created_at: START,
        seen_at: START,
        longest_pause: Span(0),
        authentications,
        client: String::new(),
        address: String::new(),
        view: None,
    }
}

fn by_connection_of(workspace: WorkspaceId) -> Authentications {
    let connection = ConnectionId(Uuid::from_u128(3));
    let method = Method::SingleSignOn {
        workspace,
        connection,
        has_second_factor: false,
        authenticated_at: None,
    };
    Authentications::of(method, START)
}

fn missing(policy: &SignInPolicy, session: &Session, after: Span) -> Vec<Missing> {
    entrant_missing(policy, session, after, false)
}

fn entrant_missing(
    policy: &SignInPolicy,
    session: &Session,
    after: Span,
    has_top_role: bool,
) -> Vec<Missing> {
    policy.missing(Entrant { session, workspace: HERE, has_top_role, now: START + after })
}

#[test]
fn without_a_policy_nothing_is_missing() {
    let by_password = session(Authentications::of(Method::Password, START));
    let none = SignInPolicy::default();
    assert_eq!(missing(&none, &by_password, Span::days(13)), []);
    assert_eq!(missing(&none, &session(by_connection_of(HERE)), Span::days(13)), []);
}

#[test]
fn a_session_lasts_until_something_is_missing() {
    let by_password = session(Authentications::of(Method::Password, START));
    for (settings, lasts) in [
        (json!({}), Span::days(14)),
        (json!({"security": {"idle_minutes": 30}}), Span::minutes(30)),
        (json!({"security": {"absolute_minutes": 20}}), Span::minutes(20)),
        (json!({"security": {"idle_minutes": 30, "absolute_minutes": 40}}), Span::minutes(30)),
        (json!({"security": {"absolute_minutes": 100_000}}), Span::days(14)),
    ] {
        let policy = policy(&settings);
        let tick = Span(1);
        assert_eq!(policy.lasts(&by_password, HERE, START), lasts, "{settings}");
        assert_eq!(
            policy.lasts(&by_password, HERE, START + lasts + tick),
            Span(0),
            "{settings}"
        );
        let before = Span(lasts.0 - tick.0);
        assert_eq!(policy.lasts(&by_password, HERE, START + before), tick, "{settings}");
        // It lasts exactly as long as it is enough.
        assert_eq!(missing(&policy, &by_password, before), [], "{settings}");
        let is_enough = missing(&policy, &by_password, lasts).is_empty();
        assert!(!is_enough || !by_password.is_alive(START + lasts), "{settings}");
    }
    // Whatever is asked of another workspace's connection is missing at once.
    let by_another = session(by_connection_of(ELSEWHERE));
    let policy = policy(&json!({"security": {"absolute_minutes": 20}}));
    assert_eq!(policy.lasts(&by_another, HERE, START), Span(0));
}

#[test]
fn a_connection_of_another_workspace_proves_nothing() {
    let session = session(by_connection_of(ELSEWHERE));
    assert_eq!(missing(&SignInPolicy::default(), &session, Span(0)), [Missing::SignIn]);
}

#[test]
fn a_pause_counts_wherever_the_session_was_used_afterwards() {
    let policy = policy(&json!({"security": {"idle_minutes": 30}}));
    let fresh = session(Authentications::of(Method::Password, START));
    assert_eq!(missing(&policy, &fresh, Span::minutes(29)), []);
    assert_eq!(missing(&policy, &fresh, Span::minutes(30)), [Missing::SignIn]);

    let used = fresh.used("192.0.2.1", START + Span::minutes(40));
    assert_eq!(used.longest_pause, Span::minutes(40));
    assert_eq!(missing(&policy, &used, Span::minutes(41)), [Missing::SignIn]);
}

#[test]
fn a_proof_has_its_longest_age() {
    let policy = policy(&json!({"security": {"absolute_minutes": 60}}));
    let busy = |at| Session {
        seen_at: START + at,
        ..session(Authentications::of(Method::Password, START))
    };
    assert_eq!(missing(&policy, &busy(Span::minutes(59)), Span::minutes(59)), []);
    assert_eq!(
        missing(&policy, &busy(Span::minutes(60)), Span::minutes(60)),
        [Missing::SignIn]
    );
}

#[test]
fn a_second_factor_is_missing_from_its_day_on() {
    let day = Timestamp::of_day("2026-12-31").unwrap();
    let policy = policy(&json!({"authentication": {"require_second_factor": "2026-12-31"}}));
    assert_eq!(policy.second_factor_from, Some(day));
    let at = |now: Timestamp, authentications: Authentications| {
        let session = Session { seen_at: now, ..session(authentications) };
        policy.missing(Entrant { session: &session, workspace: HERE, has_top_role: true, now })
    };
    let by_password = Authentications::of(Method::Password, day);
    assert_eq!(at(day - Span(1), by_password.clone()), []);
    assert_eq!(at(day, by_password.clone()), [Missing::SecondFactor]);
    assert_eq!(at(day, by_password.and(Method::Totp, day)), []);
    assert_eq!(at(day, Authentications::of(Method::Passkey, day)), []);
    let connection = ConnectionId(Uuid::from_u128(3));
    for (has_second_factor, expected) in
        [(true, &[] as &[_]), (false, &[Missing::SecondFactor])]
    {
        let method = Method::SingleSignOn {
            workspace: HERE,
            connection,
            has_second_factor,
            authenticated_at: None,
        };
        assert_eq!(at(day, Authentications::of(method, day)), expected);
    }
}

#[test]
fn who_has_the_top_role_comes_in_without_the_provider_and_with_a_second_factor() {
    let policy = policy(&json!({"authentication": {"require_sso": true}}));
    let by_password = session(Authentications::of(Method::Password, START));
    assert_eq!(missing(&policy, &by_password, Span(0)), [Missing::SingleSignOn]);
    assert_eq!(missing(&policy, &session(by_connection_of(HERE)), Span(0)), []);

    let top = |session: &Session| entrant_missing(&policy, session, Span(0), true);
    assert_eq!(top(&by_password), [Missing::SecondFactor]);
    assert_eq!(top(&session(Authentications::of(Method::Passkey, START))), []);
    assert_eq!(top(&session(by_connection_of(HERE))), []);
}

#[test]
fn the_address_is_in_one_of_the_networks() {
    let policy =
        policy(&json!({"security": {"allowed_networks": ["192.0.2.0/24", "2001:db8::/32"]}}));
    let admits = |address: &str| policy.admits_address(Some(address.parse().unwrap()));
    assert!(admits("192.0.2.7") && admits("2001:db8::1") && admits("::ffff:192.0.2.7"));
    assert!(!admits("192.0.3.7") && !admits("::1"));
    assert!(!policy.admits_address(None), "an unknown address is in no network");
    assert!(SignInPolicy::default().admits_address(None));
}

#[test]
fn an_email_address_is_admitted_by_its_whole_domain() {
    let policy = policy(
        &json!({"authentication": {"allowed_domains": ["Acme.example", "müller.example"]}}),
    );
    for (address, expected) in [
        ("anna@acme.example", true),
        ("anna@ACME.example", true),
        ("anna@müller.example", true),
        ("anna@sub.acme.example", false),
        ("anna@notacme.example", false),
        ("acme.example@evil.example", false),
    ] {
        assert_eq!(policy.admits_email(&Email::parse(address).unwrap()), expected, "{address}");
    }
    let anna = Email::parse("anna@evil.example").unwrap();
    assert!(SignInPolicy::default().admits_email(&anna));
}

#[test]
fn a_sign_in_is_recent_for_a_while() {
    let session = session(Authentications::of(Method::Password, START));
    let check = |policy: &SignInPolicy, session: &Session, minutes: i64, expected: bool| {
        let now = START + Span::minutes(minutes);
        assert_eq!(policy.is_recent(session, HERE, now), expected, "{minutes}");
    };
    let default = SignInPolicy::default();
    check(&default, &session, 0, true);
    check(&default, &session, 14, true);
    check(&default, &session, 15, false);
    let policy = policy(&json!({"security": {"step_up_minutes": 5}}));
    check(&policy, &session, 4, true);
    check(&policy, &session, 5, false);
    // A clock that was ahead, by as much or more, makes nothing recent until its time has come.
    check(&policy, &session, -4, true);
    check(&policy, &session, -5, false);
    check(&policy, &session, -300, false);
    let elsewhere = Session { authentications: by_connection_of(ELSEWHERE), ..session };
    check(&policy, &elsewhere, 0, false);
}

/// What was written while a clock was ahead is measured in both directions: a session does not stay good for longer.
#[test]
fn a_session_from_a_clock_that_was_ahead_is_too_old_too() {
    let settings = json!({"security": {"idle_minutes": 30, "absolute_minutes": 60}});
    let policy = policy(&settings);
    let session = session(Authentications::of(Method::Password, START));
    let missing = |minutes| {
        let now = START + Span::minutes(minutes);
        policy.missing(Entrant { session: &session, workspace: HERE, has_top_role: false, now })
    };
    assert!(missing(0).is_empty() && missing(-29).is_empty());
    assert_eq!(missing(-30), [Missing::SignIn]);
    let policy_of_age = self::policy(&json!({"security": {"absolute_minutes": 60}}));
    let now = START - Span::minutes(60);
    let entrant = Entrant { session: &session, workspace: HERE, has_top_role: false, now };
    assert_eq!(policy_of_age.missing(entrant), [Missing::SignIn]);
}

#[test]
fn each_kind_has_a_word() {
    for missing in
        [Missing::SignIn, Missing::RecentSignIn, Missing::SecondFactor, Missing::SingleSignOn]
    {
        assert_eq!(Missing::parse(missing.word()), Some(missing));
    }
    assert_eq!(Missing::parse("magic"), None);
}
