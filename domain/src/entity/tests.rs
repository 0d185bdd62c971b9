//! Forms of fields and stages, and how a workspace's definition replaces that of the access model.

use hallpass_engine::FieldOption;
use serde_json::{from_value, json, to_value};

use super::*;

/// A record type with the actions `create`, `read`, `update`, `delete` and `close`, a field and a stage.
fn inbox() -> Resource {
    let deals = hallpass_engine::doc::blueprint().unwrap().resource("deals").unwrap().clone();
    let named = |text: &str| text.to_owned();
    Resource {
        name: named("Inbox"),
        one: named("Conversation"),
        many: named("Conversations"),
        fields: vec![Field {
            key: named("name"),
            name: named("Name"),
            holds: FieldType::Text,
            required: true,
            options: Vec::new(),
        }],
        stages: vec![Stage { key: named("new"), name: named("New"), open: true, by: None }],
        ..deals
    }
}

#[test]
fn every_type_of_field_is_read_from_its_word() {
    for (known, holds) in FieldType::WORDS {
        let field = Field {
            key: "source".to_owned(),
            name: "Source".to_owned(),
            holds,
            required: known.len() % 2 == 0,
            options: vec![FieldOption { key: "web".to_owned(), name: "Web".to_owned() }],
        };

        let form = FieldForm::of(&field);

        assert_eq!((word(holds), form.holds.as_str()), (known, known));
        assert_eq!(form.read(), Some(field), "{known}");
    }
    for unknown in ["", "Text", "texts"] {
        let form = FieldForm { holds: unknown.to_owned(), ..FieldForm::of(&inbox().fields[0]) };
        assert_eq!(form.read(), None, "{unknown}");
    }
}

#[test]
fn a_field_and_a_stage_are_written_as_they_are_read() {
    let field = json!({"key": "name", "name": "Name", "type": "text", "required": false});
    let read: FieldForm =
        from_value(json!({"key": "name", "name": "Name", "type": "text"})).unwrap();
    assert_eq!(to_value(read).unwrap(), field);
    let stage = json!({"key": "won", "name": "Won", "open": true});
    let read: StageForm = from_value(json!({"key": "won", "name": "Won"})).unwrap();
    assert_eq!(to_value(read).unwrap(), stage);
    assert!(from_value::<StageForm>(json!({"key": "a", "name": "A", "close": true})).is_err());
    assert!(
        from_value::<FieldForm>(json!({"key": "a", "name": "A", "type": "text", "x": 1}))
            .is_err()
    );
}

#[test]
fn a_stage_names_an_action_of_its_record_type() {
    let inbox = inbox();
    let by = |action: Option<&str>| StageForm {
        key: "won".to_owned(),
        name: "Won".to_owned(),
        open: false,
        by: action.map(str::to_owned),
    };

    for action in [None, Some("update"), Some("close")] {
        let stage = by(action).read(&inbox).unwrap();
        assert_eq!(stage.by, action.and_then(|action| inbox.action(action)));
        assert_eq!(
            (stage.key.as_str(), stage.name.as_str(), stage.open),
            ("won", "Won", false)
        );
        assert_eq!(StageForm::of(&stage, &inbox), by(action));
    }
    assert_eq!(by(Some("fly")).read(&inbox), None);
}

#[test]
fn what_a_workspace_does_not_define_stays() {
    let mut resource = inbox();

    overlay(&mut resource, Said::default());

    assert_eq!(resource, inbox());
}

/// The plural of the access model goes with its own names.
#[test]
fn the_name_that_a_workspace_defines_is_the_plural_too() {
    let check = |name: Option<&str>, one: Option<&str>, expected: (&str, &str, &str)| {
        let mut resource = inbox();
        let (name, one) = (name.map(str::to_owned), one.map(str::to_owned));
        overlay(&mut resource, Said { name, one, ..Said::default() });
        let found = (resource.name.as_str(), resource.one.as_str(), resource.many.as_str());
        assert_eq!(found, expected);
        assert_eq!((resource.fields, resource.stages), (inbox().fields, inbox().stages));
    };

    check(None, None, ("Inbox", "Conversation", "Conversations"));
    check(Some("Tickets"), None, ("Tickets", "Conversation", "Tickets"));
    check(None, Some("Mail"), ("Inbox", "Mail", "Inbox"));
    check(Some("Tickets"), Some("Ticket"), ("Tickets", "Ticket", "Tickets"));
}

#[test]
fn the_fields_and_stages_that_a_workspace_defines_are_all() {
    let field: FieldForm =
        from_value(json!({"key": "size", "name": "Size", "type": "number"})).unwrap();
    let stage: StageForm =
        from_value(json!({"key": "done", "name": "Done", "open": false, "by": "close"}))
            .unwrap();

    let mut with_fields = inbox();
    overlay(&mut with_fields, Said { fields: Some(vec![field.clone()]), ..Said::default() });
    let mut with_stages = inbox();
    overlay(&mut with_stages, Said { stages: Some(vec![stage.clone()]), ..Said::default() });
    let mut bare = inbox();
    let nothing = Said { fields: Some(vec![]), stages: Some(vec![]), ..Said::default() };
    overlay(&mut bare, nothing);

    let fields = vec![field.read().unwrap()];
    assert_eq!(with_fields, Resource { fields, ..inbox() });
    let stages = vec![stage.read(&inbox()).unwrap()];
    assert_eq!(with_stages, Resource { stages, ..inbox() });
    assert_eq!(bare, Resource { fields: vec![], stages: vec![], ..inbox() });
}
