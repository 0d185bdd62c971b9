//! Times in messages, and how far the clocks of two servers may differ.

use jiff::{SignedDuration, Timestamp};

use crate::Refusal;

/// How far the clock of a provider may differ from ours.
pub(crate) const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// A time of XML Schema in UTC.
pub(crate) fn parse(text: &str) -> Result<Timestamp, Refusal> {
    if !text.ends_with('Z') {
        return Err(Refusal::Time("a time is not in UTC"));
    }
    text.parse().map_err(|_| Refusal::Time("a time cannot be read"))
}

/// Fails if this time is still to come.
pub(crate) fn check_begun(time: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    if now.saturating_add(SKEW).unwrap_or(now) < time {
        return Err(Refusal::Time("it is not valid yet"));
    }
    Ok(())
}

/// Fails if this time is over.
pub(crate) fn check_not_over(time: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    if now >= time.saturating_add(SKEW).unwrap_or(time) {
        return Err(Refusal::Time("it has expired"));
    }
    Ok(())
}

/// Fails if a message without an end of its own is older than it may be.
pub(crate) fn check_recent(issued: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    check_begun(issued, now)?;
    let age = SignedDuration::from_mins(5);
    check_not_over(issued.saturating_add(age).unwrap_or(issued), now)
}
