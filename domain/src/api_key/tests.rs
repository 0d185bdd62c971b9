//! Tests of API keys: their secrets, networks, expiry and scopes.

use uuid::Uuid;

use super::*;

const NOW: Timestamp = Timestamp::from_seconds(1_000_000);
const ANNA: MemberId = MemberId(Uuid::from_u128(1));
const BEN: MemberId = MemberId(Uuid::from_u128(2));

fn key() -> ApiKey {
    ApiKey::new(ApiKeyId(Uuid::from_u128(9)), "Import".to_owned(), (ANNA, ANNA), NOW)
}

fn hours(n: i64) -> Timestamp {
    NOW + Span::hours(n)
}

#[test]
fn the_former_secret_works_for_the_overlap() {
    let rotated = key().rotated(BEN, None, NOW).unwrap();
    assert_eq!((rotated.made_by, rotated.rotated_at), (BEN, Some(NOW)));
    let just_before = hours(OVERLAP) - Span::seconds(1);

    assert!(rotated.works(Secret::Former, just_before));
    assert!(!rotated.works(Secret::Former, hours(OVERLAP)));
    assert!(rotated.works(Secret::Present, hours(OVERLAP)));
    assert!(!key().works(Secret::Former, NOW));
}

#[test]
fn an_overlap_is_a_week_at_most_and_may_be_none() {
    let until = |hours| key().rotated(ANNA, Some(hours), NOW).map(|key| key.former);
    let at = |hours| Some(FormerSecret { until: self::hours(hours), seen_at: None });

    assert_eq!(until(0), Ok(None));
    assert_eq!(until(1), Ok(at(1)));
    assert_eq!(until(LONGEST_OVERLAP), Ok(at(168)));
    for wrong in [-1, LONGEST_OVERLAP + 1, i64::MAX] {
        assert_eq!(until(wrong).unwrap_err().code(), "invalid", "{wrong}");
    }
}

#[test]
fn no_secret_outlives_its_key() {
    let expiring = ApiKey { expires_at: Some(hours(2)), ..key() };
    let rotated = expiring.rotated(ANNA, Some(24), NOW).unwrap();
    assert_eq!(rotated.former.map(|former| former.until), Some(hours(2)));

    let almost = hours(2) - Span::seconds(1);
    for secret in [Secret::Present, Secret::Former] {
        assert!(rotated.works(secret, almost));
        assert!(!rotated.works(secret, hours(2)));
    }
    assert!(rotated.rotated(ANNA, None, hours(2)).is_err());
}

#[test]
fn a_use_is_stored_once_a_minute_for_each_secret() {
    let used = key().rotated(ANNA, None, NOW).unwrap().used(Secret::Present, "192.0.2.7", NOW);
    assert_eq!((used.seen_at, used.address.as_str()), (Some(NOW), "192.0.2.7"));
    let later = NOW + Span::seconds(59);

    assert!(!used.is_to_be_seen(Secret::Present, later));
    assert!(used.is_to_be_seen(Secret::Present, NOW + Span::minutes(1)));
    assert!(used.is_to_be_seen(Secret::Former, later));

    let former = used.used(Secret::Former, "192.0.2.8", later);
    assert!(!former.is_to_be_seen(Secret::Former, later));
    assert_eq!(former.former.unwrap().seen_at, Some(later));
    assert_eq!((former.seen_at, former.address.as_str()), (Some(later), "192.0.2.8"));
}

#[test]
fn a_key_with_networks_is_used_from_those_alone() {
    let networks = parse_networks(&["192.0.2.0/24".to_owned(), "2001:db8::1".to_owned()]);
    let bound = ApiKey { networks: networks.unwrap(), ..key() };
    let admits = |key: &ApiKey, address: &str| key.admits_address(address.parse().ok());

    assert!(admits(&bound, "192.0.2.9") && admits(&bound, "2001:db8::1"));
    assert!(!admits(&bound, "192.0.3.9") && !admits(&bound, "2001:db8::2"));
    assert!(!admits(&bound, ""), "an unknown address is in no network");
    assert!(admits(&key(), "192.0.3.9") && admits(&key(), ""));
}

#[test]
fn a_wrong_network_is_refused_with_its_place() {
    let texts = ["10.0.0.0/8".to_owned(), "10.0.0.0/33".to_owned(), "here".to_owned()];
    let errors = parse_networks(&texts).unwrap_err();
    let places: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();

    assert_eq!(places, ["/networks/1", "/networks/2"]);
    let many = vec!["10.0.0.1".to_owned(); MOST_LIMITS + 1];
    assert_eq!(parse_networks(&many).unwrap_err()[0].code, "too_many");
    assert_eq!(parse_networks(&many[1..]).unwrap().len(), MOST_LIMITS);
}

#[test]
fn an_expiry_is_in_the_next_ten_years() {
    let code = |at: Timestamp| check_expiry(Some(at), NOW).map(|error| error.code);

    assert_eq!(code(NOW), Some("past"));
    assert_eq!(code(NOW + Span::seconds(1)), None);
    assert_eq!(code(NOW + LONGEST), None);
    assert_eq!(code(NOW + LONGEST + Span::seconds(1)), Some("too_late"));
    assert_eq!(check_expiry(None, NOW), None);
}

#[test]
fn a_key_is_marked_two_weeks_before_it_expires() {
    let expiring = ApiKey { expires_at: Some(NOW + Span::days(20)), ..key() };

    assert!(!expiring.expires_soon(NOW + Span::days(6)));
    assert!(expiring.expires_soon(NOW + Span::days(6) + Span::seconds(1)));
    assert!(!expiring.expires_soon(NOW + Span::days(20)));
    assert!(!key().expires_soon(NOW));
}

#[test]
fn scopes_are_refused_with_their_place() {
    let policy = hallpass_engine::doc::policy().unwrap();
    let wrong = |texts: &[&str]| {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        let errors = parse_scopes(Some(&texts), &policy).unwrap_err();
        errors.into_iter().map(|error| (error.pointer, error.code)).collect::<Vec<_>>()
    };

    assert_eq!(wrong(&[]), [("/scopes".to_owned(), "empty")]);
    assert_eq!(wrong(&["contacts:read", "contacts"]), [("/scopes/1".to_owned(), "bad_scope")]);
    assert_eq!(wrong(&["*:read", "boats:read"]), [("/scopes/1".to_owned(), "unknown")]);
    assert_eq!(wrong(&vec!["*:read"; MOST_LIMITS + 1])[0].1, "too_many");
    assert!(parse_scopes(Some(&vec!["*:read".to_owned(); MOST_LIMITS]), &policy).is_ok());
    assert_eq!(parse_scopes(None, &policy), Ok(None));
    let read_only = parse_scopes(Some(&["*:read".to_owned()]), &policy).unwrap().unwrap();
    assert_eq!(read_only.to_string(), "*:read");
}

#[test]
fn an_edited_expiry_ends_the_former_secret_with_the_key() {
    let rotated = key().rotated(ANNA, Some(24), NOW).unwrap();
    let until = |key: ApiKey| key.former.map(|former| former.until);

    assert_eq!(until(rotated.clone().expiring(Some(hours(2)), NOW)), Some(hours(2)));
    assert_eq!(until(rotated.clone().expiring(Some(hours(48)), NOW)), Some(hours(24)));
    assert_eq!(until(rotated.clone().expiring(None, NOW)), Some(hours(24)));
    assert_eq!(rotated.clone().expiring(Some(hours(2)), NOW).expires_at, Some(hours(2)));
    assert_eq!(rotated.check_no_former(hours(24)), Ok(()));
    assert_eq!(rotated.check_no_former(hours(23)).unwrap_err().code(), "invalid");
    assert_eq!(
        key().expiring(Some(hours(2)), NOW).check_alive(hours(2)).unwrap_err().code(),
        "invalid"
    );
}

#[test]
fn a_key_has_two_reminders_before_it_expires_and_none_is_made_up_for() {
    let days = |n: i64| NOW + Span::days(n);
    let next = |key: &ApiKey| key.remind_at.map(|at| (at - NOW).0 / Span::days(1).0);
    let key = key().expiring(Some(days(20)), NOW);

    assert_eq!(next(&key), Some(6));
    assert!(!key.is_reminder_due(days(6) - Span::seconds(1)));
    assert!(key.is_reminder_due(days(6)));
    assert_eq!(next(&key.clone().reminded(days(6))), Some(17));
    assert_eq!(next(&key.clone().reminded(days(17))), None);
    assert_eq!(next(&key.clone().reminded(days(18))), None, "the server was down");
    assert_eq!(next(&key.clone().expiring(Some(days(10)), NOW)), Some(7));
    assert_eq!(next(&key.clone().expiring(Some(days(2)), NOW)), None);
    let open = key.expiring(None, NOW);
    assert!(open.remind_at.is_none() && !open.is_reminder_due(days(99)));
}
