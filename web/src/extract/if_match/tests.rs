//! The tags of `If-Match`.

use super::strong_tags;

fn check(list: &str, expected: &[&str]) {
    assert_eq!(strong_tags(list), expected, "{list}");
}

#[test]
fn a_list_has_the_strong_tags_between_its_commas() {
    check("\"3\"", &["3"]);
    check("\"1\", \"99\"", &["1", "99"]);
    check("\"1\" ,\t\"99\",", &["1", "99"]);
    check("\"a,b\", \"c\"", &["a,b", "c"]);
}

#[test]
fn weak_tags_and_other_texts_match_nothing() {
    check("W/\"3\"", &[]);
    check("W/\"3\", \"4\"", &["4"]);
    check("3", &[]);
    check("\"3", &[]);
    check("", &[]);
}
