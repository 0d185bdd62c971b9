//! Mail templates are restored from the queue as they were stored.

use super::*;

#[test]
fn a_mail_template_is_restored_with_its_kind() {
    let mail_template = MailTemplate::BillingAlert {
        workspace: "Acme".to_owned(),
        kind: BillingAlert::CardExpiring,
        detail: AlertDetail::Card {
            brand: "visa".to_owned(),
            last4: "4242".to_owned(),
            expires: "2026-12".to_owned(),
        },
        link: None,
        portal: Some("https://pay.example.com".to_owned()),
        to_vacancy: true,
    };

    let json = serde_json::to_string(&mail_template).unwrap();

    assert_eq!(serde_json::from_str::<MailTemplate>(&json).unwrap(), mail_template);
    let begins = r#"{"kind":"billing_alert","workspace":"Acme","alert":"card_expiring""#;
    assert!(json.starts_with(begins), "{json}");
}

/// The queue of an earlier version has sentences.
#[test]
fn the_detail_of_an_alert_is_restored_as_it_was_stored() {
    let amount = |invoice: Option<&str>| AlertDetail::Amount {
        amount: "12.50 EUR".to_owned(),
        invoice: invoice.map(str::to_owned),
        due: None,
    };
    for (detail, stored) in [
        (AlertDetail::Text("To be paid.".to_owned()), r#""To be paid.""#),
        (AlertDetail::Text(String::new()), r#""""#),
        (amount(Some("A-1")), r#"{"amount":"12.50 EUR","invoice":"A-1","due":null}"#),
        (amount(None), r#"{"amount":"12.50 EUR","invoice":null,"due":null}"#),
        (
            AlertDetail::Trial { trial_ends: "2026-04-01".to_owned() },
            r#"{"trial_ends":"2026-04-01"}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&detail).unwrap(), stored);
        assert_eq!(serde_json::from_str::<AlertDetail>(stored).unwrap(), detail);
    }
}

#[test]
fn a_mail_has_the_look_of_its_workspace_and_the_language_of_its_recipient() {
    let settings = serde_json::json!({
        "branding": {"colour": "#0d6b50", "mail_footer": "Acme AG"},
        "general": {"time_zone": "Europe/Zurich", "locale": "de-CH"},
    });

    let style = MailStyle::of_workspace("Acme", settings.as_object().unwrap());

    assert_eq!(style.workspace.as_deref(), Some("Acme"));
    assert_eq!(style.colour.as_deref(), Some("#0d6b50"));
    assert_eq!((style.footer.as_deref(), style.locale.as_str()), (Some("Acme AG"), "de-CH"));
    assert_eq!(style.clone().in_language("en").locale, "en");
    assert_eq!(MailStyle::of(&Map::new()), MailStyle::default());
}

#[test]
fn the_debug_form_of_a_mail_template_hides_its_token() {
    let mail_template = MailTemplate::PasswordReset {
        first_name: "Anna".to_owned(),
        token: "s3cret".to_owned(),
    };

    assert_eq!(format!("{mail_template:?}"), "MailTemplate(password_reset)");
}

#[test]
fn a_mail_about_a_second_factor_is_restored_with_what_happened() {
    for (change, word) in [
        (FactorChange::TotpAdded, "totp_added"),
        (FactorChange::TotpRemoved, "totp_removed"),
        (FactorChange::PasskeyAdded, "passkey_added"),
        (FactorChange::PasskeyRemoved, "passkey_removed"),
        (FactorChange::CodesReplaced, "codes_replaced"),
        (FactorChange::CodeUsed, "code_used"),
    ] {
        let mail_template = MailTemplate::FactorChanged {
            first_name: "Anna".to_owned(),
            change,
            name: Some("Laptop".to_owned()),
        };

        let json = serde_json::to_string(&mail_template).unwrap();

        assert_eq!(serde_json::from_str::<MailTemplate>(&json).unwrap(), mail_template);
        assert!(json.contains(&format!(r#""change":"{word}""#)), "{json}");
        assert_eq!(mail_template.kind(), "factor_changed");
    }
}
