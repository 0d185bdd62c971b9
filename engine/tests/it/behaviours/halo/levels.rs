//! The ten ladders: what each level of a module grants.

use super::super::{WorkspaceBuilder, blueprint, granted, opens, reach_of, sidebar};
use super::{EVERY_OWNER, MODULES, at_the_top, key, leveled, people, rights_of};

/// A ladder: id, module, and for each level its id, its name and what it adds to those below.
type Ladder = (&'static str, &'static str, &'static [Level]);
type Level = (&'static str, &'static str, &'static [&'static str]);

const EDITING: &[&str] = &["create", "update", "delete"];

const LADDERS: [Ladder; 10] = [
    (
        "HALO-055",
        "Inbox",
        &[
            ("HALO-056", "None", &[]),
            ("HALO-057", "View", &["read"]),
            ("HALO-058", "Reply", &["create", "reply"]),
            ("HALO-059", "Manage", &["update", "assign", "close"]),
        ],
    ),
    (
        "HALO-060",
        "Ask AI",
        &[
            ("HALO-061", "None", &[]),
            ("HALO-062", "Use", &["use"]),
            ("HALO-063", "Use & Share", &["share"]),
        ],
    ),
    (
        "HALO-064",
        "Automation",
        &[
            ("HALO-065", "None", &[]),
            ("HALO-066", "View", &["read"]),
            ("HALO-067", "Edit", EDITING),
            ("HALO-068", "Send broadcasts", &["send"]),
        ],
    ),
    (
        "HALO-069",
        "AI Agents",
        &[
            ("HALO-070", "None", &[]),
            ("HALO-071", "View", &["read"]),
            ("HALO-072", "Edit", EDITING),
        ],
    ),
    (
        "HALO-073",
        "Knowledge",
        &[
            ("HALO-074", "None", &[]),
            ("HALO-075", "View", &["read"]),
            ("HALO-076", "Edit", EDITING),
        ],
    ),
    (
        "HALO-077",
        "Contacts",
        &[
            ("HALO-078", "None", &[]),
            ("HALO-079", "View", &["read"]),
            ("HALO-080", "Edit", EDITING),
        ],
    ),
    (
        "HALO-081",
        "Companies",
        &[
            ("HALO-082", "None", &[]),
            ("HALO-083", "View", &["read"]),
            ("HALO-084", "Edit", EDITING),
        ],
    ),
    (
        "HALO-085",
        "Integrations",
        &[
            ("HALO-086", "None", &[]),
            ("HALO-087", "View", &["read"]),
            ("HALO-088", "Manage", EDITING),
        ],
    ),
    (
        "HALO-089",
        "Help Center",
        &[
            ("HALO-090", "None", &[]),
            ("HALO-091", "View", &["read"]),
            ("HALO-092", "Edit", EDITING),
            ("HALO-093", "Publish", &["publish"]),
        ],
    ),
    (
        "HALO-094",
        "Settings",
        &[
            ("HALO-095", "None", &[]),
            ("HALO-096", "View", &["read"]),
            ("HALO-097", "Edit", &["update"]),
        ],
    ),
];

/// The permissions of a level of a module.
pub(super) fn permissions_of(module: &str, level: &str) -> Vec<String> {
    let (.., levels) = LADDERS.iter().find(|(_, name, _)| *name == module).unwrap();
    let top = levels.iter().position(|(_, name, _)| *name == level);
    let top = top.unwrap_or_else(|| panic!("no level {level} of {module}"));
    let actions = levels[..=top].iter().flat_map(|(.., adds)| *adds);
    actions.map(|action| format!("{}:{action}", key(module))).collect()
}

#[test]
fn a_level_grants_exactly_its_actions() {
    for (_, module, levels) in LADDERS {
        for (id, level, _) in levels {
            let policy = people(leveled("anna", &[(module, level)]));
            let expected = permissions_of(module, level);
            assert_eq!(granted(&policy, "anna"), expected.iter().cloned().collect(), "{id}");
            for right in rights_of(&policy, module) {
                let owners = if expected.contains(&right) { EVERY_OWNER } else { "" };
                assert_eq!(reach_of(&policy, "anna", &right), owners, "{id}: {right}");
            }
            let shown: &[&str] = if *level == "None" { &[] } else { &[module] };
            assert_eq!(sidebar(&policy, "anna"), shown, "{id}");
        }
    }
}

#[test]
fn a_module_has_these_levels_in_this_order() {
    for (id, module, levels) in LADDERS {
        let known = blueprint("halo");
        let resource = known.resource(&key(module)).unwrap();
        let named = resource.ladder.iter().map(|level| level.name.as_str());
        let names: Vec<&str> = std::iter::once("None").chain(named).collect();
        let expected: Vec<&str> = levels.iter().map(|(_, name, _)| *name).collect();
        assert_eq!(names, expected, "{id}");
        let mut anna = leveled("anna", &[(module, "None")]);
        "own".clone_into(&mut anna.levels[0].1);
        let error = WorkspaceBuilder::new("halo").with(anna).compile_error();
        assert!(error.contains("unknown level `own`"), "{id}: {error}");
    }
}

/// HALO-053
#[test]
fn permissions_are_broken_down_by_module() {
    let known = blueprint("halo");
    let with_levels = known.resources.iter().filter(|resource| !resource.ladder.is_empty());
    let names: Vec<&str> = with_levels.map(|resource| resource.name.as_str()).collect();
    assert_eq!(names, MODULES);
    for module in MODULES {
        let policy = people(leveled("anna", &[(module, "None")]));
        assert!(granted(&policy, "anna").is_empty(), "{module}");
    }
}

/// HALO-054: for every ladder.
#[test]
fn each_level_includes_those_below_and_adds_something() {
    for module in MODULES {
        let known = blueprint("halo");
        let ladder = known.resource(&key(module)).unwrap().ladder.clone();
        let mut below = granted(&people(leveled("anna", &[(module, "None")])), "anna");
        for level in ladder {
            let at = granted(&people(leveled("anna", &[(module, &level.name)])), "anna");
            assert!(below.is_subset(&at) && below != at, "{module} {}", level.name);
            below = at;
        }
    }
}

/// HALO-098
#[test]
fn assigning_and_closing_require_the_level_manage() {
    for (level, expected) in
        [("None", ""), ("View", ""), ("Reply", ""), ("Manage", EVERY_OWNER)]
    {
        let policy = people(leveled("anna", &[("Inbox", level)]));
        for right in ["inbox:assign", "inbox:close"] {
            assert_eq!(reach_of(&policy, "anna", right), expected, "{level}: {right}");
        }
    }
    let known = blueprint("halo");
    let inbox = known.resource("inbox").unwrap();
    let reassign = inbox.reassign.map(|action| inbox.actions[action].key.as_str());
    assert_eq!(reassign, Some("assign"));
}

/// HALO-099
#[test]
fn no_level_grants_team_or_billing() {
    let policy = people(at_the_top("anna"));
    for (area, verb) in [
        ("members", "read"),
        ("members", "create"),
        ("members", "update"),
        ("members", "delete"),
        ("billing", "read"),
        ("billing", "update"),
        ("billing", "transfer"),
    ] {
        assert!(!opens(&policy, "anna", area, verb), "{area} {verb}");
    }
    assert!(opens(&policy, "anna", "general", "update"));
    assert!(
        !sidebar(&policy, "anna")
            .iter()
            .any(|name| ["Team", "Billing"].contains(&name.as_str()))
    );
}
