//! Checks of settings.

use hallpass_engine::Resource;
use serde_json::{Map, Value, json};

use super::{Area, MASK, check, shown, told};
use crate::refusal::Refusal;

fn map(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// `contacts` and `deals`, which can be switched off, and the settings `members`, which cannot.
fn resources() -> Vec<Resource> {
    hallpass_engine::doc::blueprint().unwrap().resources.clone()
}

fn set(area: Area, given: &Value, kept: &Value) -> Result<Value, Vec<String>> {
    match check(area, &resources(), &map(given), &map(kept)) {
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
fn a_flag_is_on_or_off() {
    for key in ["allow_sso_sign_up", "require_sso"] {
        for value in [json!(true), json!(false), json!(null)] {
            assert!(set(Area::Authentication, &json!({ key: value }), &json!({})).is_ok());
        }
        let wrong = set(Area::Authentication, &json!({ key: "yes" }), &json!({}));
        assert_eq!(wrong, Err(vec![format!("/{key} wrong_type")]));
    }
}

#[test]
fn only_what_can_be_switched_off_is_a_module() {
    let modules = |given: Value| set(Area::Modules, &given, &json!({}));
    let refused = |place: &str| Err(vec![place.to_owned()]);

    for value in [json!(true), json!(false), json!(null)] {
        let given = json!({"contacts": value, "deals": value});
        assert_eq!(modules(given.clone()), Ok(given));
        let found = modules(json!({"members": value}));
        assert_eq!(found, refused("/members cannot_switch_off"));
        assert_eq!(modules(json!({"boats": value})), refused("/boats unknown_setting"));
    }
    for wrong in [json!("off"), json!(0), json!([]), json!({})] {
        assert_eq!(modules(json!({"deals": wrong})), refused("/deals wrong_type"), "{wrong}");
    }
    let given = map(&json!({"member": false}));
    let Err(Refusal::Fields(errors)) = check(Area::Modules, &resources(), &given, &given)
    else {
        panic!("expected field errors")
    };
    assert_eq!(errors[0].detail, "no setting `member`; settings: `contacts`, `deals`");
}

#[test]
fn the_start_page_is_a_part_of_the_product() {
    let landing = |page: &str| set(Area::General, &json!({"landing": page}), &json!({}));

    for known in ["contacts", "deals", "members"] {
        assert_eq!(landing(known), Ok(json!({"landing": known})));
    }
    for unknown in ["", "contact", "Deals", "every"] {
        assert_eq!(landing(unknown), Err(vec!["/landing unknown".to_owned()]), "{unknown}");
    }
}

#[test]
fn a_currency_has_three_capital_letters() {
    let currency = |text: &str| set(Area::General, &json!({"currency": text}), &json!({}));

    for known in ["CHF", "EUR"] {
        assert_eq!(currency(known), Ok(json!({"currency": known})));
    }
    for wrong in ["", "CH", "CHFF", "chf", "CH1", "ÄÖ", "€"] {
        let expected = Err(vec!["/currency bad_currency".to_owned()]);
        assert_eq!(currency(wrong), expected, "{wrong}");
    }
}

#[test]
fn a_list_has_two_hundred_entries_at_most() {
    let lists = [
        (Area::Authentication, "allowed_domains", "example.com"),
        (Area::Security, "allowed_networks", "192.0.2.0/24"),
    ];
    for (area, key, entry) in lists {
        let list = |count: usize| set(area, &json!({ key: vec![entry; count] }), &json!({}));
        assert!(list(0).is_ok() && list(200).is_ok(), "{key}");
        for count in [201, 202] {
            assert_eq!(list(count), Err(vec![format!("/{key} too_many")]));
        }
        let mixed = set(area, &json!({ key: [entry, "a b", 1, null, entry] }), &json!({}));
        let places = mixed.unwrap_err();
        assert_eq!(places.len(), 3, "{places:?}");
        for (place, found) in (1..).zip(places) {
            assert!(found.starts_with(&format!("/{key}/{place} bad_")), "{found}");
        }
        let text = set(area, &json!({ key: entry }), &json!({}));
        assert_eq!(text, Err(vec![format!("/{key} wrong_type")]));
    }
}

#[test]
fn a_model_is_set_and_removed_by_its_key() {
    let kept = json!({"models": {"chat": "small", "mail": "large"}});
    let models = |given: Value| set(Area::Intelligence, &json!({ "models": given }), &kept);
    let stored = |models: Value| Ok(json!({ "models": models }));
    let refused = |mistake: &str| Err(vec![format!("/models{mistake}")]);

    assert_eq!(models(json!({})), stored(json!({"chat": "small", "mail": "large"})));
    let changed = models(json!({"chat": null, "mail": "", "new": "x", "gone": null}));
    assert_eq!(changed, stored(json!({"mail": "", "new": "x"})));
    assert_eq!(models(json!("small")), refused(" wrong_type"));
    assert_eq!(models(json!(["small"])), refused(" wrong_type"));
    for wrong in [json!(1), json!(true), json!([]), json!({})] {
        assert_eq!(models(json!({"a/b": wrong})), refused("/a~1b bad_text"), "{wrong}");
    }
    assert!(models(json!({"chat": "ü".repeat(200)})).is_ok());
    assert_eq!(models(json!({"chat": "ü".repeat(201)})), refused("/chat bad_text"));
    let key = "k".repeat(64);
    assert!(models(json!({&key: "x"})).is_ok());
    assert_eq!(models(json!({format!("{key}k"): "x"})), refused(&format!("/{key}k bad_key")));
}

#[test]
fn a_workspace_has_a_limited_number_of_models() {
    let models = |count: usize| {
        let all: Map<String, Value> = (0..count).map(|n| (n.to_string(), json!("x"))).collect();
        set(Area::Intelligence, &json!({"models": all}), &json!({"models": {"chat": "small"}}))
    };

    assert!(models(199).is_ok());
    for count in [200, 201] {
        assert_eq!(models(count), Err(vec!["/models too_many".to_owned()]), "{count}");
    }
}

#[test]
fn a_time_zone_is_one_of_the_zone_data() {
    let zone = |zone: &str| set(Area::General, &json!({"time_zone": zone}), &json!({}));
    assert!(zone("Europe/Berlin").is_ok() && zone("UTC").is_ok());
    for unknown in ["Mars/X", "Berlin", "UTC+1", "Europe/Berlinn", ""] {
        assert_eq!(
            zone(unknown),
            Err(vec!["/time_zone bad_time_zone".to_owned()]),
            "{unknown}"
        );
    }
}

#[test]
fn what_is_no_domain_is_refused() {
    for wrong in ["@a", "a b", ""] {
        let given = json!({"allowed_domains": [wrong]});
        assert!(set(Area::Authentication, &given, &json!({})).is_err(), "{wrong}");
    }
}

#[test]
fn the_sign_in_policy_has_bounds() {
    let security = |given: Value| set(Area::Security, &given, &json!({}));
    for key in ["idle_minutes", "absolute_minutes", "step_up_minutes"] {
        assert!(security(json!({key: 30})).is_ok(), "{key}");
        for wrong in
            [json!(0), json!(-5), json!(10_000_000), json!("30"), json!(7.5), json!(true)]
        {
            let expected = Err(vec![format!("/{key} out_of_range")]);
            assert_eq!(security(json!({key: wrong})), expected, "{key} {wrong}");
        }
    }
    assert!(security(json!({"allowed_networks": ["10.0.0.0/8", "::1"]})).is_ok());
    let wrong = security(json!({"allowed_networks": ["10.0.0.0/8", "office"]}));
    assert_eq!(wrong, Err(vec!["/allowed_networks/1 bad_network".to_owned()]));
}

#[test]
fn a_second_factor_is_required_from_a_day() {
    let from = |day: Value| {
        set(Area::Authentication, &json!({"require_second_factor": day}), &json!({}))
    };
    assert!(from(json!("2026-12-31")).is_ok());
    assert!(from(Value::Null).is_ok());
    for wrong in ["2026-02-30", "tomorrow", "2026-12-31T00:00:00Z", "20261231", ""] {
        let expected = Err(vec!["/require_second_factor bad_date".to_owned()]);
        assert_eq!(from(json!(wrong)), expected, "{wrong}");
    }
}

#[test]
fn a_secret_is_hidden_and_its_mask_keeps_it() {
    let made = json!({"connections": {"slack": {"kind": "slack", "name": "Slack", "config": {"api_key": "s3", "room": "x"},
        "options": {"channel": "#sales"}}}});
    let kept = set(Area::Integrations, &made, &json!({})).unwrap();
    assert_eq!(kept["connections"]["slack"]["enabled"], true);

    let seen = Value::Object(shown(&map(&kept)));
    assert_eq!(seen["connections"]["slack"]["config"], json!({"api_key": MASK, "room": MASK}));
    assert_eq!(seen["connections"]["slack"]["options"], json!({"channel": "#sales"}));
    let again = set(Area::Integrations, &seen, &kept).unwrap();
    assert_eq!(again["connections"]["slack"]["config"]["api_key"], "s3");

    let gone =
        set(Area::Integrations, &json!({"connections": {"slack": null}}), &again).unwrap();
    assert_eq!(gone["connections"], json!({}));
}

#[test]
fn the_audit_log_shows_the_size_of_a_picture() {
    let logo = map(&json!({"logo": "data:image/png;base64,AAAA"}));
    assert_eq!(told(&logo)["logo"], "a picture of 26 bytes");
}
