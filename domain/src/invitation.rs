//! An invitation: a pending membership for an email address, valid for some days.

use hallpass_engine::Blueprint;

use crate::email::Email;
use crate::id::{InvitationId, MemberId};
use crate::member::MemberAccess;
use crate::refusal::{FieldError, Refusal};
use crate::time::{Span, Timestamp};

/// The state of an invitation; whether it has expired is decided by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationState {
    /// Sent, and neither accepted nor revoked.
    Pending,
    /// Accepted: the account is a member.
    Accepted,
    /// Revoked: its link is invalid.
    Revoked,
}

impl InvitationState {
    /// Every state.
    pub const EVERY: [InvitationState; 3] =
        [InvitationState::Pending, InvitationState::Accepted, InvitationState::Revoked];

    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            InvitationState::Pending => "pending",
            InvitationState::Accepted => "accepted",
            InvitationState::Revoked => "revoked",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<InvitationState> {
        InvitationState::EVERY.into_iter().find(|state| state.word() == word)
    }
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The id.
    pub id: InvitationId,
    /// The address it is for.
    pub email: Email,
    /// The name that the inviting member entered.
    pub name: Option<String>,
    /// What the new member is granted.
    pub access: MemberAccess,
    /// The resource of their start page.
    pub landing: Option<String>,
    /// The state.
    pub state: InvitationState,
    /// The grantor: the member who created or last resent it; none for the operator.
    pub invited_by: Option<MemberId>,
    /// When it was created or last resent.
    pub invited_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Increases with each change.
    pub version: i64,
}

/// What an invitation promised and no longer grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lapse {
    /// The grantor may no longer transfer the billing contact (HALO-173).
    #[error(
        "you are not the billing contact: the member who invited you may no longer transfer it"
    )]
    BillingContact,
}

/// Why a pending invitation can no longer be accepted; it names neither rights nor ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outdated {
    /// Its grantor may no longer give it.
    Grantor,
    /// Its role, its department, one of its teams or its page is gone.
    Contents,
    /// The workspace does not admit the address.
    Address,
}

impl Outdated {
    /// The reason, in words.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Outdated::Grantor => "the member who sent it may no longer give what it contains",
            Outdated::Contents => "something that it names no longer exists",
            Outdated::Address => "the workspace admits only addresses of other domains",
        }
    }
}

impl From<Outdated> for Refusal {
    fn from(outdated: Outdated) -> Refusal {
        Refusal::InvitationOutdated { why: outdated.reason() }
    }
}

/// An invitation that can be accepted.
pub struct Open(Invitation);

impl Invitation {
    /// The status to show: `pending`, `accepted`, `revoked` or `expired` (HARMONIA-57).
    #[must_use]
    pub fn status(&self, now: Timestamp) -> &'static str {
        match self.state {
            InvitationState::Pending if self.is_expired(now) => "expired",
            InvitationState::Pending => "pending",
            InvitationState::Accepted => "accepted",
            InvitationState::Revoked => "revoked",
        }
    }

    /// Whether it has expired.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }

    /// The invitation as one that can be accepted.
    ///
    /// # Errors
    ///
    /// When it was accepted or revoked, or has expired.
    pub fn open(self, now: Timestamp) -> Result<Open, Refusal> {
        match self.state {
            InvitationState::Accepted => Err(Refusal::InvitationAccepted),
            InvitationState::Revoked => Err(Refusal::InvitationRevoked),
            InvitationState::Pending if self.is_expired(now) => {
                Err(Refusal::InvitationExpired { at: self.expires_at.to_string() })
            }
            InvitationState::Pending => Ok(Open(self)),
        }
    }

    /// The invitation after it was resent: it expires later, and the grantor is who resent it.
    ///
    /// # Errors
    ///
    /// When it was accepted or revoked.
    pub fn resend(
        self,
        by: Option<MemberId>,
        days: u32,
        now: Timestamp,
    ) -> Result<Invitation, Refusal> {
        match self.state {
            InvitationState::Accepted => Err(Refusal::InvitationAccepted),
            InvitationState::Revoked => Err(Refusal::InvitationRevoked),
            InvitationState::Pending => Ok(Invitation {
                invited_by: by,
                invited_at: now,
                expires_at: expiry(days, now),
                ..self
            }),
        }
    }

    /// The invitation without the billing contact, and the lapse if that was promised.
    #[must_use]
    pub fn without_billing(self) -> (Invitation, Option<Lapse>) {
        let lapsed = self.access.is_billing_contact.then_some(Lapse::BillingContact);
        let access = MemberAccess { is_billing_contact: false, ..self.access };
        (Invitation { access, ..self }, lapsed)
    }

    /// The invitation after it was revoked; an expired one can be revoked, too.
    ///
    /// # Errors
    ///
    /// When it was accepted or revoked.
    pub fn revoke(self) -> Result<Invitation, Refusal> {
        match self.state {
            InvitationState::Accepted => Err(Refusal::InvitationAccepted),
            InvitationState::Revoked => Err(Refusal::InvitationRevoked),
            InvitationState::Pending => {
                Ok(Invitation { state: InvitationState::Revoked, ..self })
            }
        }
    }
}

impl Open {
    /// The invitation.
    #[must_use]
    pub fn invitation(&self) -> &Invitation {
        &self.0
    }

    /// Accepts it. An accepted invitation cannot be accepted again.
    ///
    /// # Errors
    ///
    /// `WrongAccount` when the address is another (AMB-HARMONIA-5).
    pub fn accept(self, email: &Email) -> Result<Invitation, Refusal> {
        if email.key() != self.0.email.key() {
            return Err(Refusal::WrongAccount { invited: self.0.email.as_str().to_owned() });
        }
        Ok(Invitation { state: InvitationState::Accepted, ..self.0 })
    }
}

/// When an invitation expires.
#[must_use]
pub fn expiry(days: u32, now: Timestamp) -> Timestamp {
    now + Span::days(i64::from(days))
}

/// Fields of an invitation that its blueprint does not have, and required ones that are missing.
///
/// # Errors
///
/// `Fields` with each of them.
pub fn check_fields(blueprint: &Blueprint, given: &[&str]) -> Result<(), Refusal> {
    let rules = &blueprint.membership.invitation;
    let mut errors = Vec::new();
    for field in given.iter().filter(|field| !rules.fields.iter().any(|known| known == *field))
    {
        let known = rules.fields.iter().map(String::as_str);
        let pointer = format!("/{field}");
        errors.push(FieldError::unknown(pointer, "unknown_field", ("field", field), known));
    }
    for field in rules.required.iter().filter(|field| !given.contains(&field.as_str())) {
        errors.push(FieldError::missing(format!("/{field}")));
    }
    Refusal::unless_valid(errors)
}
