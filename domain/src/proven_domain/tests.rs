//! What proves a domain.

use super::{ProvenBy, ProvenDomain, parse};
use crate::refusal::Refusal;
use crate::time::Timestamp;

fn northwind(secret: &str) -> ProvenDomain {
    ProvenDomain {
        domain: "northwind.example".to_owned(),
        secret: secret.to_owned(),
        proven: None,
        created_at: Timestamp::from_micros(0),
    }
}

fn records(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn the_record_with_the_secret_of_the_workspace_proves_a_domain() {
    let domain = northwind("s3cret");

    assert!(domain.is_proven_by(&records(&["v=spf1 -all", "hallpass-domain=s3cret"])));
    assert!(domain.is_proven_by(&records(&[" hallpass-domain=s3cret "])));
}

#[test]
fn nothing_else_does() {
    let domain = northwind("s3cret");

    for text in
        ["", "s3cret", "hallpass-domain=", "hallpass-domain=S3CRET", "xhallpass-domain=s3cret"]
    {
        assert!(!domain.is_proven_by(&records(&[text])), "{text}");
    }
    assert!(!domain.is_proven_by(&[]));
    assert!(!northwind("").is_proven_by(&records(&["hallpass-domain="])));
}

#[test]
fn a_domain_has_one_spelling() {
    assert_eq!(parse(" Northwind.Example "), Ok("northwind.example".to_owned()));
    assert_eq!(parse("müller.de"), Ok("xn--mller-kva.de".to_owned()));
}

#[test]
fn a_domain_of_everyone_or_none_is_refused() {
    for (text, expected) in [
        ("gmail.com", "public_domain"),
        ("GMX.de", "public_domain"),
        ("no domain", "bad_domain"),
        ("", "bad_domain"),
    ] {
        match parse(text) {
            Err(Refusal::Fields(errors)) => assert_eq!(errors[0].code, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn ways_have_words() {
    for way in [ProvenBy::Dns, ProvenBy::Operator] {
        assert_eq!(ProvenBy::parse(way.word()), Some(way));
    }
    assert_eq!(ProvenBy::parse("mail"), None);
}
