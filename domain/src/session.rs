//! A session: a signed-in account in one browser or program.

use crate::id::{AccountId, SessionId};
use crate::time::{Span, Timestamp};
use crate::view::View;

/// How long a session lasts without being used.
pub const IDLE: Span = Span::days(14);

/// How long a session lasts at most.
pub const LONGEST: Span = Span::days(90);

/// How often the time of its last use is written down.
pub const SEEN_EVERY: Span = Span::minutes(5);

/// A session. Rights are looked up with each request and never carried in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The id, by which it is listed and revoked; no secret.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was last used, give or take [`SEEN_EVERY`].
    pub seen_at: Timestamp,
    /// What they signed in with, as it called itself.
    pub client: String,
    /// The member through whose eyes the session looks at a workspace, if it does.
    pub view: Option<View>,
}

impl Session {
    /// Whether it still counts.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        now - self.seen_at < IDLE && now - self.created_at < LONGEST
    }

    /// Whether its last use is to be written down.
    #[must_use]
    pub fn is_to_be_seen(&self, now: Timestamp) -> bool {
        now - self.seen_at >= SEEN_EVERY
    }
}
