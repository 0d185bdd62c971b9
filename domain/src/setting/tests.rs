//! Checks of settings.

use serde_json::{Map, Value, json};

use super::{Area, MASK, check, is_secret, shown, told};
use crate::refusal::Refusal;

fn map(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn set(area: Area, given: &Value, kept: &Value) -> Result<Value, Vec<String>> {
    match check(area, &[], &map(given), &map(kept)) {
        Ok(values) => Ok(Value::Object(values)),
        Err(Refusal::Fields(errors)) => Err(errors
            .into_iter()
            .map(|error| format!("{} {}", error.pointer, error.code))
            .collect()),
        Err(other) => Err(vec![other.to_string()]),
    }
}

#[test]
fn every_mistake_is_reported() {
    let given = json!({"locale": "x", "currency": "chf", "time_zone": "a b", "logo": "x", "colour": "#000000"});
    let mut wrong = set(Area::General, &given, &json!({})).unwrap_err();
    wrong.sort();
    assert_eq!(
        wrong,
        [
            "/colour unknown_setting",
            "/currency bad_currency",
            "/locale bad_locale",
            "/logo bad_picture",
            "/time_zone bad_time_zone"
        ]
    );
    assert!(set(Area::Branding, &json!({"colour": "#1A2b3c"}), &json!({})).is_ok());
    assert!(set(Area::Branding, &json!({"colour": "red"}), &json!({})).is_err());
    assert!(set(Area::General, &json!({"handbook": "x".repeat(50_001)}), &json!({})).is_err());
}

#[test]
fn a_session_cannot_stay_idle_for_longer_than_it_lasts() {
    let kept = json!({"absolute_minutes": 60});
    let wrong = set(Area::Security, &json!({"idle_minutes": 61}), &kept).unwrap_err();
    assert_eq!(wrong, ["/idle_minutes too_long"]);
    assert!(set(Area::Security, &json!({"idle_minutes": 60}), &kept).is_ok());
    assert!(set(Area::Security, &json!({"idle_minutes": 4}), &json!({})).is_err());
}

#[test]
fn networks_and_domains_are_checked() {
    let fine = json!({"allowed_networks": ["192.0.2.0/24", "2001:db8::/32", "192.0.2.7"]});
    assert!(set(Area::Security, &fine, &json!({})).is_ok());
    for bad in ["192.0.2.0/33", "300.1.1.1", "192.0.2.0/+8", "x", "192.0.2.0/"] {
        let wrong = set(Area::Security, &json!({"allowed_networks": [bad]}), &json!({}));
        assert_eq!(wrong, Err(vec!["/allowed_networks/0 bad_network".to_owned()]), "{bad}");
    }
    assert!(
        set(Area::Authentication, &json!({"allowed_domains": ["a.example"]}), &json!({}))
            .is_ok()
    );
    assert!(
        set(Area::Authentication, &json!({"allowed_domains": ["@a"]}), &json!({})).is_err()
    );
}

#[test]
fn a_secret_is_hidden_and_its_mask_keeps_it() {
    let made = json!({"connections": {"slack": {"kind": "slack", "name": "Slack", "config": {"api_key": "s3", "room": "x"}}}});
    let kept = set(Area::Integrations, &made, &json!({})).unwrap();
    assert_eq!(kept["connections"]["slack"]["enabled"], true);

    let seen = Value::Object(shown(&map(&kept)));
    assert_eq!(seen["connections"]["slack"]["config"], json!({"api_key": MASK, "room": "x"}));
    let again = set(Area::Integrations, &seen, &kept).unwrap();
    assert_eq!(again["connections"]["slack"]["config"]["api_key"], "s3");

    let gone =
        set(Area::Integrations, &json!({"connections": {"slack": null}}), &again).unwrap();
    assert_eq!(gone["connections"], json!({}));
    assert!(is_secret("client-secret") && is_secret("apiKey") && !is_secret("keyboard"));
}

#[test]
fn the_audit_log_shows_the_size_of_a_picture() {
    let logo = map(&json!({"logo": "data:image/png;base64,AAAA"}));
    assert_eq!(told(&logo)["logo"], "a picture of 26 bytes");
}
