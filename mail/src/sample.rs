//! A sample of every mail, for the preview of operators and for tests.

use hallpass_domain::mail_template::{
    AlertDetail, BillingAlert, FactorChange, MailStyle, MailTemplate,
};
use hallpass_domain::zone::Zone;

use crate::text::Language;

/// The name of the workspace of samples.
const WORKSPACE: &str = "Northwind";

/// A time in samples.
const TIME: &str = "2026-03-05T09:30:00Z";

/// A mail as a sample.
#[derive(Clone)]
pub struct Sample {
    /// Its name, unique among samples.
    pub name: String,
    /// What is said in it.
    pub template: MailTemplate,
    /// How it is written, in English.
    pub style: MailStyle,
}

impl Sample {
    fn new(name: &str, template: MailTemplate, style: &MailStyle) -> Sample {
        Sample { name: name.to_owned(), template, style: style.clone() }
    }

    /// How it is written in a language.
    #[must_use]
    pub fn style_in(&self, language: Language) -> MailStyle {
        self.style.clone().in_language(language.tag())
    }
}

/// A sample of every kind of mail, and of every billing alert.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let style = MailStyle {
        workspace: Some(WORKSPACE.to_owned()),
        colour: Some("#1d4f9e".to_owned()),
        footer: Some("Northwind AG, Bahnhofstrasse 1, 8001 Zürich".to_owned()),
        zone: Zone::parse("Europe/Zurich").unwrap_or_default(),
        locale: String::new(),
    };
    let mut samples = about_accounts();
    samples.extend(about_workspaces().into_iter().map(|template| {
        let name = template.kind();
        Sample::new(name, template, &style)
    }));
    let of_service = MailTemplate::ApiKeyExpiring {
        workspace: WORKSPACE.to_owned(),
        first_name: "Dana".to_owned(),
        key: "Sync of contacts".to_owned(),
        service: Some("Nightly import".to_owned()),
        expires_at: TIME.to_owned(),
    };
    samples.push(Sample::new("api_key_expiring-service", of_service, &style));
    samples.extend(ALERTS.into_iter().map(|(name, kind)| {
        let to_vacancy = kind == BillingAlert::CardExpiring;
        let template = MailTemplate::BillingAlert {
            workspace: WORKSPACE.to_owned(),
            kind,
            detail: detail(kind),
            link: has_invoice(kind).then(|| "https://pay.example.com/invoice".to_owned()),
            portal: (!to_vacancy).then(|| "https://pay.example.com/portal".to_owned()),
            to_vacancy,
        };
        Sample::new(&format!("billing_alert-{name}"), template, &style)
    }));
    samples
}

const ALERTS: [(&str, BillingAlert); 8] = [
    ("invoice", BillingAlert::Invoice),
    ("reminder", BillingAlert::Reminder),
    ("card", BillingAlert::CardExpiring),
    ("failed", BillingAlert::PaymentFailed),
    ("action", BillingAlert::ActionRequired),
    ("finalization", BillingAlert::FinalizationFailed),
    ("trial", BillingAlert::TrialEnding),
    ("dispute", BillingAlert::Dispute),
];

fn about_accounts() -> Vec<Sample> {
    let (first_name, token) = (|| "Dana".to_owned(), || "sample".to_owned());
    let templates = [
        MailTemplate::ConfirmAddress { first_name: first_name(), token: token() },
        MailTemplate::PasswordReset { first_name: first_name(), token: token() },
        MailTemplate::AccountExists { first_name: first_name() },
        MailTemplate::NewAddress { first_name: first_name(), token: token() },
        MailTemplate::AddressChange {
            first_name: first_name(),
            email: "dana@southwind.io".to_owned(),
            token: token(),
        },
        MailTemplate::AddressChanged {
            first_name: first_name(),
            email: "dana@southwind.io".to_owned(),
        },
        MailTemplate::PasswordChanged { first_name: first_name() },
        MailTemplate::FactorChanged {
            first_name: first_name(),
            change: FactorChange::PasskeyAdded,
            name: Some("MacBook Pro".to_owned()),
        },
    ];
    let style = MailStyle::default();
    templates.into_iter().map(|one| Sample::new(one.kind(), one.clone(), &style)).collect()
}

fn about_workspaces() -> Vec<MailTemplate> {
    let workspace = || WORKSPACE.to_owned();
    vec![
        MailTemplate::Invitation {
            workspace: workspace(),
            workspace_word: "workspace".to_owned(),
            inviter: "Dana Whitfield".to_owned(),
            role: "Manager".to_owned(),
            name: Some("Tom".to_owned()),
            expires_at: TIME.to_owned(),
            token: "sample".to_owned(),
        },
        MailTemplate::FactorsReset {
            workspace: workspace(),
            first_name: "Tom".to_owned(),
            by: "Dana Whitfield".to_owned(),
            token: "sample".to_owned(),
        },
        MailTemplate::FactorsResetByOperator {
            first_name: "Tom".to_owned(),
            token: "sample".to_owned(),
        },
        MailTemplate::OwnershipTransferred {
            workspace: workspace(),
            from: "Dana Whitfield".to_owned(),
            to_name: "Tom Baker".to_owned(),
        },
        MailTemplate::InvitationAccepted {
            workspace: workspace(),
            first_name: "Dana".to_owned(),
            member: "Tom Baker".to_owned(),
        },
        MailTemplate::ApiKeyExpiring {
            workspace: workspace(),
            first_name: "Dana".to_owned(),
            key: "Newsletter".to_owned(),
            service: None,
            expires_at: TIME.to_owned(),
        },
        MailTemplate::ViewedAs {
            workspace: workspace(),
            first_name: "Tom".to_owned(),
            viewer: "Dana Whitfield".to_owned(),
            until: TIME.to_owned(),
        },
        MailTemplate::WorkspaceDeletion { workspace: workspace(), purge_at: TIME.to_owned() },
    ]
}

const fn has_invoice(kind: BillingAlert) -> bool {
    match kind {
        BillingAlert::Invoice
        | BillingAlert::Reminder
        | BillingAlert::PaymentFailed
        | BillingAlert::ActionRequired => true,
        BillingAlert::CardExpiring
        | BillingAlert::FinalizationFailed
        | BillingAlert::TrialEnding
        | BillingAlert::Dispute => false,
    }
}

fn detail(kind: BillingAlert) -> AlertDetail {
    let amount = |invoice: Option<&str>, due: Option<&str>| AlertDetail::Amount {
        amount: "49.00 CHF".to_owned(),
        invoice: invoice.map(str::to_owned),
        due: due.map(str::to_owned),
    };
    match kind {
        BillingAlert::Invoice => amount(Some("N-2026-7"), Some("2026-04-01")),
        BillingAlert::Reminder => amount(None, Some("2026-04-01")),
        BillingAlert::PaymentFailed | BillingAlert::ActionRequired => {
            amount(Some("N-2026-7"), None)
        }
        BillingAlert::Dispute => amount(None, None),
        BillingAlert::CardExpiring => AlertDetail::Card {
            brand: "visa".to_owned(),
            last4: "4242".to_owned(),
            expires: "2026-04".to_owned(),
        },
        BillingAlert::TrialEnding => AlertDetail::Trial { trial_ends: "2026-04-01".to_owned() },
        BillingAlert::FinalizationFailed => {
            AlertDetail::Text("The VAT number is not valid.".to_owned())
        }
    }
}
