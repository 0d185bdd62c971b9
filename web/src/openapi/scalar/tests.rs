//! Tests that the published limits are those of the domain.

use hallpass_domain::email::Email;
use hallpass_domain::name::Name;
use hallpass_domain::password::{Factors, Password};
use hallpass_domain::slug::Slug;
use serde_json::Value;

fn limits(name: &str) -> (usize, usize) {
    let all = super::every();
    let (_, schema) = all.iter().find(|(known, _)| *known == name).unwrap();
    let limit = |key: &str| usize::try_from(schema[key].as_u64().unwrap()).unwrap();
    (limit("minLength"), limit("maxLength"))
}

/// Checks that a text of the least and of the largest length is accepted, and none beyond.
fn check(name: &str, text: impl Fn(usize) -> String, accepts: impl Fn(&str) -> bool) {
    let (least, most) = limits(name);
    assert!(accepts(&text(least)) && accepts(&text(most)), "{name}");
    assert!(!accepts(&text(least - 1)) && !accepts(&text(most + 1)), "{name}");
}

#[test]
fn published_lengths_are_those_that_the_domain_accepts() {
    check("Name", |n| "x".repeat(n), |text| Name::parse(text).is_ok());
    check("Slug", |n| "x".repeat(n), |text| Slug::parse(text).is_ok());
    let password = |n: usize| {
        let digits = (0..n).map(|digit| format!("{:x}", digit * digit));
        digits.collect::<String>().chars().take(n).collect()
    };
    let accepts = |factors| move |text: &str| Password::choose(text, factors, &[]).is_ok();
    check("Password", password, accepts(Factors::Password));
    check("NewPassword", password, accepts(Factors::PasswordAndSecond));
}

#[test]
fn the_longest_address_is_accepted() {
    let (_, most) = limits("Email");
    let label = "x".repeat(63);
    let address = format!("{}@{label}.{label}.{}", "a".repeat(64), "y".repeat(most - 64 - 129));
    assert_eq!(address.len(), most);
    assert!(Email::parse(&address).is_ok());
    assert!(Email::parse(&format!("{address}y")).is_err());
}

#[test]
fn every_scalar_is_described_and_limited() {
    for (name, schema) in super::every() {
        assert!(
            schema["description"].as_str().is_some_and(|text| text.ends_with('.')),
            "{name}"
        );
        let limits = ["enum", "pattern", "format", "maxLength", "maximum", "minLength"];
        assert!(limits.iter().any(|key| schema[*key] != Value::Null), "{name} has no limit");
    }
}
