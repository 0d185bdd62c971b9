//! Folding and escaping.

use super::{
    contains_pattern, escape_pointer, fold, is_ignorable, is_visible, looks_like, search_key,
    shortlist, sort_key, unknown,
};

#[test]
fn texts_that_differ_in_case_or_composition_fold_to_the_same() {
    for (one, other) in [
        ("ǰ", "J\u{030C}"),
        ("Straße", "STRASSE"),
        ("ΟΔΟΣ", "οδος"),
        ("İ", "i\u{0307}"),
        ("ﬁsh Ⅷ", "FISH VIII"),
        ("Ångström", "a\u{030A}ngstro\u{0308}m"),
        ("ΒΟΡΡΑΣ", "βορρας"),
        (" Müller\u{00A0} \tGmbH\n", "müller gmbh"),
        ("Ad\u{200D}min\u{FE0F}", "admin"),
        ("e\u{034F}\u{0301}", "é"),
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
fn letters_with_marks_are_sorted_beside_those_without() {
    let sorted = [
        "",
        "  Abel",
        "ægir",
        "Aepfel",
        "AFTER",
        "Apfel",
        "Äpfel",
        "apfel 2",
        "Äpfel 2",
        "Birne",
        "Emil",
        "émil",
        "Émile",
        "Łódź",
        "Lozère",
        "Öl",
        "ølsen",
        "Ǿm",
        "Ota",
        "Straße",
        "Strasse 2",
        "Ute",
        "Zebra",
        "Ζήνων",
        "Θέμις",
        "Ёлка",
        "ель",
        "がく",
        "東京",
    ];
    let mut found = sorted;
    found.reverse();

    found.sort_by_cached_key(|text| sort_key(text));

    assert_eq!(found, sorted);
    assert_eq!(sort_key("STRASSE"), sort_key("straße"), "case plays no part");
}

#[test]
fn a_text_is_found_by_its_letters_without_marks_and_strokes() {
    for (text, key) in [
        ("Ægir", "aegir"),
        ("Œuvre", "oeuvre"),
        ("Ørsted", "orsted"),
        ("Đorđe", "dorde"),
        ("Ħamrun", "hamrun"),
        ("Diyarbakır", "diyarbakir"),
        ("Łódź", "lodz"),
        ("Ŧuos", "tuos"),
        ("Ångström", "angstrom"),
        ("Straße", "strasse"),
        ("हिन्दी", "हिन्दी"),
        ("Plain  Text", "plain text"),
    ] {
        assert_eq!(search_key(text), key, "{text}");
        assert!(sort_key(text).starts_with(key), "{text}");
    }
}

#[test]
fn only_texts_that_fold_to_the_same_have_the_same_sort_key() {
    let plain = |c: char| fold(&c.to_string());
    let mut keys = std::collections::HashMap::new();
    for c in (1..=0x0001_FFFF).filter_map(char::from_u32) {
        let folded = plain(c);
        let known = keys.entry(sort_key(&c.to_string())).or_insert_with(|| folded.clone());
        assert_eq!(*known, folded, "U+{:04X}", u32::from(c));
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

#[test]
fn a_folded_text_has_no_ignorable_character_and_no_spare_space() {
    for c in ('\0'..='\u{1FFFF}').chain('\u{E0000}'..='\u{E0FFF}') {
        let folded = fold(&format!("a{c}  {c}b"));
        assert!(!folded.contains(is_ignorable), "U+{:04X}", u32::from(c));
        assert!(!folded.contains("  ") && folded.trim() == folded, "U+{:04X}", u32::from(c));
    }
}

#[test]
fn a_text_is_visible_by_a_letter_a_digit_a_punctuation_mark_or_a_symbol() {
    for text in ["a", "七", "7", "-", "€", "👩‍🚀", "ه", " x ", "\u{FE0F}!"] {
        assert!(is_visible(text), "{text}");
    }
    let blank = [
        "",
        " ",
        "\u{3164}",
        "\u{2800}",
        "\u{115F}",
        "\u{1160}",
        "\u{FFA0}",
        "\u{200B}",
        "\u{200C}",
        "\u{200D}",
        "\u{FE0F}",
        "\u{E0101}",
        "\u{301}",
        "\u{A0}",
        "\u{3000}",
        "\0",
        "\u{180E}",
        "\u{2062}",
        "\u{1D159}",
        "\u{FFFC}",
        "\u{E000}",
        "\u{2800} \u{3164}\u{200D}",
    ];
    for text in blank {
        assert!(!is_visible(text), "{text:?}");
    }
}

#[test]
fn texts_that_are_hard_to_tell_apart_look_alike() {
    for other in [
        "admin",
        "ADMIN",
        "\u{410}dmin",
        "\u{391}DMIN",
        "Ａｄｍｉｎ",
        "Ad\u{200C}min",
        "Adrnin",
    ] {
        assert!(looks_like("Admin", other), "{other}");
    }
    // The first look alike only as they are written, the second only folded.
    for (one, other) in [("Al", "AI"), ("ADMIN", "Adrnin"), ("Straße", "STRASSE")] {
        assert!(looks_like(one, other) && looks_like(other, one), "{one} {other}");
    }
    for other in ["Admins", "Administrator", "Ädmin", "Editor"] {
        assert!(!looks_like("Admin", other), "{other}");
    }
}
