//! Accounts: pictures, languages and notifications.

use data_encoding::BASE64;
use hallpass_domain::account::{
    Account, LARGEST_PICTURE, NOTIFICATIONS, check_picture, is_locale,
};
use hallpass_domain::email::Email;
use hallpass_domain::id::AccountId;
use hallpass_domain::name::Name;
use hallpass_domain::time::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

fn account(last_name: &str, notifications: Value) -> Account {
    Account {
        id: AccountId(Uuid::from_u128(1)),
        email: Email::parse("anna@example.com").unwrap(),
        first_name: Name::parse("Anna").unwrap(),
        last_name: last_name.to_owned(),
        password: None,
        locale: "en".to_owned(),
        picture: None,
        notifications: serde_json::from_value::<Map<String, Value>>(notifications).unwrap(),
        is_operator: false,
        disabled_at: None,
        confirmed_at: None,
        created_at: Timestamp::from_seconds(1),
        version: 1,
    }
}

#[test]
fn a_name_has_no_spaces_at_its_ends() {
    assert_eq!(account("Berg", json!({})).name(), "Anna Berg");
    assert_eq!(account("", json!({})).name(), "Anna");
}

#[test]
fn a_notification_is_received_unless_it_is_switched_off() {
    for (key, starts) in NOTIFICATIONS {
        assert_eq!(account("", json!({})).wants(key), starts, "{key}");
        for on in [true, false] {
            assert_eq!(account("", json!({ key: on })).wants(key), on, "{key}");
        }
        assert_eq!(account("", json!({ key: "no" })).wants(key), starts, "{key}");
    }
    assert!(!account("", json!({})).wants("newsletter"));
}

#[test]
fn a_picture_is_a_data_url_of_a_known_kind() {
    for kind in ["png", "jpeg", "webp"] {
        assert_eq!(check_picture(&format!("data:image/{kind};base64,AAAA")), Ok(()), "{kind}");
    }
    for (text, why) in [
        ("", "expected a PNG, JPEG or WebP picture"),
        ("https://example.com/a.png", "expected a PNG, JPEG or WebP picture"),
        ("data:image/svg+xml;base64,AAAA", "expected a PNG, JPEG or WebP picture"),
        ("data:text/html;base64,AAAA", "expected a PNG, JPEG or WebP picture"),
        ("data:image/png,AAAA", "expected a PNG, JPEG or WebP picture"),
        (" data:image/png;base64,AAAA", "expected a PNG, JPEG or WebP picture"),
        ("data:image/png;base64,", "expected the picture in valid base64"),
        ("data:image/png;base64,AAA", "expected the picture in valid base64"),
        ("data:image/png;base64,A A=", "expected the picture in valid base64"),
    ] {
        let found = check_picture(text).unwrap_err();
        assert!(found.starts_with(why), "{text}: {found}");
    }
}

#[test]
fn a_picture_has_a_limited_size() {
    let prefix = "data:image/png;base64,";
    let room = LARGEST_PICTURE - prefix.len();
    let fits = BASE64.encode(&vec![0; room / 4 * 3]);

    assert_eq!(check_picture(&format!("{prefix}{fits}")), Ok(()));
    let found = check_picture(&format!("{prefix}{fits}{}", "A".repeat(8))).unwrap_err();
    assert!(found.starts_with("expected at most 200000 bytes, got "), "{found}");
}

#[test]
fn a_language_has_two_or_three_letters_and_parts() {
    for text in ["en", "de-CH", "gsw", "zh-Hant-TW", "es-419", "sl-rozaj-biske"] {
        assert!(is_locale(text), "{text}");
    }
    for text in [
        "",
        "e",
        "engl",
        "EN",
        "De",
        "e1",
        "en-",
        "-en",
        "en-a",
        "en_US",
        "en-abcdefghi",
        "en-ü2",
        "en--US",
        "de-abcdefgh-abcdefgh-x",
    ] {
        assert!(!is_locale(text), "{text}");
    }
}
