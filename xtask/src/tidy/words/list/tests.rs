//! Tests of how the list of retired words is parsed.

use super::{List, Section};

#[test]
fn sections_and_exceptions_are_read() {
    let text = "[identifiers]\nHouse = \"App\"\n[prose]\n\"give way\" = \"be replaced\"\n\n\
        [[exceptions]]\nwords = [\"house\"]\npaths = [\"docs/\"]\nreason = \"A quote.\"\n";

    let list = List::parse(text).unwrap();

    assert_eq!(list.instead(Section::Identifiers, "House"), Some("App"));
    assert_eq!(list.instead(Section::Identifiers, "give way"), None);
    assert_eq!(list.words(Section::Prose).collect::<Vec<_>>(), [("give way", "be replaced")]);
    assert!(list.exceptions[0].allows("house", "docs/a.md", ""));
    assert!(!list.exceptions[0].allows("house", "app/docs/a.md", ""));
    assert!(!list.exceptions[0].allows("door", "docs/a.md", ""));
    assert_eq!(list.exceptions[0].line, 6);
}

#[test]
fn an_exception_may_depend_on_the_line() {
    let text = "[[exceptions]]\ntext = \"match arm\"\nreason = \"Rust's term.\"\n";

    let exceptions = List::parse(text).unwrap().exceptions;

    assert!(exceptions[0].allows("arm", "a.rs", "// A match arm."));
    assert!(!exceptions[0].allows("arm", "a.rs", "// An arm."));
}

#[test]
fn errors_have_a_line_and_a_reason() {
    let check = |text: &str, line: usize, expected: &str| {
        let (at, problem) = List::parse(text).unwrap_err();
        assert!(problem.contains(expected), "{text}: {problem}");
        assert_eq!(at, line, "{text}: {problem}");
    };

    check("[words]\n", 1, "unknown section `words`");
    check("[prose]\nanew = 1\n", 1, "not a table of strings");
    check("[prose]\nanew\n", 2, "");
    check("[[exceptions]]\npaths = [\"a\"]\n", 1, "needs a `reason`");
    check("[[exceptions]]\nreason = \"All.\"\n", 1, "needs `paths` or `text`");
    check("[[exceptions]]\nreason = \"R.\"\npath = \"a\"\n", 1, "unknown field `path`");
    check("[[exceptions]]\nreason = \"R.\"\npaths = \"a\"\n", 1, "not an array");
}
