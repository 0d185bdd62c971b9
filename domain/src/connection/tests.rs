//! What a connection accepts, and when it may let people in.

use uuid::Uuid;

use super::group::GroupMapping;
use super::{Connection, Provider, Test};
use crate::id::{ConnectionId, MemberId};
use crate::refusal::Refusal;
use crate::time::Timestamp;

fn google(domains: &[&str]) -> Provider {
    Provider::Google {
        client_id: "id".to_owned(),
        hosted_domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
    }
}

fn oidc(issuer: &str) -> Provider {
    Provider::Oidc { client_id: "id".to_owned(), issuer: issuer.to_owned() }
}

fn connection() -> Connection {
    Connection {
        id: ConnectionId(Uuid::from_u128(1)),
        name: "Northwind".to_owned(),
        provider: oidc("https://id.northwind.example"),
        groups: GroupMapping::default(),
        is_on: false,
        test: None,
        created_at: Timestamp::from_micros(0),
        version: 1,
    }
}

fn test(failure: Option<&str>) -> Test {
    Test {
        at: Timestamp::from_micros(1),
        member: MemberId(Uuid::from_u128(2)),
        failure: failure.map(ToOwned::to_owned),
        arrival: None,
        gives: None,
        claims: Vec::new(),
    }
}

fn pointers(provider: Provider) -> Vec<String> {
    match provider.checked() {
        Err(Refusal::Fields(errors)) => errors.into_iter().map(|error| error.pointer).collect(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => Vec::new(),
    }
}

#[test]
fn a_connection_is_turned_on_after_a_test_that_went_well() {
    assert_eq!(connection().turned(true), Err(Refusal::ConnectionUntested));
    let failed = Connection { test: Some(test(Some("expired"))), ..connection() };
    assert_eq!(failed.clone().turned(true), Err(Refusal::ConnectionUntested));
    assert!(!failed.turned(false).unwrap().is_on);
    let tested = Connection { test: Some(test(None)), ..connection() };
    assert!(tested.turned(true).unwrap().is_on);
}

#[test]
fn another_provider_ends_the_test_and_turns_it_off() {
    let on = Connection { is_on: true, test: Some(test(None)), ..connection() };

    let same = on.clone().with_provider(on.provider.clone());
    let other = on.clone().with_provider(oidc("https://evil.example"));

    assert_eq!(same, on);
    assert!(!other.is_on);
    assert_eq!(other.test, None);
    assert_eq!(on.untested().test, None);
}

#[test]
fn domains_have_one_spelling_and_are_listed_once() {
    let provider = google(&["Northwind.Example", "northwind.example", "müller.de"]).checked();

    assert_eq!(provider, Ok(google(&["northwind.example", "xn--mller-kva.de"])));
}

#[test]
fn every_mistake_is_reported() {
    assert_eq!(pointers(google(&[])), ["/hosted_domains"]);
    assert_eq!(pointers(google(&["a.example", "no domain"])), ["/hosted_domains/1"]);
    assert_eq!(pointers(oidc("")), ["/issuer"]);
    assert_eq!(pointers(oidc(" https://x.example")), ["/issuer"]);
    assert_eq!(pointers(oidc("https://x.example\n")), ["/issuer"]);
    assert_eq!(pointers(oidc(&"x".repeat(1001))), ["/issuer"]);
    let nothing = Provider::Microsoft { client_id: String::new(), tenant: String::new() };
    assert_eq!(pointers(nothing), ["/client_id", "/tenant"]);
}

#[test]
fn a_provider_is_stored_with_its_word() {
    let saml = Provider::Saml {
        entity_id: "https://idp.example".to_owned(),
        sign_in_url: "https://idp.example/sso".to_owned(),
        logout_url: None,
        certificates: vec!["MII".to_owned()],
    };
    let microsoft =
        Provider::Microsoft { client_id: "id".to_owned(), tenant: "ABC".to_owned() };
    for provider in [google(&["a.example"]), microsoft, oidc("https://x.example"), saml] {
        let stored = serde_json::to_value(&provider).unwrap();
        assert_eq!(stored["kind"], provider.word());
        assert_eq!(serde_json::from_value::<Provider>(stored).unwrap(), provider);
        assert_eq!(provider.has_client_secret(), provider.word() != "saml");
        assert!(provider.checked().is_ok());
    }
}

#[test]
fn a_test_is_stored_as_it_was() {
    let mut with_claims = test(Some("expired"));
    with_claims.claims = vec![("groups".to_owned(), vec!["a".to_owned(), "b".to_owned()])];
    with_claims.arrival = Some("member".to_owned());
    for test in [test(None), with_claims] {
        assert_eq!(Test::from_json(&test.to_json()), Some(test));
    }
    assert_eq!(Test::from_json(&serde_json::json!({"at": 1})), None);
}
