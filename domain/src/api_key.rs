//! An API key: what a program brings so as to act for one member, in one workspace.
//!
//! **Invariant:** a key never does more than its member may do when it is used, and that of a person never
//! more than its maker may do then. Its scopes, networks and expiry only take away.

use core::net::IpAddr;
use std::sync::Arc;

use hallpass_engine::{Boundary, Policy, WrongEntry};

use crate::id::{ApiKeyId, MemberId};
use crate::network::Network;
use crate::refusal::{FieldError, Refusal};
use crate::time::{Span, Timestamp};

/// How many scopes, and how many networks, a key has at most.
pub const MOST_LIMITS: usize = 100;

/// For how long a key lasts at most, if it expires.
pub const LONGEST: Span = Span::days(3_650);

/// For how long the former secret of a key works at most after a rotation, in hours.
pub const LONGEST_OVERLAP: i64 = 168;

/// For how long the former secret works if the request does not say, in hours.
pub const OVERLAP: i64 = 24;

/// How long before its expiry a key is marked.
const EXPIRES_SOON: Span = Span::days(14);

/// How long before its expiry people are reminded of a key, the first time first.
pub const REMINDERS: [Span; 2] = [Span::days(14), Span::days(3)];

/// How often the last use of a key is stored.
const SEEN_EVERY: Span = Span::minutes(1);

/// An API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// The id.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// For whom it acts.
    pub member: MemberId,
    /// Who made it, or who made its present secret.
    pub made_by: MemberId,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it does not count any more.
    pub expires_at: Option<Timestamp>,
    /// What it may do at most; without, whatever its member may do.
    pub scopes: Option<Arc<Boundary>>,
    /// From which networks it is used; empty for all.
    pub networks: Vec<Network>,
    /// When it was last used.
    pub seen_at: Option<Timestamp>,
    /// The network address of the last use; empty where it is not known.
    pub address: String,
    /// When its present secret was made, if it is not the first one.
    pub rotated_at: Option<Timestamp>,
    /// The secret before a rotation.
    pub former: Option<FormerSecret>,
    /// When people are to be reminded next that it expires.
    pub remind_at: Option<Timestamp>,
    /// The version, which each change but a use raises.
    pub version: i64,
}

/// The secret of a key before its last rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormerSecret {
    /// Until when it works.
    pub until: Timestamp,
    /// When it was last used since the rotation.
    pub seen_at: Option<Timestamp>,
}

/// Which secret of a key a request has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// The present one.
    Present,
    /// The one before the last rotation.
    Former,
}

impl ApiKey {
    /// A key for a member, without an expiry and without limits, that was not used yet.
    #[must_use]
    pub fn new(
        id: ApiKeyId,
        name: String,
        (member, made_by): (MemberId, MemberId),
        created_at: Timestamp,
    ) -> ApiKey {
        ApiKey {
            id,
            name,
            member,
            made_by,
            created_at,
            expires_at: None,
            scopes: None,
            networks: Vec::new(),
            seen_at: None,
            address: String::new(),
            rotated_at: None,
            former: None,
            remind_at: None,
            version: 1,
        }
    }

    /// Whether it has not expired.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|at| now < at)
    }

    /// Whether one of its secrets works.
    #[must_use]
    pub fn works(&self, secret: Secret, now: Timestamp) -> bool {
        let is_over = || self.working_former(now).is_none();
        self.is_alive(now) && !(secret == Secret::Former && is_over())
    }

    /// The former secret, as long as it works.
    #[must_use]
    pub fn working_former(&self, now: Timestamp) -> Option<FormerSecret> {
        self.former.filter(|former| now < former.until)
    }

    /// Whether it still works and expires within two weeks.
    #[must_use]
    pub fn expires_soon(&self, now: Timestamp) -> bool {
        self.is_alive(now) && self.expires_at.is_some_and(|at| at - now < EXPIRES_SOON)
    }

    /// Whether it may be used from an address; an unknown one is in no network.
    #[must_use]
    pub fn admits_address(&self, address: Option<IpAddr>) -> bool {
        let is_in =
            |network: &Network| address.is_some_and(|address| network.contains(address));
        self.networks.is_empty() || self.networks.iter().any(is_in)
    }

    /// Whether a use of one of its secrets is to be stored.
    #[must_use]
    pub fn is_to_be_seen(&self, secret: Secret, now: Timestamp) -> bool {
        let seen_at = match secret {
            Secret::Present => self.seen_at,
            Secret::Former => self.former.and_then(|former| former.seen_at),
        };
        seen_at.is_none_or(|seen| now - seen >= SEEN_EVERY)
    }

    /// The key after the use of one of its secrets from an address.
    #[must_use]
    pub fn used(self, secret: Secret, address: &str, now: Timestamp) -> ApiKey {
        let former = match secret {
            Secret::Present => self.former,
            Secret::Former => {
                self.former.map(|former| FormerSecret { seen_at: Some(now), ..former })
            }
        };
        ApiKey { seen_at: Some(now), address: address.to_owned(), former, ..self }
    }

    /// The key with a new secret, which `made_by` knows. The former one works for some hours more, but
    /// not longer than the key.
    ///
    /// # Errors
    ///
    /// `Fields` when the overlap is too long, or the key has expired.
    pub fn rotated(
        self,
        made_by: MemberId,
        overlap: Option<i64>,
        now: Timestamp,
    ) -> Result<ApiKey, Refusal> {
        let overlap = overlap.unwrap_or(OVERLAP);
        if !(0..=LONGEST_OVERLAP).contains(&overlap) {
            let detail =
                format!("expected a whole number of hours from 0 to {LONGEST_OVERLAP}");
            return Err(Refusal::field("/overlap_hours", "out_of_range", detail));
        }
        self.check_alive(now)?;
        let until = now + Span::hours(overlap);
        let until = self.expires_at.map_or(until, |expires_at| expires_at.min(until));
        let former = (overlap > 0).then_some(FormerSecret { until, seen_at: None });
        Ok(ApiKey { made_by, rotated_at: Some(now), former, ..self })
    }

    /// Checks that it can be changed: an expired key stays one, so that no secret comes back that was let
    /// go.
    ///
    /// # Errors
    ///
    /// `Fields` when it has expired.
    pub fn check_alive(&self, now: Timestamp) -> Result<(), Refusal> {
        if self.is_alive(now) {
            return Ok(());
        }
        let detail = "this API key has expired; create another one";
        Err(Refusal::field("", "expired", detail))
    }

    /// The key with another expiry, which its former secret does not outlive, and of which people are
    /// reminded again.
    #[must_use]
    pub fn expiring(self, expires_at: Option<Timestamp>, now: Timestamp) -> ApiKey {
        let earlier = |until: Timestamp| expires_at.map_or(until, |at| at.min(until));
        let former =
            self.former.map(|former| FormerSecret { until: earlier(former.until), ..former });
        ApiKey { expires_at, former, ..self }.reminded(now)
    }

    /// The key after a reminder, or after the time for one: a reminder whose time is over is not made up
    /// for beside the next.
    #[must_use]
    pub fn reminded(self, now: Timestamp) -> ApiKey {
        let times = REMINDERS.map(|before| self.expires_at.map(|at| at - before));
        let remind_at = times.into_iter().flatten().find(|at| now < *at);
        ApiKey { remind_at, ..self }
    }

    /// Whether people are to be reminded now that it expires.
    #[must_use]
    pub fn is_reminder_due(&self, now: Timestamp) -> bool {
        self.remind_at.is_some_and(|at| at <= now)
    }

    /// Whether it could be changed to do more than before while its former secret works: who made that is
    /// not stored, so that no member could vouch for them.
    ///
    /// # Errors
    ///
    /// `Fields` when the former secret works.
    pub fn check_no_former(&self, now: Timestamp) -> Result<(), Refusal> {
        if self.working_former(now).is_none() {
            return Ok(());
        }
        let detail = "the secret before the last rotation still works; end it first";
        Err(Refusal::field("/scopes", "former_secret", detail))
    }
}

/// Reads the scopes of a key and checks their names.
///
/// # Errors
///
/// Each mistake with its place.
pub fn parse_scopes(
    texts: Option<&[String]>,
    policy: &Policy,
) -> Result<Option<Arc<Boundary>>, Vec<FieldError>> {
    let Some(texts) = texts else { return Ok(None) };
    if texts.is_empty() {
        let detail = "choose at least one scope, or leave `scopes` out";
        return Err(vec![FieldError::new("/scopes", "empty", detail)]);
    }
    if texts.len() > MOST_LIMITS {
        let detail = format!("expected at most {MOST_LIMITS} entries");
        return Err(vec![FieldError::new("/scopes", "too_many", detail)]);
    }
    let wrong = |code| {
        move |(place, error): WrongEntry| {
            FieldError::new(format!("/scopes/{place}"), code, error.to_string())
        }
    };
    let boundary = Boundary::parse(texts.iter().map(String::as_str));
    let boundary = boundary
        .map_err(|errors| errors.into_iter().map(wrong("bad_scope")).collect::<Vec<_>>())?;
    let errors: Vec<FieldError> =
        boundary.check(policy.resources()).into_iter().map(wrong("unknown")).collect();
    if errors.is_empty() { Ok(Some(Arc::new(boundary))) } else { Err(errors) }
}

/// Reads the networks of a key.
///
/// # Errors
///
/// Each mistake with its place.
pub fn parse_networks(texts: &[String]) -> Result<Vec<Network>, Vec<FieldError>> {
    if texts.len() > MOST_LIMITS {
        let detail = format!("expected at most {MOST_LIMITS} entries");
        return Err(vec![FieldError::new("/networks", "too_many", detail)]);
    }
    let (mut networks, mut errors) = (Vec::new(), Vec::new());
    for (place, text) in texts.iter().enumerate() {
        match text.parse::<Network>() {
            Ok(network) => networks.push(network),
            Err(expected) => {
                let detail = format!("expected {expected}");
                errors.push(FieldError::new(
                    format!("/networks/{place}"),
                    "bad_network",
                    detail,
                ));
            }
        }
    }
    if errors.is_empty() { Ok(networks) } else { Err(errors) }
}

/// Checks when a key expires.
#[must_use]
pub fn check_expiry(expires_at: Option<Timestamp>, now: Timestamp) -> Option<FieldError> {
    let at = expires_at?;
    let (code, detail) = if at <= now {
        ("past", "this time is in the past".to_owned())
    } else if at - now > LONGEST {
        (
            "too_late",
            "an API key lasts for ten years at most; leave it out for no expiry".to_owned(),
        )
    } else {
        return None;
    };
    Some(FieldError::new("/expires_at", code, detail))
}

#[cfg(test)]
mod tests;
