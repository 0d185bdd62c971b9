//! A session: a signed-in account in one browser or program.

pub mod authentication;
pub mod danger;
pub mod policy;

use crate::id::{AccountId, SessionId};
use crate::time::{Span, Timestamp};
use crate::view::View;
use authentication::Authentications;

/// How long a session lasts without being used.
pub const IDLE: Span = Span::days(14);

/// How long a session lasts at most.
pub const LONGEST: Span = Span::days(90);

/// How often the time of its last use is written down.
pub const SEEN_EVERY: Span = Span::minutes(1);

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
    /// The longest time without a use since its person last proved who they are.
    pub longest_pause: Span,
    /// How its person has proved who they are.
    pub authentications: Authentications,
    /// What they signed in with, as it called itself.
    pub client: String,
    /// The network address of its last use, as far as it was noted; empty where it is not known.
    pub address: String,
    /// The member through whose eyes the session looks at a workspace, if it does.
    pub view: Option<View>,
}

impl Session {
    /// Whether it still counts.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        now - self.seen_at < IDLE && now - self.created_at < LONGEST
    }

    /// When it ends if it is not used.
    #[must_use]
    pub fn ends_at(&self) -> Timestamp {
        (self.seen_at + IDLE).min(self.created_at + LONGEST)
    }

    /// The session, used now from an address.
    #[must_use]
    pub fn used(self, address: &str, now: Timestamp) -> Session {
        let longest_pause = self.longest_pause.max(now - self.seen_at);
        Session { longest_pause, seen_at: now, address: address.to_owned(), ..self }
    }

    /// Whether its last use is to be written down.
    #[must_use]
    pub fn is_to_be_seen(&self, now: Timestamp) -> bool {
        now - self.seen_at >= SEEN_EVERY
    }
}
