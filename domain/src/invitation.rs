//! An invitation: a pending membership, bound to an address, open for some days.

use std::fmt;

use hallpass_engine::Blueprint;

use crate::email::Email;
use crate::id::{InvitationId, MemberId};
use crate::member::MemberAccess;
use crate::refusal::Refusal;
use crate::time::{Span, Timestamp};

/// What became of an invitation; that time has passed is no state but seen by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationState {
    /// Sent and not answered.
    Pending,
    /// Answered.
    Accepted,
    /// Taken back.
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
    /// Whom it is for.
    pub email: Email,
    /// Their name, as whoever invited wrote it.
    pub name: Option<String>,
    /// What they get.
    pub access: MemberAccess,
    /// The resource where they land.
    pub landing: Option<String>,
    /// What became of it.
    pub state: InvitationState,
    /// Who gives the seat: whoever invited, or resent it last. None for the operator.
    pub invited_by: Option<MemberId>,
    /// When the last mail was asked for.
    pub invited_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Goes up with each change.
    pub version: i64,
}

/// What an invitation promised and does not give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// Whoever invited may not hand the billing contact over any more (HALO-173).
    BillingContact,
}

impl fmt::Display for Lapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lapse::BillingContact => f.write_str(
                "you are not the billing contact: whoever invited you may not hand that over any \
                 more",
            ),
        }
    }
}

/// An invitation that can be accepted.
pub struct Open(Invitation);

impl Invitation {
    /// What people see: `pending`, `accepted`, `revoked` or `expired` (HARMONIA-57).
    #[must_use]
    pub fn status(&self, now: Timestamp) -> &'static str {
        match self.state {
            InvitationState::Pending if self.is_expired(now) => "expired",
            InvitationState::Pending => "pending",
            InvitationState::Accepted => "accepted",
            InvitationState::Revoked => "revoked",
        }
    }

    /// Whether its days are over.
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

    /// The invitation sent anew: its days begin again, and whoever resends it gives the seat.
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

    /// The invitation without the billing contact, and that it lapsed if it was promised.
    #[must_use]
    pub fn without_billing(self) -> (Invitation, Option<Lapse>) {
        let lapsed = self.access.is_billing_contact.then_some(Lapse::BillingContact);
        let access = MemberAccess { is_billing_contact: false, ..self.access };
        (Invitation { access, ..self }, lapsed)
    }

    /// The invitation taken back. One that has expired can be, too.
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

    /// Accepts it: nothing can accept it again.
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

/// When an invitation ends.
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
        let known = rules.fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>();
        let detail = format!("an invitation here has {}", known.join(", "));
        errors.push(crate::refusal::FieldError::new(
            format!("/{field}"),
            "unknown_field",
            detail,
        ));
    }
    for field in rules.required.iter().filter(|field| !given.contains(&field.as_str())) {
        let pointer = format!("/{field}");
        errors.push(crate::refusal::FieldError::new(pointer, "missing", "it is missing"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Refusal::Fields(errors)) }
}
