//! The four actions and the four scopes of a profile.

use hallpass_engine::{Cells, Member, Owner, Target};

use super::super::{
    WorkspaceBuilder, blueprint, cell, granted, in_teams, index, listed, may, may_on, reach_of,
    set, sidebar,
};
use super::{ACTIONS, ENTITIES, owners, people, profiled, right};

const WORDS: [&str; 4] = ["None", "Own", "Team", "All"];

/// HARI-006
#[test]
fn a_profile_grants_cell_by_cell() {
    let policy = profiled(&[
        ("contacts", "read", "team"),
        ("contacts", "update", "own"),
        ("invoices", "create", "all"),
    ]);
    let cells = set(["contacts:read", "contacts:update", "invoices:create"]);
    assert_eq!(granted(&policy, "anna"), cells);
    assert_eq!(reach_of(&policy, "anna", "contacts:read"), owners("Team"));
    assert_eq!(reach_of(&policy, "anna", "contacts:update"), owners("Own"));
    assert_eq!(reach_of(&policy, "anna", "invoices:create"), owners("All"));
}

/// HARI-012
#[test]
fn each_record_type_has_four_actions() {
    let known = blueprint("hari");
    for entity in ENTITIES {
        let resource = known.resources.iter().find(|resource| resource.name == entity).unwrap();
        let names: Vec<&str> =
            resource.actions.iter().map(|action| action.name.as_str()).collect();
        assert_eq!(names, ["Create", "Read", "Update", "Delete"], "{entity}");
        for action in ACTIONS {
            let policy =
                profiled(&[(&resource.key, "read", "own"), (&resource.key, action, "own")]);
            assert!(
                may_on(&policy, "anna", &right(entity, action), "anna"),
                "{entity} {action}"
            );
        }
        assert!(Cells::check(&known.resources, &resource.key, "approve", "all").is_err());
    }
}

/// Each action needs its own cell: id, action, other actions that are granted.
const DECIDES: [(&str, &str, &[&str]); 4] = [
    ("HARI-013", "create", &["read", "update", "delete"]),
    ("HARI-014", "read", &["create"]),
    ("HARI-015", "update", &["create", "read", "delete"]),
    ("HARI-016", "delete", &["create", "read", "update"]),
];

#[test]
fn an_action_is_denied_without_its_own_cell() {
    for (id, action, others) in DECIDES {
        let mut cells: Vec<_> =
            others.iter().map(|other| ("contacts", *other, "all")).collect();
        let asked = right("contacts", action);
        let without = profiled(&cells);
        assert_eq!(reach_of(&without, "anna", &asked), "", "{id}");
        assert!(!may(&without, "anna", &asked), "{id}");
        assert_eq!(sidebar(&without, "anna").is_empty(), action == "read", "{id}");
        cells.push(("contacts", action, "all"));
        assert_eq!(reach_of(&profiled(&cells), "anna", &asked), owners("All"), "{id}");
        assert_eq!(reach_of(&profiled(&cells), "cleo", &asked), "", "{id}");
    }
}

/// HARI-017
#[test]
fn a_cell_holds_one_of_four_words() {
    let resources = &blueprint("hari").resources;
    for word in ["none", "own", "team", "all"] {
        assert!(Cells::check(resources, "contacts", "read", word).is_ok(), "{word}");
    }
    for word in ["", "own team", "assigned", "department", "visible", "unowned", "yes"] {
        assert!(Cells::check(resources, "contacts", "read", word).is_err(), "{word}");
    }
    let rewritten = profiled(&[("contacts", "read", "all"), ("contacts", "read", "own")]);
    assert_eq!(reach_of(&rewritten, "anna", "contacts:read"), owners("Own"));
}

/// The reach of each scope: id, word, owners.
const REACHES: [(&str, &str, &str); 6] = [
    ("HARI-018", "All", "anna ben cleo unowned nonmember"),
    ("HARI-019", "Team", "anna ben"),
    ("HARI-020", "Own", "anna"),
    ("HARI-021", "None", ""),
    // A member is in their own team.
    ("HARI-022", "Team", "anna ben"),
    // "Owned by" and "assigned to" mean the same owner.
    ("HARI-025", "Own", "anna"),
];

#[test]
fn a_scope_covers_the_records_of_its_owners() {
    for (id, word, expected) in REACHES {
        for entity in ENTITIES {
            let key = entity.to_lowercase();
            for action in ACTIONS {
                let scope = word.to_lowercase();
                let policy = profiled(&[(&key, "read", "all"), (&key, action, &scope)]);
                assert_eq!(
                    reach_of(&policy, "anna", &right(entity, action)),
                    expected,
                    "{id} {key} {action}"
                );
            }
        }
    }
}

/// HARI-025: no record type has a second owner as a field.
#[test]
fn a_record_has_one_owner() {
    let known = blueprint("hari");
    for field in known.resources.iter().flat_map(|resource| &resource.fields) {
        let second = ["owner", "assign"].iter().any(|word| field.key.contains(word));
        assert!(!second, "{}", field.key);
    }
}

/// HARI-023: Ben shares the all-hands team with Anna, Dora the team that grants.
#[test]
fn a_team_covers_only_its_own_members() {
    let builder =
        WorkspaceBuilder::new("hari").profile("made", &[("contacts", "read", "team")]);
    let builder = builder.team("sales", Some("made")).team("all_hands", None);
    let builder = builder.with(in_teams("anna", "member", &["all_hands", "sales"]));
    let builder = builder.with(in_teams("ben", "member", &["all_hands"]));
    let policy = builder.with(in_teams("dora", "member", &["sales"])).compile();
    assert_eq!(reach_of(&policy, "anna", "contacts:read"), "anna dora");
    assert_eq!(reach_of(&policy, "ben", "contacts:read"), "");
}

/// The scope of create: id, word, future owners.
const CREATES: [(&str, &str, &str); 4] = [
    ("HARI-024", "All", "anna ben cleo unowned nonmember"),
    ("HARI-024", "Team", "anna ben"),
    ("HARI-024", "Own", "anna"),
    ("HARI-024", "None", ""),
];

#[test]
fn the_scope_of_create_limits_the_first_owner() {
    for (id, word, expected) in CREATES {
        let policy = profiled(&[("contacts", "create", &word.to_lowercase())]);
        assert_eq!(reach_of(&policy, "anna", "contacts:create"), expected, "{id} {word}");
        assert_eq!(may(&policy, "anna", "contacts:create"), word != "None", "{id} {word}");
    }
}

/// HARI-026
#[test]
fn only_the_scope_all_covers_an_unowned_record() {
    for word in WORDS {
        let policy = profiled(&[("contacts", "read", &word.to_lowercase())]);
        let read = cell(&policy, "contacts:read");
        let sees = policy.decide(index(&policy, "anna"), read, Target::Unowned);
        assert_eq!(sees, word == "All", "{word}");
        assert_eq!(
            policy.check("anna", "contacts", "read", Owner::Unowned),
            Some(word == "All")
        );
    }
}

/// HARI-027: of every pair of scopes the narrower one applies.
#[test]
fn unreadable_records_cannot_be_updated_or_deleted() {
    for (read_rank, reading) in WORDS.into_iter().enumerate() {
        for (rank, word) in WORDS.into_iter().enumerate() {
            for action in ["update", "delete"] {
                let cells = [
                    ("contacts", "read", &*reading.to_lowercase()),
                    ("contacts", action, &*word.to_lowercase()),
                ];
                let policy = profiled(&cells);
                let expected = owners(WORDS[rank.min(read_rank)]);
                let asked = right("contacts", action);
                assert_eq!(
                    reach_of(&policy, "anna", &asked),
                    expected,
                    "{action} {word}, read {reading}"
                );
            }
        }
    }
}

/// Lists apply the scope: id, word, owners of the listed records.
const LISTS: [(&str, &str, &str); 3] = [
    ("HARI-116", "Own", "anna"),
    ("HARI-116", "Team", "anna ben"),
    ("HARI-116", "All", "anna ben cleo unowned nonmember"),
];

#[test]
fn a_list_shows_the_records_in_scope() {
    for (id, word, expected) in LISTS {
        let policy = profiled(&[("contacts", "read", &word.to_lowercase())]);
        assert_eq!(listed(&policy, "anna", "contacts:read"), expected, "{id} {word}");
        assert_eq!(listed(&policy, "cleo", "contacts:read"), "", "{id} {word}");
    }
}

/// HARI-020: also for a member without teammates.
#[test]
fn the_scope_own_requires_no_teammates() {
    let builder = WorkspaceBuilder::new("hari").profile("made", &[("contacts", "read", "own")]);
    let builder =
        builder.team("sales", Some("made")).with(in_teams("anna", "member", &["sales"]));
    let policy = builder.with(Member::new("ben", "member")).compile();
    assert_eq!(reach_of(&policy, "anna", "contacts:read"), "anna");
}

/// HARI-014: hidden from the sidebar too.
#[test]
fn the_sidebar_shows_readable_record_types() {
    let cells = [("contacts", "read", "own"), ("leads", "create", "all")];
    let policy =
        people(WorkspaceBuilder::new("hari").profile("made", &cells), "made").compile();
    assert_eq!(sidebar(&policy, "anna"), ["Contacts"]);
}
