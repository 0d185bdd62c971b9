//! The documentation is true: its blueprints parse, its claims hold, its messages are exact.

use std::collections::BTreeSet;
use std::sync::Arc;

use hallpass_engine::{
    AREAS, Blueprint, Change, CustomRole, Department, Describe, FieldType, GUARDS, Holders,
    INVITATION_FIELDS, Ids, MAX_BLUEPRINT_BYTES, MAX_GRANT_BYTES, Member, Mistake, Owner,
    Policy, Profile, Resource, Scope, Sharing, Target, Team, VERBS, Visibility, VisibilityMode,
    WORDS, Workspace,
};
use toml::de::{DeTable, DeValue};

const FORMAT: &str = include_str!("../../../docs/blueprint-format.md");
const README: &str = include_str!("../../../README.md");
const BEHAVIOURS: &str = include_str!("../../../docs/behaviours.txt");
const LADDER: &str = include_str!("../../../blueprints/team-management.toml");

/// The sources of the parser.
const PARSER: [&str; 19] = [
    include_str!("../../src/blueprint.rs"),
    include_str!("../../src/blueprint/action.rs"),
    include_str!("../../src/blueprint/area.rs"),
    include_str!("../../src/blueprint/billing_contact.rs"),
    include_str!("../../src/blueprint/custom_entity.rs"),
    include_str!("../../src/blueprint/custom_role.rs"),
    include_str!("../../src/blueprint/field.rs"),
    include_str!("../../src/blueprint/grants.rs"),
    include_str!("../../src/blueprint/layers.rs"),
    include_str!("../../src/blueprint/level.rs"),
    include_str!("../../src/blueprint/membership.rs"),
    include_str!("../../src/blueprint/part.rs"),
    include_str!("../../src/blueprint/rank.rs"),
    include_str!("../../src/blueprint/resource.rs"),
    include_str!("../../src/blueprint/role.rs"),
    include_str!("../../src/blueprint/section.rs"),
    include_str!("../../src/blueprint/switch.rs"),
    include_str!("../../src/blueprint/template.rs"),
    include_str!("../../src/blueprint/visibility.rs"),
];

/// The calls in the parser that take a key as their first string.
const KEY_CALLS: [&str; 19] = [
    ".section(",
    ".sections(",
    ".text(",
    ".text_or(",
    ".required(",
    ".required_key(",
    ".flag(",
    ".number(",
    ".texts(",
    ".texts_or_rows(",
    ".word(",
    ".rows(",
    "read_part(",
    "read_grants(",
    "known_words(",
    "read_known(",
    "list(",
    "may(",
    ".missing(",
];

/// The code blocks of a page in a language, in order.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(opened), None) => open = Some((opened == language, String::new())),
            (Some(_), Some(_)) => {
                found.extend(open.take().filter(|(is_it, _)| *is_it).map(|(_, text)| text));
            }
            (None, Some((_, text))) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

/// The text outside the code blocks.
fn prose(page: &str) -> String {
    page.split("```").step_by(2).collect()
}

/// The blueprint of the page.
fn firm() -> String {
    blocks(FORMAT, "toml").concat()
}

fn parsed(text: &str) -> Arc<Blueprint> {
    Arc::new(Blueprint::parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}")))
}

/// The workspace of the page: Cleo is assigned to Ben; Dora and Emil are in the department `care`.
fn workspace(blueprint: &Blueprint) -> Workspace {
    let desk = &blueprint.profiles.as_ref().unwrap().templates[0];
    let in_department = |id: &str, role: &str, department: &str| Member {
        department: Some(department.to_owned()),
        ..Member::new(id, role)
    };
    let in_north =
        |id: &str| Member { teams: vec!["north".to_owned()], ..Member::new(id, "consultant") };
    let wide = |member: Member| Member { visibility: Visibility::Department, ..member };
    Workspace {
        entities: vec!["vehicles".to_owned()],
        roles: vec![CustomRole {
            id: "auditor".to_owned(),
            grants: vec!["clients:read:all".parse().unwrap()],
        }],
        profiles: vec![Profile { id: desk.key.clone(), cells: desk.cells.clone() }],
        teams: vec![team(Sharing::All)],
        departments: vec![
            Department { id: "vienna".to_owned(), parent: None },
            Department { id: "care".to_owned(), parent: Some("vienna".to_owned()) },
        ],
        members: vec![
            Member::new("anna", "partner"),
            Member::new("ben", "lead"),
            Member {
                manager: Some("ben".to_owned()),
                ..wide(in_department("cleo", "consultant", "vienna"))
            },
            in_department("dora", "consultant", "care"),
            wide(in_department("emil", "auditor", "care")),
            in_north("fay"),
            in_north("gus"),
        ],
        ..Workspace::default()
    }
}

fn team(sharing: Sharing) -> Team {
    Team { id: "north".to_owned(), profile: Some("desk".to_owned()), sharing }
}

fn policy() -> Policy {
    let blueprint = parsed(&firm());
    Policy::compile(&blueprint, &workspace(&blueprint)).unwrap_or_else(|bad| panic!("{bad}"))
}

fn dora(change: impl FnOnce(&mut Member)) -> Change {
    let mut dora =
        Member { department: Some("care".to_owned()), ..Member::new("dora", "consultant") };
    change(&mut dora);
    Change::PutMember(dora)
}

/// Checks `member action resource owner`; the owner is an id, `unowned`, or `-` for no record.
fn allows(policy: &Policy, question: &str) -> bool {
    let [member, action, resource, owner] = question.split_whitespace().collect::<Vec<_>>()[..]
    else {
        panic!("`{question}`")
    };
    let owner = match owner {
        "-" => Owner::Any,
        "unowned" => Owner::Unowned,
        id => Owner::Member(id),
    };
    policy.check(member, resource, action, owner).unwrap_or_else(|| panic!("`{question}`"))
}

fn check(policy: &Policy, allowed: &[&str], denied: &[&str]) {
    for question in allowed {
        assert!(allows(policy, question), "denied: {question}");
    }
    for question in denied {
        assert!(!allows(policy, question), "allowed: {question}");
    }
}

fn check_after(changes: &[Change], allowed: &[&str], denied: &[&str]) {
    let after = policy().apply(changes).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    check(&after, allowed, denied);
}

#[test]
fn the_blueprint_on_the_format_page_decides_as_described() {
    check(
        &policy(),
        &[
            "anna delete projects unowned",
            "anna pay money -",
            "ben update clients cleo",
            "cleo read clients dora",
            "cleo read clients unowned",
            "emil read clients dora",
            "fay update clients gus",
            "fay read tickets anna",
            "fay read vehicles anna",
            "cleo create clients cleo",
            "ben sign projects cleo",
        ],
        &[
            "ben update clients dora",
            "cleo update clients dora",
            "cleo update clients unowned",
            "emil read clients cleo",
            "emil read clients anna",
            "emil update clients dora",
            "fay delete clients gus",
            "fay view projects gus",
            "fay read clients anna",
            "fay update vehicles gus",
            "cleo create clients dora",
            "dora read clients cleo",
            "dora pay money -",
        ],
    );
}

#[test]
fn only_reading_bounds_other_actions() {
    let clerk = |grants: &[&str]| {
        let grants = grants.iter().map(|grant| grant.parse().unwrap()).collect();
        let role = CustomRole { id: "clerk".to_owned(), grants };
        let fay = Member::new("fay", "clerk");
        [Change::PutRole(role), Change::PutMember(fay)]
    };

    check_after(
        &clerk(&["projects:update:all", "projects:create:all"]),
        &["fay create projects gus", "fay create projects unowned"],
        &["fay update projects fay"],
    );
    check_after(
        &clerk(&["projects:update:all", "projects:view:own"]),
        &["fay update projects fay"],
        &["fay update projects gus"],
    );
}

#[test]
fn rank_rules_are_as_the_format_page_describes() {
    let policy = policy();

    assert_eq!(policy.blueprint().may_be_given_by("lead"), ["lead", "consultant"]);
    assert!(policy.blueprint().may_be_given_by("consultant").is_empty());
    assert_eq!(policy.blueprint().area("billing", "update"), Some(("money", "pay")));
    assert_eq!(policy.blueprint().area("dashboard", "read"), Some(("dashboard", "read")));
    assert_eq!(policy.blueprint().area("audit", "read"), None);
}

#[test]
fn record_sharing_levels_flag_and_switches_are_as_described() {
    let level = |level: &str| {
        let levels = vec![("tickets".to_owned(), level.to_owned())];
        [dora(|dora| dora.levels = levels)]
    };
    let turn = |key: &str| [Change::SetSwitch(key.to_owned(), true)];
    let preset = parsed(&firm()).preset("support").unwrap().levels.clone();

    check_after(
        &[Change::PutTeam(team(Sharing::Own))],
        &["fay update clients fay"],
        &["fay update clients gus"],
    );
    check_after(
        &level("own"),
        &["dora read tickets dora", "dora reply tickets dora"],
        &["dora read tickets cleo", "dora create tickets dora"],
    );
    check_after(
        &level("view"),
        &["dora read tickets cleo", "dora reply tickets dora"],
        &["dora reply tickets cleo"],
    );
    check_after(
        &[dora(|dora| dora.levels = preset)],
        &["dora reply tickets cleo", "dora create tickets cleo"],
        &["dora update tickets dora"],
    );
    check_after(
        &[dora(|dora| dora.is_billing_contact = true)],
        &["dora pay money -"],
        &["dora read people -"],
    );
    check_after(
        &turn("pick_up"),
        &["cleo update clients unowned"],
        &["cleo update clients dora"],
    );
    check_after(
        &turn("leads_see_all"),
        &["ben read clients dora", "ben view projects unowned", "ben update clients cleo"],
        &["ben update clients dora", "ben use assistant -"],
    );
    let below_cleo = dora(|dora| dora.manager = Some("cleo".to_owned()));
    check_after(std::slice::from_ref(&below_cleo), &[], &["ben update clients dora"]);
    let [indirect] = turn("indirect_reports");
    check_after(&[below_cleo, indirect], &["ben update clients dora"], &[]);
}

#[test]
fn the_mistakes_on_the_format_page_are_exact() {
    let firm = firm();
    let before = firm.lines().count();
    let pages = blocks(FORMAT, "text");

    for page in &pages {
        let is_told = |line: &&str| line.split(':').next().unwrap().parse::<usize>().is_ok();
        let (told, added): (Vec<&str>, Vec<&str>) = page.lines().partition(is_told);
        let mistakes = Blueprint::parse(&format!("{firm}{}\n", added.join("\n")));
        let found: Vec<String> = mistakes
            .map_or_else(|wrong| wrong.0, |_| Vec::new())
            .into_iter()
            .map(|wrong| Mistake { line: wrong.line - before, ..wrong }.to_string())
            .collect();

        assert_eq!(found.join("\n"), told.join("\n"), "in\n{page}");
    }

    assert!(pages.len() >= 5, "{}", pages.len());
}

/// The keys that the parser reads, found in its sources.
fn keys_of_the_parser() -> BTreeSet<&'static str> {
    let kinds = ["records", "modules", "settings"];
    let calls = PARSER.iter().flat_map(|source| {
        KEY_CALLS.iter().flat_map(|call| {
            source.match_indices(call).map(|(at, call)| &source[at + call.len()..])
        })
    });
    calls.filter_map(first_text).chain(kinds).collect()
}

/// The first string in the arguments of a call, which may start with a section.
fn first_text(arguments: &'static str) -> Option<&'static str> {
    let arguments = arguments.trim_start();
    let is_in_a_section =
        arguments.starts_with("&section") || arguments.starts_with("section,");
    let arguments = match arguments.split_once(',') {
        Some((_, rest)) if is_in_a_section => rest.trim_start(),
        Some(_) | None => arguments,
    };
    arguments.strip_prefix('"')?.split_once('"').map(|(key, _)| key)
}

fn keys_in(table: &DeTable<'_>, found: &mut BTreeSet<String>) {
    for (key, value) in table {
        found.insert(key.get_ref().to_string());
        keys_in_value(value.get_ref(), found);
    }
}

fn keys_in_value(value: &DeValue<'_>, found: &mut BTreeSet<String>) {
    if let Some(table) = value.as_table() {
        keys_in(table, found);
    }
    for item in value.as_array().into_iter().flatten() {
        keys_in_value(item.get_ref(), found);
    }
}

#[test]
fn the_format_page_documents_every_key() {
    let (text, prose) = (firm(), prose(FORMAT));
    let mut shown = BTreeSet::new();
    keys_in(DeTable::parse(&text).unwrap().get_ref(), &mut shown);
    let keys = keys_of_the_parser();

    let is_described = |key: &str| {
        let forms = [format!("`{key}`"), format!("`[{key}]`"), format!("`[{key}.")];
        let as_example = format!("`{key} = ");
        forms.iter().chain([&as_example]).any(|form| prose.contains(form))
    };
    let not_shown: Vec<_> = keys.iter().filter(|key| !shown.contains(**key)).collect();
    let not_described: Vec<_> = keys.iter().filter(|key| !is_described(key)).collect();

    assert!(not_shown.is_empty(), "in no block: {not_shown:?}");
    assert!(not_described.is_empty(), "in no sentence: {not_described:?}");
    let of_each_call = [
        "custom_roles",
        "roles",
        "reassign",
        "claim",
        "name",
        "key",
        "top",
        "rank",
        "resources",
        "start",
        "ladder",
        "read",
        "adds",
        "fields",
        "guards",
        "export",
        "blueprint",
    ];
    let unseen: Vec<_> = of_each_call.iter().filter(|key| !keys.contains(**key)).collect();
    assert!(unseen.is_empty(), "not found in the reader: {unseen:?}");
}

#[test]
fn the_format_page_lists_every_word() {
    let prose = prose(FORMAT);
    let areas = AREAS.iter().flat_map(|area| area.verbs.iter().copied().chain([area.name]));
    let words = areas
        .chain(WORDS.iter().map(|(key, _)| *key))
        .chain(FieldType::WORDS.iter().map(|(word, _)| *word))
        .chain(Scope::EVERY.iter().map(|scope| scope.word()))
        .chain([INVITATION_FIELDS, VERBS, GUARDS].into_iter().flatten().copied());

    let untold: Vec<&str> =
        words.filter(|word| !prose.contains(&format!("`{word}`"))).collect();

    assert!(untold.is_empty(), "{untold:?}");
}

#[test]
fn defaults_are_as_the_format_page_describes() {
    let least = "[blueprint]\nid = \"x\"\nname = \"X\"\n[records.boxes]\n[settings.labels]\n\
                 [custom_roles]\nrank = 1\n[roles.boss]\nrank = 1\ntop = true\n";
    let blueprint = parsed(least);
    let boxes = blueprint.resource("boxes").unwrap();
    let labels = blueprint.resource("labels").unwrap();
    let keys = |resource: &Resource| {
        resource.actions.iter().map(|action| action.key.clone()).collect::<Vec<_>>().join(" ")
    };
    let role = blueprint.role("boss").unwrap();
    let custom = blueprint.custom_roles.as_ref().unwrap();
    let people = &blueprint.membership;

    assert_eq!([keys(boxes), keys(labels)], ["create read update delete", "read update"]);
    assert_eq!([&boxes.name, &boxes.one, &boxes.group], ["Boxes", "Boxe", "records"]);
    assert_eq!([boxes.scoped, boxes.can_switch_off], [true, true]);
    assert_eq!([labels.scoped, labels.can_switch_off], [false, false]);
    assert_eq!([boxes.read, boxes.reassign], [boxes.action("read"), boxes.action("update")]);
    assert_eq!(boxes.share, None);
    assert_eq!((role.name.as_str(), role.holders), ("Boss", Holders::Many));
    assert_eq!((role.visibility, role.has_levels), (VisibilityMode::AsGranted, false));
    assert_eq!(role.given_by, ["boss", "custom"]);
    assert_eq!(custom.scopes, [Scope::Own, Scope::All]);
    assert_eq!(custom.start_visibility, Visibility::Own);
    assert_eq!(people.invitation.fields, ["email", "role"]);
    assert_eq!((people.invitation.days, people.verbs.len()), (14, 0));
    assert!(people.self_serve.create && people.self_serve.mail_templates);
}

#[test]
fn the_limits_on_the_format_page_are_exact() {
    let thousands = |number: usize| {
        let digits = number.to_string();
        let groups = digits.as_bytes().rchunks(3).rev();
        groups.map(|group| std::str::from_utf8(group).unwrap()).collect::<Vec<_>>().join(",")
    };

    for limit in [MAX_BLUEPRINT_BYTES, MAX_GRANT_BYTES] {
        assert!(prose(FORMAT).contains(&thousands(limit)), "{limit}");
    }
}

/// The part of the workload folder that the README shows.
fn ladder() -> Policy {
    let in_department = |id: &str, role: &str, department: &str| Member {
        department: Some(department.to_owned()),
        ..Member::new(id, role)
    };
    let ids = ["d1", "d2", "d6"];
    let workspace = Workspace {
        roles: vec![CustomRole {
            id: "c1".to_owned(),
            grants: ["accounts:read:own", "accounts:update:all"]
                .map(|text| text.parse().unwrap())
                .into(),
        }],
        departments: ids.map(|id| Department { id: id.to_owned(), parent: None }).into(),
        members: vec![
            in_department("m1", "manager", "d1"),
            Member { manager: Some("m1".to_owned()), ..Member::new("m49", "user") },
            Member { visibility: Visibility::Department, ..in_department("m7", "c1", "d2") },
            in_department("m16", "user", "d6"),
        ],
        ..Workspace::default()
    };
    Policy::compile(&parsed(LADDER), &workspace).unwrap_or_else(|bad| panic!("{bad}"))
}

#[test]
fn the_explanations_in_the_readme_are_exact() {
    let policy = ladder();
    let describe = Describe::new(&policy, &Ids);

    for (member, resource, action, owner) in
        [("m1", "deals", "update", "m49"), ("m7", "accounts", "update", "m16")]
    {
        let target: Target = policy.target(Owner::Member(owner));
        let cell = policy.cell(resource, action).unwrap();
        let why = policy.explain(policy.member(member).unwrap(), cell, target);
        let steps = why.steps.iter().map(|step| describe.step(&why, step));
        let sentences =
            [describe.summary(&why)].into_iter().chain(steps).chain(describe.needs(&why));

        for sentence in sentences {
            assert!(README.contains(&sentence), "the README does not say: {sentence}");
        }
    }
}

#[test]
fn the_readme_names_every_shipped_blueprint() {
    for (_, text) in crate::shipped::SHIPPED {
        let blueprint = parsed(text);
        let row = format!("| `{}` | {} |", blueprint.id, blueprint.name);

        assert!(README.contains(&row), "no row `{row}`");
    }
}

#[test]
fn the_readme_counts_the_behaviours() {
    let lines = BEHAVIOURS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let interfaces: Vec<&str> = lines.filter_map(|line| line.split(' ').nth(2)).collect();
    let count = |name| interfaces.iter().filter(|interface| **interface == name).count();
    let [engine, api, page, signin] = ["engine", "api", "page", "signin"].map(count);

    let all = format!("The five systems have {} documented behaviours", interfaces.len());
    assert!(README.contains(&all), "{all}");
    let each = format!(
        "{engine} on the engine, {api} on the API, {page} on pages and {signin} on signing in"
    );
    assert!(README.contains(&each), "{each}");
    assert_eq!(engine + api + page + signin, interfaces.len());
}
