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

/// The head of a PNG file of some pixels, and bytes after it.
fn png(width: u32, height: u32, rest: usize) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    file.extend(width.to_be_bytes());
    file.extend(height.to_be_bytes());
    file.extend(std::iter::repeat_n(0, rest));
    file
}

/// The head of a JPEG file: its marker, and a frame of some pixels.
fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut file = b"\xff\xd8\xff\xc0\0\x0b\x08".to_vec();
    file.extend(height.to_be_bytes());
    file.extend(width.to_be_bytes());
    file.extend(b"\x01\x01\x11\0\xff\xd9");
    file
}

/// The head of a lossless WebP file of some pixels.
fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut file = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f".to_vec();
    file.extend(((width - 1) | ((height - 1) << 14)).to_le_bytes());
    file.extend([0; 16]);
    file
}

fn data_url(kind: &str, file: &[u8]) -> String {
    format!("data:image/{kind};base64,{}", BASE64.encode(file))
}

#[test]
fn a_picture_is_a_data_url_of_a_known_kind() {
    let files = [("png", png(1, 1, 20)), ("jpeg", jpeg(1, 1)), ("webp", webp(1, 1))];
    for (kind, file) in &files {
        assert_eq!(check_picture(&data_url(kind, file)), Ok(()), "{kind}");
        for (other, _) in files.iter().filter(|(other, _)| other != kind) {
            let found = check_picture(&data_url(other, file)).unwrap_err();
            assert_eq!(found, "expected a picture of the kind that its `data:` URL names");
        }
    }
    for (text, why) in [
        ("", "expected a PNG, JPEG or WebP picture"),
        ("https://example.com/a.png", "expected a PNG, JPEG or WebP picture"),
        ("data:image/svg+xml;base64,AAAA", "expected a PNG, JPEG or WebP picture"),
        ("data:image/gif;base64,R0lGODlhAQABAAAAACw=", "expected a PNG, JPEG or WebP picture"),
        ("data:text/html;base64,AAAA", "expected a PNG, JPEG or WebP picture"),
        ("data:image/png,AAAA", "expected a PNG, JPEG or WebP picture"),
        (" data:image/png;base64,AAAA", "expected a PNG, JPEG or WebP picture"),
        ("data:image/png;base64,", "expected the picture in valid base64"),
        ("data:image/png;base64,AAA", "expected the picture in valid base64"),
        ("data:image/png;base64,A A=", "expected the picture in valid base64"),
        ("data:image/png;base64,AAAA", "expected a picture of the kind"),
        (
            "data:image/png;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+",
            "expected a picture of the kind",
        ),
    ] {
        let found = check_picture(text).unwrap_err();
        assert!(found.starts_with(why), "{text}: {found}");
    }
}

#[test]
fn a_picture_whose_size_cannot_be_read_is_refused() {
    let without_frame = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec();
    for (kind, file) in [
        ("png", png(1, 1, 0)[..18].to_vec()),
        ("jpeg", without_frame),
        ("webp", webp(1, 1)[..20].to_vec()),
    ] {
        let found = check_picture(&data_url(kind, &file)).unwrap_err();
        assert_eq!(found, "expected a picture whose size can be read", "{kind}");
    }
}

#[test]
fn a_picture_has_a_limited_size() {
    let room = (LARGEST_PICTURE - "data:image/png;base64,".len()) / 4 * 3;
    let fits = png(1, 1, room - png(1, 1, 0).len());

    assert_eq!(check_picture(&data_url("png", &fits)), Ok(()));
    let found = check_picture(&format!("{}{}", data_url("png", &fits), "A".repeat(8)));
    let found = found.unwrap_err();
    assert!(found.starts_with("expected at most 200000 bytes, got "), "{found}");
    for (length, why) in
        [(LARGEST_PICTURE, "expected a PNG"), (LARGEST_PICTURE + 1, "expected at most 200000 ")]
    {
        let found = check_picture(&"x".repeat(length)).unwrap_err();
        assert!(found.starts_with(why), "{length}: {found}");
    }
}

#[test]
fn a_picture_has_a_limited_number_of_pixels() {
    let most = 2_048;
    for (width, height) in [(most, 1), (1, most), (most, most)] {
        for (kind, file) in [
            ("png", png(width, height, 20)),
            ("jpeg", jpeg(width.try_into().unwrap(), height.try_into().unwrap())),
            ("webp", webp(width, height)),
        ] {
            assert_eq!(
                check_picture(&data_url(kind, &file)),
                Ok(()),
                "{kind} {width} {height}"
            );
        }
    }
    for (width, height) in [(most + 1, 1), (1, most + 1), (16_000, 16_000)] {
        for (kind, file) in [
            ("png", png(width, height, 20)),
            ("jpeg", jpeg(width.try_into().unwrap(), height.try_into().unwrap())),
            ("webp", webp(width, height)),
        ] {
            let found = check_picture(&data_url(kind, &file)).unwrap_err();
            let expected = "expected at most 2048 pixels in each direction, got ";
            assert_eq!(found, format!("{expected}{width} × {height}"), "{kind}");
        }
    }
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
