//! Tests of the parser of the catalogue, and of the catalogue itself.

use super::{Behaviour, Surface, parse};

#[test]
fn a_line_is_id_kind_door_and_text() {
    let read = parse("# Halo\n\nHALO-001 E page A text, with words.\n").unwrap();

    let expected = Behaviour {
        id: "HALO-001".to_owned(),
        kind: 'E',
        surface: Surface::Page,
        text: "A text, with words.".to_owned(),
    };
    assert_eq!(read, [expected]);
}

#[test]
fn errors_have_a_line_number() {
    let check = |text: &str, expected: &str| {
        let problem = parse(text).unwrap_err();
        assert!(problem.contains(expected), "{problem}");
    };

    check("# Halo\nHALO-001", "line 2: expected `ID");
    check("HALO-001 E page ", "line 1: expected `ID");
    check("HALO-001 X page text", "unknown kind `X`");
    check("HALO-001 E gate text", "unknown surface `gate`");
    check("HALO-001 E api one\nHALO-001 E api two", "line 2: duplicate `HALO-001`");
}

#[test]
fn only_a_behaviour_of_the_same_system_follows_another() {
    let behaviour = |id: &str| Behaviour {
        id: id.to_owned(),
        kind: 'E',
        surface: Surface::Api,
        text: String::new(),
    };

    assert!(behaviour("HALO-009").is_followed_by(&behaviour("HALO-010")));
    assert!(!behaviour("HALO-009").is_followed_by(&behaviour("HALO-011")));
    assert!(!behaviour("HALO-009").is_followed_by(&behaviour("HARI-010")));
}

#[test]
fn the_catalogue_has_every_behaviour_of_the_five_systems() {
    let behaviours = parse(include_str!("../../../../docs/behaviours.txt")).unwrap();

    let count = |system: &str| {
        let of_system =
            |behaviour: &&Behaviour| behaviour.id.rsplit_once('-').unwrap().0 == system;
        behaviours.iter().filter(of_system).count()
    };
    let counts = ["HARMONIA", "HARMONY", "HARI", "CRM", "HALO"].map(count);
    assert_eq!(counts, [92, 71, 119, 219, 223]);
    assert_eq!(behaviours.len(), 724);
}
