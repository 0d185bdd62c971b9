//! Tests of the form of fields: options survive the way through the form.

use hallpass_domain::entity::OptionForm;

use super::{Row, option, option_line};
use crate::form::Form;

#[test]
fn an_option_survives_the_way_through_the_form() {
    for (key, name) in [("open", "Open"), ("Switzerland", "Switzerland"), ("a", "b = c")] {
        let form = OptionForm { key: key.to_owned(), name: name.to_owned() };
        assert_eq!(option(&option_line(&form)), form);
    }
}

#[test]
fn a_row_takes_what_was_typed_and_a_checkbox_that_is_absent_is_off() {
    let row = Row {
        at: "field.kind".to_owned(),
        key: "kind".to_owned(),
        name: "Kind".to_owned(),
        holds: "choice".to_owned(),
        required: true,
        options: "a".to_owned(),
        ..Row::default()
    };
    let form = Form::parse(b"field.kind.name=Sort&field.kind.options=a%0A%0Ab+%3D+B");

    let field = row.clone().with(&form).field();

    assert_eq!(
        (field.key.as_str(), field.name.as_str(), field.required),
        ("kind", "Sort", false)
    );
    let keys: Vec<&str> = field.options.iter().map(|option| option.key.as_str()).collect();
    assert_eq!(keys, ["a", "b"]);
    assert!(row.with(&Form::default()).required, "a form that was not sent changes nothing");
}
