//! Mail templates are restored from the queue as they were stored.

use super::*;

#[test]
fn a_mail_template_is_restored_with_its_kind() {
    let mail_template = MailTemplate::BillingAlert {
        workspace: "Acme".to_owned(),
        kind: BillingAlert::CardExpiring,
        detail: "It ends in 12/26.".to_owned(),
        link: None,
        portal: Some("https://pay.example.com".to_owned()),
        to_vacancy: true,
    };

    let json = serde_json::to_string(&mail_template).unwrap();

    assert_eq!(serde_json::from_str::<MailTemplate>(&json).unwrap(), mail_template);
    let begins = r#"{"kind":"billing_alert","workspace":"Acme","alert":"card_expiring""#;
    assert!(json.starts_with(begins), "{json}");
}

#[test]
fn the_debug_form_of_a_mail_template_hides_its_token() {
    let mail_template = MailTemplate::PasswordReset {
        first_name: "Anna".to_owned(),
        token: "s3cret".to_owned(),
    };

    assert_eq!(format!("{mail_template:?}"), "MailTemplate(password_reset)");
}
