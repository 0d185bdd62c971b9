//! A key has one meaning: what names an area, a module, a setting or a switch names no record type.

use std::sync::Arc;

use hallpass_engine::{AREAS, Blueprint, Policy, Workspace};

use crate::shipped::SHIPPED;

/// A model that covers no area, whose members hold every permission on records.
const OPEN: &str = r#"
[blueprint]
id = "open"
name = "Open"
[records.notes]
[settings.labels]
[modules.board]
[custom_entities]
[roles.owner]
rank = 1
top = true
grants = ["*:*:all"]
[roles.member]
rank = 2
grants = ["@records:*:all"]
[switches.loud]
adds = []
"#;

fn open() -> Arc<Blueprint> {
    Arc::new(Blueprint::parse(OPEN).unwrap())
}

fn adding(blueprint: &Arc<Blueprint>, key: &str) -> Result<Policy, String> {
    let workspace = Workspace { entities: vec![key.to_owned()], ..Workspace::default() };
    Policy::compile(blueprint, &workspace).map_err(|mistakes| mistakes.to_string())
}

fn reserved<'a>() -> impl Iterator<Item = &'a str> {
    let areas = AREAS.iter().map(|area| area.name);
    areas.chain(["every", "records", "modules", "settings", "billing_contact"])
}

#[test]
fn a_record_type_cannot_be_added_with_a_key_that_means_something_else() {
    let open = open();
    for key in reserved().chain(["notes", "labels", "board", "loud"]) {
        let refused = adding(&open, key).unwrap_err();
        assert!(refused.contains("choose another key"), "{key}: {refused}");
        assert!(open.reserved_for(key).is_some(), "{key}");
    }
    assert!(adding(&open, "projects").is_ok() && open.reserved_for("projects").is_none());
}

#[test]
fn no_shipped_model_takes_a_record_type_with_a_key_that_means_something_else() {
    for (name, text) in SHIPPED {
        let blueprint = Arc::new(Blueprint::parse(text).unwrap());
        let resources = blueprint.resources.iter().map(|known| known.key.as_str());
        let switches = blueprint.switches.iter().map(|switch| switch.key.as_str());
        for key in resources.chain(switches).chain(reserved()) {
            assert!(adding(&blueprint, key).is_err(), "{name}: {key}");
        }
    }
}

#[test]
fn a_blueprint_declares_no_record_type_with_a_key_that_means_something_else() {
    for key in reserved().chain(["loud"]) {
        let text = format!("{OPEN}[records.{key}]\n");
        let mistakes = Blueprint::parse(&text).unwrap_err().to_string();
        assert!(mistakes.contains(&format!("`{key}`")), "{key}: {mistakes}");
    }
}

#[test]
fn a_record_type_covers_no_area() {
    for area in AREAS {
        let text = OPEN.replace(
            "[records.notes]",
            &format!("[records.notes]\ncovers = [\"{}\"]", area.name),
        );
        let mistakes = Blueprint::parse(&text).unwrap_err().to_string();
        assert!(mistakes.contains("is a record type, which covers no area"), "{mistakes}");
    }
    for (name, text) in SHIPPED {
        let blueprint = Blueprint::parse(text).unwrap();
        for area in AREAS {
            for verb in area.verbs {
                let Some((resource, _)) = blueprint.area(area.name, verb) else { continue };
                let kind = blueprint.resource(resource).unwrap().kind;
                assert_ne!(kind.word(), "records", "{name}: {}:{verb}", area.name);
            }
        }
    }
}
