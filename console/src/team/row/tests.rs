//! Tests of the rows of the list.

use super::in_sentence;

#[test]
fn an_abbreviation_keeps_its_capitals_in_a_sentence() {
    assert_eq!(in_sentence("AI Agents"), "AI agents");
    assert_eq!(in_sentence("Deals"), "deals");
}
