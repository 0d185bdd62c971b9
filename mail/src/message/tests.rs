//! Senders that are accepted, and texts that would add headers or recipients.

mod injection;

use super::*;

#[test]
fn a_sender_is_one_address_with_an_optional_name() {
    for text in ["a@b.c", "Hallpass <a@b.c>", "\"Hall, pass\" <a@b.c>"] {
        assert!(text.parse::<Sender>().is_ok(), "{text}");
    }
    for text in ["", "Hallpass", "ünna@b.c", "a@b.c\r\nBcc: d@e.f", "a@b.c, d@e.f"] {
        assert!(text.parse::<Sender>().is_err(), "{text}");
    }
}

fn built(sender: &str, subject: &str) -> String {
    let template = hallpass_domain::mail_template::MailTemplate::AccountExists {
        first_name: "Ben".to_owned(),
    };
    let base = "https://crm.example.com".parse().unwrap();
    let style = hallpass_domain::mail_template::MailStyle::default();
    let mut content = MailContent::of(&template, &style, &base);
    subject.clone_into(&mut content.subject);
    let to = Email::parse("Ben@Müller.de").unwrap();
    let message =
        build(&sender.parse().unwrap(), &to, &content, Timestamp::from_seconds(0)).unwrap();
    let envelope = message.envelope();
    assert_eq!(envelope.to()[0].to_string(), "Ben@xn--mller-kva.de");
    let from = envelope.from().unwrap().to_string();
    let text = String::from_utf8(message.formatted()).unwrap();
    let head = text.split_once("\r\n\r\n").unwrap().0.to_owned();
    assert!(head.is_ascii() && from.is_ascii(), "{from} {head}");
    head
}

#[test]
fn the_domain_of_the_sender_is_in_ascii_and_in_the_id_of_the_mail() {
    let head = built("Sälës <care@müller.de>", "Hello");

    assert!(head.contains("<care@xn--mller-kva.de>"), "{head}");
    let id = head.lines().find(|line| line.starts_with("Message-ID: <")).unwrap();
    assert!(id.ends_with("@xn--mller-kva.de>") && id.matches('@').count() == 1, "{id}");
    assert_ne!(head, built("Sälës <care@müller.de>", "Hello"));
}

#[test]
fn a_name_that_looks_like_an_encoded_word_reads_as_it_is() {
    let subject =
        "=?utf-8?q?Bank?= invites you to =?utf-8?b?QUFB?= with ümlauts and a long end";

    let head = built("a@b.c", subject);

    assert!(!head.contains("=?utf-8?q?Bank?="), "{head}");
    let line = head.split("Subject: ").nth(1).unwrap();
    let words = line.split("\r\n").take_while(|line| line.trim().starts_with("=?utf-8?b?"));
    let decoded = words.map(|word| {
        assert!(word.trim().len() <= 75, "{word}");
        let word = word.trim().trim_start_matches("=?utf-8?b?").trim_end_matches("?=");
        String::from_utf8(BASE64.decode(word.as_bytes()).unwrap()).unwrap()
    });
    assert_eq!(decoded.collect::<String>(), subject);
}
