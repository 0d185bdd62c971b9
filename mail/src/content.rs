//! The content of mails: one plain page, as text and as HTML, with at most one button.
//!
//! Long because every kind of mail is written here.
//!
//! **Invariant:** names that users chose stay on their line and are escaped in the HTML, and the
//! HTML loads nothing.

use askama::Template;
use hallpass_domain::mail_template::{
    AlertDetail, BillingAlert, FactorChange, MailStyle, MailTemplate,
};

use crate::base_url::BaseUrl;
use crate::brand::Brand;
use crate::text::Language;

/// A rendered mail template.
#[derive(Clone)]
pub struct MailContent {
    /// The subject line.
    pub subject: String,
    language: Language,
    brand: Brand,
    heading: String,
    paragraphs: Vec<String>,
    button: Option<Button>,
    footnotes: Vec<String>,
}

#[derive(Clone)]
struct Button {
    label: String,
    link: String,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'c> {
    mail: &'c MailContent,
    language: &'static str,
    hint: String,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Text<'c> {
    mail: &'c MailContent,
}

/// What a mail is written with.
struct Writer<'w> {
    language: Language,
    style: &'w MailStyle,
    base: &'w BaseUrl,
}

impl MailContent {
    /// Renders a mail template in the style of its workspace and the language of its recipient, with
    /// links to a base URL.
    #[must_use]
    pub fn of(template: &MailTemplate, style: &MailStyle, base: &BaseUrl) -> MailContent {
        let writer = Writer { language: Language::of_tag(&style.locale), style, base };
        let content = writer.write(template);
        let lines = style.footer.iter().flat_map(|footer| footer.lines());
        lines.map(line).filter(|line| !line.is_empty()).fold(content, MailContent::footnote)
    }

    /// Renders the plain text part.
    ///
    /// # Errors
    ///
    /// When the template fails.
    pub fn text(&self) -> Result<String, askama::Error> {
        Text { mail: self }.render()
    }

    /// Renders the HTML part.
    ///
    /// # Errors
    ///
    /// When the template fails.
    pub fn html(&self) -> Result<String, askama::Error> {
        let hint = self.language.text("button-hint", &[]);
        Html { mail: self, language: self.language.tag(), hint }.render()
    }

    fn paragraph(mut self, paragraph: String) -> MailContent {
        if !paragraph.is_empty() {
            self.paragraphs.push(paragraph);
        }
        self
    }

    fn button(mut self, label: String, link: String) -> MailContent {
        self.button = Some(Button { label, link });
        self
    }

    fn footnote(mut self, line: String) -> MailContent {
        self.footnotes.push(line);
        self
    }
}

impl Writer<'_> {
    fn write(&self, template: &MailTemplate) -> MailContent {
        match template {
            MailTemplate::Invitation {
                workspace,
                workspace_word,
                inviter,
                role,
                name,
                expires_at,
                token,
            } => {
                let (workspace, inviter) = (line(workspace), line(inviter));
                let values = [
                    ("workspace", workspace.as_str()),
                    ("word", &line(workspace_word)),
                    ("inviter", &inviter),
                    ("role", &line(role)),
                    ("time", &self.time(expires_at)),
                ];
                let text = |key: &str| self.language.text(key, &values);
                let heading = self.greeting(name.as_deref());
                self.begin(text("invitation-subject"), heading)
                    .paragraph(text("invitation-text"))
                    .button(text("invitation-button"), self.base.link("invitations", token))
                    .footnote(text("invitation-expires"))
                    .footnote(text("invitation-unknown"))
            }
            MailTemplate::ConfirmAddress { first_name, token } => self
                .about_account("confirm", first_name)
                .button(self.t("confirm-button"), self.base.link("confirmations", token))
                .footnote(self.t("confirm-ignore")),
            MailTemplate::PasswordReset { first_name, token } => self
                .about_account("reset", first_name)
                .button(self.t("reset-button"), self.base.link("password-resets", token))
                .footnote(self.t("reset-ignore")),
            MailTemplate::AccountExists { first_name } => self
                .about_account("exists", first_name)
                .button(self.t("exists-button"), self.base.to_string())
                .footnote(self.t("exists-ignore")),
            MailTemplate::NewAddress { .. }
            | MailTemplate::AddressChange { .. }
            | MailTemplate::AddressChanged { .. } => self.about_address(template),
            MailTemplate::PasswordChanged { first_name } => {
                let content = self.about_account("changed", first_name);
                self.open(content.paragraph(self.t("changed-warning")))
            }
            MailTemplate::FactorChanged { first_name, change, name } => {
                let name = line(name.as_deref().unwrap_or_default());
                let subject = self.language.text(factor_subject(*change), &[("name", &name)]);
                let content = self.begin(subject.clone(), self.greeting(Some(first_name)));
                let content = content.paragraph(self.t("factor-text")).paragraph(subject);
                self.open(content.paragraph(self.t("factor-warning")))
            }
            MailTemplate::FactorsReset { workspace, first_name, by, token } => {
                let (workspace, by) = (line(workspace), line(by));
                let values = [("workspace", workspace.as_str()), ("by", &by)];
                let text = |key: &str| self.language.text(key, &values);
                self.begin(text("factors-reset-subject"), self.greeting(Some(first_name)))
                    .paragraph(text("factors-reset-text"))
                    .button(self.t("reset-button"), self.base.link("password-resets", token))
                    .footnote(text("factors-reset-ask"))
            }
            MailTemplate::FactorsResetByOperator { first_name, token } => self
                .begin(self.t("factors-operator-subject"), self.greeting(Some(first_name)))
                .paragraph(self.t("factors-operator-text"))
                .button(self.t("reset-button"), self.base.link("password-resets", token))
                .footnote(self.t("factors-operator-ask")),
            MailTemplate::BillingAlert {
                workspace,
                kind,
                detail,
                link,
                portal,
                to_vacancy,
            } => {
                let name = line(workspace);
                let subject = self.language.text(subject_of(*kind), &[("workspace", &name)]);
                let content = self.begin(subject.clone(), subject);
                let content = content.paragraph(self.detail(*kind, detail));
                let content = self.billing_links(content, link.as_deref(), portal.as_deref());
                if *to_vacancy { content.footnote(self.t("billing-vacancy")) } else { content }
            }
            MailTemplate::OwnershipTransferred { .. }
            | MailTemplate::InvitationAccepted { .. }
            | MailTemplate::ApiKeyExpiring { .. }
            | MailTemplate::ViewedAs { .. }
            | MailTemplate::WorkspaceDeletion { .. } => self.about_workspace(template),
        }
    }

    /// Writes a mail about an account: its subject, and one sentence.
    fn about_account(&self, key: &str, first_name: &str) -> MailContent {
        let subject = self.t(&format!("{key}-subject"));
        let heading = self.greeting(Some(first_name));
        self.begin(subject, heading).paragraph(self.t(&format!("{key}-text")))
    }

    /// Writes the mails that are about another address of an account.
    fn about_address(&self, template: &MailTemplate) -> MailContent {
        let link = |token: &str| self.base.link("address-changes", token);
        let begin = |subject: &str, first_name: &str, text: String| {
            self.begin(self.t(subject), self.greeting(Some(first_name))).paragraph(text)
        };
        match template {
            MailTemplate::NewAddress { first_name, token } => {
                begin("new-address-subject", first_name, self.t("new-address-text"))
                    .button(self.t("new-address-button"), link(token))
                    .footnote(self.t("new-address-ignore"))
            }
            MailTemplate::AddressChange { first_name, email, token } => {
                let email = line(email);
                let text = self.language.text("address-change-text", &[("email", &email)]);
                begin("address-change-subject", first_name, text)
                    .button(self.t("address-change-button"), link(token))
                    .footnote(self.t("address-change-warning"))
            }
            MailTemplate::AddressChanged { first_name, email } => {
                let email = line(email);
                let text = self.language.text("address-changed-text", &[("email", &email)]);
                begin("address-changed-subject", first_name, text)
                    .footnote(self.t("address-changed-warning"))
            }
            MailTemplate::Invitation { .. }
            | MailTemplate::ConfirmAddress { .. }
            | MailTemplate::PasswordReset { .. }
            | MailTemplate::AccountExists { .. }
            | MailTemplate::PasswordChanged { .. }
            | MailTemplate::FactorChanged { .. }
            | MailTemplate::FactorsReset { .. }
            | MailTemplate::FactorsResetByOperator { .. }
            | MailTemplate::OwnershipTransferred { .. }
            | MailTemplate::BillingAlert { .. }
            | MailTemplate::InvitationAccepted { .. }
            | MailTemplate::ApiKeyExpiring { .. }
            | MailTemplate::ViewedAs { .. }
            | MailTemplate::WorkspaceDeletion { .. } => self.write(template),
        }
    }

    /// Writes the mails that are about something in a workspace.
    fn about_workspace(&self, template: &MailTemplate) -> MailContent {
        match template {
            MailTemplate::OwnershipTransferred { workspace, from, to_name } => {
                let (workspace, from, to) = (line(workspace), line(from), line(to_name));
                let values = [("workspace", workspace.as_str()), ("from", &from), ("to", &to)];
                let subject = self.language.text("ownership-subject", &values);
                let content = self.begin(subject.clone(), subject);
                self.open(content.paragraph(self.language.text("ownership-text", &values)))
            }
            MailTemplate::InvitationAccepted { workspace, first_name, member } => {
                let (workspace, member) = (line(workspace), line(member));
                let values = [("workspace", workspace.as_str()), ("member", &member)];
                let subject = self.language.text("accepted-subject", &values);
                let content = self.begin(subject, self.greeting(Some(first_name)));
                self.open(content.paragraph(self.language.text("accepted-text", &values)))
            }
            MailTemplate::ApiKeyExpiring {
                workspace,
                first_name,
                key,
                service,
                expires_at,
            } => {
                let (workspace, key) = (line(workspace), line(key));
                let (service, time) = (service.as_deref().map(line), self.time(expires_at));
                let values = [
                    ("workspace", workspace.as_str()),
                    ("key", &key),
                    ("service", service.as_deref().unwrap_or_default()),
                    ("time", &time),
                ];
                let text = |key: &str| self.language.text(key, &values);
                let what = if service.is_some() { "key-of-service" } else { "key-text" };
                let content = self.begin(text("key-subject"), self.greeting(Some(first_name)));
                let content = content.paragraph(text(what)).paragraph(text("key-then"));
                self.open(content).footnote(text("key-switch"))
            }
            MailTemplate::ViewedAs { workspace, first_name, viewer, until } => {
                let (workspace, viewer) = (line(workspace), line(viewer));
                let time = self.time(until);
                let values =
                    [("workspace", workspace.as_str()), ("viewer", &viewer), ("time", &time)];
                let text = |key: &str| self.language.text(key, &values);
                self.begin(text("viewed-subject"), self.greeting(Some(first_name)))
                    .paragraph(text("viewed-text"))
                    .footnote(text("viewed-ask"))
            }
            MailTemplate::WorkspaceDeletion { workspace, purge_at } => {
                let (workspace, time) = (line(workspace), self.time(purge_at));
                let values = [("workspace", workspace.as_str()), ("time", &time)];
                let subject = self.language.text("deletion-subject", &values);
                let text = self.language.text("deletion-text", &values);
                self.begin(subject.clone(), subject).paragraph(text)
            }
            MailTemplate::Invitation { .. }
            | MailTemplate::ConfirmAddress { .. }
            | MailTemplate::PasswordReset { .. }
            | MailTemplate::AccountExists { .. }
            | MailTemplate::NewAddress { .. }
            | MailTemplate::AddressChange { .. }
            | MailTemplate::AddressChanged { .. }
            | MailTemplate::PasswordChanged { .. }
            | MailTemplate::FactorChanged { .. }
            | MailTemplate::FactorsReset { .. }
            | MailTemplate::FactorsResetByOperator { .. }
            | MailTemplate::BillingAlert { .. } => self.write(template),
        }
    }

    fn begin(&self, subject: String, heading: String) -> MailContent {
        MailContent {
            subject,
            language: self.language,
            brand: Brand::of(self.style, self.style.workspace.as_deref().map(line)),
            heading,
            paragraphs: Vec::new(),
            button: None,
            footnotes: Vec::new(),
        }
    }

    /// The text of a key.
    fn t(&self, key: &str) -> String {
        self.language.text(key, &[])
    }

    fn open(&self, content: MailContent) -> MailContent {
        content.button(self.t("open-hallpass"), self.base.to_string())
    }

    fn greeting(&self, name: Option<&str>) -> String {
        match name {
            Some(name) => self.language.text("hello-name", &[("name", &line(name))]),
            None => self.t("hello"),
        }
    }

    /// A time with its zone; a text that is none stays as it is.
    fn time(&self, text: &str) -> String {
        let Ok(at) = text.parse() else { return line(text) };
        match self.language {
            Language::English => self.style.zone.in_words(at),
            Language::German => self.style.zone.in_numbers(at),
        }
    }

    /// What a billing alert says beside its kind.
    fn detail(&self, kind: BillingAlert, detail: &AlertDetail) -> String {
        match detail {
            AlertDetail::Text(text) => line(text),
            AlertDetail::Trial { trial_ends } => {
                self.language.text("detail-trial", &[("day", &line(trial_ends))])
            }
            AlertDetail::Card { brand, last4, expires } => {
                let (brand, last4, month) = (line(brand), line(last4), line(expires));
                let values = [("brand", brand.as_str()), ("last4", &last4), ("month", &month)];
                self.language.text("detail-card", &values)
            }
            AlertDetail::Amount { amount, invoice, due } => {
                let key = match (invoice, due) {
                    (None, None) => "detail-amount",
                    (None, Some(_)) => "detail-amount-due",
                    (Some(_), None) => "detail-invoice",
                    (Some(_), Some(_)) => "detail-invoice-due",
                };
                let state = self.t(state_of(kind));
                let of = |text: &Option<String>| line(text.as_deref().unwrap_or_default());
                let (amount, invoice, due) = (line(amount), of(invoice), of(due));
                let values = [
                    ("state", state.as_str()),
                    ("amount", &amount),
                    ("invoice", &invoice),
                    ("due", &due),
                ];
                self.language.text(key, &values)
            }
        }
    }

    /// Adds the links to an invoice and to the billing portal, as far as there are any.
    fn billing_links(
        &self,
        content: MailContent,
        invoice: Option<&str>,
        portal: Option<&str>,
    ) -> MailContent {
        match (invoice, portal) {
            (None, None) => self.open(content),
            (None, Some(portal)) => content.button(self.t("billing-open"), line(portal)),
            (Some(invoice), None) => content.button(self.t("billing-invoice"), line(invoice)),
            (Some(invoice), Some(portal)) => {
                let text = self.language.text("billing-portal", &[("portal", &line(portal))]);
                content.button(self.t("billing-invoice"), line(invoice)).footnote(text)
            }
        }
    }
}

/// The key of the subject of a mail about a second factor.
fn factor_subject(change: FactorChange) -> &'static str {
    match change {
        FactorChange::TotpAdded => "factor-totp-added",
        FactorChange::TotpRemoved => "factor-totp-removed",
        FactorChange::PasskeyAdded => "factor-passkey-added",
        FactorChange::PasskeyRemoved => "factor-passkey-removed",
        FactorChange::CodesReplaced => "factor-codes-replaced",
        FactorChange::CodeUsed => "factor-code-used",
    }
}

/// The key of the subject of a billing alert.
const fn subject_of(kind: BillingAlert) -> &'static str {
    match kind {
        BillingAlert::Invoice => "alert-invoice",
        BillingAlert::Reminder => "alert-reminder",
        BillingAlert::CardExpiring => "alert-card",
        BillingAlert::PaymentFailed => "alert-failed",
        BillingAlert::ActionRequired => "alert-action",
        BillingAlert::FinalizationFailed => "alert-finalization",
        BillingAlert::TrialEnding => "alert-trial",
        BillingAlert::Dispute => "alert-dispute",
    }
}

/// The key of what is with the amount of a billing alert.
const fn state_of(kind: BillingAlert) -> &'static str {
    match kind {
        BillingAlert::Invoice
        | BillingAlert::Reminder
        | BillingAlert::CardExpiring
        | BillingAlert::FinalizationFailed
        | BillingAlert::TrialEnding => "state-due",
        BillingAlert::PaymentFailed => "state-failed",
        BillingAlert::ActionRequired => "state-action",
        BillingAlert::Dispute => "state-dispute",
    }
}

/// A text of a user in one line, without invisible characters.
fn line(text: &str) -> String {
    let is_visible = |c: &char| !matches!(*c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}');
    let spaced = |c: char| {
        let is_break = c.is_control() || c == '\u{2028}' || c == '\u{2029}';
        if is_break { ' ' } else { c }
    };
    let visible: String = text.chars().filter(is_visible).map(spaced).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
