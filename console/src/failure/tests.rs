//! Details of problems as sentences.

use super::sentence;

#[test]
fn a_sentence_has_a_capital_a_stop_and_quotes_for_code() {
    assert_eq!(
        sentence("an address has one `@`, as in `a@b`"),
        "An address has one “@”, as in “a@b”."
    );
    assert_eq!(
        sentence("the role a`b does not include it."),
        "The role a`b does not include it."
    );
    assert_eq!(sentence("To delete deals:"), "To delete deals:");
}
