//! Every mistake in a blueprint is told with its place, what is wrong, and what to do about it.

use hallpass_engine::Blueprint;
use hallpass_engine::Mistake;

/// A blueprint without mistakes, to which each case adds some. A `»` in a case stands where the
/// mistake is told, and is taken out before the text is read.
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

/// A case: what is added to the base, and for each `»` in it a part of the message and of the hint.
type Case = (&'static str, &'static [(&'static str, &'static str)]);

/// Line and column of each `»`, and the text without them.
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
    let told = || mistakes.iter().map(Mistake::to_string).collect::<Vec<_>>().join("\n");
    assert_eq!(mistakes.len(), expected.len(), "in {marked}\n{}", told());
    assert_eq!(
        places.len(),
        expected.len(),
        "the case has other places than mistakes: {marked}"
    );
    for ((place, (message, hint)), mistake) in places.iter().zip(expected).zip(&mistakes) {
        assert_eq!((mistake.line, mistake.column), *place, "in {marked}\n{}", told());
        assert!(mistake.message.contains(message), "no `{message}` in {marked}\n{}", told());
        let is_hinted = match &mistake.hint {
            Some(told) => !hint.is_empty() && told.contains(hint),
            None => hint.is_empty(),
        };
        assert!(is_hinted, "no hint `{hint}` in {marked}\n{}", told());
    }
}

fn check_added(cases: &[Case]) {
    check(BASE, &[]);
    for (added, expected) in cases {
        check(&format!("{BASE}{added}"), expected);
    }
}

#[test]
fn mistakes_in_permission_strings_are_told() {
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
        ("contacts:read:", "unknown scope ``", "the scopes are `own`"),
        ("contacts:read", "is not a permission string", "resource:action:scope"),
        ("contacts:read:own:all", "is not a permission string", "resource:action:scope"),
        ("", "is not a permission string", "resource:action:scope"),
        ("@record:read:own", "unknown kind `@record`", "`@records`"),
        ("Contacts:read:own", "`Contacts` is not the key of a resource", "lower-case"),
        ("contacts:Read:own", "`Read` is not the key of an action", "lower-case"),
        ("contacts,:read:own", "`` is not the key of a resource", "lower-case"),
        (
            "safety:read:own",
            "`safety` has no owner, so no scope `own`",
            "write the scope `all`",
        ),
        ("@settings:read:own", "`safety` has no owner", "write the scope `all`"),
        ("*:read:own", "`safety` has no owner", "write `@records`, or the scope `all`"),
        ("contacts:read:team", "the scope `team` means nothing here", "declare `[teams]`"),
        ("contacts:read:assigned", "the scope `assigned`", "declare `[managers]`"),
        ("contacts:read:department", "the scope `department`", "declare `[departments]`"),
        ("contacts:read:visible", "the scope `visible`", "declare `[visibility]`"),
    ] {
        check(&role(grant), &[(message, hint)]);
    }
}

#[test]
fn mistakes_in_the_head_are_told() {
    let rest = BASE.split_once("\n\n").unwrap().1;
    for (head, expected) in [
        ("[»blueprint]\nid = \"x\"\n", [("`blueprint.name` is missing", "")]),
        ("[blueprint]\nid = »\"Small One\"\nname = \"X\"\n", [("is not a key", "lower-case")]),
        ("[blueprint]\nid = \"x\"\nname = »5\n", [("`blueprint.name` is integer", "")]),
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
fn what_is_needed_and_missing_or_of_another_type_is_told() {
    for (told_in, message, place) in [
        (BASE.replace("id = \"small\"\n", ""), "`blueprint.id` is missing", (2, 2)),
        (BASE.replace("\"small\"", "[]"), "`blueprint.id` is array, not a text", (3, 6)),
        (BASE.replace("rank = 3\n", ""), "`roles.owner.rank` is missing", (14, 8)),
        (BASE.replace("rank = 3", "rank = 1001"), "a whole number from 0 to 1000", (15, 8)),
        (BASE.replace("rank = 3", "rank = \"3\""), "`roles.owner.rank` is string", (15, 8)),
    ] {
        let mistakes = Blueprint::parse(&told_in).unwrap_err();

        let told = mistakes.0.iter().find(|mistake| mistake.message.contains(message));
        let told = told.unwrap_or_else(|| panic!("no `{message}` in\n{mistakes}"));
        assert_eq!((told.line, told.column), place, "{mistakes}");
    }
}

#[test]
fn mistakes_in_roles_are_told() {
    check_added(&[
        ("[roles.»user]\n", &[("`roles.user.rank` is missing", "")]),
        (
            "[roles.»user]\nrank = 1\ntop = true\n",
            &[("`user` is a second top role", "leave one")],
        ),
        ("[roles.»user]\nrank = 1\nholders = \"one\"\n", &[("has one holder, but is not", "")]),
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
        ("[roles.»custom]\nrank = 1\n", &[("`custom` stands for the roles", "another key")]),
        ("[roles.»\"A user\"]\nrank = 1\n", &[("`A user` is not a key", "lower-case")]),
        (
            "[roles.user]\nrank = 1\n»level = true\n",
            &[("unknown key `roles.user.level`", "did you mean `levels`?")],
        ),
        (
            "[roles.user]\nrank = 1\nlevels = »\"yes\"\n",
            &[("is string, not `true` or `false`", "")],
        ),
        ("[roles.user]\nrank = 1\ngrants = [»5]\n", &[("not a text in quotes", "")]),
        ("[roles.user]\nrank = 1\ngrants = »5\n", &[("is integer, not a list of texts", "")]),
    ]);
}

#[test]
fn a_blueprint_has_one_top_role() {
    let (rest, _) = BASE.split_once("[roles.owner]").unwrap();

    check(
        &format!("{rest}[roles.»owner]\nrank = 1\n"),
        &[("no role is the top role", "`top = true`")],
    );
    let mistakes = Blueprint::parse(rest).unwrap_err();
    assert!(mistakes.to_string().contains("`roles` is missing"), "{mistakes}");
}

#[test]
fn mistakes_in_custom_roles_are_told() {
    check_added(&[
        ("[»custom_roles]\n", &[("`custom_roles.rank` is missing", "")]),
        (
            "[custom_roles]\nrank = 1\nscopes = [\"own\", »\"al\"]\n",
            &[("unknown scope `al`", "did you mean `all`?")],
        ),
        (
            "[custom_roles]\nrank = 1\nscopes = [»\"team\"]\n",
            &[("the scope `team` means nothing here", "declare `[teams]`")],
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
    assert!(
        mistakes.to_string().contains("visibility cannot bound `custom_roles`: there is none")
    );
    assert!(mistakes.to_string().contains("declare `[visibility]`"));
}

#[test]
fn mistakes_in_resources_are_told() {
    check_added(&[
        ("[settings.»deals]\n", &[("`deals` is declared twice", "choose another key")]),
        (
            "[records.»every]\n",
            &[("`every` is declared twice, or has a meaning", "another key")],
        ),
        (
            "[records.tasks]\nactions = [\"read\", »\"read\"]\n",
            &[("`read` is no new action", "each once")],
        ),
        ("[records.tasks]\nactions = [»\"Read\"]\n", &[("`Read` is no new action", "keys")]),
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
            &[("every record has an owner", "leave `scoped`")],
        ),
        (
            "[settings.»labels]\nfields = [{ key = \"name\" }]\n",
            &[("has no records, so no fields or stages", "declare it under `[records]`")],
        ),
    ]);
}

#[test]
fn mistakes_in_ladders_are_told() {
    let row = |row: &str| format!("{BASE}[records.tasks]\nladder = [{row}]\n");
    for (marked, message, hint) in [
        ("{ level = »\"none\" }", "the level `none` cannot be declared", "below every ladder"),
        (
            "{ level = \"a\" }, { level = »\"a\" }",
            "the level `a` cannot be declared",
            "each level stands once",
        ),
        (
            "{ level = \"a\", actions = [»\"edit\"] }",
            "unknown action `edit`",
            "did you mean `update`?",
        ),
        ("{ level = \"a\", scope = »\"every\" }", "unknown scope `every`", "`own`"),
        ("»{ actions = [\"read\"] }", "`records.tasks.ladder.level` is missing", ""),
        ("{ level = \"a\", »rung = 1 }", "unknown key `records.tasks.ladder.rung`", "`level`"),
        ("»5", "`records.tasks.ladder` is integer, not a table", ""),
    ] {
        check(&row(marked), &[(message, hint)]);
    }
    check(
        &format!("{BASE}[settings.labels]\nladder = [»{{ level = \"a\", scope = \"own\" }}]\n"),
        &[("`settings.labels` has no owner, so its levels reach `all`", "")],
    );
}

#[test]
fn mistakes_in_fields_and_stages_are_told() {
    let with = |list: &str| format!("{BASE}[records.tasks]\n{list}\n");
    for (marked, message, hint) in [
        (
            "fields = [{ key = \"a\", type = »\"txt\" }]",
            "unknown type `txt`",
            "did you mean `text`?",
        ),
        ("fields = [{ key = \"a\" }, »{ key = \"a\" }]", "the field `a` stands twice", ""),
        ("fields = [»{ key = \"a\", type = \"choice\" }]", "has `options`", ""),
        ("fields = [»{ key = \"a\", options = [\"x\"] }]", "has `options`", ""),
        ("fields = [»{ name = \"A\" }]", "`records.tasks.fields.key` is missing", ""),
        ("fields = »{ key = \"a\" }", "is table, not a list of tables", ""),
        ("stages = [{ key = \"a\" }, »{ key = \"a\" }]", "the stage `a` stands twice", ""),
        (
            "stages = [{ key = \"a\", by = »\"edit\" }]",
            "unknown action `edit`",
            "did you mean `update`?",
        ),
        ("stages = [{ key = \"a\", open = »1 }]", "is integer, not `true` or `false`", ""),
    ] {
        check(&with(marked), &[(message, hint)]);
    }
}

#[test]
fn mistakes_in_areas_are_told() {
    check_added(&[
        (
            "[settings.labels]\ncovers = [»\"brandig\"]\n",
            &[("unknown area `brandig`", "did you mean `branding`?")],
        ),
        (
            "[settings.labels]\ncovers = [»\"audit\"]\n",
            &[("unknown action `export` of `settings.labels`", "`read`")],
        ),
        (
            "[settings.labels]\ncovers = [\"branding\"]\nverbs = { »fly = \"read\" }\n",
            &[("no area of `settings.labels` has the verb `fly`", "")],
        ),
        (
            "[settings.labels]\ncovers = [\"branding\"]\nverbs = { read = »\"view\" }\n",
            &[("unknown action `view`", "did you mean `read`?")],
        ),
    ]);
    let twice = "[settings.labels]\ncovers = [\"branding\"]\n[settings.branding]\n";
    let mistakes = Blueprint::parse(&format!("{BASE}{twice}")).unwrap_err();
    assert_eq!(mistakes.0.len(), 1, "{mistakes}");
    assert_eq!(mistakes.0[0].message, "the area `branding` is covered more than once");
    assert_eq!(mistakes.0[0].hint.as_deref(), Some("by `labels` and `branding`; leave one"));
}

#[test]
fn mistakes_in_profiles_and_presets_are_told() {
    let profile = "[teams]\n[profiles.templates.sales.grants]\n";
    for (marked, message, hint) in [
        ("»contact = { read = \"own\" }", "unknown record type `contact`", "mean `contacts`?"),
        ("»safety = { read = \"own\" }", "unknown record type `safety`", "`every`"),
        ("contacts = { »edit = \"own\" }", "unknown action `edit`", "did you mean `update`?"),
        ("every = { »fly = \"own\" }", "unknown action `fly` of `every`", "`read`"),
        (
            "contacts = { read = »\"assigned\" }",
            "`assigned` is no scope of a profile",
            "`none`, `own`, `team` and `all`",
        ),
        ("contacts = { read = »5 }", "is no scope of a profile", "a profile gives"),
        ("contacts = »\"own\"", "is not a table of actions", "write `{ read"),
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
        ("[presets.a.levels]\ncontacts = »1\n", &[("is integer, not a text in quotes", "")]),
    ]);
}

#[test]
fn mistakes_in_layers_and_switches_are_told() {
    check_added(&[
        ("[teams]\nstart_sharing = »\"everyone\"\n", &[("unknown start_sharing", "`team`")]),
        ("[departments]\nmanager = »1\n", &[("is integer, not `true` or `false`", "")]),
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
            &[("the scope `team` means nothing", "declare `[teams]`")],
        ),
        (
            "[switches.»a]\ncounts_indirect_reports = true\n",
            &[("there are no assigned users here", "declare `[managers]`")],
        ),
        ("[custom_entities]\nactions = [»\"\"]\n", &[("`` is no new action", "keys")]),
    ]);
}

#[test]
fn mistakes_about_people_are_told() {
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
            &[("cannot do without `email`", "put it in `fields` and `required`")],
        ),
        (
            "[invitation]\nfields = [\"email\"]\nrequired = [\"email\"]\nstart_role = »\"usr\"\n",
            &[("unknown role `usr`", "`owner`")],
        ),
        (
            "[invitation]\nfields = [\"email\"]\nrequired = [\"email\"]\ndays = »0\n",
            &[("is integer, not a whole number from 1 to 365", "")],
        ),
        ("[words]\n»membr = \"user\"\n", &[("unknown word `membr`", "did you mean `member`?")]),
        (
            "[self_serve]\n»creat = true\n",
            &[("unknown key `self_serve.creat`", "mean `create`?")],
        ),
        ("[plan_gates]\nsso = »5\n", &[("`plan_gates.sso` is integer", "")]),
        ("[»rolls.user]\n", &[("unknown key `rolls`", "did you mean `roles`?")]),
    ]);
}

#[test]
fn what_is_not_toml_is_told_with_its_place() {
    let mistakes = Blueprint::parse(&format!("{BASE}[records.tasks\n")).unwrap_err();

    let told = mistakes.0.iter().find(|mistake| mistake.message.starts_with("not TOML: "));
    assert_eq!(told.map(|mistake| mistake.line), Some(18), "{mistakes}");
}

#[test]
fn several_mistakes_are_all_told_in_the_order_of_the_text() {
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
            ("`blueprint.name` is integer", ""),
            ("unknown key `blueprint.nmae`", "did you mean `name`?"),
            ("`Read` is no new action", "keys"),
            ("`read` is no new action", "each once"),
            ("the level `none`", "below every ladder"),
            ("unknown resource `contact`", "did you mean `contacts`?"),
            ("unknown action `fly`", "expected `read`"),
            ("`safety` has no owner", "write the scope `all`"),
            ("unknown role `admin`", "did you mean `admiin`?"),
            ("`admiin` is a second top role", "leave one"),
            ("unknown key `team`", "did you mean `teams`?"),
        ],
    );
}
