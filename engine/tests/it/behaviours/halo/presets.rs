//! The presets: a level for every module at once.

use hallpass_engine::{Member, Policy};

use super::super::{blueprint, granted, put, reach_of, set, sidebar};
use super::levels::permissions_of;
use super::{EVERY_OWNER, MODULES, at_the_top, leveled, people, rights_of};

const SUPPORT: &str = "Support agent";
const SPECIALIST: &str = "AI specialist";
const MARKETING: &str = "Marketing / Lifecycle";
const EDITOR: &str = "Help center editor";
const ANALYST: &str = "Analyst (read-only)";

/// A cell of the grid after applying a preset: id, preset, module, level.
const ROWS: [(&str, &str, &str, &str); 50] = [
    ("HALO-108", SUPPORT, "Inbox", "Manage"),
    ("HALO-109", SUPPORT, "Ask AI", "Use"),
    ("HALO-110", SUPPORT, "Automation", "None"),
    ("HALO-111", SUPPORT, "AI Agents", "None"),
    ("HALO-112", SUPPORT, "Knowledge", "View"),
    ("HALO-113", SUPPORT, "Contacts", "View"),
    ("HALO-114", SUPPORT, "Companies", "View"),
    ("HALO-115", SUPPORT, "Integrations", "None"),
    ("HALO-116", SUPPORT, "Help Center", "None"),
    ("HALO-117", SUPPORT, "Settings", "None"),
    ("HALO-119", SPECIALIST, "Inbox", "View"),
    ("HALO-120", SPECIALIST, "Ask AI", "Use & Share"),
    ("HALO-121", SPECIALIST, "Automation", "None"),
    ("HALO-122", SPECIALIST, "AI Agents", "Edit"),
    ("HALO-123", SPECIALIST, "Knowledge", "Edit"),
    ("HALO-124", SPECIALIST, "Contacts", "None"),
    ("HALO-125", SPECIALIST, "Companies", "None"),
    ("HALO-126", SPECIALIST, "Integrations", "None"),
    ("HALO-127", SPECIALIST, "Help Center", "None"),
    ("HALO-128", SPECIALIST, "Settings", "None"),
    ("HALO-130", MARKETING, "Inbox", "None"),
    ("HALO-131", MARKETING, "Ask AI", "None"),
    ("HALO-132", MARKETING, "Automation", "Send broadcasts"),
    ("HALO-133", MARKETING, "AI Agents", "None"),
    ("HALO-134", MARKETING, "Knowledge", "None"),
    ("HALO-135", MARKETING, "Contacts", "View"),
    ("HALO-136", MARKETING, "Companies", "View"),
    ("HALO-137", MARKETING, "Integrations", "None"),
    ("HALO-138", MARKETING, "Help Center", "Edit"),
    ("HALO-139", MARKETING, "Settings", "None"),
    ("HALO-141", EDITOR, "Inbox", "None"),
    ("HALO-142", EDITOR, "Ask AI", "None"),
    ("HALO-143", EDITOR, "Automation", "None"),
    ("HALO-144", EDITOR, "AI Agents", "None"),
    ("HALO-145", EDITOR, "Knowledge", "View"),
    ("HALO-146", EDITOR, "Contacts", "None"),
    ("HALO-147", EDITOR, "Companies", "None"),
    ("HALO-148", EDITOR, "Integrations", "None"),
    ("HALO-149", EDITOR, "Help Center", "Publish"),
    ("HALO-150", EDITOR, "Settings", "None"),
    ("HALO-152", ANALYST, "Inbox", "View"),
    ("HALO-153", ANALYST, "Ask AI", "Use"),
    ("HALO-154", ANALYST, "Automation", "View"),
    ("HALO-155", ANALYST, "AI Agents", "View"),
    ("HALO-156", ANALYST, "Knowledge", "View"),
    ("HALO-157", ANALYST, "Contacts", "View"),
    ("HALO-158", ANALYST, "Companies", "View"),
    ("HALO-159", ANALYST, "Integrations", "View"),
    ("HALO-160", ANALYST, "Help Center", "View"),
    ("HALO-161", ANALYST, "Settings", "View"),
];

/// A Member with the levels of a preset, by the preset's name.
pub(super) fn member(id: &str, preset: &str) -> Member {
    let known = blueprint("halo");
    let found = known.presets.iter().find(|known| known.name == preset);
    let levels = found.unwrap_or_else(|| panic!("no preset {preset}")).levels.clone();
    Member { levels, ..Member::new(id, "member") }
}

#[test]
fn a_preset_sets_the_level_of_each_module() {
    for (id, preset, module, level) in ROWS {
        let policy = people(member("anna", preset));
        let expected = permissions_of(module, level);
        for right in rights_of(&policy, module) {
            let owners = if expected.contains(&right) { EVERY_OWNER } else { "" };
            assert_eq!(reach_of(&policy, "anna", &right), owners, "{id}: {preset}, {right}");
        }
        let shown = sidebar(&policy, "anna").contains(&module.to_owned());
        assert_eq!(shown, level != "None", "{id}: {preset}, {module}");
    }
}

/// A preset: id, name, description.
const PRESETS: [(&str, &str, &str); 5] = [
    ("HALO-107", SUPPORT, "A support seat"),
    ("HALO-118", SPECIALIST, "Trains agents and writes the knowledge base"),
    ("HALO-129", MARKETING, "Runs broadcasts and series"),
    ("HALO-140", EDITOR, "Writes and publishes docs"),
    ("HALO-151", ANALYST, "Sees everything, edits nothing"),
];

#[test]
fn five_presets_describe_who_they_are_for() {
    let known = blueprint("halo");
    assert_eq!(known.presets.len(), PRESETS.len());
    for (preset, (id, name, description)) in known.presets.iter().zip(PRESETS) {
        assert_eq!((&*preset.name, &*preset.description), (name, description), "{id}");
    }
}

/// HALO-103: from any levels.
#[test]
fn applying_a_preset_sets_a_level_for_every_module() {
    let bare = people(Member::new("anna", "member"));
    let full = people(at_the_top("anna"));
    for (_, preset, _) in PRESETS {
        let chosen = put(&full, member("anna", preset));
        assert_eq!(
            granted(&chosen, "anna"),
            granted(&put(&bare, member("anna", preset)), "anna")
        );
        for module in MODULES {
            let rows = ROWS.iter().filter(|(_, of, name, _)| *of == preset && *name == module);
            let levels: Vec<&str> = rows.map(|(.., level)| *level).collect();
            let expected = permissions_of(module, levels[0]);
            assert_eq!(held(&chosen, module), expected, "{preset}, {module}");
        }
    }
}

/// The level of Anna in a module.
fn held(policy: &Policy, module: &str) -> Vec<String> {
    let known = policy.blueprint().resource(&super::key(module)).unwrap();
    let actions = known.ladder.iter().flat_map(|level| &level.actions);
    let rights = actions.map(|action| format!("{}:{}", known.key, known.actions[*action].key));
    rights.filter(|right| super::may(policy, "anna", right)).collect()
}

/// HALO-106
#[test]
fn the_preset_label_is_derived_from_the_levels() {
    let known = blueprint("halo");
    let label = |levels: &[(String, String)]| {
        known.preset_of(levels).map(|preset| preset.name.as_str())
    };
    for (_, preset, _) in PRESETS {
        let mut levels = member("anna", preset).levels;
        assert_eq!(label(&levels), Some(preset));
        levels.reverse();
        assert_eq!(label(&levels), Some(preset));

        for module in MODULES {
            let ladder = &known.resource(&super::key(module)).unwrap().ladder;
            let mut changed = levels.clone();
            let before = changed.iter().position(|(key, _)| *key == super::key(module));
            let before = before.map(|at| changed.swap_remove(at));
            let other = ladder
                .iter()
                .find(|known| before.as_ref().is_none_or(|(_, level)| *level != known.key));
            changed.push((super::key(module), other.unwrap().key.clone()));
            assert_eq!(label(&changed), None, "{preset}, {module}");

            changed.pop();
            assert_eq!(
                label(&changed),
                before.is_none().then_some(preset),
                "{preset}, {module}"
            );
            changed.extend(before);
            assert_eq!(label(&changed), Some(preset), "{preset}, {module}");
        }
    }
    assert_eq!(label(&[]), None);
    assert_eq!(known.membership.word("custom_preset"), "Custom");
}

/// HALO-162
#[test]
fn an_analyst_edits_nothing() {
    let policy = people(member("anna", ANALYST));
    let sees = set([
        "inbox:read",
        "ask_ai:use",
        "automation:read",
        "ai_agents:read",
        "knowledge:read",
        "contacts:read",
        "companies:read",
        "integrations:read",
        "help_center:read",
        "settings:read",
    ]);
    assert_eq!(granted(&policy, "anna"), sees);
}

/// HALO-164
#[test]
fn agents_are_ai_agents_and_send_means_broadcasts() {
    let specialist = people(member("anna", SPECIALIST));
    assert_eq!(held(&specialist, "AI Agents"), permissions_of("AI Agents", "Edit"));
    let marketing = people(member("anna", MARKETING));
    assert_eq!(held(&marketing, "Automation"), permissions_of("Automation", "Send broadcasts"));
    assert_eq!(reach_of(&marketing, "anna", "automation:send"), EVERY_OWNER);
    let editing = people(leveled("anna", &[("Automation", "Edit")]));
    assert_eq!(reach_of(&editing, "anna", "automation:send"), "");
}
