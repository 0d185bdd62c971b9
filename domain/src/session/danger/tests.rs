//! Dangerous acts.

use super::*;

#[test]
fn reading_is_not_dangerous_and_what_cannot_be_undone_is() {
    for (area, verb) in [
        ("ownership", "transfer"),
        ("billing", "update"),
        ("billing", "plan"),
        ("workspace", "delete"),
        ("workspace", "export"),
        ("blueprint", "update"),
        ("authentication", "update"),
        ("security", "update"),
        ("api_keys", "create"),
        ("api_keys", "delete"),
        ("audit", "export"),
        ("members", "factors"),
    ] {
        assert!(is_dangerous(area, verb), "{area}:{verb}");
    }
    for (area, verb) in [
        ("billing", "read"),
        ("security", "read"),
        ("api_keys", "read"),
        ("audit", "read"),
        ("members", "update"),
        ("general", "update"),
        ("deals", "export"),
    ] {
        assert!(!is_dangerous(area, verb), "{area}:{verb}");
    }
}
