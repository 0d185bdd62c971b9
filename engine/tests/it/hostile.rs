//! Hostile input is either accepted or rejected with a message, in bounded time.

use std::collections::BTreeMap;
use std::sync::Arc;

use hallpass_engine::Blueprint;
use hallpass_engine::Grant;
use hallpass_engine::MAX_BLUEPRINT_BYTES;
use hallpass_engine::Member;
use hallpass_engine::Policy;
use hallpass_engine::Target;
use hallpass_engine::Workspace;

use crate::rng::Rng;
use crate::shipped::SHIPPED;
use crate::test_size::first_seed;
use crate::test_size::timed;
use crate::test_size::{cases, either};

const HEAD: &str = "[blueprint]\nid = \"x\"\nname = \"X\"\n\
                    [roles.owner]\nrank = 1\ntop = true\ngrants = [\"*:*:all\"]\n";

/// Parses a text and checks the reported mistakes against it; prints what is slow.
fn read(name: &str, text: &str) -> Option<Blueprint> {
    let (read, took) = timed(|| Blueprint::parse(text));
    if took.as_millis() > 1_000 {
        println!("slow: {name}, {} bytes, {} ms", text.len(), took.as_millis());
    }
    let mistakes = match read {
        Ok(blueprint) => return Some(blueprint),
        Err(mistakes) => mistakes,
    };
    assert!(!mistakes.0.is_empty(), "{name}: rejected without a mistake");
    let lines: Vec<&str> = text.split('\n').collect();
    let mut last = (0, 0);
    for mistake in &mistakes.0 {
        assert!(!mistake.message.trim().is_empty(), "{name}: a mistake without a message");
        assert!(mistake.hint.as_ref().is_none_or(|hint| !hint.trim().is_empty()), "{name}");
        if mistake.line == 0 {
            assert_eq!(mistake.column, 0, "{name}: a column without a line");
            continue;
        }
        let place = (mistake.line, mistake.column);
        let line = lines.get(mistake.line - 1);
        let line = line.unwrap_or_else(|| panic!("{name}: {mistake} is past the end"));
        let columns = 1..=line.chars().count() + 1;
        assert!(
            columns.contains(&mistake.column),
            "{name}: {mistake} is past the end of its line"
        );
        assert!(last <= place, "{name}: not in the order of the text:\n{mistakes}");
        last = place;
    }
    None
}

/// Repeats a part until the text has about this size.
fn filled(size: usize, part: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0.. {
        if text.len() >= size {
            break;
        }
        text.push_str(&part(number));
    }
    text
}

#[test]
fn an_oversized_blueprint_is_rejected_unparsed() {
    for size in [MAX_BLUEPRINT_BYTES + 1, 10_000_000] {
        for part in ["a", "[", "\n", "a.", "[[a]]\n", "\"", "\u{1F511}"] {
            let mistakes = Blueprint::parse(&filled(size, |_| part.to_owned())).unwrap_err();

            assert_eq!(mistakes.0.len(), 1);
            assert!(mistakes.to_string().contains("the limit is 1048576"), "{mistakes}");
        }
    }
}

#[test]
fn a_million_roles_are_rejected() {
    let roles = filled(10_000_000, |number| format!("[roles.r{number}]\nrank = 1\n"));
    assert!(read("a million roles", &format!("{HEAD}{roles}")).is_none());

    let size = usize::try_from(either(200_000, 1_000_000)).unwrap();
    let roles = filled(size, |number| format!("[roles.r{number}]\nrank = 1\n"));
    assert!(read("as many roles as fit", &format!("{HEAD}{roles}")).is_none());
}

#[test]
fn deep_nesting_is_rejected() {
    for depth in [100, 10_000, 160_000] {
        for (name, text) in [
            ("arrays", format!("a = {}{}", "[".repeat(depth), "]".repeat(depth))),
            ("open arrays", format!("a = {}", "[".repeat(depth))),
            ("inline tables", format!("a = {}1{}", "{a=".repeat(depth), "}".repeat(depth))),
            ("open inline tables", format!("a = {}", "{a=".repeat(depth))),
            ("mixed", format!("a = {}", "[{a=".repeat(depth))),
            ("dotted key", format!("{}a = 1", "a.".repeat(depth))),
            ("dotted header", format!("[{}a]", "a.".repeat(depth))),
            ("dotted list header", format!("[[{}a]]", "a.".repeat(depth))),
            ("dotted key in a table", format!("a = {{ {}a = 1 }}", "a.".repeat(depth))),
            ("quoted dotted key", format!("{}a = 1", "\"a\".".repeat(depth))),
        ] {
            assert!(read(name, &text).is_none(), "{name}");
            assert!(read(name, &format!("{HEAD}[records.a]\n{text}")).is_none(), "{name}");
        }
    }
}

#[test]
fn long_lists_are_parsed_or_rejected() {
    let size = usize::try_from(either(20_000, 200_000)).unwrap();
    let list = |key: &str, part: fn(usize) -> String| {
        format!("{HEAD}{key} = [{}]\n", filled(size, |number| part(number) + ","))
    };
    let text = |number: usize| format!("\"some_long_key_{number}\"");
    let row = |number: usize| format!("{{ key = \"some_long_key_{number}\" }}");
    let grant = |number: usize| format!("\"some_long_key_{number}:read:all\"");
    for (name, text) in [
        ("actions", list("[records.a]\nactions", text)),
        ("one action", list("[records.a]\nactions", |_| "\"a\"".to_owned())),
        ("fields", list("[records.a]\nfields", row)),
        ("stages", list("[records.a]\nstages", row)),
        (
            "ladder",
            list("[records.a]\nladder", |number| format!("{{ level = \"l{number}\" }}")),
        ),
        ("covers", list("[settings.a]\ncovers", text)),
        ("one cover", list("[settings.a]\ncovers", |_| "\"branding\"".to_owned())),
        ("grants", list("[records.a]\n[roles.b]\nrank = 1\ngrants", grant)),
        ("every grant", list("[roles.b]\nrank = 1\ngrants", |_| "\"*:*:all\"".to_owned())),
        ("given_by", list("[roles.b]\nrank = 1\ngiven_by", text)),
        ("custom actions", list("[custom_roles]\nrank = 1\nactions", text)),
        ("custom scopes", list("[custom_roles]\nrank = 1\nscopes", |_| "\"own\"".to_owned())),
        ("verbs", list("[membership]\nverbs", text)),
        ("replaces", list("[switches.a]\nreplaces", |_| "{ role = \"owner\" }".to_owned())),
        ("numbers", list("[roles.b]\nrank = 1\ngrants", |number| number.to_string())),
    ] {
        read(name, &text);
    }
}

#[test]
fn many_entries_of_each_table_are_parsed_or_rejected() {
    let size = usize::try_from(either(20_000, 200_000)).unwrap();
    for key in [
        "records",
        "modules",
        "settings",
        "roles",
        "presets",
        "switches",
        "profiles.templates",
        "words",
        "plan_gates",
        "unknown",
    ] {
        let tables = filled(size, |number| format!("[{key}.some_long_key_{number}]\n"));
        let values = filled(size, |number| format!("some_long_key_{number} = \"x\"\n"));
        read(key, &format!("{HEAD}{tables}"));
        read(key, &format!("{HEAD}[{key}]\n{values}"));
        read(key, &format!("{HEAD}{values}"));
    }
    let half = size / 2;
    let ladders = filled(half, |number| {
        format!("[records.some_key_{number}]\nladder = [{{ level = \"l\" }}]\n")
    });
    let levels = filled(half, |number| format!("some_kee_{number} = \"l\"\n"));
    read("levels", &format!("{HEAD}{ladders}[presets.a.levels]\n{levels}"));
    let grants = filled(half, |number| format!("\"some_kee_{number}:read:all\","));
    read("grants", &format!("{HEAD}{ladders}[roles.a]\nrank = 1\ngrants = [{grants}]\n"));
    let cells = filled(half, |number| format!("some_kee_{number} = {{ read = \"all\" }}\n"));
    read("cells", &format!("{HEAD}{ladders}[teams]\n[profiles.templates.a.grants]\n{cells}"));
}

#[test]
fn malformed_texts_are_rejected() {
    let long = "k".repeat(200_000);
    for text in [
        "",
        " ",
        "\n",
        "\r",
        "\r\n",
        "\0",
        "\u{feff}",
        "=",
        "a",
        "a =",
        "= 1",
        "[",
        "]",
        "[]",
        "[[]]",
        "[a",
        "[a]]",
        "\"",
        "'''",
        "\"\"\"",
        "#",
        "a = 1\na = 2",
        "[a]\n[a]",
        "a = 1e999",
        "a = 99999999999999999999",
        "a = nan",
        "a = 1979-05-27",
        "a = \"\\uD800\"",
        "\u{202e}",
        "blueprint = 1",
        "blueprint = []",
        "[[blueprint]]",
        "[blueprint]\nid = true",
        "records = 5",
        "[[records]]",
        "records = [1]",
        "[records]\na = 1",
        "roles = \"x\"",
        "[roles]\nowner = 1",
        "[[roles.owner]]",
        "[roles.\"\"]",
        "[roles.\"\\u0000\"]",
        "teams = 1",
        "[profiles]\ntemplates = 1",
        "[words]\nmember = []",
        "unowned = true",
        "[managers]\na = 1",
        "[membership]\nverbs = {}",
        "[invitation]\ndays = -1",
    ] {
        assert!(read(text, text).is_none(), "{text:?} is no blueprint");
        assert!(
            read(text, &format!("{HEAD}{text}")).is_none_or(|read| read.id == "x"),
            "{text:?}"
        );
    }
    for text in [
        format!("{HEAD}{long} = 1"),
        format!("{HEAD}[roles.{long}]\nrank = 1"),
        format!("{HEAD}[roles.a]\nrank = 1\ngrants = [\"{long}:read:all\"]"),
        format!("{HEAD}[roles.a]\nrank = 1\ngiven_by = [\"{long}\"]"),
        format!("{HEAD}[records.a]\nactions = [\"{long}\"]"),
        format!("[blueprint]\nid = \"{long}\"\nname = \"{long}\""),
        "\u{1F511}".repeat(200_000),
        "\"".repeat(500_000),
        "'''".repeat(200_000),
        "\n".repeat(900_000),
        "=".repeat(900_000),
    ] {
        assert!(read("something long", &text).is_none());
    }
}

#[test]
fn mutated_blueprints_are_parsed_or_rejected() {
    let seed = first_seed(12);
    let mut rng = Rng::new(seed);
    let wanted = cases(6_000, 100_000);
    let mut outcomes: BTreeMap<bool, u64> = BTreeMap::new();

    for _ in 0..wanted {
        let (_, text) = rng.pick(&SHIPPED);
        let (_, other) = rng.pick(&SHIPPED);
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..rng.between(1, 4) {
            mutate(&mut rng, &mut bytes, other.as_bytes());
        }
        let mutated = String::from_utf8_lossy(&bytes);
        let blueprint = read("a mutation", &mutated);
        *outcomes.entry(blueprint.is_some()).or_default() += 1;
        blueprint.into_iter().for_each(use_it);
    }

    println!("mutations: {outcomes:?} (true: read), seed {seed}");
    assert_eq!(outcomes.len(), 2, "some are read, some refused");
}

fn mutate(rng: &mut Rng, bytes: &mut Vec<u8>, other: &[u8]) {
    let at = rng.below(bytes.len());
    let end = (at + rng.between(1, 80)).min(bytes.len());
    match rng.below(9) {
        0 => bytes[at] ^= 1 << rng.below(8),
        1 => bytes[at] = *rng.pick(b"\"'[]{}=.,:#\n\\ -_*@09az\0\xff"),
        2 if rng.percent(30) => bytes.truncate(at),
        2 | 3 => {
            let copied = bytes[at..end].to_vec();
            let to = rng.below(bytes.len());
            bytes.splice(to..to, copied);
        }
        4 => {
            bytes.drain(at..end);
        }
        5 => {
            let from = rng.below(other.len());
            let to = (from + rng.between(1, 200)).min(other.len());
            bytes.splice(at..end, other[from..to].iter().copied());
        }
        6 => {
            let word = *rng.pick(&["all", "own", "*", "every", "none", "true", "0", "custom"]);
            bytes.splice(at..end, word.bytes());
        }
        _ => swap_lines(rng, bytes),
    }
    if bytes.is_empty() {
        bytes.push(b'a');
    }
}

fn swap_lines(rng: &mut Rng, bytes: &mut Vec<u8>) {
    let mut lines: Vec<Vec<u8>> =
        bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let (one, other) = (rng.below(lines.len()), rng.below(lines.len()));
    lines.swap(one, other);
    *bytes = lines.join(&b'\n');
}

/// Compiles a parsed blueprint and makes every decision.
fn use_it(blueprint: Blueprint) {
    let blueprint = Arc::new(blueprint);
    let members = blueprint.roles.iter().map(|role| Member::new(&role.key, &role.key));
    let workspace = Workspace { members: members.collect(), ..Workspace::default() };
    let policy = Policy::compile(&blueprint, &workspace).unwrap();
    for member in policy.members() {
        for cell in policy.cells() {
            let any = policy.decide(member, cell, Target::Any);
            assert!(any || !policy.decide(member, cell, Target::OwnedBy(member)));
        }
    }
}

#[test]
fn random_bytes_are_rejected() {
    let mut rng = Rng::new(first_seed(13));
    let words = [
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        "=",
        ".",
        ",",
        "\n",
        "\"",
        "'",
        "\"\"\"",
        "#",
        " ",
        "blueprint",
        "roles",
        "records",
        "grants",
        "owner",
        "rank",
        "top",
        "true",
        "1",
        "-",
        "\"*:*:all\"",
        "\\",
        "\u{1F511}",
        "\0",
        "1979-05-27T07:32:00Z",
        "0x",
        "inf",
    ];

    for _ in 0..cases(20_000, 500_000) {
        let bytes: Vec<u8> =
            (0..rng.below(200)).map(|_| rng.number().to_le_bytes()[0]).collect();
        let tokens: String = (0..rng.below(60)).map(|_| *rng.pick(&words)).collect();

        assert!(read("bytes", &String::from_utf8_lossy(&bytes)).is_none());
        assert!(read("tokens", &tokens).is_none(), "{tokens}");
    }
}

#[test]
fn any_text_is_a_permission_string_or_rejected_with_a_message() {
    let mut rng = Rng::new(first_seed(14));
    let words = [
        "*",
        "@records",
        "@modules",
        "@settings",
        "@",
        "contacts",
        "deals",
        "read",
        "update",
        "own",
        "team",
        "all",
        "visible",
        ":",
        ":",
        ":",
        ",",
        " ",
        "",
        "\0",
        "\u{1F511}",
        "A",
        "-",
        "_",
        "0",
    ];
    let mut fine = 0_u32;

    for _ in 0..cases(300_000, 5_000_000) {
        let mut text: String = (0..rng.between(1, 9)).map(|_| *rng.pick(&words)).collect();
        if rng.percent(50) {
            let (doing, scope) = (rng.pick(&words), rng.pick(&words));
            text = format!("{}:{doing}:{scope}", text.replace(':', ","));
        }
        match text.parse::<Grant>() {
            Ok(grant) => {
                fine += 1;
                assert_eq!(grant.to_string().parse(), Ok(grant), "{text:?}");
            }
            Err(bad) => assert!(!bad.message.trim().is_empty(), "{text:?}"),
        }
    }
    for long in [":", ",", "a,", "a:", "*", "\u{1F511}", "contacts,"] {
        for text in
            [long.repeat(400), long.repeat(2_000_000), format!("{}:read:all", long.repeat(90))]
        {
            let read = text.parse::<Grant>();
            assert!(read.is_ok() || read.is_err_and(|bad| bad.message.len() < 8_000));
        }
    }

    println!("permission strings: {fine} were fine");
    assert!(fine > 0);
}
