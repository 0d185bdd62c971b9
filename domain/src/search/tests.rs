//! Words, the parts that an index has of them, and the text of a record.

use serde_json::json;

use super::*;

fn words(text: &str) -> Vec<String> {
    Words::parse(text).map(|words| words.0).unwrap_or_default()
}

fn searched(title: &str, fields: &Value) -> String {
    searched_text(title, fields.as_object().unwrap())
}

#[test]
fn words_are_folded_and_those_within_others_are_left_out() {
    assert_eq!(words("  Müller  GmbH "), ["muller", "gmbh"]);
    assert_eq!(words("an Anna ann ANNA"), ["anna"]);
    assert_eq!(words("Straße Łódź Øre"), ["strasse", "lodz", "ore"]);
    assert_eq!(words("北京 東"), ["北京", "東"]);
    assert_eq!(words(" \u{200d} \u{ad}"), Vec::<String>::new());
}

#[test]
fn every_match_contains_the_grams() {
    for word in [
        "abc",
        "anna@example.com",
        "0123456789012345678901234567890",
        "Ünïcödé",
        "北京市朝阳区",
    ] {
        let key = search_key(word);
        let words = Words::parse(word).unwrap();
        let grams = words.grams();
        assert!(!grams.is_empty() && grams.len() <= MOST_GRAMS_OF_ALL, "{word}");
        for gram in grams {
            assert_eq!(gram.chars().count(), GRAM, "{gram}");
            assert!(key.contains(&gram), "{gram}");
        }
    }
    assert_eq!(Words::parse("ab c").unwrap().grams(), Vec::<String>::new());
    assert_eq!(Words::parse("abcd").unwrap().grams(), ["abc", "bcd"]);
    // The end of a host says little; all there is of a short address does.
    let grams = Words::parse("anna@cd.example").unwrap().grams();
    assert_eq!(grams, ["ann", "nna", "na@", "a@c", "@cd"]);
    assert_eq!(Words::parse("a@b.xyz").unwrap().grams().len(), 5);
}

#[test]
fn only_words_of_three_characters_are_their_grams() {
    assert!(Words::parse("abc def").unwrap().are_grams());
    assert!(!Words::parse("abcd").unwrap().are_grams());
    assert!(!Words::parse("abc de").unwrap().are_grams());
}

#[test]
fn many_words_have_a_bounded_number_of_grams() {
    let words: Vec<String> = (0..200).map(|number| format!("w{number}x")).collect();
    let text = words.join(" ");
    assert_eq!(Words::parse(&text).unwrap().grams().len(), MOST_GRAMS_OF_ALL);
}

#[test]
fn the_words_are_found_in_any_order_and_all_of_them_must_be() {
    let text = searched("Jürgen Groß", &json!({"mail": "J.Gross@Example.com", "city": "Köln"}));
    for found in ["gross jurgen", "JÜR köl", "@example", "j.gross@example.com", "ge n@"] {
        let expected = !found.contains("n@");
        assert_eq!(Words::parse(found).unwrap().are_in(&text), expected, "{found}");
    }
}

#[test]
fn numbers_are_searched_as_they_are_written_and_without_separators() {
    let fields =
        json!({"phone": "+49 (30) 901820", "amount": 1250.5, "n": 12_345_678, "vip": true});
    let text = searched("Deal", &fields);
    for found in ["4930901820", "901820", "(30)", "1250.5", "345678"] {
        assert!(Words::parse(found).unwrap().are_in(&text), "{found}");
    }
    assert!(!Words::parse("true").unwrap().are_in(&text));
}

#[test]
fn the_first_line_is_the_title() {
    for (title, fields) in [("Ärger", json!({"a": "b\nc", "title": "Ärger"})), ("", json!({}))]
    {
        let text = searched(title, &fields);
        assert_eq!(text.split('\n').next(), Some(search_key(title).as_str()));
        assert!(text.ends_with('\n'));
    }
    assert_eq!(searched("Ärger", &json!({"title": "Ärger"})), "arger\n");
}

#[test]
fn dates_and_texts_with_letters_are_no_numbers() {
    assert_eq!(digits("2026-03-15"), Some("20260315".to_owned()));
    assert_eq!(digits("a 12345"), None);
    assert_eq!(digits("12345"), None);
    assert_eq!(digits("1 2"), None);
}
