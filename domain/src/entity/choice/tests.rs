//! How options are read and checked, and which are lost.

use hallpass_engine::{Field, FieldOption, FieldType};
use serde_json::{Value, json};

use super::{MOST_OPTIONS, OptionForm, lost_options};
use crate::entity::{FieldForm, check_fields};

fn form(options: &Value) -> FieldForm {
    let form = json!({"key": "source", "name": "Source", "type": "choice", "options": options});
    serde_json::from_value(form).unwrap()
}

fn mistakes(options: &Value) -> Vec<String> {
    let title = json!({"key": "name", "name": "Name", "type": "text", "required": true});
    let fields = [serde_json::from_value(title).unwrap(), form(options)];
    let errors = check_fields(&fields);
    errors.iter().map(|error| format!("{} {}", error.pointer, error.code)).collect()
}

#[test]
fn a_text_is_an_option_whose_key_and_name_are_that_text() {
    let read = form(&json!(["Fair", {"key": "old", "name": "Old customer"}])).options;

    let written = serde_json::to_value(&read).unwrap();
    assert_eq!(
        written,
        json!([{"key": "Fair", "name": "Fair"}, {"key": "old", "name": "Old customer"}])
    );
    assert_eq!(serde_json::from_value::<Vec<OptionForm>>(written).unwrap(), read);
}

#[test]
fn keys_and_names_of_options_are_unique() {
    let named = |key: &str, name: &str| json!({"key": key, "name": name});
    let refuses = |options: Value, mistake: &str| {
        assert_eq!(mistakes(&options), [format!("/fields/1/options{mistake}")], "{options}");
    };

    assert!(mistakes(&json!([named("a", "b"), named("b", "a"), "Straße"])).is_empty());
    refuses(json!([named("a", "x"), named("a", "y")]), "/1/key twice");
    refuses(json!([named("a", "Straße"), named("b", "STRASSE")]), "/1/name twice");
    refuses(json!([named(" a", "x")]), "/0/key bad_key");
    refuses(json!([named("\u{200B}", "x")]), "/0/key bad_key");
    refuses(json!([named("a", " ")]), "/0/name bad_name");
    refuses(json!([]), " bad_count");
    let many: Vec<String> = (0..=MOST_OPTIONS).map(|number| number.to_string()).collect();
    refuses(json!(many), " bad_count");
    assert!(mistakes(&json!(many.get(1..).unwrap())).is_empty());
    let all = [json!([null]), json!(["", " "])].map(|options| mistakes(&options).len());
    assert_eq!(all, [2, 4]);
}

#[test]
fn an_option_is_lost_when_its_key_is_gone() {
    let field = |key: &str, holds, options: &[(&str, &str)]| Field {
        key: key.to_owned(),
        name: key.to_owned(),
        holds,
        required: false,
        options: options
            .iter()
            .map(|(key, name)| FieldOption { key: (*key).into(), name: (*name).into() })
            .collect(),
    };
    let choice = |options: &[(&str, &str)]| [field("source", FieldType::Choice, options)];
    let before = choice(&[("a", "A"), ("b", "B")]);

    assert_eq!(
        lost_options(&before, &choice(&[("b", "A"), ("c", "B")])),
        [("source", vec!["a"])]
    );
    assert!(lost_options(&before, &choice(&[("b", "Bee"), ("a", "Other")])).is_empty());
    // The field as a whole is lost then, which is another rule.
    assert!(lost_options(&before, &[]).is_empty());
}
