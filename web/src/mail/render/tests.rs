//! Every letter in words.

use super::*;

fn base() -> BaseUrl {
    "https://crm.example.com/".parse().unwrap()
}

fn invitation(workspace: &str, inviter: &str) -> MailTemplate {
    MailTemplate::Invitation {
        workspace: workspace.to_owned(),
        workspace_word: "organization".to_owned(),
        inviter: inviter.to_owned(),
        role: "Manager".to_owned(),
        name: Some("Ben".to_owned()),
        expires_at: "2026-03-05T09:30:12.5Z".to_owned(),
        token: "t0k-en_/1".to_owned(),
    }
}

/// One of each, with the link that it has to hold.
pub(super) fn letters() -> Vec<(MailTemplate, &'static str)> {
    let owned = str::to_owned;
    let token = || owned("abc");
    let first_name = || owned("Anna");
    let alert = |kind| MailTemplate::BillingAlert {
        workspace: owned("Acme"),
        kind,
        detail: owned("Invoice 7 of 20 EUR."),
        to_vacancy: true,
    };
    let open = "https://crm.example.com";
    vec![
        (invitation("Acme", "Anna"), "https://crm.example.com/invitations/t0k-en_%2F1"),
        (
            MailTemplate::ConfirmAddress { first_name: first_name(), token: token() },
            "https://crm.example.com/confirmations/abc",
        ),
        (
            MailTemplate::PasswordReset { first_name: first_name(), token: token() },
            "https://crm.example.com/password-resets/abc",
        ),
        (MailTemplate::AccountExists { first_name: first_name() }, open),
        (MailTemplate::PasswordChanged { first_name: first_name() }, open),
        (
            MailTemplate::OwnershipTransferred {
                workspace: owned("Acme"),
                from: first_name(),
                to_name: owned("Ben"),
            },
            open,
        ),
        (alert(BillingAlert::Invoice), open),
        (alert(BillingAlert::Reminder), open),
        (alert(BillingAlert::CardExpiring), open),
        (alert(BillingAlert::PaymentFailed), open),
        (
            MailTemplate::WorkspaceDeletion {
                workspace: owned("Acme"),
                purge_at: owned("2026-04-01T00:00:00Z"),
            },
            "1 April 2026, 00:00 UTC",
        ),
    ]
}

#[test]
fn every_letter_says_the_same_in_text_and_in_html() {
    for (mail_template, link) in letters() {
        let page = Page::of(&mail_template, &base());
        let (text, html) = (page.text().unwrap(), page.html().unwrap());

        assert!(text.contains(link), "{mail_template:?}: {text}");
        assert!(html.contains(link), "{mail_template:?}: {html}");
        assert!(!page.subject.is_empty() && html.contains("<title>"), "{mail_template:?}");
        for remote in ["<img", "<link", "<script", "@import", "url(", "src="] {
            assert!(!html.contains(remote), "{mail_template:?} loads {remote}");
        }
        let buttons = html.matches("display:inline-block").count();
        assert!(buttons <= 1, "{mail_template:?} has {buttons} buttons");
    }
}

#[test]
fn an_invitation_reads_as_a_person_would_write_it() {
    let text = Page::of(&invitation("Acme", "Anna Berg"), &base()).text().unwrap();

    let expected = "Hello Ben,\n\
        \n\
        Anna Berg invites you to join the organization Acme as Manager.\n\
        \n\
        Look at the invitation:\n\
        https://crm.example.com/invitations/t0k-en_%2F1\n\
        \n\
        The invitation is open until 5 March 2026, 09:30 UTC.\n\
        \n\
        If you do not know who invites you, you can ignore this mail.\n";
    assert_eq!(text, expected);
}

#[test]
fn names_stay_within_their_place() {
    let mail_template =
        invitation("<b>Acme</b> & \"Co\"", "Anna\r\nBcc: ben@example.com\u{202e}");

    let page = Page::of(&mail_template, &base());
    let (text, html) = (page.text().unwrap(), page.html().unwrap());

    assert!(!html.contains("<b>") && !html.contains("\"Co\""), "{html}");
    assert!(html.contains("Acme") && text.contains("<b>Acme</b> & \"Co\""));
    let subject = "Anna Bcc: ben@example.com invites you to <b>Acme</b> & \"Co\"";
    assert_eq!(page.subject, subject);
}

#[test]
fn a_base_is_a_place_on_the_web() {
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
fn a_date_that_is_none_is_shown_as_it_is() {
    assert_eq!(date("2026-12-31T23:59:59Z"), "31 December 2026, 23:59 UTC");
    assert_eq!(date("tomorrow"), "tomorrow");
    assert_eq!(date("2026-13-01T00:00:00Z"), "2026-13-01T00:00:00Z");
}
