//! Letters: what Hallpass writes to people by mail. The words are the web's; here is what they say.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::zone::Zone;

/// A letter, as it waits in the queue. What is in it was true when it was written.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MailTemplate {
    /// Invites a person to a workspace.
    Invitation {
        /// The workspace's name.
        workspace: String,
        /// What the workspace's blueprint calls a workspace.
        workspace_word: String,
        /// The name of the one who invites.
        inviter: String,
        /// The name of the role.
        role: String,
        /// The name of the one who is invited, when it was given.
        name: Option<String>,
        /// Until when it can be accepted.
        expires_at: String,
        /// The secret of the link.
        token: String,
    },
    /// Asks the person who signed up to confirm the email address.
    ConfirmAddress {
        /// Who signed up.
        first_name: String,
        /// The secret of the link.
        token: String,
    },
    /// Has a link to set a new password.
    PasswordReset {
        /// The first name of the account.
        first_name: String,
        /// The secret of the link.
        token: String,
    },
    /// Says that the account already exists, after another sign-up with its email address.
    AccountExists {
        /// Whose account it is.
        first_name: String,
    },
    /// Asks the new mailbox to agree to another address of an account.
    NewAddress {
        /// The first name of the account.
        first_name: String,
        /// The secret of the link.
        token: String,
    },
    /// Asks the present mailbox to agree to another address of its account.
    AddressChange {
        /// The first name of the account.
        first_name: String,
        /// The new address.
        email: String,
        /// The secret of the link.
        token: String,
    },
    /// Says the former mailbox that its account has another address.
    AddressChanged {
        /// The first name of the account.
        first_name: String,
        /// The new address.
        email: String,
    },
    /// Says that a password was changed.
    PasswordChanged {
        /// Whose password it is.
        first_name: String,
    },
    /// Says that a second factor was added, removed or used up.
    FactorChanged {
        /// Whose factor it is.
        first_name: String,
        /// What happened.
        change: FactorChange,
        /// What it happened to: the name of a passkey.
        #[serde(default)]
        name: Option<String>,
    },
    /// Says that the second factors were reset in a workspace, with a link to set a new password.
    FactorsReset {
        /// The workspace's name.
        workspace: String,
        /// The first name of the account.
        first_name: String,
        /// The name of the member who reset them.
        by: String,
        /// The secret of the link.
        token: String,
    },
    /// Says that the operator reset the second factors, with a link to set a new password.
    FactorsResetByOperator {
        /// The first name of the account.
        first_name: String,
        /// The secret of the link.
        token: String,
    },
    /// Says that a workspace has another owner.
    OwnershipTransferred {
        /// The workspace's name.
        workspace: String,
        /// The name of the owner until now.
        from: String,
        /// The name of the owner from now on.
        to_name: String,
    },
    /// A billing alert for the billing contact.
    BillingAlert {
        /// The workspace's name.
        workspace: String,
        /// What it is about.
        #[serde(rename = "alert")]
        kind: BillingAlert,
        /// What else there is to say: an amount, a number, a date.
        detail: AlertDetail,
        /// Where the invoice can be seen and paid.
        #[serde(default)]
        link: Option<String>,
        /// Where plan and card can be changed.
        #[serde(default)]
        portal: Option<String>,
        /// Whether the recipient gets it because the workspace has no billing contact.
        to_vacancy: bool,
    },
    /// Says that an invitation was accepted.
    InvitationAccepted {
        /// The workspace's name.
        workspace: String,
        /// The first name of the member who invited.
        first_name: String,
        /// The name of the new member.
        member: String,
    },
    /// Says that an API key expires soon.
    ApiKeyExpiring {
        /// The workspace's name.
        workspace: String,
        /// The first name of the member for whom it acts, or who may manage those of a service account.
        first_name: String,
        /// The name of the key.
        key: String,
        /// The name of the service account for which it acts.
        service: Option<String>,
        /// When it expires.
        expires_at: String,
    },
    /// Says that another member views the workspace as the recipient does.
    ViewedAs {
        /// The workspace's name.
        workspace: String,
        /// The first name of the member who is viewed as.
        first_name: String,
        /// The name of the member who views.
        viewer: String,
        /// When the view ends.
        until: String,
    },
    /// Says that a workspace was deleted and until when that can be undone.
    WorkspaceDeletion {
        /// The workspace's name.
        workspace: String,
        /// When nothing of it is left.
        purge_at: String,
    },
}

/// How a mail is written: in the look of the workspace that it is about, and in the language of its
/// recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailStyle {
    /// The name of the workspace; none for a mail about an account.
    pub workspace: Option<String>,
    /// The colour of the workspace: `#rrggbb`.
    pub colour: Option<String>,
    /// The text at the end.
    pub footer: Option<String>,
    /// The zone in which times are written.
    pub zone: Zone,
    /// The language, as a tag such as `de-CH`; empty for English.
    pub locale: String,
}

impl MailStyle {
    /// The style of a workspace with some settings.
    #[must_use]
    pub fn of(settings: &Map<String, Value>) -> MailStyle {
        let text = |area: &str, key: &str| settings.get(area)?.get(key)?.as_str();
        MailStyle {
            workspace: None,
            colour: text("branding", "colour").map(str::to_owned),
            footer: text("branding", "mail_footer").map(str::to_owned),
            zone: text("general", "time_zone").and_then(Zone::parse).unwrap_or_default(),
            locale: text("general", "locale").unwrap_or_default().to_owned(),
        }
    }

    /// The style of a workspace, by its name and settings.
    #[must_use]
    pub fn of_workspace(name: &str, settings: &Map<String, Value>) -> MailStyle {
        MailStyle { workspace: Some(name.to_owned()), ..MailStyle::of(settings) }
    }

    /// The style in the language of an account.
    #[must_use]
    pub fn in_language(self, locale: &str) -> MailStyle {
        MailStyle { locale: locale.to_owned(), ..self }
    }
}

/// What a billing alert says beside its kind, so that it can be said in every language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AlertDetail {
    /// An amount that is owed, was not paid, or is disputed.
    Amount {
        /// The amount with its currency: `12.50 EUR`.
        amount: String,
        /// The number of the invoice.
        invoice: Option<String>,
        /// The day until which it is to be paid: `2026-04-01`.
        due: Option<String>,
    },
    /// A trial that ends.
    Trial {
        /// The day on which it ends: `2026-04-01`.
        trial_ends: String,
    },
    /// A card that expires.
    Card {
        /// The brand: `visa`.
        brand: String,
        /// The last four digits.
        last4: String,
        /// The month: `2026-04`.
        expires: String,
    },
    /// A text as the payment provider or an earlier version has written it; it may be empty.
    Text(String),
}

/// What happened to a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorChange {
    /// An authenticator app was added.
    TotpAdded,
    /// The authenticator app was removed.
    TotpRemoved,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// Recovery codes were made, in place of earlier ones.
    CodesReplaced,
    /// A recovery code was used.
    CodeUsed,
}

/// What a billing alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingAlert {
    /// There is a new invoice.
    Invoice,
    /// An invoice is not paid yet.
    Reminder,
    /// The card ends soon.
    CardExpiring,
    /// A payment did not go through.
    PaymentFailed,
    /// A payment waits for the holder of the card to confirm it.
    ActionRequired,
    /// An invoice could not be issued.
    FinalizationFailed,
    /// A trial ends soon.
    TrialEnding,
    /// The bank of the payer disputes a payment.
    Dispute,
}

impl MailTemplate {
    /// What sort of letter it is, in a word for logs and file names.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            MailTemplate::Invitation { .. } => "invitation",
            MailTemplate::ConfirmAddress { .. } => "confirm_address",
            MailTemplate::PasswordReset { .. } => "password_reset",
            MailTemplate::AccountExists { .. } => "account_exists",
            MailTemplate::NewAddress { .. } => "new_address",
            MailTemplate::AddressChange { .. } => "address_change",
            MailTemplate::AddressChanged { .. } => "address_changed",
            MailTemplate::PasswordChanged { .. } => "password_changed",
            MailTemplate::FactorChanged { .. } => "factor_changed",
            MailTemplate::FactorsReset { .. } => "factors_reset",
            MailTemplate::FactorsResetByOperator { .. } => "factors_reset_by_operator",
            MailTemplate::OwnershipTransferred { .. } => "ownership_transferred",
            MailTemplate::BillingAlert { .. } => "billing_alert",
            MailTemplate::InvitationAccepted { .. } => "invitation_accepted",
            MailTemplate::ApiKeyExpiring { .. } => "api_key_expiring",
            MailTemplate::ViewedAs { .. } => "viewed_as",
            MailTemplate::WorkspaceDeletion { .. } => "workspace_deletion",
        }
    }
}

/// Never the token: a letter that is shown is a letter in a log.
impl fmt::Debug for MailTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailTemplate({})", self.kind())
    }
}

#[cfg(test)]
mod tests;
