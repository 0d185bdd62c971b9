//! The content of mails: one plain page, as text and as HTML, with at most one button.
//!
//! **Invariant:** names that users chose stay on their line and are escaped in the HTML, and the
//! HTML loads nothing.

use askama::Template;
use hallpass_domain::mail_template::{BillingAlert, MailStyle, MailTemplate};
use hallpass_domain::zone::Zone;

use crate::base_url::BaseUrl;

/// A rendered mail template.
#[derive(Clone)]
pub struct MailContent {
    /// The subject line.
    pub subject: String,
    heading: String,
    paragraphs: Vec<String>,
    button: Option<Button>,
    footnotes: Vec<String>,
}

#[derive(Clone)]
struct Button {
    label: &'static str,
    link: String,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'c> {
    subject: &'c str,
    heading: &'c str,
    paragraphs: &'c [String],
    button: Option<&'c Button>,
    footnotes: &'c [String],
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Text<'c> {
    heading: &'c str,
    paragraphs: &'c [String],
    button: Option<&'c Button>,
    footnotes: &'c [String],
}

impl MailContent {
    /// Renders a mail template in the style of its workspace, with links to a base URL.
    #[must_use]
    pub fn of(template: &MailTemplate, style: &MailStyle, base: &BaseUrl) -> MailContent {
        let content = MailContent::without_footer(template, &style.zone, base);
        let lines = style.footer.iter().flat_map(|footer| footer.lines());
        lines
            .map(line)
            .filter(|line| !line.is_empty())
            .fold(content, |content, line| content.footnote(&line))
    }

    fn without_footer(template: &MailTemplate, zone: &Zone, base: &BaseUrl) -> MailContent {
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
                let (word, role) = (line(workspace_word), line(role));
                let heading = name.as_deref().map_or_else(|| "Hello,".to_owned(), greeting);
                MailContent::new(&format!("{inviter} invites you to {workspace}"), &heading)
                    .paragraph(&format!(
                        "{inviter} invited you to join the {word} {workspace} as {role}."
                    ))
                    .button("View invitation", base.link("invitations", token))
                    .footnote(&format!("The invitation expires on {}.", date(expires_at, zone)))
                    .footnote(&format!(
                        "If you do not know {inviter}, you can ignore this email."
                    ))
            }
            MailTemplate::ConfirmAddress { first_name, token } => {
                MailContent::new("Confirm your email address", &greeting(first_name))
                    .paragraph("Please confirm that this email address is yours.")
                    .button("Confirm address", base.link("confirmations", token))
                    .footnote("If you did not create an account, you can ignore this email.")
            }
            MailTemplate::PasswordReset { first_name, token } => {
                MailContent::new("Reset your password", &greeting(first_name))
                    .paragraph("We received a request to reset the password of your account.")
                    .button("Reset password", base.link("password-resets", token))
                    .footnote(
                        "If you did not request this, you can ignore this email. Your password \
                         has not changed.",
                    )
            }
            MailTemplate::AccountExists { first_name } => MailContent::new(
                "You already have an account",
                &greeting(first_name),
            )
            .paragraph(
                "Someone tried to sign up with this email address, but you already have \
                         an account. Sign in, or reset your password if you have forgotten it.",
            )
            .button("Sign in", base.to_string())
            .footnote("If this was not you, you can ignore this email. Nothing has changed."),
            MailTemplate::PasswordChanged { first_name } => {
                MailContent::new("Your password was changed", &greeting(first_name))
                    .paragraph("The password of your account was changed.")
                    .paragraph("If this was not you, reset your password immediately.")
                    .button("Open Hallpass", base.to_string())
            }
            MailTemplate::OwnershipTransferred { .. }
            | MailTemplate::BillingAlert { .. }
            | MailTemplate::InvitationAccepted { .. }
            | MailTemplate::ViewedAs { .. }
            | MailTemplate::WorkspaceDeletion { .. } => {
                MailContent::about_workspace(template, zone, base)
            }
        }
    }

    /// Renders the mail templates that are about something in a workspace.
    fn about_workspace(template: &MailTemplate, zone: &Zone, base: &BaseUrl) -> MailContent {
        match template {
            MailTemplate::OwnershipTransferred { workspace, from, to_name } => {
                let (workspace, from, to) = (line(workspace), line(from), line(to_name));
                let subject = format!("{workspace} has a new owner");
                MailContent::new(&subject, &subject)
                    .paragraph(&format!(
                        "{from} transferred the ownership of {workspace} to {to}."
                    ))
                    .button("Open Hallpass", base.to_string())
            }
            MailTemplate::BillingAlert {
                workspace,
                kind,
                detail,
                link,
                portal,
                to_vacancy,
            } => {
                let content = billing_alert(*kind, &line(workspace)).paragraph(&line(detail));
                let content = content.billing_links(link.as_deref(), portal.as_deref(), base);
                if *to_vacancy {
                    content.footnote(
                        "You receive this email because the workspace has no billing contact. \
                         You can choose one in its settings.",
                    )
                } else {
                    content
                }
            }
            MailTemplate::InvitationAccepted { workspace, first_name, member } => {
                let (workspace, member) = (line(workspace), line(member));
                MailContent::new(&format!("{member} joined {workspace}"), &greeting(first_name))
                    .paragraph(&format!("{member} accepted your invitation to {workspace}."))
                    .button("Open Hallpass", base.to_string())
            }
            MailTemplate::ViewedAs { workspace, first_name, viewer, until } => {
                let (workspace, viewer) = (line(workspace), line(viewer));
                let subject = format!("{viewer} views {workspace} as you");
                MailContent::new(&subject, &greeting(first_name))
                    .paragraph(&format!(
                        "{viewer} sees {workspace} as you see it, until {} at the latest. They \
                         cannot change anything, and the audit log has it under their name.",
                        date(until, zone)
                    ))
                    .footnote(&format!(
                        "If you did not expect this, ask {viewer} or another administrator."
                    ))
            }
            MailTemplate::WorkspaceDeletion { workspace, purge_at } => {
                let subject = format!("{} was deleted", line(workspace));
                MailContent::new(&subject, &subject).paragraph(&format!(
                    "It can be restored until {}. After that, it is deleted permanently.",
                    date(purge_at, zone)
                ))
            }
            MailTemplate::Invitation { .. }
            | MailTemplate::ConfirmAddress { .. }
            | MailTemplate::PasswordReset { .. }
            | MailTemplate::AccountExists { .. }
            | MailTemplate::PasswordChanged { .. } => {
                MailContent::without_footer(template, zone, base)
            }
        }
    }

    /// Renders the plain text part.
    ///
    /// # Errors
    ///
    /// When the template fails.
    pub fn text(&self) -> Result<String, askama::Error> {
        let MailContent { heading, paragraphs, button, footnotes, .. } = self;
        Text { heading, paragraphs, button: button.as_ref(), footnotes }.render()
    }

    /// Renders the HTML part.
    ///
    /// # Errors
    ///
    /// When the template fails.
    pub fn html(&self) -> Result<String, askama::Error> {
        let MailContent { subject, heading, paragraphs, button, footnotes } = self;
        Html { subject, heading, paragraphs, button: button.as_ref(), footnotes }.render()
    }

    fn new(subject: &str, heading: &str) -> MailContent {
        MailContent {
            subject: subject.to_owned(),
            heading: heading.to_owned(),
            paragraphs: Vec::new(),
            button: None,
            footnotes: Vec::new(),
        }
    }

    fn paragraph(mut self, paragraph: &str) -> MailContent {
        if !paragraph.is_empty() {
            self.paragraphs.push(paragraph.to_owned());
        }
        self
    }

    fn button(mut self, label: &'static str, link: String) -> MailContent {
        self.button = Some(Button { label, link });
        self
    }

    /// Adds the links to an invoice and to the billing portal, as far as there are any.
    fn billing_links(
        self,
        invoice: Option<&str>,
        portal: Option<&str>,
        base: &BaseUrl,
    ) -> MailContent {
        match (invoice, portal) {
            (None, None) => self.button("Open Hallpass", base.to_string()),
            (None, Some(portal)) => self.button("Open billing", line(portal)),
            (Some(invoice), None) => self.button("View invoice", line(invoice)),
            (Some(invoice), Some(portal)) => {
                let text = format!("To change your plan or card, open {}.", line(portal));
                self.button("View invoice", line(invoice)).footnote(&text)
            }
        }
    }

    fn footnote(mut self, line: &str) -> MailContent {
        self.footnotes.push(line.to_owned());
        self
    }
}

fn billing_alert(kind: BillingAlert, workspace: &str) -> MailContent {
    let subject = match kind {
        BillingAlert::Invoice => format!("New invoice for {workspace}"),
        BillingAlert::Reminder => format!("Unpaid invoice for {workspace}"),
        BillingAlert::CardExpiring => {
            format!("Your payment card for {workspace} expires soon")
        }
        BillingAlert::PaymentFailed => format!("Payment for {workspace} failed"),
        BillingAlert::ActionRequired => {
            format!("Confirm the payment for {workspace}")
        }
        BillingAlert::FinalizationFailed => {
            format!("An invoice for {workspace} could not be issued")
        }
        BillingAlert::TrialEnding => format!("The trial of {workspace} ends soon"),
        BillingAlert::Dispute => format!("A payment for {workspace} is disputed"),
    };
    MailContent::new(&subject, &subject)
}

fn greeting(name: &str) -> String {
    format!("Hello {},", line(name))
}

fn date(text: &str, zone: &Zone) -> String {
    text.parse().map_or_else(|_| line(text), |at| zone.in_words(at))
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
