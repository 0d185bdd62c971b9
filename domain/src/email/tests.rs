//! Email addresses, and that no two of them share a key.

use super::*;

fn check(text: &str, expected: Result<&str, EmailError>) {
    let found = Email::parse(text).map(|email| email.key().to_owned());
    assert_eq!(found, expected.map(str::to_owned), "{text:?}");
}

#[test]
fn an_address_is_stored_as_written_and_compared_without_case() {
    let email = Email::parse("  Anna.Berg+crm@Example.COM\n").unwrap();

    assert_eq!(email.as_str(), "Anna.Berg+crm@Example.COM");
    assert_eq!(email.key(), "anna.berg+crm@example.com");
    assert_eq!(email.domain(), "example.com");
    assert_eq!(email, Email::parse("anna.berg+crm@example.com").unwrap());
}

#[test]
fn invalid_addresses_are_rejected() {
    check("", Err(EmailError::Length));
    check("a@", Err(EmailError::Length));
    check("anna", Err(EmailError::At));
    check("anna@ben@example.com", Err(EmailError::At));
    for local in ["", ".anna", "anna.", "an..na", "an\"na", "an(na", "<anna", "a,b", "a;b"] {
        check(&format!("{local}@example.com"), Err(EmailError::Local));
    }
    let domains =
        ["example", "example.", ".com", "a..b", "-a.com", "a-.com", "a_b.com", "127.0.0.1"];
    for domain in domains.into_iter().chain(["[127.0.0.1]", "a.com,b", "a.com>"]) {
        check(&format!("anna@{domain}"), Err(EmailError::Domain));
    }
    check("anna@localhost", Ok("anna@localhost"));
    check("o'hara/x=y@example.com", Ok("o'hara/x=y@example.com"));
}

#[test]
fn an_address_its_parts_and_their_labels_have_a_limited_length() {
    let local = "a".repeat(64);
    // A domain of 189 characters and some more, in labels of at most 63.
    let domain = |more: usize| {
        let label = "d".repeat(61);
        format!("{label}.{label}.{label}.{}", "c".repeat(3 + more))
    };
    let longest = format!("{local}@{}", domain(0));
    assert_eq!(longest.len(), LONGEST);

    check(&longest, Ok(&longest));
    check(&format!("{local}@{}", domain(1)), Err(EmailError::Length));
    check(&format!("{local}@example.com"), Ok(&format!("{local}@example.com")));
    check(&format!("{local}a@example.com"), Err(EmailError::Local));
    let label = "d".repeat(63);
    check(&format!("a@{label}.com"), Ok(&format!("a@{label}.com")));
    check(&format!("a@{label}d.com"), Err(EmailError::Domain));
}

/// Mail servers count bytes, and those of the domain as the DNS has it.
#[test]
fn an_address_is_as_long_as_mail_servers_carry_it() {
    let local = |letters: usize| "é".repeat(letters);
    let domain = format!("{0}.{0}.com", "d".repeat(61));
    check(&format!("{}@{domain}", local(63)), Ok(&format!("{}@{domain}", local(63))));
    check(&format!("{}@{domain}", local(64)), Err(EmailError::Length));
    // Each label of 3 bytes becomes `xn--a-eha`.
    let short = "aü.".repeat(19);
    let key = "xn--a-eha.".repeat(19);
    check(&format!("{}@{short}de", "a".repeat(61)), Ok(&format!("{}@{key}de", "a".repeat(61))));
    check(&format!("{}@{short}de", "a".repeat(62)), Err(EmailError::Length));
    assert_eq!(domain_key(&format!("{}de", "aü.".repeat(25))).map(|key| key.len()), Some(252));
    assert_eq!(domain_key(&format!("{}de", "aü.".repeat(26))), None);
}

#[test]
fn invisible_characters_are_rejected() {
    let unseen = [
        ' ',
        '\t',
        '\n',
        '\r',
        '\0',
        '\u{7f}',
        '\u{85}',
        '\u{a0}',
        '\u{ad}',
        '\u{200b}',
        '\u{200c}',
        '\u{200d}',
        '\u{200e}',
        '\u{202e}',
        '\u{2028}',
        '\u{2060}',
        '\u{2066}',
        '\u{3000}',
        '\u{feff}',
        '\u{115f}',
        '\u{3164}',
        '\u{fe0f}',
        '\u{e0101}',
        '\u{e0061}',
    ];
    for c in unseen {
        check(&format!("an{c}na@example.com"), Err(EmailError::Character(c)));
        check(&format!("anna@exa{c}mple.com"), Err(EmailError::Character(c)));
    }
}

#[test]
fn accents_have_one_spelling() {
    let composed = Email::parse("ren\u{e9}e@b\u{fc}cher.example").unwrap();
    let decomposed = Email::parse("rene\u{301}e@bu\u{308}cher.example").unwrap();

    assert_eq!(composed, decomposed);
    assert_eq!(decomposed.as_str(), "ren\u{e9}e@b\u{fc}cher.example");
}

#[test]
fn a_domain_is_compared_as_the_dns_has_it() {
    let spellings = [
        "Anna@Müller-X.de",
        "anna@MÜLLER-X.DE",
        "anna@Mu\u{308}ller-x.de",
        "anna@xn--mller-x-n2a.de",
        "ANNA@XN--MLLER-X-N2A.DE",
    ];
    for text in spellings {
        check(text, Ok("anna@xn--mller-x-n2a.de"));
    }
    assert_eq!(Email::parse(spellings[0]).unwrap().as_str(), "Anna@Müller-X.de");
    assert_eq!(domain_key("Müller-X.de").as_deref(), Some("xn--mller-x-n2a.de"));
    for wrong in ["", "evil.de/x", "evil", "evil.\u{fb01}", "e\u{200d}vil.de", "anna@evil.de"] {
        assert_eq!(domain_key(wrong), None, "{wrong:?}");
    }
    check("anna@xn--a.de", Err(EmailError::Domain));
    check(&format!("a@{}.de", "ü".repeat(60)), Err(EmailError::Domain));
}

#[test]
fn a_stored_address_that_is_refused_today_is_found_by_no_request() {
    let old = Email::stored("anna@xn--a.de").unwrap();

    assert_eq!(old.as_str(), "anna@xn--a.de");
    assert!(Email::parse(old.key()).is_err());
    assert!(Email::stored("anna").is_none());
}

#[test]
fn lookalikes_are_rejected_or_another_address() {
    for c in ['\u{212a}', '\u{fb01}', '\u{ff41}', '\u{17f}', '\u{2160}', '\u{1d41a}', '\u{aa}']
    {
        check(&format!("mi{c}e@example.com"), Err(EmailError::Character(c)));
        check(&format!("mike@e{c}ample.com"), Err(EmailError::Character(c)));
    }
    check("m\u{131}ke@example.com", Ok("m\u{131}ke@example.com"));
    check("M\u{130}KE@example.com", Ok("m\u{130}ke@example.com"));
    check("stra\u{df}e@example.com", Ok("stra\u{df}e@example.com"));
    check("anna@example\u{3002}com.de", Err(EmailError::Character('\u{3002}')));
}

/// An address with an ASCII key is that address itself.
#[test]
fn no_other_address_has_the_key_of_an_ascii_one() {
    for c in ('\0'..='\u{1FFFF}').chain('\u{E0000}'..='\u{E0FFF}') {
        for text in
            [format!("a{c}b@example.com"), format!("ab@exa{c}mple.com"), format!("{c}@b.{c}c")]
        {
            let Ok(email) = Email::parse(&text) else { continue };
            let (local, domain) = text.split_once('@').unwrap();
            let (local_key, domain_key) = email.key().split_once('@').unwrap();
            if local_key.is_ascii() {
                assert!(local.eq_ignore_ascii_case(local_key), "{text:?} is {email:?}");
            }
            if !domain_key.contains("xn--") {
                assert!(domain.eq_ignore_ascii_case(domain_key), "{text:?} is {email:?}");
            }
        }
    }
}

/// Over all characters at once: the same key means the same text, but for case and composition.
#[test]
fn no_two_characters_share_a_key() {
    let mut seen = std::collections::HashMap::new();
    for c in '\0'..=char::MAX {
        let Ok(email) = Email::parse(&format!("a{c}b@example.com")) else { continue };
        if let Some(other) = seen.insert(email.key().to_owned(), c) {
            assert!(c.eq_ignore_ascii_case(&other), "{c:?} and {other:?} are one");
        }
    }
}

#[test]
fn addresses_are_equal_and_have_one_hash_when_their_keys_are_equal() {
    let hash = |text: &str| {
        let mut hasher = std::hash::DefaultHasher::new();
        Email::parse(text).unwrap().hash(&mut hasher);
        hasher.finish()
    };
    for (one, other, are_equal) in [
        ("anna@example.com", "ANNA@Example.COM", true),
        ("anna@müller.de", "anna@xn--mller-kva.de", true),
        ("anna@example.com", "ann@example.com", false),
        ("anna@example.com", "anna@example.org", false),
        ("anna@example.com", "anna+x@example.com", false),
    ] {
        assert_eq!(Email::parse(one) == Email::parse(other), are_equal, "{one} {other}");
        assert_eq!(hash(one) == hash(other), are_equal, "{one} {other}");
    }
}

#[test]
fn an_address_is_shown_as_written() {
    let email = Email::parse("Anna@Müller.de").unwrap();

    assert_eq!(email.to_string(), "Anna@Müller.de");
    assert_eq!(format!("{email:?}"), "\"Anna@Müller.de\"");
}

#[test]
fn a_stored_address_is_restored_as_written() {
    let email = Email::parse("Anna@Example.com").unwrap();

    let json = serde_json::to_string(&email).unwrap();
    let back: Email = serde_json::from_str(&json).unwrap();

    assert_eq!(json, "\"Anna@Example.com\"");
    assert_eq!(back.as_str(), email.as_str());
    assert!(serde_json::from_str::<Email>("\"no address\"").is_err());
}

#[test]
fn errors_say_what_to_do() {
    let says = |text: &str, says: &str| {
        assert_eq!(Email::parse(text).unwrap_err().to_string(), says);
    };
    says("an na@example.com", "an email address has no spaces");
    says("anna", "an email address has one `@`, as in `anna@example.com`");
    says(
        "mi\u{212a}e@example.com",
        "an email address cannot have the character U+212A; write it with plain letters",
    );
}
