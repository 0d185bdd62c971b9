//! What is shown of the error of a mail server.

use super::without_paths;

#[test]
fn an_error_is_shown_without_the_paths_of_addresses() {
    for (written, shown) in [
        ("550 no such mailbox", "550 no such mailbox"),
        (
            "554 blocked: https://crm.example.com/invitations/s3cret is listed",
            "554 blocked: https://crm.example.com/… is listed",
        ),
        (
            "see <http://a.example/x>, https://b.example",
            "see <http://a.example/…>, https://b.example",
        ),
        ("https://a.example?token=s3cret", "https://a.example/…"),
        ("x://", "x://"),
    ] {
        assert_eq!(without_paths(written), shown);
    }
}
