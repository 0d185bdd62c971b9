//! Attempts at something that must not be tried too often: a password, the mail with a link.
//!
//! **Invariant:** the attempts from one network never keep another network from its first one, and those
//! from everywhere never keep a device from its own.

use crate::time::{Span, Timestamp};

/// How many attempts from one network may fail before the next has to wait.
const FREE: i64 = 5;

/// After how many failures from all networks together each network has one attempt.
const MOST_IN_ALL: i64 = 50;

/// The longest wait.
const LONGEST_WAIT: Span = Span::minutes(15);

/// How many mails with a link to one address a network may cause in [`MAIL_PERIOD`].
const MAILS: i64 = 5;

/// After how many mails from all networks together each network may cause one.
const MOST_MAILS_IN_ALL: i64 = 20;

/// How long a device is known after the last sign-in on it: as long as browsers keep a cookie.
pub const DEVICE_KNOWN: Span = Span::days(400);

/// The time for which mails with a link are counted; a link is valid as long.
pub const MAIL_PERIOD: Span = Span::hours(1);

/// The counted attempts of one subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many failed in a row.
    pub count: i64,
    /// When the last one failed.
    pub last_at: Timestamp,
}

/// Until when the next attempt on an account from a network has to wait: twice as long after each
/// failure beyond the free ones. While an account is under attack from many networks, each of them has
/// one attempt, and then the longest wait.
#[must_use]
pub fn blocked_until(from_network: Failures, in_all: Failures) -> Option<Timestamp> {
    let span = if in_all.count >= MOST_IN_ALL {
        (from_network.count > 0).then_some(LONGEST_WAIT)?
    } else {
        // So many doublings are beyond the longest wait.
        let excess = u32::try_from((from_network.count - FREE).min(20)).ok()?;
        Span::seconds(1_i64.checked_shl(excess)?).min(LONGEST_WAIT)
    };
    Some(from_network.last_at + span)
}

/// Until when the next attempt on an account has to wait on a device on which the account has signed in.
/// Such a device has a count of its own, so that an attack from everywhere does not keep the owner out.
#[must_use]
pub fn blocked_on_device(of_device: Failures) -> Option<Timestamp> {
    blocked_until(of_device, Failures::default())
}

/// Whether a network may cause another mail with a link to an address.
#[must_use]
pub fn may_mail(from_network: Failures, in_all: Failures, now: Timestamp) -> bool {
    let recent = |failures: Failures| {
        if now - failures.last_at < MAIL_PERIOD { failures.count } else { 0 }
    };
    let most = if recent(in_all) >= MOST_MAILS_IN_ALL { 1 } else { MAILS };
    recent(from_network) < most
}

#[cfg(test)]
mod tests;
