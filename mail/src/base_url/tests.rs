//! Base URLs that are accepted, and links below them.

use super::*;

#[test]
fn a_base_url_has_a_scheme_and_a_host_only() {
    let check = |text: &str, expected: Option<&str>| {
        let found = text.parse::<BaseUrl>().ok().map(|base| base.to_string());
        assert_eq!(found.as_deref(), expected, "{text}");
    };
    check("https://crm.example.com/", Some("https://crm.example.com"));
    check("http://[::1]:8700", Some("http://[::1]:8700"));
    for text in ["", "https://", "crm.example.com", "ftp://a.b", "https://a.b/c", "https://a b"]
    {
        check(text, None);
    }
    check("https://a.b?c", None);
    check("https://anna@a.b", None);
}

#[test]
fn a_token_in_a_link_is_percent_encoded() {
    let base: BaseUrl = "https://crm.example.com".parse().unwrap();

    let link = base.link("invitations", "t0k-en_/1 ü");

    assert_eq!(link, "https://crm.example.com/invitations/t0k-en_%2F1%20%C3%BC");
}
