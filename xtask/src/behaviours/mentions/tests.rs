//! Tests of how mentions are found in a text.

use super::find;

fn check(text: &str, expected: &[&str]) {
    let found: Vec<String> =
        find(text).into_iter().filter_map(|mention| mention.ids.ok()).flatten().collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn an_id_is_found_anywhere_in_a_text() {
    check("/// HALO-194: the billing contact stays.", &["HALO-194"]);
    check(
        "check(\"CRM-007\", [\"HARI-036\"]); // HARMONIA-01, HARMONY-02",
        &["CRM-007", "HARI-036", "HARMONIA-01", "HARMONY-02"],
    );
    check("\u{2026}HALO-194\u{2026}", &["HALO-194"]);
}

#[test]
fn a_range_includes_both_ends() {
    check("HALO-008..HALO-011", &["HALO-008", "HALO-009", "HALO-010", "HALO-011"]);
    check("HARI-036..=HARI-037.", &["HARI-036", "HARI-037"]);
    check("HARMONIA-09..HARMONIA-10", &["HARMONIA-09", "HARMONIA-10"]);
    check("HALO-008..", &["HALO-008"]);
}

#[test]
fn the_name_of_an_ambiguity_is_not_a_behaviour() {
    check("AMB-CRM-1 and AMB-HALO-10", &[]);
    check("XHALO-001 HALO- HALO-x halo-001", &[]);
}

#[test]
fn an_invalid_range_is_an_error() {
    for text in ["HALO-009..HALO-008", "HALO-001..HARI-009", "HALO-001..HALO-99999"] {
        let found = find(text);
        assert!(found.iter().all(|mention| mention.ids.is_err()), "{text}");
        assert_eq!(found.len(), 1, "{text}");
    }
}

#[test]
fn a_mention_has_its_line() {
    let lines: Vec<usize> =
        find("\nHALO-001\n\nHALO-002\n").iter().map(|mention| mention.line).collect();
    assert_eq!(lines, [2, 4]);
}
