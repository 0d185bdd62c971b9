//! Mistakes in fields and stages, and which of them records keep from being taken away.

use hallpass_engine::FieldOption;

use super::*;
use crate::entity::OptionForm;

fn named(key: &str, name: &str, holds: &str) -> FieldForm {
    let (key, name, holds) = (key.to_owned(), name.to_owned(), holds.to_owned());
    FieldForm { key, name, holds, required: false, options: Vec::new() }
}

fn title() -> FieldForm {
    FieldForm { required: true, ..named("name", "Name", "text") }
}

/// Pointer and code of each mistake.
fn places(errors: Vec<FieldError>) -> Vec<String> {
    errors.into_iter().map(|error| format!("{} {}", error.pointer, error.code)).collect()
}

fn of_fields(fields: &[FieldForm]) -> Vec<String> {
    places(check_fields(fields))
}

#[test]
fn a_key_is_a_lower_case_letter_and_63_letters_digits_and_marks() {
    for key in ["a", "z", "deals", "deal_2-b", "a-", "a_", "every1", &"k".repeat(64)] {
        assert_eq!(check_key(key), None, "{key}");
    }
    let too_long = "k".repeat(65);
    for key in ["", "1a", "_a", "-a", "A", "aB", "a b", "a.b", "é", "aé", "every", &too_long]
    {
        assert_eq!(check_key(key).as_deref(), Some(KEY_SHAPE), "{key}");
    }
}

#[test]
fn a_name_that_is_none_is_reported_at_its_place() {
    assert_eq!(check_name("/one", "Deal"), None);
    for wrong in ["", " ", "a\nb", "www.example.com", &"x".repeat(101)] {
        let error = check_name("/one", wrong).unwrap();
        assert_eq!((error.pointer.as_str(), error.code), ("/one", "bad_name"), "{wrong:?}");
        assert_eq!(error.detail, Name::parse(wrong).unwrap_err().to_string(), "{wrong:?}");
    }
}

#[test]
fn a_record_type_has_a_required_text_as_the_title_of_its_records() {
    let optional = named("note", "Note", "text");
    let number = FieldForm { required: true, ..named("size", "Size", "number") };

    assert!(of_fields(&[title()]).is_empty());
    assert!(of_fields(&[optional.clone(), number.clone(), title()]).is_empty());
    for without in
        [vec![], vec![optional.clone()], vec![number.clone()], vec![optional, number]]
    {
        assert_eq!(of_fields(&without), ["/fields no_title"], "{without:?}");
    }
}

#[test]
fn a_record_type_has_a_limited_number_of_fields() {
    let fields = |count: usize| {
        let others = (1..count).map(|n| named(&format!("field_{n}"), "Field", "number"));
        std::iter::once(title()).chain(others).collect::<Vec<_>>()
    };

    assert!(of_fields(&fields(MOST_FIELDS)).is_empty());
    let errors = check_fields(&fields(MOST_FIELDS + 1));
    assert_eq!(errors[0].detail, "expected at most 100 fields, got 101");
    assert_eq!(places(errors), ["/fields too_many"]);
    assert_eq!(of_fields(&fields(MOST_FIELDS + 2)), ["/fields too_many"]);
}

#[test]
fn every_mistake_of_a_field_is_reported_with_its_place() {
    let check = |field: FieldForm, mistakes: &[&str]| {
        assert_eq!(of_fields(&[title(), field.clone()]), mistakes, "{field:?}");
    };

    for (word, holds) in FieldType::WORDS {
        let is_choice = holds == FieldType::Choice;
        let mistakes: &[&str] = if is_choice { &["/fields/1/options bad_count"] } else { &[] };
        check(named("other", "Other", word), mistakes);
    }
    check(named("Other", "Other", "text"), &["/fields/1/key bad_key"]);
    check(named("name", "Other", "text"), &["/fields/1/key twice"]);
    check(named("other", "Name", "text"), &[]);
    check(named("other", "", "text"), &["/fields/1/name bad_name"]);
    check(named("other", "Other", "texts"), &["/fields/1/type unknown_type"]);
    check(named("other", "Other", ""), &["/fields/1/type unknown_type"]);
    let all =
        ["/fields/1/key bad_key", "/fields/1/name bad_name", "/fields/1/type unknown_type"];
    check(named("", "", ""), &all);
}

#[test]
fn only_a_choice_has_options() {
    let option = FieldOption::named("Web");
    for (word, holds) in FieldType::WORDS {
        let options = vec![OptionForm::of(&option)];
        let field = FieldForm { options, ..named("source", "Source", word) };
        let mistakes: &[&str] =
            if holds == FieldType::Choice { &[] } else { &["/fields/1/options no_options"] };
        assert_eq!(of_fields(&[title(), field]), mistakes, "{word}");
    }
}

/// `deals` with the actions `create`, `read`, `update`, `delete` and `close`.
fn deals() -> Resource {
    hallpass_engine::doc::blueprint().unwrap().resource("deals").unwrap().clone()
}

fn stage(key: &str, name: &str, by: Option<&str>) -> StageForm {
    let by = by.map(str::to_owned);
    StageForm { key: key.to_owned(), name: name.to_owned(), open: true, by }
}

#[test]
fn every_mistake_of_a_stage_is_reported_with_its_place() {
    let deals = deals();
    let check = |second: StageForm, mistakes: &[&str]| {
        let stages = [stage("lead", "Lead", None), second];
        assert_eq!(places(check_stages(&stages, &deals)), mistakes, "{stages:?}");
    };

    assert!(check_stages(&[], &deals).is_empty());
    check(stage("won", "Won", None), &[]);
    check(stage("won", "Won", Some("close")), &[]);
    check(stage("won", "Lead", None), &[]);
    check(stage("Won", "Won", None), &["/stages/1/key bad_key"]);
    check(stage("lead", "Won", None), &["/stages/1/key twice"]);
    check(stage("won", " ", None), &["/stages/1/name bad_name"]);
    for unknown in ["fly", "", "Close"] {
        check(stage("won", "Won", Some(unknown)), &["/stages/1/by unknown_action"]);
    }
    let all =
        ["/stages/1/key bad_key", "/stages/1/name bad_name", "/stages/1/by unknown_action"];
    check(stage("", "", Some("")), &all);
    let errors = check_stages(&[stage("won", "Won", Some("clos"))], &deals);
    assert!(errors[0].detail.starts_with("no action `clos`; did you mean `close`?"));
}

#[test]
fn a_record_type_has_a_limited_number_of_stages() {
    let found = |count: usize| {
        let stages = (0..count).map(|n| stage(&format!("stage_{n}"), "Stage", None));
        check_stages(&stages.collect::<Vec<_>>(), &deals())
    };

    assert!(found(MOST_STAGES).is_empty());
    let errors = found(MOST_STAGES + 1);
    assert_eq!(errors[0].detail, "expected at most 50 stages, got 51");
    assert_eq!(places(errors), ["/stages too_many"]);
    assert_eq!(places(found(MOST_STAGES + 2)), ["/stages too_many"]);
}

/// Fields written as `key:type`.
fn fields(texts: &[&str]) -> Vec<Field> {
    let field = |text: &&str| {
        let (key, holds) = text.split_once(':').unwrap();
        named(key, key, holds).read().unwrap()
    };
    texts.iter().map(field).collect()
}

#[test]
fn a_field_is_lost_that_is_removed_or_changes_its_type() {
    let lost = |before: &[&str], after: &[&str], expected: &[&str]| {
        let (before, after) = (fields(before), fields(after));
        assert_eq!(lost_fields(&before, &after), expected, "{before:?} {after:?}");
    };
    let two = ["name:text", "size:number"];

    lost(&[], &two, &[]);
    lost(&two, &two, &[]);
    lost(&two, &["size:number", "new:date", "name:text"], &[]);
    lost(&two, &["name:text"], &["size"]);
    lost(&two, &[], &["name", "size"]);
    lost(&two, &["name:text", "size:text"], &["size"]);
    lost(&two, &["name:number", "size:text"], &["name", "size"]);
    lost(&two, &["size:text", "other:number"], &["name", "size"]);
}

#[test]
fn a_name_a_requirement_and_an_option_are_no_loss_of_a_field() {
    let before = fields(&["name:text", "source:choice"]);
    let renamed = |field: &Field| Field {
        name: "Other".to_owned(),
        required: true,
        options: vec![FieldOption::named("Web")],
        ..field.clone()
    };

    let after: Vec<Field> = before.iter().map(renamed).collect();

    assert!(lost_fields(&before, &after).is_empty());
}

/// The amount of a record is the value of the first money field, so both fields are concerned: the one
/// that was the first, and the one that becomes it.
#[test]
fn money_fields_that_take_turns_at_being_the_first_are_lost() {
    let lost = |before: &[&str], after: &[&str]| -> Vec<String> {
        let (before, after) = (fields(before), fields(after));
        lost_fields(&before, &after).into_iter().map(str::to_owned).collect()
    };
    let three = ["name:text", "fee:money", "tax:money", "tip:money"];

    for same in [
        ["name:text", "fee:money", "tip:money", "tax:money"],
        ["fee:money", "name:text", "tax:money", "tip:money"],
    ] {
        assert!(lost(&three, &same).is_empty(), "{same:?}");
    }
    let turned = ["name:text", "tax:money", "fee:money", "tip:money"];
    assert_eq!(lost(&three, &turned), ["fee", "tax"]);
    // A new one before the first; the first one of all.
    assert_eq!(lost(&["fee:money"], &["new:money", "fee:money"]), ["fee"]);
    assert!(lost(&["name:text"], &["name:text", "fee:money"]).is_empty());
    assert!(lost(&["fee:money"], &["fee:money", "new:money"]).is_empty());
    let removed = lost(&["fee:money", "tax:money", "tip:money"], &["tax:money", "tip:money"]);
    assert!(removed.iter().all(|key| key == "fee" || key == "tax"), "{removed:?}");
    assert!(["fee", "tax"].iter().all(|key| removed.iter().any(|lost| lost == key)));
}

#[test]
fn a_stage_is_lost_that_is_removed_or_opens_or_closes() {
    let stages = |texts: &[&str]| -> Vec<Stage> {
        let stage = |text: &&str| {
            let (key, state) = text.split_once(':').unwrap();
            Stage { key: key.to_owned(), name: key.to_owned(), open: state == "open", by: None }
        };
        texts.iter().map(stage).collect()
    };
    let lost = |before: &[&str], after: &[&str], expected: &[&str]| {
        let (before, after) = (stages(before), stages(after));
        assert_eq!(lost_stages(&before, &after), expected, "{before:?} {after:?}");
    };
    let two = ["lead:open", "won:closed"];

    lost(&[], &two, &[]);
    lost(&two, &two, &[]);
    lost(&two, &["new:open", "won:closed", "lead:open"], &[]);
    lost(&two, &["lead:open"], &["won"]);
    lost(&two, &[], &["lead", "won"]);
    lost(&two, &["lead:open", "won:open"], &["won"]);
    lost(&two, &["lead:closed", "won:closed"], &["lead"]);
    lost(&two, &["lead:closed", "won:open"], &["lead", "won"]);
    lost(&two, &["other:open", "won:closed"], &["lead"]);

    let before = stages(&two);
    let renamed =
        before.iter().map(|one| Stage { name: "New".into(), by: Some(4), ..one.clone() });
    assert!(lost_stages(&before, &renamed.collect::<Vec<_>>()).is_empty());
}
