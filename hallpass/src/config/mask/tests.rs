//! What is hidden of a URL.

use super::*;

fn check(url: &str, expected: &str) {
    assert_eq!(mask("database", url), expected);
}

#[test]
fn no_password_is_shown() {
    check("postgres://anna:s3c@ret/x@host:5432/db", "postgres://anna:***@host:5432/db");
    check("postgres://anna@host/db", "postgres://anna@host/db");
    check("postgres://host/db?password=s3cret&a=b", "postgres://host/db?password=***&a=b");
    check(
        "postgres://host/db?user=a&password=s3cret",
        "postgres://host/db?user=a&password=***",
    );
    check("smtps://:s3cret@host", "smtps://:***@host");
    check("./data/hallpass.db", "./data/hallpass.db");
    assert_eq!(mask("stripe_secret", "sk_live_1"), "***");
    assert_eq!(mask("listen", "a:b@c"), "a:b@c");
}
