//! Notes on what a blueprint may say and what makes no sense all the same.

use hallpass_engine::Blueprint;

use crate::shipped::SHIPPED;

/// A model that makes sense, with a place for a change.
const BASE: &str = r#"
[blueprint]
id = "base"
name = "Base"

[records.notes]
fields = [{ key = "title", type = "text" }]

[settings.members]
actions = ["read", "create", "update", "delete"]

[settings.teams]
actions = ["read", "create", "update", "delete"]

[settings.profiles]
actions = ["read", "create", "update", "delete"]

[roles.owner]
rank = 2
top = true
grants = ["*:*:all"]

[roles.member]
rank = 1
grants = ["notes:create,read,update:own"]
"#;

fn notes(text: &str) -> Vec<String> {
    Blueprint::parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}")).notes()
}

#[test]
fn no_shipped_blueprint_has_a_note() {
    for (id, text) in SHIPPED {
        assert_eq!(notes(text), Vec::<String>::new(), "{id}");
    }
    assert_eq!(notes(BASE), Vec::<String>::new());
}

#[test]
fn what_is_senseless_gets_a_note() {
    let without_members = BASE.replace("[settings.members]", "[settings.people]\ncovers = []");
    let no_updates = BASE.replace(
        "[records.notes]",
        "[records.notes]\nactions = [\"create\", \"read\", \"edit\"]",
    );
    let no_updates = no_updates.replace("create,read,update:own", "create,read,edit:own");
    for (text, note) in [
        (without_members, "nothing covers the area `members`"),
        (no_updates, "`records.notes` has no action that updates a record"),
        (BASE.replace("rank = 1", "rank = 1\ngiven_by = []"), "no member can assign the role `member`"),
        (
            BASE.replace("rank = 1", "rank = 1\ngiven_by = [\"member\"]"),
            "no member can assign the role `member`",
        ),
        (BASE.replace("create,read,update:own", "create,update:own"), "the role `member` grants `update` of `notes`"),
        (
            BASE.replace("read,update:own\"", "read:own\", \"notes:update:unowned\""),
            "the role `member` grants `update` of `notes`",
        ),
        (
            BASE.replace("[records.notes]", "[records.notes]\nladder = [{ level = \"view\", actions = [\"read\"] }]"),
            "no member can use the ladder of `notes`",
        ),
        (
            BASE.replace("[records.notes]", "[records.notes]\nladder = [{ level = \"edit\", actions = [\"update\"] }]"),
            "the level `edit` of `notes` does not include reading",
        ),
        (
            format!("{BASE}\n[presets.all]\n[records.files]\nladder = [{{ level = \"view\", actions = [\"read\"] }}]"),
            "no member can use the preset `all`",
        ),
        (
            format!("{BASE}\n[modules.bot]\nactions = [\"use\", \"train\"]\nown_app = \"train\""),
            "the server never checks `use` of `bot`",
        ),
        (
            format!("{BASE}\n[settings.workspace]\nactions = [\"delete\", \"export\", \"import\"]"),
            "the server never checks `import` of `workspace`",
        ),
        (format!("{BASE}\n[profiles]"), "no member can use a profile"),
        (
            format!("{BASE}\n[teams]\n[profiles.templates.desk.grants]\nnotes = {{ read = \"all\" }}")
                .replace("\"*:*:all\"", "\"@settings:*:all\""),
            "no member can give a team the profile `desk`",
        ),
        (
            format!("{BASE}\n[teams]\n[profiles.templates.desk.grants]\nnotes = {{ update = \"all\" }}")
                .replace("notes:create,read,update:own", "members:read:all"),
            "the profile `desk` grants actions on `notes`",
        ),
        (
            BASE.replace("type = \"text\" }]", "type = \"text\" }]\nstages = [{ key = \"new\", by = \"delete\" }]"),
            "`records.notes` starts in the stage `new`",
        ),
        (format!("{BASE}\n[custom_roles]\nrank = 1\ngiven_by = []"), "no member can assign a custom role"),
        (
            format!("{BASE}\n[custom_roles]\nrank = 1\nactions = [\"update\"]"),
            "a custom role cannot grant `read` of `notes`",
        ),
    ] {
        let found = notes(&text);
        assert!(found.iter().any(|one| one.starts_with(note)), "{note}: {found:?}\n{text}");
    }
}
