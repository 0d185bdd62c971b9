//! Folding and escaping.

use super::{contains_pattern, escape_pointer, fold, shortlist, unknown};

#[test]
fn texts_that_differ_in_case_or_composition_fold_to_the_same() {
    for (one, other) in [
        ("ǰ", "J\u{030C}"),
        ("Straße", "STRASSE"),
        ("ΟΔΟΣ", "οδος"),
        ("İ", "i\u{0307}"),
        ("ﬁsh Ⅷ", "FISH VIII"),
        ("Ångström", "a\u{030A}ngstro\u{0308}m"),
    ] {
        assert_eq!(fold(one), fold(other), "{one} and {other}");
    }
    assert_ne!(fold("resume"), fold("résumé"));
}

#[test]
fn folding_twice_is_folding_once() {
    // Planes above these have no letters with case.
    for c in (0..=0x0001_FFFF).filter_map(char::from_u32) {
        let once = fold(&c.to_string());
        assert_eq!(fold(&once), once, "U+{:04X}", u32::from(c));
    }
}

#[test]
fn a_pattern_has_no_wildcards_but_its_ends() {
    assert_eq!(contains_pattern("50%_a\\b"), r"%50\%\_a\\b%");
}

#[test]
fn a_pointer_is_escaped_as_rfc_6901_says() {
    assert_eq!(escape_pointer("a/b~1"), "a~1b~01");
}

#[test]
fn an_unknown_word_is_reported_with_the_nearest_name_and_a_short_list() {
    let known = ["sales", "support"];

    let near = "no role `sals`; did you mean `sales`? Roles: `sales`, `support`";
    assert_eq!(unknown("role", "sals", known), near);
    assert_eq!(unknown("role", "x\ny", known), "no role `xy`; roles: `sales`, `support`");
    let many: Vec<String> = (0..12).map(|number| number.to_string()).collect();
    let listed = shortlist(many.iter().map(String::as_str));
    assert!(listed.ends_with("`9` and 2 more"), "{listed}");
}
