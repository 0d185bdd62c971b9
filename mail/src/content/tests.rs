//! Every mail template, rendered, in every language.

use std::collections::BTreeSet;

use hallpass_domain::zone::Zone;

use super::*;
use crate::sample::samples;

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
#[expect(clippy::too_many_lines, reason = "one mail for each template")]
fn templates() -> Vec<(MailTemplate, &'static str)> {
    let owned = str::to_owned;
    let token = || owned("abc");
    let first_name = || owned("Anna");
    let linked = |kind, link: Option<&str>, portal: Option<&str>| MailTemplate::BillingAlert {
        workspace: owned("Acme"),
        kind,
        detail: AlertDetail::Text(owned("Invoice 7 of 20 EUR.")),
        link: link.map(owned),
        portal: portal.map(owned),
        to_vacancy: true,
    };
    let factor = |change| MailTemplate::FactorChanged {
        first_name: first_name(),
        change,
        name: Some(owned("Laptop")),
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
        (
            MailTemplate::NewAddress { first_name: first_name(), token: token() },
            "https://crm.example.com/address-changes/abc",
        ),
        (
            MailTemplate::AddressChange {
                first_name: first_name(),
                email: owned("new@example.com"),
                token: token(),
            },
            "https://crm.example.com/address-changes/abc",
        ),
        (
            MailTemplate::AddressChanged {
                first_name: first_name(),
                email: owned("new@example.com"),
            },
            "new@example.com",
        ),
        (MailTemplate::PasswordChanged { first_name: first_name() }, open),
        (factor(FactorChange::TotpAdded), open),
        (factor(FactorChange::TotpRemoved), open),
        (factor(FactorChange::PasskeyAdded), open),
        (factor(FactorChange::PasskeyRemoved), open),
        (factor(FactorChange::CodesReplaced), open),
        (factor(FactorChange::CodeUsed), open),
        (
            MailTemplate::FactorsReset {
                workspace: owned("Acme"),
                first_name: first_name(),
                by: owned("Ben"),
                token: token(),
            },
            "https://crm.example.com/password-resets/abc",
        ),
        (
            MailTemplate::FactorsResetByOperator { first_name: first_name(), token: token() },
            "https://crm.example.com/password-resets/abc",
        ),
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
            MailTemplate::ApiKeyExpiring {
                workspace: owned("Acme"),
                first_name: first_name(),
                key: owned("Newsletter"),
                service: Some(owned("Nightly import")),
                expires_at: owned("2026-04-01T00:00:00Z"),
            },
            "Newsletter of the service account Nightly import in Acme expires on 1 April 2026 at 00:00 UTC",
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
    let mail_template = MailTemplate::WorkspaceDeletion {
        workspace: "Acme".to_owned(),
        purge_at: "soon\n".to_owned(),
    };

    let content = MailContent::of(&mail_template, &MailStyle::default(), &base());

    assert!(content.text().unwrap().contains("until soon. After"));
}

#[test]
fn a_mail_ends_with_the_footer_and_has_times_in_the_zone_of_its_workspace() {
    let style = MailStyle {
        footer: Some("Acme AG\r\n\n<b>Main Street 1</b>".to_owned()),
        zone: Zone::parse("Europe/Zurich").unwrap(),
        ..MailStyle::default()
    };

    let content = MailContent::of(&invitation("Acme", "Anna"), &style, &base());

    let (text, html) = (content.text().unwrap(), content.html().unwrap());
    assert!(text.contains("5 March 2026 at 10:30 CET"), "{text}");
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.last_chunk(), Some(&["Acme AG", "<b>Main Street 1</b>"]), "{text}");
    assert!(html.contains("Acme AG</p>") && !html.contains("<b>Main"), "{html}");
}

/// The words of the HTML part, without its style sheet, the name at its top and the hint of the button.
fn words_of_html(html: &str, language: Language) -> Vec<String> {
    let (_, body) = html.split_once("<h1").unwrap();
    let body = format!("<h1{body}");
    let mut text = String::new();
    for part in body.split('<') {
        text.push_str(part.split_once('>').map_or("", |(_, rest)| rest));
        text.push(' ');
    }
    let hint = language.text("button-hint", &[]);
    let text = text.replacen(&hint, "", 1);
    let text = text.replace("&#38;", "&").replace("&#39;", "'").replace("&amp;", "&");
    text.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn the_parts_of_every_mail_say_the_same_in_every_language() {
    let mut subjects = BTreeSet::new();
    for sample in samples() {
        for language in Language::EVERY {
            let content =
                MailContent::of(&sample.template, &sample.style_in(language), &base());
            let (text, html) = (content.text().unwrap(), content.html().unwrap());
            let name = format!("{} in {}", sample.name, language.tag());

            // The label of the button and its link are one line and the next in the text.
            let in_text: Vec<String> = text
                .replace(":\nhttps", "\nhttps")
                .split_whitespace()
                .map(str::to_owned)
                .collect();
            assert_eq!(words_of_html(&html, language), in_text, "{name}");
            assert!(
                html.starts_with(&format!(
                    "<!doctype html>\n<html lang=\"{}\">",
                    language.tag()
                ))
            );
            assert!(subjects.insert((language.tag(), content.subject.clone())), "{name}");
            let is_key = |word: &str| {
                let plain = word.trim_end_matches([',', '.', ':']);
                plain.contains('-') && language.source().contains(&format!("\n{plain} ="))
            };
            let keys: Vec<_> = in_text.iter().filter(|word| is_key(word)).collect();
            assert!(
                keys.is_empty() && !text.contains(['{', '}', '$']),
                "{name}: {keys:?} {text}"
            );
            for link in html.split("href=\"").skip(1) {
                let link = link.split('"').next().unwrap();
                let ours = link.starts_with("https://crm.example.com");
                let paid = link.starts_with("https://pay.example.com/")
                    && matches!(sample.template, MailTemplate::BillingAlert { .. });
                assert!(ours || paid, "{name}: {link}");
            }
        }
    }
    let german = subjects.iter().filter(|(tag, _)| *tag == "de").count();
    assert_eq!(german * 2, subjects.len());
    let both = subjects
        .iter()
        .filter(|(tag, subject)| *tag == "de" && subjects.contains(&("en", subject.clone())));
    assert_eq!(both.count(), 0, "every subject is translated");
}

#[test]
fn every_kind_of_mail_has_a_sample() {
    let kinds: BTreeSet<&str> = samples().iter().map(|one| one.template.kind()).collect();
    let names: BTreeSet<String> = samples().into_iter().map(|one| one.name).collect();

    let mut expected: BTreeSet<&str> =
        templates().iter().map(|(template, _)| template.kind()).collect();
    expected.insert("billing_alert");
    assert_eq!(kinds, expected);
    assert_eq!(names.len(), samples().len());
}

/// The keys of a language with the values of each.
fn keys(language: Language) -> Vec<(String, BTreeSet<String>)> {
    let lines = language.source().lines().filter_map(|line| line.split_once(" = "));
    let values = |text: &str| {
        let names = text.split("{ $").skip(1).filter_map(|rest| rest.split(' ').next());
        names.map(str::to_owned).collect()
    };
    let mut keys: Vec<_> = lines.map(|(key, text)| (key.to_owned(), values(text))).collect();
    keys.sort();
    keys
}

#[test]
fn every_language_has_the_same_texts_and_each_is_used() {
    let english = keys(Language::English);
    assert_eq!(english, keys(Language::German));

    let source = concat!(include_str!("../content.rs"), include_str!("../content/tests.rs"));
    for (key, _) in &english {
        let (noun, rest) = key.split_once('-').unwrap_or((key, ""));
        let is_written = source.contains(&format!("\"{key}\""));
        let is_built = source.contains(&format!("(\"{noun}\", first_name)"))
            && ["subject", "text"].contains(&rest);
        assert!(is_written || is_built, "{key} is not used");
    }
}

#[test]
fn a_mail_is_in_the_language_and_the_look_that_its_style_names() {
    let style = MailStyle {
        workspace: Some("Acme <b>".to_owned()),
        colour: Some("#ffd400".to_owned()),
        locale: "de-CH".to_owned(),
        ..MailStyle::default()
    };

    let content = MailContent::of(&invitation("Acme", "Anna"), &style, &base());

    let (text, html) = (content.text().unwrap(), content.html().unwrap());
    assert_eq!(content.subject, "Anna lädt Sie zu Acme ein");
    assert!(text.contains("gilt bis 05.03.2026, 09:30 UTC."), "{text}");
    assert!(html.contains("background:#ffd400;color:#10231c;"), "{html}");
    assert!(html.contains("Acme &#60;b&#62;</td>"), "{html}");
    let other = MailStyle { locale: "fr".to_owned(), ..style };
    let content = MailContent::of(&invitation("Acme", "Anna"), &other, &base());
    assert_eq!(content.subject, "Anna invites you to Acme");
}
