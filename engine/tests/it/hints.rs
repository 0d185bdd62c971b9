//! Every mistake in a blueprint is reported with its position and a hint.

use hallpass_engine::Blueprint;
use hallpass_engine::Mistake;

/// A valid blueprint, to which each case adds mistakes. A `»` in a case marks the position of one
/// and is removed before parsing.
const BASE: &str = r#"
[blueprint]
id = "small"
name = "Small"

[records.contacts]
actions = ["create", "read", "update", "delete", "close"]
ladder = [{ level = "view", actions = ["read"] }, { level = "edit", actions = ["update"] }]

[records.deals]

[settings.safety]

[roles.owner]
rank = 3
top = true
grants = ["*:*:all"]
"#;

/// A text that is added to the base, and for each `»` in it a part of the message and of the hint.
type Case = (&'static str, &'static [(&'static str, &'static str)]);

/// Removes each `»` from a text; returns their lines and columns, and the text.
fn unmark(marked: &str) -> (Vec<(usize, usize)>, String) {
    let (mut places, mut text) = (Vec::new(), String::new());
    let (mut line, mut column) = (1, 1);
    for letter in marked.chars() {
        match letter {
            '»' => places.push((line, column)),
            '\n' => {
                (line, column) = (line + 1, 1);
                text.push(letter);
            }
            _ => {
                column += 1;
                text.push(letter);
            }
        }
    }
    (places, text)
}

fn check(marked: &str, expected: &[(&str, &str)]) {
    let (places, text) = unmark(marked);
    let mistakes = Blueprint::parse(&text).map_or_else(|mistakes| mistakes.0, |_| Vec::new());
    let all = || mistakes.iter().map(Mistake::to_string).collect::<Vec<_>>().join("\n");
    assert_eq!(mistakes.len(), expected.len(), "in {marked}\n{}", all());
    assert_eq!(places.len(), expected.len(), "as many `»` as mistakes: {marked}");
    for ((place, (message, hint)), mistake) in places.iter().zip(expected).zip(&mistakes) {
        assert_eq!((mistake.line, mistake.column), *place, "in {marked}\n{}", all());
        assert!(mistake.message.contains(message), "no `{message}` in {marked}\n{}", all());
        let is_hinted = match &mistake.hint {
            Some(found) => !hint.is_empty() && found.contains(hint),
            None => hint.is_empty(),
        };
        assert!(is_hinted, "no hint `{hint}` in {marked}\n{}", all());
    }
}

fn check_added(cases: &[Case]) {
    check(BASE, &[]);
    for (added, expected) in cases {
        check(&format!("{BASE}{added}"), expected);
    }
}

#[test]
fn mistakes_in_permission_strings_are_reported() {
    let role = |grant: &str| format!("{BASE}[roles.user]\nrank = 1\ngrants = [»\"{grant}\"]\n");
    for (grant, message, hint) in [
        ("kontacts:read:own", "unknown resource `kontacts`", "did you mean `contacts`?"),
        ("contacts:edit:own", "unknown action `edit` of `contacts`", "did you mean `update`?"),
        ("contacts:view:own", "unknown action `view`", "did you mean `read`?"),
        ("contacts:remove:own", "unknown action `remove`", "did you mean `delete`?"),
        ("contacts:fly:own", "unknown action `fly`", "expected `create`, `read`"),
        ("deals:close:own", "unknown action `close` of `deals`", "expected `create`, `read`"),
        ("@records:clse:own", "no resource of `@records` has it", "did you mean `close`?"),
        ("contacts:read:onw", "unknown scope `onw`", "`own`"),
        ("contacts:read:", "unknown scope ``", "expected `own`, `assigned`"),
        ("contacts:read", "is not a permission string", "resource:action:scope"),
        ("contacts:read:own:all", "is not a permission string", "resource:action:scope"),
        ("", "is not a permission string", "resource:action:scope"),
        ("@record:read:own", "unknown kind `@record`", "`@records`"),
        ("Contacts:read:own", "invalid resource key `Contacts`", "lower-case"),
        ("contacts:Read:own", "invalid action key `Read`", "lower-case"),
        ("contacts,:read:own", "invalid resource key ``", "lower-case"),
        (
            "safety:read:own",
            "the scope `own` needs owners, which `safety` lacks",
            "use the scope `all`",
        ),
        ("@settings:read:own", "needs owners, which `safety` lacks", "use the scope `all`"),
        (
            "*:read:own",
            "needs owners, which `safety` lacks",
            "use `@records`, or the scope `all`",
        ),
        ("contacts:read:team", "the scope `team` needs `[teams]`", "declare `[teams]`"),
        ("contacts:read:assigned", "the scope `assigned` needs", "declare `[managers]`"),
        ("contacts:read:department", "the scope `department` needs", "declare `[departments]`"),
        ("contacts:read:visible", "the scope `visible` needs", "declare `[visibility]`"),
    ] {
        check(&role(grant), &[(message, hint)]);
    }
}

#[test]
fn mistakes_in_the_blueprint_table_are_reported() {
    let rest = BASE.split_once("\n\n").unwrap().1;
    for (head, expected) in [
        ("[»blueprint]\nid = \"x\"\n", [("`blueprint.name` is missing", "")]),
        (
            "[blueprint]\nid = »\"Small One\"\nname = \"X\"\n",
            [("invalid key `Small One`", "lower-case")],
        ),
        (
            "[blueprint]\nid = \"x\"\nname = »5\n",
            [("`blueprint.name` is an integer", "expected a string")],
        ),
        (
            "[blueprint]\nid = \"x\"\nname = \"X\"\n»nmae = 1\n",
            [("unknown key `blueprint.nmae`", "did you mean `name`?")],
        ),
        ("»", [("`blueprint` is missing", "")]),
    ] {
        check(&format!("{head}{rest}"), &expected);
    }
}

#[test]
fn missing_keys_and_wrong_types_are_reported() {
    for (text, message, place) in [
        (BASE.replace("id = \"small\"\n", ""), "`blueprint.id` is missing", (2, 2)),
        (BASE.replace("\"small\"", "[]"), "`blueprint.id` is an array", (3, 6)),
        (BASE.replace("rank = 3\n", ""), "`roles.owner.rank` is missing", (14, 8)),
        (
            BASE.replace("rank = 3", "rank = 1001"),
            "`roles.owner.rank` is out of range",
            (15, 8),
        ),
        (BASE.replace("rank = 3", "rank = \"3\""), "`roles.owner.rank` is a string", (15, 8)),
    ] {
        let mistakes = Blueprint::parse(&text).unwrap_err();

        let found = mistakes.0.iter().find(|mistake| mistake.message.contains(message));
        let found = found.unwrap_or_else(|| panic!("no `{message}` in\n{mistakes}"));
        assert_eq!((found.line, found.column), place, "{mistakes}");
    }
}

#[test]
fn mistakes_in_roles_are_reported() {
    check_added(&[
        ("[roles.»user]\n", &[("`roles.user.rank` is missing", "")]),
        (
            "[roles.»user]\nrank = 1\ntop = true\n",
            &[("`user` is a second top role", "remove `top` here or from `owner`")],
        ),
        (
            "[roles.»user]\nrank = 1\nholders = \"one\"\n",
            &[("has one holder, but is not", "remove")],
        ),
        ("[roles.user]\nrank = 1\nholders = »\"two\"\n", &[("unknown holders `two`", "`one`")]),
        (
            "[roles.user]\nrank = 1\nvisibility = »\"bound\"\n",
            &[("unknown visibility `bound`", "did you mean `bounds`?")],
        ),
        (
            "[roles.user]\nrank = 1\ngiven_by = [»\"ower\"]\n",
            &[("unknown role `ower`", "did you mean `owner`?")],
        ),
        (
            "[roles.user]\nrank = 1\ntouched_by = [»\"custom\"]\n",
            &[("unknown role `custom`", "`owner`")],
        ),
        (
            "[roles.»custom]\nrank = 1\n",
            &[("the role key `custom` is reserved", "another key")],
        ),
        ("[roles.»\"A user\"]\nrank = 1\n", &[("invalid key `A user`", "lower-case")]),
        (
            "[roles.user]\nrank = 1\n»level = true\n",
            &[("unknown key `roles.user.level`", "did you mean `levels`?")],
        ),
        (
            "[roles.user]\nrank = 1\nlevels = »\"yes\"\n",
            &[("`roles.user.levels` is a string", "expected `true` or `false`")],
        ),
        (
            "[roles.user]\nrank = 1\ngrants = [»5]\n",
            &[("`roles.user.grants` is an integer", "expected a string")],
        ),
        (
            "[roles.user]\nrank = 1\ngrants = »5\n",
            &[("`roles.user.grants` is an integer", "expected a list of strings")],
        ),
    ]);
}

#[test]
fn a_blueprint_without_a_top_role_is_rejected() {
    let (rest, _) = BASE.split_once("[roles.owner]").unwrap();

    check(
        &format!("{rest}[roles.»owner]\nrank = 1\n"),
        &[("no role is the top role", "`top = true`")],
    );
    let mistakes = Blueprint::parse(rest).unwrap_err();
    assert!(mistakes.to_string().contains("`roles` is missing"), "{mistakes}");
}

#[test]
fn mistakes_in_custom_roles_are_reported() {
    check_added(&[
        ("[»custom_roles]\n", &[("`custom_roles.rank` is missing", "")]),
        (
            "[custom_roles]\nrank = 1\nscopes = [\"own\", »\"al\"]\n",
            &[("unknown scope `al`", "did you mean `all`?")],
        ),
        (
            "[custom_roles]\nrank = 1\nscopes = [»\"team\"]\n",
            &[("the scope `team` needs `[teams]`", "declare `[teams]`")],
        ),
        (
            "[custom_roles]\nrank = 1\nresources = [»\"deal\"]\n",
            &[("unknown resource `deal`", "did you mean `deals`?")],
        ),
        (
            "[custom_roles]\nrank = 1\nactions = [»\"edit\"]\n",
            &[("unknown action `edit`", "did you mean `update`?")],
        ),
        (
            "[custom_roles]\nrank = 1\nstart_visibility = »\"team\"\n",
            &[("unknown start_visibility `team`", "`department`")],
        ),
        (
            "[custom_roles]\nrank = 1\ngiven_by = [»\"admin\"]\n",
            &[("unknown role `admin`", "`owner` or `custom`")],
        ),
    ]);
    let bounded = format!("{BASE}[custom_roles]\nrank = 1\nvisibility = \"bounds\"\n");
    let mistakes = Blueprint::parse(&bounded).unwrap_err();
    assert!(mistakes.to_string().contains("`custom_roles.visibility` needs `[visibility]`"));
    assert!(mistakes.to_string().contains("declare `[visibility]`"));
}

#[test]
fn mistakes_in_resources_are_reported() {
    check_added(&[
        (
            "[settings.»deals]\n",
            &[("the resource key `deals` is already declared", "choose another key")],
        ),
        ("[records.»every]\n", &[("the resource key `every` is reserved", "another key")]),
        (
            "[records.tasks]\nactions = [\"read\", »\"read\"]\n",
            &[("duplicate action `read`", "")],
        ),
        (
            "[records.tasks]\nactions = [»\"Read\"]\n",
            &[("invalid action `Read`", "write a key")],
        ),
        (
            "[modules.bot]\nactions = [\"use\"]\nown_app = [»\"us\"]\n",
            &[("unknown action `us` of `modules.bot`", "did you mean `use`?")],
        ),
        (
            "[records.tasks]\nown_app = [»\"read\"]\n",
            &[("the server checks `read` of `records.tasks`", "remove it from `own_app`")],
        ),
        (
            "[modules.reports]\nactions = [\"read\", \"create\", \"update\", \"delete\"]\n\
             own_app = »\"delete\"\n",
            &[("the server checks `delete` of `modules.reports`", "remove it from `own_app`")],
        ),
        (
            "[records.tasks]\nread = »\"view\"\n",
            &[("unknown action `view` of `records.tasks`", "did you mean `read`?")],
        ),
        (
            "[records.tasks]\nreassign = »\"asign\"\nactions = [\"read\", \"assign\"]\n",
            &[("unknown action `asign`", "did you mean `assign`?")],
        ),
        (
            "[records.»tasks]\nscoped = false\n",
            &[("`records.tasks.scoped` cannot be `false`", "remove `scoped`")],
        ),
        (
            "[settings.»labels]\nfields = [{ key = \"name\" }]\n",
            &[("is not a record type", "declare it under `[records]`")],
        ),
    ]);
}

#[test]
fn mistakes_in_ladders_are_reported() {
    let row = |row: &str| format!("{BASE}[records.tasks]\nladder = [{row}]\n");
    for (marked, message, hint) in [
        ("{ level = »\"none\" }", "the level `none` is reserved", "below every ladder"),
        ("{ level = \"a\" }, { level = »\"a\" }", "duplicate level `a`", ""),
        (
            "{ level = \"a\", actions = [»\"edit\"] }",
            "unknown action `edit`",
            "did you mean `update`?",
        ),
        ("{ level = \"a\", scope = »\"every\" }", "unknown scope `every`", "`own`"),
        ("»{ actions = [\"read\"] }", "`records.tasks.ladder.level` is missing", ""),
        ("{ level = \"a\", »step = 1 }", "unknown key `records.tasks.ladder.step`", "`level`"),
        ("»5", "`records.tasks.ladder` is an integer", "expected a table"),
    ] {
        check(&row(marked), &[(message, hint)]);
    }
    check(
        &format!("{BASE}[settings.labels]\nladder = [»{{ level = \"a\", scope = \"own\" }}]\n"),
        &[("the scope `own` needs records with owners", "use the scope `all`")],
    );
}

#[test]
fn mistakes_in_fields_and_stages_are_reported() {
    let with = |list: &str| format!("{BASE}[records.tasks]\n{list}\n");
    for (marked, message, hint) in [
        (
            "fields = [{ key = \"a\", type = »\"txt\" }]",
            "unknown type `txt`",
            "did you mean `text`?",
        ),
        ("fields = [{ key = \"a\" }, »{ key = \"a\" }]", "duplicate field `a`", ""),
        ("fields = [»{ key = \"a\", type = \"choice\" }]", "`a` needs options", "`options`"),
        ("fields = [»{ key = \"a\", options = [\"x\"] }]", "`a` has options", "`type = "),
        (
            "fields = [{ key = \"a\", type = \"choice\", options = [\"x\", { key = »\"x\", name = \"Y\" }] }]",
            "duplicate option `x`",
            "",
        ),
        (
            "fields = [{ key = \"a\", type = \"choice\", options = [\"x\", { key = »\"y\", name = \"X\" }] }]",
            "duplicate option `y`",
            "",
        ),
        (
            "fields = [{ key = \"a\", type = \"choice\", options = [\"x\", »7] }]",
            "options` is an integer",
            "expected a table",
        ),
        ("fields = [»{ name = \"A\" }]", "`records.tasks.fields.key` is missing", ""),
        (
            "fields = »{ key = \"a\" }",
            "`records.tasks.fields` is a table",
            "expected a list of tables",
        ),
        ("stages = [{ key = \"a\" }, »{ key = \"a\" }]", "duplicate stage `a`", ""),
        (
            "stages = [{ key = \"a\", by = »\"edit\" }]",
            "unknown action `edit`",
            "did you mean `update`?",
        ),
        ("stages = [{ key = \"a\", open = »1 }]", "open` is an integer", "`true` or `false`"),
    ] {
        check(&with(marked), &[(message, hint)]);
    }
}

#[test]
fn mistakes_in_areas_are_reported() {
    check_added(&[
        (
            "[settings.labels]\ncovers = [»\"brandig\"]\n",
            &[("unknown area `brandig`", "did you mean `branding`?")],
        ),
        (
            "[settings.labels]\ncovers = [»\"audit\"]\n",
            &[("has no action `export`, which the area `audit` requires", "verbs = { export")],
        ),
        (
            "[settings.labels]\ncovers = [\"branding\"]\nverbs = { »fly = \"read\" }\n",
            &[(
                "no area that `settings.labels` covers has the verb `fly`",
                "`read` or `update`",
            )],
        ),
        (
            "[settings.labels]\ncovers = [\"branding\"]\nverbs = { read = »\"view\" }\n",
            &[("unknown action `view`", "did you mean `read`?")],
        ),
    ]);
    let twice = "[settings.labels]\ncovers = [\"branding\"]\n[settings.branding]\n";
    let mistakes = Blueprint::parse(&format!("{BASE}{twice}")).unwrap_err();
    assert_eq!(mistakes.0.len(), 1, "{mistakes}");
    assert_eq!(mistakes.0[0].message, "`labels` and `branding` cover the same area `branding`");
    assert_eq!(mistakes.0[0].hint.as_deref(), Some("one resource covers an area"));
}

#[test]
fn mistakes_in_profiles_and_presets_are_reported() {
    let profile = "[teams]\n[profiles.templates.sales.grants]\n";
    for (marked, message, hint) in [
        ("»contact = { read = \"own\" }", "unknown record type `contact`", "mean `contacts`?"),
        ("»safety = { read = \"own\" }", "unknown record type `safety`", "`every`"),
        ("contacts = { »edit = \"own\" }", "unknown action `edit`", "did you mean `update`?"),
        ("every = { »fly = \"own\" }", "unknown action `fly` of `every`", "`read`"),
        (
            "contacts = { read = »\"assigned\" }",
            "unknown profile scope `assigned`",
            "`none`, `own`, `team` or `all`",
        ),
        ("contacts = { read = »5 }", "unknown profile scope ``", "expected `none`"),
        ("contacts = »\"own\"", "is not a table", "`{ read"),
    ] {
        check(&format!("{BASE}{profile}{marked}\n"), &[(message, hint)]);
    }
    check_added(&[
        (
            "[presets.a.levels]\n»deals = \"view\"\n",
            &[("unknown resource with levels `deals`", "`contacts`")],
        ),
        (
            "[presets.a.levels]\ncontacts = »\"veiw\"\n",
            &[("unknown level `veiw` of `contacts`", "did you mean `view`?")],
        ),
        (
            "[presets.a.levels]\ncontacts = »1\n",
            &[("`presets.a.levels.contacts` is an integer", "expected a string")],
        ),
    ]);
}

#[test]
fn mistakes_in_layers_and_switches_are_reported() {
    check_added(&[
        ("[teams]\nstart_sharing = »\"everyone\"\n", &[("unknown start_sharing", "`team`")]),
        ("[departments]\nmanager = »1\n", &[("`departments.manager` is an integer", "`true`")]),
        ("[visibility]\nstart = »\"alll\"\n", &[("unknown start `alll`", "mean `all`?")]),
        ("[unowned]\n»visibel = true\n", &[("unknown key", "did you mean `visible`?")]),
        ("[managers]\n»indirect = true\n", &[("unknown key `managers.indirect`", "")]),
        (
            "[billing_contact]\nvacant_mail = »\"admin\"\n",
            &[("unknown role `admin`", "`owner`")],
        ),
        (
            "[billing_contact]\ngrants = [»\"billing:*:all\"]\n",
            &[("unknown resource `billing`", "`contacts`")],
        ),
        (
            "[switches.a]\nreplaces = [{ role = »\"admin\", grants = [] }]\n",
            &[("unknown role `admin`", "`owner`")],
        ),
        (
            "[switches.a]\nadds = [»\"contacts:read:team\"]\n",
            &[("the scope `team` needs `[teams]`", "declare `[teams]`")],
        ),
        (
            "[switches.»a]\ncounts_indirect_reports = true\n",
            &[("`counts_indirect_reports` needs `[managers]`", "declare `[managers]`")],
        ),
        ("[custom_entities]\nactions = [»\"\"]\n", &[("invalid action ``", "write a key")]),
    ]);
}

#[test]
fn mistakes_in_membership_are_reported() {
    check_added(&[
        (
            "[membership]\nverbs = [»\"suspend\"]\n",
            &[("unknown verb `suspend`", "expected `remove`, `deactivate`")],
        ),
        (
            "[membership]\nguards = [»\"no_self_removl\"]\n",
            &[("unknown guard `no_self_removl`", "did you mean `no_self_removal`?")],
        ),
        (
            "[invitation]\nfields = [»\"mail\", \"email\"]\nrequired = [\"email\"]\n",
            &[("unknown field `mail`", "did you mean `email`?")],
        ),
        (
            "[invitation]\nfields = [\"email\"]\nrequired = [\"email\", »\"role\"]\n",
            &[("unknown required `role`", "`email`")],
        ),
        (
            "[»invitation]\nfields = [\"role\"]\nrequired = [\"role\"]\n",
            &[("must include `email`", "add it to `fields` and `required`")],
        ),
        (
            "[invitation]\nfields = [\"email\"]\nrequired = [\"email\"]\nstart_role = »\"usr\"\n",
            &[("unknown role `usr`", "`owner`")],
        ),
        (
            "[invitation]\nfields = [\"email\"]\nrequired = [\"email\"]\ndays = »0\n",
            &[("`invitation.days` is out of range", "a whole number from 1 to 365")],
        ),
        ("[words]\n»membr = \"user\"\n", &[("unknown word `membr`", "did you mean `member`?")]),
        (
            "[self_serve]\n»creat = true\n",
            &[("unknown key `self_serve.creat`", "mean `create`?")],
        ),
        (
            "[plan_gates]\nsso = »5\n",
            &[("`plan_gates.sso` is an integer", "expected a string")],
        ),
        ("[»rolls.user]\n", &[("unknown key `rolls`", "did you mean `roles`?")]),
    ]);
}

#[test]
fn invalid_toml_is_reported_with_its_line() {
    let mistakes = Blueprint::parse(&format!("{BASE}[records.tasks\n")).unwrap_err();

    let found = mistakes.0.iter().find(|mistake| mistake.message.starts_with("invalid TOML: "));
    assert_eq!(found.map(|mistake| mistake.line), Some(18), "{mistakes}");
}

#[test]
fn every_mistake_is_reported_in_the_order_of_the_text() {
    check(
        r#"
[blueprint]
id = "small"
name = »5
»nmae = "Small"

[records.contacts]
actions = ["read", »"Read", »"read"]
ladder = [{ level = »"none" }]

[settings.safety]

[roles.owner]
rank = 3
top = true
grants = [»"contact:read:all", »"contacts:fly:all", "*:*:all", »"safety:read:own"]
given_by = [»"admin"]

[roles.»admiin]
rank = 2
top = true

[»team]
"#,
        &[
            ("`blueprint.name` is an integer", "expected a string"),
            ("unknown key `blueprint.nmae`", "did you mean `name`?"),
            ("invalid action `Read`", "write a key"),
            ("duplicate action `read`", ""),
            ("the level `none` is reserved", "below every ladder"),
            ("unknown resource `contact`", "did you mean `contacts`?"),
            ("unknown action `fly`", "expected `read`"),
            ("the scope `own` needs owners, which `safety` lacks", "use the scope `all`"),
            ("unknown role `admin`", "did you mean `admiin`?"),
            ("`admiin` is a second top role", "from `owner`"),
            ("unknown key `team`", "did you mean `teams`?"),
        ],
    );
}
