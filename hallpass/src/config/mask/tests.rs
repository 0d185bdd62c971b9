//! The password in a URL is hidden, wherever it is.

use super::*;

fn check(url: &str, expected: &str) {
    assert_eq!(mask_url(url), expected);
}

#[test]
fn password_in_a_url_is_hidden() {
    check("postgres://anna:s3c@ret/x@host:5432/db", "postgres://anna:***@host:5432/db");
    check("postgres://anna@host/db", "postgres://anna@host/db");
    check("postgres://host/db?password=s3cret&a=b", "postgres://host/db?password=***&a=b");
    check(
        "postgres://host/db?user=a&password=s3cret",
        "postgres://host/db?user=a&password=***",
    );
    check("smtps://:s3cret@host", "smtps://:***@host");
    check("./data/hallpass.db", "./data/hallpass.db");
}
