//! Conditions on fields, and the order of their values.

use hallpass_engine::FieldOption;
use serde_json::json;

use super::*;

fn field(key: &str, holds: FieldType) -> Field {
    let is_choice = holds == FieldType::Choice;
    let options =
        if is_choice { ["Low", "High"].map(FieldOption::named).to_vec() } else { vec![] };
    Field { key: key.to_owned(), name: key.to_owned(), holds, required: false, options }
}

fn fields() -> Vec<Field> {
    [
        ("name", FieldType::Text),
        ("note", FieldType::LongText),
        ("amount", FieldType::Money),
        ("size", FieldType::Number),
        ("due", FieldType::Date),
        ("mail", FieldType::Email),
        ("level", FieldType::Choice),
        ("vip", FieldType::Check),
    ]
    .into_iter()
    .map(|(key, holds)| field(key, holds))
    .collect()
}

fn condition(key: &str, test: Test) -> Condition {
    Condition::check(&fields(), key, test, "/filter/0").unwrap()
}

fn refusal(key: &str, test: Test) -> (String, &'static str) {
    let error = Condition::check(&fields(), key, test, "/filter/0").unwrap_err();
    (error.pointer, error.code)
}

fn admits(key: &str, test: &Test, value: &Value) -> bool {
    let fields = json!({ key: value });
    condition(key, test.clone()).admits(fields.as_object().unwrap())
}

#[test]
fn a_value_is_compared_by_its_type() {
    for (key, is, value, expected) in [
        ("name", json!("ANNA"), json!("Anna"), true),
        ("name", json!("Ann"), json!("Anna"), false),
        ("amount", json!(1250), json!(1250.0), true),
        ("amount", json!(1250), json!(1250.01), false),
        ("size", json!(-0.0), json!(0), true),
        ("level", json!("High"), json!("High"), true),
        ("level", json!("High"), json!("Low"), false),
        ("vip", json!(false), json!(false), true),
        ("due", json!("2026-03-15"), json!("2026-03-15"), true),
    ] {
        assert_eq!(admits(key, &Test::Is(is.clone()), &value), expected, "{key} {is} {value}");
    }
}

#[test]
fn a_part_of_a_text_is_found_without_case_and_accents() {
    let part = Test::Contains("mull".to_owned());
    assert!(admits("name", &part, &json!("Anna MÜLLER")));
    assert!(admits("note", &part, &json!("a\nmüller")));
    assert!(!admits("name", &part, &json!("Anna")));
    assert!(admits("mail", &Test::Contains("@EXAMPLE".to_owned()), &json!("a@example.com")));
}

#[test]
fn numbers_and_dates_are_between_two_values_with_both_ends() {
    let between = |from: Value, to: Value| Test::Between(Some(from), Some(to));
    for (number, expected) in
        [(-10.5, false), (-10.0, true), (0.0, true), (9.99, true), (10.0, true), (10.01, false)]
    {
        assert_eq!(admits("size", &between(json!(-10), json!(10)), &json!(number)), expected);
    }
    let from = Test::Between(Some(json!("2026-03-15")), None);
    assert!(admits("due", &from, &json!("2026-12-01")));
    assert!(!admits("due", &from, &json!("2025-12-01")));
    assert!(admits(
        "due",
        &Test::Between(None, Some(json!("2026-03-15"))),
        &json!("2026-03-15")
    ));
}

#[test]
fn a_missing_value_is_empty_and_nothing_else() {
    let nothing = Map::new();
    for (test, expected) in [
        (Test::Empty(true), true),
        (Test::Empty(false), false),
        (Test::Is(json!("a")), false),
        (Test::Contains(String::new()), false),
    ] {
        assert_eq!(condition("name", test).admits(&nothing), expected);
    }
    assert!(!admits("name", &Test::Empty(true), &json!("a")));
    assert!(admits("name", &Test::Empty(false), &json!("a")));
}

#[test]
fn what_a_field_cannot_be_tested_by_is_refused() {
    for (key, test, expected) in [
        ("nam", Test::Empty(true), ("/filter/0/field", "unknown_field")),
        ("vip", Test::Is(json!("yes")), ("/filter/0/is", "wrong_type")),
        ("level", Test::Is(json!("Middle")), ("/filter/0/is", "unknown_option")),
        ("size", Test::Contains("1".to_owned()), ("/filter/0/contains", "wrong_type")),
        ("name", Test::Between(Some(json!("a")), None), ("/filter/0/from", "wrong_type")),
        ("name", Test::Between(None, Some(json!("a"))), ("/filter/0/to", "wrong_type")),
        ("due", Test::Between(None, Some(json!("soon"))), ("/filter/0/to", "bad_format")),
    ] {
        let (pointer, code) = refusal(key, test);
        assert_eq!((pointer.as_str(), code), expected, "{key}");
    }
}

#[test]
fn values_are_sorted_by_their_type() {
    for (key, in_order) in [
        ("size", vec![json!(-100), json!(-1.5), json!(0), json!(2), json!(10)]),
        ("amount", vec![json!(9.99), json!(10), json!(99_999.5)]),
        ("name", vec![json!("apfel"), json!("Äpfel"), json!("Zebra")]),
        ("level", vec![json!("Low"), json!("High")]),
        ("due", vec![json!("2025-12-31"), json!("2026-01-01")]),
        ("vip", vec![json!(false), json!(true)]),
    ] {
        let fields = fields();
        let field = fields.iter().find(|field| field.key == key).unwrap();
        let keys: Vec<_> = in_order
            .iter()
            .map(|value| field_key(field, json!({ key: value }).as_object().unwrap()).unwrap())
            .collect();
        assert!(keys.is_sorted_by(|a, b| a < b), "{key}: {keys:?}");
        assert_eq!(field_key(field, &Map::new()), None);
    }
}
