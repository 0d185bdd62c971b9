//! Tests of how phrases are found in prose.

use super::find;

fn check(text: &str, phrase: &str, expected: &[usize]) {
    let found = find((1..).zip(text.lines()), [phrase].into_iter());
    let lines: Vec<usize> = found.into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, expected, "{phrase} in {text}");
}

#[test]
fn words_are_matched_at_boundaries_in_any_case() {
    check("The house.", "house", &[1]);
    check("HOUSE rules, House", "house", &[1, 1]);
    check("A household, a warehouse.", "house", &[]);
    check("an in-house `house_rule`", "house", &[]);
    check("**house** `house` house's", "house", &[1, 1, 1]);
}

#[test]
fn the_last_word_matches_its_plural() {
    check("Two lanes.", "lane", &[1]);
    check("Asks who asks.", "who asks", &[1]);
    check("It gives way.", "give way", &[]);
}

#[test]
fn a_phrase_may_be_divided_by_a_line_break() {
    check("/// They come\n/// to be.", "come to be", &[1]);
    check("They come\n\nto be.", "come to be", &[]);
    check("They come, to be.", "come to be", &[]);
}
