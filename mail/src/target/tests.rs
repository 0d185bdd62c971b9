//! Mail targets that are accepted, and their TLS mode.

use super::*;

#[test]
fn a_target_is_a_server_a_folder_or_the_log() {
    for text in ["smtp://a.b", "smtps://u:p%40@a.b:465", "file:mail", "file:/tmp/x y", "log:"] {
        assert!(text.parse::<MailTarget>().is_ok(), "{text}");
    }
    for text in ["", "file:", "log", "http://a.b", "smtp://", "smtp://a.b?tls=perhaps", "a.b"] {
        let expected = text.parse::<MailTarget>().unwrap_err();
        assert!(expected.contains("`file:FOLDER` or `log:`"), "{text}: {expected}");
    }
    let secret: MailTarget = "smtp://anna:s3cret@a.b".parse().unwrap();
    assert_eq!(format!("{secret:?}"), "Smtp");
}

#[test]
fn a_password_requires_tls() {
    let check = |url: &str, expected: &str| assert_eq!(with_tls(url), expected);
    check("smtp://u:p@a.b:587", "smtp://u:p@a.b:587?tls=required");
    check("smtp://a.b", "smtp://a.b?tls=opportunistic");
    check("smtp://u:p@localhost:25", "smtp://u:p@localhost:25");
    check("smtp://127.0.0.1:25", "smtp://127.0.0.1:25");
    check("smtp://u:p@a.b?tls=none", "smtp://u:p@a.b");
    check("smtp://u:p@localhost?tls=required", "smtp://u:p@localhost?tls=required");
    check("smtps://u:p@a.b", "smtps://u:p@a.b");
}
