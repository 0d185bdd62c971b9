//! Every mail template, rendered.

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

/// Every mail template, with a text that its content must contain.
fn templates() -> Vec<(MailTemplate, &'static str)> {
    let owned = str::to_owned;
    let token = || owned("abc");
    let first_name = || owned("Anna");
    let linked = |kind, link: Option<&str>, portal: Option<&str>| MailTemplate::BillingAlert {
        workspace: owned("Acme"),
        kind,
        detail: owned("Invoice 7 of 20 EUR."),
        link: link.map(owned),
        portal: portal.map(owned),
        to_vacancy: true,
    };
    let alert = |kind| linked(kind, None, None);
    let (invoice, portal) = ("https://pay.example.com/1", "https://pay.example.com/portal");
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
        (linked(BillingAlert::Invoice, Some(invoice), None), invoice),
        (linked(BillingAlert::PaymentFailed, Some(invoice), Some(portal)), invoice),
        (linked(BillingAlert::ActionRequired, Some(invoice), Some(portal)), portal),
        (linked(BillingAlert::FinalizationFailed, None, Some(portal)), portal),
        (linked(BillingAlert::TrialEnding, None, Some(portal)), portal),
        (linked(BillingAlert::Dispute, None, None), open),
        (
            MailTemplate::InvitationAccepted {
                workspace: owned("Acme"),
                first_name: first_name(),
                member: owned("Ben"),
            },
            open,
        ),
        (
            MailTemplate::ViewedAs {
                workspace: owned("Acme"),
                first_name: first_name(),
                viewer: owned("Ben"),
                until: owned("2026-04-01T00:00:00Z"),
            },
            "1 April 2026 at 00:00 UTC",
        ),
        (
            MailTemplate::WorkspaceDeletion {
                workspace: owned("Acme"),
                purge_at: owned("2026-04-01T00:00:00Z"),
            },
            "1 April 2026 at 00:00 UTC",
        ),
    ]
}

#[test]
fn every_mail_has_the_same_link_as_text_and_as_html() {
    for (mail_template, link) in templates() {
        let content = MailContent::of(&mail_template, &MailStyle::default(), &base());
        let (text, html) = (content.text().unwrap(), content.html().unwrap());

        assert!(text.contains(link), "{mail_template:?}: {text}");
        assert!(html.contains(link), "{mail_template:?}: {html}");
        assert!(!content.subject.is_empty() && html.contains("<title>"), "{mail_template:?}");
        for remote in ["<img", "<link", "<script", "@import", "url(", "src="] {
            assert!(!html.contains(remote), "{mail_template:?} loads {remote}");
        }
        let buttons = html.matches("display:inline-block").count();
        assert!(buttons <= 1, "{mail_template:?} has {buttons} buttons");
    }
}

#[test]
fn an_invitation_as_text() {
    let text =
        MailContent::of(&invitation("Acme", "Anna Berg"), &MailStyle::default(), &base())
            .text()
            .unwrap();

    let expected = "Hello Ben,\n\
        \n\
        Anna Berg invited you to join the organization Acme as Manager.\n\
        \n\
        View invitation:\n\
        https://crm.example.com/invitations/t0k-en_%2F1\n\
        \n\
        The invitation expires on 5 March 2026 at 09:30 UTC.\n\
        \n\
        If you do not know Anna Berg, you can ignore this email.\n";
    assert_eq!(text, expected);
}

#[test]
fn names_stay_on_their_line_and_are_escaped() {
    let mail_template =
        invitation("<b>Acme</b> & \"Co\"", "Anna\r\nBcc: ben@example.com\u{202e}");

    let content = MailContent::of(&mail_template, &MailStyle::default(), &base());
    let (text, html) = (content.text().unwrap(), content.html().unwrap());

    assert!(!html.contains("<b>") && !html.contains("\"Co\""), "{html}");
    assert!(html.contains("Acme") && text.contains("<b>Acme</b> & \"Co\""));
    let subject = "Anna Bcc: ben@example.com invites you to <b>Acme</b> & \"Co\"";
    assert_eq!(content.subject, subject);
}

#[test]
fn a_date_that_cannot_be_parsed_is_shown_unchanged() {
    assert_eq!(date("soon\n", &Zone::default()), "soon");
}

#[test]
fn a_mail_ends_with_the_footer_and_has_times_in_the_zone_of_its_workspace() {
    let style = MailStyle {
        footer: Some("Acme AG\r\n\n<b>Main Street 1</b>".to_owned()),
        zone: Zone::parse("Europe/Zurich").unwrap(),
    };

    let content = MailContent::of(&invitation("Acme", "Anna"), &style, &base());

    let (text, html) = (content.text().unwrap(), content.html().unwrap());
    assert!(text.contains("5 March 2026 at 10:30 CET"), "{text}");
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.last_chunk(), Some(&["Acme AG", "<b>Main Street 1</b>"]), "{text}");
    assert!(html.contains("Acme AG</p>") && !html.contains("<b>Main"), "{html}");
}
