//! Connections to other systems: what a change does to them, and what it may contain.

use hallpass_domain::refusal::Refusal;
use hallpass_domain::setting::{Area, ConnectionEffect, MASK, check, effect, shown, told};
use serde_json::{Map, Value, json};

fn map(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

/// What is said of each mistake in a connection.
fn details(change: &Value) -> Vec<String> {
    let given = map(json!({ "connections": change }));
    match check(Area::Integrations, &[], &given, &kept()) {
        Err(Refusal::Fields(errors)) => errors.into_iter().map(|one| one.detail).collect(),
        Ok(_) | Err(_) => Vec::new(),
    }
}

/// One connection that is on, and one that is off.
fn kept() -> Map<String, Value> {
    map(json!({"connections": {
        "slack": {
            "kind": "slack", "name": "Slack", "enabled": true, "options": {},
            "config": {"token": "s3cret"},
        },
        "mail": {
            "kind": "mail", "name": "Mail", "enabled": false, "options": {}, "config": {},
        },
    }}))
}

/// What a change does: `+` connects, `~` configures, `-` disconnects.
fn effect_of(change: &Value) -> String {
    let given = map(json!({ "connections": change }));
    let ConnectionEffect { connects, configures, disconnects } =
        effect(Area::Integrations, &given, &kept()).unwrap();
    let marks = [(connects, '+'), (configures, '~'), (disconnects, '-')];
    marks.into_iter().filter(|(is_set, _)| *is_set).map(|(_, mark)| mark).collect()
}

#[test]
fn to_add_and_to_remove_a_connection_differ_from_configuring_it() {
    for (change, expected) in [
        (json!({}), ""),
        (json!({"new": {"kind": "x", "name": "X"}}), "+"),
        (json!({"slack": {"name": "Chat"}}), "~"),
        (json!({"slack": {}}), "~"),
        (json!({"slack": null}), "-"),
        (json!({"new": null}), "~"),
        (json!(null), "-"),
        (json!("nothing"), "~"),
        (json!({"slack": {"enabled": true}}), "~"),
        (json!({"slack": {"enabled": false}}), "-"),
        (json!({"mail": {"enabled": true}}), "+"),
        (json!({"mail": {"enabled": false}}), "~"),
        (json!({"slack": {"enabled": false, "name": "Chat"}}), "~-"),
        (json!({"mail": {"enabled": true, "config": {"token": "x"}}}), "+~"),
        (json!({"slack": null, "new": {"kind": "x", "name": "X"}}), "+-"),
        (json!({"slack": {"name": "Chat"}, "mail": null}), "~-"),
    ] {
        assert_eq!(effect_of(&change), expected, "{change}");
    }
}

#[test]
fn to_clear_no_connections_does_nothing() {
    let clears = map(json!({"connections": null}));
    let effect = |kept: Value| effect(Area::Integrations, &clears, &map(kept)).unwrap();

    assert!(!effect(json!({})).disconnects);
    assert!(!effect(json!({"connections": {}})).disconnects);
    assert!(effect(json!({"connections": {"a": {}}})).disconnects);
}

#[test]
fn a_connection_without_a_switch_is_on() {
    let kept = map(json!({"connections": {"slack": {"kind": "slack", "name": "Slack"}}}));
    let turned = |on: bool| {
        let change = map(json!({"connections": {"slack": {"enabled": on}}}));
        effect(Area::Integrations, &change, &kept).unwrap()
    };

    assert!(turned(false).disconnects && !turned(true).connects);
}

#[test]
fn areas_without_connections_have_no_such_effect() {
    let given = map(json!({"models": {"chat": "small"}}));
    for area in Area::EVERY {
        let has_connections = matches!(area, Area::Integrations | Area::Intelligence);
        assert_eq!(effect(area, &given, &Map::new()).is_some(), has_connections, "{area:?}");
    }
    let models = effect(Area::Intelligence, &given, &Map::new()).unwrap();
    assert!(models.configures && !models.connects && !models.disconnects);
    let providers = map(json!({"providers": {"x": {"kind": "x", "name": "X"}}}));
    assert!(effect(Area::Intelligence, &providers, &Map::new()).unwrap().connects);
}

fn set(change: &Value) -> Result<Value, Vec<String>> {
    let given = map(json!({ "connections": change }));
    match check(Area::Integrations, &[], &given, &kept()) {
        Ok(mut values) => Ok(values.remove("connections").unwrap_or_default()),
        Err(Refusal::Fields(errors)) => {
            let places = errors.into_iter().map(|one| format!("{} {}", one.pointer, one.code));
            Err(places.map(|place| place.replace("/connections", "")).collect())
        }
        Err(other) => Err(vec![other.to_string()]),
    }
}

#[test]
fn every_mistake_in_a_connection_is_reported_with_its_place() {
    for (change, expected) in [
        (json!("x"), " wrong_type"),
        (json!({"Slack": {}}), "/Slack bad_key"),
        (json!({"a/b": {}}), "/a~1b bad_key"),
        (json!({"slack": 1}), "/slack wrong_type"),
        (json!({"new": {}}), "/new/kind missing"),
        (json!({"new": {"kind": "x"}}), "/new/name missing"),
        (json!({"slack": {"kind": "a b"}}), "/slack/kind bad_value"),
        (json!({"slack": {"kind": 1}}), "/slack/kind bad_value"),
        (json!({"slack": {"name": " "}}), "/slack/name bad_value"),
        (json!({"slack": {"enabled": "yes"}}), "/slack/enabled bad_value"),
        (json!({"slack": {"secret": "x"}}), "/slack/secret unknown_setting"),
        (json!({"slack": {"config": "x"}}), "/slack/config wrong_type"),
        (json!({"slack": {"config": {"a": 1}}}), "/slack/config/a bad_text"),
        (json!({"slack": {"options": {"a": [1]}}}), "/slack/options/a bad_text"),
    ] {
        assert_eq!(set(&change), Err(vec![expected.to_owned()]), "{change}");
    }
}

#[test]
fn a_mistake_in_a_connection_says_what_was_expected() {
    for (change, expected) in [
        (json!({"slack": 1}), "expected an object, or null to disconnect"),
        (
            json!({"slack": {"kind": "a b"}}),
            "expected a key: a lower-case letter, then up to 63 ",
        ),
        (json!({"slack": {"name": " "}}), "expected a name of 1 to 100 characters"),
        (json!({"slack": {"enabled": 1}}), "expected `true` or `false`"),
        (json!({"slack": {"secret": 1}}), "no field `secret`; fields: `kind`, `name`, "),
        (json!({"slack": {"config": 1}}), "expected an object of texts"),
        (
            json!({"slack": {"config": {"a": 1}}}),
            "expected a text of at most 10000 bytes, or null",
        ),
        (
            json!({"slack": {"config": {"a".repeat(65): ""}}}),
            "expected a key of at most 64 bytes",
        ),
    ] {
        let found = details(&change);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{change} {found:?}");
    }
}

#[test]
fn the_texts_of_a_connection_are_limited_in_length_and_number() {
    let check = |part: &str, key: &str, text: &str, mistake: Option<&str>| {
        let found = set(&json!({"slack": {part: {key: text}}}));
        match mistake {
            None => assert_eq!(found.unwrap()["slack"][part][key], text),
            Some(code) => assert_eq!(found, Err(vec![format!("/slack/{part}/{key} {code}")])),
        }
    };
    let texts = |texts: std::ops::Range<usize>| {
        Value::Object(texts.map(|number| (format!("t{number}"), json!("x"))).collect())
    };
    for part in ["config", "options"] {
        let key = "k".repeat(64);
        check(part, &key, "", None);
        check(part, &format!("{key}k"), "", Some("bad_key"));
        check(part, "key", &"x".repeat(10_000), None);
        check(part, "key", &"x".repeat(10_001), Some("bad_text"));
        check(part, "key", &"ü".repeat(5_001), Some("bad_text"));
        let too_many = Err(vec![format!("/mail/{part} too_many")]);
        assert!(set(&json!({"mail": {part: texts(0..100)}})).is_ok(), "{part}");
        assert_eq!(set(&json!({"mail": {part: texts(0..101)}})), too_many);
        assert_eq!(set(&json!({"mail": {part: texts(0..102)}})), too_many);
    }
    // Those that are stored count, too.
    assert!(set(&json!({"slack": {"config": texts(0..99)}})).is_ok());
    let found = set(&json!({"slack": {"config": texts(0..100)}}));
    assert_eq!(found, Err(vec!["/slack/config too_many".to_owned()]));
    let long = set(&json!({"slack": {"config": {"k".repeat(65): null}}})).unwrap();
    assert_eq!(long, kept()["connections"], "what is not there can be removed");
}

#[test]
fn a_change_of_a_connection_keeps_what_it_does_not_name() {
    let changed =
        set(&json!({"slack": {"name": "Chat", "config": {"room": "sales"}}})).unwrap();

    assert_eq!(changed["slack"]["name"], "Chat");
    assert_eq!(changed["slack"]["kind"], "slack");
    assert_eq!(changed["slack"]["config"], json!({"token": "s3cret", "room": "sales"}));
    assert_eq!(changed["mail"], kept()["connections"]["mail"]);
    let without = set(&json!({"slack": {"config": {"token": null}}})).unwrap();
    assert_eq!(without["slack"]["config"], json!({}));
    let masked = set(&json!({"slack": {"config": {"token": MASK}}})).unwrap();
    assert_eq!(masked["slack"]["config"]["token"], "s3cret");
}

#[test]
fn a_workspace_has_a_limited_number_of_connections() {
    let connections = |count: usize| {
        let one = |number| (format!("c{number}"), json!({"kind": "x", "name": "X"}));
        Value::Object((0..count).map(one).collect())
    };

    assert!(set(&connections(98)).is_ok());
    assert_eq!(set(&connections(99)), Err(vec![" too_many".to_owned()]));
}

#[test]
fn no_text_of_a_configuration_is_shown_at_any_depth() {
    let values = map(json!({
        "connections": {"x": {"config": {"a": "s3cret", "b": "", "c": null}, "name": "X"}},
        "handbook": "s3cret is a word",
    }));

    let seen = Value::Object(shown(&values));

    let config = &seen["connections"]["x"]["config"];
    assert_eq!(*config, json!({"a": MASK, "b": "", "c": MASK}));
    assert_eq!(seen["connections"]["x"]["name"], "X");
    assert_eq!(seen["handbook"], "s3cret is a word");
    assert_eq!(Value::Object(told(&values)), seen, "there is no picture");
}

#[test]
fn every_area_is_parsed_from_its_word_and_lists_its_keys() {
    for area in Area::EVERY {
        assert_eq!(Area::parse(area.word()), Some(area));
    }
    assert_eq!(Area::parse("billing"), None);
    assert!(Area::General.keys().any(|key| key == "handbook"));
    assert_eq!(
        Area::Authentication.keys().collect::<Vec<_>>(),
        ["allowed_domains", "require_second_factor", "require_sso", "allow_sso_sign_up"]
    );
    assert_eq!(
        Area::Security.keys().collect::<Vec<_>>(),
        ["idle_minutes", "absolute_minutes", "step_up_minutes", "allowed_networks"]
    );
}
