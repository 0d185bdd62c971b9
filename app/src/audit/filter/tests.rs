//! Filters as jobs store them.

use uuid::Uuid;

use super::*;

#[test]
fn a_filter_is_read_as_it_was_stored() {
    let query = AuditQuery {
        actor: Some(MemberId(Uuid::from_u128(7))),
        action: Some("role.update".to_owned()),
        subject: Some("rol_1".to_owned()),
        outcome: Some(Outcome::Denied),
        from: Some(Timestamp::from_micros(1_700_000_000_000_001)),
        to: Some(Timestamp::from_micros(1_700_000_000_900_000)),
    };
    let text = Some("anna \"x\"".to_owned());
    for filter in [AuditFilter::default(), AuditFilter { query, text }] {
        let read = AuditFilter::parse(&filter.to_json()).unwrap();

        assert_eq!(format!("{read:?}"), format!("{filter:?}"));
    }
    for wrong in [json!({"outcome": "maybe"}), json!({"from": "today"}), json!(3)] {
        assert!(AuditFilter::parse(&wrong).is_none(), "{wrong}");
    }
}

#[test]
fn an_index_finds_the_entries_of_one_actor_or_one_action() {
    let actor = || Some(MemberId(Uuid::from_u128(7)));
    let action = || Some("role.update".to_owned());
    let of = |query: AuditQuery| AuditFilter::from(query).is_indexed();
    let none = AuditQuery::default;

    assert!(of(none()));
    assert!(of(AuditQuery { actor: actor(), ..none() }));
    assert!(of(AuditQuery { action: action(), ..none() }));
    assert!(!of(AuditQuery { actor: actor(), action: action(), ..none() }));
    assert!(!of(AuditQuery { outcome: Some(Outcome::Done), ..none() }));
    assert!(!of(AuditQuery { subject: Some("x".to_owned()), ..none() }));
    assert!(!of(AuditQuery { from: Some(Timestamp::from_seconds(1)), ..none() }));
    assert!(!of(AuditQuery { to: Some(Timestamp::from_seconds(1)), ..none() }));
    assert!(
        !AuditFilter { text: Some("anna".to_owned()), ..AuditFilter::default() }.is_indexed()
    );
}
