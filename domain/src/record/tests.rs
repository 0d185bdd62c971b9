//! What a schema accepts, and how a record follows its values.

use hallpass_engine::{Field, FieldOption, FieldType, Stage};
use serde_json::{Map, Value, json};

use super::{Owner, Record, Schema, Write};
use crate::id::{MemberId, RecordId};
use crate::text::fold;
use crate::time::Timestamp;
use uuid::Uuid;

fn field(key: &str, holds: FieldType, required: bool) -> Field {
    let is_choice = holds == FieldType::Choice;
    let options =
        if is_choice { ["Phone", "Web"].map(FieldOption::named).to_vec() } else { vec![] };
    Field { key: key.to_owned(), name: key.to_owned(), holds, required, options }
}

fn fields() -> Vec<Field> {
    let mut fields =
        vec![field("nickname", FieldType::Text, false), field("name", FieldType::Text, true)];
    for (word, holds) in FieldType::WORDS.into_iter().skip(1) {
        fields.push(field(word, holds, false));
    }
    fields
}

fn stages() -> Vec<Stage> {
    let stage = |key: &str, open| Stage { key: key.into(), name: key.into(), open, by: None };
    vec![stage("lead", true), stage("won", false)]
}

fn map(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

fn check(given: Value, write: Write) -> Result<Value, Vec<String>> {
    let (fields, stages) = (fields(), stages());
    let schema = Schema { fields: &fields, stages: &stages };
    let told = |errors: Vec<super::FieldError>| {
        errors.iter().map(|e| format!("{} {}: {}", e.pointer, e.code, e.detail)).collect()
    };
    schema.check(&map(given), write).map(Value::Object).map_err(told)
}

/// A value of one field as it is stored, or the code of its mistake.
fn kept(key: &str, value: &Value) -> Result<Value, String> {
    match check(json!({ key: value }), Write::Patch) {
        Ok(mut kept) => Ok(kept[key].take()),
        Err(errors) => {
            let (_, rest) = errors[0].split_once(' ').unwrap();
            Err(rest.split(':').next().unwrap().to_owned())
        }
    }
}

fn takes(key: &str, values: impl IntoIterator<Item = Value>) {
    for value in values {
        assert_eq!(kept(key, &value), Ok(value), "{key}");
    }
}

fn refuses(key: &str, code: &str, values: impl IntoIterator<Item = Value>) {
    for value in values {
        assert_eq!(kept(key, &value), Err(code.to_owned()), "{key} {value}");
    }
}

#[test]
fn every_type_accepts_its_own_values() {
    takes("name", [json!("Anna"), json!("ü".repeat(500))]);
    takes("long_text", [json!("two\nlines"), json!("a".repeat(50_000))]);
    takes("number", [json!(1), json!(-1.5), json!(1e300)]);
    takes(
        "money",
        [json!(0), json!(12), json!(12.3), json!(-12.34), json!(999_999_999_999.99)],
    );
    takes("date", [json!("2026-03-15"), json!("2024-02-29")]);
    takes("time", [json!("2026-03-15T12:00:00Z")]);
    takes("email", [json!("anna@example.com"), json!("o'neil+x@mail.example.co.uk")]);
    takes("phone", [json!("+49 (0)30 90-18.20"), json!("112")]);
    takes("link", [json!("https://example.com/a?b#c"), json!("HTTP://localhost:80")]);
    takes("choice", [json!("Phone")]);
    takes("check", [json!(true), json!(false)]);
}

#[test]
fn every_type_rejects_values_of_other_types() {
    for key in ["name", "long_text", "date", "time", "email", "phone", "link", "choice"] {
        refuses(key, "wrong_type", [json!(1), json!(true), json!([]), json!({})]);
    }
    refuses("number", "wrong_type", [json!("1"), json!(true), json!([])]);
    refuses("money", "wrong_type", [json!("1.00"), json!(true), json!({})]);
    refuses("check", "wrong_type", [json!("true"), json!(1)]);
}

#[test]
fn a_value_in_a_wrong_form_is_rejected() {
    refuses("name", "too_long", [json!("a".repeat(501))]);
    refuses("long_text", "too_long", [json!("a".repeat(50_001))]);
    refuses("name", "bad_character", [json!("a\0b"), json!("a\nb"), json!("\0")]);
    refuses("long_text", "bad_character", [json!("a\0b")]);
    refuses("money", "bad_format", [json!(1.234), json!(1e30), json!(1e-7), json!(1e12)]);
    refuses("money", "bad_format", [json!(1.5e30), json!(-1.5e30), json!(2.5e-9), json!(1e16)]);
    refuses("money", "bad_format", [json!(i64::MIN), json!(i64::MAX), json!(u64::MAX)]);
    let dates = ["2025-02-29", "2026-3-1", "20260301", "2026-13-01", "yesterday"];
    refuses("date", "bad_format", dates.map(Value::from));
    let times =
        ["2026-03-15", "2026-03-15T12:00:00", "2026-03-15 12:00:00Z", "2026-03-15T25:00:00Z"];
    refuses("time", "bad_format", times.map(Value::from));
    let mails =
        ["anna", "@example.com", "anna@", "a b@example.com", "a@b@example.com", "a@x..y"];
    refuses("email", "bad_format", mails.map(Value::from));
    refuses("phone", "bad_format", ["call me", "+", "12"].map(Value::from));
    let links = [
        "javascript:alert(1)",
        "javascript:alert('://')",
        "data:text/html,://x",
        "ftp://example.com",
        "file:///etc/passwd",
        "example.com",
        "https:example.com",
        "https://",
    ];
    refuses("link", "bad_format", links.map(Value::from));
    for mark in [' ', '\t', '\u{a0}', '<', '>', '"', '\\', '`'] {
        refuses("link", "bad_format", [json!(format!("https://example.com/a{mark}b"))]);
    }
    refuses("link", "bad_character", [json!("https://example.com/a\u{7f}b")]);
    refuses("choice", "unknown_option", [json!("phone"), json!("Fax")]);
}

#[test]
fn a_time_is_stored_in_utc() {
    let noon = kept("time", &json!("2026-03-15T14:00:00+02:00"));

    assert_eq!(noon, Ok(json!("2026-03-15T12:00:00Z")));
}

#[test]
fn every_mistake_is_reported_with_its_field_and_a_hint() {
    let given = json!({ "nam": "Anna", "a/b": 1, "choice": "Webb", "check": "no" });

    let errors = check(given, Write::New).unwrap_err();

    let expected = [
        "/fields/a~1b unknown_field: no field `a/b`; fields: `nickname`, `name`, `long_text`, \
         `number`, `money`, `date`, `time`, `email`, `phone`, `link` and 2 more",
        "/fields/check wrong_type: expected `true` or `false`",
        "/fields/choice unknown_option: no option `Webb`; did you mean `Web`? \
         Options: `Phone`, `Web`",
        "/fields/nam unknown_field: no field `nam`; did you mean `name`? Fields: `nickname`, \
         `name`, `long_text`, `number`, `money`, `date`, `time`, `email`, `phone`, `link` and 2 more",
        "/fields/name required: this field is required",
    ];
    assert_eq!(errors, expected);
}

#[test]
fn a_required_field_cannot_be_empty() {
    for empty in [json!(null), json!(""), json!("  ")] {
        for write in [Write::New, Write::Patch] {
            let errors = check(json!({ "name": empty }), write).unwrap_err();
            assert_eq!(errors, ["/fields/name required: this field is required"]);
        }
    }
    assert_eq!(check(json!({ "number": 1 }), Write::Patch), Ok(json!({ "number": 1 })));
}

#[test]
fn an_optional_field_can_be_emptied() {
    let given = json!({ "name": " Anna ", "number": null, "email": "" });

    assert_eq!(check(given.clone(), Write::New), Ok(json!({ "name": "Anna" })));
    let patch = json!({ "name": "Anna", "number": null, "email": null });
    assert_eq!(check(given, Write::Patch), Ok(patch));
}

fn record() -> Record {
    Record {
        id: RecordId(Uuid::from_u128(1)),
        entity: "deals".to_owned(),
        owner: Owner::Unowned,
        title: String::new(),
        fields: Map::new(),
        stage: None,
        open: true,
        amount: None,
        created_by: None,
        created_at: Timestamp::from_micros(0),
        updated_at: Timestamp::from_micros(0),
        version: 1,
    }
}

#[test]
fn a_record_takes_its_title_and_amount_from_its_fields() {
    let (fields, stages) = (fields(), stages());
    let schema = Schema { fields: &fields, stages: &stages };
    let mut deal = record();

    deal.put(map(json!({ "nickname": "A", "name": "Anna", "money": 12.5 })), schema);
    assert_eq!((deal.title.as_str(), deal.amount), ("Anna", Some(1_250)));

    deal.put(map(json!({ "nickname": null, "name": "Ben", "money": null })), schema);
    assert_eq!((deal.title.as_str(), deal.amount), ("Ben", None));
    assert_eq!(Value::Object(deal.fields), json!({ "name": "Ben" }));
}

#[test]
fn money_is_counted_in_hundredths() {
    let fields = fields();
    let schema = Schema { fields: &fields, stages: &[] };
    for (money, amount) in [
        (json!(0.29), 29),
        (json!(1.1), 110),
        (json!(-3), -300),
        (json!(-0.05), -5),
        (json!(2.0), 200),
        (json!(999_999_999_999.99), 99_999_999_999_999),
    ] {
        assert_eq!(schema.amount(&map(json!({ "money": money }))), Some(amount));
    }
}

#[test]
fn without_a_required_text_another_value_is_the_title() {
    let fields =
        [field("email", FieldType::Email, true), field("note", FieldType::Text, false)];
    let schema = Schema { fields: &fields, stages: &[] };

    assert_eq!(schema.title(&map(json!({ "email": "a@x.org", "note": "n" }))), "n");
    assert_eq!(schema.title(&map(json!({ "email": "a@x.org" }))), "a@x.org");
    assert_eq!(schema.title(&Map::new()), "");
}

#[test]
fn a_new_record_is_in_the_first_stage() {
    let (fields, stages) = (fields(), stages());
    let schema = Schema { fields: &fields, stages: &stages };
    let mut deal = record();

    assert_eq!(schema.start().map(|stage| stage.key.as_str()), Some("lead"));
    deal.stand("won", schema).unwrap();
    assert_eq!((deal.stage.as_deref(), deal.open), (Some("won"), false));
    let error = deal.stand("lost", schema).unwrap_err();
    assert_eq!((error.pointer.as_str(), error.code), ("/stage", "unknown_stage"));
    assert_eq!(error.detail, "no stage `lost`; stages: `lead`, `won`");
}

#[test]
fn without_stages_every_record_is_open() {
    let bare = Schema { fields: &[], stages: &[] };
    let stages = stages();
    let deals = Schema { fields: &[], stages: &stages };

    assert!(bare.is_open(None));
    assert!(deals.is_open(Some("lead")) && !deals.is_open(Some("won")));
    let error = bare.stage("lead").unwrap_err();
    assert_eq!(error.detail, "this record type has no stages; remove this field");
}

#[test]
fn an_owner_is_restored_from_its_key() {
    let anna = Owner::Member(MemberId(Uuid::from_u128(7)));

    for owner in [Owner::Unowned, anna] {
        assert_eq!(Owner::of_key(owner.key()), owner);
    }
    assert!(Owner::Unowned.key().is_nil());
}

#[test]
fn titles_are_compared_without_case() {
    assert_eq!(fold("ÄNNA ﬁsh Ⅷ"), "änna fish viii");
}

#[test]
fn a_month_ends_at_midnight_in_utc() {
    let of = |text: &str| text.parse::<Timestamp>().unwrap().month();

    assert_eq!(of("2026-03-31T23:59:59Z"), 2026 * 12 + 2);
    assert_eq!(of("2026-04-01T00:00:00Z"), 2026 * 12 + 3);
    assert_eq!(of("1970-01-01T00:00:00Z"), 1970 * 12);
}
