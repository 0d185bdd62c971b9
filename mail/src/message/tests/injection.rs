//! Line ends in everything that reaches a mail: no header, recipient or part of it is made from a text.

use hallpass_domain::mail_template::{MailStyle, MailTemplate};
use serde_json::Value;

use super::*;
use crate::sample::samples;
use crate::text::Language;

/// What follows a text: a line end of any kind and a header, or the end of the head and a part.
const PAYLOADS: [&str; 14] = [
    "\r\nBcc: eve@evil.example",
    "\nBcc: eve@evil.example",
    "\rBcc: eve@evil.example",
    "\u{2028}Bcc: eve@evil.example",
    "\u{2029}Bcc: eve@evil.example",
    "\u{85}Bcc: eve@evil.example",
    "\u{b}Bcc: eve@evil.example",
    "\u{c}Bcc: eve@evil.example",
    "\0\r\nBcc: eve@evil.example",
    "\r\n\r\nContent-Type: text/html\r\n\r\n<b>Bcc</b>",
    "\r\n Bcc: eve@evil.example",
    "=?utf-8?q?=0D=0ABcc:_eve@evil.example?=",
    "=?utf-8?b?DQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=",
    "%0d%0aBcc: eve@evil.example",
];

/// The headers of a mail, each once.
const HEADERS: [&str; 8] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "auto-submitted",
];

/// Replaces the text with a number among those of a document; whether there is one.
fn replace(value: &mut Value, number: &mut usize, payload: &str) -> bool {
    match value {
        Value::String(text) => {
            let is_it = *number == 0;
            *number = number.wrapping_sub(1);
            if is_it {
                text.push_str(payload);
            }
            is_it
        }
        Value::Array(items) => items.iter_mut().any(|item| replace(item, number, payload)),
        Value::Object(fields) => {
            fields.values_mut().any(|field| replace(field, number, payload))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A template with a payload at the end of each of its texts, where the template accepts it.
fn injected(template: &MailTemplate, payload: &str) -> Vec<MailTemplate> {
    let document = serde_json::to_value(template).unwrap();
    let mut found = Vec::new();
    for number in 0.. {
        let (mut copy, mut left) = (document.clone(), number);
        if !replace(&mut copy, &mut left, payload) {
            break;
        }
        found.extend(serde_json::from_value(copy).ok());
    }
    found
}

/// The names of the headers of a mail, in lower case; a folded line belongs to the one before.
fn names(head: &str) -> Vec<String> {
    let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    lines.map(|line| line.split(':').next().unwrap().to_ascii_lowercase()).collect()
}

fn check(template: &MailTemplate, style: &MailStyle, what: &str) {
    let base = "https://crm.example.com".parse().unwrap();
    let content = MailContent::of(template, style, &base);
    let to = Email::parse("ben@example.com").unwrap();
    let sender = "Hallpass <hallpass@example.com>".parse().unwrap();
    let message = build(&sender, &to, &content, Timestamp::from_seconds(0)).unwrap();
    assert_eq!(message.envelope().to().len(), 1, "{what}");
    let text = String::from_utf8(message.formatted()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(!head.replace("\r\n", "").contains(['\r', '\n', '\0']), "{what}: {head:?}");
    let mut found = names(head);
    found.sort_unstable();
    let mut expected = HEADERS.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected, "{what}: {head}");
    // Two parts, and no line end that a mail server could take for another one.
    let boundary = head.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(body.matches(&format!("--{boundary}\r\n")).count(), 2, "{what}");
    assert!(!body.replace("\r\n", "").contains(['\r', '\n']), "{what}");
}

#[test]
fn no_text_of_a_template_makes_a_header_or_a_recipient() {
    let mut checked = 0;
    for sample in samples() {
        for language in Language::EVERY {
            let style = sample.style_in(language);
            for payload in PAYLOADS {
                for template in injected(&sample.template, payload) {
                    check(&template, &style, &format!("{} {payload:?}", sample.name));
                    checked += 1;
                }
                let named = MailStyle {
                    workspace: style.workspace.clone().map(|name| name + payload),
                    footer: style.footer.clone().map(|footer| footer + payload),
                    ..style.clone()
                };
                check(&sample.template, &named, &format!("{} {payload:?}", sample.name));
            }
        }
    }
    assert!(checked > 1_000, "{checked}");
}

#[test]
fn no_address_has_a_line_end() {
    for payload in PAYLOADS {
        let before = format!("ben{payload}@example.com");
        for address in [before, format!("ben@example.com{payload}")] {
            // An address without line ends is accepted as it is, and is one recipient.
            if let Ok(email) = Email::parse(&address) {
                assert!(!email.as_str().contains(|c: char| c.is_control()), "{address:?}");
                assert!(!email.as_str().contains(['\u{2028}', '\u{2029}', ' ']), "{address:?}");
            }
        }
        let sender = format!("Hallpass{payload} <hallpass@example.com>").parse::<Sender>();
        if let Ok(sender) = sender {
            assert!(!sender.to_string().contains(['\r', '\n']), "{sender}");
        }
    }
}

#[test]
fn a_header_that_was_made_from_a_text_is_noticed() {
    let head = "From: a@b.c\r\nSubject: Hello\r\nBcc: eve@evil.example";

    assert!(names(head).contains(&"bcc".to_owned()));
}
